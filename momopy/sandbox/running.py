"""Runs a sandbox: the world, its server and its sender together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from momopy.markets import MARKETS
from momopy.sandbox.sandbox import Sandbox
from momopy.sandbox.sender import Sender
from momopy.sandbox.server import ServerThread, bind
from momopy.sandbox.settings import Options, Switches
from momopy.sandbox.web import application
from momopy.sandbox.world import World


def _of_country(country: str | None) -> dict[str, str]:
    if country is None:
        return {}
    wanted = country.strip().lower()
    for market in MARKETS.values():
        if wanted in (market.country.lower(), market.iso2.lower(), market.target):
            return {"target": market.target, "currency": market.currencies[0]}
    raise ValueError(f"no such country; there are {', '.join(market.country for market in MARKETS.values())}")


@contextmanager
def run(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    country: str | None = None,
    switches: Switches | None = None,
    **options: Any,
) -> Iterator[Sandbox]:
    """Run a local MoMo in a thread, on a free port unless one is given.

    `country` (a name, a code such as UG, or a target environment) sets currency and target. The other
    options are those of `momopy.sandbox.Options`: subscription_key, product_keys, currency, target,
    speed, seed, state, allow_callbacks_to, keep.
    """
    world = World(Options(**_of_country(country) | options), switches)
    listener = bind(host, port)
    shown = f"[{host}]" if ":" in host else host
    sandbox = Sandbox(world, f"http://{shown}:{listener.getsockname()[1]}")
    server = ServerThread(application(sandbox, world), listener, world.faults.refuses, Sender(world).run)
    server.start()
    try:
        yield sandbox
    finally:
        server.stop()
