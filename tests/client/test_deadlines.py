"""No call waits beyond its time, and who never had a connection is not told that nobody knows."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest

import momopy
from tests.client.raw import BEARER, BRISK, as_json, called, server
from tests.client.twins import PAYMENT, Both, Twin
from tests.faults.resolver import FULL, HERE, FullBacklog
from tests.faults.server import FaultServer
from tests.faults.steps import Hold, Pause

pytestmark = pytest.mark.anyio

BALANCE = as_json({"availableBalance": "1000", "currency": "EUR"})
# What waits beyond its time does so for eight seconds at least; a busy machine may take a few.
SLOW = BRISK._replace(read_deadline=8.0, write_deadline=8.0)
ENOUGH = 6.0


@pytest.fixture(params=["awaited", "blocking", "fast"])
async def twin(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[Twin]:
    """One half of the library, then the other, then the first over aiohttp."""
    half = Twin("blocking" if request.param == "blocking" else "awaited")
    if request.param == "fast":
        half.at = lambda base_url, **options: Twin.at(half, base_url, transport="fast", **options)  # type: ignore[method-assign]
    yield half
    await half.close()


def new() -> dict[str, Any]:
    return {"uuid": str(uuid4()), "body": PAYMENT, **BEARER}


@pytest.fixture
def silent() -> Iterator[str]:
    """The URL of a host that neither takes nor refuses a connection."""
    with socket.socket() as free:
        free.bind((FULL, 0))
        port = free.getsockname()[1]
    with FullBacklog(FULL, port):
        yield f"http://{FULL}:{port}"


def leads_to(monkeypatch: pytest.MonkeyPatch, *hosts: str) -> None:
    """Let `localhost` have these addresses."""
    system = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in ("localhost", b"localhost"):
            return system(host, port, *args, **kwargs)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, int(port))) for each in hosts]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


async def test_the_pace_of_status_calls_holds_nobody_beyond_the_deadline(twin: Twin) -> None:
    settings = SLOW._replace(status_rate=2.0, read_deadline=2.0)
    with server(*as_json({"status": "PENDING"})) as running:
        client = twin.at(running.base_url, settings=settings)
        start = time.monotonic()
        calls = [called(twin, client, "get_payment_status", {"uuid": str(uuid4()), **BEARER}) for _ in range(24)]
        results = await asyncio.gather(*calls)
        assert time.monotonic() - start < 9.0  # at two a second they would take twelve
        late = [result.data for result in results if not result.ok]
        assert len(late) >= 15
        assert {each["outcome"] for each in late} == {"error"}
        # One whose turn came just before its deadline may be cut off by it, on a busy machine.
        unsent = [each for each in late if each["sent"] is False]
        assert len(unsent) >= 12
        assert {each["code"] for each in unsent} == {"DEADLINE"}
        assert len(running.requests) <= len(results) - len(unsent)


async def test_the_looks_of_a_create_keep_to_its_deadline(twin: Twin) -> None:
    settings = SLOW._replace(status_rate=2.0, write_deadline=2.0, ambiguous_wait=0.01)
    with server(*as_json({}, 500)) as running:
        client = twin.at(running.base_url, settings=settings)
        start = time.monotonic()
        results = await asyncio.gather(*[called(twin, client, "request_to_pay", new()) for _ in range(24)])
        assert time.monotonic() - start < 9.0
        assert {result.data["outcome"] for result in results} == {"unknown"}


async def test_a_wait_ends_with_its_timeout(twin: Twin) -> None:
    with server(Hold()) as running:
        client = twin.at(running.base_url, settings=SLOW)
        start = time.monotonic()
        waited = await client.wait_for_payment(str(uuid4()), timeout=0.3, **BEARER)
        assert waited.data["outcome"] == "error"
        assert time.monotonic() - start < ENOUGH


async def test_a_consent_ends_with_its_timeout(twin: Twin) -> None:
    with server(Hold()) as running:
        client = twin.at(running.base_url, settings=SLOW, api_user=str(uuid4()), api_key="0123456789abcdef")
        start = time.monotonic()
        asked = await client.ask_user_info(msisdn="46733123499", scope="profile", timeout=0.3)
        assert not asked.ok
        assert time.monotonic() - start < 2 * ENOUGH


async def test_a_call_that_leads_the_renewal_of_a_token_keeps_to_its_own_time(twin: Twin) -> None:
    with server(Hold()) as running:
        settings = BRISK._replace(read_deadline=0.5, write_deadline=0.5, token_deadline=2 * ENOUGH)
        client = twin.at(running.base_url, settings=settings, api_user=str(uuid4()), api_key="0123456789abcdef")
        start = time.monotonic()
        balance = await client.get_account_balance()
        paid = await client.request_to_pay(body=PAYMENT)
        assert time.monotonic() - start < ENOUGH
        assert (balance.data["code"], balance.data["sent"]) == ("DEADLINE", False)
        assert (paid.data["outcome"], paid.data["code"], paid.data["sent"]) == ("not_created", "DEADLINE", False)


async def test_a_host_that_does_not_answer_was_sent_nothing(twin: Twin, silent: str) -> None:
    for timeout in (0.4, 1.0):
        client = twin.at(silent, settings=BRISK, timeout=timeout)
        result = await client.request_to_pay(**new())
        assert (result.data["outcome"], result.data["sent"]) == ("not_created", False)
        assert result.data["code"] in ("CONNECTION", "DEADLINE")


async def test_a_deadline_that_falls_due_with_the_timeout_of_connecting(silent: str, anyio_backend: str) -> None:
    for transport in ({}, {"transport": "fast"}):
        async with momopy.Collection("0" * 32, base_url=silent, settings=BRISK, timeout=0.5, **transport) as client:
            task = asyncio.create_task(client.request_to_pay(**new()))
            await asyncio.sleep(0.1)
            time.sleep(0.8)  # noqa: ASYNC251 - a program that keeps the event loop from both
            result = await task
            assert (result.data["outcome"], result.data["sent"]) == ("not_created", False)


async def test_connecting_ends_with_the_deadline_however_many_addresses_there_are(
    twin: Twin, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = silent.rpartition(":")[2]
    with ExitStack() as held:
        hosts = [f"127.0.0.{number}" for number in range(10, 18)]
        for host in hosts:
            held.enter_context(FullBacklog(host, int(port)))
        leads_to(monkeypatch, *hosts)
        client = twin.at(f"http://localhost:{port}", settings=BRISK, timeout=1.0)
        start = time.monotonic()
        result = await client.request_to_pay(**new())
        assert (result.data["outcome"], result.data["sent"]) == ("not_created", False)
        assert time.monotonic() - start < ENOUGH  # a second for each would be eight


async def test_a_silent_address_leaves_time_for_the_next(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    with server(*as_json(None, 202)) as running, FullBacklog(FULL, running.port):
        leads_to(monkeypatch, FULL, HERE)
        client = twin.at(f"http://localhost:{running.port}", settings=BRISK, timeout=3.0)
        assert await client.request_to_pay(**new())
        assert len(running.requests) == 1


@pytest.mark.parametrize("transport", [None, "fast"])
async def test_closing_waits_for_those_whose_turn_is_still_to_come(transport: Any, anyio_backend: str) -> None:
    with FaultServer(lambda request: [Pause(0.2), *BALANCE]) as running:
        settings = BRISK._replace(max_concurrency=1, read_attempts=1)
        client = Both(momopy.Collection("0" * 32, base_url=running.base_url, settings=settings, transport=transport))
        calls = [asyncio.create_task(client.get_account_balance(**BEARER)) for _ in range(4)]
        await asyncio.sleep(0.1)
        await client.aclose()
        assert all(call.done() for call in calls)
        assert all(call.result().ok for call in calls)
        assert await asyncio.to_thread(running.settle) == 0
