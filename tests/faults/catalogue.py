"""The faults, as data: what happens on the wire, whether the service acted, and what a client may conclude.

The classes are those of the decision table: N not sent, M may have been sent, Q refused before processing, C refused
for what the request holds, B refused for the state of an account, A answered with its fate unclear, S accepted,
D duplicate. Where an answer has to be read, and not only its status line, four more: `tls` (certificate refused: N,
never repeated), `bad` (unusable body), `big` (over the limit), `ok` (harmless).
"""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final, Literal, NamedTuple, TypeAlias

from . import resolver
from .server import Request
from .steps import Answer, Do, Drip, Finish, Hold, Pause, Reset, Send, Step, Stream, Take
from .truth import DUPLICATE, JSON, KEY_REFUSED, NOT_FOUND, TOKEN_REFUSED, Truth, answer, gateway_error, platform_error

Where: TypeAlias = Literal["route", "handshake", "unread", "request", "look"]
Acted: TypeAlias = Literal["no", "yes", "late", "burned"]
FailureClass: TypeAlias = Literal["N", "tls", "M", "Q", "C", "B", "A", "S", "D", "bad", "big", "ok"]
Group: TypeAlias = Literal["connect", "send", "no answer", "broken answer", "body", "meaning"]

DRIP: Final = 0.02
"""Between two bytes: shorter than any read timeout a test uses, so that none of them ends a drip."""
LATE: Final = 0.03
"""After the end of a connection, until its request is acted upon nevertheless."""
HUGE: Final = 50 * 1024 * 1024


class Hit:
    """One request that a fault befell."""

    def __init__(self, request: Request, truth: Truth, elsewhere: str) -> None:
        self.request = request
        self.truth = truth
        self.elsewhere = elsewhere
        """The base URL of another server, which nobody may be led to."""
        self._answer: Answer | None = None

    def act(self) -> Answer:
        """Have the service do what was asked (once), and give its true answer."""
        if self._answer is None:
            self._answer = self.truth.answer(self.request)
        return self._answer

    def burn(self) -> None:
        """Use up the id of the request without creating anything."""
        self.truth.ledger.burned.add(self.request.headers.get("x-reference-id", "").lower())


Play: TypeAlias = Callable[[Hit], Sequence[Step]]


class Fault(NamedTuple):
    """One way for a call to go wrong."""

    name: str
    group: Group
    where: Where
    """What it befalls: the name look-up, the TLS handshake, a request that lies unread, a request that was read, or
    a status call only."""
    acted: Acted
    """Whether the service did what was asked: `late` after the client's connection ended, `burned` only the id."""
    writing: FailureClass
    """What it is to a client that created something: the status line alone decides."""
    reading: FailureClass
    """What it is to a client that needs the body."""
    raises: frozenset[str]
    """What httpx 0.28.1 raises for it, or else `Response.json`, by name; several where the timing decides."""
    play: Play | resolver.Route | str
    """On the wire, at the name look-up, or the certificate to show."""

    @property
    def silent(self) -> bool:
        """Whether only a timeout or a deadline ends it: anywhere else a short timeout tests how busy the machine is."""
        return "drip" in self.name or any(name.endswith("Timeout") for name in self.raises)


def _fault(
    name: str,
    group: Group,
    where: Where,
    acted: Acted,
    classes: str,
    raises: str,
    play: Play | resolver.Route | str,
) -> Fault:
    writing, _, reading = classes.partition("/")
    return Fault(name, group, where, acted, writing, reading or writing, frozenset(raises.split()), play)  # type: ignore[arg-type]


def _say(*steps: Step) -> Play:
    """The same steps for each request; the service never learns of it."""
    return lambda hit: steps


def _acted(*steps: Step) -> Play:
    """The same, after the service acted."""
    return lambda hit: [Do(hit.act), *steps]


def _answer(given: Answer, *, acted: bool = False) -> Play:
    """An answer that is not the service's own."""
    return (_acted if acted else _say)(Send(given.encode()))


def _late(hit: Hit) -> Sequence[Step]:
    return [Reset(), Pause(LATE), Do(hit.act)]


