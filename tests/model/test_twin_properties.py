"""Both twins, on the same script of answers, end alike and send alike."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import httpx
from hypothesis import given
from hypothesis import strategies as st

import momopy
from momopy.settings import DEFAULT

from .subjects import BODY, KEY
from .test_properties import PROPERTY

ANSWERS: Final[dict[str, tuple[int, bytes]]] = {
    "202": (202, b""),
    "409": (409, b'{"code":"RESOURCE_ALREADY_EXIST"}'),
    "404": (404, b'{"code":"RESOURCE_NOT_FOUND"}'),
    "500": (500, b'{"code":"INTERNAL_PROCESSING_ERROR"}'),
    "business": (500, b'{"code":"NOT_ENOUGH_FUNDS"}'),
    "403": (403, b""),
    "portal": (200, b"<html>"),
    "own": (200, b'{"externalId":"order-7","amount":"12.5","currency":"EUR","status":"PENDING"}'),
    "other": (200, b'{"externalId":"order-8","status":"SUCCESSFUL"}'),
}
FAULTS: Final[dict[str, type[httpx.TransportError]]] = {"unsent": httpx.ConnectError, "lost": httpx.ReadError}
# Without pauses: how long they are is the procedure's, which both share.
HASTY: Final = DEFAULT._replace(backoff=0.0, ambiguous_wait=0.0, status_rate=1000.0)


class Script(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport of either half that answers by a script and notes what it was sent."""

    def __init__(self, script: list[str]) -> None:
        self.script = list(script)
        self.sent: list[tuple[str, str, str | None]] = []

    def _next(self, request: httpx.Request) -> httpx.Response:
        self.sent.append((request.method, str(request.url), request.headers.get("X-Reference-Id")))
        step = self.script.pop(0) if self.script else "403"
        if step in FAULTS:
            raise FAULTS[step]("scripted")
        status, body = ANSWERS[step]
        return httpx.Response(status, content=body)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._next(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._next(request)


def _told(result: Any) -> tuple[bool, Any]:
    ok, data = result
    return ok, data if ok else {key: value for key, value in data.items() if key != "elapsed"}


@PROPERTY
@given(st.lists(st.sampled_from([*ANSWERS, *FAULTS]), max_size=10))
def test_both_twins_end_alike_on_the_same_script(script: list[str]) -> None:
    awaited, blocking = Script(script), Script(script)

    async def pay() -> Any:
        client = momopy.Collection("0123456789abcdef", transport=awaited, settings=HASTY)
        return await client.request_to_pay("Bearer abc", KEY, "sandbox", dict(BODY))

    one = asyncio.run(pay())
    client = momopy.SyncCollection("0123456789abcdef", transport=blocking, settings=HASTY)
    other = client.request_to_pay("Bearer abc", KEY, "sandbox", dict(BODY))
    assert _told(one) == _told(other)
    assert awaited.sent == blocking.sent
    assert awaited.sent[0][2] == KEY
