"""momopy's own share of a call: everything it does, over a transport that answers at once and does no I/O."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx

from benchmarks.contenders import BODY, KEY, SECRET, USER, Awaited, Blocking, expect
from benchmarks.server import Site

_TOKEN = b'{"access_token":"xxxx","token_type":"access_token","expires_in":3600}'
_BALANCE = b'{"availableBalance":"1000","currency":"EUR"}'


def _answer(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if path.endswith("/token/"):
        return httpx.Response(200, stream=httpx.ByteStream(_TOKEN))
    if path.endswith("/balance"):
        return httpx.Response(200, stream=httpx.ByteStream(_BALANCE))
    return httpx.Response(202, stream=httpx.ByteStream(b""))


class _Nothing(httpx.BaseTransport, httpx.AsyncBaseTransport):
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return _answer(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return _answer(request)


def blocking(site: Site) -> Blocking:
    """momopy.SyncCollection."""
    import momopy

    client = momopy.SyncCollection(KEY, api_user=USER, api_key=SECRET, base_url=site.url, transport=_Nothing())
    return {
        "pay": lambda key: expect(client.request_to_pay(uuid=key, body=BODY).ok),  # type: ignore[arg-type]
        "balance": lambda _: expect(client.get_account_balance().ok),
    }


async def awaited(site: Site) -> Awaited:
    """momopy.Collection."""
    import momopy

    client = momopy.Collection(KEY, api_user=USER, api_key=SECRET, base_url=site.url, transport=_Nothing())

    async def pay(key: str) -> None:
        expect((await client.request_to_pay(uuid=key, body=BODY)).ok)  # type: ignore[arg-type]

    async def balance(_: str) -> None:
        expect((await client.get_account_balance()).ok)

    return {"pay": pay, "balance": balance}


BLOCKING: dict[str, Callable[[Site], Blocking]] = {"momopy.SyncCollection, no I/O": blocking}
AWAITED: dict[str, Callable[[Site], Awaitable[Awaited]]] = {"momopy.Collection, no I/O": awaited}
