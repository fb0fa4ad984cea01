"""Plays a fault on a connection."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from momopy.sandbox import errors
from momopy.sandbox.exchange import HTML, JSON, Answer, json_answer
from momopy.sandbox.faults import Fault

if TYPE_CHECKING:
    from starlette.types import Receive

_HTML_STATUSES = {408: "Request Timeout", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


async def play(fault: Fault, act: Callable[[], Awaitable[Answer]], transport: Any, receive: Receive) -> Answer | None:
    """Let a request meet a fault. Returns the answer to send, or None when the connection is gone."""
    done = await act() if fault.after or fault.kind in _NEED_AN_ANSWER else None
    match fault.kind:
        case "refuse":
            reset(transport)
        case "cut" if fault.reset:
            reset(transport)
        case "cut":
            transport.close()
        case "status":
            return refusal(fault)
        case "delay":
            await asyncio.sleep(fault.seconds)
            return done or await act()
        case "html":
            return _with(done, errors.web_server(200, "MoMo", "Please log in.").body, HTML)
        case "wrong_json":
            return _with(done, fault.payload.encode(), JSON)
        case "empty":
            return _with(done, b"", None)
        case "half":
            whole = on_the_wire(done or Answer(200))
            transport.write(whole[: len(whole) - max(1, len((done or Answer(200)).body) // 2)])
            transport.close()
        case "drip":
            await _drip(on_the_wire(done or Answer(200)), fault.seconds, transport)
    await _gone(receive)
    return None


_NEED_AN_ANSWER = frozenset({"html", "wrong_json", "empty", "half", "drip"})


def _with(done: Answer | None, body: bytes, content_type: str | None) -> Answer:
    return Answer(200 if done is None else done.status, body, content_type)


def refusal(fault: Fault) -> Answer:
    """The answer of a `status` fault, in the shape that belongs to its status."""
    status = fault.status
    if fault.code is not None:
        return errors.platform(status, fault.code)
    if status == 429:
        wait = 1 if fault.retry_after is None else fault.retry_after
        return errors.gateway(429, f"Rate limit is exceeded. Try again in {wait} seconds.", wait)
    if status in _HTML_STATUSES or status >= 520:
        return errors.web_server(status, _HTML_STATUSES.get(status, "Web server is returning an unknown error"), "")
    if status == 400:
        return errors.BAD_REQUEST
    if status == 401:
        return errors.WRONG_TOKEN
    if status == 403:
        return errors.gateway(403, "Forbidden")
    codes = {404: "RESOURCE_NOT_FOUND", 409: "RESOURCE_ALREADY_EXIST"}
    if status < 300:
        return json_answer(status, {})
    return errors.platform(status, codes.get(status, "INTERNAL_PROCESSING_ERROR"))


def on_the_wire(answer: Answer) -> bytes:
    """An answer as bytes, as uvicorn would send it."""
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {answer.status} {phrase}", f"content-length: {len(answer.body)}"]
    if answer.content_type is not None:
        lines.append(f"content-type: {answer.content_type}")
    lines.extend(f"{name}: {value}" for name, value in answer.headers)
    return "\r\n".join([*lines, "", ""]).encode() + answer.body


def reset(transport: Any) -> None:
    """End a connection with RST; without lingering set to 0, the client would see it end in order."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _drip(data: bytes, seconds: float, transport: Any) -> None:
    for position in range(len(data)):
        if transport.is_closing():
            return
        transport.write(data[position : position + 1])
        await asyncio.sleep(seconds)
    transport.close()


async def _gone(receive: Receive) -> None:
    """Wait until the server has noticed; else it would send an answer of its own."""
    while (await receive())["type"] != "http.disconnect":
        pass
