"""What both journals agree on: which state may follow which, and what becomes of an id that is begun again."""

from __future__ import annotations

from typing import Final

from momopy.journal import Entry, JournalError, State

OPEN: Final[tuple[State, ...]] = ("begun", "unknown", "accepted")
ENDED: Final[tuple[State, ...]] = ("successful", "failed", "not_created")

BEFORE: Final[dict[State, tuple[State, ...]]] = {
    "begun": (),
    "unknown": ("begun",),
    # That something was never made is a presumption; that the service has it is seen.
    "accepted": ("begun", "unknown", "not_created"),
    "successful": (*OPEN, "not_created"),
    "failed": (*OPEN, "not_created"),
    # A 202 was seen: that the service does not know it any more makes it no less made.
    "not_created": ("begun", "unknown"),
}
"""The states that may stand before each."""


def begin_again(found: Entry, entry: Entry) -> tuple[Entry, bool]:
    """What is kept of an id that is there already, and whether that is as good as new."""
    if (found.account, found.operation) != (entry.account, entry.operation):
        raise JournalError(f"the id stands for a {found.operation} of another client or method already")
    if found.state == "not_created":
        return entry, True
    if found.state in OPEN:
        # The horizon counts from the copy that was sent last. The first body stays: it may have been carried out.
        return found._replace(begun=entry.begun), False
    return found, False
