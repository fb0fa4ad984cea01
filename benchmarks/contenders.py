"""Who is measured. Each contender makes its operations: functions of a reference id that fail on a wrong answer.

Each does what its own README tells its users to do; momopy runs with everything on.
"""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import ssl
import sys
import threading
import uuid
from collections.abc import Awaitable, Callable
from importlib.machinery import PathFinder
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from benchmarks.server import Site

KEY = "a" * 32
USER = "0d3f9a4e-5d0c-4d7c-9b0e-2b1f6c9e8a11"
SECRET = "k" * 32
BEARER = "Bearer " + "x" * 400
BODY = {
    "amount": "5",
    "currency": "EUR",
    "externalId": "45464546454",
    "payer": {"partyIdType": "MSISDN", "partyId": "87937389"},
    "payerMessage": "BUY THING",
    "payeeNote": "THANKS",
}
PAY = "/collection/v1_0/requesttopay"
BALANCE = "/collection/v1_0/account/balance"

Blocking: TypeAlias = dict[str, Callable[[str], None]]
Awaited: TypeAlias = dict[str, Callable[[str], Awaitable[None]]]


class WrongAnswer(Exception):
    """An answer that is none, or another call's."""


def expect(right: object) -> None:
    """Fail on a wrong answer."""
    if not right:
        raise WrongAnswer


def headers(key: str | None = None) -> dict[str, str]:
    """What a request needs."""
    made = {"Authorization": BEARER, "Ocp-Apim-Subscription-Key": KEY, "X-Target-Environment": "sandbox"}
    if key is not None:
        made["X-Reference-Id"] = key
    return made


def number(key: str) -> str:
    """A phone number of this call's own."""
    return "256" + str(int(key[:8], 16) % 10**9).zfill(9)


def _info(key: str) -> str:
    return f"/collection/v1_0/accountholder/msisdn/{number(key)}/basicuserinfo"


def _request(site: Site, method: str, path: str, key: str | None, body: bytes = b"") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: {urlsplit(site.url).netloc}\r\n"
    for name, value in headers(key).items():
        head += f"{name}: {value}\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def _answer(read: bytes) -> tuple[int, bytes] | None:
    head, found, body = read.partition(b"\r\n\r\n")
    if not found:
        return None
    at = head.index(b"Content-Length: ") + 16
    if len(body) < int(head[at:].split(b"\r\n", 1)[0]):
        return None
    return int(head[9:12]), body


def raw_socket(site: Site) -> Blocking:
    """The least that Python can do: one socket a thread, requests by hand, answers not checked for much."""
    address = urlsplit(site.url)
    context = ssl.create_default_context(cafile=site.ca) if site.ca else None
    kept = threading.local()

    def call(request: bytes) -> tuple[int, bytes]:
        line = getattr(kept, "line", None)
        if line is None:
            line = socket.create_connection((address.hostname, address.port))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line = kept.line = context.wrap_socket(line, server_hostname=address.hostname) if context else line
        line.sendall(request)
        read = b""
        while (answer := _answer(read)) is None:
            read += line.recv(65536)
        return answer

    return {
        "pay": lambda key: expect(call(_request(site, "POST", PAY, key, json.dumps(BODY).encode()))[0] == 202),
        "balance": lambda _: expect(json.loads(call(_request(site, "GET", BALANCE, None))[1])["availableBalance"]),
        "status": lambda key: expect(
            json.loads(call(_request(site, "GET", f"{PAY}/{key}", None))[1])["externalId"] == key
        ),
    }


def httpx_client(site: Site) -> Blocking:
    """httpx.Client, as a program would use it that has no library for MTN."""
    import httpx

    client = httpx.Client(base_url=site.url, timeout=60)
    return {
        "pay": lambda key: expect(client.post(PAY, json=BODY, headers=headers(key)).status_code == 202),
        "balance": lambda _: expect(client.get(BALANCE, headers=headers()).json()["availableBalance"]),
        "status": lambda key: expect(client.get(f"{PAY}/{key}", headers=headers()).json()["externalId"] == key),
    }


def momopy_blocking(site: Site) -> Blocking:
    """momopy.SyncCollection, with everything on; only the pace of status calls is set free."""
    import momopy

    client = momopy.SyncCollection(
        KEY,
        api_user=USER,
        api_key=SECRET,
        base_url=site.url,
        verify=site.ca,
        settings=momopy.Settings(status_rate=1e6),
    )
    return {
        "pay": lambda key: expect(client.request_to_pay(uuid=key, body=BODY).ok),  # type: ignore[arg-type]
        "balance": lambda _: expect(client.get_account_balance().unwrap()["availableBalance"]),
        "status": lambda key: expect(client.get_payment_status(key).unwrap()["externalId"] == key),
    }


def momo_openapi(site: Site) -> Blocking:
    """momo-openapi, one client."""
    from momo_openapi import Collection
    from momo_openapi.config import MomoConfig

    client = Collection(MomoConfig(KEY, USER, SECRET, target_environment="sandbox", base_url=site.url))
    return {
        "pay": lambda key: expect(
            client.request_to_pay("5", "87937389", "45464546454", currency="EUR", reference_id=key) == key
        ),
        "balance": lambda _: expect(client.get_balance()["availableBalance"]),
        "status": lambda key: expect(client.get_transaction_status(key)["externalId"] == key),
    }


