"""One case of the fault matrix: a truthful server on which one fault strikes one kind of operation."""

from __future__ import annotations

import contextlib
import functools
import re
import ssl
import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, Literal, NamedTuple, Self, TypeAlias, cast

from . import resolver
from .catalogue import Fault, Hit, Play, bomb
from .certificates import Authority
from .server import FaultServer, Head, LoopThread, Request
from .steps import Answer, Do, Send, Step
from .truth import Truth, gateway_error

Kind: TypeAlias = Literal["T", "R", "K", "X", "U", "P"]
Position: TypeAlias = Literal["first", "second", "all"]

KINDS: Final[tuple[Kind, ...]] = ("T", "R", "K", "X", "U", "P")
POSITIONS: Final[tuple[Position, ...]] = ("first", "second", "all")


class Target(NamedTuple):
    """The requests of one kind of operation on the wire."""

    verb: str
    send: re.Pattern[str]
    """The path of what the call is for."""
    look: re.Pattern[str] | None
    """The path of the status call by which its fate is learnt."""


def _target(verb: str, send: str, look: str | None = None) -> Target:
    return Target(verb, re.compile(send), re.compile(look) if look else None)


TARGETS: Final[dict[Kind, Target]] = {
    "T": _target("POST", "/collection/token/"),
    "R": _target("GET", "/collection/v1_0/requesttopay/[^/]+"),
    "K": _target("POST", "/collection/v1_0/requesttopay", "/collection/v1_0/requesttopay/[^/]+"),
    "X": _target("DELETE", "/collection/v2_0/invoice/[^/]+", "/collection/v2_0/invoice/[^/]+"),
    "U": _target("POST", "/collection/v1_0/requesttopay/[^/]+/deliverynotification"),
    "P": _target("POST", "/v1_0/apiuser/[^/]+/apikey"),
}

UNCLEAR: Final = Answer(503)
"""What comes before a fault in second place: class A, so that there is a second request."""
WAIT: Final = gateway_error(429, "Rate limit is exceeded. Try again in 0 seconds.", ("Retry-After", "0"))
"""The same for an operation that must not be repeated once its fate is unclear."""


_preparing: Final = threading.Lock()


@functools.cache
def authority() -> Authority:
    """Who signs the certificates of every stage in this process."""
    return Authority()


@functools.cache
def _context(which: str) -> ssl.SSLContext:
    match which:
        case "self-signed":
            return authority().server("127.0.0.1", self_signed=True)
        case "wrong host":
            return authority().server("momo.invalid", "127.0.0.9")
        case "expired":
            return authority().server("127.0.0.1", starts=timedelta(days=-9), ends=timedelta(days=-2))
        case "not yet valid":
            return authority().server("127.0.0.1", starts=timedelta(days=2), ends=timedelta(days=9))
        case "wrong usage":
            return authority().server("127.0.0.1", usage="1.3.6.1.5.5.7.3.2")
        case _:
            return authority().server("127.0.0.1")


