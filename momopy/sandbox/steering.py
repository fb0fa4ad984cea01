"""The commands that steer a sandbox that runs: each asks its control API and prints what it says."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

import click
import httpx

from momopy.sandbox.behaviours import BEHAVIOURS
from momopy.sandbox.faults import KINDS, PRESETS

PORT = click.IntRange(0, 65535)


class Place(NamedTuple):
    """Where a sandbox listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address of the control API."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def _ask(place: Place, method: str, path: str, document: dict[str, Any] | None = None) -> None:
    """Ask the control API, and print what it says."""
    content = None if document is None else json.dumps(document)
    try:
        with httpx.Client(trust_env=False, timeout=10) as client:
            answer = client.request(method, f"{place.url}/_sandbox/api/{path}", content=content)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise click.ClickException(f"no sandbox answers at {place.url}") from error
    said = _said(answer)
    if said is None:
        raise click.ClickException(f"what answers at {place.url} is no sandbox")
    if answer.is_error:
        raise click.ClickException(str(said["error"]))
    click.echo(json.dumps(said, indent=2, ensure_ascii=False))


def _said(answer: httpx.Response) -> Any:
    """What a sandbox said; None when it was none that said it."""
    try:
        said = answer.json()
    except ValueError:
        return None
    if answer.is_success:
        return said
    return said if answer.is_error and isinstance(said, dict) and "error" in said else None


_COMMANDS: list[click.Command] = []


def _steering(name: str, **settings: Any) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command of a function that takes the place of a sandbox; --host and --port name it, here or before."""

    def decorate(function: Callable[..., None]) -> click.Command:
        @click.command(name, **settings)
        @click.option("--host", help="Where the sandbox listens.")
        @click.option("--port", type=PORT, help="The port that it listens on.")
        @click.pass_obj
        @functools.wraps(function)
        def command(place: Place, /, host: str | None, port: int | None, **given: Any) -> None:
            function(Place(place.host if host is None else host, place.port if port is None else port), **given)

        made: click.Command = command
        _COMMANDS.append(made)
        return made

    return decorate


def add_commands(group: click.Group) -> None:
    """Give the group all commands of this file."""
    for command in _COMMANDS:
        group.add_command(command)


@_steering("fault")
@click.argument("kind", type=click.Choice([*KINDS, *PRESETS]))
@click.option("--after", is_flag=True, default=None, help="Act on the request first, then let it go wrong.")
@click.option("--path", help="Only for paths with this text, or for the operation of this name.")
@click.option("--method", help="Only for this method.")
@click.option("--times", type=int, default=1, show_default=True, help="For so many requests; 0: for all.")
@click.option("--every", type=int, help="For every nth request only.")
@click.option("--rate", type=float, help="For some of the requests, at this rate.")
@click.option("--seed", type=int, help="The seed of the rate.")
@click.option("--status", type=int, help="The status, for `status`.")
@click.option("--code", help="MTN's code in the body, for `status`.")
@click.option("--retry-after", type=int, help="Seconds, for `status` 429.")
@click.option("--seconds", type=float, help="Real seconds, for `delay` and `drip`.")
@click.option("--payload", help="The body, for `wrong_json`.")
@click.option("--reset/--no-reset", default=None, help="Whether `cut` resets the connection or closes it in order.")
def fault(place: Place, kind: str, times: int, **settings: Any) -> None:
    """Let requests meet a fault."""
    given = {name: value for name, value in settings.items() if value is not None}
    _ask(place, "POST", "faults", {"kind": kind, "times": times or None, **given})


@_steering("clear-faults")
def clear_faults(place: Place) -> None:
    """No more faults."""
    _ask(place, "DELETE", "faults")


# A negative number looks like an option; the sandbox refuses it with a sentence.
_NUMBERS = {"ignore_unknown_options": True}


@_steering("advance", context_settings=_NUMBERS)
@click.argument("seconds", type=float)
def advance(place: Place, seconds: float) -> None:
    """Move the sandbox's time on."""
    _ask(place, "POST", "clock", {"advance": seconds})


@_steering("speed", context_settings=_NUMBERS)
@click.argument("factor", type=float)
def speed(place: Place, factor: float) -> None:
    """Let time run so many times faster; 0 stops it."""
    _ask(place, "POST", "clock", {"speed": factor})


@_steering("approve")
@click.argument("reference_id")
def approve(place: Place, reference_id: str) -> None:
    """Let the payer approve."""
    _ask(place, "POST", f"payments/{_part(reference_id)}/approve")


@_steering("reject")
@click.argument("reference_id")
@click.option("--reason", default="APPROVAL_REJECTED", show_default=True)
def reject(place: Place, reference_id: str, reason: str) -> None:
    """Let the payer reject."""
    _ask(place, "POST", f"payments/{_part(reference_id)}/reject", {"reason": reason})


@_steering("consent")
@click.argument("answer", type=click.Choice(["approve", "reject"]))
@click.argument("auth_req_id")
def consent(place: Place, answer: str, auth_req_id: str) -> None:
    """Let the account holder answer a bc-authorize."""
    _ask(place, "POST", f"consents/{_part(auth_req_id)}/{answer}")


@_steering("hold")
@click.argument("number", default="*")
def hold(place: Place, number: str) -> None:
    """Let payments of a number, or all, wait for a person."""
    _ask(place, "POST", "held", {"number": number})


@_steering("release")
@click.argument("number", default="*")
def release(place: Place, number: str) -> None:
    """Hold a number no longer."""
    _ask(place, "DELETE", "held", {"number": number})


@_steering("reset")
def reset(place: Place) -> None:
    """Forget everything but the credentials, and set all switches back."""
    _ask(place, "POST", "reset")


def _part(text: str) -> str:
    """A text as one part of a path."""
    return quote(text, safe="")


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise click.UsageError(f"{text!r} sets nothing: write NAME=VALUE, such as get_lag=2 or id_memory=null")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


@_steering("set")
@click.argument("settings", nargs=-1, metavar="NAME=VALUE...")
@click.option("--callbacks", is_flag=True, help="Set how callbacks are sent, instead of a switch.")
def set_(place: Place, settings: tuple[str, ...], callbacks: bool) -> None:
    """Show the switches, or set some: burn_on_500=true."""
    document = dict(map(_setting, settings))
    _ask(place, "PATCH", "callback-mode" if callbacks else "switches", document)


_SHOWN = ["state", "payments", "requests", "callbacks", "tokens", "notifications", "consents", "faults", "behaviours"]


@_steering("show")
@click.argument("what", type=click.Choice([*_SHOWN, "switches", "callback-mode"]))
@click.argument("reference_id", required=False)
def show(place: Place, what: str, reference_id: str | None) -> None:
    """Print what the sandbox holds, as JSON; REFERENCE_ID names one of the payments."""
    if reference_id is not None and what != "payments":
        raise click.UsageError("only payments have a REFERENCE_ID")
    if what == "behaviours":
        # They are the same in every sandbox, and known without one.
        click.echo(json.dumps([behaviour._asdict() for behaviour in BEHAVIOURS], indent=2, ensure_ascii=False))
        return
    _ask(place, "GET", what if reference_id is None else f"{what}/{_part(reference_id)}")
