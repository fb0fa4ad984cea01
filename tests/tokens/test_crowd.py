"""Many callers at every instant of a token's life: one request, nobody stale, nobody kept waiting for nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.tokens.desk import Clock, Credentials, Desk

# None: there is no token yet.
INSTANTS = [None, 0, 2999, 3000, 3540, 3600]
REQUESTS = {None: 1, 0: 0, 2999: 0, 3000: 1, 3540: 1, 3600: 1}


async def many(client: Any, count: int) -> list[Any]:
    return list(await asyncio.gather(*(client.get_account_balance() for _ in range(count))))


def by_tasks(merchant: Credentials, desk: Desk) -> list[Any]:
    return asyncio.run(many(merchant.awaited(desk), 1000))


def by_threads(merchant: Credentials, desk: Desk) -> list[Any]:
    client = merchant.blocking(desk)
    start = threading.Barrier(64)

    def work(_: int) -> list[Any]:
        start.wait(10)
        return [client.get_account_balance() for _ in range(4)]

    with ThreadPoolExecutor(64) as pool:
        return [result for results in pool.map(work, range(64)) for result in results]


def by_loops(merchant: Credentials, desk: Desk) -> list[Any]:
    client = merchant.awaited(desk)
    start = threading.Barrier(4)

    def work(_: int) -> list[Any]:
        start.wait(10)
        return asyncio.run(many(client, 250))

    with ThreadPoolExecutor(4) as pool:
        return [result for results in pool.map(work, range(4)) for result in results]


def by_all(merchant: Credentials, desk: Desk) -> list[Any]:
    """Threads and event loops, each with a client of its own."""
    start = threading.Barrier(20)

    def blocking(_: int) -> list[Any]:
        start.wait(10)
        return [merchant.blocking(desk).get_account_balance() for _ in range(2)]

    def awaited(_: int) -> list[Any]:
        start.wait(10)
        return asyncio.run(many(merchant.awaited(desk), 50))

    with ThreadPoolExecutor(20) as pool:
        running = [pool.submit(awaited if number < 4 else blocking, number) for number in range(20)]
        return [result for future in running for result in future.result()]


CROWDS: list[tuple[Callable[[Credentials, Desk], list[Any]], int]] = [
    (by_tasks, 1000),
    (by_threads, 256),
    (by_loops, 1000),
    (by_all, 232),
]


@pytest.mark.parametrize("instant", INSTANTS)
@pytest.mark.parametrize(("crowd", "size"), CROWDS, ids=lambda value: getattr(value, "__name__", ""))
def test_one_request_for_a_crowd(
    crowd: Callable[[Credentials, Desk], list[Any]],
    size: int,
    instant: int | None,
    clock: Clock,
    desk: Desk,
    merchant: Credentials,
) -> None:
    first: str | None = None
    if instant is not None:
        with merchant.blocking(desk) as client:
            assert client.get_account_balance().ok
        first = desk.used.pop()
        clock.advance(instant)
    before = len(desk.asked)
    desk.token_pause = 0.05
    if instant == 3000:
        # The new token comes only when everybody is done, whoever began to fetch it: nobody must wait for it.
        desk.token_ready = lambda: len(desk.used) >= size
    results = crowd(merchant, desk)
    assert len(results) == size
    assert all(result.ok for result in results)
    assert not desk.late
    assert len(desk.asked) - before == REQUESTS[instant]
    stale = {first} if instant in (3540, 3600) else set()
    assert not stale & set(desk.used)
    if instant in (0, 2999):
        assert set(desk.used) == {first}


@pytest.mark.parametrize("twin", ["awaited", "blocking"])
def test_many_refusals_of_one_token_make_one_renewal(
    twin: str, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    size = 200 if twin == "awaited" else 48
    with merchant.blocking(desk) as client:
        assert client.get_account_balance().ok
        desk.revoked.add(desk.used[-1])
        clock.advance(10)
        # Every caller has sent the old token before the first of them hears that it is refused.
        desk.balance_ready = lambda: len(desk.used) > size
        if twin == "awaited":
            results = asyncio.run(many(merchant.awaited(desk, settings=_wide()), size))
        else:
            with ThreadPoolExecutor(size) as pool:
                results = list(pool.map(lambda _: client.get_account_balance(), range(size)))
    assert not desk.late
    assert all(result.ok for result in results)
    assert len(desk.asked) == 2
    assert len(desk.used) == 1 + 2 * size
    assert len(set(desk.used)) == 2


def _wide() -> Any:
    from momopy import Settings

    return Settings(max_concurrency=1000)


@pytest.mark.parametrize("twin", ["awaited", "blocking"])
def test_a_refused_renewal_reaches_every_waiter(twin: str, clock: Clock, desk: Desk, merchant: Credentials) -> None:
    desk.refusing = True
    desk.token_pause = 0.1
    client = merchant.blocking(desk)
    if twin == "awaited":
        results = asyncio.run(many(merchant.awaited(desk), 100))
    else:
        with ThreadPoolExecutor(32) as pool:
            results = list(pool.map(lambda _: client.get_account_balance(), range(32)))
    assert {(result.ok, result.data["code"], result.data["http_status"]) for result in results} == {
        (False, "AUTH", 401)
    }
    assert len(desk.asked) == 1
    assert desk.used == []
    clock.advance(0.9)
    assert client.get_account_balance().data["code"] == "AUTH"
    assert len(desk.asked) == 1
    clock.advance(0.2)
    assert client.get_account_balance().data["code"] == "AUTH"
    assert len(desk.asked) == 2
    clock.advance(1.1)
    desk.refusing = False
    assert client.get_account_balance().ok


def test_a_payment_without_a_token_was_not_made(clock: Clock, desk: Desk, merchant: Credentials) -> None:
    desk.refusing = True
    body = {
        "amount": "5",
        "currency": "EUR",
        "externalId": "1",
        "payer": {"partyIdType": "MSISDN", "partyId": "46733123450"},
    }
    result = merchant.blocking(desk).request_to_pay(body=body)
    assert (result.data["outcome"], result.data["sent"], result.data["code"]) == ("not_created", False, "AUTH")
