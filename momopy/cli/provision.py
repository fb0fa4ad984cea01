"""`momopy provision`: make an API user and its key on a sandbox, and print the variables for them."""

from __future__ import annotations

import os
import shlex
import sys

import click

from momopy import SyncClient, values
from momopy.environment import VARIABLES
from momopy.errors import InvalidBaseURL, Misuse
from momopy.markets import SANDBOX, SANDBOX_HOST
from momopy.result import Refused
from momopy.secret import Secret


@click.command()
@click.option("--base-url", envvar="MOMO_BASE_URL", default=SANDBOX_HOST, show_default=True, help="The sandbox.")
@click.option(
    "--callback-host",
    default="localhost",
    show_default=True,
    help="The host that callbacks of this user may go to, fixed for ever.",
)
def provision(base_url: str, callback_host: str) -> None:
    """Make an API user and its key on a sandbox, and print the variables for them.

    Reads the key of the subscription from MOMO_SUBSCRIPTION_KEY, or asks for it. Only the variables go to
    standard output, so that eval "$(momopy provision)" sets them.
    """
    try:
        lines = _provision(base_url, callback_host, _subscription_key())
    except InvalidBaseURL as error:
        raise click.ClickException(
            f"MOMO_BASE_URL {error.rule}: only a sandbox can be provisioned. On a live host the API user and its key "
            "are made in MTN's partner portal."
        ) from None
    except Misuse as error:
        raise click.ClickException(f"{VARIABLES.get(error.parameter, error.parameter)} {error.rule}") from None
    for line in lines:
        click.echo(line)
    click.echo(
        f"\nAn API user was made at {base_url}; its callbacks may go to {callback_host}.\n"
        "Its key is shown this once. To see whether all is well: momopy doctor",
        err=True,
    )


def _subscription_key() -> Secret:
    # No option: the arguments of a command can be seen by every user of the machine.
    found = os.environ.get("MOMO_SUBSCRIPTION_KEY", "").strip()
    if not found:
        if not sys.stdin.isatty():
            raise click.ClickException(
                "MOMO_SUBSCRIPTION_KEY is not set. It is the key of your Collection subscription: "
                "momodeveloper.mtn.com, your profile."
            )
        found = click.prompt("Subscription key", hide_input=True, err=True)
    return Secret(values.subscription_key(found))


def _provision(base_url: str, callback_host: str, subscription_key: Secret) -> list[str]:
    with SyncClient(base_url) as client:
        client.is_sandbox()
        api_user = client.get_reference_id()
        made = client.create_api_user(api_user, subscription_key, callback_host)
        if isinstance(made, Refused):
            raise _refusal("The API user was not made", made)
        key = client.create_api_key(api_user, subscription_key)
        if isinstance(key, Refused):
            raise _refusal("The API user was made, its key was not", key)
        details = client.get_api_user(api_user, subscription_key)
    found = {
        "MOMO_API_USER": api_user,
        "MOMO_API_KEY": key.data["apiKey"],
        "MOMO_TARGET_ENVIRONMENT": details.data.get("targetEnvironment", SANDBOX) if details.ok else SANDBOX,
    }
    if base_url.rstrip("/") != SANDBOX_HOST:
        found["MOMO_BASE_URL"] = base_url.rstrip("/")
    return [f"export {name}={shlex.quote(value)}" for name, value in found.items()]


def _refusal(what: str, refused: Refused) -> click.ClickException:
    failure = refused.data
    hint = ""
    if failure["code"] == "AUTH":
        hint = "\nIs MOMO_SUBSCRIPTION_KEY the key of your Collection subscription?"
    if failure["code"] in ("CONNECTION", "TLS", "DEADLINE"):
        hint = "\nmomopy doctor says more of what is wrong with the connection."
    return click.ClickException(f"{what}: {failure['code']}. {failure['message']}{hint}")
