"""A call that is broken off under any fault: its traceback, with all local variables, holds no secret."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest
from canary.secrets import trace

from .catalogue import FAULTS, Fault
from .matrix import Cell, Run, overheard
from .server import LoopThread
from .stage import Case, Kind, cases
from .test_cancel import stepping

STEPS = (1, 3, 5, 8, 12, 17, 24)
CALLS = (2, 8, 20, 40, 65, 95, 130, 170, 220, 290, 380, 500)
KINDS: tuple[Kind, ...] = ("K", "T")


@pytest.fixture(scope="module")
def host() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


class Held:
    """What tracebacks and loggers held, over all moments at which one fault was broken off."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.leaks: list[str] = []

    def look(self, run: Run, exc: BaseException | None) -> None:
        """Search a traceback from momopy's first frame on: those above hold the test's own secrets."""
        skip, traced = 0, exc.__traceback__ if exc is not None else None
        while traced is not None and "/momopy/" not in traced.tb_frame.f_code.co_filename:
            skip, traced = skip + 1, traced.tb_next
        if exc is None or traced is None:
            return  # it was over by then
        text = trace(exc, skip)
        self.texts.append(text)
        self.leaks += [f"{run.cell}: {key} in {text}" for key in secrets_of(run) if key in text]


def secrets_of(run: Run) -> list[str]:
    # The caller's own frame holds the number that he gave, and the Basic token of a T.
    given = {run.body["payer"]["partyId"], *((run.truth.basic[6:],) if run.cell.case.kind == "T" else ())}
    return [canary for canary in run.canaries if canary not in given]


def runs(fault: Fault, twin: Any, host: LoopThread) -> Iterator[Run]:
    known = {case.kind for case in cases([fault])}
    for kind in KINDS:
        if kind in known:
            yield Run(Cell(Case(fault, kind, "first"), twin, managed=kind == "K"), host, "http://127.0.0.1:9")


def finish(held: Held, lines: list[str], fault: Fault, seen: list[Run]) -> None:
    said = "\n".join(lines)
    assert not held.leaks
    assert not [key for run in seen for key in run.canaries if key in said]
    # Where nothing comes, the call was still under way.
    assert held.texts or not fault.silent


@pytest.mark.parametrize("twin", ["awaited", "fast"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "_"))
def test_a_cancelled_call_shows_no_secret(fault: Fault, twin: str, host: LoopThread) -> None:
    held, seen = Held(), []

    async def cancelled(run: Run, at: int) -> BaseException | None:
        loop: Any = asyncio.get_running_loop()
        async with run.client() as client:
            if run.cell.managed:
                assert (await client.get_account_balance()).ok
                run.stage.arm()
            loop.victim = asyncio.ensure_future(run.begin(client))
            loop.at, loop.steps = at, 0
            caught = None
            try:
                await loop.victim
            except asyncio.CancelledError as exc:
                caught = exc
        if run.cell.twin == "fast" and run.stage.trusted:
            # aiohttp does not wait for the end of TLS; a loop that ends at once leaves a ResourceWarning.
            await asyncio.sleep(0.05)
        return caught

    with overheard() as lines:
        for at in STEPS:
            for run in runs(fault, twin, host):
                with run.stage:
                    held.look(run, stepping(cancelled(run, at)))
                seen.append(run)
    finish(held, lines, fault, seen)


# Where a socket was made and not yet kept, Python closes it when it is collected, and says so.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "_"))
def test_an_interrupted_call_shows_no_secret(fault: Fault, host: LoopThread) -> None:
    held, seen = Held(), []
    with overheard() as lines:
        for at in CALLS:
            for run in runs(fault, "blocking", host):
                with run.stage, run.client() as client:
                    if run.cell.managed:
                        assert client.get_account_balance().ok
                        run.stage.arm()
                    held.look(run, interrupted(lambda run=run, client=client: run.begin(client), at))  # type: ignore[misc]
                seen.append(run)
    finish(held, lines, fault, seen)


def interrupted(call: Callable[[], object], at: int) -> BaseException | None:
    """Raise KeyboardInterrupt, as Ctrl-C does, where one of the libraries calls its function number `at`."""
    calls = 0

    def watch(frame: FrameType, event: str, arg: object) -> None:
        nonlocal calls
        ours = frame.f_globals.get("__name__", "").partition(".")[0] in ("momopy", "httpx", "httpcore", "h11")
        # Nothing can be shown of what is half made.
        calls += ours and frame.f_code.co_name != "__init__"
        if calls == at:
            sys.settrace(None)
            raise KeyboardInterrupt

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        call()
    except KeyboardInterrupt as exc:
        return exc
    finally:
        sys.settrace(before)
    return None
