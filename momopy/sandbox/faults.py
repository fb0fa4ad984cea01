"""Faults on demand: which request meets which fault. `misbehave.py` plays them.

A new fault is a new name here and a new case there.
"""

from __future__ import annotations

import random
from typing import Any, Literal, TypeAlias, TypedDict

import attrs
from attrs import validators

from momopy.sandbox.exchange import Request

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
    "refuse": "reset the connection before anything is read from it",
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
STATUSES = (400, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504, 520)


def _some(kind: type) -> Any:
    return validators.optional(validators.instance_of(kind))


def _positive(_: object, attribute: attrs.Attribute[Any], value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError(f"{attribute.name} is 1 or more")


def _chance(_: object, attribute: attrs.Attribute[Any], value: float | None) -> None:
    if value is not None and not 0 <= value <= 1:
        raise ValueError(f"{attribute.name} lies between 0 and 1")


@attrs.define(kw_only=True)
class Fault:
    """What goes wrong, and for which requests."""

    kind: Kind = attrs.field(validator=validators.in_(list(KINDS)))
    after: bool = attrs.field(default=False, validator=validators.instance_of(bool))
    """Whether the request is acted upon before it goes wrong. Without it nothing was done."""
    path: str | None = attrs.field(default=None, validator=_some(str))
    """Only requests whose path holds this text, or whose operation has this name."""
    method: str | None = attrs.field(default=None, validator=_some(str))
    times: int | None = attrs.field(default=1, validator=[_some(int), _positive])
    """How many requests meet it; None: all."""
    every: int = attrs.field(default=1, validator=[validators.instance_of(int), _positive])
    """Only every nth of the requests that fit."""
    rate: float | None = attrs.field(default=None, validator=_chance)
    """Only some of the requests that fit, at this rate."""
    seed: int | None = attrs.field(default=None, validator=_some(int))
    status: int = attrs.field(default=500, validator=validators.and_(validators.ge(200), validators.le(599)))
    code: str | None = attrs.field(default=None, validator=_some(str))
    """The code in the body, for `status`."""
    retry_after: int | None = attrs.field(default=None, validator=_some(int))
    seconds: float = attrs.field(default=1.0, validator=validators.and_(validators.ge(0), validators.le(3600)))
    """Real seconds."""
    payload: str = attrs.field(default="null", validator=validators.instance_of(str))
    reset: bool = attrs.field(default=True, validator=validators.instance_of(bool))
    """For `cut`: reset the connection, or end it in order."""
    met: int = attrs.field(default=0, init=False)
    """How many requests met it so far."""
    _seen: int = attrs.field(default=0, init=False, repr=False)
    _rng: random.Random | None = attrs.field(default=None, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.rate is not None:
            self._rng = random.Random(self.seed)  # noqa: S311 - no secret: the same faults for the same seed

    def spent(self) -> bool:
        """Whether no further request will meet it."""
        return self.times is not None and self.met >= self.times

    def hits(self, request: Request, operation: str | None = None) -> bool:
        """Whether this request meets it. Each call counts."""
        if self.spent() or not self._fits(request, operation):
            return False
        self._seen += 1
        if self._seen % self.every or (self._rng is not None and self._rng.random() >= (self.rate or 0)):
            return False
        self.met += 1
        return True

    def _fits(self, request: Request, operation: str | None) -> bool:
        if self.method is not None and self.method.upper() != request.method:
            return False
        if self.path is None or self.path in request.path:
            return True
        return operation is not None and operation.lower() == self.path.lower()


def make_fault(kind: str, **settings: Any) -> Fault:
    """A fault by its name; presets included."""
    try:
        return Fault(**{"kind": kind, **PRESETS.get(kind, {}), **settings} | ({} if kind in KINDS else PRESETS[kind]))
    except KeyError:
        raise ValueError(f"no such fault; there are {', '.join((*KINDS, *PRESETS))}") from None


class Faults:
    """The faults that wait for requests, in the order in which they were added."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Let requests meet this fault from now on."""
        self.waiting.append(fault)
        return fault

    def pick(self, request: Request, operation: str | None) -> Fault | None:
        """The fault that a request for this operation meets."""
        if not self.waiting:
            return None
        found = next((fault for fault in self.waiting if fault.hits(request, operation)), None)
        self.waiting = [fault for fault in self.waiting if not fault.spent()]
        return found

    def refuses(self) -> bool:
        """Whether a new connection is to be refused now; that counts as a request met."""
        for fault in self.waiting:
            if fault.kind == "refuse" and fault.path is None and fault.method is None:
                refused = fault.hits(_CONNECTION)
                self.waiting = [fault for fault in self.waiting if not fault.spent()]
                return refused
        return False

    def clear(self) -> None:
        """No more faults."""
        self.waiting = []


_CONNECTION = Request("CONNECT", "", "", {}, b"")
