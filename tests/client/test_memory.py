"""What one client remembers of the ids that it has begun: for long enough, and in 64 threads at once."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from momopy import creations, memory
from momopy.calls import Call
from momopy.creations import PRE_APPROVAL, REQUEST_TO_PAY, WITHDRAW, Creation
from momopy.memory import Memory
from momopy.procedure import Story, Verdict
from momopy.profile import Profile
from momopy.result import Result, Success
from momopy.settings import DEFAULT
from tests.client.twins import PAYMENT

PROFILE = Profile("0123456789abcdef", api_user=str(uuid4()), api_key="abcdef0123456789")
UNCLEAR = Verdict("unclear", "SERVER", "Unclear.")


def create(key: str, creation: Creation = REQUEST_TO_PAY) -> Call[Any]:
    body = {"payer": PAYMENT["payer"], "payerCurrency": "EUR", "validityTime": 60}
    return creations.create(PROFILE, creation, uuid=key, body=body if creation is PRE_APPROVAL else PAYMENT)


def unknown(call: Call[Any]) -> Result[Any]:
    return Story(call, 0.0).lost(UNCLEAR)


def refused(call: Call[Any]) -> Result[Any]:
    return Story(call, 0.0).refused(UNCLEAR)


def accepted(call: Call[Any]) -> Result[Any]:
    return Success({"reference_id": call.reference_id, "status": "PENDING"})


def begun(one: Memory, key: str, end: Callable[[Call[Any]], Result[Any]] | None = None) -> Call[Any]:
    call = create(key)
    one.prepare(call, 1.0, DEFAULT)
    if end is not None:
        one.end(call, end(call), 2.0)
    return call


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that are interrupted all the time."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


class Slow(OrderedDict[Any, Any]):
    """Lets other threads run after each step."""

    def get(self, key: Any, default: Any = None) -> Any:
        found = super().get(key, default)
        time.sleep(0)
        return found

    def pop(self, key: Any, default: Any = None) -> Any:
        found = super().pop(key, default)
        time.sleep(0)
        return found

    def popitem(self, last: bool = True) -> Any:
        found = super().popitem(last)
        time.sleep(0)
        return found


def slow_memory() -> Memory:
    one = Memory()
    one._begun, one._open = Slow(), Slow()
    return one


def at_once(*work: Callable[[], Any]) -> list[BaseException]:
    """Run each in a thread of its own, all from the same moment on; what they raised."""
    gate, raised = threading.Barrier(len(work)), []

    def run(one: Callable[[], Any]) -> None:
        gate.wait()
        try:
            one()
        except BaseException as exc:
            raised.append(exc)

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_what_is_unknown_is_remembered_whatever_came_in_between() -> None:
    one = Memory()
    for end in (unknown, None):
        key = str(uuid4())
        begun(one, key, end)
        for _ in range(memory._KEPT + 10):
            begun(one, str(uuid4()), accepted)
        assert one.may_exist("request_to_pay", key)
        assert begun(one, key).tainted


def test_what_came_to_nothing_leaves_no_taint() -> None:
    one, key = Memory(), str(uuid4())
    assert not begun(one, key, refused).tainted
    assert not begun(one, key, refused).tainted
    assert not one.may_exist("request_to_pay", key)


def test_of_two_bodies_under_one_open_id_either_may_be_there() -> None:
    one, key = Memory(), str(uuid4())
    begun(one, key, unknown)
    other = create(key)
    other.expected = {**other.expected, "amount": "7"}
    one.prepare(other, 3.0, DEFAULT)
    one.end(other, unknown(other), 4.0)
    look = creations.status(PROFILE, REQUEST_TO_PAY, key)
    one.prepare(look, 5.0, DEFAULT)
    assert look.expected == {}


def test_the_horizon_counts_from_the_end_of_the_last_call() -> None:
    one, key = Memory(), str(uuid4())
    call = begun(one, key)
    look = creations.status(PROFILE, REQUEST_TO_PAY, key)
    assert one.age(look, 1000.0) == 0.0  # it goes on
    one.end(call, unknown(call), 60.0)
    assert one.age(look, 61.0) == 1.0


def test_threads_that_begin_an_old_id_at_once_all_know_of_it(hasty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_KEPT", 2)
    one = slow_memory()
    for _ in range(100):
        key = str(uuid4())
        begun(one, key, unknown)
        for _ in range(3):
            begun(one, str(uuid4()), accepted)  # by now it has been put aside
        calls = [create(key) for _ in range(8)]
        assert at_once(*[partial(one.prepare, call, 3.0, DEFAULT) for call in calls]) == []
        assert all(call.tainted for call in calls)


def test_64_threads_on_few_ids_forget_nothing(hasty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an id that one of them left open, no thread that comes after it is told the contrary."""
    monkeypatch.setattr(memory, "_KEPT", 4)
    one = slow_memory()
    keys = [str(uuid4()) for _ in range(6)]
    left_open: set[str] = set()
    wrong: list[str] = []

    def work(number: int) -> None:
        for step in range(60):
            key = keys[(number + step) % len(keys)]
            was_open = key in left_open
            call = begun(one, key)
            if was_open and not call.tainted:
                wrong.append(key)
            one.methods(key)
            one.end(call, unknown(call) if step % 7 == 0 else refused(call), 2.0)
            if step % 7 == 0:
                left_open.add(key)
            begun(one, str(uuid4()), refused)

    assert at_once(*[partial(work, number) for number in range(64)]) == []
    assert wrong == []
    assert left_open == set(keys)
    assert all(one.may_exist("request_to_pay", key) for key in keys)


def test_the_methods_of_an_id_can_be_asked_for_while_others_are_new(hasty: None) -> None:
    for _ in range(300):
        one, key = Memory(), str(uuid4())
        calls = [create(key, creation) for creation in (REQUEST_TO_PAY, WITHDRAW, PRE_APPROVAL)]
        asked = [partial(one.methods, key)] * 9
        begin = [partial(one.prepare, call, 1.0, DEFAULT) for call in calls]
        assert at_once(*begin, *asked) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_fork_while_a_thread_remembers_leaves_the_child_free() -> None:
    one, key = Memory(), str(uuid4())
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with one._alone():
            held.set()
            go.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(20)
    child = os.fork()
    if child == 0:
        import signal

        signal.alarm(10)
        begun(one, key, unknown)
        os._exit(0 if one.may_exist("request_to_pay", key) else 1)
    go.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0
