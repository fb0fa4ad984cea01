"""The life of a token: early renewals that fail, clocks that jump, callers that go away, processes that fork."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from momopy import Settings
from tests.tokens.desk import Clock, Credentials, Desk, landed

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def warm(clock: Clock, desk: Desk, merchant: Credentials) -> str:
    """The token that the merchant has."""
    assert merchant.blocking(desk).get_account_balance().ok
    clock.advance(2)
    return desk.used[-1]


def test_a_failed_early_renewal_keeps_the_old_token_and_pauses(
    warm: str, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    client = merchant.blocking(desk)
    clock.advance(3000)
    desk.refusing = True
    for _ in range(3):
        assert client.get_account_balance().ok
        assert landed(client)
    assert (len(desk.asked), set(desk.used)) == (2, {warm})
    clock.advance(29)
    assert client.get_account_balance().ok
    assert landed(client)
    assert len(desk.asked) == 2
    clock.advance(2)
    assert client.get_account_balance().ok
    assert landed(client)
    assert (len(desk.asked), set(desk.used)) == (3, {warm})


def test_a_token_that_ends_during_an_early_renewal_is_not_used(
    warm: str, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    clock.advance(3520)
    desk.refusing = True
    hold = True
    desk.token_ready = lambda: not hold
    with merchant.blocking(desk) as client:
        assert client.get_account_balance().ok
        clock.advance(20)
        hold = False
        assert not client.get_account_balance().ok
    assert (len(desk.asked), desk.used) == (2, [warm, warm])


class Silent(Desk):
    """Gives one token, and does not answer the next request for one before the balance has been asked for again."""

    def __init__(self) -> None:
        super().__init__()
        self.token_ready = lambda: len(self.asked) < 2 or len(self.used) > 3


@pytest.mark.parametrize("twin", ["awaited", "blocking"])
@pytest.mark.parametrize("timeout", [None, 2.0])
def test_nobody_waits_for_an_early_renewal(
    twin: str, timeout: float | None, clock: Clock, merchant: Credentials
) -> None:
    desk = Silent()

    async def awaited() -> list[bool]:
        async with merchant.awaited(desk, timeout=timeout) as client:
            good = [(await client.get_account_balance()).ok]
            clock.advance(3100)
            good += [(await client.get_account_balance()).ok for _ in range(3)]
        return good

    def blocking() -> list[bool]:
        with merchant.blocking(desk, timeout=timeout) as client:
            good = [client.get_account_balance().ok]
            clock.advance(3100)
            good += [client.get_account_balance().ok for _ in range(3)]
        return good

    assert (asyncio.run(awaited()) if twin == "awaited" else blocking()) == [True] * 4
    assert not desk.late
    # The client did not close before it had the new token, which serves whoever comes next.
    assert merchant.blocking(desk).get_account_balance().ok
    assert (len(desk.asked), len(set(desk.used))) == (2, 2)
    assert len(set(desk.used[:4])) == 1


def test_an_early_renewal_that_is_broken_off_pauses_too(
    warm: str, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    """A program that runs an event loop for each call ends its renewals in the middle."""
    clock.advance(3000)
    desk.token_ready = lambda: False

    async def once() -> bool:
        clock.advance(2)
        result = await merchant.awaited(desk).get_account_balance()
        await asyncio.sleep(0.05)
        return result.ok

    assert all(asyncio.run(once()) for _ in range(3))
    assert (len(desk.asked), set(desk.used)) == (2, {warm})


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_program_ends_and_forks_while_a_renewal_is_under_way() -> None:
    begun = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.tokens.leaving"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout.split(), run.stderr) == (0, ["old", "child", "new", "parent"], "")
    assert time.monotonic() - begun < 50


@pytest.mark.parametrize(
    ("mono", "wall", "requests"),
    [
        (0, 3600, 1),
        (0, -3600, 1),
        (0, 86400, 1),
        (0, -86400, 1),
        (0, -30, 0),
        (0, 2000, 0),
        (3600, 0, 1),
        (100, 100, 0),
    ],
    ids=["hour on", "hour back", "day on", "day back", "half a minute back", "short suspend", "wall set back", "none"],
)
def test_clocks_may_jump(
    mono: float, wall: float, requests: int, warm: str, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    clock.mono += mono
    clock.wall += wall
    client = merchant.blocking(desk)
    for _ in range(3):
        assert client.get_account_balance().ok
    assert len(desk.asked) == 1 + requests
    assert (warm in desk.used[1:]) is (requests == 0)


@pytest.mark.parametrize("expires_in", [86400, 3600.0], ids=["a day", "an hour"])
def test_a_lifetime_is_at_most_an_hour(expires_in: object, clock: Clock, desk: Desk, merchant: Credentials) -> None:
    desk.expires_in = expires_in
    client = merchant.blocking(desk)
    assert client.get_account_balance().ok
    clock.advance(3541)
    assert client.get_account_balance().ok
    assert len(desk.asked) == 2


@pytest.mark.parametrize(
    "expires_in", [0, -1, "3600", None, True, 10**400], ids=["zero", "less", "text", "none", "true", "400 digits"]
)
def test_a_token_without_a_lifetime_is_none(
    expires_in: object, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    desk.expires_in = expires_in
    settings = Settings(backoff=0.001, backoff_limit=0.001)
    result = merchant.blocking(desk, settings=settings).get_account_balance()
    assert (result.ok, result.data["code"]) == (False, "BAD_RESPONSE")


def test_age_counts_from_the_start_of_the_request(clock: Clock, desk: Desk, merchant: Credentials) -> None:
    def slow() -> bool:
        clock.advance(100)
        return True

    desk.token_ready = slow
    client = merchant.blocking(desk)
    assert client.get_account_balance().ok
    desk.token_ready = lambda: True
    # Due 3000 seconds after the request began, which are 2900 after its token came.
    clock.advance(2901)
    assert client.get_account_balance().ok
    assert landed(client)
    assert len(desk.asked) == 2


def test_an_explicit_token_is_never_renewed(clock: Clock, desk: Desk, merchant: Credentials) -> None:
    desk.revoked.add("mine")
    result = merchant.blocking(desk).get_account_balance("Bearer mine")
    assert (result.ok, result.data["code"], result.data["http_status"]) == (False, "AUTH", 401)
    assert (desk.asked, desk.used) == ([], ["mine"])


def test_a_second_refusal_ends_the_call(warm: str, clock: Clock, desk: Desk, merchant: Credentials) -> None:
    class Everything(set[str]):
        def __contains__(self, token: object) -> bool:
            return True

    desk.revoked = Everything()
    result = merchant.blocking(desk).get_account_balance()
    assert (result.ok, result.data["code"]) == (False, "AUTH")
    assert (len(desk.asked), len(desk.used)) == (2, 3)


@pytest.mark.anyio
@pytest.mark.parametrize("whose", ["leader", "waiter"])
async def test_one_cancelled_caller_cancels_nobody_else(
    whose: str, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    leave = False
    desk.token_ready = lambda: leave
    async with merchant.awaited(desk) as client:
        calls = [asyncio.create_task(client.get_account_balance()) for _ in range(10)]
        while not desk.asked:  # noqa: ASYNC110 - set in other threads too
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)
        cancelled = calls.pop(0 if whose == "leader" else 5)
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        leave = True
        assert all(result.ok for result in await asyncio.gather(*calls))
    assert (len(desk.asked), len(desk.used)) == (1, 9)


def _lead_and_go(merchant: Credentials, desk: Desk, how: str) -> None:
    """Begin a renewal in an event loop that ends or stands still in the middle of it."""
    loop = asyncio.new_event_loop()
    client = merchant.awaited(desk)

    async def begin() -> None:
        task = asyncio.create_task(client.get_account_balance())
        while not desk.asked:  # noqa: ASYNC110 - set in other threads too
            await asyncio.sleep(0.001)
        if how == "ended":  # as asyncio.run does
            for each in asyncio.all_tasks() - {asyncio.current_task()}:
                each.cancel()
            await asyncio.wait([task])

    try:
        loop.run_until_complete(begin())
    finally:
        if how != "still":
            loop.close()
    if how == "still":
        _loops.append(loop)


_loops: list[asyncio.AbstractEventLoop] = []


@pytest.mark.parametrize("how", ["ended", "closed", "still"])
@pytest.mark.parametrize("twin", ["awaited", "blocking"])
def test_a_renewal_whose_event_loop_is_gone_is_taken_over(
    how: str, twin: str, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    hold = True
    desk.token_ready = lambda: not hold
    ready = threading.Event()

    def lead() -> None:
        _lead_and_go(merchant, desk, how)
        ready.set()

    thread = threading.Thread(target=lead)
    thread.start()
    thread.join(10)
    assert ready.is_set()
    hold = False
    clock.advance(2)
    begun = time.monotonic()
    result = asyncio.run(_once(merchant, desk)) if twin == "awaited" else _blocking_once(merchant, desk)
    assert result.ok
    assert time.monotonic() - begun < 5
    assert len(desk.asked) == 2
    for loop in _loops:  # the one that stood still goes on: its late token does no harm
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()
    _loops.clear()
    assert merchant.blocking(desk).get_account_balance().ok
    assert len(desk.asked) == 2
    gc.collect()


def test_a_blocking_call_does_not_wait_for_the_event_loop_that_it_holds_up(
    clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    hold = True
    desk.token_ready = lambda: not hold or len(desk.asked) > 1

    async def both() -> list[bool]:
        nonlocal hold
        async with merchant.awaited(desk, timeout=5.0) as client:
            waiting = asyncio.create_task(client.get_account_balance())
            while not desk.asked:  # noqa: ASYNC110 - set in other threads too
                await asyncio.sleep(0.001)
            clock.advance(2)
            blocking = _blocking_once(merchant, desk)
            hold = False
            return [blocking.ok, (await waiting).ok]

    assert asyncio.run(both()) == [True, True]
    assert not desk.late
    assert len(desk.asked) == 2


def test_a_blocking_call_waits_for_an_event_loop_of_another_thread(
    clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    """Also where it holds one up: that is not the one it waits for."""
    desk.token_ready = lambda: held_up.is_set()
    held_up = threading.Event()
    leader = threading.Thread(target=lambda: asyncio.run(_once(merchant, desk)))
    leader.start()
    while not desk.asked:
        time.sleep(0.001)

    async def hold_up() -> bool:
        threading.Timer(0.1, held_up.set).start()
        return _blocking_once(merchant, desk).ok

    assert asyncio.run(hold_up())
    leader.join(10)
    assert len(desk.asked) == 1


async def _once(merchant: Credentials, desk: Desk) -> Any:
    async with merchant.awaited(desk) as client:
        return await client.get_account_balance()


def _blocking_once(merchant: Credentials, desk: Desk) -> Any:
    with merchant.blocking(desk) as client:
        return client.get_account_balance()


def test_waiters_take_over_from_a_leader_that_leaves(clock: Clock, desk: Desk, merchant: Credentials) -> None:
    hold = True
    desk.token_ready = lambda: not hold
    leader = threading.Thread(target=_lead_and_go, args=(merchant, desk, "closed"))
    client = merchant.blocking(desk)
    results = []
    waiters = [threading.Thread(target=lambda: results.append(client.get_account_balance())) for _ in range(8)]
    leader.start()
    while not desk.asked:
        time.sleep(0.001)
    for waiter in waiters:
        waiter.start()
    leader.join(10)
    hold = False
    clock.advance(2)
    for waiter in waiters:
        waiter.join(10)
    assert [result.ok for result in results] == [True] * 8
    assert len(desk.asked) == 2
    gc.collect()


@pytest.mark.parametrize("twin", ["awaited", "blocking"])
def test_nobody_waits_for_a_token_beyond_the_end_of_his_call(
    twin: str, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    hold = True
    desk.token_ready = lambda: not hold
    leader = threading.Thread(target=merchant.blocking(desk).get_account_balance)
    leader.start()
    while not desk.asked:
        time.sleep(0.001)
    begun = time.monotonic()
    if twin == "awaited":

        async def impatient() -> object:
            async with merchant.awaited(desk, timeout=0.2) as client:
                return await client.get_account_balance()

        result = asyncio.run(impatient())
    else:
        result = merchant.blocking(desk, timeout=0.2).get_account_balance()
    took = time.monotonic() - begun
    hold = False
    leader.join(10)
    assert not result.ok
    assert result.data["sent"] is False
    assert took < 5
    assert len(desk.asked) == 1


def test_an_error_of_the_transport_is_the_failure_of_all(clock: Clock, desk: Desk, merchant: Credentials) -> None:
    desk.raises = httpx.ConnectError("no route")
    settings = Settings(backoff=0.001, backoff_limit=0.001)
    result = merchant.blocking(desk, settings=settings).get_account_balance()
    assert (result.ok, result.data["code"], result.data["sent"]) == (False, "CONNECTION", False)
    assert len(desk.asked) == 3


def test_a_renewal_that_breaks_off_is_made_again(clock: Clock, desk: Desk, merchant: Credentials) -> None:
    desk.raises = KeyboardInterrupt()
    client = merchant.blocking(desk)
    with pytest.raises(KeyboardInterrupt):
        client.get_account_balance()
    desk.raises = None
    clock.advance(2)
    assert client.get_account_balance().ok


def test_two_merchants_never_share(clock: Clock, desk: Desk) -> None:
    same = Credentials()
    others = [
        Credentials(api_user=same.options["api_user"]),
        Credentials(api_key=same.options["api_key"]),
        Credentials(**{**same.options, "base_url": "http://127.0.0.1:10"}),
        Credentials(),
    ]
    clients = [merchant.blocking(desk) for merchant in [same, *others]]
    assert all(client.get_account_balance().ok for client in clients * 3)
    assert len(desk.asked) == 5
    assert len(set(desk.used)) == 5
    for client in clients:
        assert client.get_account_balance().ok
    assert desk.used[-5:] == desk.used[:5]


def test_the_clients_of_one_merchant_share_among_a_thousand_merchants(clock: Clock, desk: Desk) -> None:
    merchants = [Credentials() for _ in range(300)]
    clients = [merchant.blocking(desk) for merchant in merchants]
    assert all(client.get_account_balance().ok for client in clients)
    assert all(merchant.blocking(desk).get_account_balance().ok for merchant in merchants)
    assert len(desk.asked) == 300


def test_a_client_for_each_call_makes_one_token(clock: Clock, desk: Desk, merchant: Credentials) -> None:
    for _ in range(5):
        with merchant.blocking(desk) as client:
            assert client.get_account_balance().ok
        del client
        gc.collect()
    assert len(desk.asked) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_fork_keeps_the_token_and_drops_what_other_threads_held() -> None:
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.tokens.forking"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout.split()) == (
        0,
        "warm 1 True locked 2 True kept 2 taken limited limited".split(),
    ), run.stderr
