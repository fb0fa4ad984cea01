"""How often: the quota that repeats draw on, and the pace of status calls. No clock of their own."""

from __future__ import annotations

import os
import threading
from collections import deque

from momopy.procedure import Heard
from momopy.settings import Settings
from momopy.wire import Answer


class Quota:
    """A bucket that repeats empty and answers fill, so that an outage is not answered with a storm."""

    __slots__ = ("_left", "_size")

    def __init__(self, settings: Settings) -> None:
        self._size = self._left = settings.retry_quota

    def draw(self, cost: int) -> bool:
        """Take the price of a repeat; False when there is not enough left."""
        # Threads may lose an update to each other: the bucket is a brake, not an account.
        if self._left < cost:
            return False
        self._left -= cost
        return True

    def heard(self, heard: Heard) -> None:
        """Give one back for each answer that went well."""
        if self._left < self._size and isinstance(heard, Answer) and heard.status < 300:
            self._left += 1


class StatusLimiter:
    """Lets at most `rate` status calls begin in any one second."""

    __slots__ = ("_begun", "_lock", "_pid", "_window")

    def __init__(self, rate: float) -> None:
        burst = max(1, int(rate))
        self._window = burst / rate
        self._begun: deque[float] = deque([-1e9] * burst, maxlen=burst)
        self._pid = os.getpid()
        self._lock = threading.Lock()

    def reserve(self, now: float, end: float = float("inf")) -> float | None:
        """Take the next place, and return the seconds to wait for it; None where it would lie beyond `end`."""
        if self._pid != os.getpid():
            # What another thread held at the fork is held for ever in the child.
            self._lock = threading.Lock()
            self._pid = os.getpid()
        with self._lock:
            at = max(now, self._begun[0] + self._window)
            if at >= end:
                return None
            self._begun.append(at)
        return at - now
