"""One real call of each kind of operation, and everything that a client may hear about it, as bytes off the wire."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final, Literal, TypeAlias

from momopy import creations, operations, provisioning, wire
from momopy.calls import Call
from momopy.creations import REQUEST_TO_PAY
from momopy.profile import Profile
from momopy.result import Refused

Kind: TypeAlias = Literal["create", "cancel", "read", "token", "unkeyed", "provision"]
KINDS: Final[tuple[Kind, ...]] = ("create", "cancel", "read", "token", "unkeyed", "provision")

KEY: Final = "5b0e4c3a-9d2f-4c56-8a41-0f6d3c2b1a90"
BODY: Final[dict[str, Any]] = {
    "amount": "12.50",
    "currency": "EUR",
    "externalId": "order-7",
    "payer": {"partyIdType": "MSISDN", "partyId": "46733123453"},
}
STRANGE: Final[dict[str, Any]] = {**BODY, "externalId": "order-of-somebody-else"}

_PROFILE: Final = Profile("0123456789abcdef", api_user=KEY, api_key="abcdef0123456789")
_BASIC: Final = "Basic " + base64.b64encode(f"{KEY}:abcdef".encode()).decode()


def _status() -> Call[Any]:
    call = creations.status(_PROFILE, REQUEST_TO_PAY, KEY)
    call.expected = creations.expected(REQUEST_TO_PAY, KEY, BODY)
    return call


_MAKERS: Final[dict[Kind, Callable[[], Call[Any]]]] = {
    "create": lambda: creations.create(_PROFILE, REQUEST_TO_PAY, uuid=KEY, body=BODY),
    "cancel": lambda: operations.cancel_invoice(_PROFILE, KEY, "order-7"),
    "read": _status,
    "token": lambda: operations.create_access_token(_PROFILE, _BASIC),
    "unkeyed": lambda: operations.notify_payer(_PROFILE, KEY, "Thank you"),
    "provision": lambda: provisioning.create_api_key(KEY, "0123456789abcdef"),
}


def subject(kind: Kind) -> Call[Any]:
    """A new call of a kind, with everything on it that the client itself would put there."""
    return _MAKERS[kind]()


def _read(status: int, body: object = b"", *headers: tuple[str, str], complete: bool = True) -> wire.Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return wire.read(status, [(n.encode(), v.encode()) for n, v in headers], raw, complete=complete)


def _gateway(status: int, message: str, *headers: tuple[str, str]) -> wire.Answer:
    return _read(status, {"statusCode": status, "message": message}, *headers)


def _platform(status: int, code: str) -> wire.Answer:
    return _read(status, {"code": code, "message": "So it is."})


def _invoice(status: str, **more: object) -> wire.Answer:
    return _read(200, {"referenceId": KEY, "externalId": "order-7", "status": status, **more})


NO_TOKEN: Final = Refused(
    {
        "outcome": "error",
        "code": "AUTH",
        "message": "No token.",
        "http_status": 401,
        "reference_id": None,
        "sent": True,
        "retryable": False,
        "retry_after": None,
        "field": None,
        "attempts": 1,
        "elapsed": 0.1,
    }
)

# Each is read from bytes by the code that reads them in earnest.
ANSWERS: Final[dict[str, wire.Answer]] = {
    "202": _read(202),
    "202 cut": _read(202, b"{", complete=False),
    "200 empty": _read(200),
    "200 cancelled": _read(200, {"externalId": "order-7"}),
    "200 token": _read(200, {"access_token": "abc", "token_type": "access_token", "expires_in": 3600}),
    "200 no token": _read(200, {"access_token": "abc", "token_type": "access_token", "expires_in": 0}),
    "200 portal": _read(200, b"<html>Log in to the network</html>", ("Content-Type", "text/html")),
    "302": _read(302, b"", ("Location", "https://elsewhere.example/")),
    "400": _gateway(400, "Bad request"),
    "401": _gateway(401, "Unauthorized"),
    "401 key": _gateway(401, "Access denied due to invalid subscription key."),
    "403": _gateway(403, "Forbidden"),
    "404 gateway": _gateway(404, "Resource not found"),
    "404": _platform(404, "RESOURCE_NOT_FOUND"),
    "405": _gateway(405, "Method not allowed"),
    "408": _gateway(408, "Timeout"),
    "409": _platform(409, "RESOURCE_ALREADY_EXIST"),
    "429": _gateway(429, "Rate limit is exceeded. Try again in 1 seconds.", ("Retry-After", "1")),
    "429 bare": _read(429),
    "429 long": _gateway(429, "Rate limit is exceeded.", ("Retry-After", "60")),
    "5xx": _platform(500, "INTERNAL_PROCESSING_ERROR"),
    "502": _read(502, b"<html>Bad gateway</html>"),
    "503 in 20 s": _read(503, b"", ("Retry-After", "20")),
    "business": _platform(500, "NOT_ENOUGH_FUNDS"),
    "permanent": _platform(500, "INVALID_CURRENCY"),
    "own PENDING": _read(200, {**BODY, "amount": "12.5", "status": "PENDING"}),
    "own SUCCESSFUL": _read(200, {**BODY, "status": "SUCCESSFUL", "financialTransactionId": "1"}),
    "own FAILED": _read(200, {**BODY, "status": "FAILED", "reason": "NOT_ENOUGH_FUNDS"}),
    "own ONGOING": _read(200, {**BODY, "status": "ONGOING"}),
    "bare": _read(200, {"status": "SUCCESSFUL"}),
    "invoice CREATED": _invoice("CREATED"),
    "invoice SUCCESSFUL": _invoice("SUCCESSFUL"),
    "invoice EXPIRED": _invoice("FAILED", errorReason="EXPIRED"),
    "invoice CANCELED": _invoice("FAILED", errorReason={"code": "TRANSACTION_CANCELED", "message": "Cancelled."}),
    **{
        f"stray {n}": _read(200, {**STRANGE, "externalId": f"stray-{n}", "referenceId": "", "status": status})
        for n, status in enumerate(("SUCCESSFUL", "CANCELLED", "FAILED", "PENDING") * 4)
    },
    **{f"201 key {n}": _read(201, {"apiKey": f"key-{n}"}) for n in range(16)},
}


def heard(label: str, procedure: ModuleType) -> Any:
    """What the procedure is told; faults are of its own class, since the mutants are copies of the module."""
    if label in ("unsent", "tls", "unsendable", "lost", "deadline"):
        return procedure.Fault(label, "Exception")
    return NO_TOKEN if label == "no token" else ANSWERS[label]
