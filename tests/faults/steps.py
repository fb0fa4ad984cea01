"""What a server can do to a connection, as data: an answer is a sequence of these, played in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias


class Send(NamedTuple):
    """Write these bytes."""

    data: bytes


class Stream(NamedTuple):
    """Write what the call yields, as fast as the peer takes it; nothing is made before it is needed."""

    chunks: Callable[[], Iterable[bytes]]


class Drip(NamedTuple):
    """Write one byte at a time, with a pause after each."""

    data: bytes
    pause: float


class Pause(NamedTuple):
    """Do nothing for so many seconds."""

    seconds: float


class Do(NamedTuple):
    """Call this, for what it does to the ledger."""

    call: Callable[[], Any]


class Take(NamedTuple):
    """Read at most so many bytes of the request (only where the server has not read it)."""

    size: int


class Hold(NamedTuple):
    """Stay silent until the peer gives up; whatever it sends meanwhile is ignored."""


class Finish(NamedTuple):
    """Close the connection in order (FIN; over TLS, a close alert first)."""


class Reset(NamedTuple):
    """Break the connection off (RST)."""


Step: TypeAlias = Send | Stream | Drip | Pause | Do | Take | Hold | Finish | Reset


class Answer(NamedTuple):
    """A response before it is bytes."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def head(self, *extra: str, length: int | None = None) -> bytes:
        """Status line and headers; `length` replaces the true Content-Length, and a negative one leaves it out."""
        length = len(self.body) if length is None else length
        lines = [f"HTTP/1.1 {self.status} Because", *(f"{name}: {value}" for name, value in self.headers), *extra]
        if length >= 0:
            lines.append(f"Content-Length: {length}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def encode(self, *extra: str) -> bytes:
        """The whole response."""
        return self.head(*extra) + self.body