def _mtn_momo_client(site: Site, **given: Any) -> Blocking:
    from momo_api import MomoApi
    from momo_api.models.payment_request import PaymentRequest

    MomoApi.SANDBOX_URL = site.url
    config = {"environment": "sandbox", "subscription_key": KEY, "api_user": USER, "api_key": SECRET}
    client = MomoApi.collection(config, **given)
    paid = PaymentRequest.make("5", "87937389", "45464546454", "EUR", "BUY THING", "THANKS")
    return {
        "pay": lambda key: expect(client.request_to_pay(paid, key) == key),
        "balance": lambda _: expect(client.get_balance().available_balance),
        "status": lambda key: expect(client.get_payment_status(key).external_id == key),
    }


def mtn_momo_client(site: Site) -> Blocking:
    """mtn-momo-client as its README tells."""
    return _mtn_momo_client(site)


def mtn_momo_client_injected(site: Site) -> Blocking:
    """mtn-momo-client with an httpx.Client given to it, which keeps connections."""
    import httpx

    return _mtn_momo_client(site, http_client=httpx.Client(timeout=60))


def mtnmomo(site: Site) -> Blocking:
    """mtnmomo (Sparkplug). It asks for a token with each call and does not check certificates."""
    from mtnmomo.collection import Collection

    client = Collection(
        {
            "BASE_URL": site.url,
            "ENVIRONMENT": "sandbox",
            "CALLBACK_HOST": "localhost",
            "COLLECTION_PRIMARY_KEY": KEY,
            "COLLECTION_USER_ID": USER,
            "COLLECTION_API_SECRET": SECRET,
        }
    )
    return {
        "pay": lambda _: expect(client.requestToPay("0772123456", "5", "1")["transaction_ref"]),
        "balance": lambda _: expect(client.getBalance()["availableBalance"]),
        "status": lambda key: expect(client.getTransactionStatus(key)["externalId"] == key),
    }


def pytekmomoapi(site: Site) -> Blocking:
    """pytekmomoapi. It asks for a token with each call."""
    import tekmomoapi

    client = tekmomoapi.CollectionAPI(KEY, base_url=site.url, user_id=USER, apiKey=SECRET)
    party = tekmomoapi.get_collection_party_obj("MSISDN", "87937389")
    paid = tekmomoapi.scaffold.PaymentRequest("5", "EUR", "45464546454", party, "BUY THING", "THANKS")

    def pay(key: str) -> None:
        client.request_payment(key, paid)

    return {
        "pay": pay,
        "balance": lambda _: expect(client.get_account_balance()["availableBalance"]),
        "status": lambda key: expect(client.get_payment_request_status(key)["externalId"] == key),
    }


async def raw_asyncio(site: Site) -> Awaited:
    """asyncio's streams, requests by hand, one connection for each call at once."""
    address = urlsplit(site.url)
    context = ssl.create_default_context(cafile=site.ca) if site.ca else None
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    places = asyncio.Semaphore(100)

    async def call(request: bytes) -> tuple[int, bytes]:
        async with places:
            reader, writer = (
                idle.pop() if idle else await asyncio.open_connection(address.hostname, address.port, ssl=context)
            )
            writer.write(request)
            read = b""
            while (answer := _answer(read)) is None:
                read += await reader.read(65536)
            idle.append((reader, writer))
            return answer

    async def pay(key: str) -> None:
        status, _ = await call(_request(site, "POST", PAY, key, json.dumps(BODY).encode()))
        expect(status == 202)

    async def balance(_: str) -> None:
        expect(json.loads((await call(_request(site, "GET", BALANCE, None)))[1])["availableBalance"])

    async def status(key: str) -> None:
        expect(json.loads((await call(_request(site, "GET", f"{PAY}/{key}", None)))[1])["externalId"] == key)

    return {"pay": pay, "balance": balance, "status": status}


async def aiohttp_session(site: Site) -> Awaited:
    """aiohttp.ClientSession, as a program would use it that has no library for MTN."""
    import aiohttp

    session = aiohttp.ClientSession(site.url)

    async def pay(key: str) -> None:
        async with session.post(PAY, json=BODY, headers=headers(key)) as answer:
            await answer.read()
            expect(answer.status == 202)

    async def get(path: str) -> Any:
        async with session.get(path, headers=headers()) as answer:
            return await answer.json()

    async def balance(_: str) -> None:
        expect((await get(BALANCE))["availableBalance"])

    async def status(key: str) -> None:
        expect((await get(f"{PAY}/{key}"))["externalId"] == key)

    async def info(key: str) -> None:
        expect((await get(_info(key)))["sub"] == number(key))

    return {"pay": pay, "balance": balance, "status": status, "info": info}


