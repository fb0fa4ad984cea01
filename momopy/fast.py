"""The transport for many calls at once: aiohttp below httpx's interface (extra `fast`)."""

from __future__ import annotations

import ssl
from functools import partial
from typing import Any

import httpx

from momopy.errors import InvalidArgument
from momopy.settings import Settings


def make(context: ssl.SSLContext, settings: Settings, proxy: str | None) -> httpx.AsyncBaseTransport:
    """Make the transport of one event loop."""
    try:
        from httpx_aiohttp import AiohttpTransport
    except ImportError:
        raise InvalidArgument("transport", "needs the extra fast: pip install 'momopy-collection[fast]'") from None
    return AiohttpTransport(
        verify=context,
        client=partial(_session, context, settings),
        proxy=None if proxy is None else httpx.Proxy(proxy),
    )


def _session(context: ssl.SSLContext, settings: Settings) -> Any:
    import aiohttp

    # momopy bounds the calls itself. Repeats ask for the address anew: the one that failed must not serve them all.
    connector = aiohttp.TCPConnector(ssl=context, limit=0, keepalive_timeout=settings.keepalive, use_dns_cache=False)
    # A payment has no use for cookies of an earlier one.
    session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
    # aiohttp 3 sends a GET or DELETE once more by itself; only the procedure decides about repeats.
    session._retry_connection = False
    return session
