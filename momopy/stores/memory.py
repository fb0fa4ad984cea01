"""A store inside one process."""

from __future__ import annotations

import os
import threading
import time
import weakref
from contextlib import AbstractContextManager
from types import TracebackType

from momopy.secret import Secret
from momopy.stores import LockNotGained


class MemoryStore:
    """Shares tokens inside one process: for tests, and as the model of what a store does.

    Clients of one process share their tokens without any store.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Secret, float]] = {}
        self._reset()
        _stores.add(self)

    def _reset(self) -> None:
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def get(self, key: str) -> str | None:
        """Return the text, or None where there is none or its lifetime is over."""
        with self._guard:
            kept = self._kept.get(key)
            if kept is None:
                return None
            if time.monotonic() >= kept[1]:
                del self._kept[key]
                return None
            return kept[0].reveal()

    def set(self, key: str, value: str, lifetime: float) -> None:
        """Keep a text for so many seconds."""
        with self._guard:
            self._kept[key] = Secret(value), time.monotonic() + lifetime

    def lock(self, key: str, timeout: float) -> AbstractContextManager[object]:
        """Make a lock that holds the other callers off."""
        with self._guard:
            return _Held(self._locks.setdefault(key, threading.Lock()), timeout)


_stores: weakref.WeakSet[MemoryStore] = weakref.WeakSet()


def _after_fork() -> None:
    # What another thread of the parent held is held for ever in the child.
    for store in list(_stores):
        store._reset()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class _Held:
    """A `threading.Lock` may be released by another thread, which an `RLock` may not."""

    def __init__(self, lock: threading.Lock, timeout: float) -> None:
        self._lock = lock
        self._timeout = timeout

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._timeout):
            raise LockNotGained(f"another caller held the lock for {self._timeout:g} seconds")

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lock.release()
