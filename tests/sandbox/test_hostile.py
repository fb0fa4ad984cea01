"""Whatever comes over the wire, the answer is MTN's or a web server's, never a traceback, and it goes on serving."""

from __future__ import annotations

import random
import socket
import uuid
from urllib.parse import quote

import pytest

from momopy.sandbox import Sandbox
from tests.sandbox.shop import Shop, body

JUNK = [
    b"",
    b"\x00" * 64,
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET http://elsewhere/ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /collection/token/ HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /collection/token/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    b"POST /collection/token/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /%00%ff%2e%2e/ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /collection/v1_0/requesttopay/%ff HTTP/1.1\r\nHost: x\r\nOcp-Apim-Subscription-Key: \xff\xfe\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
]


def said(sandbox: Sandbox, junk: bytes) -> bytes:
    port = int(sandbox.base_url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        answer = b""
        try:
            connection.sendall(junk)
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                answer += chunk
        except OSError:
            pass
        return answer


@pytest.mark.parametrize("junk", JUNK)
def test_junk(sandbox: Sandbox, shop: Shop, junk: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    answer = said(sandbox, junk)
    assert b"Traceback" not in answer
    assert b" 500 " not in answer.split(b"\r\n")[0]
    assert shop.get("v1_0/account/balance").status_code == 200
    assert capfd.readouterr() == ("", "")


def test_random_bytes_in_every_place(shop: Shop) -> None:
    rng = random.Random(3)
    for _ in range(150):
        value = bytes(rng.randrange(33, 256) for _ in range(rng.randrange(1, 40)))
        path = f"/collection/v1_0/{quote(value)}"
        headers: list[tuple[bytes, bytes]] = [(name.encode(), text.encode()) for name, text in shop.bearer.items()]
        headers += [(b"X-Reference-Id", str(uuid.uuid4()).encode())]
        place = rng.randrange(5)
        content = b"{}"
        if place == 0:
            headers[0] = (b"Authorization", value)
        elif place == 1:
            headers[-1] = (b"X-Reference-Id", value)
        elif place == 2:
            headers.append((b"X-Callback-Url", value))
        elif place == 3:
            content = value
        target = path if place == 4 else "/collection/v1_0/requesttopay"
        answer = shop.http.post(target, content=content, headers=[*headers, (b"Content-Type", b"application/json")])
        assert answer.status_code in (400, 401, 404), (place, value, answer.text)
    shop.pay()


def test_a_fault_of_the_sandboxs_own_is_no_traceback(
    sandbox: Sandbox, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> str:
        raise RuntimeError("a secret of the code")

    monkeypatch.setattr("momopy.sandbox.world.World.balance", broken)
    answer = shop.get("v1_0/account/balance")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_PROCESSING_ERROR")
    assert "secret" not in answer.text
    assert shop.post("v1_0/requesttopay", body(), str(uuid.uuid4())).status_code == 202
