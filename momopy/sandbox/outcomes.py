"""What becomes of a payment, a check or a pre-approval: the test numbers, e-mail holders and amounts.

A new test number is a new row here. Where a number was measured on the real service its measured
outcome stands here, elsewhere the documented one; `behaviours.py` says which is which.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Refusal(NamedTuple):
    """The request is refused at once."""

    status: int
    code: str


class Step(NamedTuple):
    """After a time (or some time between two), the status becomes this one, for this reason."""

    after: tuple[float, float]
    status: str
    reason: str | None = None


class Course(NamedTuple):
    """The request is accepted and goes through these statuses."""

    first: str
    reason: str | None = None
    steps: tuple[Step, ...] = ()


Fate: TypeAlias = Refusal | Course

# The payer has five minutes to approve (documented).
APPROVAL_WINDOW = 300.0
# 46733123454 took between 4 and 45 seconds (measured).
DELAYED = (4.0, 45.0)
# 56733123453 succeeded within 10 seconds (measured).
SOON = (1.0, 9.0)

SUCCESS = Course("SUCCESSFUL")
FAILED = Course("FAILED", "INTERNAL_PROCESSING_ERROR")
REJECTED = Course("FAILED", "APPROVAL_REJECTED")
EXPIRED = Course("FAILED", "EXPIRED")
ONGOING = Course("PENDING", None, (Step((APPROVAL_WINDOW, APPROVAL_WINDOW), "FAILED", "EXPIRED"),))
DELAYED_SUCCESS = Course("CREATED", None, (Step(DELAYED, "SUCCESSFUL"),))
SOON_SUCCESSFUL = Course("PENDING", None, (Step(SOON, "SUCCESSFUL"),))

PAYMENTS_BY_PAYER: dict[str, Fate] = {
    "46733123450": FAILED,
    "46733123451": REJECTED,
    "46733123452": EXPIRED,
    "46733123453": ONGOING,
    "46733123454": DELAYED_SUCCESS,
    "46733123455": Refusal(500, "PAYER_NOT_FOUND"),
    "46733123456": Refusal(500, "PAYEE_NOT_ALLOWED_TO_RECEIVE"),
    "46733123457": Refusal(500, "NOT_ALLOWED"),
    "46733123458": Refusal(500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
    "46733123459": Refusal(500, "INVALID_CALLBACK_URL_HOST"),
    "46733123460": Refusal(500, "INVALID_CURRENCY"),
    "46733123461": Refusal(500, "INTERNAL_PROCESSING_ERROR"),
    "46733123462": Refusal(503, "SERVICE_UNAVAILABLE"),
    "46733123463": Refusal(500, "COULD_NOT_PERFORM_TRANSACTION"),
    "46733123464": Refusal(500, "TRANSFER_TYPE_UNKNOWN"),
    "56733123453": SOON_SUCCESSFUL,
}

# A withdraw has no 503 in its table of answers, and no number for an unknown transfer type.
WITHDRAWS_BY_PAYER: dict[str, Fate] = {
    number: Refusal(500, fate.code) if isinstance(fate, Refusal) else fate
    for number, fate in PAYMENTS_BY_PAYER.items()
    if number != "46733123464"
}

HOLDERS: dict[str, Refusal | bool] = {
    "46733123450": Refusal(404, "RESOURCE_NOT_FOUND"),
    "46733123451": False,
    "46733123452": Refusal(500, "NOT_ALLOWED"),
    "46733123453": Refusal(500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
    "46733123454": Refusal(500, "INTERNAL_PROCESSING_ERROR"),
    "46733123455": Refusal(500, "SERVICE_UNAVAILABLE"),
    "notfound@email.com": Refusal(404, "RESOURCE_NOT_FOUND"),
    "notactive@email.com": False,
    "notallowed@email.com": Refusal(500, "NOT_ALLOWED"),
    "notallowedtargetenvironment@email.com": Refusal(500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
    "internalprocessingerror@email.com": Refusal(500, "INTERNAL_PROCESSING_ERROR"),
    "serviceunavailable@email.com": Refusal(500, "SERVICE_UNAVAILABLE"),
}

PRE_APPROVALS_BY_PAYER: dict[str, Fate] = {
    "46733123450": FAILED,
    "46733123451": REJECTED,
    "46733123452": EXPIRED,
    "46733123453": ONGOING,
    "46733123454": Course("PENDING", None, (Step(DELAYED, "SUCCESSFUL"),)),
    "46733123455": Refusal(500, "PAYER_NOT_FOUND"),
    "46733123456": Refusal(500, "NOT_ALLOWED"),
    "46733123457": Refusal(500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
    "46733123458": Refusal(500, "INVALID_CALLBACK_URL_HOST"),
    "46733123459": Refusal(500, "INVALID_CURRENCY"),
    "46733123460": Refusal(500, "INTERNAL_PROCESSING_ERROR"),
    "46733123461": Refusal(500, "SERVICE_UNAVAILABLE"),
}
NO_APPROVED_PRE_APPROVALS = "46733123469"

BILLS_BY_AMOUNT: dict[str, Fate] = {
    "1000": SUCCESS,
    "2000": FAILED,
    "3000": SOON_SUCCESSFUL,
    "4000": Course("PENDING", None, (Step(SOON, "FAILED", "INTERNAL_PROCESSING_ERROR"),)),
    "5000": Course("PENDING"),
    "6000": Course("PENDING"),
    "7000": Refusal(500, "TRANSFER_TYPE_UNKNOWN"),
}

# Nothing is documented for invoices: the numbers mean what they mean for a payment, and every other
# invoice waits to be paid by hand until it expires.
INVOICES_BY_PAYER: dict[str, Fate] = {
    "46733123450": FAILED,
    "46733123451": REJECTED,
    "46733123452": EXPIRED,
    "46733123454": DELAYED_SUCCESS,
    "56733123453": Course("CREATED", None, (Step(SOON, "SUCCESSFUL"),)),
}

FINAL = frozenset({"SUCCESSFUL", "FAILED"})
