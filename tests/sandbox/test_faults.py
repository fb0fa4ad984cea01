"""Every fault, over TCP: what the client sees, and whether anything was done."""

from __future__ import annotations

import socket
import time
import uuid
from typing import Any

import httpx
import pytest

from momopy.sandbox.faults import KINDS, PRESETS
from tests.sandbox.shop import Shop, body

PAY = "v1_0/requesttopay"


def ask(shop: Shop) -> httpx.Response | httpx.HTTPError:
    try:
        return shop.post(PAY, body(), str(uuid.uuid4()))
    except httpx.HTTPError as error:
        return error


def made(shop: Shop) -> int:
    return len(shop.sandbox.payments())


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("reset", [False, True])
def test_cut(shop: Shop, after: bool, reset: bool) -> None:
    shop.sandbox.fault("cut", after=after, reset=reset)
    assert isinstance(ask(shop), httpx.ReadError if reset else httpx.RemoteProtocolError)
    assert made(shop) == after
    assert isinstance(ask(shop), httpx.Response)


def test_lost_answer_after_a_payment_was_made(shop: Shop) -> None:
    shop.sandbox.fault("lost_answer")
    assert shop.get("v1_0/account/balance").status_code == 200
    assert isinstance(ask(shop), httpx.ReadError)
    assert made(shop) == 1
    (entry,) = shop.sandbox.requests("RequesttoPay")
    assert (entry.fault, entry.status) == ("cut", None)


def test_refuse_resets_new_connections(shop: Shop) -> None:
    shop.sandbox.fault("refuse")
    with pytest.raises(httpx.ReadError):
        httpx.get(f"{shop.sandbox.base_url}/collection/v1_0/account/balance")
    assert isinstance(ask(shop), httpx.Response)


def test_refuse_resets_a_request_on_an_open_connection(shop: Shop) -> None:
    shop.sandbox.fault("refuse", path="RequesttoPay")
    # Which of them it is goes by whether the body was on its way when the reset came.
    assert isinstance(ask(shop), httpx.ReadError | httpx.RemoteProtocolError)
    assert made(shop) == 0
    (entry,) = shop.sandbox.requests("RequesttoPay")
    assert (entry.fault, entry.status, entry.body) == ("refuse", None, "")


def test_refuse_resets_when_a_request_begins_and_answers_nothing(shop: Shop) -> None:
    shop.sandbox.fault("refuse", times=2)
    port = int(shop.sandbox.base_url.rpartition(":")[2])
    head = b"POST /collection/v1_0/requesttopay HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
    for more in (b"", b"Expect: 100-continue\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(head + more + b"\r\n" + b"{")
            with pytest.raises(ConnectionResetError):
                connection.recv(100)
    assert shop.sandbox.faults == []


def test_refuse_waits_for_a_request_of_mtns(shop: Shop) -> None:
    fault = shop.sandbox.fault("refuse", times=None)
    port = int(shop.sandbox.base_url.rpartition(":")[2])
    with httpx.Client(base_url=shop.sandbox.base_url, trust_env=False) as own:
        # A connection that asks for nothing meets it as little as what steers the sandbox does.
        with socket.create_connection(("127.0.0.1", port)):
            for path in ("", "parts", "page.css", "api/state", "api/faults"):
                assert own.get(f"/_sandbox/{path}").status_code == 200, path
        assert fault.met == 0
        with pytest.raises(httpx.ReadError):
            httpx.get(f"{shop.sandbox.base_url}/v1_0/apiuser", trust_env=False)
        assert fault.met == 1
        assert own.delete("/_sandbox/api/faults").json() == []
    assert isinstance(ask(shop), httpx.Response)


@pytest.mark.parametrize(
    ("status", "content_type"),
    [(429, "application/json"), (500, "application/json"), (502, "text/html"), (503, "text/html"), (520, "text/html")],
)
@pytest.mark.parametrize("after", [False, True])
def test_status(shop: Shop, status: int, content_type: str, after: bool) -> None:
    shop.sandbox.fault("status", status=status, after=after)
    answer = ask(shop)
    assert isinstance(answer, httpx.Response)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(content_type)
    assert made(shop) == after


def test_429_says_how_long(shop: Shop) -> None:
    shop.sandbox.fault("status", status=429, retry_after=7)
    answer = ask(shop)
    assert isinstance(answer, httpx.Response)
    assert answer.headers["retry-after"] == "7"
    assert answer.json() == {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 7 seconds."}


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, None), (401, "statusCode"), (403, "statusCode"), (404, "code"), (409, "code"), (418, "code"), (599, None)],
)
def test_status_in_the_shape_that_belongs_to_it(shop: Shop, status: int, expected: str | None) -> None:
    shop.sandbox.fault("status", status=status)
    answer = ask(shop)
    assert isinstance(answer, httpx.Response)
    assert answer.status_code == status
    if expected is not None:
        assert expected in answer.json()


def test_status_with_a_code_of_ones_own(shop: Shop) -> None:
    shop.sandbox.fault("status", status=500, code="NOT_ENOUGH_FUNDS")
    answer = ask(shop)
    assert isinstance(answer, httpx.Response)
    assert answer.json()["code"] == "NOT_ENOUGH_FUNDS"


def test_delay(shop: Shop) -> None:
    shop.sandbox.fault("delay", seconds=0.3)
    begun = time.monotonic()
    assert isinstance(ask(shop), httpx.Response)
    assert time.monotonic() - begun >= 0.3
    assert made(shop) == 1


