"""Runs a sandbox: the world, its server and its sender together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address

from momopy.markets import MARKETS, SANDBOX, Market
from momopy.sandbox.credentials import new_api_key, new_uuid
from momopy.sandbox.sandbox import Credentials, Sandbox
from momopy.sandbox.sender import Sender
from momopy.sandbox.server import ServerThread, bind
from momopy.sandbox.settings import Options, Switches
from momopy.sandbox.statefile import StateFile
from momopy.sandbox.web import application
from momopy.sandbox.world import World


def _market(country: str) -> Market:
    wanted = country.strip().lower()
    for market in MARKETS.values():
        if wanted in (market.country.lower(), market.iso2.lower(), market.target):
            return market
    raise ValueError(f"no such country; there are {', '.join(market.country for market in MARKETS.values())}")


@contextmanager
def run(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    subscription_key: str | None = None,
    product_keys: Mapping[str, str] | None = None,
    country: str | None = None,
    currency: str | None = None,
    target: str | None = None,
    speed: float = 1.0,
    seed: int | None = None,
    state: str | None = None,
    allow_callbacks_to: Iterable[str] = (),
    keep: int = 50_000,
    switches: Switches | None = None,
) -> Iterator[Sandbox]:
    """Run a local MoMo in a thread, on a free port unless one is given.

    subscription_key: the one that is accepted; any is without it.
    product_keys: keys of other products by name; API users made with them get no token for Collection.
    country: a name, a code such as UG or a target environment; it sets currency and target.
    speed: sandbox seconds in a real one; 0 stands still until `advance` moves it.
    seed: makes ids, keys and delays the same each time.
    state: a SQLite file to keep everything in.
    allow_callbacks_to: hosts beside loopback that may be called back.
    keep: how many records of a kind are kept; the oldest make room.
    """
    market = MARKETS[SANDBOX] if country is None else _market(country)
    settings = Options(
        subscription_key=subscription_key,
        product_keys=dict(product_keys or {}),
        currency=currency or market.currencies[0],
        target=target or market.target,
        speed=speed,
        seed=seed,
        state=state,
        allow_callbacks_to=tuple(allow_callbacks_to),
        keep=keep,
    )
    with ExitStack() as ending:
        file = None
        if settings.state is not None:
            file = StateFile(settings.state)
            ending.callback(file.close)
        world = World(settings, switches, file)
        credentials = _credentials(world, file)
        ending.callback(world.keep)
        listener = bind(host, port)
        sandbox = Sandbox(world, _base_url(host, *listener.getsockname()[:2]), credentials)
        server = ServerThread(application(sandbox, world), listener, Sender(world).run)
        server.start()
        ending.callback(server.stop)
        yield sandbox


def _base_url(host: str, bound: str, port: int) -> str:
    """Where a program on this machine finds the sandbox: every address of the machine includes loopback."""
    if ip_address(bound).is_unspecified:
        host = "::1" if ":" in bound else "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _credentials(world: World, file: StateFile | None) -> Credentials:
    """The ready-made credentials: new ones, or those of the state file, whose records are taken up."""
    if file is not None:
        world.resume(file)
        noted = file.note("credentials")
        if noted is not None:
            return Credentials(*json.loads(noted))
    credentials = Credentials(f"{world.rng.getrandbits(128):032x}", new_uuid(world.rng), new_api_key(world.rng))
    if file is not None:
        file.note("credentials", json.dumps(credentials))
    return credentials
