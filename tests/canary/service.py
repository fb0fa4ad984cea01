"""A service that knows all secrets and answers each request as a fault says; it repeats what it was sent."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx

from tests.canary.secrets import ACCESS_TOKEN, API_KEY, AUTH_REQ_ID, MSISDN, OAUTH2_TOKEN, SECRETS

EVERYTHING = " ".join([*SECRETS.values(), MSISDN])

PAYMENT = {
    "financialTransactionId": "1",
    "externalId": "order-7",
    "amount": "5",
    "currency": "EUR",
    "payer": {"partyIdType": "MSISDN", "partyId": MSISDN},
    "status": "SUCCESSFUL",
}
# What each path answers when all is well; the first that fits counts.
ANSWERS: list[tuple[str, str, int, Any]] = [
    ("POST", r"/collection/token/", 200, {"access_token": ACCESS_TOKEN, "token_type": "x", "expires_in": 3600}),
    (
        "POST",
        r"/oauth2/token/",
        200,
        {"access_token": OAUTH2_TOKEN, "token_type": "x", "expires_in": 3600, "refresh_token": OAUTH2_TOKEN},
    ),
    ("POST", r"/bc-authorize", 200, {"auth_req_id": AUTH_REQ_ID, "interval": 1, "expires_in": 3600}),
    ("POST", r"/v1_0/apiuser$", 201, None),
    ("POST", r"/apikey$", 201, {"apiKey": API_KEY}),
    ("GET", r"/v1_0/apiuser/", 200, {"providerCallbackHost": "shop.example", "targetEnvironment": "sandbox"}),
    ("GET", r"/account/balance", 200, {"availableBalance": "1000", "currency": "EUR"}),
    ("GET", r"/userinfo", 200, {"sub": "1", "name": "Sand Box", "given_name": "Sand", "family_name": "Box"}),
    ("GET", r"/basicuserinfo", 200, {"given_name": "Sand", "family_name": "Box", "status": "ACTIVE"}),
    ("GET", r"/active$", 200, {"result": True}),
    ("POST", r"/deliverynotification", 200, None),
    ("DELETE", r"", 200, None),
    ("GET", r"/approved$|/preapprovals/", 200, []),
    ("GET", r"", 200, PAYMENT),
    ("POST", r"", 202, None),
]


def well(request: httpx.Request) -> httpx.Response:
    """What the service answers when nothing is wrong."""
    for method, path, status, content in ANSWERS:
        if request.method == method and re.search(path, request.url.path):
            return httpx.Response(status, content=b"" if content is None else json.dumps(content).encode())
    raise AssertionError(request.url.path)


class Cut(httpx.AsyncByteStream, httpx.SyncByteStream):
    """A body that breaks off with an exception that tells everything."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"access'
        raise httpx.ReadError(EVERYTHING)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"access'
        raise httpx.ReadError(EVERYTHING)


Play = Callable[[httpx.Request], httpx.Response]


def _raises(make: Callable[[], BaseException]) -> Play:
    def play(request: httpx.Request) -> httpx.Response:
        # As a transport's own frame holds them.
        sent = [*request.headers.raw]  # noqa: F841
        raise make()

    return play


def _kinds(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


def _chained() -> BaseException:
    exc = httpx.ConnectError(EVERYTHING)
    exc.__cause__ = ssl.SSLCertVerificationError(1, EVERYTHING)
    exc.add_note(EVERYTHING)
    return exc


def _says(status: int, content: Any, **headers: str) -> Play:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return lambda request: httpx.Response(status, content=body, headers=headers)


# With "repeated:" the service puts a secret into what it says of the thing that was asked for. That is data, of
# which nothing is dropped; a repr or a log shows it none the less to nobody.
def _answers() -> Iterator[tuple[str, Play]]:
    for status in (202, 301, 307, 400, 401, 403, 404, 408, 409, 415, 422, 429, 500, 502, 503, 520):
        for name, content in {
            "platform": {"code": "INTERNAL_PROCESSING_ERROR", "message": EVERYTHING},
            "gateway": {"statusCode": status, "message": "Access denied due to invalid subscription key " + EVERYTHING},
            "page": b"<html>" + EVERYTHING.encode() + b"</html>",
        }.items():
            yield f"{status} {name}", _says(status, content, Location=f"https://x.example/?{SECRETS['the API key']}")
    for name, secret in SECRETS.items():
        yield f"400 with {name} as the code", _says(400, {"code": secret, "message": secret})
        yield f"401 with {name} as the error", _says(401, {"error": secret, "message": [secret]})
        yield f"500 with {name} as the code", _says(500, {"code": secret.upper(), "message": secret})
    yield "repeated: failed for the number", _says(200, {"status": "FAILED", "reason": f"PAYER_{MSISDN}"})
    for name in ("the API key", "the subscription key", "the token in the callback URL"):
        yield f"repeated: failed for {name}", _says(200, {"status": "FAILED", "reason": SECRETS[name].upper()})
    yield "half JSON", _says(200, b'{"availableBalance": "' + EVERYTHING.encode())
    yield "repeated: a list", _says(200, [EVERYTHING])
    yield "a text", _says(200, EVERYTHING)
    yield "repeated: a token that is none", _says(200, {"access_token": EVERYTHING, "expires_in": 3600})
    yield "repeated: a token without an end", _says(200, {"access_token": ACCESS_TOKEN, "expires_in": EVERYTHING})
    yield "cut in the body", lambda request: httpx.Response(200, stream=Cut())
    yield "cut in an error", lambda request: httpx.Response(500, stream=Cut())
    yield "wait for long", _says(429, {"message": EVERYTHING}, **{"Retry-After": "4000"})


def _exceptions() -> Iterator[tuple[str, Play]]:
    kinds = {kind for base in (httpx.TransportError, httpx.StreamError) for kind in _kinds(base)}
    for kind in sorted(kinds | {httpx.InvalidURL, httpx.DecodingError}, key=lambda kind: kind.__name__):
        try:
            kind(EVERYTHING)
        except TypeError:  # some stream errors say always the same
            continue
        yield kind.__name__, _raises(lambda kind=kind: kind(EVERYTHING))
    for other in (OSError, TimeoutError, ValueError, RuntimeError, KeyError, RecursionError, ssl.SSLError, MemoryError):
        yield other.__name__, _raises(lambda other=other: other(EVERYTHING))
    yield "UnicodeEncodeError", _raises(lambda: UnicodeEncodeError("ascii", EVERYTHING, 0, 1, "cannot"))
    yield "certificate", _raises(_chained)


FAULTS: dict[str, Play] = {"nothing": well, **dict(_answers()), **dict(_exceptions())}


class Service(httpx.AsyncBaseTransport, httpx.BaseTransport):
    """Plays a fault to the requests of one call, and to its token request when that is asked for."""

    def __init__(self) -> None:
        self.play: Play = well
        self.tokens_too = False
        self.requests = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        if request.url.path == "/collection/token/" and not self.tokens_too:
            return well(request)
        return self.play(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)
