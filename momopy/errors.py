"""What momopy raises: misuse before anything is sent, and what `Result.unwrap` makes of a failure.

MomoException
├── Misuse (ValueError; also TypeError where the type is wrong)
│   ├── InvalidBasicToken, InvalidBearerToken, InvalidUniqueIDVersion, InvalidTarget
│   ├── InvalidCallback, InvalidBaseURL, InvalidSubscriptionKey, InvalidArgument
│   ├── InvalidBody, MissingArgument (TypeError too, always)
│   └── MissingCredentials
└── HTTPException
    ├── InvalidData (400), Unauthorized (401), NotFound (404), Conflict (409), MomoServerError (5xx)
    ├── OutcomeUnknown, ConnectionFailed
    └── PaymentFailed, PaymentPending
"""

from __future__ import annotations

from typing import Any, NoReturn

from momopy.failure import Failure


class MomoException(Exception):
    """The base of all that momopy raises."""


class Misuse(MomoException, ValueError):
    """A mistake in the calling program; nothing was sent."""

    def __init__(self, parameter: str, rule: str) -> None:
        # The refused value is never part of the text: it may be a secret or a phone number.
        super().__init__(f"{parameter}: {rule}")
        self.parameter = parameter
        self.rule = rule

    def __reduce__(self) -> tuple[Any, ...]:
        kind = type(self)
        if kind in _type_errors.values():  # made by wrong_type, and to be found nowhere by its name
            return wrong_type, (kind.__bases__[0], self.parameter, self.rule)
        return kind, (self.parameter, self.rule)


class InvalidBasicToken(Misuse):
    """`authorization` is no `Basic ...` token."""


class InvalidBearerToken(Misuse):
    """`authorization` is no `Bearer ...` token."""


class InvalidUniqueIDVersion(Misuse):
    """An id is no UUID version 4."""


class InvalidTarget(Misuse):
    """A target environment cannot be one, or does not fit the host."""


class InvalidCallback(Misuse):
    """A callback URL or host cannot be one."""


class InvalidBaseURL(Misuse):
    """A base URL cannot be one, or is no host of MTN's and no loopback address."""


class InvalidSubscriptionKey(Misuse):
    """A subscription key cannot be one."""


class InvalidArgument(Misuse):
    """Any other argument that cannot be right."""


class InvalidBody(Misuse, TypeError):
    """A body is no dict."""


class MissingArgument(Misuse, TypeError):
    """An argument without which the call makes no sense was left out."""


class MissingCredentials(Misuse):
    """The client has no credentials to make a token from."""


_type_errors: dict[type[Misuse], type[Misuse]] = {}


def wrong_type(kind: type[Misuse], parameter: str, rule: str) -> Misuse:
    """An error of this kind that a caller can catch as TypeError as well."""
    both = _type_errors.get(kind)
    if both is None:
        bases = (kind,) if issubclass(kind, TypeError) else (kind, TypeError)
        both = type(kind.__name__, bases, {"__module__": kind.__module__, "__doc__": kind.__doc__})
        _type_errors[kind] = both
    return both(parameter, rule)


class HTTPException(MomoException):
    """What `unwrap` raises for a failure; `failure` holds the whole of it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure['code']}: {failure['message']}")
        self.failure = failure

    def __reduce__(self) -> tuple[type[HTTPException], tuple[Failure]]:
        return type(self), (self.failure,)


class InvalidData(HTTPException):
    """The request was refused for what it holds (HTTP 400, or before it was sent)."""


class Unauthorized(HTTPException):
    """The credentials were refused (HTTP 401)."""


class NotFound(HTTPException):
    """There is no such thing (HTTP 404)."""


class Conflict(HTTPException):
    """The id stands for something else already (HTTP 409)."""


class MomoServerError(HTTPException):
    """The service answered with a 5xx status and made nothing."""


class OutcomeUnknown(HTTPException):
    """Money may have moved: never start a second payment on it, call `reconcile`."""


class ConnectionFailed(HTTPException):
    """The service was not reached."""


class PaymentFailed(HTTPException):
    """The service's final word: the payment was made and failed."""


class PaymentPending(HTTPException):
    """Waiting ended before the payment did."""


_BY_OUTCOME: dict[str, type[HTTPException]] = {
    "unknown": OutcomeUnknown,
    "failed": PaymentFailed,
    "pending": PaymentPending,
    "conflict": Conflict,
    "not_found": NotFound,
}
_BY_CODE: dict[str, type[HTTPException]] = {
    "VALIDATION": InvalidData,
    "CONNECTION": ConnectionFailed,
    "TLS": ConnectionFailed,
    "DEADLINE": ConnectionFailed,
    "AUTH": Unauthorized,
}
_BY_STATUS: dict[int, type[HTTPException]] = {400: InvalidData, 401: Unauthorized, 404: NotFound, 409: Conflict}


def raise_failure(failure: Failure) -> NoReturn:
    """Raise the exception that belongs to a failure."""
    kind = _BY_OUTCOME.get(failure["outcome"])
    status = failure["http_status"]
    if kind is None and status is not None:
        kind = MomoServerError if status >= 500 else _BY_STATUS.get(status)
    if kind is None:
        kind = _BY_CODE.get(failure["code"], HTTPException)
    raise kind(failure)
