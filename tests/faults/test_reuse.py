"""A connection is taken again only if nothing lies on it, however busy the program was in between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Any, Literal
from uuid import uuid4

import pytest

import momopy

from .certificates import Authority
from .server import FaultServer, LoopThread, Request
from .stage import payload
from .steps import Finish, Pause, Send, Step
from .truth import Truth, answer

BUSY = 0.5
LATER = 0.15
REFUSED = answer(500, {"code": "NOT_ENOUGH_FUNDS", "message": "x"}).encode()


@pytest.fixture(scope="module")
def host() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def client_of(twin: str, server: FaultServer, authority: Authority | None) -> Any:
    options: dict[str, Any] = {"timeout": 8, "verify": authority.client() if authority else None}
    if twin == "blocking":
        return momopy.SyncCollection("0" * 32, base_url=server.base_url, **options)
    transport = {"transport": "fast"} if twin == "fast" else {}
    return momopy.Collection("0" * 32, base_url=server.base_url, **transport, **options)


def around_a_busy_time(twin: str, client: Any, *calls: tuple[str, tuple[Any, ...]]) -> list[Any]:
    """The calls, one after the other; in between, the program keeps its thread, and the event loop, to itself."""

    async def awaited() -> list[Any]:
        results = []
        async with client:
            for name, args in calls:
                results.append(await getattr(client, name)(*args))
                time.sleep(BUSY)  # noqa: ASYNC251 - that is what it is about
        return results

    if twin != "blocking":
        return asyncio.run(awaited())
    results = []
    with client:
        for name, args in calls:
            results.append(getattr(client, name)(*args))
            time.sleep(BUSY)
    return results


@pytest.mark.parametrize("end", ["second answer", "end"])
@pytest.mark.parametrize("wire", ["http", "https"])
@pytest.mark.parametrize("twin", ["awaited", "blocking", "fast"])
def test_what_came_while_the_program_was_busy_is_nobodys(
    twin: str,
    wire: Literal["http", "https"],
    end: Literal["second answer", "end"],
    host: LoopThread,
    authority: Authority,
) -> None:
    bearer = Truth().bearer()
    accepted = answer(202).encode()
    more: Step = Finish() if end == "end" else Send(accepted)
    scripts: list[list[Step]] = [[Send(accepted), Pause(LATER), more]]

    def script(_: Request) -> Sequence[Step]:
        return scripts.pop() if scripts else [Send(REFUSED)]

    context = authority.server("127.0.0.1") if wire == "https" else None
    tls = None if context is None else lambda _: context
    with FaultServer(script, host=host, tls=tls) as server:
        client = client_of(twin, server, authority if context else None)
        one, two = str(uuid4()), str(uuid4())
        pay = [("request_to_pay", (bearer, key, "sandbox", payload(key))) for key in (one, two)]
        first, second = around_a_busy_time(twin, client, *pay)
        assert first.ok
        # The second payment was refused, at once: it is neither told accepted, nor has anybody to look for it.
        assert (second.data["outcome"], second.data["code"]) == ("not_created", "NOT_ENOUGH_FUNDS")
        assert [request.verb for request in server.requests] == ["POST", "POST"]
        assert server.connections == 2


@pytest.mark.parametrize("twin", ["awaited", "blocking", "fast"])
def test_what_is_in_order_is_kept(twin: str, host: LoopThread, authority: Authority) -> None:
    balance = answer(200, {"availableBalance": "1", "currency": "EUR"}).encode()
    context = authority.server("127.0.0.1")
    with FaultServer(lambda _: [Send(balance)], host=host, tls=lambda _: context) as server:
        client = client_of(twin, server, authority)
        results = around_a_busy_time(twin, client, *[("get_account_balance", (Truth().bearer(),))] * 3)
        assert all(result.ok for result in results)
        # TLS may leave a ticket behind the first answer; from then on it is one and the same.
        assert server.connections <= 2
