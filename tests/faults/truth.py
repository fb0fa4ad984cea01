"""A MoMo that keeps to its word: a ledger of what was really created, and the true answer to every request.

Nothing here fails by itself. A fault decides whether `Truth.answer` is asked at all (the service acted, or not)
and what becomes of its answer on the way back.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import unquote

from .server import Request
from .steps import Answer

JSON: Final = ("Content-Type", "application/json")


@dataclass
class Entry:
    """Something that exists because a request created it."""

    kind: str
    """`requesttopay`, `requesttowithdraw`, `invoice`, `payment`, `preapproval` or `apiuser`."""
    reference_id: str
    payload: dict[str, Any]
    time: float
    status: str
    keys: list[str] = field(default_factory=list)
    """Of an API user: the API keys made for it, the valid one last."""


class Ledger:
    """What exists; only the server writes it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        """In the order of their creation. With `atomic` off one id can be here twice."""
        self.burned: set[str] = set()
        """Ids that are used up though nothing was created under them."""
        self.notified: list[tuple[str, str]] = []
        """Reference id and text of each message that was delivered to a payer."""
        self._known: dict[tuple[str, str], Entry] = {}
        self._lock = threading.Lock()

    def create(
        self, kind: str, reference_id: str, payload: dict[str, Any], status: str, *, atomic: bool = True
    ) -> bool:
        """Make an entry; False when the id is taken."""
        with self._lock:
            if reference_id in self.burned or (atomic and (kind, reference_id) in self._known):
                return False
            entry = Entry(kind, reference_id, payload, time.monotonic(), status)
            self.entries.append(entry)
            self._known.setdefault((kind, reference_id), entry)
            return True

    def find(self, kind: str, reference_id: str) -> Entry | None:
        """What was created under this id."""
        return self._known.get((kind, reference_id))


def answer(status: int, body: object = None, *headers: tuple[str, str]) -> Answer:
    """An answer with a JSON body, or with none."""
    if body is None:
        return Answer(status, b"", headers)
    return Answer(status, json.dumps(body).encode(), (JSON, *headers))


def platform_error(status: int, code: str, message: str = "") -> Answer:
    """A refusal by the platform."""
    return answer(status, {"code": code, "message": message or code.replace("_", " ").capitalize() + "."})


def gateway_error(status: int, message: str, *headers: tuple[str, str]) -> Answer:
    """A refusal by the gateway in front of it."""
    return answer(status, {"statusCode": status, "message": message}, *headers)


KEY_REFUSED: Final = gateway_error(
    401, "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
)
TOKEN_REFUSED: Final = answer(401, {"error": "invalid_token"})
NOT_FOUND: Final = platform_error(404, "RESOURCE_NOT_FOUND", "Requested resource was not found.")
DUPLICATE: Final = platform_error(
    409, "RESOURCE_ALREADY_EXIST", "Duplicated reference id. Creation of resource failed."
)

_Handler: TypeAlias = "Callable[[Truth, Request, tuple[str, ...]], Answer]"


class _Route(NamedTuple):
    verb: str
    path: re.Pattern[str]
    auth: str
    handle: _Handler


