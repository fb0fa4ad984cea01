"""The page: the payer's phone, and what happens, as it happens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from momopy.sandbox.control import foreign
from momopy.sandbox.masking import masked_text
from momopy.sandbox.records import Consent, Kind
from momopy.sandbox.sandbox import Payment, Sandbox

if TYPE_CHECKING:
    from momopy.sandbox.world import World

_HERE = Path(__file__).parent
SHOWN = 40
# Changes that come together are shown together.
GATHER = 0.1
HEARTBEAT = 15.0

ASKS: dict[Kind, str] = {
    "requesttopay": "asks you to pay",
    "requesttowithdraw": "asks you for a withdrawal",
    "invoice": "sent you an invoice",
    "payment": "asks you to pay",
    "preapproval": "wants to charge you in future",
}


class Ask(NamedTuple):
    """What the phone shows of something that waits for the payer."""

    key: str
    reference: str
    api_user: str
    asker: str
    asks: str
    payer: str | None
    sum: str | None
    currency: str
    message: str | None
    path: str
    yes: str
    no: str


def _clock_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S")


def _breakable(path: str) -> Markup:
    """A path that a narrow list breaks after a slash."""
    return Markup("/<wbr>").join(path.split("/"))


def _pace(speed: float) -> str:
    if speed == 0:
        return "time stands still"
    return "" if speed == 1 else f"{speed:g} times as fast"


class Page:
    """The handlers of the page."""

    def __init__(self, sandbox: Sandbox, world: World) -> None:
        self._sandbox = sandbox
        self._world = world
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )
        self._templates.filters |= {"time": _clock_time, "masked": masked_text, "breakable": _breakable}

    def _render(self, name: str) -> str:
        box = self._sandbox
        payments, consents = box.payments(), box.consents()
        waiting: list[Payment | Consent] = [payment for payment in reversed(payments) if _waits(payment)]
        waiting += [consent for consent in reversed(consents) if consent.status == "PENDING"]
        context: dict[str, Any] = {
            "box": box,
            "now": box.clock.now(),
            "speed": box.clock.speed,
            "pace": _pace(box.clock.speed),
            "asks": [self._ask(one) for one in waiting[:SHOWN]],
            "more": len(waiting[SHOWN:]),
            "held": box.held,
            "balance": box.balance,
            "payments": payments[: -SHOWN - 1 : -1],
            "consents": consents[: -SHOWN - 1 : -1],
            "requests": box.requests()[: -SHOWN - 1 : -1],
            "callbacks": box.callbacks()[: -SHOWN - 1 : -1],
        }
        return self._templates.get_template(name).render(context)

    def _ask(self, one: Payment | Consent) -> Ask:
        if isinstance(one, Consent):
            path = f"api/consents/{one.auth_req_id}"
            asker = (one.api_user, self._asker(one.api_user))
            return Ask(
                path, "", *asker, "asks to see", one.account_holder, None, "", one.scope, path, "Allow", "Refuse"
            )
        with self._world.lock:
            record = self._world.store.find(one.kind, one.reference_id)
            api_user = "" if record is None else record.api_user
        words = one.body.get("payerMessage") or one.body.get("description")
        return Ask(
            key=f"{one.kind} {one.reference_id} {one.created_at}",
            reference=one.reference_id,
            api_user=api_user,
            asker=self._asker(api_user),
            asks=ASKS[one.kind],
            payer=one.payer,
            sum=one.amount,
            currency=one.currency,
            message=f"“{words}”" if words else None,
            path=f"api/payments/{one.reference_id}",
            yes="Approve",
            no="Reject",
        )

    def _asker(self, api_user: str) -> str:
        """The callback host that the API user was made with: all that MTN, too, knows of a shop here."""
        with self._world.lock:
            user = self._world.store.users.get(api_user)
        return user.callback_host if user is not None and user.callback_host else f"API user {api_user[:8]}"

    async def whole(self, _: Request) -> Response:
        """The page."""
        return HTMLResponse(self._render("page.html"), headers={"cache-control": "no-store", **_POLICY})

    async def parts(self, _: Request) -> Response:
        """The parts of it that change."""
        return HTMLResponse(self._render("parts.html"), headers={"cache-control": "no-store"})

    async def events(self, _: Request) -> Response:
        """Says `change` whenever something did (server-sent events)."""
        return StreamingResponse(self._changes(), media_type="text/event-stream", headers={"cache-control": "no-store"})

    async def _changes(self) -> AsyncIterator[str]:
        loop, changed = asyncio.get_running_loop(), asyncio.Event()

        def wake(_: object) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(changed.set)

        watched: list[list[Any]] = [self._world.on_change, self._world.requests.listeners]
        with self._world.lock:
            for listeners in watched:
                listeners.append(wake)
        try:
            yield "retry: 1000\n\n"
            while True:
                try:
                    async with asyncio.timeout(HEARTBEAT):
                        await changed.wait()
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                await asyncio.sleep(GATHER)
                changed.clear()
                yield "event: change\ndata: {}\n\n"
        finally:
            with self._world.lock:
                for listeners in watched:
                    listeners.remove(wake)


# The page loads nothing from anywhere else, and runs no script but its own.
_POLICY = {"content-security-policy": "default-src 'self'; frame-ancestors 'none'"}


def _waits(payment: Payment) -> bool:
    return payment.status in ("PENDING", "CREATED")


def guarded(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """A handler that other sites' pages do not reach."""

    async def answer(request: Request) -> Response:
        return foreign(request) or await handler(request)

    return answer


def page_routes(sandbox: Sandbox, world: World) -> list[Route]:
    """The routes of the page."""
    page = Page(sandbox, world)

    async def static(request: Request) -> Response:
        return FileResponse(_HERE / "static" / str(request.url.path).rpartition("/")[2])

    return [
        Route("/_sandbox/", guarded(page.whole)),
        Route("/_sandbox/parts", guarded(page.parts)),
        Route("/_sandbox/events", guarded(page.events)),
        Route("/_sandbox/page.css", static),
        Route("/_sandbox/page.js", static),
    ]
