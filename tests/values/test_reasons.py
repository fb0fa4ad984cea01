"""The table of reasons: complete, readable, and safe about what it lets count as not made."""

from __future__ import annotations

from typing import get_args

import pytest

from momopy import reasons

PUBLISHED = """PAYEE_NOT_FOUND PAYER_NOT_FOUND NOT_ALLOWED NOT_ALLOWED_TARGET_ENVIRONMENT INVALID_CALLBACK_URL_HOST
INVALID_CURRENCY SERVICE_UNAVAILABLE INTERNAL_PROCESSING_ERROR NOT_ENOUGH_FUNDS PAYER_LIMIT_REACHED
PAYEE_NOT_ALLOWED_TO_RECEIVE PAYMENT_NOT_APPROVED RESOURCE_NOT_FOUND APPROVAL_REJECTED EXPIRED TRANSACTION_CANCELED
RESOURCE_ALREADY_EXIST""".split()
SEEN = """COULD_NOT_PERFORM_TRANSACTION SENDER_ACCOUNT_NOT_ACTIVE PAYEE_LIMIT_REACHED TRANSACTION_NOT_FOUND
VALIDATION_ERROR LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED TRANSFER_TYPE_UNKNOWN""".split()
OWN = """VALIDATION CONNECTION TLS AUTH RATE_LIMITED BAD_RESPONSE DEADLINE REDIRECT SERVER BAD_REQUEST NOT_FOUND
FORBIDDEN""".split()

PERMANENT = {
    "INVALID_CURRENCY",
    "NOT_ALLOWED_TARGET_ENVIRONMENT",
    "INVALID_CALLBACK_URL_HOST",
    "VALIDATION_ERROR",
    "TRANSFER_TYPE_UNKNOWN",
}
BUSINESS = {
    "NOT_ALLOWED",
    "PAYER_NOT_FOUND",
    "PAYEE_NOT_FOUND",
    "NOT_ENOUGH_FUNDS",
    "PAYER_LIMIT_REACHED",
    "PAYEE_LIMIT_REACHED",
    "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED",
    "PAYEE_NOT_ALLOWED_TO_RECEIVE",
    "SENDER_ACCOUNT_NOT_ACTIVE",
    "APPROVAL_REJECTED",
    "EXPIRED",
    "TRANSACTION_CANCELED",
    "PAYMENT_NOT_APPROVED",
    "COULD_NOT_PERFORM_TRANSACTION",
}


@pytest.mark.parametrize("code", [*PUBLISHED, *SEEN, *OWN])
def test_every_known_code_is_explained(code: str) -> None:
    assert code in reasons.REASONS
    assert reasons.explain(code) is reasons.REASONS[code]


@pytest.mark.parametrize("code", reasons.REASONS)
def test_an_explanation_is_a_sentence_and_says_who_acts(code: str) -> None:
    reason = reasons.REASONS[code]
    assert reason.sentence[0].isupper()
    assert reason.sentence.endswith(".")
    assert "_" not in reason.sentence
    assert reason.who in get_args(reasons.Who)
    assert reason.retry_helps in get_args(reasons.Retry)
    assert reason.failure_class in get_args(reasons.FailureClass)


def test_only_listed_codes_let_a_create_count_as_not_made() -> None:
    assert {code for code in reasons.REASONS if reasons.is_permanent(code)} == PERMANENT
    assert {code for code in reasons.REASONS if reasons.is_business(code)} == BUSINESS


@pytest.mark.parametrize(
    "code", ["INTERNAL_PROCESSING_ERROR", "SERVICE_UNAVAILABLE", "SERVER", "DEADLINE", "BAD_RESPONSE"]
)
def test_a_code_that_proves_nothing_is_unclear(code: str) -> None:
    assert reasons.explain(code).failure_class == "unclear"


def test_a_permanent_refusal_never_suggests_the_same_again() -> None:
    for reason in reasons.REASONS.values():
        if reason.failure_class == "permanent":
            assert (reason.who, reason.retry_helps) == ("merchant", "no")
        if reason.failure_class == "business":
            assert reason.retry_helps != "same id"


@pytest.mark.parametrize("code", ["DAILY_LIMIT_REACHED", "SENDER_MONTHLY_LIMIT_REACHED"])
def test_any_limit_is_a_business_answer(code: str) -> None:
    assert reasons.is_business(code)
    assert not reasons.is_permanent(code)
    assert "limit" in reasons.explain(code).sentence


@pytest.mark.parametrize(
    "code",
    [None, "", "SOMETHING_NEW", "invalid_currency", "LIMIT_REACHED_SOON", "LIMIT_REACHED", "\0", 5, [], {}, ("x",)],
)
def test_an_unknown_code_is_open_and_never_fails(code: object) -> None:
    reason = reasons.explain(code)  # type: ignore[arg-type]
    assert reason.failure_class == "unclear"
    assert not reasons.is_permanent(code)  # type: ignore[arg-type]
    assert not reasons.is_business(code)  # type: ignore[arg-type]


def test_too_little_money_is_told_of_the_generic_error() -> None:
    reason = reasons.explain("INTERNAL_PROCESSING_ERROR")
    assert "too little money" in reason.sentence
    assert (reason.who, reason.retry_helps) == ("payer", "new id")
