"""Callbacks, really sent: their form, every mode, and where they may go."""

from __future__ import annotations

import socket
import time
import uuid
from typing import Any

import pytest

from momopy.sandbox import Sandbox, run
from momopy.sandbox.sender import allowed
from tests.sandbox.conftest import Listener
from tests.sandbox.shop import ANYBODY, Shop, body


def settled(sandbox: Sandbox) -> None:
    """Nothing is due and nothing is being sent any more."""
    deadline = time.monotonic() + 5
    while True:
        with sandbox._world.lock:
            waiting = sandbox._world.outbox.next_due()
            due = waiting is not None and waiting <= sandbox.clock.now()
            if not due and not sandbox._world.outbox.in_flight:
                return
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_callback_has_the_measured_form(shop: Shop, listener: Listener) -> None:
    reference = shop.pay(callback=listener.url, externalId="order-7", amount="12.50")
    listener.wait(1)
    method, headers, document = listener.received[0]
    assert method == "POST"
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["host"] == listener.url.split("/")[2]
    assert not {"authorization", "x-reference-id", "ocp-apim-subscription-key"} & headers.keys()
    assert document.pop("financialTransactionId")
    assert document == body(externalId="order-7", amount="12.5") | {"status": "SUCCESSFUL"}
    delivery = shop.sandbox.wait_for_callback(reference)
    assert (delivery.status, delivery.error, delivery.attempt) == (200, None, 1)


def test_a_failure_is_called_back_with_its_bare_reason(shop: Shop, listener: Listener) -> None:
    shop.pay("46733123451", callback=listener.url)
    (document,) = listener.wait(1)
    assert (document["status"], document["reason"]) == ("FAILED", "APPROVAL_REJECTED")


def test_no_callback_without_its_header(shop: Shop, listener: Listener) -> None:
    shop.pay()
    shop.pay(callback=listener.url)
    listener.wait(1)
    settled(shop.sandbox)
    assert len(listener.received) == 1


def test_an_expiry_is_called_back_five_minutes_later(shop: Shop, listener: Listener) -> None:
    shop.pay("46733123453", callback=listener.url)
    shop.sandbox.advance(seconds=299)
    settled(shop.sandbox)
    assert listener.received == []
    shop.sandbox.advance(seconds=1)
    assert listener.wait(1)[0]["reason"] == "EXPIRED"


def test_callbacks_come_by_themselves_in_real_time(listener: Listener) -> None:
    with run(speed=1000) as sandbox, Shop(sandbox) as shop:
        shop.pay("46733123453", callback=listener.url)
        assert listener.wait(1)[0]["reason"] == "EXPIRED"


def test_invoices_and_bills_are_called_back_without_their_id(shop: Shop, listener: Listener) -> None:
    callback = {"X-Callback-Url": listener.url}
    invoice = {"externalId": "INV-1", "amount": "2", "currency": "EUR", "validityDuration": "60"}
    reference = str(uuid.uuid4())
    assert shop.post("v2_0/invoice", invoice, reference, **callback).status_code == 202
    shop.sandbox.approve(reference)
    bill = {"money": {"amount": "2000", "currency": "EUR"}}
    assert shop.post("v2_0/payment", bill, str(uuid.uuid4()), **callback).status_code == 202
    approval = {"payer": {"partyIdType": "MSISDN", "partyId": ANYBODY}, "payerCurrency": "EUR"}
    assert shop.post("v2_0/preapproval", approval, str(uuid.uuid4()), **callback).status_code == 202
    documents = listener.wait(3)
    assert [document["status"] for document in documents].count("SUCCESSFUL") == 2
    assert not any("referenceId" in document for document in documents)


def test_a_reset_drops_what_was_to_be_sent(shop: Shop, listener: Listener) -> None:
    shop.sandbox.callback_mode.delay = 60
    shop.pay(callback=listener.url)
    shop.sandbox.reset()
    shop.sandbox.advance(seconds=60)
    shop.login()
    shop.pay(callback=listener.url, externalId="after")
    assert [document["externalId"] for document in listener.wait(1)] == ["after"]
    settled(shop.sandbox)
    assert len(listener.received) == len(shop.sandbox.callbacks()) == 1


