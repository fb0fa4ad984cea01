"""The control API under `/_sandbox/api`: what Python can do with a sandbox, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import attrs
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from momopy.sandbox.behaviours import BEHAVIOURS
from momopy.sandbox.clock import iso
from momopy.sandbox.faults import Fault
from momopy.sandbox.records import Delivery
from momopy.sandbox.reqlog import Received
from momopy.sandbox.sandbox import Payment, Sandbox
from momopy.sandbox.shapes import is_ip


class _Bad(Exception):
    """A control request that makes no sense."""


async def _document(request: Request) -> dict[str, Any]:
    body = await request.body()
    try:
        document = json.loads(body) if body else {}
    except ValueError:
        raise _Bad("the body is no JSON") from None
    if not isinstance(document, dict):
        raise _Bad("the body is no JSON object")
    return document


def _payment(payment: Payment) -> dict[str, Any]:
    return attrs.asdict(payment) | {"created_at": iso(payment.created_at), "changed_at": iso(payment.changed_at)}


def _received(entry: Received) -> dict[str, Any]:
    return attrs.asdict(entry) | {"at": iso(entry.at)}


def _delivery(entry: Delivery) -> dict[str, Any]:
    shown = attrs.asdict(entry, filter=lambda field, _: field.name not in ("chain", "place"))
    return shown | {
        "due_at": iso(entry.due_at),
        "sent_at": None if entry.sent_at is None else iso(entry.sent_at),
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {name: value for name, value in attrs.asdict(fault).items() if not name.startswith("_")}


class _Control:
    """The handlers; each is a few lines around a method of `Sandbox`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def state(self, _: Request) -> Any:
        box = self._sandbox
        return {
            "now": iso(box.clock.now()),
            "speed": box.clock.speed,
            "target": box.target,
            "currency": box.currency,
            "balance": str(box.balance),
            "held": box.held,
            "env": box.env(),
        }

    async def payments(self, request: Request) -> Any:
        kind: Any = request.query_params.get("kind")
        return [_payment(payment) for payment in self._sandbox.payments(kind)]

    async def payment(self, request: Request) -> Any:
        return _payment(self._sandbox.payment(request.path_params["reference_id"], None))

    async def approve(self, request: Request) -> Any:
        self._sandbox.approve(request.path_params["reference_id"])
        return await self.payment(request)

    async def reject(self, request: Request) -> Any:
        document = await _document(request)
        reason = document.get("reason", "APPROVAL_REJECTED")
        if not isinstance(reason, str):
            raise _Bad("a reason is a string")
        self._sandbox.reject(request.path_params["reference_id"], reason)
        return await self.payment(request)

    async def requests(self, request: Request) -> Any:
        return [_received(entry) for entry in self._sandbox.requests(request.query_params.get("operation"))]

    async def callbacks(self, request: Request) -> Any:
        return [_delivery(entry) for entry in self._sandbox.callbacks(request.query_params.get("reference_id"))]

    async def tokens(self, _: Request) -> Any:
        return [
            {
                "api_user": token.api_user,
                "made_at": iso(token.made_at),
                "expires_at": iso(token.expires_at),
                "scope": token.scope,
                "ends_with": token.value[-6:],
            }
            for token in self._sandbox.tokens()
        ]

    async def notifications(self, _: Request) -> Any:
        return [attrs.asdict(entry) | {"at": iso(entry.at)} for entry in self._sandbox.notifications()]

    async def consents(self, _: Request) -> Any:
        return [attrs.asdict(consent) for consent in self._sandbox.consents()]

    async def consent(self, request: Request) -> Any:
        answer = request.path_params["answer"]
        if answer not in ("approve", "reject"):
            raise LookupError("a consent is approved or rejected")
        self._sandbox.consent(request.path_params["auth_req_id"], approve=answer == "approve")
        return {}

    async def switches(self, request: Request) -> Any:
        if request.method == "PATCH":
            self._sandbox.set_switches(**await _document(request))
        return attrs.asdict(self._sandbox.switches)

    async def callback_mode(self, request: Request) -> Any:
        if request.method == "PATCH":
            self._sandbox.set_callback_mode(**await _document(request))
        return attrs.asdict(self._sandbox.callback_mode)

    async def faults(self, request: Request) -> Any:
        if request.method == "DELETE":
            self._sandbox.clear_faults()
        if request.method == "POST":
            document = await _document(request)
            kind: Any = document.pop("kind", None)
            return _fault(self._sandbox.fault(kind, **document))
        return [_fault(fault) for fault in self._sandbox.faults]

    async def clock(self, request: Request) -> Any:
        document = await _document(request)
        match document:
            case {"advance": seconds, **more} if not more:
                self._sandbox.advance(seconds)
            case {"speed": speed, **more} if not more:
                self._sandbox.set_speed(speed)
            case _:
                raise _Bad('say {"advance": seconds} or {"speed": factor}')
        return await self.state(request)

    async def held(self, request: Request) -> Any:
        document = await _document(request)
        number = document.get("number", "*")
        if not isinstance(number, str):
            raise _Bad("a number is a string")
        if request.method == "POST":
            self._sandbox.hold(number)
        else:
            self._sandbox.release(number)
        return self._sandbox.held

    async def reset(self, _: Request) -> Any:
        self._sandbox.reset()
        return {}

    async def behaviours(self, _: Request) -> Any:
        return [behaviour._asdict() for behaviour in BEHAVIOURS]


