"""A service behind a transport, which hands out tokens and remembers who used which; and a clock to set by hand."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from uuid import uuid4

import httpx

import momopy
from momopy import tokens
from momopy.tokens import Instant

HOST = "http://127.0.0.1:9"


class Clock:
    """Both clocks, standing still until they are moved."""

    def __init__(self) -> None:
        self.mono = 1000.0
        self.wall = 1_700_000_000.0

    def now(self) -> Instant:
        return Instant(self.mono, self.wall)

    def advance(self, seconds: float) -> None:
        self.mono += seconds
        self.wall += seconds


class Desk(httpx.AsyncBaseTransport, httpx.BaseTransport):
    """Answers token requests and balance requests, in any thread and event loop."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.asked: list[str] = []
        """The Basic header of each token request."""
        self.used: list[str] = []
        """The token of each balance request."""
        self.revoked: set[str] = set()
        self.refusing = False
        self.token_pause = 0.0
        self.expires_in: object = 3600
        self.token_ready: Callable[[], bool] = lambda: True
        """A token is handed out once this holds."""
        self.balance_ready: Callable[[], bool] = lambda: True
        self.raises: BaseException | None = None
        self.late = False
        """Something had to be waited for too long."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        work = self._work(request)
        for seconds in work:
            time.sleep(seconds)
        return self._answer(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        work = self._work(request)
        for seconds in work:
            await asyncio.sleep(seconds)
        return self._answer(request)

    def _work(self, request: httpx.Request):
        is_token = request.url.path.endswith("/token/")
        with self.guard:
            if is_token:
                self.asked.append(request.headers["authorization"])
            else:
                self.used.append(request.headers["authorization"].removeprefix("Bearer "))
        yield self.token_pause if is_token else 0.0
        end = time.monotonic() + 10
        while not (self.token_ready() if is_token else self.balance_ready()):
            if time.monotonic() > end:
                self.late = True
                return
            yield 0.005

    def _answer(self, request: httpx.Request) -> httpx.Response:
        authorization = request.headers["authorization"]
        if request.url.path.endswith("/token/"):
            if self.raises is not None:
                raise self.raises
            if self.refusing:
                return httpx.Response(401, json={"error": "login_failed"})
            with self.guard:
                token = f"token-{len(self.asked)}.of.{authorization.removeprefix('Basic ').rstrip('=')}"
            content = {"access_token": token, "token_type": "access_token", "expires_in": self.expires_in}
            return httpx.Response(200, content=json.dumps(content).encode())
        if authorization.removeprefix("Bearer ") in self.revoked:
            return httpx.Response(401, json={"code": "UNAUTHORIZED", "message": "Token expired"})
        return httpx.Response(200, json={"availableBalance": "1000", "currency": "EUR"})


def landed(client: momopy.Collection | momopy.SyncCollection) -> bool:
    """Whether no renewal of this client's token is under way, once it had ten seconds to end."""
    cache: tokens.TokenCache = client._driver._tokens
    end = time.monotonic() + 10
    while cache._flight is not None and time.monotonic() < end:
        time.sleep(0.002)
    return cache._flight is None


class Credentials:
    """A merchant of this test's own, so that no other test has a token for it."""

    def __init__(self, **options: object) -> None:
        self.options = {"api_user": str(uuid4()), "api_key": uuid4().hex, "base_url": HOST, **options}

    def awaited(self, desk: Desk, **options: object) -> momopy.Collection:
        return momopy.Collection("a" * 32, transport=desk, **{**self.options, **options})

    def blocking(self, desk: Desk, **options: object) -> momopy.SyncCollection:
        return momopy.SyncCollection("a" * 32, transport=desk, **{**self.options, **options})
