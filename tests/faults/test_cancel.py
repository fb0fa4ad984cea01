"""A caller that goes away in the middle of a call: at every step of the event loop, and ten thousand times."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any, TypeVar
from uuid import uuid4

import pytest

import momopy
from momopy.settings import Settings

from .catalogue import BY_NAME
from .server import FaultServer, LoopThread, Request
from .stage import KINDS, Kind, Stage, payload
from .steps import Answer, Do, Pause, Send, Step
from .truth import Truth

T = TypeVar("T")

QUICK = Settings(backoff=0.001, ambiguous_wait=0.002, status_rate=1e6, token_spacing=0.0)
SCENES = ["honest", "managed", "HTML 503", "reset after", "half body, closed"]


class Stepping(asyncio.SelectorEventLoop):
    """An event loop that cancels a task before its step number `at`."""

    def __init__(self) -> None:
        super().__init__()
        self.victim: asyncio.Task[Any] | None = None
        self.at = 0
        self.steps = 0

    def _run_once(self) -> None:
        if self.victim is not None and not self.victim.done():
            if self.steps == self.at:
                self.victim.cancel()
            self.steps += 1
        super()._run_once()  # type: ignore[misc]


def stepping(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=Stepping) as runner:
        return runner.run(work)


@pytest.fixture(scope="module")
def host() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


def call(kind: Kind, client: Any, stage: Stage, key: str, bearer: str | None) -> Coroutine[Any, Any, Any]:
    truth = stage.truth
    match kind:
        case "T":
            return client.create_access_token(truth.basic)
        case "R":
            return client.get_payment_status(key, bearer)
        case "K":
            return client.request_to_pay(bearer, key, "sandbox", payload(key))
        case "X":
            return client.cancel_invoice(key, key, authorization=bearer)
        case "U":
            return client.notify_payer(key, "hello", authorization=bearer)
        case "P":
            return client.create_api_key(key, truth.subscription_key)


def prepare(kind: Kind, truth: Truth, key: str) -> None:
    if kind in ("R", "U"):
        truth.ledger.create("requesttopay", key, payload(key), "SUCCESSFUL")
    if kind == "X":
        truth.ledger.create("invoice", key, payload(key), "CREATED")
    if kind == "P":
        truth.ledger.create("apiuser", key, {}, "CREATED")


async def cancelled_at(step: int, work: Coroutine[Any, Any, Any]) -> tuple[BaseException | None, bool]:
    """Cancel a call at one step: its exception, and whether it had that many steps at all."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Stepping)
    loop.at, loop.steps = step, 0
    loop.victim = task = asyncio.ensure_future(work)
    try:
        await task
    except asyncio.CancelledError as error:
        return error, True
    finally:
        loop.victim = None
    return None, loop.steps > step


@pytest.mark.parametrize(
    ("kind", "scene"),
    # No token of the client's own is in the other two.
    [(kind, scene) for kind in KINDS for scene in SCENES if scene != "managed" or kind not in ("T", "P")],
)
def test_cancelled_at_every_step(kind: Kind, scene: str, host: LoopThread, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="momopy")
    fault = None if scene in ("honest", "managed") else BY_NAME[scene]
    with Stage(fault, kind, host=host, armed=False) as stage:
        steps = stepping(cancel_through(kind, scene, stage, caplog))
        assert steps >= 4
        assert stage.server.settle() == 0