def test_mode_put(shop: Shop, listener: Listener) -> None:
    shop.sandbox.callback_mode.method = "PUT"
    shop.pay(callback=listener.url)
    listener.wait(1)
    assert listener.received[0][0] == "PUT"


def test_mode_delay(shop: Shop, listener: Listener) -> None:
    shop.sandbox.callback_mode.delay = 180
    shop.pay(callback=listener.url)
    shop.sandbox.advance(seconds=179)
    settled(shop.sandbox)
    assert listener.received == []
    shop.sandbox.advance(seconds=1)
    listener.wait(1)


def test_mode_copies(shop: Shop, listener: Listener) -> None:
    shop.sandbox.callback_mode.copies = 2
    shop.pay(callback=listener.url)
    first, second = listener.wait(2)
    assert first == second


def test_mode_never(shop: Shop, listener: Listener) -> None:
    shop.sandbox.callback_mode.send = False
    shop.pay(callback=listener.url)
    shop.sandbox.callback_mode.send = True
    shop.pay(callback=listener.url, externalId="the second")
    settled(shop.sandbox)
    assert [document["externalId"] for document in listener.wait(1)] == ["the second"]


def test_mode_lost(shop: Shop, listener: Listener) -> None:
    shop.sandbox.callback_mode.lost = 0.5
    for _ in range(40):
        shop.pay(callback=listener.url)
    settled(shop.sandbox)
    assert 5 < len(listener.received) < 35


def test_mode_overtaken(shop: Shop, listener: Listener) -> None:
    shop.sandbox.callback_mode.order = "overtaken"
    for name in ("first", "second", "third"):
        shop.pay(callback=listener.url, externalId=name)
    assert [document["externalId"] for document in listener.wait(2)] == ["second", "first"]
    shop.sandbox.advance(seconds=5)
    assert listener.wait(3)[2]["externalId"] == "third"


def test_mode_early(shop: Shop, listener: Listener) -> None:
    shop.sandbox.callback_mode.early = 3
    reference = shop.pay(callback=listener.url)
    assert listener.wait(1)[0]["status"] == "SUCCESSFUL"
    document = shop.status(reference)
    assert document["status"] == "PENDING"
    assert "financialTransactionId" not in document
    shop.sandbox.advance(seconds=3)
    assert shop.status(reference)["status"] == "SUCCESSFUL"


def test_mode_once_does_not_retry(shop: Shop, listener: Listener) -> None:
    listener.statuses = [500]
    shop.pay(callback=listener.url)
    listener.wait(1)
    settled(shop.sandbox)
    shop.sandbox.advance(seconds=86_400)
    settled(shop.sandbox)
    assert len(listener.received) == 1


def test_mode_schedule_retries_until_it_is_taken(shop: Shop, listener: Listener) -> None:
    shop.sandbox.callback_mode.repeat = "schedule"
    listener.statuses = [500] * 52
    reference = shop.pay(callback=listener.url)
    for count, seconds in [*((n, 1) for n in range(1, 21)), *((n, 120) for n in range(21, 51)), (51, 3600), (52, 3600)]:
        shop.sandbox.wait_for_callback(reference, count=count)
        shop.sandbox.advance(seconds=seconds - 0.5)
        settled(shop.sandbox)
        assert len(listener.received) == count
        shop.sandbox.advance(seconds=0.5)
    assert shop.sandbox.wait_for_callback(reference, count=53).status == 200
    settled(shop.sandbox)
    shop.sandbox.advance(seconds=86_400)
    settled(shop.sandbox)
    assert len(listener.received) == 53


