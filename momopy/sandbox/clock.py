"""The sandbox's own time: real, faster by a factor, or moved by hand."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from momopy.sandbox.checks import is_number

# The first second of the year 9000. A time is written with a year of four digits, and what is asked for now may
# end decades from now.
LATEST = 221_845_392_000.0


class Clock:
    """Tells the sandbox's time in seconds since 1970. A speed of 0 stands still until it is moved."""

    def __init__(self, speed: float = 1.0) -> None:
        self._check(speed)
        self._speed = speed
        self._base = time.time()
        self._since = time.monotonic()

    @staticmethod
    def _check(speed: float) -> None:
        if not is_number(speed, 0, 1_000_000):
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
        return min(self._base + (time.monotonic() - self._since) * self._speed, LATEST)

    def advance(self, seconds: float) -> None:
        """Move on by so many sandbox seconds; time never goes back."""
        now = self.now()
        if not is_number(seconds, 0, LATEST - now):
            raise ValueError("a sandbox's clock is moved forward by a number of seconds, and not beyond the year 9000")
        self._base, self._since = now + seconds, time.monotonic()

    def real_seconds_until(self, when: float) -> float | None:
        """Real seconds until that sandbox time; None when it only comes by moving the clock."""
        left = when - self.now()
        if left <= 0:
            return 0.0
        return left / self._speed if self._speed else None

    def snapshot(self) -> tuple[float, float]:
        """The sandbox's time and the real time, to be resumed from."""
        return self.now(), time.time()

    def resume(self, snapshot: tuple[float, float]) -> None:
        """Go on from an earlier run's time. What passed since counts as real time, unless time stands still."""
        now, real = snapshot
        away = max(0.0, time.time() - real) if self._speed else 0.0
        self._base, self._since = now + away, time.monotonic()


def iso(seconds: float) -> str:
    """A sandbox time as MTN writes times."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
