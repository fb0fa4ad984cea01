"""What each code means, who must act, and whether a new try can help: one table for the library and its users."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

Who: TypeAlias = Literal["payer", "merchant", "mtn", "nobody"]
Retry: TypeAlias = Literal["no", "same id", "new id"]
FailureClass: TypeAlias = Literal["permanent", "business", "unclear", "duplicate", "other"]


class Reason(NamedTuple):
    """A code, explained."""

    sentence: str
    who: Who
    """Who must act before a new try can go better."""
    retry_helps: Retry
    """`same id`: the same call again may help; `new id`: a new payment may; `no`: something must change first."""
    failure_class: FailureClass
    """`permanent`: this very request will never do; `business`: the state of an account refused it;
    `unclear`: it tells nothing about the fate of a request that was to create something."""


# "permanent" and "business" let a create end as not made: a code belongs there only where MTN is
# known to answer it instead of making the payment. Everything else leaves the fate open.
REASONS: Final[dict[str, Reason]] = {
    "INVALID_CURRENCY": Reason("The currency is not one of this target environment.", "merchant", "no", "permanent"),
    "NOT_ALLOWED_TARGET_ENVIRONMENT": Reason(
        "The API user has no access to this target environment, or the target does not belong to the host.",
        "merchant",
        "no",
        "permanent",
    ),
    "INVALID_CALLBACK_URL_HOST": Reason(
        "The host of the callback URL is not the one registered for the API user.", "merchant", "no", "permanent"
    ),
    "VALIDATION_ERROR": Reason("MTN refused a value of the request.", "merchant", "no", "permanent"),
    "TRANSFER_TYPE_UNKNOWN": Reason(
        "MTN could not tell what kind of transfer this is; the merchant's account is not set up for it.",
        "merchant",
        "no",
        "permanent",
    ),
    "NOT_ALLOWED": Reason(
        "The payer's or the merchant's account may not do this; it may be blocked or of the wrong kind.",
        "payer",
        "no",
        "business",
    ),
    "PAYER_NOT_FOUND": Reason("The payer has no wallet under this number.", "payer", "no", "business"),
    "PAYEE_NOT_FOUND": Reason(
        "The account that was to receive the money does not exist.", "merchant", "no", "business"
    ),
    "NOT_ENOUGH_FUNDS": Reason("The payer has too little money.", "payer", "new id", "business"),
    "PAYER_LIMIT_REACHED": Reason(
        "The payer has reached a limit of the wallet, for the day or for the month.", "payer", "new id", "business"
    ),
    "PAYEE_LIMIT_REACHED": Reason(
        "The receiving account has reached one of its limits.", "merchant", "new id", "business"
    ),
    "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED": Reason(
        "The payer has too little money, or the receiving account has reached a limit or may not receive.",
        "payer",
        "new id",
        "business",
    ),
    "PAYEE_NOT_ALLOWED_TO_RECEIVE": Reason(
        "The receiving account may not receive this payment.", "merchant", "no", "business"
    ),
    "SENDER_ACCOUNT_NOT_ACTIVE": Reason("The paying account is not active.", "payer", "new id", "business"),
    "APPROVAL_REJECTED": Reason("The payer said no on the phone.", "payer", "new id", "business"),
    "PAYMENT_NOT_APPROVED": Reason("The payer did not approve the payment.", "payer", "new id", "business"),
    "EXPIRED": Reason("The payer did not approve in time.", "payer", "new id", "business"),
    "COULD_NOT_PERFORM_TRANSACTION": Reason(
        "The payment could not be made, mostly because the payer let the five minutes to approve it pass.",
        "payer",
        "new id",
        "business",
    ),
    "TRANSACTION_CANCELED": Reason("The payment was cancelled.", "nobody", "new id", "business"),
    "INTERNAL_PROCESSING_ERROR": Reason(
        "MTN could not carry it out; most often the payer has too little money.", "payer", "new id", "unclear"
    ),
    "SERVICE_UNAVAILABLE": Reason("MTN's service is down for the moment.", "mtn", "same id", "unclear"),
    "RESOURCE_ALREADY_EXIST": Reason(
        "The reference id is in use: it was sent before, by this try or by an earlier one.",
        "merchant",
        "no",
        "duplicate",
    ),
    "RESOURCE_NOT_FOUND": Reason(
        "MTN does not know this id or this account; soon after a request was accepted, that proves nothing.",
        "merchant",
        "same id",
        "other",
    ),
    "TRANSACTION_NOT_FOUND": Reason(
        "MTN does not know a payment with this id; soon after one was accepted, that proves nothing.",
        "merchant",
        "same id",
        "other",
    ),
    # Never sent, so "other": an answer that should ever carry this word proves nothing.
    "VALIDATION": Reason("A value was refused before anything was sent; `field` names it.", "merchant", "no", "other"),
    "BAD_REQUEST": Reason(
        "MTN refused the request without saying why; a header, a value or a character in it is not one that it takes.",
        "merchant",
        "no",
        "other",
    ),
    "NOT_FOUND": Reason(
        "MTN does not know this address or this id; soon after a request was accepted, that proves nothing.",
        "merchant",
        "same id",
        "other",
    ),
    "AUTHORIZATION_PENDING": Reason("The account holder has not consented yet.", "payer", "same id", "other"),
    "SLOW_DOWN": Reason("The account holder's consent was asked after too often.", "nobody", "same id", "other"),
    "ACCESS_DENIED": Reason("The account holder did not consent.", "payer", "new id", "other"),
    "EXPIRED_TOKEN": Reason("The account holder did not consent in time.", "payer", "new id", "other"),
    "INVALID_GRANT": Reason(
        "The consent or the refresh token is used up, over or not known; ask for consent anew.",
        "merchant",
        "new id",
        "other",
    ),
    "LOGIN_FAILED": Reason("The API user or the API key was refused.", "merchant", "no", "other"),
    "CONNECTION": Reason("MTN's host could not be reached, or the line broke.", "nobody", "same id", "unclear"),
    "TLS": Reason("The certificate of the host was not trusted, so nothing was sent to it.", "merchant", "no", "other"),
    "AUTH": Reason(
        "The subscription key, the API user, the API key or the token was refused.", "merchant", "no", "other"
    ),
    "FORBIDDEN": Reason(
        "Access was refused; in production the caller's IP address has to be allowed by MTN.", "merchant", "no", "other"
    ),
    "RATE_LIMITED": Reason("Too many calls in a short time.", "nobody", "same id", "other"),
    "BAD_RESPONSE": Reason("The answer was not one of MTN's API and could not be read.", "mtn", "same id", "unclear"),
    "DEADLINE": Reason("The time allowed for the call ran out.", "nobody", "same id", "unclear"),
    "REDIRECT": Reason(
        "The host sent the call elsewhere, which is never followed; check the base URL and the network.",
        "merchant",
        "no",
        "other",
    ),
    "SERVER": Reason("MTN's service failed without saying why.", "mtn", "same id", "unclear"),
    "FAILED": Reason("It failed, and MTN did not say why.", "payer", "new id", "other"),
    "JOURNAL": Reason("The journal could not be written, so nothing was sent.", "merchant", "same id", "other"),
    "PENDING": Reason("The payer has not answered yet.", "payer", "same id", "other"),
}

_LIMIT: Final = Reason("A limit of one of the accounts has been reached.", "payer", "new id", "business")
_OPEN: Final = Reason("MTN gave a code that is not in its published list.", "mtn", "no", "unclear")
_STATUS: Final = Reason("MTN refused the request, and said nothing but an HTTP status.", "merchant", "no", "other")


def explain(code: str | None) -> Reason:
    """What a code means; never fails, for MTN's list of codes is open."""
    if not isinstance(code, str):
        return _OPEN
    known = REASONS.get(code)
    if known is not None:
        return known
    if code.startswith("HTTP_"):
        return _STATUS
    return _LIMIT if code.endswith("_LIMIT_REACHED") else _OPEN


def is_permanent(code: str | None) -> bool:
    """Whether this very request can never succeed."""
    return explain(code).failure_class == "permanent"


def is_business(code: str | None) -> bool:
    """Whether the state of an account refused it."""
    return explain(code).failure_class == "business"
