"""What else a network and a program can do: second answers, huge answers, an interpreter that ends in mid-call."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest

import momopy
from momopy.settings import Settings

from .catalogue import BY_NAME
from .matrix import TWINS, Twin
from .server import FaultServer, LoopThread, Request
from .stage import Stage, payload
from .steps import Hold, Pause, Send, Step
from .truth import Truth, answer


@pytest.fixture(scope="module")
def host() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


def played(twin: Twin, truth: Truth, base_url: str, story: Callable[[Any], Any], **options: Any) -> list[Any]:
    """What each call of a story gives; the story yields calls, or seconds to wait."""

    async def awaited() -> list[Any]:
        transport = {"transport": "fast"} if twin == "fast" else {}
        async with momopy.Collection(truth.subscription_key, base_url=base_url, **transport, **options) as client:
            results = []
            for step in story(client):
                if inspect.isawaitable(step):
                    results.append(await step)
                else:
                    await asyncio.sleep(step)
            return results

    if twin != "blocking":
        return asyncio.run(awaited())
    with momopy.SyncCollection(truth.subscription_key, base_url=base_url, **options) as client:
        results = []
        for step in story(client):
            if isinstance(step, float):
                time.sleep(step)
            else:
                results.append(step)
        return results


@pytest.mark.parametrize("late", [0.0, 0.03], ids=["in the same segment", "a moment later"])
@pytest.mark.parametrize("twin", TWINS)
def test_a_second_answer_is_nobodys(twin: Twin, late: float, host: LoopThread) -> None:
    truth = Truth()
    bearer = truth.bearer()
    mine, other = str(uuid4()), str(uuid4())
    strays = [
        answer(200, {"status": "SUCCESSFUL", "externalId": other}).encode(),
        answer(200, {"availableBalance": "999999", "currency": "EUR"}).encode(),
    ]

    def script(request: Request) -> Sequence[Step]:
        true = truth.answer(request).encode()
        if not strays:
            return [Send(true)]
        stray = strays.pop(0)
        return [Send(true + stray)] if not late else [Send(true), Pause(late), Send(stray)]

    def story(client: Any) -> Iterator[Any]:
        yield client.request_to_pay(bearer, mine, "sandbox", payload(mine))
        yield 3 * late
        yield client.get_payment_status(other, bearer)
        yield 3 * late
        yield client.get_account_balance(bearer)

    with FaultServer(script, host=host) as server:
        paid, status, balance = played(twin, truth, server.base_url, story)
        assert paid.ok
        assert status.data["outcome"] == "not_found"
        assert balance == (True, {"availableBalance": "1000", "currency": "EUR"})
        assert strays == []
        assert server.settle() == 0


@pytest.mark.parametrize("name", ["50 MB", "gzip bomb"])
@pytest.mark.parametrize("twin", TWINS)
def test_memory_stays_bounded(twin: Twin, name: str, host: LoopThread) -> None:
    with Stage(BY_NAME[name], "R", "all", host=host) as stage:
        key = str(uuid4())
        truth = stage.truth
        truth.ledger.create("requesttopay", key, payload(key), "SUCCESSFUL")
        bearer = truth.bearer()

        def warm(client: Any) -> Iterator[Any]:
            yield client.get_account_balance(bearer)

        def story(client: Any) -> Iterator[Any]:
            yield client.get_payment_status(key, bearer)

        assert played(twin, truth, stage.base_url, warm)[0].ok
        tracemalloc.start()
        try:
            (refused,) = played(twin, truth, stage.base_url, story)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert refused.data["code"] == "BAD_RESPONSE"
        assert peak < 12 * 1024 * 1024
        assert stage.server.settle() == 0


@pytest.mark.parametrize("twin", ["awaited", "fast"])
def test_a_slow_loris_is_cut_at_the_deadline(twin: Twin, host: LoopThread) -> None:
    with Stage(BY_NAME["headers drip"], "R", "all", host=host) as stage:
        settings = Settings(read_deadline=0.5)

        def story(client: Any) -> Iterator[Any]:
            yield client.get_payment_status(str(uuid4()), stage.truth.bearer())

        start = time.monotonic()
        (refused,) = played(twin, stage.truth, stage.base_url, story, settings=settings)
        assert refused.data["code"] == "DEADLINE"
        assert time.monotonic() - start < 2.5  # the headers take four seconds and more


EXITS = {
    "an event loop": """
async def main():
    collection = momopy.Collection("0" * 32, base_url=sys.argv[1])
    task = asyncio.ensure_future(collection.get_account_balance("Bearer " + "x" * 20))
    await asyncio.sleep(1.5)

asyncio.run(main())
""",
    "an event loop, over aiohttp": """
async def main():
    collection = momopy.Collection("0" * 32, base_url=sys.argv[1], transport="fast")
    task = asyncio.ensure_future(collection.get_account_balance("Bearer " + "x" * 20))
    await asyncio.sleep(1.5)
    await collection.aclose()

asyncio.run(main())
""",
    "a thread": """
collection = momopy.SyncCollection("0" * 32, base_url=sys.argv[1])
work = lambda: collection.get_account_balance("Bearer " + "x" * 20)
threading.Thread(target=work, daemon=True).start()
time.sleep(1.5)
""",
}


@pytest.mark.parametrize("name", EXITS)
def test_an_interpreter_that_ends_in_mid_call_makes_no_noise(name: str, host: LoopThread) -> None:
    with FaultServer(lambda request: [Hold()], host=host) as server:
        code = "import asyncio, sys, threading, time\nimport momopy\n" + EXITS[name].replace(
            "base_url=sys.argv[1]", "base_url=sys.argv[1], timeout=4.0"
        )
        ran = subprocess.run(
            [sys.executable, "-c", code, server.base_url], capture_output=True, text=True, timeout=30, check=False
        )
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        assert len(server.requests) == 1
        assert server.settle() == 0
