"""Runs a sandbox: the world, its server and its sender together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from momopy.markets import MARKETS
from momopy.sandbox.credentials import new_api_key, new_uuid
from momopy.sandbox.sandbox import Credentials, Sandbox
from momopy.sandbox.sender import Sender
from momopy.sandbox.server import ServerThread, bind
from momopy.sandbox.settings import Options, Switches
from momopy.sandbox.statefile import StateFile
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
    settings = Options(**_of_country(country) | options)
    with ExitStack() as ending:
        file = None
        if settings.state is not None:
            file = StateFile(settings.state)
            ending.callback(file.close)
        world = World(settings, switches, file)
        listener = bind(host, port)
        shown = f"[{host}]" if ":" in host else host
        sandbox = Sandbox(world, f"http://{shown}:{listener.getsockname()[1]}", _credentials(world, file))
        server = ServerThread(application(sandbox, world), listener, world.faults.refuses, Sender(world).run)
        server.start()
        ending.callback(server.stop)
        yield sandbox


def _credentials(world: World, file: StateFile | None) -> Credentials:
    """The ready-made credentials: new ones, or those of the state file, whose records are taken up."""
    if file is not None:
        world.restore(file.records())
        noted = file.note("credentials")
        if noted is not None:
            return Credentials(*json.loads(noted))
    credentials = Credentials(f"{world.rng.getrandbits(128):032x}", new_uuid(world.rng), new_api_key(world.rng))
    if file is not None:
        file.note("credentials", json.dumps(credentials))
    return credentials
