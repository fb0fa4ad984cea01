"""What an ordinary client checks of a host: who signed its certificate, and whether it is this host's."""

from __future__ import annotations

import asyncio
import inspect
import ssl
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import momopy
from momopy import transports
from momopy.settings import Settings

from .certificates import Authority
from .server import FaultServer, Request
from .steps import Answer, Send, Step

TWINS = ("awaited", "blocking", "fast")
QUICK = Settings(backoff=0.001, ambiguous_wait=0.001)
BALANCE = b'{"availableBalance": "1000", "currency": "EUR"}'
PAYMENT: Any = {"amount": "5", "currency": "EUR", "payer": {"partyIdType": "MSISDN", "partyId": "46733123499"}}


def answer(request: Request) -> list[Step]:
    body = b"" if request.verb == "POST" else BALANCE
    return [Send(Answer(202 if request.verb == "POST" else 200, body).encode())]


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def shown(authority: Authority) -> dict[str, ssl.SSLContext]:
    """What a server can show, made once."""
    return {
        "right": authority.server("127.0.0.1"),
        "self-signed": authority.server("127.0.0.1", self_signed=True),
        "for another host": authority.server("momo.invalid", "127.0.0.9"),
    }


@pytest.fixture
def trusted(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the authority one of the usual ones: those that a client trusts of which nothing is said about it."""
    file = tmp_path / "authorities.pem"
    file.write_text(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    transports.default_context.cache_clear()
    yield
    transports.default_context.cache_clear()


async def ask(twin: str, base_url: str, method: str, **arguments: Any) -> Any:
    """What one call of an ordinary client gives: it says nothing of certificates."""
    kind: Any = momopy.SyncCollection if twin == "blocking" else momopy.Collection
    if twin == "fast":
        pytest.importorskip("aiohttp")
    options = {"transport": "fast"} if twin == "fast" else {}
    client = kind("0123456789abcdef", base_url=base_url, settings=QUICK, **options)
    result = getattr(client, method)(authorization="Bearer eyJ.eyJ.x", **arguments)
    result = await result if inspect.isawaitable(result) else result
    closed = client.close() if twin == "blocking" else client.aclose()
    if inspect.isawaitable(closed):
        await closed
    return result


@pytest.mark.parametrize(("method", "outcome"), [("get_account_balance", "error"), ("request_to_pay", "not_created")])
@pytest.mark.parametrize("which", ["self-signed", "right"])
@pytest.mark.parametrize("twin", TWINS)
def test_a_certificate_that_nobody_vouches_for_is_sent_nothing(
    twin: str, which: str, method: str, outcome: str, shown: dict[str, ssl.SSLContext]
) -> None:
    arguments = {"body": PAYMENT} if method == "request_to_pay" else {}
    with FaultServer(answer, tls=lambda _: shown[which]) as server:
        result = asyncio.run(ask(twin, server.base_url, method, **arguments))
        assert not result.ok
        failure = result.data
        assert (failure["code"], failure["sent"], failure["outcome"]) == ("TLS", False, outcome)
        assert failure["attempts"] == server.connections == 1
        assert server.requests == []


@pytest.mark.parametrize("twin", TWINS)
def test_a_certificate_of_another_host_is_sent_nothing(
    twin: str, shown: dict[str, ssl.SSLContext], trusted: None
) -> None:
    with FaultServer(answer, tls=lambda _: shown["for another host"]) as server:
        result = asyncio.run(ask(twin, server.base_url, "get_account_balance"))
        assert (result.data["code"], result.data["sent"]) == ("TLS", False)
        assert server.requests == []


@pytest.mark.parametrize("twin", TWINS)
def test_a_certificate_that_is_in_order_is_taken(twin: str, shown: dict[str, ssl.SSLContext], trusted: None) -> None:
    with FaultServer(answer, tls=lambda _: shown["right"]) as server:
        result = asyncio.run(ask(twin, server.base_url, "get_account_balance"))
        assert result == (True, {"availableBalance": "1000", "currency": "EUR"})
        assert len(server.requests) == 1


@pytest.mark.parametrize("base_url", ["https://sandbox.momodeveloper.mtn.com", "https://proxy.momoapi.mtn.com"])
def test_the_context_of_an_ordinary_client_checks_all(base_url: str) -> None:
    context = transports.tls_context(base_url, None)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname is True
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.cert_store_stats()["x509_ca"] > 0


@pytest.mark.parametrize("given", ["context", "path"])
def test_authorities_of_the_callers_own_loosen_nothing(given: str, authority: Authority, tmp_path: Path) -> None:
    file = tmp_path / "authority.pem"
    file.write_text(authority.pem)
    context = transports.tls_context("https://127.0.0.1", authority.client() if given == "context" else file)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname is True
    assert context.cert_store_stats()["x509_ca"] == 1


def test_the_context_is_that_of_every_transport(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one of them makes its own."""
    pytest.importorskip("aiohttp")
    made: list[ssl.SSLContext] = []
    base_url = "https://sandbox.momodeveloper.mtn.com"

    def tls_context(*arguments: Any, context: Any = transports.tls_context) -> ssl.SSLContext:
        made.append(context(*arguments))
        return made[-1]

    monkeypatch.setattr(transports, "tls_context", tls_context)
    proxies = (None, momopy.Secret("http://127.0.0.1:9"))

    async def make_all() -> None:
        ways: tuple[Any, ...] = (None, "fast")
        for way, proxy in product(ways, proxies):
            await transports.source(way, base_url, QUICK, proxy, None).take().aclose()
        for proxy in proxies:
            transports.sync_source(None, base_url, QUICK, proxy, None).take().close()

    asyncio.run(make_all())
    assert len(made) == 6
    assert set(made) == {transports.default_context()}