@pytest.mark.parametrize("after", [False, True])
def test_delay_until_the_client_has_gone(shop: Shop, after: bool) -> None:
    shop.sandbox.fault("delay", seconds=0.5, after=after)
    with pytest.raises(httpx.ReadTimeout):
        shop.http.post(
            f"/collection/{PAY}", json=body(), headers=shop.bearer | {"X-Reference-Id": str(uuid.uuid4())}, timeout=0.2
        )
    assert made(shop) == after


def test_drip(shop: Shop) -> None:
    shop.sandbox.fault("drip", seconds=0.002, path="balance")
    begun = time.monotonic()
    answer = shop.get("v1_0/account/balance")
    assert answer.json()["availableBalance"] == "1000"
    assert time.monotonic() - begun >= 0.1


def test_drip_ends_when_the_client_goes(shop: Shop) -> None:
    shop.sandbox.fault("drip", seconds=0.05)
    with pytest.raises(httpx.ReadTimeout):
        shop.http.get("/collection/v1_0/account/balance", headers=shop.bearer, timeout=0.02)
    assert shop.get("v1_0/account/balance").status_code == 200


def test_html(shop: Shop) -> None:
    shop.sandbox.fault("html")
    answer = shop.get("v1_0/account/balance")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "<HTML>" in answer.text


def test_half(shop: Shop) -> None:
    shop.sandbox.fault("half", path="balance")
    with pytest.raises(httpx.RemoteProtocolError):
        shop.get("v1_0/account/balance")
    assert shop.get("v1_0/account/balance").status_code == 200


@pytest.mark.parametrize("payload", ["null", "[]", "{", '{"status": 5}', "\N{BYTE ORDER MARK}{}"])
def test_wrong_json(shop: Shop, payload: str) -> None:
    shop.sandbox.fault("wrong_json", payload=payload)
    answer = shop.get("v1_0/account/balance")
    assert (answer.status_code, answer.content) == (200, payload.encode())
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


def test_empty(shop: Shop) -> None:
    shop.sandbox.fault("empty")
    answer = shop.get("v1_0/account/balance")
    assert (answer.status_code, answer.content) == (200, b"")


def statuses(shop: Shop, count: int) -> list[int]:
    return [shop.get("v1_0/account/balance").status_code for _ in range(count)]


def test_the_next_request_only(shop: Shop) -> None:
    fault = shop.sandbox.fault("status", status=503)
    assert statuses(shop, 3) == [503, 200, 200]
    assert (fault.met, shop.sandbox.faults) == (1, [])


def test_every_nth_request(shop: Shop) -> None:
    shop.sandbox.fault("status", status=503, every=3, times=None)
    assert statuses(shop, 7) == [200, 200, 503, 200, 200, 503, 200]
    shop.sandbox.clear_faults()
    assert statuses(shop, 3) == [200, 200, 200]


def test_a_number_of_requests(shop: Shop) -> None:
    shop.sandbox.fault("status", status=503, times=2)
    assert statuses(shop, 3) == [503, 503, 200]


def test_at_a_rate_with_a_seed(shop: Shop) -> None:
    def play() -> list[int]:
        shop.sandbox.clear_faults()
        shop.sandbox.fault("status", status=503, rate=0.3, seed=11, times=None)
        return statuses(shop, 60)

    first = play()
    assert 5 < first.count(503) < 35
    assert play() == first


@pytest.mark.parametrize("settings", [{"path": "/requesttopay"}, {"path": "RequesttoPay"}, {"method": "post"}])
def test_for_a_path_an_operation_or_a_method(shop: Shop, settings: Any) -> None:
    shop.sandbox.fault("status", status=503, **settings)
    assert statuses(shop, 1) == [200]
    answer = ask(shop)
    assert isinstance(answer, httpx.Response)
    assert answer.status_code == 503


NAN = float("nan")


@pytest.mark.parametrize(
    "settings",
    [
        {"times": 0},
        {"times": True},
        {"every": 0},
        {"every": None},
        {"rate": 2.0},
        {"rate": NAN},
        {"seed": "x"},
        {"status": 99},
        {"status": 503.5},
        {"status": "503"},
        {"code": 5},
        {"retry_after": -1},
        {"seconds": -1},
        {"seconds": NAN},
        {"seconds": None},
        {"payload": None},
        {"payload": "\ud800"},
        {"after": 1},
        {"reset": None},
        {"path": 7},
        {"method": 7},
    ],
)
def test_a_setting_that_cannot_be(shop: Shop, settings: Any) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(settings))} is "):
        shop.sandbox.fault("status", **settings)
    assert shop.sandbox.faults == []


def test_a_fault_that_is_none(shop: Shop) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        shop.sandbox.fault("explode")  # type: ignore[arg-type]
    for kind in (None, [], 5):
        with pytest.raises(ValueError, match="no such fault"):
            shop.sandbox.fault(kind)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^a fault has no nonsense; there are after, path, "):
        shop.sandbox.fault("status", nonsense=1)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="not acted upon"):
        shop.sandbox.fault("refuse", after=True)


def test_every_fault_is_tested_here() -> None:
    tested = " ".join(name for name in globals() if name.startswith("test_"))
    assert all(name in tested for name in (*KINDS, *PRESETS))
