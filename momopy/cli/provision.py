"""`momopy provision`: make an API user and its key on a sandbox, and print the variables for them."""

from __future__ import annotations

import shlex
import sys
from typing import NamedTuple

import click

from momopy import SyncClient, values
from momopy.cli.words import SEE_LOCAL, authorities, in_options, said, wait
from momopy.environment import text
from momopy.errors import Misuse
from momopy.markets import LIVE_HOSTS, SANDBOX, SANDBOX_HOST
from momopy.result import Refused
from momopy.secret import Secret

_HELP = """Make an API user and its key on a sandbox, and print the variables that hold them.

A program signs in with an API user and its key. On a sandbox, where no money is real, you make them yourself; for real
money, MTN's partner portal makes them. All that this needs is the key of your Collection subscription, from your
profile on momodeveloper.mtn.com: it is read from MOMO_SUBSCRIPTION_KEY, or asked for.

To set the variables in the shell that you are in:

    eval "$(momopy provision)"
"""


class _Place(NamedTuple):
    """Where the API user is made."""

    base_url: str
    callback_host: str
    allow_custom_host: bool


@click.command(help=_HELP)
@click.option(
    "--base-url",
    metavar="URL",
    help=f"The sandbox. Without it, the one in MOMO_BASE_URL; where that is not set, MTN's: {SANDBOX_HOST}",
)
@click.option(
    "--callback-host",
    metavar="HOST",
    default="localhost",
    show_default=True,
    help="The host name of your server, if MTN shall call it when a payment ends. It can never be changed.",
)
@click.option(
    "--allow-custom-host",
    is_flag=True,
    help="Send the subscription key to this sandbox, though it is neither MTN's nor on this machine: you trust it.",
)
def provision(base_url: str | None, callback_host: str, allow_custom_host: bool) -> None:
    """The command."""
    try:
        place = _place(base_url, callback_host, allow_custom_host)
        # Standard output is for the variables alone.
        click.echo(f"Making an API user at {place.base_url}", err=True)
        subscription_key, typed = _subscription_key()
        lines = _provision(place, subscription_key)
    except Misuse as error:
        raise click.ClickException(f"{error.parameter} {in_options(error.rule)}") from None
    for line in lines:
        click.echo(line)
    click.echo(
        f"\nAn API user was made at {place.base_url}; its callbacks may go to {place.callback_host}.\n"
        "Its key is shown this once.",
        err=True,
    )
    if typed:
        click.echo(
            "The subscription key that you typed is not among the variables. Programs need it as well; type this, "
            "then the key:\n  read -rs MOMO_SUBSCRIPTION_KEY; export MOMO_SUBSCRIPTION_KEY",
            err=True,
        )
    click.echo(
        f"To see whether all is well: momopy doctor{' --allow-custom-host' if allow_custom_host else ''}", err=True
    )


def _place(base_url: str | None, callback_host: str, allow_custom_host: bool) -> _Place:
    source, address = ("MOMO_BASE_URL", text("MOMO_BASE_URL")) if base_url is None else ("--base-url", base_url)
    url = values.base_url(
        SANDBOX_HOST if address is None else address, allow_custom_host=allow_custom_host, parameter=source
    )
    if url in LIVE_HOSTS:
        raise click.ClickException(
            f"{url} is a live host, and only a sandbox can be provisioned. For a live host, the API user and its key "
            "are made in MTN's partner portal."
        )
    host = values.callback_host(callback_host, "--callback-host", local=values.is_loopback(url))
    return _Place(url, host, allow_custom_host)


def _subscription_key() -> tuple[Secret, bool]:
    """The key, and whether it was typed."""
    # No option: the arguments of a command can be seen by every user of the machine.
    found = text("MOMO_SUBSCRIPTION_KEY")
    if found is not None:
        return Secret(values.subscription_key(found, "MOMO_SUBSCRIPTION_KEY")), False
    if not sys.stdin.isatty():
        raise click.ClickException(
            "MOMO_SUBSCRIPTION_KEY is not set. It is the key of your Collection subscription: "
            "momodeveloper.mtn.com, your profile."
        )
    typed = click.prompt("Subscription key", hide_input=True, err=True).strip()
    return Secret(values.subscription_key(typed, "The subscription key")), True


def _provision(place: _Place, subscription_key: Secret) -> list[str]:
    with SyncClient(place.base_url, allow_custom_host=place.allow_custom_host) as client:
        client.is_sandbox()
        api_user = client.get_reference_id()
        made = client.create_api_user(api_user, subscription_key, place.callback_host)
        if isinstance(made, Refused):
            raise _refusal("The API user was not made", made, place)
        key = client.create_api_key(api_user, subscription_key)
        if isinstance(key, Refused):
            raise _refusal("The API user was made, its key was not", key, place)
        details = client.get_api_user(api_user, subscription_key)
    found = {
        "MOMO_API_USER": api_user,
        "MOMO_API_KEY": key.data["apiKey"],
        "MOMO_TARGET_ENVIRONMENT": (said(details.data, "targetEnvironment") if details.ok else None) or SANDBOX,
    }
    # An older value would send these to another host.
    if place.base_url != SANDBOX_HOST or text("MOMO_BASE_URL") is not None:
        found["MOMO_BASE_URL"] = place.base_url
    return [f"export {name}={shlex.quote(value)}" for name, value in found.items()]


def _refusal(what: str, refused: Refused, place: _Place) -> click.ClickException:
    failure = refused.data
    hint = ""
    if failure["code"] == "AUTH":
        hint = "\nIs MOMO_SUBSCRIPTION_KEY the key of your Collection subscription?"
    if failure["code"] == "RATE_LIMITED":
        hint = f"\n{wait(failure)}"
    if failure["code"] in ("CONNECTION", "TLS", "DEADLINE"):
        hint = f"\n{_unreached(place.base_url)}"
    return click.ClickException(f"{what}: {failure['code']}. {failure['message']}{hint}")


def _unreached(base_url: str) -> str:
    if base_url.startswith("http://"):
        return SEE_LOCAL
    variable = authorities()
    trust = f" {variable} is set: does it name the authorities to trust?" if variable else ""
    return f"Is this machine online, and does a firewall let it out to {base_url}?{trust}"
