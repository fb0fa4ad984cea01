"""The decision tables of docs/reliability.md, a row for each cell: one call, what it hears, and its end."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from momopy import procedure
from momopy.procedure import Fault, Wait, decide
from momopy.settings import DEFAULT

from .subjects import KINDS, Kind, heard, subject


class Row(NamedTuple):
    """One cell: after `hears`, the call ends as `end` says, or goes on with `then`."""

    kind: Kind
    hears: str
    then: str
    """`ok`, an outcome, or the next step: `wait`, `renew`, `look`, `send`."""
    code: str | None = None
    sent: bool | str | None = None
    retryable: bool | None = None
    retry_after: float | None = None


# What is untainted. Table K.
FRESH = [
    Row("create", "202", "ok"),
    Row("create", "202 cut", "ok"),
    Row("create", "unsent", "wait"),
    Row("create", "tls", "not_created", "TLS", False, False),
    Row("create", "unsendable", "not_created", "VALIDATION", False, False),
    Row("create", "lost", "wait"),
    Row("create", "5xx", "wait"),
    Row("create", "502", "wait"),
    Row("create", "503 in 20 s", "wait"),
    Row("create", "408", "wait"),
    Row("create", "200 portal", "wait"),
    Row("create", "409", "look"),
    Row("create", "permanent", "not_created", "INVALID_CURRENCY", True, False),
    Row("create", "400", "not_created", "BAD_REQUEST", True, False),
    Row("create", "business", "not_created", "NOT_ENOUGH_FUNDS", True, False),
    Row("create", "401 key", "not_created", "AUTH", True, False),
    Row("create", "401", "renew"),
    Row("create", "403", "not_created", "FORBIDDEN", True, False),
    Row("create", "404 gateway", "not_created", "NOT_FOUND", True, False),
    Row("create", "404", "not_created", "RESOURCE_NOT_FOUND", True, False),
    Row("create", "405", "not_created", "HTTP_405", True, False),
    Row("create", "302", "not_created", "REDIRECT", True, False),
    Row("create", "429", "wait"),
    Row("create", "429 bare", "wait"),
    Row("create", "429 long", "not_created", "RATE_LIMITED", True, True, 60.0),
    Row("create", "no token", "not_created", "AUTH", False, False),
    # Table R.
    Row("read", "own SUCCESSFUL", "ok"),
    Row("read", "unsent", "wait"),
    Row("read", "tls", "error", "TLS", False, False),
    Row("read", "lost", "wait"),
    Row("read", "5xx", "wait"),
    Row("read", "200 portal", "wait"),
    Row("read", "bare", "wait"),
    Row("read", "permanent", "error", "INVALID_CURRENCY", True, False),
    Row("read", "business", "error", "NOT_ENOUGH_FUNDS", True, False),
    Row("read", "401", "renew"),
    Row("read", "401 key", "error", "AUTH", True, False),
    Row("read", "403", "error", "FORBIDDEN", True, False),
    Row("read", "404", "not_found", "RESOURCE_NOT_FOUND", True, False),
    Row("read", "429", "wait"),
    Row("read", "429 long", "error", "RATE_LIMITED", True, True, 60.0),
    Row("read", "302", "error", "REDIRECT", True, False),
    Row("read", "stray 0", "mismatch", "BAD_RESPONSE", True, True),
    Row("read", "no token", "error", "AUTH", False, False),
    # Table T: a 401 is the wrong user or key, and no other token helps.
    Row("token", "200 token", "ok"),
    Row("token", "unsent", "wait"),
    Row("token", "lost", "wait"),
    Row("token", "5xx", "wait"),
    Row("token", "200 no token", "wait"),
    Row("token", "401", "error", "AUTH", True, False),
    Row("token", "403", "error", "FORBIDDEN", True, False),
    Row("token", "429", "wait"),
    # Table X.
    Row("cancel", "200 cancelled", "ok"),
    Row("cancel", "unsent", "wait"),
    Row("cancel", "lost", "wait"),
    Row("cancel", "5xx", "wait"),
    Row("cancel", "401", "renew"),
    Row("cancel", "403", "not_created", "FORBIDDEN", True, False),
    Row("cancel", "429", "wait"),
    Row("cancel", "404", "look"),
    Row("cancel", "409", "look"),
    # Table U.
    Row("unkeyed", "200 empty", "ok"),
    Row("unkeyed", "unsent", "wait"),
    Row("unkeyed", "lost", "unknown", "CONNECTION", "maybe", False),
    Row("unkeyed", "5xx", "unknown", "INTERNAL_PROCESSING_ERROR", True, False),
    Row("unkeyed", "502", "unknown", "SERVER", True, False),
    Row("unkeyed", "401", "renew"),
    Row("unkeyed", "403", "not_created", "FORBIDDEN", True, False),
    Row("unkeyed", "429", "wait"),
    # Table P: it carries no bearer token, so there is none to renew.
    Row("provision", "201 key 1", "ok"),
    Row("provision", "unsent", "wait"),
    Row("provision", "lost", "wait"),
    Row("provision", "5xx", "wait"),
    Row("provision", "401", "not_created", "AUTH", True, False),
    Row("provision", "403", "not_created", "FORBIDDEN", True, False),
    Row("provision", "429", "wait"),
]

# After an attempt whose fate is not known.
TAINTED = [
    Row("create", "202", "ok"),
    Row("create", "unsent", "wait"),
    Row("create", "tls", "unknown", "TLS", "maybe", True),
    Row("create", "unsendable", "unknown", "VALIDATION", "maybe", True),
    Row("create", "lost", "wait"),
    Row("create", "5xx", "wait"),
    Row("create", "409", "look"),
    Row("create", "permanent", "not_created", "INVALID_CURRENCY", "maybe", False),
    Row("create", "400", "wait"),
    Row("create", "business", "wait"),
    Row("create", "404", "wait"),
    Row("create", "401 key", "unknown", "AUTH", "maybe", True),
    Row("create", "401", "renew"),
    Row("create", "403", "unknown", "FORBIDDEN", "maybe", True),
    Row("create", "404 gateway", "unknown", "NOT_FOUND", "maybe", True),
    Row("create", "405", "unknown", "HTTP_405", "maybe", True),
    Row("create", "302", "unknown", "REDIRECT", "maybe", True),
    Row("create", "429", "wait"),
    Row("create", "429 long", "unknown", "RATE_LIMITED", "maybe", True, 60.0),
    Row("create", "no token", "unknown", "AUTH", "maybe", True),
    Row("cancel", "200 cancelled", "ok"),
    Row("cancel", "403", "unknown", "FORBIDDEN", "maybe", False),
    Row("cancel", "409", "look"),
    Row("cancel", "404", "wait"),
    Row("read", "403", "error", "FORBIDDEN", "maybe", True),
    Row("provision", "403", "error", "FORBIDDEN", "maybe", True),
    Row("token", "401", "error", "AUTH", "maybe", True),
]


class Told:
    """A call that is told one thing after another."""

    def __init__(self, kind: Kind, tainted: bool) -> None:
        self.call = subject(kind)
        self.procedure = decide(self.call, DEFAULT)
        self.step: Any = next(self.procedure)
        self.end: Any = None
        self.at = 0.0
        if tainted:
            self.hear("lost")
            while self.end is None and self.step is not self.call:
                self.hear("404 gateway" if not isinstance(self.step, Wait) else True)

    def hear(self, what: Any) -> None:
        self.at += self.step.most if isinstance(self.step, Wait) else 0.1
        try:
            told = heard(what, procedure) if isinstance(what, str) else what
            self.step = self.procedure.send((self.at, told))
        except StopIteration as stop:
            self.end = stop.value

    @property
    def next(self) -> str:
        if self.end is not None:
            return "ok" if self.end.ok else str(self.end.data["outcome"])
        if isinstance(self.step, Wait):
            return "wait"
        return "renew" if self.step is procedure.RENEW else "send" if self.step is self.call else "look"


def _name(row: Row) -> str:
    return f"{row.kind}, {row.hears}"


def _hold(row: Row, told: Told) -> None:
    told.hear(row.hears)
    assert told.next == row.then
    if told.end is None or told.end.ok:
        return
    failure = told.end.data
    wanted = {"code": row.code, "sent": row.sent, "retryable": row.retryable, "retry_after": row.retry_after}
    assert {key: failure[key] for key in wanted} == wanted


@pytest.mark.parametrize("row", FRESH, ids=_name)
def test_untainted(row: Row) -> None:
    _hold(row, Told(row.kind, tainted=False))


@pytest.mark.parametrize("row", TAINTED, ids=_name)
def test_tainted(row: Row) -> None:
    told = Told(row.kind, tainted=True)
    assert told.next == "send"
    _hold(row, told)


@pytest.mark.parametrize(
    ("label", "least", "most", "cost"),
    [
        ("unsent", 0.0, 0.5, 5),
        ("lost", 1.0, 2.0, 10),
        ("5xx", 1.0, 2.0, 5),
        ("503 in 20 s", 20.0, 40.0, 5),
        ("429", 1.0, 1.5, 5),
        ("429 bare", 1.0, 2.0, 5),
    ],
)
def test_the_wait_after_a_create(label: str, least: float, most: float, cost: int) -> None:
    told = Told("create", tainted=False)
    told.hear(label)
    assert told.step == Wait(least, most, cost)


@pytest.mark.parametrize(
    ("seen", "end"),
    [("own PENDING", "ok"), ("own SUCCESSFUL", "ok"), ("own ONGOING", "ok"), ("own FAILED", "failed")],
)
def test_after_a_409_the_status_answer_decides(seen: str, end: str) -> None:
    told = Told("create", tainted=False)
    told.hear("409")
    told.hear(seen)
    assert told.next == end
    if end == "ok":
        assert told.end.data == {
            "reference_id": told.call.reference_id,
            "status": seen.removeprefix("own "),
            "replayed": True,
        }
    else:
        assert told.end.data["code"] == "NOT_ENOUGH_FUNDS"


def test_after_a_409_the_same_foreign_answer_twice_is_a_conflict() -> None:
    told = Told("create", tainted=False)
    for label in ("409", "stray 0"):
        told.hear(label)
    assert told.next == "look"
    told.hear("stray 0")
    assert told.next == "conflict"
    assert told.end.data["code"] == "RESOURCE_ALREADY_EXIST"
    assert told.end.data["retryable"] is False


@pytest.mark.parametrize(
    ("seen", "end", "code"),
    [
        ("invoice CANCELED", "ok", None),
        ("invoice EXPIRED", "not_created", "EXPIRED"),
        ("invoice SUCCESSFUL", "not_created", "RESOURCE_NOT_FOUND"),
        ("invoice CREATED", "wait", None),
        ("404", "not_found", "RESOURCE_NOT_FOUND"),
        ("stray 1", "wait", None),
    ],
)
def test_after_a_404_to_a_cancellation_the_status_answer_decides(seen: str, end: str, code: str | None) -> None:
    told = Told("cancel", tainted=False)
    told.hear("404")
    told.hear(seen)
    assert told.next == end
    if code is not None:
        assert told.end.data["code"] == code


def test_what_is_not_there_is_told_as_that_but_to_a_create() -> None:
    """A create has found nothing missing: it has made nothing."""
    outcomes = {}
    for kind in KINDS:
        told = Told(kind, tainted=False)
        while told.end is None:
            told.hear("404")
        outcomes[kind] = told.end.data["outcome"]
    assert outcomes.pop("create") == "not_created"
    assert set(outcomes.values()) == {"not_found"}


@pytest.mark.parametrize("kind", ["create", "cancel", "read", "token", "provision"])
def test_the_attempts_are_as_many_as_the_settings_say(kind: Kind) -> None:
    told = Told(kind, tainted=False)
    limit = getattr(DEFAULT, told.call.operation.kind.attempts)
    while told.end is None:
        told.hear(True if isinstance(told.step, Wait) else "unsent")
    assert told.end.data["attempts"] == limit
    assert told.end.data["sent"] is False
    assert told.end.data["retryable"] is True
    assert told.end.data["code"] == "CONNECTION"


def test_a_dry_quota_ends_a_call_as_giving_up_does() -> None:
    told = Told("create", tainted=False)
    told.hear("unsent")
    told.hear(False)
    assert told.next == "not_created"
    told = Told("create", tainted=False)
    told.hear("lost")
    told.hear(False)
    assert told.next == "unknown"


def test_after_its_deadline_a_call_is_not_sent_again() -> None:
    told = Told("create", tainted=False)
    told.at = DEFAULT.write_deadline - 0.2
    told.hear("unsent")
    told.hear(True)
    told.hear(Fault("unsent", "Deadline"))
    assert told.next == "not_created"