class Truth:
    """The service behind the wire. Any credentials that it did not make itself are refused."""

    def __init__(
        self,
        *,
        subscription_key: str = "0123456789abcdef0123456789abcdef",
        atomic: bool = True,
        final: str = "SUCCESSFUL",
    ) -> None:
        self.subscription_key = subscription_key
        self.ledger = Ledger()
        self.api_user = str(uuid.uuid4())
        self.api_key = uuid.uuid4().hex
        self.tokens: set[str] = set()
        self.token_life: int = 3600
        self.atomic = atomic
        """Off: a create does not look for the id first (what MTN leaves open)."""
        self.final = final
        """The status of what has been created."""
        self.ledger.create("apiuser", self.api_user, {"providerCallbackHost": "localhost"}, "CREATED")
        self._api_user_entry.keys.append(self.api_key)

    @property
    def _api_user_entry(self) -> Entry:
        entry = self.ledger.find("apiuser", self.api_user)
        assert entry is not None
        return entry

    @property
    def basic(self) -> str:
        """The Basic token of the API user that exists from the start."""
        return "Basic " + base64.b64encode(f"{self.api_user}:{self.api_key}".encode()).decode()

    def bearer(self) -> str:
        """A valid Bearer token, without a request."""
        token = f"token-{uuid.uuid4().hex}"
        self.tokens.add(token)
        return f"Bearer {token}"

    def answer(self, request: Request) -> Answer:
        """Do what the request asks, and say so."""
        path = unquote(request.path.partition("?")[0])
        for verb, pattern, auth, handle in _ROUTES:
            found = pattern.fullmatch(path)
            if verb == request.verb and found:
                return self._refuse(auth, request) or handle(self, request, found.groups())
        return gateway_error(404, "Resource not found")

    def _refuse(self, auth: str, request: Request) -> Answer | None:
        if request.headers.get("ocp-apim-subscription-key") != self.subscription_key:
            return KEY_REFUSED
        given = request.headers.get("authorization", "")
        if auth == "bearer" and (not given.startswith("Bearer ") or given[7:] not in self.tokens):
            return TOKEN_REFUSED
        if auth == "basic" and not self._knows(given):
            return answer(401, {"error": "login_failed"})
        return None

    def _knows(self, basic: str) -> bool:
        try:
            user, _, key = base64.b64decode(basic.removeprefix("Basic "), validate=True).decode().partition(":")
        except ValueError:
            return False
        entry = self.ledger.find("apiuser", user)
        return entry is not None and entry.keys[-1:] == [key]


def _body(request: Request) -> dict[str, Any] | None:
    try:
        body = json.loads(request.body)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _reference(request: Request) -> str | None:
    try:
        return str(uuid.UUID(request.headers.get("x-reference-id", "")))
    except ValueError:
        return None


def _token(truth: Truth, request: Request, _: tuple[str, ...]) -> Answer:
    return answer(
        200, {"access_token": truth.bearer()[7:], "token_type": "access_token", "expires_in": truth.token_life}
    )


def _create(kind: str) -> _Handler:
    def handle(truth: Truth, request: Request, _: tuple[str, ...]) -> Answer:
        reference_id, body = _reference(request), _body(request)
        if reference_id is None or body is None:
            return Answer(400)
        money = body.get("money", body)
        if money.get("currency", "EUR") != "EUR":
            return platform_error(500, "INVALID_CURRENCY", "Currency not supported.")
        if not truth.ledger.create(kind, reference_id, body, truth.final, atomic=truth.atomic):
            return DUPLICATE
        return Answer(202)

    return handle


def echo(entry: Entry) -> dict[str, Any]:
    """What a status call says of an entry: its payload again, with money normalised as MTN does it."""
    said = {**entry.payload, "status": entry.status}
    with contextlib.suppress(KeyError, InvalidOperation):
        said["amount"] = f"{Decimal(said['amount']).normalize():f}"
    if entry.kind in ("invoice", "payment"):
        said["referenceId"] = entry.reference_id
    if entry.status == "SUCCESSFUL":
        said["financialTransactionId"] = str(uuid.UUID(entry.reference_id).int % 10**9)
    if entry.status == "FAILED":
        said["reason"] = "APPROVAL_REJECTED"
    return said


def _status(kind: str) -> _Handler:
    def handle(truth: Truth, _: Request, ids: tuple[str, ...]) -> Answer:
        entry = truth.ledger.find(kind, ids[0].lower())
        return answer(200, echo(entry)) if entry is not None else NOT_FOUND

    return handle


def _cancel(kind: str) -> _Handler:
    def handle(truth: Truth, request: Request, ids: tuple[str, ...]) -> Answer:
        entry = truth.ledger.find(kind, ids[0].lower())
        if entry is None:
            return NOT_FOUND
        entry.status = "CANCELLED"
        return answer(200, {"externalId": entry.payload.get("externalId", "")}) if kind == "invoice" else Answer(200)

    return handle


def _notify(truth: Truth, request: Request, ids: tuple[str, ...]) -> Answer:
    if truth.ledger.find("requesttopay", ids[0].lower()) is None:
        return NOT_FOUND
    truth.ledger.notified.append((ids[0].lower(), str((_body(request) or {}).get("notificationMessage"))))
    return Answer(200)


def _create_user(truth: Truth, request: Request, _: tuple[str, ...]) -> Answer:
    reference_id, body = _reference(request), _body(request)
    if reference_id is None or body is None:
        return Answer(400)
    return Answer(201) if truth.ledger.create("apiuser", reference_id, body, "CREATED") else DUPLICATE