def _true(change: Callable[[Answer], Sequence[Step]]) -> Play:
    """What becomes of the true answer on its way."""
    return lambda hit: change(hit.act())


def _filled(true: Answer) -> Answer:
    """The true answer with something in its body, for faults that need one: a 202 has none."""
    return true if len(true.body) > 20 else answer(true.status, {"note": "x" * 100})


def _body(content: bytes, *headers: tuple[str, str]) -> Play:
    """The true status with another body."""
    return _true(lambda true: [Send(Answer(true.status, content, headers or (JSON,)).encode())])


def _cut(*end: Step) -> Play:
    def change(true: Answer) -> Sequence[Step]:
        full = _filled(true)
        return [Send(full.head() + full.body[: len(full.body) // 2]), *end]

    return _true(change)


def _chunked(content: bytes, *end: Step) -> Play:
    return _true(lambda true: [Send(true.head("Transfer-Encoding: chunked", length=-1) + content), *end])


def _merged(content: bytes) -> Play:
    """The true JSON body (or none) with one more member, written as given."""

    def change(true: Answer) -> Sequence[Step]:
        members = true.body.strip()[1:-1] if true.body.startswith(b"{") else b""
        body = b"{" + b", ".join(part for part in (members, content) if part) + b"}"
        return [Send(Answer(true.status, body, (JSON,)).encode())]

    return _true(change)


def _huge() -> Iterator[bytes]:
    piece = b" " * (1 << 16)
    for _ in range(HUGE // len(piece)):
        yield piece


@functools.cache
def bomb() -> bytes:
    """50 MB in 50 KB; making it takes a moment, so that nobody should do it first while a client waits."""
    return gzip.compress(b" " * HUGE, 9)


def _drip_head(true: Answer) -> Sequence[Step]:
    return [Drip(true.head("X-Padding: " + "x" * 100), DRIP), Send(true.body)]


def _drip_body(true: Answer) -> Sequence[Step]:
    full = _filled(true)
    return [Send(full.head()), Drip(full.body, DRIP)]


def _no_length(true: Answer) -> Sequence[Step]:
    full = _filled(true)
    return [Send(full.head("Connection: close", length=-1) + full.body[: len(full.body) // 2]), Finish()]


def _stray(true: Answer) -> Sequence[Step]:
    return [Send(true.encode() + answer(200, {"status": "SUCCESSFUL", "stray": True}).encode())]


def _short(true: Answer) -> Sequence[Step]:
    full = _filled(true)
    return [Send(full.head(length=len(full.body) // 2) + full.body)]


def _redirect(hit: Hit) -> Sequence[Step]:
    return [Send(Answer(307, b"", (("Location", f"{hit.elsewhere}{hit.request.path}"),)).encode())]


def _burned(hit: Hit) -> Sequence[Step]:
    given = platform_error(500, "INTERNAL_PROCESSING_ERROR")
    return [Do(hit.burn), Send(given.encode())]


def _foreign(hit: Hit) -> Sequence[Step]:
    other = {"externalId": "of-somebody-else", "amount": "999999", "currency": "EUR", "status": "SUCCESSFUL"}
    party = {"partyIdType": "MSISDN", "partyId": "46700000000"}
    return [Send(answer(200, {**other, "payer": party, "intendedPayer": party}).encode())]


def _word(hit: Hit) -> Sequence[Step]:
    true = hit.act()
    if true.status != 200:
        return [Send(true.encode())]
    return [Send(answer(200, {**json.loads(true.body), "status": "ONGOING"}).encode())]


def _limited(wait: str | None, text: str) -> Answer:
    headers = (("Retry-After", wait),) if wait is not None else ()
    return gateway_error(429, f"Rate limit is exceeded. Try again {text}.", *headers)


def _limited_until(hit: Hit) -> Sequence[Step]:
    moment = format_datetime(datetime.now(UTC) + timedelta(minutes=1), usegmt=True)
    return [Send(_limited(moment, "later").encode())]


_NO_BLOCK: Final = b"\x1f\x8b\x08" + bytes(7) + b"\xff" * 20
"""A gzip header and then a block of the type that there is not."""
_HTML: Final = b"<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>"
_HTML_TYPE: Final = ("Content-Type", "text/html")
_TRUE_200: Final = b"HTTP/1.1 200 OK\r\n"

CONNECT: Final = (
    _fault("refused port", "connect", "route", "no", "N", "ConnectError", lambda: resolver.NOBODY),
    _fault("name unknown", "connect", "route", "no", "N", "ConnectError", resolver.no_such_name),
    _fault("resolver silent", "connect", "route", "no", "N", "ConnectError", resolver.no_resolver),
    _fault("backlog full", "connect", "route", "no", "N", "ConnectTimeout", lambda: resolver.FULL),
    _fault("unreachable", "connect", "route", "no", "N", "ConnectError", lambda: resolver.UNREACHABLE),
    _fault("certificate self-signed", "connect", "handshake", "no", "tls", "ConnectError", "self-signed"),
    _fault("certificate for another host", "connect", "handshake", "no", "tls", "ConnectError", "wrong host"),
    _fault("certificate expired", "connect", "handshake", "no", "tls", "ConnectError", "expired"),
    _fault("handshake cut", "connect", "handshake", "no", "N", "ConnectError", _say(Finish())),
    _fault("handshake stalls", "connect", "handshake", "no", "N", "ConnectTimeout", _say(Hold())),
)

SEND: Final = (
    _fault("reset before reading", "send", "unread", "no", "M", "ReadError RemoteProtocolError", _say(Reset())),
    _fault("closed before reading", "send", "unread", "no", "M", "ReadError RemoteProtocolError", _say(Finish())),
    _fault(
        "reset in mid-request", "send", "unread", "no", "M", "ReadError RemoteProtocolError", _say(Take(40), Reset())
    ),
    _fault("never reads", "send", "unread", "no", "M", "ReadTimeout", _say(Hold())),
    _fault(
        "closed while idle", "send", "request", "yes", "S/ok", "", _true(lambda true: [Send(true.encode()), Finish()])
    ),
    _fault("closed as we send", "send", "request", "no", "M", "RemoteProtocolError", _say(Finish())),
)

NO_ANSWER: Final = (
    _fault("reset after", "no answer", "request", "yes", "M", "ReadError", _acted(Reset())),
    _fault("closed after", "no answer", "request", "yes", "M", "RemoteProtocolError", _acted(Finish())),
    _fault("silence", "no answer", "request", "yes", "M", "ReadTimeout", _acted(Hold())),
    _fault(
        "silence after 100",
        "no answer",
        "request",
        "yes",
        "M",
        "ReadTimeout",
        _acted(Send(b"HTTP/1.1 100 Continue\r\n\r\n"), Hold()),
    ),
    _fault(
        "acted upon late",
        "no answer",
        "request",
        "late",
        "M",
        "ReadError",
        _late,
    ),
    _fault(
        "answer too late",
        "no answer",
        "request",
        "yes",
        "M",
        "ReadTimeout",
        _true(lambda true: [Pause(3.0), Send(true.encode())]),
    ),
)

BROKEN: Final = (
    _fault(
        "half status line",
        "broken answer",
        "request",
        "yes",
        "M",
        "RemoteProtocolError",
        _acted(Send(b"HTTP/1.1 2"), Finish()),
    ),
    _fault(
        "half headers",
        "broken answer",
        "request",
        "yes",
        "M",
        "RemoteProtocolError",
        _acted(Send(_TRUE_200 + b"Content-Ty"), Finish()),
    ),
    _fault("headers drip", "broken answer", "request", "yes", "M", "", _true(_drip_head)),
    _fault(
        "headers over 100 KB",
        "broken answer",
        "request",
        "yes",
        "M",
        "RemoteProtocolError",
        _acted(Send(_TRUE_200 + b"X-Padding: " + b"x" * 200_000), Hold()),
    ),
    _fault("half body, closed", "broken answer", "request", "yes", "S/M", "RemoteProtocolError", _cut(Finish())),
    _fault(
        "half body, reset",
        "broken answer",
        "request",
        "yes",
        "S/M",
        "ReadError RemoteProtocolError",
        _cut(Pause(LATE), Reset()),
    ),
    _fault("half body, stalls", "broken answer", "request", "yes", "S/M", "ReadTimeout", _cut(Hold())),
    _fault(
        "bad chunk",
        "broken answer",
        "request",
        "yes",
        "S/M",
        "RemoteProtocolError",
        _chunked(b"zz\r\nwhat\r\n", Hold()),
    ),
    _fault(
        "half chunk",
        "broken answer",
        "request",
        "yes",
        "S/M",
        "RemoteProtocolError",
        _chunked(b'20\r\n{"sta', Finish()),
    ),
    _fault(
        "two lengths",
        "broken answer",
        "request",
        "yes",
        "M",
        "RemoteProtocolError",
        _true(lambda true: [Send(true.head(f"Content-Length: {len(true.body) + 7}") + true.body)]),
    ),
    _fault(
        "negative length",
        "broken answer",
        "request",
        "yes",
        "M",
        "RemoteProtocolError",
        _acted(Send(_TRUE_200 + b"Content-Length: -5\r\n\r\n"), Hold()),
    ),
    _fault(
        "garbage",
        "broken answer",
        "request",
        "yes",
        "M",
        "RemoteProtocolError",
        _acted(Send(bytes(range(128, 256)) * 4 + b"\r\n\r\n"), Hold()),
    ),
    _fault(
        "HTTP/0.9",
        "broken answer",
        "request",
        "yes",
        "M",
        "RemoteProtocolError",
        _acted(Send(_HTML + b"\r\n\r\n"), Finish()),
    ),
    _fault(
        "status 1000", "broken answer", "request", "yes", "M", "RemoteProtocolError", _answer(Answer(1000), acted=True)
    ),
    _fault("status 599", "broken answer", "request", "yes", "A", "", _answer(Answer(599), acted=True)),
    _fault(
        "status 101",
        "broken answer",
        "request",
        "yes",
        "M",
        "RemoteProtocolError",
        _acted(Send(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), Hold()),
    ),
)

BODY: Final = (
    _fault("body drips", "body", "request", "yes", "S/M", "", _true(_drip_body)),
    _fault(
        "50 MB",
        "body",
        "request",
        "yes",
        "S/big",
        "JSONDecodeError",
        _true(lambda true: [Send(true.head(length=HUGE)), Stream(_huge)]),
    ),
    _fault(
        "gzip bomb",
        "body",
        "request",
        "yes",
        "S/big",
        "JSONDecodeError",
        lambda hit: _body(bomb(), JSON, ("Content-Encoding", "gzip"))(hit),
    ),
    _fault(
        "corrupt gzip",
        "body",
        "request",
        "yes",
        "S/bad",
        "DecodingError",
        _body(_NO_BLOCK, JSON, ("Content-Encoding", "gzip")),
    ),
    _fault("no length, cut", "body", "request", "yes", "S/bad", "JSONDecodeError", _true(_no_length)),
    _fault("invalid JSON", "body", "request", "yes", "S/bad", "JSONDecodeError", _body(b"{'status': PENDING}")),
    _fault("half JSON", "body", "request", "yes", "S/bad", "JSONDecodeError", _body(b'{"status": "SUCCESSFUL", "amou')),
    _fault("empty", "body", "request", "yes", "S/bad", "JSONDecodeError", _body(b"")),
    _fault("null", "body", "request", "yes", "S/bad", "", _body(b"null")),
    _fault("a list", "body", "request", "yes", "S/bad", "", _body(b"[]")),
    _fault("a number", "body", "request", "yes", "S/bad", "", _body(b"5")),
    _fault("deep nest", "body", "request", "yes", "S/bad", "RecursionError", _body(b"[" * 200_000)),
    _fault("5000 digits", "body", "request", "yes", "S/bad", "ValueError", _merged(b'"extra": ' + b"7" * 5000)),
    _fault("NaN", "body", "request", "yes", "S/bad", "", _merged(b'"extra": NaN')),
    _fault("latin-1", "body", "request", "yes", "S/bad", "UnicodeDecodeError", _merged(b'"extra": "caf\xe9"')),
    _fault(
        "byte order mark",
        "body",
        "request",
        "yes",
        "S/bad",
        "",
        _true(lambda true: [Send(true._replace(body=b"\xef\xbb\xbf" + true.body).encode())]),
    ),
)

MEANING: Final = (
    _fault(
        "HTML 200", "meaning", "request", "no", "A/bad", "JSONDecodeError", _answer(Answer(200, _HTML, (_HTML_TYPE,)))
    ),
    _fault("HTML 502", "meaning", "request", "yes", "A", "", _answer(Answer(502, _HTML, (_HTML_TYPE,)), acted=True)),
    _fault("HTML 503", "meaning", "request", "no", "A", "", _answer(Answer(503, _HTML, (_HTML_TYPE,)))),
    _fault(
        "wrong content type",
        "meaning",
        "request",
        "yes",
        "S/bad",
        "",
        _true(lambda true: [Send(true._replace(headers=(_HTML_TYPE,)).encode())]),
    ),
    _fault("redirect", "meaning", "request", "no", "Q", "", _redirect),
    _fault("stray second answer", "meaning", "request", "yes", "S/ok", "", _true(_stray)),
    _fault("short Content-Length", "meaning", "request", "yes", "S/bad", "JSONDecodeError", _true(_short)),
    _fault("429 after 0 s", "meaning", "request", "no", "Q", "", _answer(_limited("0", "in 0 seconds"))),
    _fault("429 after 1 s", "meaning", "request", "no", "Q", "", _answer(_limited("1", "in 1 seconds"))),
    _fault("429 after 29 s", "meaning", "request", "no", "Q", "", _answer(_limited(None, "in 29 seconds"))),
    _fault("429 after 31 s", "meaning", "request", "no", "Q", "", _answer(_limited("31", "in 31 seconds"))),
    _fault("429 after nan", "meaning", "request", "no", "Q", "", _answer(_limited("nan", "later"))),
    _fault("429 until a date", "meaning", "request", "no", "Q", "", _limited_until),
    _fault("401 token", "meaning", "request", "no", "Q", "", _answer(TOKEN_REFUSED)),
    _fault("401 subscription key", "meaning", "request", "no", "Q", "", _answer(KEY_REFUSED)),
    _fault("403", "meaning", "request", "no", "Q", "", _answer(gateway_error(403, "Forbidden"))),
    _fault("404", "meaning", "request", "no", "Q", "", _answer(gateway_error(404, "Resource not found"))),
    _fault("408", "meaning", "request", "no", "A", "", _answer(Answer(408))),
    _fault("409 at once", "meaning", "request", "yes", "D", "", _answer(DUPLICATE, acted=True)),
    _fault(
        "500 for the request", "meaning", "request", "no", "C", "", _answer(platform_error(500, "INVALID_CURRENCY"))
    ),
    _fault(
        "500 for the account", "meaning", "request", "no", "B", "", _answer(platform_error(500, "NOT_ENOUGH_FUNDS"))
    ),
    _fault(
        "500 unclear",
        "meaning",
        "request",
        "yes",
        "A",
        "",
        _answer(platform_error(500, "INTERNAL_PROCESSING_ERROR"), acted=True),
    ),
    _fault("unexpected 200", "meaning", "request", "no", "A/bad", "", _answer(answer(200, {}))),
    _fault("burned id", "meaning", "request", "burned", "A", "", _burned),
    _fault("lagging 404", "meaning", "look", "no", "S/Q", "", _answer(NOT_FOUND)),
    _fault("foreign echo", "meaning", "look", "no", "S/ok", "", _foreign),
    _fault("unknown status word", "meaning", "look", "yes", "S/ok", "", _word),
)

FAULTS: Final[tuple[Fault, ...]] = (*CONNECT, *SEND, *NO_ANSWER, *BROKEN, *BODY, *MEANING)
BY_NAME: Final = {fault.name: fault for fault in FAULTS}
