"""What one client remembers of the payments it began: enough to know them again in a status answer."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final

from momopy.calls import CREATE, Call
from momopy.result import Result
from momopy.settings import Settings

_KEPT: Final = 4096


class _Begun:
    __slots__ = ("accepted", "at", "expected", "open")

    def __init__(self, expected: dict[str, str], at: float) -> None:
        self.expected = expected
        self.at = at
        self.accepted: float | None = None
        self.open = True
        """Its end is not known: it was left unfinished, or came out as unknown."""


class Memory:
    """The youngest creates of a client, by reference id. Times are monotonic seconds."""

    __slots__ = ("_begun",)

    def __init__(self) -> None:
        self._begun: OrderedDict[str, _Begun] = OrderedDict()

    def prepare(self, call: Call[Any], now: float, settings: Settings) -> None:
        """Complete a call by what is remembered of its reference id."""
        reference_id = call.reference_id
        if reference_id is None:
            return
        begun = self._begun.get(reference_id)
        if call.operation.kind is CREATE:
            if begun is not None and begun.open:
                call.tainted = True  # the first copy may still land
                begun.expected = call.expected
                begun.at = now  # and so may this one: the horizon counts from the last
                return
            self._keep(reference_id, _Begun(call.expected, now))
        elif begun is not None and call.operation.is_status:
            call.expected = call.expected or begun.expected
            call.settling = begun.accepted is not None and now - begun.accepted < settings.settle_window

    def end(self, call: Call[Any], result: Result[Any], now: float) -> None:
        """Note how a create ended."""
        begun = self._begun.get(call.reference_id or "")
        if begun is None or call.operation.kind is not CREATE:
            return
        begun.open = not result.ok and result.data["outcome"] == "unknown"
        begun.accepted = now if result.ok else None

    def age(self, reference_id: str, now: float, ago: float = 0.0) -> float:
        """Seconds since this client began it; of one that it did not begin, the counting starts here at `ago`."""
        begun = self._begun.get(reference_id)
        if begun is None:
            begun = _Begun({}, now - ago)
            self._keep(reference_id, begun)
        return now - begun.at

    def _keep(self, reference_id: str, begun: _Begun) -> None:
        self._begun[reference_id] = begun
        if len(self._begun) > _KEPT:
            self._begun.popitem(last=False)
