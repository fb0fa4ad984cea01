"""An attempt is seen through: whoever cancels what, no slot is lost and nobody is left waiting."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from momopy.faults import NoSlot
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


async def test_a_slot_that_comes_too_late_is_no_slot():
    one = runtime()
    gate = asyncio.Event()

    async def slow(_: httpx.AsyncBaseTransport) -> None:
        await gate.wait()

    holder = asyncio.create_task(one.attempt(slow, 5))
    await asyncio.sleep(0)
    with pytest.raises(NoSlot):
        await one.attempt(answer, 0.01)
    gate.set()
    await holder
    assert await one.attempt(answer, 5) == "answer"


@pytest.mark.parametrize("steps", range(8))
async def test_who_waits_gets_its_turn_and_passes_it_on_when_cancelled(steps: int):
    one = runtime()
    gate = asyncio.Event()
    order: list[str] = []

    async def slow(_: httpx.AsyncBaseTransport) -> None:
        await gate.wait()

    async def note(_: httpx.AsyncBaseTransport, name: str) -> None:
        order.append(name)

    holder = asyncio.create_task(one.attempt(slow, 5))
    await asyncio.sleep(0)
    first, second, third = (asyncio.create_task(one.attempt(note, 5, name)) for name in ("first", "second", "third"))
    await asyncio.sleep(0)
    gate.set()
    for _ in range(steps):
        await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([holder, first, second, third], timeout=2)
    assert [name for name in order if name != "first"] == ["second", "third"]
    assert await one.attempt(answer, 5) == "answer"
    assert one._place().free == 1


async def test_an_answer_that_is_noted_slowly_gives_its_slot_back_once():
    one = runtime()
    gate, noted, running, most = asyncio.Event(), asyncio.Event(), 0, 0

    async def late(heard: str) -> None:
        assert heard == "late"
        noted.set()
        await asyncio.sleep(60)

    async def slow(_: httpx.AsyncBaseTransport) -> str:
        await gate.wait()
        return "late"

    async def counted(_: httpx.AsyncBaseTransport) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1

    one.late = late
    before = asyncio.all_tasks()
    caller = asyncio.create_task(one.attempt(slow, 0.3))
    await asyncio.sleep(0.01)
    (attempt,) = asyncio.all_tasks() - before - {caller}
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    gate.set()
    await noted.wait()
    assert await one.attempt(answer, 5) == "answer"  # the slot is free, however long the noting takes
    await asyncio.sleep(0.4)  # the deadline of the attempt
    assert not attempt.done()
    attempt.cancel()  # as a loop does that comes to its end
    await asyncio.wait([attempt])
    await asyncio.gather(*[one.attempt(counted, 5) for _ in range(6)])
    assert most == 1
