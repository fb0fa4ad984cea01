"""What happened, as the customer of the client saw it, and what the server saw: input of the checker."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal, NamedTuple, TypeAlias

Verb: TypeAlias = Literal["invoke", "ok", "fail", "unknown"]


class Event(NamedTuple):
    """One line of a history. `unknown` is followed by `ok` or `fail` once it is settled."""

    verb: Verb
    order: str
    reference_id: str
    payload: str
    """A fingerprint of what was to be paid."""
    time: float
    """Monotonic seconds."""
    elapsed: float = 0.0
    """Of the longest call that led to it."""


class Made(NamedTuple):
    """One entry of the server's ledger."""

    reference_id: str
    order: str
    payload: str


class Sent(NamedTuple):
    """One request about a payment, as the server received it."""

    verb: str
    reference_id: str


class History(NamedTuple):
    """A whole run, after everything has come to rest."""

    events: list[Event]
    made: list[Made]
    sent: list[Sent]


def fingerprint(body: dict[str, Any]) -> str:
    """What must be the same in the order and in the ledger."""
    text = json.dumps([body["amount"], body["currency"], body["externalId"], body["payer"]["partyId"]])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