async def cancel_through(kind: Kind, scene: str, stage: Stage, caplog: pytest.LogCaptureFixture) -> int:
    truth = stage.truth
    bearer = truth.bearer()
    managed: dict[str, Any] = {"api_user": truth.api_user, "api_key": truth.api_key} if scene == "managed" else {}
    asking = momopy.Collection(truth.subscription_key, base_url=stage.base_url, settings=QUICK, **managed)
    client: Any = momopy.Client(stage.base_url, settings=QUICK) if kind == "P" else asking
    other = str(uuid4())
    truth.ledger.create("requesttopay", other, {**payload(other), "amount": "77"}, "SUCCESSFUL")
    step = 0
    async with asking:
        while True:
            key = str(uuid4())
            prepare(kind, truth, key)
            if scene == "managed":
                truth.tokens.clear()  # so that the call meets a 401 and renews
            caplog.clear()
            stage.arm()
            given = None if managed else bearer
            error, had = await cancelled_at(step, call(kind, client, stage, key, given))
            # The connection that the call left behind must not answer another question with its own answer.
            for answer in await asyncio.gather(*(asking.get_payment_status(other, given) for _ in range(3))):
                assert answer.ok, answer
                assert (answer.data["externalId"], answer.data["amount"]) == (other, "77")
            await client.aclose()
            assert len(asyncio.all_tasks()) == 1, "aclose left something running"
            check_told(kind, stage, key, error, caplog.text)
            if not had:
                return step
            step += 1


def check_told(kind: Kind, stage: Stage, key: str, error: BaseException | None, log: str) -> None:
    sent = [request for request in stage.sends if request.headers.get("x-reference-id") == key or key in request.path]
    notes = "".join(getattr(error, "__notes__", []))
    if error is not None and sent and kind in ("K", "X", "U"):
        assert key in notes
        assert f"{key}: left unfinished" in log
    assert len(sent) <= 4
    if kind == "K":
        made = [entry for entry in stage.truth.ledger.entries if entry.reference_id == key]
        assert len(made) <= 1
        if error is None:
            assert len(made) == 1


@pytest.mark.parametrize("transport", [None, "fast"])
def test_ten_thousand_cancelled_calls_leave_the_pool_whole(transport: Any, host: LoopThread) -> None:
    truth = Truth()
    rng = random.Random(1)

    def script(request: Request) -> Sequence[Step]:
        server.requests.clear()
        answer = truth.answer(request)
        return [*([Pause(0.005)] if rng.random() < 0.1 else []), Send(answer.encode())]

    async def crowd(client: momopy.Collection, bearer: str) -> int:
        """Five hundred calls at ten connections; all of them are cancelled at some moment or other."""

        async def one() -> bool:
            task = asyncio.ensure_future(client.get_account_balance(bearer))
            for _ in range(rng.randrange(12)):
                await asyncio.sleep(0)
            if rng.random() < 0.02:
                await asyncio.sleep(rng.uniform(0, 0.01))
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                return True
            return False

        return sum(await asyncio.gather(*(one() for _ in range(500))))

    async def main() -> None:
        settings = QUICK._replace(max_concurrency=10)
        bearer = truth.bearer()
        async with momopy.Collection(
            truth.subscription_key, base_url=server.base_url, settings=settings, transport=transport
        ) as client:
            cancelled = 0
            while cancelled < 10_000:
                cancelled += await crowd(client, bearer)
            async with asyncio.timeout(20):
                results = await asyncio.gather(*(client.get_account_balance(bearer) for _ in range(20)))
            assert [result.ok for result in results] == [True] * 20
            assert server.open_connections <= 10
        assert len(asyncio.all_tasks()) == 1

    with FaultServer(script, host=host) as server:
        asyncio.run(main())
        assert server.settle() == 0
        assert server.errors == []


def test_closing_waits_for_what_was_left_behind(host: LoopThread) -> None:
    truth = Truth()

    async def main() -> None:
        client = momopy.Collection(truth.subscription_key, base_url=server.base_url)
        key = str(uuid4())
        paying = asyncio.ensure_future(client.request_to_pay(truth.bearer(), key, "sandbox", payload(key)))
        while not server.requests:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        paying.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await paying
        assert key in "".join(caught.value.__notes__)
        assert truth.ledger.find("requesttopay", key) is None
        await client.aclose()
        assert truth.ledger.find("requesttopay", key) is not None
        assert len(asyncio.all_tasks()) == 1

    def script(request: Request) -> Sequence[Step]:
        return [Pause(0.2), Do(lambda: truth.answer(request)), Send(Answer(202).encode())]

    with FaultServer(script, host=host) as server:
        asyncio.run(main())
