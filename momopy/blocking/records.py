# Derived from momopy/awaited/records.py by scripts/regenerate; a change made here is lost.
"""Writes a journal of what is begun, and reads it again after a crash."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from momopy import creations
from momopy.calls import Call
from momopy.observe import Observers
from momopy.profile import Profile
from momopy.result import Refused, Result
from momopy.runtime import SyncRuntime

if TYPE_CHECKING:
    from momopy.journal import Entry, Journal, State


class Records:
    """The journal of one client."""

    def __init__(self, journal: Journal, account: str, runtime: SyncRuntime, observers: Observers) -> None:
        self._journal = journal
        self._account = account
        self._runtime = runtime
        self._observers = observers

    def prepare(self, call: Call[Any]) -> bool:
        """Keep a creation before it is sent; False when it could not be kept. Tell a status call what to expect."""
        if call.made_by is not None:
            return self._begin(call)
        if call.operation.status_of:
            entry = self.find(call.reference_id or "")
            if entry is not None and entry.operation == call.operation.status_of:
                call.recorded = entry.state
                # Another process may have begun it: without this an answer about another payment would end it.
                call.expected = call.expected or _expected(entry)
        return True

    def _begin(self, call: Call[Any]) -> bool:
        from momopy.journal import Entry

        assert call.reference_id is not None
        assert call.made_by is not None
        call.begun = time.time()
        body = (call.body or b"").decode()
        entry = Entry(call.reference_id, self._account, call.made_by, call.target, body, call.begun)
        try:
            is_new = self._runtime.blocking(partial(self._journal.begin, entry))
        except Exception as exc:
            self._observers.journal_failed(exc)
            return False
        if not is_new:
            call.tainted = True  # whatever came of the earlier call with this id may still land
        return True

    def end(self, call: Call[Any], result: Result[Any]) -> None:
        """Note what a call proved about a creation."""
        if call.made_by is not None:
            state = _created(call, result)
            if state is not None:
                self.note(call.reference_id or "", state, call.begun if state == "not_created" else None)
        elif call.recorded:
            state = _seen(result)
            if state is not None and state != call.recorded:
                self.note(call.reference_id or "", state)

    def note(self, reference_id: str, state: State, begun: float | None = None) -> None:
        """Note a state; where that fails the entry stays open, to be settled later."""
        try:
            self._runtime.blocking(partial(self._journal.end, reference_id, state, begun))
        except Exception as exc:
            self._observers.journal_failed(exc)

    def find(self, reference_id: str) -> Entry | None:
        """What this client began under an id; None also where the journal cannot be read."""
        try:
            entry = self._runtime.blocking(partial(self._journal.find, reference_id))
        except Exception as exc:
            self._observers.journal_failed(exc)
            return None
        return entry if entry is not None and entry.account == self._account else None

    def claim(self, limit: int, lease: float) -> list[Entry]:
        """Take open entries for this worker alone."""
        return self._runtime.blocking(partial(self._journal.claim, self._account, limit, lease))

    def release(self, entry: Entry) -> None:
        """Give a claimed entry back; where that fails, others wait until the lease is over."""
        try:
            self._runtime.blocking(partial(self._journal.release, [entry.reference_id]))
        except Exception as exc:
            self._observers.journal_failed(exc)


def _expected(entry: Entry) -> dict[str, str]:
    return creations.expected(creations.creation(entry.operation), entry.reference_id, json.loads(entry.body))


def status_of(entry: Entry, profile: Profile) -> Call[Any]:
    """The status call of an entry, which knows what its answer must repeat."""
    call = creations.status(profile, creations.creation(entry.operation), entry.reference_id, None, entry.target)
    call.expected = _expected(entry)
    return call


def unwritten(call: Call[Any]) -> Refused:
    """The failure of a creation that the journal did not take: nothing was sent this time."""
    message = "The journal could not be written, so nothing was sent."
    if call.tainted:
        message += " An earlier call with this reference id may have been carried out: call reconcile."
    return Refused(
        {
            "outcome": "unknown" if call.tainted else "not_created",
            "code": "JOURNAL",
            "message": message,
            "http_status": None,
            "reference_id": call.reference_id,
            "sent": "maybe" if call.tainted else False,
            "retryable": True,
            "retry_after": None,
            "field": None,
            "attempts": 0,
            "elapsed": 0.0,
        }
    )


def _created(call: Call[Any], result: Result[Any]) -> State | None:
    """What the result of a creation proves."""
    if result.ok:
        return _final(result.data.get("status")) or "accepted"
    match result.data["outcome"]:
        case "failed":
            return "failed"
        case "not_created" | "conflict":
            # A refusal, of another body perhaps, says nothing of an earlier copy with this id.
            return None if call.tainted else "not_created"
    return "unknown"


def _seen(result: Result[Any]) -> State | None:
    """What status answers prove: that something is there, if nothing more; a 404 proves little, silence nothing."""
    if result.ok:
        return _final(result.data.get("status")) or "accepted"
    match result.data["outcome"]:
        case "failed":
            return "failed"
        case "pending":
            return "accepted"
    return None


def _final(status: Any) -> State | None:
    match status:
        case "SUCCESSFUL":
            return "successful"
        case "FAILED" | "CANCELLED" | "CANCELED":
            return "failed"
    return None