class Stage:
    """A server with a ledger, on which `fault` strikes the requests of `kind` in `position`.

    In second place the first request is answered unclearly and not acted upon. A fault of status calls strikes the
    looks of a create or a cancel, whose first request is then acted upon and answered unclearly in every position.
    Faults of a connection count connections, and every answer then ends its own. Until `arm` is called (at the
    start, unless told otherwise) nothing strikes, so that a client can be warmed up.
    """

    def __init__(
        self,
        fault: Fault | None,
        kind: Kind,
        position: Position = "first",
        *,
        host: LoopThread | None = None,
        truth: Truth | None = None,
        elsewhere: str = "http://127.0.0.1:9",
        armed: bool = True,
    ) -> None:
        self.fault = fault
        self.kind: Kind = kind
        self.position: Position = position
        self.truth = truth or Truth()
        self.sends: list[Request] = []
        self.looks: list[Request] = []
        self.renewals: list[Request] = []
        """Every other request: tokens asked for, above all."""
        self.unread = 0
        """Requests of the kind that reached the machine and were never read."""
        self.struck = 0
        """How often the fault did its work; at a fault of the name look-up, how many look-ups it answered."""
        self._elsewhere = elsewhere
        self._connections = self._looked = self._sent = 0
        self._armed = armed
        where = fault.where if fault is not None else "request"
        self._ends = where in ("route", "handshake", "unread")
        self.server = FaultServer(
            self._script,
            unread=self._leave if where == "unread" else None,
            tls=self._shake if where == "handshake" else None,
            host=host,
            name=resolver.NAME if where == "route" else None,
        )
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._prepare()
        self._stack.enter_context(self.server)
        if self.fault is not None and self.fault.where == "route":
            self._stack.enter_context(resolver.routed(self.server.port, self._lead))
            if self.fault.name == "backlog full":
                self._stack.enter_context(resolver.FullBacklog(resolver.FULL, self.server.port))
        return self

    def _prepare(self) -> None:
        # What takes long is made here and once: in the thread of the server it would hold up every other stage.
        with _preparing:
            if self.fault is not None and self.fault.name == "gzip bomb":
                bomb()
            if self.fault is not None and self.fault.where == "handshake":
                _context("right")
                _context(self.fault.play if isinstance(self.fault.play, str) else "right")

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        if self.server.errors:
            raise AssertionError("the server itself failed") from self.server.errors[0]

    @property
    def base_url(self) -> str:
        """Where a client finds the service."""
        return self.server.base_url

    @property
    def trusted(self) -> ssl.SSLContext | None:
        """What a client has to trust; None where the stage speaks no TLS."""
        return authority().client() if self.base_url.startswith("https") else None

    def arm(self) -> None:
        """From now on the fault strikes; what came before is not counted."""
        self._armed = True
        for seen in (self.sends, self.looks, self.renewals):
            seen.clear()
        self.struck = self.unread = self._connections = self._looked = self._sent = 0

    def _due(self, number: int) -> bool:
        return self._armed and (self.position == "all" or number == (1 if self.position == "first" else 2))

    def _strikes(self, number: int) -> bool:
        due = self._due(number)
        self.struck += due
        return due

    def _lead(self) -> str:
        assert self.fault is not None
        self._connections += 1
        return cast(resolver.Route, self.fault.play)() if self._strikes(self._connections) else resolver.HERE

    def _shake(self, number: int) -> ssl.SSLContext | Sequence[Step]:
        assert self.fault is not None
        self._connections += 1
        if not self._strikes(self._connections):
            return _context("right")
        if isinstance(self.fault.play, str):
            return _context(self.fault.play)
        return cast(Play, self.fault.play)(cast(Hit, None))

    def _sort(self, verb: str, path: str) -> Literal["send", "look", "other"]:
        target, path = TARGETS[self.kind], path.partition("?")[0]
        if verb == target.verb and target.send.fullmatch(path):
            return "send"
        if verb == "GET" and target.look is not None and target.look.fullmatch(path):
            return "look"
        return "other"

    def _leave(self, head: Head) -> Sequence[Step] | None:
        """What to do with a request that lies unread in the kernel; None to read it."""
        assert self.fault is not None
        match self._sort(head.verb, head.path):
            case "send" if self._due(self._sent + 1):
                self._sent += 1
                self.unread += 1
            case "look" if self._armed and self.position == "all":
                pass
            case _:
                return None
        self.struck += 1
        return cast(Play, self.fault.play)(cast(Hit, None))

    def _script(self, request: Request) -> Sequence[Step]:
        what = self._sort(request.verb, request.path)
        {"send": self.sends, "look": self.looks, "other": self.renewals}[what].append(request)
        hit = Hit(request, self.truth, self._elsewhere)
        if self.fault is not None and self._armed:
            if what == "send":
                self._sent += 1
                return self._on_send(hit, self._sent)
            if what == "look":
                self._looked += 1
                return self._on_look(hit, self._looked)
        return self._honest(hit)

    def _on_send(self, hit: Hit, number: int) -> Sequence[Step]:
        assert self.fault is not None
        where = self.fault.where
        if where == "look" and TARGETS[self.kind].look is not None:
            return [Do(hit.act), self._write(UNCLEAR)] if number == 1 else self._honest(hit)
        if where == "look" and self.kind != "R":
            return self._honest(hit)
        if self.position == "second" and number == 1:
            return [self._write(WAIT if self.kind == "U" else UNCLEAR)]
        if where in ("request", "look") and self._strikes(number):
            return cast(Play, self.fault.play)(hit)
        return self._honest(hit)

    def _on_look(self, hit: Hit, number: int) -> Sequence[Step]:
        assert self.fault is not None
        struck = (
            self._due(number)
            if self.fault.where == "look"
            else self.fault.where == "request" and self.position == "all"
        )
        if not struck:
            return self._honest(hit)
        self.struck += 1
        return cast(Play, self.fault.play)(hit)

    def _honest(self, hit: Hit) -> Sequence[Step]:
        # An answer is due when the request has been acted upon, not when it was read: both happen here at once.
        return [self._write(hit.act())]

    def _write(self, given: Answer) -> Send:
        return Send(given.encode("Connection: close") if self._ends else given.encode())


class Case(NamedTuple):
    """One cell of the matrix."""

    fault: Fault
    kind: Kind
    position: Position

    def __str__(self) -> str:
        return f"{self.fault.name}-{self.kind}-{self.position}".replace(" ", "_")


def cases(faults: Sequence[Fault]) -> list[Case]:
    """Every fault with every kind of operation in every position."""
    return [Case(fault, kind, position) for fault in faults for kind in KINDS for position in POSITIONS]


def payload(reference_id: str) -> dict[str, Any]:
    """A request to pay that the truthful service accepts."""
    return {
        "amount": "12.50",
        "currency": "EUR",
        "externalId": reference_id,
        "payer": {"partyIdType": "MSISDN", "partyId": "46733123499"},
        "payerMessage": "message",
        "payeeNote": "note",
    }
