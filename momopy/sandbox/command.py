"""`momopy sandbox` and `python -m momopy.sandbox`."""

from __future__ import annotations

import signal
import threading

import click

from momopy.sandbox.sandbox import run


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8765, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--subscription-key", envvar="MOMO_SUBSCRIPTION_KEY", help="The one accepted key; any is, without it.")
@click.option("--currency", default="EUR", show_default=True, help="The one accepted currency.")
@click.option("--speed", default=1.0, show_default=True, help="Sandbox seconds in a real one; 0 stands still.")
def sandbox(host: str, port: int, subscription_key: str | None, currency: str, speed: float) -> None:
    """Serve a local MoMo: provisioning, Collection, callbacks."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        running = run(host=host, port=port, subscription_key=subscription_key, currency=currency, speed=speed)
        with running as box:
            click.echo(f"A local MoMo listens on {box.base_url}\n")
            for name, value in box.env().items():
                click.echo(f"export {name}={value}")
            stop.wait()
    except OSError as error:
        raise click.ClickException(f"{host}:{port}: {error.strerror}") from error
