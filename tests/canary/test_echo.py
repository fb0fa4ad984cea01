"""A host that repeats the path and the headers of each request in the head of its answer, as portals do."""

from __future__ import annotations

import asyncio
import io
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import httpx
import pytest

import momopy
from tests.canary import secrets
from tests.canary.calls import BODY
from tests.canary.secrets import ACCESS_TOKEN, API_KEY, API_USER, CALLBACK_TOKEN, MSISDN, SUBSCRIPTION_KEY

QUICK = momopy.Settings(
    backoff=1e-3, backoff_limit=1e-3, ambiguous_wait=1e-3, read_attempts=2, create_attempts=2, token_spacing=0.0
)
# What comes before the repeated headers.
HEADS = {
    "redirect": "HTTP/1.1 301 Moved {path}\r\nLocation: https://portal.example{path}\r\n",
    "cookies": "HTTP/1.1 400 Bad Request\r\nSet-Cookie: page={path}\r\n",
    "no status line": "HTTP/1.1 {path}\r\n",
    "a line that is no header": "HTTP/1.1 400 Bad Request\r\n{path} {sent}\r\n",
}


class _Echo(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        while line := self.rfile.readline():
            # The path of what a proxy is asked for is a whole URL.
            path = line.split()[1].decode().removeprefix("http://127.0.0.1:9")
            lines = []
            while header := self.rfile.readline().strip().decode():
                lines.append(header)
            length = next((int(one.split(":")[1]) for one in lines if one.lower().startswith("content-length")), 0)
            self.rfile.read(length)
            if path.endswith("/token/"):
                body = json.dumps({"access_token": ACCESS_TOKEN, "token_type": "x", "expires_in": 3600})
                self.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
                continue
            sent = "; ".join(lines)
            head = HEADS[self.server.kind].format(path=path, sent=sent)
            echo = "".join(f"X-Echo-{one}\r\n" for one in lines) + f"X-All: {sent}\r\nX-Path: {path}\r\n"
            self.wfile.write(f"{head}{echo}Content-Length: 0\r\n\r\n".encode())
            if self.server.kind not in ("redirect", "cookies"):
                return


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    kind = ""


@pytest.fixture(params=HEADS)
def echo(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the host."""
    with _Server(("127.0.0.1", 0), _Echo) as server:
        server.kind = request.param
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def _options(way: str, twin: str, address: str) -> dict[str, Any]:
    match way:
        case "fast":
            pytest.importorskip("aiohttp")
            return {"base_url": address, "transport": "fast"}
        case "given":
            kind = httpx.AsyncHTTPTransport if twin == "awaited" else httpx.HTTPTransport
            return {"base_url": address, "transport": kind()}  # which its owner closes
        case "proxy":
            return {"base_url": "http://127.0.0.1:9", "proxy": address}
    return {"base_url": address}


def _work(twin: str, **options: Any) -> list[Any]:
    options |= {"api_user": API_USER, "api_key": API_KEY, "settings": QUICK, "timeout": 5.0}
    options["callback"] = f"http://localhost:9/hook/{CALLBACK_TOKEN}"
    if twin == "blocking":
        with options.get("transport") or nullcontext(), momopy.SyncCollection(SUBSCRIPTION_KEY, **options) as client:
            return [client.is_active(MSISDN), client.request_to_pay(body=BODY), client.get_basic_user_info(MSISDN)]

    async def work() -> list[Any]:
        given = options.get("transport", "fast")
        async with (
            nullcontext() if given == "fast" else given,
            momopy.Collection(SUBSCRIPTION_KEY, **options) as client,
        ):
            return [
                await client.is_active(MSISDN),
                await client.request_to_pay(body=BODY),
                await client.get_basic_user_info(MSISDN),
            ]

    return asyncio.run(work(), debug=True)


@pytest.mark.parametrize(
    ("twin", "way"),
    [
        *((twin, way) for twin in ("awaited", "blocking") for way in ("its own", "proxy", "given")),
        ("awaited", "fast"),
    ],
)
def test_no_logger_tells_what_the_head_of_an_answer_repeats(
    twin: str, way: str, echo: str, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    results = _work(twin, **_options(way, twin, echo))
    text = log.getvalue() + "".join(capfd.readouterr())
    assert not any(result.ok for result in results)
    if way != "fast":
        assert "receive_response_headers" in text
    shown = text + repr(results) + repr([result.data for result in results])
    assert not secrets.found(shown)
    assert MSISDN not in shown


@pytest.mark.parametrize("echo", ["redirect"], indirect=True)
@pytest.mark.parametrize("twin", ["awaited", "blocking"])
def test_other_users_of_httpcore_keep_their_logs(twin: str, echo: str, log: io.StringIO) -> None:
    """Beside momopy, and in a hook that it calls."""

    def ask(word: str) -> None:
        with httpx.Client() as client:
            client.get(f"{echo}/{word}")

    ask("before")
    _work(twin, base_url=echo, on_attempt=lambda _: ask("within"))
    ask("after")
    told = [line for line in log.getvalue().splitlines() if line.startswith("receive_response_headers.complete return")]
    assert [word for word in ("before", "within", "after") if any(f"X-Path', b'/{word}'" in line for line in told)] == [
        "before",
        "within",
        "after",
    ]
