"""The sandbox's own time: real, faster by a factor, or moved by hand."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Tells the sandbox's time in seconds since 1970. A speed of 0 stands still until it is moved."""

    def __init__(self, speed: float = 1.0) -> None:
        self._check(speed)
        self._speed = speed
        self._base = time.time()
        self._since = time.monotonic()

    @staticmethod
    def _check(speed: float) -> None:
        if not 0 <= speed <= 1_000_000:
            raise ValueError("the speed of a sandbox lies between 0 and 1,000,000")

    @property
    def speed(self) -> float:
        """How many sandbox seconds pass in a real one."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._check(speed)
        self._base, self._since = self.now(), time.monotonic()
        self._speed = speed

    def now(self) -> float:
        """The sandbox's time."""
        return self._base + (time.monotonic() - self._since) * self._speed

    def advance(self, seconds: float) -> None:
        """Move on by so many sandbox seconds; time never goes back."""
        if not seconds >= 0:
            raise ValueError("a sandbox's clock is moved forward only")
        self._base += seconds

    def real_seconds_until(self, when: float) -> float | None:
        """Real seconds until that sandbox time; None when it only comes by moving the clock."""
        left = when - self.now()
        if left <= 0:
            return 0.0
        return left / self._speed if self._speed else None


def iso(seconds: float) -> str:
    """A sandbox time as MTN writes times."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
