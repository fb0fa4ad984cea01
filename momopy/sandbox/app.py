"""The ASGI application: turns what comes off the wire into a Request, and an Answer into bytes."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from momopy.sandbox import errors, service
from momopy.sandbox.exchange import TRANSPORT, Answer, Later, Request
from momopy.sandbox.misbehave import play
from momopy.sandbox.routes import find_route

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from momopy.sandbox.world import World

# More than any request of the product needs; beyond it the body is not kept.
BODY_LIMIT = 1 << 20
TOO_LARGE = errors.web_server(413, "Request Entity Too Large", "The page requested is too large.")

logger = logging.getLogger("momopy.sandbox")


class ClientGone(Exception):
    """The connection ended before the request did: nothing may be done for it."""


class Product:
    """MTN's own paths, as an ASGI application."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        world, head = self._world, read_head(scope)
        found = find_route(head.method, head.path)
        operation = None if found is None else found[0].name
        with world.lock:
            fault = world.faults.pick(head.method, head.path, operation, at_once=True)
        try:
            request = head if fault is not None else await read_request(head, receive)
        except ClientGone:
            return
        if request is None:
            await send_answer(TOO_LARGE, send)
            return
        begun = time.perf_counter()
        with world.lock:
            entry = world.requests.add(request, operation, world.clock.now())
            fault = fault or world.faults.pick(head.method, head.path, operation, at_once=False)
        answer: Answer | None
        if fault is None:
            answer = await self._answer(request)
        else:
            entry.fault = fault.kind
            answer = await play(fault, lambda: self._answer(request), scope[TRANSPORT], receive)
        with world.lock:
            if answer is not None:
                entry.status, entry.code = answer.status, answer.code()
            entry.milliseconds = (time.perf_counter() - begun) * 1000
            world.requests.answered(entry)
        if answer is not None:
            await send_answer(answer, send)

    async def _answer(self, request: Request) -> Answer:
        try:
            with self._world.lock:
                result = service.answer(self._world, request)
            if isinstance(result, Later):
                await asyncio.sleep(result.pause)
                with self._world.lock:
                    return result.finish()
            return result
        except Exception:
            # Whatever went wrong here, the client sees what MTN would show, never a traceback.
            logger.exception("the sandbox failed to answer a request")
            return errors.platform(500, "INTERNAL_PROCESSING_ERROR")


def read_head(scope: Scope) -> Request:
    """The request without its body."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return Request(scope["method"], raw_path.decode("latin-1"), query.decode("latin-1"), headers, b"")


async def read_request(head: Request, receive: Receive) -> Request | None:
    """The request with its whole body; None when the body is larger than anything that is served."""
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= BODY_LIMIT:
            chunks.append(chunk)
        if not message.get("more_body", False):
            break
    if size > BODY_LIMIT:
        return None
    return head._replace(body=b"".join(chunks))


async def send_answer(answer: Answer, send: Send) -> None:
    """Send an answer whole, always with its length."""
    headers = [(b"content-length", str(len(answer.body)).encode())]
    if answer.content_type is not None:
        headers.append((b"content-type", answer.content_type.encode()))
    headers.extend((name.encode(), value.encode()) for name, value in answer.headers)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
