"""`momopy sandbox` and `python -m momopy.sandbox`: serve a sandbox, or steer one that runs (`steering.py`)."""

from __future__ import annotations

import os
import queue
import signal
import sys
from typing import Any

import click

from momopy.sandbox.reqlog import Received
from momopy.sandbox.running import run
from momopy.sandbox.steering import PORT, Place, add_commands

DEFAULT_PORT = 8765
# Lines that wait for a terminal that does not take them; beyond it they are left out.
LINES = 10_000
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
@click.option("--port", type=PORT, default=DEFAULT_PORT, show_default=True, help="Port; 0 takes a free one.")
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
        context.obj = Place(host, port)
        return
    given = {name: value for name, value in options.items() if value is not None}
    # The main thread prints: a terminal that is slow, or gone, holds no request up.
    lines: queue.SimpleQueue[Received | None] = queue.SimpleQueue()

    def watch(entry: Received) -> None:
        if lines.qsize() < LINES:
            lines.put(entry)

    try:
        with run(host=host, port=port, **given) as box:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: lines.put(None))
            _say(f"A local MoMo listens on {box.base_url}\nThe payer's phone: {box.page_url}\n")
            for name, value in box.env().items():
                _say(f"export {name}={value}")
            _say("")
            if not quiet:
                box.watch_requests(watch)
            while (entry := lines.get()) is not None:
                _say(line(entry))
    except OSError as error:
        place = error.filename or f"{host}:{port}"
        raise click.ClickException(f"{place}: {error.strerror or error}") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _say(text: str) -> None:
    try:
        click.echo(text)
    except BrokenPipeError:
        # Nobody reads any more (`momopy sandbox | head`): what is printed from now on goes nowhere.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


add_commands(sandbox)
