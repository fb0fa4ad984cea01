"""A worker that pays, or settles, and kills itself at a given point. Run in a process of its own.

The points on the wire lie in the sockets, where both halves of the client, and nothing of the journal, pass.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import uuid
from typing import Any, Final, NamedTuple, NoReturn

import sqlalchemy as sa

import momopy
from momopy import Settings, wire
from momopy.journal import SQLiteJournal
from tests.journal.places import Place

# Repeats as quick as a test can bear.
QUICK: Final = Settings(backoff=0.001, ambiguous_wait=0.001, token_spacing=0.001, status_rate=1000.0)
# Seconds for which a worker that settles keeps what it has claimed; the dead ones' claims end after it.
LEASE: Final = 1.0

# What the worker is about when it dies, and where.
POINTS: Final[dict[str, tuple[str, ...]]] = {
    "before the journal has it": ("journal", "begin", "before"),
    "while the journal takes it": ("journal", "begin", "within"),
    "when the journal has it": ("journal", "begin", "after"),
    "before the token is asked for": ("wire", "token", "before"),
    "before the request": ("wire", "create", "before"),
    "in the middle of the request": ("wire", "create", "half"),
    "after the request": ("wire", "create", "sent"),
    "with the answer at the socket": ("wire", "create", "heard"),
    "with the answer read": ("wire", "create", "read"),
    "before the journal knows the answer": ("journal", "end", "before"),
    "while the journal takes the answer": ("journal", "end", "within"),
    "when the journal knows the answer": ("journal", "end", "after"),
    "while waiting for the payment's end": ("wire", "status", "sent"),
    "while reconciling": ("wire", "status", "heard"),
}

_STARTS: Final = {
    b"POST /collection/token/": "token",
    b"POST /collection/v1_0/requesttopay ": "create",
    b"GET /collection/v1_0/requesttopay/": "status",
}


class Credentials(NamedTuple):
    """Where the local MoMo is, and as whom."""

    subscription_key: str
    api_user: str
    api_key: str
    base_url: str


def die() -> NoReturn:
    """End at once: nothing is flushed, closed or undone."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still there")


class Deadly:
    """A journal in which the worker dies."""

    def __init__(self, journal: Any, method: str, moment: str) -> None:
        self._journal = journal
        self._method = method
        self._moment = moment

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._journal, name)
        if name != self._method:
            return method

        def call(*args: Any) -> Any:
            match self._moment:
                case "before":
                    die()
                case "within":
                    _die_at_commit(self._journal)
            got = method(*args)
            if self._moment == "after":
                die()
            return got

        return call


def _die_at_commit(journal: Any) -> None:
    """All is written, and not yet for good."""
    if not isinstance(journal, SQLiteJournal):
        sa.event.listen(journal._engine, "commit", lambda connection: die())
        return

    def statement(text: str) -> None:
        if text == "COMMIT":
            die()

    with journal._connected() as connection:
        assert isinstance(connection, sqlite3.Connection)
        connection.set_trace_callback(statement)


def _die_on_wire(about: str, moment: str) -> None:
    """Die at this moment of the first exchange that is about this."""
    asks: dict[int, str] = {}
    send, recv, read = socket.socket.send, socket.socket.recv, wire.read

    def dying_send(self: socket.socket, data: Any, *flags: int) -> int:
        piece = bytes(data)
        for start, name in _STARTS.items():
            if piece.startswith(start):
                asks[self.fileno()] = name
                if name == about and moment == "before":
                    die()
        if asks.get(self.fileno()) != about or moment not in ("half", "sent"):
            return send(self, data, *flags)
        if about != "status" and piece.endswith(b"\r\n\r\n"):
            return send(self, data, *flags)  # the head alone: the body comes in another piece
        send(self, piece[:-20] if moment == "half" else piece)
        die()

    def dying_recv(self: socket.socket, *args: int) -> bytes:
        got = recv(self, *args)
        if got and moment == "heard" and asks.get(self.fileno()) == about:
            die()
        return got

    def dying_read(status: int, *args: Any, **kwargs: Any) -> Any:
        if status == 202:
            die()
        return read(status, *args, **kwargs)

    socket.socket.send, socket.socket.recv = dying_send, dying_recv  # type: ignore[method-assign, assignment]
    if moment == "read":
        wire.read = dying_read


def pay(
    place: list[str],
    credentials: list[str],
    point: str | None,
    *,
    awaited: bool,
    reference_id: str,
    body: dict[str, Any],
    settles: bool = False,
    forgetful: bool = False,
) -> dict[str, Any]:
    """Pay and wait for the end, or settle what the journal has open, and die at a point on the way."""
    where, about, moment = POINTS[point] if point else ("", "", "")
    with Place(*place).open() as opened:
        journal = Deadly(opened, about, moment) if where == "journal" else opened
        if where == "wire":
            _die_on_wire(about, moment)
        if forgetful:
            journal = Forgetful(opened)
        options = {**Credentials(*credentials)._asdict(), "settings": QUICK, "journal": journal}
        if awaited:
            return asyncio.run(_pay_awaited(options, reference_id, body, settles=settles))
        with momopy.SyncCollection(**options) as client:
            if settles:
                return {"settled": len(client.reconcile_open(1000, LEASE))}
            result = client.request_to_pay(uuid=reference_id, body=body)  # type: ignore[arg-type]
            client.wait_for_payment(reference_id, 5.0)
            return {"ok": result.ok}


async def _pay_awaited(
    options: dict[str, Any], reference_id: str, body: dict[str, Any], *, settles: bool
) -> dict[str, Any]:
    async with momopy.Collection(**options) as client:
        if settles:
            return {"settled": len(await client.reconcile_open(1000, LEASE))}
        result = await client.request_to_pay(uuid=reference_id, body=body)  # type: ignore[arg-type]
        await client.wait_for_payment(reference_id, 5.0)
        return {"ok": result.ok}


def warm() -> None:
    """Load what the library loads when it is first used, so that no worker has to."""
    nobody = Credentials("0123456789abcdef", str(uuid.uuid4()), "0123456789abcdef", "http://127.0.0.1:9")
    body: Any = {"amount": "1", "currency": "EUR", "payer": {"partyIdType": "MSISDN", "partyId": "46733123450"}}

    async def awaited() -> None:
        async with momopy.Collection(**nobody._asdict(), settings=QUICK) as client:
            await client.request_to_pay(body=body)
            await client.reconcile(uuid.uuid4())

    asyncio.run(awaited())
    with momopy.SyncCollection(**nobody._asdict(), settings=QUICK) as client:
        client.request_to_pay(body=body)
        client.reconcile(uuid.uuid4())


class Forgetful:
    """A journal that says it has written an entry and has not: the check has to find it out."""

    def __init__(self, journal: Any) -> None:
        self._journal = journal

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    def begin(self, entry: object) -> bool:
        """Lose it."""
        return True