def _show_user(truth: Truth, _: Request, ids: tuple[str, ...]) -> Answer:
    entry = truth.ledger.find("apiuser", ids[0].lower())
    return answer(200, {**entry.payload, "targetEnvironment": "sandbox"}) if entry is not None else NOT_FOUND


def _create_key(truth: Truth, _: Request, ids: tuple[str, ...]) -> Answer:
    entry = truth.ledger.find("apiuser", ids[0].lower())
    if entry is None:
        return NOT_FOUND
    entry.keys.append(uuid.uuid4().hex)
    return answer(201, {"apiKey": entry.keys[-1]})


def _always(body: object) -> _Handler:
    return lambda truth, request, ids: answer(200, body)


_ID = "([0-9A-Fa-f-]{36})"
_BALANCE = {"availableBalance": "1000", "currency": "EUR"}
_BASIC_INFO = {
    "given_name": "Sand",
    "family_name": "Box",
    "birthdate": "1976-08-13",
    "locale": "sv_SE",
    "gender": "MALE",
    "status": "ACTIVE",
}
_OAUTH2_TOKEN = {
    "access_token": "oauth2-token",
    "token_type": "Bearer",
    "expires_in": 3600,
    "scope": "profile",
    "refresh_token": "refresh-token",
    "refresh_token_expired_in": 86400,
}


def _route(verb: str, path: str, auth: str, handle: _Handler) -> _Route:
    return _Route(verb, re.compile(path), auth, handle)


_ROUTES: Final[tuple[_Route, ...]] = (
    _route("POST", "/collection/v1_0/requesttopay", "bearer", _create("requesttopay")),
    _route("GET", f"/collection/v1_0/requesttopay/{_ID}", "bearer", _status("requesttopay")),
    _route("POST", f"/collection/v1_0/requesttopay/{_ID}/deliverynotification", "bearer", _notify),
    _route("POST", "/collection/v[12]_0/requesttowithdraw", "bearer", _create("requesttowithdraw")),
    _route("GET", f"/collection/v1_0/requesttowithdraw/{_ID}", "bearer", _status("requesttowithdraw")),
    _route("POST", "/collection/v2_0/invoice", "bearer", _create("invoice")),
    _route("GET", f"/collection/v2_0/invoice/{_ID}", "bearer", _status("invoice")),
    _route("DELETE", f"/collection/v2_0/invoice/{_ID}", "bearer", _cancel("invoice")),
    _route("POST", "/collection/v2_0/payment", "bearer", _create("payment")),
    _route("GET", f"/collection/v2_0/payment/{_ID}", "bearer", _status("payment")),
    _route("POST", "/collection/v2_0/preapproval", "bearer", _create("preapproval")),
    _route("GET", f"/collection/v2_0/preapproval/{_ID}", "bearer", _status("preapproval")),
    _route("DELETE", f"/collection/v1_0/preapproval/{_ID}", "bearer", _cancel("preapproval")),
    _route("GET", "/collection/v1_0/preapprovals/[^/]+/[^/]+", "bearer", _always([])),
    _route("POST", "/collection/token/", "basic", _token),
    _route("POST", "/collection/oauth2/token/", "basic", _always(_OAUTH2_TOKEN)),
    _route(
        "POST",
        "/collection/v1_0/bc-authorize",
        "bearer",
        _always({"auth_req_id": "r", "interval": 5, "expires_in": 60}),
    ),
    _route("GET", "/collection/oauth2/v1_0/userinfo", "bearer", _always({"sub": "0", "name": "Sand Box"})),
    _route("GET", "/collection/v1_0/accountholder/[^/]+/[^/]+/basicuserinfo", "bearer", _always(_BASIC_INFO)),
    _route("GET", "/collection/v1_0/accountholder/[^/]+/[^/]+/active", "bearer", _always({"result": True})),
    _route("GET", "/collection/v1_0/account/balance(?:/[A-Z]{3})?", "bearer", _always(_BALANCE)),
    _route("POST", "/v1_0/apiuser", "none", _create_user),
    _route("GET", f"/v1_0/apiuser/{_ID}", "none", _show_user),
    _route("POST", f"/v1_0/apiuser/{_ID}/apikey", "none", _create_key),
)
