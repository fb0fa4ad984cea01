"""Workers that share a token: one request for all of them, and no outage when the store is gone."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import pytest

import momopy.sandbox
from momopy import tokens
from momopy.errors import InvalidArgument
from momopy.stores import FileStore, MemoryStore, RedisStore, TokenStore
from tests.stores.conftest import RedisServer, Workers
from tests.tokens.desk import Clock, Credentials, Desk


@pytest.fixture
def counted(workers: Workers):
    """A local MoMo that the workers call; gives the token requests that it got."""
    requests: list[str] = []
    with momopy.sandbox.run() as sandbox:
        sandbox.watch_requests(lambda entry: requests.append(entry.operation or ""))
        workers.env.update(sandbox.env())
        yield lambda: requests.count("CreateAccessToken")


@pytest.mark.parametrize("twin", ["awaited", "blocking"])
@pytest.mark.parametrize("kind", ["file", "redis"])
def test_eight_processes_make_one_token_request(
    kind: str, twin: str, workers: Workers, counted: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = str(tmp_path / "tokens") if kind == "file" else request.getfixturevalue("redis_server").url
    running = workers.start(8, "calls", place, twin, "50")
    workers.go(running)
    assert workers.outcomes(running) == ["50 of 50"] * 8
    assert counted() == 1


def test_redis_may_die_between_the_processes(workers: Workers, counted: Any, redis_server: RedisServer) -> None:
    running = workers.start(8, "calls", redis_server.url, "blocking", "50")
    workers.go(running[:4])
    assert workers.outcomes(running[:4]) == ["50 of 50"] * 4
    redis_server.kill()
    workers.go(running[4:])
    assert workers.outcomes(running[4:]) == ["50 of 50"] * 4
    assert counted() == 5


@pytest.fixture
def restart(monkeypatch: pytest.MonkeyPatch):
    """Forget the tokens of this process, as a new one would begin."""

    def forget() -> None:
        monkeypatch.setattr(tokens, "_by_credentials", WeakValueDictionary())
        monkeypatch.setattr(tokens, "_latest", OrderedDict())

    return forget


def balance(twin: str, merchant: Credentials, desk: Desk, store: TokenStore, **options: Any) -> Any:
    if twin == "blocking":
        with merchant.blocking(desk, store=store, **options) as client:
            return client.get_account_balance()

    async def work() -> Any:
        async with merchant.awaited(desk, store=store, **options) as client:
            return await client.get_account_balance()

    return asyncio.run(work())


def soon(holds: Callable[[], bool]) -> bool:
    """Whether something that threads of momopy's own work on comes to hold within ten seconds."""
    end = time.monotonic() + 10
    while not holds() and time.monotonic() < end:
        time.sleep(0.005)
    return holds()


TWINS = pytest.mark.parametrize("twin", ["awaited", "blocking"])


