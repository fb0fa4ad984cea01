"""Connecting as momopy's own transports do it: the race between addresses, the handshake; and given transports."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

import momopy
from momopy import Settings, network
from momopy.faults import fault_of

from .certificates import Authority
from .resolver import FULL, HERE, NOBODY, FullBacklog
from .server import FaultServer, LoopThread
from .stage import payload
from .steps import Hold, Send
from .truth import Truth, answer


@pytest.fixture(scope="module")
def host() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


@pytest.fixture
def server(host: LoopThread) -> Iterator[FaultServer]:
    with FaultServer(lambda request: [], host=host) as server:
        yield server


def addresses(port: int, *hosts: str) -> list[Any]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in hosts]


async def peer(port: int, *hosts: str) -> str:
    sock = await network._first(addresses(port, *hosts))
    with sock:
        name: str = sock.getpeername()[0]
    return name


def test_the_first_address_that_answers_wins(server: FaultServer) -> None:
    assert asyncio.run(peer(server.port, HERE)) == HERE
    assert asyncio.run(peer(server.port, NOBODY, HERE)) == HERE
    assert asyncio.run(peer(server.port, HERE, NOBODY)) == HERE
    assert server.settle() == 0


def test_a_silent_address_does_not_hold_up_the_next(server: FaultServer) -> None:
    with FullBacklog(FULL, server.port):
        assert asyncio.run(peer(server.port, FULL, HERE)) == HERE
    assert server.settle() == 0


def test_no_address_that_answers() -> None:
    with FaultServer(lambda request: []) as gone:
        port = gone.port
    with pytest.raises(ConnectionRefusedError):
        asyncio.run(peer(port, NOBODY, HERE))
    with pytest.raises(OSError, match="no address"):
        asyncio.run(peer(port))


def test_one_that_is_given_up_leaves_nothing_open(server: FaultServer) -> None:
    async def give_up(after: float) -> None:
        tasks = [asyncio.ensure_future(peer(server.port, NOBODY, HERE)) for _ in range(20)]
        await asyncio.sleep(after)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.01)
        assert len(asyncio.all_tasks()) == 1

    for steps in range(12):
        asyncio.run(give_up(steps / 5000))
    assert server.settle() == 0


def test_a_handshake_that_is_given_up_leaves_nothing_open(host: LoopThread) -> None:
    with FaultServer(lambda request: [], tls=lambda number: [Hold()], host=host) as server:

        async def give_up() -> None:
            stream = await network.connect(HERE, server.port, 1.0)
            task = asyncio.ensure_future(stream.start_tls(ssl.create_default_context(), "localhost", 5.0))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0.01)

        asyncio.run(give_up())
        assert server.settle() == 0


def test_what_was_said_before_the_handshake_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """On some event loops bytes are read as soon as the connection is there, and so here: it may be anybody's."""
    authority = Authority()
    context = authority.server(HERE)
    handshakes = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal handshakes
        writer.write(answer(202).encode())
        try:
            await writer.start_tls(context)
            handshakes += 1
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer(403, {"message": "x"}).encode())
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    system = network.connect

    async def slow(*args: Any) -> network.Stream:
        stream = await system(*args)
        await asyncio.sleep(0.1)
        return stream

    monkeypatch.setattr(network, "connect", slow)

    async def pay() -> Any:
        server = await asyncio.start_server(serve, HERE, 0)
        port = server.sockets[0].getsockname()[1]
        settings = Settings(create_attempts=1)
        async with (
            server,
            momopy.Collection(
                "0" * 32, base_url=f"https://{HERE}:{port}", verify=authority.client(), settings=settings
            ) as client,
        ):
            key = str(uuid4())
            return await client.request_to_pay(Truth().bearer(), key, "sandbox", payload(key))

    result = asyncio.run(pay())
    assert (result.ok, handshakes) == (False, 0)
    assert (result.data["outcome"], result.data["code"], result.data["sent"]) == ("not_created", "CONNECTION", False)


def test_a_given_transport_that_breaks_the_protocol_may_have_sent_it(host: LoopThread) -> None:
    """httpx over HTTP/2 says LocalProtocolError of a connection that ends with the request on its way."""

    class Broken(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            response = await super().handle_async_request(request)
            await response.aread()
            await response.aclose()
            raise httpx.LocalProtocolError("Invalid input ConnectionInputs.RECV_HEADERS in state CLOSED")

    class BrokenToo(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            response = super().handle_request(request)
            response.read()
            response.close()
            raise httpx.LocalProtocolError("Invalid input ConnectionInputs.RECV_HEADERS in state CLOSED")

    settings = Settings(create_attempts=1, ambiguous_wait=0.01)
    key, bearer = str(uuid4()), Truth().bearer()
    with FaultServer(lambda _: [Send(answer(202).encode())], host=host) as server:

        async def awaited() -> Any:
            async with (
                Broken() as transport,
                momopy.Collection("0" * 32, base_url=server.base_url, settings=settings, transport=transport) as client,
            ):
                return await client.request_to_pay(bearer, key, "sandbox", payload(key))

        def blocking() -> Any:
            with (
                BrokenToo() as transport,
                momopy.SyncCollection(
                    "0" * 32, base_url=server.base_url, settings=settings, transport=transport
                ) as client,
            ):
                return client.request_to_pay(bearer, key, "sandbox", payload(key))

        for result in (asyncio.run(awaited()), blocking()):
            assert (result.data["outcome"], result.data["sent"]) == ("unknown", "maybe")
        assert server.requests


def test_a_header_that_momopys_own_transport_refuses_was_not_sent() -> None:
    broken = httpx.LocalProtocolError("Illegal header value")
    assert fault_of(broken).kind == "unsendable"
    assert fault_of(broken, given=True).kind == "lost"
