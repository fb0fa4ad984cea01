"""A TCP server that does to each connection and each request what a script says, and remembers all of it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, NamedTuple, Self, TypeAlias, TypeVar

from .steps import Do, Drip, Finish, Hold, Pause, Reset, Send, Step, Stream, Take

T = TypeVar("T")

_LINGER_NOT = struct.pack("ii", 1, 0)  # close() then sends RST and not FIN
_TCP_ESTABLISHED = 1
_STEP_LIMIT = 30.0


class Head(NamedTuple):
    """The first line of a request, seen in the kernel's buffer and left there."""

    verb: str
    path: str
    connection: int


class Request(NamedTuple):
    """One request as it came off the wire."""

    verb: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case; of a repeated header the last value."""
    body: bytes
    connection: int
    """Which connection of this server carried it, counted from 1."""
    ordinal: int
    """Which request of that connection it was, counted from 1."""
    time: float
    """When its last byte was read (monotonic)."""


Script: TypeAlias = Callable[[Request], Sequence[Step]]
Unread: TypeAlias = Callable[[Head], "Sequence[Step] | None"]
Handshake: TypeAlias = Callable[[int], "ssl.SSLContext | Sequence[Step]"]


class LoopThread:
    """A thread with an event loop, for any number of servers."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fault-server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        if self._thread.is_alive():
            raise RuntimeError("the loop of the fault server does not end")
        self.loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def run(self, work: Coroutine[Any, Any, T], timeout: float = 10.0) -> T:
        """Run a coroutine in the thread and wait for what it gives."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout)


class _Connection:
    """One accepted socket, before or after a stream was built on it."""

    def __init__(self, sock: socket.socket, number: int) -> None:
        self.sock = sock
        self.number = number
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None
        self.closed = False

    async def build(self, context: ssl.SSLContext | None) -> asyncio.StreamReader:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=1 << 20, loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        transport, _ = await loop.connect_accepted_socket(lambda: protocol, self.sock, ssl=context)
        self.reader, self.writer = reader, asyncio.StreamWriter(transport, protocol, reader, loop)
        return reader

    async def peek(self) -> Head | None:
        """The request line, without taking it from the kernel; None when the peer left first."""
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self.sock.fileno(), lambda: None if ready.done() else ready.set_result(None))
        try:
            await ready
        finally:
            loop.remove_reader(self.sock.fileno())
        line = self.sock.recv(8192, socket.MSG_PEEK).split(b"\r\n")[0].decode("latin-1").split(" ")
        return Head(line[0], line[1], self.number) if len(line) == 3 else None

    async def read(self, ordinal: int) -> Request | None:
        """The next request; None when the peer closed instead."""
        assert self.reader is not None
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        verb, path, _ = first.split(" ")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return Request(verb, path, headers, body, self.number, ordinal, time.monotonic())

    async def play(self, step: Step) -> None:
        match step:
            case Send(data):
                await self._send(data)
            case Stream(chunks):
                for chunk in chunks():
                    await self._send(chunk)
            case Drip(data, pause):
                for place in range(len(data)):
                    await self._send(data[place : place + 1])
                    await self._wait(pause)
            case Pause(seconds):
                await self._wait(seconds)
            case Do(call):
                call()
            case Take(size):
                await asyncio.get_running_loop().sock_recv(self.sock, size)
            case Hold():
                await asyncio.wait_for(self._gone(), _STEP_LIMIT)
            case Finish():
                await self.close()
            case Reset():
                await self.close(reset=True)

    async def _send(self, data: bytes) -> None:
        if self.writer is None:
            await asyncio.get_running_loop().sock_sendall(self.sock, data)
        else:
            self.writer.write(data)
            await self.writer.drain()

    async def _wait(self, seconds: float) -> None:
        if self.closed:
            return await asyncio.sleep(seconds)
        try:
            await asyncio.wait_for(self._gone(), seconds)
        except TimeoutError:
            return None
        raise ConnectionResetError("the peer left in a pause")

    async def _gone(self) -> None:
        if self.reader is not None:
            while await self.reader.read(1 << 16):
                pass
            return
        # What is left unread hides the end of the stream: only the state of the socket tells it.
        while self.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == _TCP_ESTABLISHED:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def close(self, *, reset: bool = False) -> None:
        if self.closed:
            return
        self.closed = True
        if reset:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        if self.writer is None:
            self.sock.close()
            return
        if reset:
            self.writer.transport.abort()
        self.writer.close()
        try:
            # A peer that does not answer the close alert of TLS would keep us here.
            await asyncio.wait_for(self.writer.wait_closed(), 0.2)
        except OSError:
            pass  # TimeoutError is one too
        finally:
            self.writer.transport.abort()


class FaultServer:
    """A server on a free loopback port; `script` says what becomes of each request.

    `unread` is asked first, on the first request of a plain connection, while the request still lies in the
    kernel: what it gives is played there. `tls` makes the server speak TLS; asked with the number of each
    connection, it gives the certificate to show, or steps to play in place of the handshake.
    """

    def __init__(
        self,
        script: Script,
        *,
        unread: Unread | None = None,
        tls: Handshake | None = None,
        host: LoopThread | None = None,
        address: str = "127.0.0.1",
        name: str | None = None,
    ) -> None:
        self.requests: list[Request] = []
        self.heads: list[Head] = []
        """Requests that were seen but never read."""
        self.errors: list[BaseException] = []
        """What went wrong in the server itself; a test that finds any has tested nothing."""
        self.connections = 0
        self._script, self._unread, self._tls = script, unread, tls
        self._host = LoopThread() if host is None else host
        self._owned = host is None
        self._open: set[_Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.setblocking(False)
        self._listener.bind((address, 0))
        self.address = address
        self.port: int = self._listener.getsockname()[1]
        self.base_url = f"{'https' if tls else 'http'}://{name or address}:{self.port}"

    def __enter__(self) -> Self:
        self._listener.listen(256)
        if self._owned:
            self._host.__enter__()
        self._host.run(self._begin())
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening and drop what is still connected."""
        if self._listener.fileno() < 0:
            return
        self._host.run(self._end())
        self._listener.close()
        if self._owned:
            self._host.__exit__()

    @property
    def open_connections(self) -> int:
        """Connections that neither side has closed."""
        return len(self._open)

    def settle(self, timeout: float = 1.0) -> int:
        """Wait until no connection is open, at most so long; how many still are."""
        end = time.monotonic() + timeout
        while self._open and time.monotonic() < end:
            time.sleep(0.002)
        return len(self._open)

    async def _begin(self) -> None:
        asyncio.get_running_loop().add_reader(self._listener.fileno(), self._accept)

    async def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._listener.fileno())
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # A task that is cancelled before its first step never gets to the end of its own.
        for connection in list(self._open):
            await connection.close()
            self._open.discard(connection)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _accept(self) -> None:
        try:
            sock, _ = self._listener.accept()
        except OSError:  # the peer left before its turn came
            return
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connections += 1
        connection = _Connection(sock, self.connections)
        self._open.add(connection)
        self._spawn(self._serve(connection))

    async def _serve(self, connection: _Connection) -> None:
        try:
            await self._talk(connection)
        except (OSError, EOFError):
            pass  # the peer left, or was made to: that is what this server is for
        except Exception as error:
            self.errors.append(error)
        finally:
            await connection.close()
            self._open.discard(connection)

    async def _talk(self, connection: _Connection) -> None:
        context: ssl.SSLContext | None = None
        if self._tls is not None:
            shown = self._tls(connection.number)
            if not isinstance(shown, ssl.SSLContext):
                return await self._play(connection, shown)
            context = shown
        elif self._unread is not None:
            head = await connection.peek()
            steps = self._unread(head) if head is not None else None
            if head is not None and steps is not None:
                self.heads.append(head)
                return await self._play(connection, steps)
        await connection.build(context)
        ordinal = 0
        while not connection.closed:
            ordinal += 1
            request = await connection.read(ordinal)
            if request is None:
                return None
            self.requests.append(request)
            await self._play(connection, self._script(request))
        return None

    async def _play(self, connection: _Connection, steps: Sequence[Step]) -> None:
        # All steps are played: one that follows the end of a connection may still act on the ledger.
        failure: OSError | None = None
        for step in steps:
            if failure is not None and not isinstance(step, Pause | Do):
                continue
            try:
                await connection.play(step)
            except OSError as error:
                failure = error
        if failure is not None:
            raise failure
