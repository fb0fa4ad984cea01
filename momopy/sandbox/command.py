"""`momopy sandbox` and `python -m momopy.sandbox`: serve a sandbox, or steer one that runs."""

from __future__ import annotations

import json
import signal
import threading
from typing import Any

import click
import httpx

from momopy.sandbox.faults import KINDS, PRESETS
from momopy.sandbox.reqlog import Received
from momopy.sandbox.running import run

DEFAULT_PORT = 8765
_COLOURS = {2: "green", 3: "cyan", 4: "yellow", 5: "red"}


def line(entry: Received) -> str:
    """A request as one readable line; phone numbers are masked."""
    status = "none" if entry.status is None else str(entry.status)
    shown = click.style(f"{status:>4}", fg=_COLOURS.get((entry.status or 0) // 100, "magenta"), bold=True)
    extra = f"  {entry.code}" if entry.code else ""
    fault = click.style(f"  fault: {entry.fault}", fg="magenta") if entry.fault else ""
    return f"{shown}  {entry.method:<6} {entry.masked_path}  {entry.milliseconds:.1f} ms{extra}{fault}"


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--subscription-key", help="The one key that is accepted; without it, any is.")
@click.option("--currency", help="The one currency that is accepted; EUR unless a country says otherwise.")
@click.option("--country", help="A country, by name or code: its currency and target environment.")
@click.option("--speed", default=1.0, show_default=True, help="Sandbox seconds in a real one; 0 stands still.")
@click.option("--state", type=click.Path(dir_okay=False), help="Keep the state in this SQLite file.")
@click.option("--seed", type=int, help="Make ids, keys and delays the same each time.")
@click.option("--allow-callbacks-to", multiple=True, metavar="HOST", help="A host beside loopback to call back.")
@click.option("--quiet", is_flag=True, help="Do not print the requests.")
@click.pass_context
def sandbox(context: click.Context, /, host: str, port: int, quiet: bool, **options: Any) -> None:
    """Serve a local MoMo: provisioning, Collection, callbacks, and a page with the payer's phone.

    With a command, steer a local MoMo that runs already.
    """
    if context.invoked_subcommand is not None:
        context.obj = f"http://{host}:{port}"
        return
    given = {name: value for name, value in options.items() if value is not None}
    stop = threading.Event()
    try:
        with run(host=host, port=port, **given) as box:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
            click.echo(f"A local MoMo listens on {box.base_url}\nThe payer's phone: {box.page_url}\n")
            for name, value in box.env().items():
                click.echo(f"export {name}={value}")
            click.echo()
            if not quiet:
                box.watch_requests(lambda entry: click.echo(line(entry)))
            stop.wait()
    except OSError as error:
        raise click.ClickException(f"{host}:{port}: {error.strerror or error}") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _ask(base_url: str, method: str, path: str, document: dict[str, Any] | None = None) -> None:
    """Ask the control API, and print what it says."""
    try:
        with httpx.Client(trust_env=False, timeout=10) as client:
            answer = client.request(method, f"{base_url}/_sandbox/api/{path}", json=document)
    except httpx.HTTPError as error:
        raise click.ClickException(f"no sandbox answers at {base_url}") from error
    said = answer.json()
    if answer.is_error:
        raise click.ClickException(said["error"])
    click.echo(json.dumps(said, indent=2, ensure_ascii=False))


@sandbox.command()
@click.argument("kind", type=click.Choice([*KINDS, *PRESETS]))
@click.option("--after", is_flag=True, help="Act on the request first, then let it go wrong.")
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
@click.pass_obj
def fault(base_url: str, /, kind: str, after: bool, times: int, **settings: Any) -> None:
    """Let requests meet a fault."""
    given = {name: value for name, value in settings.items() if value is not None}
    if after:
        given["after"] = True
    _ask(base_url, "POST", "faults", {"kind": kind, "times": times or None, **given})


@sandbox.command("clear-faults")
@click.pass_obj
def clear_faults(base_url: str) -> None:
    """No more faults."""
    _ask(base_url, "DELETE", "faults")


@sandbox.command()
@click.argument("seconds", type=float)
@click.pass_obj
def advance(base_url: str, seconds: float) -> None:
    """Move the sandbox's time on."""
    _ask(base_url, "POST", "clock", {"advance": seconds})


@sandbox.command()
@click.argument("reference_id")
@click.pass_obj
def approve(base_url: str, reference_id: str) -> None:
    """Let the payer approve."""
    _ask(base_url, "POST", f"payments/{reference_id}/approve")


@sandbox.command()
@click.argument("reference_id")
@click.option("--reason", default="APPROVAL_REJECTED", show_default=True)
@click.pass_obj
def reject(base_url: str, reference_id: str, reason: str) -> None:
    """Let the payer reject."""
    _ask(base_url, "POST", f"payments/{reference_id}/reject", {"reason": reason})


@sandbox.command()
@click.argument("number", default="*")
@click.pass_obj
def hold(base_url: str, number: str) -> None:
    """Let payments of a number, or all, wait for a person."""
    _ask(base_url, "POST", "held", {"number": number})


@sandbox.command()
@click.argument("number", default="*")
@click.pass_obj
def release(base_url: str, number: str) -> None:
    """Hold a number no longer."""
    _ask(base_url, "DELETE", "held", {"number": number})


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@sandbox.command("set")
@click.argument("settings", nargs=-1, metavar="NAME=VALUE...")
@click.option("--callbacks", is_flag=True, help="Set how callbacks are sent, instead of a switch.")
@click.pass_obj
def set_(base_url: str, settings: tuple[str, ...], callbacks: bool) -> None:
    """Show the switches, or set some: burn_on_500=true."""
    pairs = [setting.partition("=") for setting in settings]
    document = {name: _value(value) for name, _, value in pairs}
    _ask(base_url, "PATCH", "callback-mode" if callbacks else "switches", document)


@sandbox.command("show")
@click.argument(
    "what",
    type=click.Choice(
        ["state", "payments", "requests", "callbacks", "tokens", "notifications", "consents", "faults", "behaviours"]
    ),
)
@click.pass_obj
def show(base_url: str, what: str) -> None:
    """Print what the sandbox holds, as JSON."""
    _ask(base_url, "GET", what)
