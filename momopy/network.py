"""The transports that a client makes itself: one connection each, httpcore's HTTP/1.1 over it.

httpx's transports look for a free connection in a pool, and on asyncio their sockets go through anyio. Without both,
a payment takes a fourth less CPU where it is blocking, and half where it is awaited (httpx 0.28.1, httpcore 1.0.9,
anyio 4.16; `benchmarks/run`). HTTP stays httpcore's, TLS asyncio's and the standard library's.
"""

from __future__ import annotations

import asyncio
import itertools
import select
import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import httpcore
import httpx

_PAUSE_ABOVE: Final = 1 << 18
# Seconds after which the next address of a host is tried beside the one that has not answered yet.
_HEAD_START: Final = 0.25


class Stream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection. What is written leaves with the next read, in one piece: head and body of a request."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._incoming = bytearray()
        self._outgoing = bytearray()
        self._ended = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport; TLS hands over another one."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Keep what came, and wake the reader."""
        self._incoming += data
        if len(self._incoming) > _PAUSE_ABOVE and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """The other side has no more to say."""
        self._ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._ended = True
        self._error = self._error or exc
        self._wake()

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Send what was written and return what came next; nothing at the end."""
        transport = self._transport
        if self._outgoing:
            if transport is None or transport.is_closing():
                raise httpcore.WriteError("the connection is closed")
            outgoing, self._outgoing = self._outgoing, bytearray()
            transport.write(outgoing)
        if not self._incoming and not self._ended:
            self._waiter = waiter = self._loop.create_future()
            timer = None if timeout is None else self._loop.call_later(timeout, _expire, waiter)
            try:
                await waiter
            finally:
                if timer is not None:
                    timer.cancel()
        if self._incoming:
            data = bytes(self._incoming[:max_bytes])
            was_paused = len(self._incoming) > _PAUSE_ABOVE
            del self._incoming[:max_bytes]
            if was_paused and transport is not None and not transport.is_closing():
                transport.resume_reading()
            return data
        if self._error is not None:
            raise httpcore.ReadError(type(self._error).__name__) from self._error
        return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - httpcore's
        """Keep it for the next read."""
        self._outgoing += buffer

    async def aclose(self) -> None:
        """Close the connection. A request that never left holds secrets."""
        self._outgoing.clear()
        if self._transport is not None:
            self._transport.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Go on encrypted."""
        assert self._transport is not None
        if self._incoming or self._ended:
            # What came in the clear would be read as the first answer of the server that the certificate names.
            self._transport.abort()
            raise httpcore.ConnectError("the server spoke before the handshake")
        try:
            async with asyncio.timeout(timeout):
                transport = await self._loop.start_tls(
                    self._transport, self, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError as exc:
            self._transport.abort()
            raise httpcore.ConnectTimeout from exc
        except (OSError, ssl.SSLError) as exc:
            self._transport.abort()
            raise httpcore.ConnectError(type(exc).__name__) from exc
        except BaseException:  # the deadline cancels, and httpcore does not close what it has not got yet
            self._transport.abort()
            raise
        if transport is None:
            raise httpcore.ConnectError("the connection was closed in the handshake")
        self._transport = transport
        return self

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks a connection about."""
        transport = self._transport
        if transport is None:
            return None
        if info == "is_readable":  # an idle connection with something to read has ended, or is out of step
            return bool(self._incoming) or self._ended or is_readable(transport.get_extra_info("socket"))
        names = {"client_addr": "sockname", "server_addr": "peername", "ssl_object": "ssl_object", "socket": "socket"}
        return transport.get_extra_info(names[info]) if info in names else None


def is_readable(sock: Any) -> bool:
    """Whether something lies on a socket that the event loop, busy with other things, has not seen yet."""
    number = -1 if sock is None else sock.fileno()
    if number < 0:
        return True
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([number], [], [], 0)[0])
    waiting = select.poll()
    waiting.register(number, select.POLLIN)
    return bool(waiting.poll(0))


def _expire(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(httpcore.ReadTimeout())


async def _first(addresses: list[Any]) -> socket.socket:
    """Connect to the first address that answers, each with a start before the next.

    asyncio's own race loses the socket of a winner that is cancelled at that moment (3.11.7).
    """
    if len(addresses) == 1:
        return await _open(addresses[0])
    # The families in turn: where one of them leads nowhere, the second address is of the other.
    turns = [[entry for entry in addresses if entry[0] == family] for family in dict.fromkeys(a[0] for a in addresses)]
    waiting = [entry for turn in itertools.zip_longest(*turns) for entry in turn if entry is not None]
    racing: set[asyncio.Task[socket.socket]] = set()
    failure: BaseException = OSError("the host has no address")
    try:
        while waiting or racing:
            if waiting:
                racing.add(asyncio.create_task(_open(waiting.pop(0))))
            done, _ = await asyncio.wait(
                racing, timeout=_HEAD_START if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                racing.discard(task)
                error = task.exception()
                if error is None:
                    return task.result()
                failure = error
        raise failure
    finally:
        for task in racing:
            task.cancel()
            task.add_done_callback(_discard)


def _discard(task: asyncio.Task[socket.socket]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().close()


async def _open(address: Any) -> socket.socket:
    family, kind, protocol, _, target = address
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, target)
    except BaseException:
        sock.close()
        raise
    return sock


async def connect(host: str, port: int, timeout: float | None = None) -> Stream:
    """Connect, to whichever of a host's addresses answers first."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout):
            addresses = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            _, stream = await loop.create_connection(Stream, sock=await _first(addresses))
    except TimeoutError as exc:
        raise httpcore.ConnectTimeout from exc
    except OSError as exc:
        raise httpcore.ConnectError(type(exc).__name__) from exc
    return stream


def _connect_blocking(host: str, port: int, end: float) -> httpcore.NetworkStream:
    """Connect to the first address of a host that answers; one that is silent leaves time for the others."""
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as exc:
        raise httpcore.ConnectError(type(exc).__name__) from exc
    numbers = list(dict.fromkeys(str(address[4][0]) for address in addresses))
    failure: Exception = httpcore.ConnectError("the host has no address")
    for at, number in enumerate(numbers):
        left = end - time.monotonic()
        if left <= 0:
            raise httpcore.ConnectTimeout
        try:
            return httpcore.SyncBackend().connect_tcp(number, port, left / (len(numbers) - at), socket_options=())
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
            failure = exc
    raise failure


class BlockingStream(httpcore.NetworkStream):
    """A connection of httpcore's own that keeps a deadline: a head that drips in a byte a time ends with it."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._outgoing = b""
        self._write_timeout: float | None = None
        self.end = 0.0
        """Of the call that goes over it, in monotonic seconds."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Send what was written and return what came next; nothing at the end."""
        if self._outgoing:
            left = self._left(self._write_timeout, httpcore.ConnectTimeout)  # of this request, nothing has left yet
            outgoing, self._outgoing = self._outgoing, b""
            self._inner.write(outgoing, left)
        return self._inner.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def _left(self, timeout: float | None, over: type[httpcore.TimeoutException]) -> float | None:
        left = self.end - time.monotonic()
        if left <= 0:
            raise over
        return left if timeout is None else min(timeout, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Keep it for the next read: head and body of a request leave in one piece."""
        self._write_timeout = timeout
        self._outgoing += buffer

    def close(self) -> None:
        """Close the connection. A request that never left holds secrets."""
        self._outgoing = b""
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks a connection about."""
        return self._inner.get_extra_info(info)


_FAULTS: Final = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


def _renamed(exc: Exception) -> httpx.TransportError:
    """The fault under httpx's name, which is the same word."""
    kind: type[httpx.TransportError] = getattr(httpx, type(exc).__name__)
    return kind(str(exc))


def _origin(url: httpx.URL) -> httpcore.Origin:
    return httpcore.Origin(url.raw_scheme, url.raw_host, url.port or (443 if url.scheme == "https" else 80))


def _below(request: httpx.Request, origin: httpcore.Origin) -> httpcore.Request:
    url = httpcore.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=request.url.raw_path)
    below = httpcore.Request(request.method, url, content=request.stream, extensions=request.extensions)
    below.headers = request.headers.raw  # bytes, all of them: given to the constructor, each would be looked at again
    return below


def _is_usable(connection: httpcore.AsyncHTTP11Connection | httpcore.HTTP11Connection) -> bool:
    """Whether it is open, young, and has nothing more to say: a second answer would be taken for the next call's.

    h11 knows of bytes that came behind an answer, and httpcore (1.0) does not ask it.
    """
    return connection.is_available() and not connection.has_expired() and not connection._h11_state.trailing_data[0]


class AsyncioTransport(httpx.AsyncBaseTransport):
    """One connection to one host, one call at a time."""

    def __init__(self, context: ssl.SSLContext, keepalive: float) -> None:
        context.set_alpn_protocols(["http/1.1"])
        self._context = context
        self._keepalive = keepalive
        self._connection: httpcore.AsyncHTTP11Connection | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        try:
            connection = self._connection
            if connection is None or not _is_usable(connection):
                await self.aclose()
                try:
                    connection = self._connection = await self._connect(request)
                except asyncio.CancelledError as exc:
                    # The deadline may come before the timeout, if both fell due while the event loop was busy.
                    raise httpx.ConnectTimeout(type(exc).__name__) from exc
            response = await connection.handle_async_request(_below(request, self._origin))
        except _FAULTS as exc:
            raise _renamed(exc) from exc
        return httpx.Response(
            response.status, headers=response.headers, stream=_AsyncBody(response), extensions=response.extensions
        )

    async def _connect(self, request: httpx.Request) -> httpcore.AsyncHTTP11Connection:
        origin = self._origin = _origin(request.url)
        host = origin.host.decode("ascii")
        end = time.monotonic() + request.extensions["timeout"]["connect"]
        stream: httpcore.AsyncNetworkStream = await connect(host, origin.port, end - time.monotonic())
        if origin.scheme == b"https":
            stream = await stream.start_tls(self._context, host, end - time.monotonic())
        return httpcore.AsyncHTTP11Connection(origin, stream, self._keepalive)

    async def aclose(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.aclose()


class _AsyncBody(httpx.AsyncByteStream):
    # A fault in the middle of it keeps httpcore's name: for the driver, whatever ends a body early is one.
    def __init__(self, response: httpcore.Response) -> None:
        self._stream: Any = response.stream

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._stream.__aiter__()  # type: ignore[no-any-return]

    async def aclose(self) -> None:
        await self._stream.aclose()


class BlockingTransport(httpx.BaseTransport):
    """One connection to one host, one call at a time, none longer than its `total` timeout."""

    def __init__(self, context: ssl.SSLContext, keepalive: float) -> None:
        context.set_alpn_protocols(["http/1.1"])
        self._context = context
        self._keepalive = keepalive
        self._connection: httpcore.HTTP11Connection | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        end = time.monotonic() + request.extensions["timeout"]["total"]
        try:
            connection = self._connection
            if connection is None or not _is_usable(connection):
                self.close()
                connection = self._connection = self._connect(request)
            self._stream.end = end
            response = connection.handle_request(_below(request, self._origin))
        except _FAULTS as exc:
            raise _renamed(exc) from exc
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def _connect(self, request: httpx.Request) -> httpcore.HTTP11Connection:
        origin = self._origin = _origin(request.url)
        host = origin.host.decode("ascii")
        end = time.monotonic() + request.extensions["timeout"]["connect"]
        stream = _connect_blocking(host, origin.port, end)
        if origin.scheme == b"https":
            try:
                stream = stream.start_tls(self._context, host, max(end - time.monotonic(), 0.001))
            except BaseException:  # httpcore does not close it for a Ctrl-C
                stream.close()
                raise
        self._stream = BlockingStream(stream)
        return httpcore.HTTP11Connection(origin, self._stream, self._keepalive)

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._stream: Any = response.stream

    def __iter__(self) -> Iterator[bytes]:
        return self._stream.__iter__()  # type: ignore[no-any-return]

    def close(self) -> None:
        self._stream.close()
