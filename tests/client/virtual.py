"""A journey of several calls, driven on a clock of its own: what it asks, when, and what it ends in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from momopy.calls import Call
from momopy.procedure import Heard, Procedure, Report, Wait

Service = Callable[[Call[Any], float], Heard]


class Course(NamedTuple):
    """A journey from its begin to its end."""

    result: Any
    asked: list[tuple[str, float]]
    """Operation and time of each attempt."""
    reports: list[dict[str, Any]]
    end: float

    def times(self, operation: str) -> list[float]:
        """When this operation was asked for."""
        return [round(at, 3) for name, at in self.asked if name == operation]


def follow(journey: Procedure[Any], service: Service, took: float = 0.0) -> Course:
    """Drive a journey to its end; each attempt takes `took` seconds, and each wait the longest that it may."""
    at = 0.0
    asked: list[tuple[str, float]] = []
    reports: list[dict[str, Any]] = []
    step = next(journey)
    while True:
        heard: Heard = None
        if isinstance(step, Call):
            asked.append((step.operation.name, at))
            heard = service(step, at)
            at += took
        elif isinstance(step, Wait):
            at += step.most
            heard = True
        elif isinstance(step, Report):
            reports.append(step.data)
        assert len(asked) < 10_000, "it asks without end"
        try:
            step = journey.send((at, heard))
        except StopIteration as stop:
            return Course(stop.value, asked, reports, at)