async def httpx_with_sniffio(site: Site) -> Awaited:
    """httpx.AsyncClient, as a program would use it that has no library for MTN, but for a package that speeds it up."""
    import httpx

    client = httpx.AsyncClient(base_url=site.url, timeout=120)

    async def pay(key: str) -> None:
        expect((await client.post(PAY, json=BODY, headers=headers(key))).status_code == 202)

    async def balance(_: str) -> None:
        expect((await client.get(BALANCE, headers=headers())).json()["availableBalance"])

    async def status(key: str) -> None:
        expect((await client.get(f"{PAY}/{key}", headers=headers())).json()["externalId"] == key)

    async def info(key: str) -> None:
        expect((await client.get(_info(key), headers=headers())).json()["sub"] == number(key))

    return {"pay": pay, "balance": balance, "status": status, "info": info}


async def httpx_async_client(site: Site) -> Awaited:
    """The same as `pip install httpx` leaves it: httpcore looks for sniffio with every lock."""
    sys.meta_path[sys.meta_path.index(PathFinder)] = _WithoutSniffio  # type: ignore[arg-type]
    return await httpx_with_sniffio(site)


class _WithoutSniffio(PathFinder):
    """Looks for it everywhere, as Python does for a package that is missing, and does not find it."""

    @classmethod
    def find_spec(cls, fullname: str, path: Any = None, target: Any = None) -> Any:
        return PathFinder.find_spec("sniffio-" if fullname == "sniffio" else fullname, path, target)


async def _momopy(site: Site, **given: Any) -> Awaited:
    import momopy

    client = momopy.Collection(
        KEY,
        api_user=USER,
        api_key=SECRET,
        base_url=site.url,
        verify=site.ca,
        settings=momopy.Settings(status_rate=1e6),
        **given,
    )

    async def pay(key: str) -> None:
        expect((await client.request_to_pay(uuid=key, body=BODY)).ok)  # type: ignore[arg-type]

    async def balance(_: str) -> None:
        expect((await client.get_account_balance()).unwrap()["availableBalance"])

    async def status(key: str) -> None:
        expect((await client.get_payment_status(key)).unwrap()["externalId"] == key)

    async def info(key: str) -> None:
        expect((await client.get_basic_user_info(number(key))).unwrap()["sub"] == number(key))

    async def both(key: str) -> None:
        # Without an externalId of the caller's, the reference id is it; the status answer must repeat it.
        body = {name: value for name, value in BODY.items() if name != "externalId"}
        accepted = (await client.request_to_pay(uuid=key, body=body)).unwrap()  # type: ignore[arg-type]
        expect(accepted["reference_id"] == key)
        expect((await client.get_payment_status(key)).unwrap()["externalId"] == key)

    return {"pay": pay, "balance": balance, "status": status, "info": info, "both": both}


async def momopy_awaited(site: Site) -> Awaited:
    """momopy.Collection, with everything on; only the pace of status calls is set free."""
    return await _momopy(site)


async def momopy_fast(site: Site) -> Awaited:
    """The same with transport="fast"."""
    return await _momopy(site, transport="fast")


async def mobilemoney_py(site: Site) -> Awaited:
    """mobilemoney.py, the token carried by the caller as its README tells."""
    import mobilemoney
    from mobilemoney.request.route import Route

    Route.BASE["sandbox"] = site.url
    client = mobilemoney.Client()
    client.is_sandbox()
    collection = client.collection(KEY)
    made, token = await collection.create_access_token(
        "Basic " + base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
    )
    expect(made)
    bearer = client.bearer_token(
        token["access_token"] if isinstance(token, dict) else json.loads(token)["access_token"]
    )

    async def pay(key: str) -> None:
        done, _ = await collection.request_to_pay(bearer, key, "sandbox", BODY)
        expect(done)

    async def balance(_: str) -> None:
        done, data = await collection.get_account_balance(bearer, "sandbox")
        expect(done and data["availableBalance"])

    async def info(key: str) -> None:
        done, data = await collection.get_basic_user_info(number(key), bearer, "sandbox")
        expect(done and data["sub"] == number(key))

    return {"pay": pay, "balance": balance, "info": info}


BLOCKING: dict[str, Callable[[Site], Blocking]] = {
    "socket": raw_socket,
    "httpx.Client": httpx_client,
    "momopy.SyncCollection": momopy_blocking,
    "momo-openapi": momo_openapi,
    "mtn-momo-client": mtn_momo_client,
    "mtn-momo-client, client given": mtn_momo_client_injected,
    "mtnmomo": mtnmomo,
    "pytekmomoapi": pytekmomoapi,
}
AWAITED: dict[str, Callable[[Site], Awaitable[Awaited]]] = {
    "asyncio": raw_asyncio,
    "aiohttp": aiohttp_session,
    "httpx.AsyncClient": httpx_async_client,
    "httpx.AsyncClient, sniffio": httpx_with_sniffio,
    "momopy.Collection": momopy_awaited,
    "momopy.Collection, fast": momopy_fast,
    "mobilemoney.py": mobilemoney_py,
}


def new_key() -> str:
    """A reference id."""
    return str(uuid.uuid4())
