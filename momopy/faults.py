"""Tells what an exception of the transport proves: that nothing was sent, or nothing at all."""

from __future__ import annotations

import ssl

import httpx

from momopy.procedure import Fault


class NoSlot(Exception):
    """The client's own limit of calls on the wire left no place in time."""


# Measured on httpx 0.28.1 against a real server (docs/reliability.md): these prove that nothing was sent.
_UNSENT = (NoSlot, httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_UNSENDABLE = (httpx.LocalProtocolError, httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeEncodeError)


def fault_of(exc: BaseException) -> Fault:
    """Classify an exception; its text is not kept, since it may hold a header."""
    name = type(exc).__name__
    if isinstance(exc, _UNSENT) and not _is_misnamed(exc):
        return Fault("tls" if _is_certificate(exc) else "unsent", name)
    if isinstance(exc, _UNSENDABLE):
        return Fault("unsendable", name)
    if isinstance(exc, TimeoutError):
        return Fault("deadline", name)
    return Fault("lost", name)


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
