"""Faults on demand: which request meets which fault. `misbehave.py` plays them.

A new fault is a new name here and a new case there.
"""

from __future__ import annotations

import random
from typing import Any, Literal, TypeAlias, TypedDict

import attrs

from momopy.sandbox import checks

Kind: TypeAlias = Literal["refuse", "cut", "status", "delay", "drip", "html", "half", "wrong_json", "empty"]

Name: TypeAlias = Kind | Literal["lost_answer"]


class FaultSettings(TypedDict, total=False):
    """The settings of a fault; `Fault` says what each means."""

    after: bool
    path: str | None
    method: str | None
    times: int | None
    every: int
    rate: float | None
    seed: int | None
    status: int
    code: str | None
    retry_after: int | None
    seconds: float
    payload: str
    reset: bool


KINDS: dict[str, str] = {
    "refuse": "reset the connection when a request begins; its body is not read, and nothing is answered",
    "cut": "end the connection without an answer",
    "status": "answer with `status`, in the shape that belongs to it",
    "delay": "answer after `seconds`",
    "drip": "send the answer a byte at a time, `seconds` apart",
    "html": "answer with the right status and a page of HTML",
    "half": "answer with half of the body, then end the connection",
    "wrong_json": "answer with the right status and `payload`",
    "empty": "answer with the right status and no body",
}
PRESETS: dict[str, dict[str, Any]] = {
    # The payment is made, and nobody hears of it.
    "lost_answer": {"kind": "cut", "after": True, "method": "POST"},
}


@attrs.define(kw_only=True)
class Fault:
    """What goes wrong, and for which requests."""

    kind: Kind = attrs.field(validator=checks.one_of(*KINDS))
    after: bool = attrs.field(default=False, validator=checks.flag())
    """Whether the request is acted upon before it goes wrong. Without it nothing was done."""
    path: str | None = attrs.field(default=None, validator=checks.text(optional=True))
    """Only requests whose path holds this text, or whose operation has this name."""
    method: str | None = attrs.field(default=None, validator=checks.text(optional=True))
    times: int | None = attrs.field(default=1, validator=checks.whole(1, optional=True))
    """How many requests meet it; None: all."""
    every: int = attrs.field(default=1, validator=checks.whole(1))
    """Only every nth of the requests that fit."""
    rate: float | None = attrs.field(default=None, validator=checks.number(0, 1, optional=True))
    """Only some of the requests that fit, at this rate."""
    seed: int | None = attrs.field(default=None, validator=checks.whole(-checks.LONGEST, optional=True))
    status: int = attrs.field(default=500, validator=checks.whole(200, 599))
    code: str | None = attrs.field(default=None, validator=checks.text(optional=True))
    """The code in the body, for `status`."""
    retry_after: int | None = attrs.field(default=None, validator=checks.whole(0, optional=True))
    seconds: float = attrs.field(default=1.0, validator=checks.seconds(3600))
    """Real seconds."""
    payload: str = attrs.field(default="null", validator=checks.text())
    reset: bool = attrs.field(default=True, validator=checks.flag())
    """For `cut`: reset the connection, or end it in order."""
    met: int = attrs.field(default=0, init=False)
    """How many requests met it so far."""
    _seen: int = attrs.field(default=0, init=False, repr=False)
    _rng: random.Random | None = attrs.field(default=None, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.kind == "refuse" and self.after:
            raise ValueError("a request that is refused is not acted upon: `cut` can be")
        if self.rate is not None:
            self._rng = random.Random(self.seed)  # noqa: S311 - no secret: the same faults for the same seed

    def spent(self) -> bool:
        """Whether no further request will meet it."""
        return self.times is not None and self.met >= self.times

    def hits(self, method: str, path: str, operation: str | None) -> bool:
        """Whether this request meets it. Each call counts."""
        if self.spent() or not self._fits(method, path, operation):
            return False
        self._seen += 1
        if self._seen % self.every or (self._rng is not None and self._rng.random() >= (self.rate or 0)):
            return False
        self.met += 1
        return True

    def _fits(self, method: str, path: str, operation: str | None) -> bool:
        if self.method is not None and self.method.upper() != method:
            return False
        if self.path is None or self.path in path:
            return True
        return operation is not None and operation.lower() == self.path.lower()


def make_fault(kind: str, **settings: Any) -> Fault:
    """A fault by its name; presets included."""
    if not isinstance(kind, str) or kind not in (*KINDS, *PRESETS):
        raise ValueError(f"no such fault; there are {', '.join((*KINDS, *PRESETS))}")
    names = list(FaultSettings.__annotations__)
    unknown = sorted(settings.keys() - set(names))
    if unknown:
        raise TypeError(f"a fault has no {', '.join(unknown)}; there are {', '.join(names)}")
    return Fault(**{"kind": kind, **settings, **PRESETS.get(kind, {})})


class Faults:
    """The faults that wait for requests, in the order in which they were added."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Let requests meet this fault from now on."""
        self.waiting.append(fault)
        return fault

    def pick(self, method: str, path: str, operation: str | None, *, at_once: bool) -> Fault | None:
        """The fault that a request for this operation meets: at once, before its body is read, or after that."""
        if not self.waiting:
            return None
        fitting = (fault for fault in self.waiting if (fault.kind == "refuse") is at_once)
        found = next((fault for fault in fitting if fault.hits(method, path, operation)), None)
        self.waiting = [fault for fault in self.waiting if not fault.spent()]
        return found

    def clear(self) -> None:
        """No more faults."""
        self.waiting = []
