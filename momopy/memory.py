"""What one client remembers of what it began: enough to know it again, and never to call it unmade too soon."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from typing import Any, Final, TypeAlias

from momopy.calls import CREATE, Call
from momopy.result import Result
from momopy.settings import Settings

_KEPT: Final = 10_000
# Of those whose end is not known: to forget one could make a refusal of its repeat look like one of its own.
_KEPT_OPEN: Final = 100_000


# An id may stand for a payment and, at the same time, for a withdrawal.
_Key: TypeAlias = tuple[str, str]
"""The method that began it, and the reference id."""


class _Begun:
    __slots__ = ("accepted", "at", "expected", "live", "open")

    def __init__(self, call: Call[Any], at: float) -> None:
        self.expected = call.expected
        self.at = at
        """When a request of it may have left last."""
        self.accepted: float | None = None
        """When it was seen that it exists."""
        self.open = False
        """It may exist: a call of it was left unfinished, or came out as unknown."""
        self.live = [call]
        """The calls that go on."""

    def may_exist(self) -> bool:
        """Whether the service may have it."""
        return self.open or bool(self.live) or self.accepted is not None

    def exists(self, now: float) -> None:
        """Note that it was seen to be there."""
        self.accepted = now
        self.open = False


class Memory:
    """The youngest creates of a client, whose threads may begin the same id at once. Times are monotonic seconds."""

    __slots__ = ("_asked", "_begun", "_lock", "_methods", "_open", "_pid")

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._begun: OrderedDict[_Key, _Begun] = OrderedDict()
        self._open: OrderedDict[_Key, _Begun] = OrderedDict()
        self._asked: OrderedDict[_Key, float] = OrderedDict()
        self._methods: set[str] = set()

    def _alone(self) -> threading.RLock:
        """The lock: an entry must never be in neither place, nor one of two that began it look like the first."""
        if self._pid != os.getpid():
            # What another thread held at the fork is held for ever in the child.
            self._lock, self._pid = threading.RLock(), os.getpid()
        return self._lock

    def _find(self, key: _Key) -> _Begun | None:
        return self._begun.get(key) or self._open.get(key)

    def prepare(self, call: Call[Any], now: float, settings: Settings) -> None:
        """Complete a call by what is remembered of its reference id."""
        if call.reference_id is None:
            return
        if call.operation.kind is CREATE:
            with self._alone():
                self._begin(call, now)
        elif call.operation.status_of:
            with self._alone():
                self._inform(call, now, settings)

    def _inform(self, call: Call[Any], now: float, settings: Settings) -> None:
        begun = self._find((call.operation.status_of, call.reference_id or ""))
        if begun is None:
            return
        call.expected = call.expected or begun.expected
        if begun.accepted is not None:
            call.settling = now - begun.accepted < settings.settle_window
        elif begun.open or begun.live:
            # A copy of it may still be on its way, so that a 404 proves as little.
            call.settling = now - begun.at < settings.horizon

    def _begin(self, call: Call[Any], now: float) -> None:
        key = _key(call)
        self._methods.add(key[0])
        begun = self._find(key)
        if begun is not None:
            # What comes of this call says nothing of the others under the same id, nor theirs of this one.
            call.tainted = call.tainted or begun.may_exist()
            for other in begun.live:
                other.tainted = True
            if begun.accepted is None and begun.expected != call.expected:
                # Where the first may have been made, either body may be the one that the service has.
                begun.expected = {} if call.tainted else call.expected
            begun.live.append(call)
            begun.at = now  # this copy may still land: the horizon counts from the last
            self._begun[key] = begun
            self._begun.move_to_end(key)
            self._open.pop(key, None)
        else:
            self._begun[key] = _Begun(call, now)
        if len(self._begun) > _KEPT:
            oldest, gone = self._begun.popitem(last=False)
            if gone.open or gone.live:
                self._open[oldest] = gone
                if len(self._open) > _KEPT_OPEN:
                    self._open.popitem(last=False)

    def end(self, call: Call[Any], result: Result[Any] | None, now: float) -> None:
        """Note how a create ended, or what its status showed; None for one whose caller went away."""
        if call.reference_id is None:
            return
        if call.operation.kind is CREATE:
            with self._alone():
                self._end(call, result, now)
        elif call.operation.status_of and result is not None and _is_seen(result):
            with self._alone():
                begun = self._find((call.operation.status_of, call.reference_id))
                if begun is not None and begun.accepted is None:
                    begun.exists(now)

    def _end(self, call: Call[Any], result: Result[Any] | None, now: float) -> None:
        begun = self._find(_key(call))
        if begun is None or call not in begun.live:
            return
        begun.live.remove(call)
        if result is not None and _is_seen(result):
            begun.exists(now)
        elif result is None or result.data["outcome"] == "unknown":
            begun.open = begun.accepted is None
            begun.at = now

    def accepted(self, call: Call[Any], now: float) -> None:
        """Note a 202 that came after its caller had gone."""
        with self._alone():
            begun = self._find(_key(call))
            if begun is not None:
                begun.exists(now)

    def methods(self, reference_id: str) -> list[str]:
        """The methods that this client is known to have called with an id."""
        with self._alone():
            return [method for method in self._methods if self._find((method, reference_id)) is not None]

    def may_exist(self, method: str, reference_id: str) -> bool:
        """Whether something that a method made under an id may exist, as far as this client remembers."""
        with self._alone():
            begun = self._find((method, reference_id))
            return begun is not None and begun.may_exist()

    def age(self, call: Call[Any], now: float, ago: float = 0.0) -> float:
        """Seconds since this client began what a status call asks about.

        0 where it was accepted: that it is not found proves nothing then. Of what this client did not begin, the
        counting starts here, at `ago`.
        """
        key = (call.operation.status_of, call.reference_id or "")
        with self._alone():
            begun = self._find(key)
            if begun is not None:
                return 0.0 if begun.accepted is not None or begun.live else now - begun.at
            since = self._asked.setdefault(key, now - ago)
            if len(self._asked) > _KEPT:
                self._asked.popitem(last=False)
            return now - since


def _is_seen(result: Result[Any]) -> bool:
    """Whether it was seen to be there, whatever came of it."""
    return result.ok or result.data["outcome"] in ("failed", "pending")


def _key(call: Call[Any]) -> _Key:
    return call.made_by or call.operation.name, call.reference_id or ""