Handler = Callable[[Request], Any]


def _answering(handler: Handler) -> Handler:
    async def answer(request: Request) -> Response:
        refusal = foreign(request)
        if refusal is not None:
            return refusal
        try:
            return JSONResponse(await handler(request))
        except LookupError as error:
            return JSONResponse({"error": str(error)}, 404)
        except (_Bad, ValueError, TypeError, AttributeError) as error:
            return JSONResponse({"error": str(error.args[0] if error.args else error)}, 400)

    return answer


def foreign(request: Request) -> Response | None:
    """A refusal for a page of some other site that tries to steer the sandbox through the user's browser."""
    host, origin = request.headers.get("host", ""), request.headers.get("origin")
    by_browser = origin is not None or "sec-fetch-site" in request.headers
    if not by_browser:
        return None
    # A name of somebody else's may be made to lead here: a browser must come by address or as localhost.
    name = (urlsplit(f"//{host}").hostname or "").lower()
    own = is_ip(name) or name == "localhost" or name.endswith(".localhost")
    if own and (origin is None or urlsplit(origin).netloc == host):
        return None
    return JSONResponse({"error": "only the sandbox's own page may do this"}, 403)


def control_routes(sandbox: Sandbox) -> list[Route]:
    """The routes of the control API."""
    control = _Control(sandbox)
    table: list[tuple[str, Handler, list[str]]] = [
        ("state", control.state, ["GET"]),
        ("payments", control.payments, ["GET"]),
        ("payments/{reference_id}", control.payment, ["GET"]),
        ("payments/{reference_id}/approve", control.approve, ["POST"]),
        ("payments/{reference_id}/reject", control.reject, ["POST"]),
        ("requests", control.requests, ["GET"]),
        ("callbacks", control.callbacks, ["GET"]),
        ("tokens", control.tokens, ["GET"]),
        ("notifications", control.notifications, ["GET"]),
        ("consents", control.consents, ["GET"]),
        ("consents/{auth_req_id}/{answer}", control.consent, ["POST"]),
        ("switches", control.switches, ["GET", "PATCH"]),
        ("callback-mode", control.callback_mode, ["GET", "PATCH"]),
        ("faults", control.faults, ["GET", "POST", "DELETE"]),
        ("clock", control.clock, ["POST"]),
        ("held", control.held, ["POST", "DELETE"]),
        ("reset", control.reset, ["POST"]),
        ("behaviours", control.behaviours, ["GET"]),
    ]
    return [Route(f"/_sandbox/api/{path}", _answering(handler), methods=methods) for path, handler, methods in table]
