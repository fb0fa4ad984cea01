"""The transport for many calls at once: aiohttp below httpx's interface (extra `fast`)."""

from __future__ import annotations

import asyncio
import ssl
from functools import cache, partial
from typing import Any, NoReturn, Self

import httpx

from momopy.network import is_readable
from momopy.settings import Settings


def make(context: ssl.SSLContext, settings: Settings, proxy: str | None) -> httpx.AsyncBaseTransport:
    """Make the transport of one event loop."""
    return AiohttpTransport(context, settings.keepalive, None if proxy is None else httpx.Proxy(proxy))


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Hands requests to aiohttp as they are, and answers back as they came.

    httpx-aiohttp 0.2.0 does the same for any program, and takes 20 us more of 100 for it (aiohttp 3.14.5): it
    makes its timeouts anew for each call, copies the headers twice and reads an answer through two generators.
    """

    def __init__(self, context: ssl.SSLContext, keepalive: float, proxy: httpx.Proxy | None) -> None:
        import aiohttp
        import yarl

        self._url = partial(yarl.URL.build, encoded=True)
        self._timeout = aiohttp.ClientTimeout()
        self._proxy: dict[str, Any] = {}
        if proxy is not None:
            self._proxy["proxy"] = str(proxy.url)
            if proxy.auth is not None:
                self._proxy["proxy_auth"] = aiohttp.BasicAuth(*proxy.auth)
        # momopy bounds the calls itself. Repeats ask for the address anew: the one that failed must not serve
        # them all.
        connector = _connector()(ssl=context, limit=0, keepalive_timeout=keepalive, use_dns_cache=False)
        # A payment has no use for cookies of an earlier one.
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            # aiohttp names a content type for a POST without content as well.
            skip_auto_headers=("Content-Type",),
        )
        # aiohttp 3 sends a GET or DELETE once more by itself; only the procedure decides about repeats.
        self._session._retry_connection = False

    def _timeout_of(self, request: httpx.Request) -> Any:
        limits = request.extensions["timeout"]
        known = self._timeout
        if known.sock_read != limits["read"] or known.sock_connect != limits["connect"]:
            import aiohttp

            # No total: that is the procedure's deadline. `connect` is the only end that the look-up of a name has.
            self._timeout = aiohttp.ClientTimeout(
                connect=limits["pool"], sock_connect=limits["connect"], sock_read=limits["read"]
            )
        return self._timeout

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        url = request.url
        path, _, query = url.raw_path.decode("ascii").partition("?")
        try:
            response = await self._session.request(
                request.method,
                self._url(scheme=url.scheme, authority=url.netloc.decode("ascii"), path=path, query_string=query),
                headers=[(name.decode("ascii"), value.decode("latin-1")) for name, value in request.headers.raw],
                data=request.content or None,
                allow_redirects=False,
                auto_decompress=False,
                timeout=self._timeout_of(request),
                **self._proxy,
            )
        except Exception as exc:
            _fail(exc)
        return httpx.Response(response.status, headers=response.raw_headers, stream=_Body(response))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._session.close()


@cache
def _connector() -> Any:
    import aiohttp

    class Connector(aiohttp.TCPConnector):
        """Keeps no connection on which something came that nobody had asked for, and tells who never had one.

        aiohttp 3.14.5 looks for it when it puts a connection aside, not when it takes it out again: an answer that
        came in between would be taken for the next call's.
        """

        async def connect(self, *args: Any, **kwargs: Any) -> Any:
            try:
                return await super().connect(*args, **kwargs)
            except asyncio.CancelledError as exc:
                # The deadline may come before the timeout, if both fell due while the event loop was busy.
                raise aiohttp.ConnectionTimeoutError from exc

        async def _get(self, key: Any, traces: Any) -> Any:
            while True:
                connection = await super()._get(key, traces)
                if connection is None or not _is_dirty(connection.protocol):
                    return connection
                connection.close()

    return Connector


def _is_dirty(protocol: Any) -> bool:
    if protocol is None or protocol.should_close or protocol.transport is None:
        return True
    return is_readable(protocol.transport.get_extra_info("socket"))


class _Body(httpx.AsyncByteStream):
    """The body of an answer, as its pieces come in."""

    def __init__(self, response: Any) -> None:
        self._response = response

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        try:
            chunk: bytes = await self._response.content.readany()
        except Exception as exc:
            _fail(exc)
        if not chunk:
            raise StopAsyncIteration
        return chunk

    async def aclose(self) -> None:
        # A connection with something left to read is closed by it.
        self._response.release()


def _fail(exc: Exception) -> NoReturn:
    """Raise the fault under httpx's name: only what came before the connection proves that nothing was sent."""
    import aiohttp

    kind: type[httpx.TransportError]
    match exc:
        case aiohttp.ConnectionTimeoutError():
            kind = httpx.ConnectTimeout
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            kind = httpx.ProxyError
        case aiohttp.ClientConnectorError():
            kind = httpx.ConnectError
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            kind = httpx.UnsupportedProtocol
        case aiohttp.ServerTimeoutError():
            kind = httpx.ReadTimeout
        case aiohttp.ClientError() | OSError():
            kind = httpx.ReadError
        case _:
            raise exc
    # The text of aiohttp's may hold the address.
    raise kind(type(exc).__name__) from exc
