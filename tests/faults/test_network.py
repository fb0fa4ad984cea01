"""The race between the addresses of a host, as the awaited twin runs it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from momopy import network

from .resolver import FULL, HERE, NOBODY, FullBacklog
from .server import FaultServer, LoopThread
from .steps import Hold


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
