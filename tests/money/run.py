"""One whole run: a server in bad weather, a shop full of people, and the history of both once all is quiet."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable
from typing import Any, Literal, NamedTuple, TypeAlias

import httpx
from faults.server import FaultServer
from faults.truth import Truth

import momopy

from . import policies, shop
from .checker import Report, check
from .history import Event, History
from .weather import LATE, Weather

Way: TypeAlias = Literal["awaited", "threads", "fast"]


class Outcome(NamedTuple):
    """A run and what the checker says of it."""

    report: Report
    hit: Counter[str]
    told: Counter[str]
    seconds: float
    requests: int
    """All of them, those for tokens included."""
    history: History


class _Stand:
    """The server, its ledger and the history of one run."""

    def __init__(self, seed: int) -> None:
        self.truth = Truth()
        self.weather = Weather(self.truth, seed)
        self.events: list[Event] = []
        self.start = time.monotonic()

    def served(self) -> FaultServer:
        server: FaultServer

        def script(request: Any) -> Any:
            # What is needed of a request is in the weather's own record.
            server.requests.clear()
            return self.weather.script(request)

        server = FaultServer(script)
        return server

    def options(self, server: FaultServer) -> dict[str, Any]:
        return {
            "base_url": server.base_url,
            "api_user": self.truth.api_user,
            "api_key": self.truth.api_key,
            "settings": shop.SETTINGS,
            # Without a market of its own no currency is refused before it is sent.
            "target": "testland",
            "allow_unknown_target": True,
        }

    def outcome(self, server: FaultServer, longest: float) -> Outcome:
        seconds = time.monotonic() - self.start
        server.settle(5)
        time.sleep(2 * LATE)  # for what lands after the end of its connection
        if server.errors:
            raise AssertionError("the server itself failed") from server.errors[0]
        history = History(self.events, self.weather.made(), self.weather.sent)
        report = check(history, longest=longest)
        told = Counter(event.verb for event in self.events)
        return Outcome(report, self.weather.hit, told, seconds, len(history.sent) + self.weather.renewals, history)


def run(way: Way, count: int, seed: int, *, workers: int = 64, away: float = 0.01, slack: float = 10.0) -> Outcome:
    """Sell to `count` people with momopy; one in a hundred awaited ones runs away in the middle of it."""
    stand = _Stand(seed)
    with stand.served() as server:
        key = stand.truth.subscription_key
        if way == "threads":
            with momopy.SyncCollection(key, **stand.options(server)) as client:
                shop.threaded(list(shop.orders(count, seed)), client, stand.events.append, seed, workers)
        else:

            async def sell() -> None:
                transport = {"transport": "fast"} if way == "fast" else {}
                async with momopy.Collection(key, **transport, **stand.options(server)) as client:
                    some = shop.orders(count, seed)
                    await shop.awaited(some, shop.answering(client), stand.events.append, seed, workers, away)

            asyncio.run(sell())
        return stand.outcome(server, shop.DEADLINE + slack)


def run_policy(policy: policies.Policy, count: int, seed: int, *, workers: int = 64) -> Outcome:
    """Sell with a policy of somebody else's."""
    stand = _Stand(seed)
    with stand.served() as server:

        async def sell() -> None:
            limits = httpx.Limits(max_connections=None)
            async with httpx.AsyncClient(
                base_url=server.base_url, timeout=shop.SETTINGS.read_timeout, limits=limits, trust_env=False
            ) as client:
                headers = {"Ocp-Apim-Subscription-Key": stand.truth.subscription_key}
                caller = policies.Caller(client, headers, stand.truth.bearer, random.Random(seed))

                def answer(ask: shop.Ask) -> Awaitable[shop.Told]:
                    return policy(caller, ask)

                await shop.awaited(shop.orders(count, seed), answer, stand.events.append, seed, workers, 0.0)

        asyncio.run(sell())
        return stand.outcome(server, 60.0)
