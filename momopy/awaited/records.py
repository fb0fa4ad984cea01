"""Writes a journal of what is begun, and reads it again after a crash."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from momopy.calls import Call
from momopy.observe import Observers
from momopy.result import Failure, Refused, Result
from momopy.runtime import Runtime

if TYPE_CHECKING:
    from momopy.journal import Entry, Journal, State

_FAILURE: Failure = {
    "outcome": "not_created",
    "code": "JOURNAL",
    "message": "The journal could not be written, so nothing was sent.",
    "http_status": None,
    "reference_id": None,
    "sent": False,
    "retryable": True,
    "retry_after": None,
    "field": None,
    "attempts": 0,
    "elapsed": 0.0,
}
UNWRITTEN = Refused(_FAILURE)


class Records:
    """The journal of one client."""

    def __init__(self, journal: Journal, account: str, runtime: Runtime, observers: Observers) -> None:
        self._journal = journal
        self._account = account
        self._runtime = runtime
        self._observers = observers

    async def begin(self, call: Call[Any]) -> bool:
        """Keep a creation before it is sent; False when it could not be kept."""
        from momopy.journal import Entry

        assert call.reference_id is not None
        assert call.made_by is not None
        body = (call.body or b"").decode()
        entry = Entry(call.reference_id, self._account, call.made_by, call.target, body, time.time())
        try:
            is_new = await self._runtime.blocking(partial(self._journal.begin, entry))
        except Exception as exc:
            self._observers.journal_failed(exc)
            return False
        if not is_new:
            # Whatever came of the earlier call with this id may still land.
            call.tainted = call.is_known = True
        return True

    async def end(self, call: Call[Any], result: Result[Any]) -> None:
        """Note what a call proved about a creation."""
        if call.made_by is not None or call.operation.is_status:
            state = _created(call, result) if call.made_by is not None else _seen(result)
            if state is not None:
                await self.note(call.reference_id or "", state)

    async def note(self, reference_id: str, state: State) -> None:
        """Note a state; where that fails the entry stays open, to be settled later."""
        try:
            await self._runtime.blocking(partial(self._journal.end, reference_id, state))
        except Exception as exc:
            self._observers.journal_failed(exc)

    async def claim(self, limit: int, lease: float) -> list[Entry]:
        """Take open entries for this worker alone."""
        return await self._runtime.blocking(partial(self._journal.claim, self._account, limit, lease))

    async def release(self, reference_ids: list[str]) -> None:
        """Give entries back that are open still."""
        await self._runtime.blocking(partial(self._journal.release, reference_ids))


def _created(call: Call[Any], result: Result[Any]) -> State | None:
    """What the result of a creation proves. A conflict over a known id says nothing of its first call."""
    if result.ok:
        return _final(result.data.get("status")) or "accepted"
    match result.data["outcome"]:
        case "failed":
            return "failed"
        case "conflict" if call.is_known:
            return None
        case "not_created" | "conflict":
            return "not_created"
    return "unknown"


def _seen(result: Result[Any]) -> State | None:
    """What a status answer proves: its silence proves nothing, and a 404 little."""
    if result.ok:
        return _final(result.data.get("status"))
    return "failed" if result.data["outcome"] == "failed" else None


def _final(status: Any) -> State | None:
    if status == "SUCCESSFUL":
        return "successful"
    return "failed" if status == "FAILED" else None
