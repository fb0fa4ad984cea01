"""A store that hangs, that fails for many merchants at once, or that answers when nobody waits any more."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from momopy.stores import FileStore, MemoryStore, RedisStore, TokenStore
from tests.stores.test_sharing import TWINS, balance, soon
from tests.tokens.desk import Clock, Credentials, Desk

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def hung() -> Iterator[RedisStore]:
    """A Redis that takes connections and says nothing."""
    pytest.importorskip("redis")
    with socket.create_server(("127.0.0.1", 0), backlog=256) as server:
        store = RedisStore(f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        yield store
        # The connections of threads that still wait for an answer end with it.
        store._client.connection_pool.disconnect()


class Named(Desk):
    """Asks for the address of its host first, as a connection does."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.get_running_loop().getaddrinfo("127.0.0.1", 80)
        return await super().handle_async_request(request)


@pytest.mark.anyio
async def test_a_redis_that_hangs_is_no_outage_for_the_many_merchants_of_one_loop(hung: RedisStore) -> None:
    desk = Named()
    clients = [Credentials().awaited(desk, store=hung) for _ in range(80)]
    results = await asyncio.gather(*(client.get_account_balance() for client in clients))
    assert [result.data for result in results if not result.ok] == []


@TWINS
def test_a_redis_that_hangs_leaves_half_of_a_short_time(
    twin: str, hung: RedisStore, desk: Desk, merchant: Credentials
) -> None:
    desk.token_pause = 0.1
    result = balance(twin, merchant, desk, hung, timeout=1.0)
    assert result.ok
    assert (len(desk.asked), len(desk.used)) == (1, 1)


class Timed(Desk):
    """Notes how long each request may take."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seconds.append(request.extensions["timeout"]["read"])
        return super().handle_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seconds.append(request.extensions["timeout"]["read"])
        return await super().handle_async_request(request)


@TWINS
def test_what_the_store_took_is_not_added_to_the_time_of_the_call(
    twin: str, hung: RedisStore, merchant: Credentials
) -> None:
    desk = Timed()
    assert balance(twin, merchant, desk, hung, timeout=1.0).ok
    assert len(desk.seconds) == 2
    assert max(desk.seconds) <= 0.5


class Counted(MemoryStore):
    """Fails, and counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.failing = True

    def lock(self, key: str, timeout: float) -> Any:
        self.asked += 1
        if self.failing:
            raise OSError
        return super().lock(key, timeout)


@TWINS
def test_a_store_that_failed_is_passed_over_for_half_a_minute(twin: str, clock: Clock, desk: Desk) -> None:
    store = Counted()
    for _ in range(3):
        assert balance(twin, Credentials(), desk, store).ok
        clock.advance(9)
    assert store.asked == 1
    store.failing = False
    clock.advance(4)
    assert balance(twin, Credentials(), desk, store).ok
    assert store.asked == 2
    assert soon(lambda: len(store._kept) == 1)
    other = Counted()
    assert balance(twin, Credentials(), desk, other).ok
    assert other.asked == 1


def test_a_renewal_that_is_cancelled_while_it_waits_for_the_lock_leaves_it(
    store: TokenStore, desk: Desk, merchant: Credentials
) -> None:
    client = merchant.awaited(desk, store=store)
    key = client._profile.fingerprint()
    held = store.lock(key, 5)
    held.__enter__()

    async def begin() -> None:
        asyncio.create_task(client.get_account_balance())  # noqa: RUF006 - cancelled with the loop
        await asyncio.sleep(0.2)

    leaving = threading.Timer(0.5, held.__exit__, (None, None, None))
    leaving.start()
    asyncio.run(begin())
    leaving.join()
    for _ in range(3):
        with store.lock(key, 5):
            pass
    assert desk.asked == []


class Patient(MemoryStore):
    """Waits for its lock as long as it takes."""

    def lock(self, key: str, timeout: float) -> Any:
        return super().lock(key, 3600.0)


@TWINS
def test_a_lock_that_is_gained_too_late_is_left(twin: str, desk: Desk, merchant: Credentials) -> None:
    store = Patient()
    key = merchant.blocking(desk)._profile.fingerprint()
    held = store.lock(key, 5)
    held.__enter__()
    assert balance(twin, merchant, desk, store, timeout=0.5).ok
    held.__exit__(None, None, None)
    with MemoryStore.lock(store, key, 10):
        pass


class Slow(FileStore):
    """Takes its time to keep a token."""

    def set(self, key: str, value: str, lifetime: float) -> None:
        threading.Event().wait(0.4)
        super().set(key, value, lifetime)


@TWINS
def test_a_program_that_ends_has_kept_its_token(twin: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "tests.stores.test_trouble", twin, tmp_path / "tokens"], cwd=ROOT, check=True)
    (kept,) = (tmp_path / "tokens").glob("*.token")
    assert "Bearer token-1" in kept.read_text()


if __name__ == "__main__":
    assert balance(sys.argv[1], Credentials(), Desk(), Slow(sys.argv[2])).ok
