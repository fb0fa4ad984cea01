"""Starting and ending: quick, silent, without a trace."""

from __future__ import annotations

import gc
import socket
import threading
import time
import warnings

import httpx
import pytest

from momopy.sandbox import run
from tests.sandbox.shop import Shop


def test_run_is_up_quickly_and_gone_without_a_trace(capfd: pytest.CaptureFixture[str]) -> None:
    before = set(threading.enumerate())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        begun = time.monotonic()
        with run() as sandbox:
            assert time.monotonic() - begun < 1
            with Shop(sandbox) as shop:
                shop.pay()
            port = int(sandbox.base_url.rpartition(":")[2])
            # A connection that is open and idle must not hold the end up.
            idle = socket.create_connection(("127.0.0.1", port))
            begun = time.monotonic()
        assert time.monotonic() - begun < 2
        idle.close()
        gc.collect()
    assert set(threading.enumerate()) == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
    assert capfd.readouterr() == ("", "")


def test_connections_that_come_at_the_very_end_hold_nothing_up() -> None:
    for _ in range(20):
        with run() as sandbox:
            port = int(sandbox.base_url.rpartition(":")[2])
            late = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        for connection in late:
            connection.close()
    gc.collect()  # a socket that the sandbox had left open would warn, which is an error here


def test_two_sandboxes_share_nothing() -> None:
    with run() as one, run() as other:
        with Shop(one) as shop:
            shop.pay()
        assert len(one.payments()) == 1
        assert other.payments() == []
        foreign = httpx.post(
            f"{other.base_url}/collection/token/",
            auth=(one.api_user, one.api_key),
            headers={"Ocp-Apim-Subscription-Key": "k"},
        )
        assert foreign.status_code == 401


def test_a_port_that_is_taken_is_an_error_at_once() -> None:
    with run() as sandbox:
        port = int(sandbox.base_url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"), run(port=port):
            pass


def test_the_end_does_not_wait_for_a_request_under_way() -> None:
    with run() as sandbox, Shop(sandbox) as shop:
        sandbox.fault("delay", seconds=60)
        failures: list[BaseException] = []

        def ask() -> None:
            try:
                shop.get("v1_0/account/balance")
            except httpx.HTTPError as failure:
                failures.append(failure)

        asking = threading.Thread(target=ask)
        asking.start()
        while not sandbox.requests("GetAccountBalance"):
            time.sleep(0.01)
        begun = time.monotonic()
    assert time.monotonic() - begun < 5
    asking.join(5)
    assert failures


def test_a_reset_forgets_all_but_the_credentials() -> None:
    with run() as sandbox, Shop(sandbox) as shop:
        shop.pay()
        sandbox.switches.burn_on_500 = True
        sandbox.fault("cut", times=None)
        sandbox.reset()
        assert (sandbox.payments(), sandbox.requests(), sandbox.faults) == ([], [], [])
        assert not sandbox.switches.burn_on_500
        assert shop.get("v1_0/account/balance").status_code == 401
        assert shop.login().status_code == 200
        assert shop.get("v1_0/account/balance").json() == {"availableBalance": "1000", "currency": "EUR"}


def test_nothing_shown_holds_a_secret_or_a_number() -> None:
    with run(subscription_key="the-subscription-key") as sandbox, Shop(sandbox) as shop:
        shop.pay("46733123453")
        shown = repr(
            [
                sandbox,
                sandbox.payments(),
                sandbox.requests(),
                sandbox.tokens(),
                sandbox.callbacks(),
                sandbox._world.options,
            ]
        )
        token = shop.bearer["Authorization"].partition(" ")[2]
        for secret in ("46733123453", "the-subscription-key", sandbox.api_key, token):
            assert secret not in shown
        headers = [str(entry.headers) for entry in sandbox.requests()]
        assert all("Bearer ***" in text or "Basic ***" in text for text in headers)
        assert not any(secret in text for text in headers for secret in ("the-subscription-key", token))