def test_mode_again_comes_once_more_three_minutes_after_a_200(shop: Shop, listener: Listener) -> None:
    shop.sandbox.callback_mode.repeat = "again"
    reference = shop.pay(callback=listener.url)
    shop.sandbox.wait_for_callback(reference)
    shop.sandbox.advance(seconds=179)
    settled(shop.sandbox)
    assert len(listener.received) == 1
    shop.sandbox.advance(seconds=1)
    first, second = listener.wait(2)
    assert first == second
    shop.sandbox.wait_for_callback(reference, count=2)
    shop.sandbox.advance(seconds=86_400)
    settled(shop.sandbox)
    assert len(listener.received) == 2


def test_a_redirect_is_not_followed(shop: Shop, listener: Listener) -> None:
    listener.statuses = [302]
    listener.extra = {"Location": listener.url}
    reference = shop.pay(callback=listener.url)
    assert shop.sandbox.wait_for_callback(reference).status == 302
    settled(shop.sandbox)
    assert len(listener.received) == 1


def test_a_listener_that_is_not_there(shop: Shop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    reference = shop.pay(callback=f"http://localhost:{port}/callback")
    assert shop.sandbox.wait_for_callback(reference).error == "ConnectError"


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let the name shop.test lead to these addresses."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host != "shop.test":
            return real(host, port, *args, **more)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize(
    ("addresses", "error"),
    [
        (["127.0.0.1"], None),
        (["192.0.2.7"], "the host is neither loopback nor allowed by name"),
        (["127.0.0.1", "192.0.2.7"], "the host is neither loopback nor allowed by name"),
    ],
)
def test_where_a_name_leads_decides(
    shop: Shop, listener: Listener, monkeypatch: pytest.MonkeyPatch, addresses: list[str], error: str | None
) -> None:
    resolving(monkeypatch, *addresses)
    with shop.sandbox._world.lock:
        shop.sandbox._world.store.users[shop.sandbox.api_user].callback_host = "shop.test"
    reference = shop.pay(callback=listener.url.replace("localhost", "shop.test"))
    delivery = shop.sandbox.wait_for_callback(reference)
    assert delivery.error == error
    assert len(listener.received) == (error is None)
    if error is None:
        assert listener.received[0][1]["host"].startswith("shop.test:")


def test_an_address_is_called_back_only_when_it_is_loopback(shop: Shop) -> None:
    shop.sandbox.switches.ip_callback_hosts = True
    with shop.sandbox._world.lock:
        shop.sandbox._world.store.users[shop.sandbox.api_user].callback_host = "192.0.2.7"
    reference = shop.pay(callback="http://192.0.2.7/callback")
    assert shop.sandbox.wait_for_callback(reference).error == "the host is neither loopback nor allowed by name"


@pytest.mark.parametrize(
    ("address", "name", "expected"),
    [
        ("127.0.0.1", "localhost", True),
        ("127.8.9.1", "anything", True),
        ("::1", "localhost", True),
        ("::ffff:127.0.0.1", "localhost", True),
        ("10.0.0.7", "shop.test", True),
        ("10.0.0.7", "SHOP.test", True),
        ("203.0.113.9", "shop.test", True),
        ("10.0.0.7", "other.test", False),
        ("169.254.169.254", "shop.test", False),
        ("::ffff:169.254.169.254", "shop.test", False),
        ("fe80::1", "shop.test", False),
        ("fd00::1", "shop.test", False),
        ("0.0.0.0", "shop.test", False),
        ("::", "shop.test", False),
        ("224.0.0.1", "shop.test", False),
    ],
)
def test_where_a_callback_may_go(address: str, name: str, expected: bool) -> None:
    assert allowed(address, name, frozenset({"shop.test"})) is expected


def test_a_slow_listener_has_two_seconds(shop: Shop, listener: Listener) -> None:
    in_time = shop.pay(callback=f"{listener.url}/1")
    too_late = shop.pay(callback=f"{listener.url}/4")
    # Each answers after the seconds that its path ends with.
    assert shop.sandbox.wait_for_callback(in_time, timeout=10).status == 200
    late = shop.sandbox.wait_for_callback(too_late, timeout=10)
    assert (late.status, late.error) == (None, "no answer within 2 seconds")
