"""What a signal raises in the middle of a blocking call: it comes out as it is, and costs no place on the wire."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

import momopy
from momopy import Settings

from .server import FaultServer, LoopThread
from .steps import Answer, Hold, Send, Step
from .truth import Truth

BALANCE: list[Step] = [Send(Answer(200, b'{"availableBalance": "1", "currency": "EUR"}').encode())]
# Where a slot is taken and given back.
PLACES = ("/momopy/runtime.py", "/threading.py", "/queue.py")


class TimeLimit(Exception):
    """As Celery's SoftTimeLimitExceeded: a handler of signals raises it."""


class Interrupt(KeyboardInterrupt):
    """A Ctrl-C that no other one is taken for."""


@pytest.fixture(scope="module")
def host() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


@pytest.fixture
def alarm() -> Iterator[None]:
    """Let SIGALRM raise."""

    def handler(*_: object) -> None:
        raise TimeLimit

    before = signal.signal(signal.SIGALRM, handler)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(threading.current_thread() is not threading.main_thread(), reason="signals are the main thread's")
def test_what_a_handler_raises_is_no_fault_of_the_network(alarm: None, host: LoopThread) -> None:
    truth = Truth()
    steps: list[list[Step]] = [[Hold()], [Hold()]]
    with (
        FaultServer(lambda _: steps.pop() if steps else BALANCE, host=host) as server,
        momopy.SyncCollection(
            truth.subscription_key, base_url=server.base_url, timeout=8, settings=Settings(max_concurrency=1)
        ) as client,
    ):
        for _ in range(2):
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(TimeLimit):
                client.get_account_balance(truth.bearer())
        assert len(server.requests) == 2
        assert client.get_account_balance(truth.bearer()).ok


def test_an_interrupt_at_any_call_costs_no_slot(alarm: None, host: LoopThread) -> None:
    """A signal is looked at after a call of something in C, and where a function begins: there it strikes."""
    truth = Truth()
    struck = 0
    signal.setitimer(signal.ITIMER_REAL, 60)  # a lock that is lost with its slot would be waited for without end

    def interrupted(number: int, client: Any) -> bool:
        met = 0

        def strike(frame: FrameType, event: str, _: Any) -> None:
            nonlocal met
            if event in ("call", "c_return") and frame.f_code.co_filename.endswith(PLACES):
                met += 1
                if met == number:
                    raise Interrupt

        sys.setprofile(strike)
        try:
            client.get_account_balance(truth.bearer())
        except Interrupt:
            return True
        finally:
            sys.setprofile(None)
        return False

    with (
        FaultServer(lambda _: BALANCE, host=host) as server,
        momopy.SyncCollection(
            truth.subscription_key, base_url=server.base_url, timeout=3, settings=Settings(max_concurrency=1)
        ) as client,
    ):
        assert client.get_account_balance(truth.bearer()).ok
        for number in range(1, 60):
            if not interrupted(number, client):
                break
            struck += 1
            assert client.get_account_balance(truth.bearer()).ok, f"moment {number}"
        assert 3 <= struck < 59
        assert server.errors == []
