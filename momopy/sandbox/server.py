"""The server: uvicorn in a thread of its own, on a free port, gone without a trace."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from momopy.sandbox.exchange import TRANSPORT

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# uvicorn warns of each broken request; without a handler, logging would print that to the terminal.
logger = logging.getLogger("momopy.sandbox.server")
logging.getLogger("momopy.sandbox").addHandler(logging.NullHandler())


class _Protocol(H11Protocol):
    """Uvicorn's protocol, which also lets a fault end a connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = logger
        inner: Any = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope[TRANSPORT] = self.transport
            # Cancelled when the sandbox ends; uvicorn would write a traceback about it.
            with contextlib.suppress(asyncio.CancelledError):
                await inner(scope, receive, send)

        self.app = app


class _Server(uvicorn.Server):
    """uvicorn, but it wakes up at once when it is told to stop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self.stop = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        counter = 0
        while not await self.on_tick(counter):
            counter += 10
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), 1.0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # A connection that was accepted in this turn of the loop is known two turns later, and lost for good (3.12)
        # if its server was closed meanwhile.
        loop = asyncio.get_running_loop()
        for listener in sockets or []:
            loop.remove_reader(listener)
        for _ in range(3):
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        # The connections are told in the next turn of the loop; what still runs then is cancelled.
        while self.server_state.connections or self.server_state.tasks:
            await asyncio.sleep(0.001)
            for task in list(self.server_state.tasks):
                task.cancel()
        for listener in sockets or []:
            listener.close()


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only on sockets that name TCP; without it each answer takes 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except BaseException:
        listener.close()
        raise
    return listener


class ServerThread:
    """Serves an application until `stop` is called."""

    def __init__(
        self,
        app: ASGIApp,
        listener: socket.socket,
        job: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        self._listener = listener
        self._job = job
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=75,
            backlog=2048,
        )
        self._server = _Server(config)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="momopy-sandbox", daemon=True)

    def _run(self) -> None:
        try:
            with asyncio.Runner() as runner:
                self._loop = runner.get_loop()
                runner.run(self._serve())
        except BaseException as failure:
            self._failure = failure
        finally:
            self._server.ready.set()

    async def _serve(self) -> None:
        job = asyncio.create_task(self._job())
        try:
            await self._server.serve([self._listener])
        finally:
            job.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await job

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop that the server runs in."""
        assert self._loop is not None
        return self._loop

    def start(self) -> None:
        """Return when the server accepts connections."""
        self._thread.start()
        self._server.ready.wait()
        if self._failure is not None:
            self._listener.close()
            raise RuntimeError("the sandbox did not start") from self._failure

    def stop(self) -> None:
        """Return when connections, sockets and the thread are gone."""

        def end() -> None:
            self._server.should_exit = True
            self._server.stop.set()

        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(end)
        self._thread.join()
