"""Tells what an exception of the transport proves: that nothing was sent, or nothing at all."""

from __future__ import annotations

import ssl
from typing import Final

import httpx

from momopy.procedure import Fault


class NoSlot(Exception):
    """The client's own limit of calls on the wire left no place in time."""


class NotMade(Exception):
    """There was no transport to send anything on."""


# Measured on httpx 0.28.1 against a real server (docs/reliability.md): these prove that nothing was sent.
_UNSENT: Final = (NotMade, httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_UNSENDABLE: Final = (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeEncodeError)
# Whose exceptions may come out of momopy's own transports.
_OURS: Final = frozenset(
    "aiohttp anyio asyncio builtins concurrent encodings h11 http httpcore httpx idna momopy multidict select socket "
    "socksio ssl yarl zlib".split()
)


def fault_of(exc: BaseException, given: bool = False) -> Fault:
    """Classify an exception, of the caller's own transport where it was `given`.

    Its text is not kept, since it may hold a header.
    """
    name = type(exc).__name__
    if isinstance(exc, NoSlot):
        return Fault("late", name)
    if isinstance(exc, _UNSENT) and not _is_misnamed(exc):
        return Fault("tls" if _is_certificate(exc) else "unsent", name)
    if isinstance(exc, _UNSENDABLE):
        return Fault("unsendable", name)
    if isinstance(exc, httpx.LocalProtocolError):
        # Over HTTP/2, httpcore says it also of a connection that breaks when the request is on its way.
        return Fault("lost" if given else "unsendable", name)
    if isinstance(exc, TimeoutError):
        return Fault("deadline", name)
    return Fault("lost", name)


def is_from_elsewhere(exc: BaseException) -> bool:
    """Whether a handler of signals raised it, as Celery's does at a task's time limit: it is not about the network."""
    return type(exc).__module__.partition(".")[0] not in _OURS


def _is_misnamed(exc: BaseException) -> bool:
    """httpx-aiohttp 0.2.0 calls a server's disconnection in mid-call a ConnectTimeout; it proves nothing."""
    cause = type(exc.__cause__)
    if not cause.__module__.startswith("aiohttp"):
        return False
    return not {"ClientConnectorError", "ConnectionTimeoutError"} & {kind.__name__ for kind in cause.__mro__}


def _is_certificate(exc: BaseException | None) -> bool:
    seen = 0
    while exc is not None and seen < 16:
        if isinstance(exc, ssl.SSLCertVerificationError):
            return True
        exc = exc.__cause__ or exc.__context__
        seen += 1
    return False
