"""What the rules about repeats cost a call that goes well: `python -m benchmarks.safety [calls]`.

The same client makes the same payment over TCP, in turns: once as it is, once with the machinery behind the rules
put out of the way (a procedure that sends once and believes the answer, no memory of what was begun, no shield
against a cancelled caller). What is left is the client as it was before it had rules.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import momopy
from benchmarks.contenders import BODY, KEY, SECRET, USER
from benchmarks.server import Server
from momopy.awaited import driver as awaited_driver
from momopy.blocking import driver as blocking_driver
from momopy.memory import Memory
from momopy.result import Success
from momopy.runtime import Runtime

ROUNDS = 15


def _once(call: Any, settings: Any) -> Any:
    """Send once, and believe what comes."""
    call.until = settings.write_deadline
    _, answer = yield call
    assert answer.status in call.operation.success
    return Success({"reference_id": call.reference_id, "status": "PENDING"} if answer.empty else answer.payload)


def _nothing(*_: Any) -> None:
    pass


async def _unshielded(self: Runtime, send: Callable[..., Any], seconds: float, *args: Any) -> Any:
    place = self._place()
    transport = place.idle.pop() if place.idle else self._source.take()
    try:
        async with asyncio.timeout(seconds):
            return await send(transport, *args)
    finally:
        place.idle.append(transport)


@contextmanager
def without_rules() -> Iterator[None]:
    """Put the machinery out of the way."""
    kept: list[tuple[Any, str, Any]] = []

    def put(where: Any, name: str, what: Any) -> None:
        kept.append((where, name, getattr(where, name)))
        setattr(where, name, what)

    for module in (awaited_driver, blocking_driver):
        put(module, "decide", _once)
        put(module, "is_dirty", lambda _: False)
    put(Memory, "prepare", _nothing)
    put(Memory, "end", _nothing)
    put(Runtime, "attempt", _unshielded)
    try:
        yield
    finally:
        for where, name, what in kept:
            setattr(where, name, what)


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def blocking(url: str, calls: int) -> tuple[float, float]:
    """CPU seconds with and without the rules, the median of the rounds."""
    with momopy.SyncCollection(KEY, api_user=USER, api_key=SECRET, base_url=url) as client:

        def work() -> None:
            for _ in range(calls):
                assert client.request_to_pay(uuid=uuid4(), body=BODY).ok  # type: ignore[arg-type]

        return _in_turns(work)


def awaited(url: str, calls: int) -> tuple[float, float]:
    """The same, awaited."""
    loop = asyncio.new_event_loop()
    client = momopy.Collection(KEY, api_user=USER, api_key=SECRET, base_url=url)

    async def pay() -> None:
        for _ in range(calls):
            assert (await client.request_to_pay(uuid=uuid4(), body=BODY)).ok  # type: ignore[arg-type]

    try:
        return _in_turns(lambda: loop.run_until_complete(pay()))
    finally:
        loop.run_until_complete(client.aclose())
        loop.close()


def _in_turns(work: Callable[[], object]) -> tuple[float, float]:
    work()
    rules, bare = [], []
    for _ in range(ROUNDS):
        rules.append(_cpu(work))
        with without_rules():
            bare.append(_cpu(work))
    return statistics.median(rules), statistics.median(bare)


def main(calls: int) -> None:
    """Print both twins' figures."""
    with Server() as server:
        for name, measure in (("blocking", blocking), ("awaited", awaited)):
            rules, bare = measure(server.sites["http"].url, calls)
            print(
                f"{name}: {rules / calls * 1e6:.0f} us of CPU a call with the rules, {bare / calls * 1e6:.0f} without,"
                f" ratio {rules / bare:.2f} ({ROUNDS} rounds of {calls} calls in turn)"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