@TWINS
def test_redis_may_die_in_the_middle_of_a_renewal(
    twin: str, redis_server: RedisServer, restart: Any, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    store = RedisStore(redis_server.url)

    def kill() -> bool:
        redis_server.kill()
        return True

    desk.token_ready = kill
    assert balance(twin, merchant, desk, store).ok
    desk.token_ready = lambda: True
    clock.advance(3600)
    assert balance(twin, merchant, desk, store).ok
    restart()
    clock.advance(2)
    assert balance(twin, merchant, desk, store).ok
    assert len(desk.asked) == 3
    redis_server.start()
    restart()
    clock.advance(31)
    assert balance(twin, merchant, desk, store).ok
    assert len(desk.asked) == 4
    restart()
    assert balance(twin, merchant, desk, store).ok
    assert len(desk.asked) == 4
    store._client.close()


def test_a_redis_that_does_not_answer_costs_seconds_and_no_payment(
    redis_server: RedisServer, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    import os
    import signal

    assert redis_server.process is not None
    os.kill(redis_server.process.pid, signal.SIGSTOP)
    store = RedisStore(redis_server.url)
    begun = time.monotonic()
    assert balance("blocking", merchant, desk, store).ok
    assert time.monotonic() - begun < 15
    os.kill(redis_server.process.pid, signal.SIGCONT)
    store._client.close()


def test_a_client_of_the_programs_own(redis_server: RedisServer) -> None:
    from redis import Redis

    with Redis.from_url(redis_server.url, decode_responses=True) as client:
        store = RedisStore(client, prefix="shop:")
        store.set("a", "text", 60)
        assert store.get("a") == "text"
        assert client.keys() == ["shop:a"]


@pytest.mark.parametrize("given", ["http://host", "host:6379", "redis://:pass/word@host:port/0", 5, None])
def test_what_is_no_redis_is_refused_without_its_password(given: Any) -> None:
    with pytest.raises(InvalidArgument) as caught:
        RedisStore(given)
    assert "word" not in str(caught.value)
    assert caught.value.__context__ is None


@TWINS
def test_the_next_process_takes_the_token_of_the_store(
    twin: str, store: TokenStore, restart: Any, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    for _ in range(3):
        assert balance(twin, merchant, desk, store).ok
        restart()
    assert len(desk.asked) == 1
    clock.advance(3000)  # due: it is renewed for all
    assert balance(twin, merchant, desk, store).ok
    restart()
    assert balance(twin, merchant, desk, store).ok
    assert len(desk.asked) == 2


@TWINS
def test_a_refused_token_is_renewed_once_for_all(
    twin: str, store: TokenStore, restart: Any, clock: Clock, desk: Desk, merchant: Credentials
) -> None:
    assert balance(twin, merchant, desk, store).ok
    desk.revoked.add(desk.used[-1])
    restart()
    clock.advance(2)
    assert balance(twin, merchant, desk, store).ok
    restart()
    assert balance(twin, merchant, desk, store).ok
    assert len(desk.asked) == 2


class Broken(MemoryStore):
    """Fails in one of its methods."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where

    def _fail(self, where: str) -> None:
        if where == self.where:
            raise RuntimeError("password=hunter2")

    def get(self, key: str) -> str | None:
        self._fail("get")
        return super().get(key)

    def set(self, key: str, value: str, lifetime: float) -> None:
        self._fail("set")
        super().set(key, value, lifetime)

    def lock(self, key: str, timeout: float) -> Any:
        self._fail("lock")
        broken, held = self, super().lock(key, timeout)

        class Lock:
            def __enter__(self) -> None:
                broken._fail("enter")
                held.__enter__()

            def __exit__(self, *args: object) -> None:
                held.__exit__(None, None, None)
                broken._fail("exit")

        return Lock()


@TWINS
@pytest.mark.parametrize("where", ["lock", "enter", "get", "set", "exit"])
def test_a_store_that_fails_is_no_outage(
    where: str,
    twin: str,
    clock: Clock,
    desk: Desk,
    merchant: Credentials,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = Broken(where)
    for _ in range(2):
        assert balance(twin, merchant, desk, store).ok
    assert len(desk.asked) == 1
    assert soon(lambda: "the token store failed (RuntimeError)" in caplog.text)
    assert "hunter2" not in caplog.text


@TWINS
def test_a_worker_that_holds_the_lock_for_long_is_not_waited_for_for_ever(
    twin: str, clock: Clock, desk: Desk, merchant: Credentials, tmp_path: Path
) -> None:
    store = FileStore(tmp_path / "tokens")
    held = threading.Event()
    done = threading.Event()
    key = merchant.blocking(desk)._profile.fingerprint()

    def hold() -> None:
        with store.lock(key, 5):
            held.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(5)
    begun = time.monotonic()
    assert balance(twin, merchant, desk, store, timeout=1.0).ok
    assert time.monotonic() - begun < 5
    done.set()
    holder.join()


@pytest.mark.anyio
async def test_a_slow_store_does_not_stop_the_event_loop(clock: Clock, desk: Desk, merchant: Credentials) -> None:
    class Slow(MemoryStore):
        def get(self, key: str) -> str | None:
            time.sleep(0.3)
            return super().get(key)

    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    async with merchant.awaited(desk, store=Slow()) as client:
        assert (await client.get_account_balance()).ok
    ticking.cancel()
    assert ticks > 5
