"""An attempt is seen through: whoever cancels what, no slot is lost and nobody is left waiting."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from momopy.runtime import Runtime, Source

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def runtime(limit: int = 1) -> Runtime:
    return Runtime(Source(lambda: httpx.MockTransport(lambda _: httpx.Response(200))), limit)


async def answer(_: httpx.AsyncBaseTransport) -> str:
    return "answer"


async def test_a_task_that_is_cancelled_before_it_begins_gives_its_slot_back():
    one = runtime()
    before = asyncio.all_tasks()
    caller = asyncio.create_task(one.attempt(answer, 5))
    await asyncio.sleep(0)
    (attempt,) = asyncio.all_tasks() - before - {caller}
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await one.attempt(answer, 5) == "answer"


async def test_an_attempt_outlives_its_caller_and_gives_its_slot_back():
    one = runtime()
    told: list[str] = []
    gate = asyncio.Event()

    async def slow(_: httpx.AsyncBaseTransport) -> None:
        await gate.wait()
        told.append("done")

    caller = asyncio.create_task(one.attempt(slow, 5))
    await asyncio.sleep(0.01)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    gate.set()
    assert await one.attempt(answer, 5) == "answer"
    assert told == ["done"]


async def test_a_call_takes_the_connection_of_the_one_before():
    one = runtime(limit=5)
    taken: list[httpx.AsyncBaseTransport] = []

    async def note(transport: httpx.AsyncBaseTransport) -> None:
        taken.append(transport)

    for _ in range(3):
        await one.attempt(note, 5)
    assert len({id(transport) for transport in taken}) == 1


async def test_the_deadline_is_a_timeout_and_a_fault_is_itself():
    one = runtime()

    async def never(_: httpx.AsyncBaseTransport) -> None:
        await asyncio.Event().wait()

    async def broken(_: httpx.AsyncBaseTransport) -> None:
        raise httpx.ReadError("x")

    with pytest.raises(TimeoutError):
        await one.attempt(never, 0.01)
    with pytest.raises(httpx.ReadError):
        await one.attempt(broken, 5)
    assert await one.attempt(answer, 5) == "answer"
