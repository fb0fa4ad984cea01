"""Threads of momopy's own, for stores and journals that block. Loaded when one is first used.

An event loop's own threads look up host names as well: a Redis that hung took them all, and 26 of 110 merchants in one
loop no longer reached MTN.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from queue import SimpleQueue
from typing import Any, Final, TypeVar

T = TypeVar("T")

# Seconds that a program which ends gives to what is still to be kept.
_LAST: Final = 2.0


class Workers:
    """At most so many threads, begun as they are needed. One that hangs does not keep the program from its end."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._start()

    def _start(self) -> None:
        # Reentrant: the garbage collector may end a renewal, which hands in work, in any line below it.
        self._lock = threading.RLock()
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads = 0
        self._unfinished: set[Future[Any]] = set()

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Have something done; it is never left out, though nobody may wait for it any more."""
        future: Future[T] = Future()
        self._unfinished.add(future)
        future.add_done_callback(self._unfinished.discard)
        self._waiting.put((future, work))
        with self._lock:
            if not self._idle.acquire(blocking=False) and self._threads < self._most:
                self._add()
        return future

    def _add(self) -> None:
        self._threads += 1
        try:
            threading.Thread(target=self._work, name="momopy-worker", daemon=True).start()
        except RuntimeError:  # the system has no more threads, or the interpreter begins no more
            self._threads -= 1
            if not self._threads:
                self._do()

    def _work(self) -> None:
        while True:
            self._do()
            self._idle.release()

    def _do(self) -> None:
        future, work = self._waiting.get()
        future.set_running_or_notify_cancel()
        try:
            result = work()
        except BaseException as exc:
            future.set_exception(exc)
        else:
            future.set_result(result)

    def finish(self) -> None:
        """Wait a moment for what is unfinished."""
        wait(list(self._unfinished), _LAST)


takers: Final = Workers(32)
"""They wait for the locks of token stores."""
keepers: Final = Workers(16)
"""They leave the locks; were they the same, two processes could wait for each other."""
journals: Final = Workers(16)


def _after_fork() -> None:
    # The threads stayed behind in the parent, with what they were to do.
    for workers in (takers, keepers, journals):
        workers._start()


for _workers in (keepers, journals):
    atexit.register(_workers.finish)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
