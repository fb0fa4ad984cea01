"""Why a call did not succeed, as data."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

Outcome: TypeAlias = Literal[
    "not_created", "unknown", "pending", "conflict", "mismatch", "not_found", "failed", "error"
]


class Failure(TypedDict):
    """Why a call did not succeed, and what may be done next."""

    outcome: Outcome
    """`unknown` means that money may have moved: never start a second payment on it."""
    code: str
    """MTN's code, or VALIDATION, CONNECTION, TLS, AUTH, RATE_LIMITED, BAD_RESPONSE, DEADLINE, REDIRECT, SERVER."""
    message: str
    """One sentence for a person; never a secret, a body, a URL or a header."""
    http_status: int | None
    reference_id: str | None
    sent: Literal[True, False, "maybe"]
    retryable: bool
    """Calling again with the same reference id is safe and may help."""
    retry_after: float | None
    """Seconds."""
    field: str | None
    """The key or parameter that VALIDATION is about, such as `payer.partyId`."""
    attempts: int
    elapsed: float
    """Seconds."""
