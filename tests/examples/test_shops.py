"""The three shops, as real as their frameworks let them be, against a local MoMo over TCP."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
import uvicorn

import momopy
from momopy.memory import Memory
from momopy.sandbox import Sandbox

EXAMPLES = Path(__file__).parents[2] / "examples"

Ask = Callable[..., tuple[int, dict[str, str]]]


@pytest.fixture(autouse=True)
def variables(momo_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in momo_sandbox.env().items():
        monkeypatch.setenv(name, value)


def _load(name: str) -> Iterator[ModuleType]:
    sys.path.insert(0, str(EXAMPLES))
    try:
        module = import_module(name)
    finally:
        sys.path.remove(str(EXAMPLES))
    module.orders.clear()
    yield module
    if hasattr(module, "collection"):
        module.collection().close()
        module.collection.cache_clear()


def _fastapi() -> Iterator[Ask]:
    for shop in _load("shop_fastapi"):
        server = uvicorn.Server(uvicorn.Config(shop.app, port=0, log_level="warning"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:

            def ask(method: str, order: int, number: str = "") -> tuple[int, dict[str, str]]:
                answer = client.request(method, f"/orders/{order}", params={"number": number})
                return answer.status_code, answer.json()

            yield ask
        server.should_exit = True
        thread.join()


def _flask() -> Iterator[Ask]:
    for shop in _load("shop_flask"):
        client = shop.app.test_client()

        def ask(method: str, order: int, number: str = "") -> tuple[int, dict[str, str]]:
            answer = client.open(f"/orders/{order}", method=method, data={"number": number})  # noqa: B023
            return answer.status_code, answer.json

        yield ask


def _django() -> Iterator[Ask]:
    for _ in _load("shop_django"):
        from django.test import Client

        client = Client()

        def ask(method: str, order: int, number: str = "") -> tuple[int, dict[str, str]]:
            call = client.post if method == "POST" else client.get  # noqa: B023
            answer = call(f"/orders/{order}", {"number": number})
            return answer.status_code, answer.json()

        yield ask


@pytest.fixture(params=[_fastapi, _flask, _django], ids=["fastapi", "flask", "django"])
def ask(request: pytest.FixtureRequest) -> Iterator[Ask]:
    yield from request.param()


def test_order_is_paid(ask: Ask, momo_sandbox: Sandbox):
    """The money is asked for at once, and the order is paid when the payer has approved."""
    momo_sandbox.hold()
    status, order = ask("POST", 7, "46733123499")
    assert (status, order["status"]) == (202, "PENDING")
    assert ask("GET", 7) == (200, {"status": "PENDING"})
    momo_sandbox.approve(order["reference"])
    assert ask("GET", 7) == (200, {"status": "SUCCESSFUL"})


def test_second_click_pays_once(ask: Ask, momo_sandbox: Sandbox):
    """The second click is about the same payment."""
    first = ask("POST", 7, "46733123499")
    assert ask("POST", 7, "46733123499") == first
    assert len(momo_sandbox.payments()) == 1


def test_a_wrong_number_on_the_second_click_changes_nothing(ask: Ask, momo_sandbox: Sandbox):
    """Paid, then a number that is none, then paid again: the order keeps its payment, and there is no other."""
    first = ask("POST", 7, "46733123499")
    for number in ("0772-none", "46733123455", "46733123499"):
        assert ask("POST", 7, number) == first
    assert ask("GET", 7)[1]["status"] == "SUCCESSFUL"
    assert [payment.reference_id for payment in momo_sandbox.payments()] == [first[1]["reference"]]


def test_lost_answer_pays_once(ask: Ask, momo_sandbox: Sandbox):
    """An answer that is lost on its way does not become a second payment, nor an error for the customer."""
    momo_sandbox.fault("lost_answer", path="requesttopay")
    status, order = ask("POST", 7, "46733123499")
    assert (status, order["status"]) == (202, "PENDING")
    assert ask("GET", 7)[1]["status"] == "SUCCESSFUL"
    assert len(momo_sandbox.payments()) == 1


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The clients that a shop makes; they give up soon."""
    made: list[Any] = []
    for client in (momopy.Collection, momopy.SyncCollection):

        def from_env(make: Callable[..., Any] = client.from_env) -> Any:
            made.append(make(timeout=0.5))
            return made[-1]

        monkeypatch.setattr(client, "from_env", from_env)
    return made


def test_refusal_after_an_unknown_outcome_is_no_reason_to_pay_anew(clients: list[Any], ask: Ask, momo_sandbox: Sandbox):
    """What is refused to the second click, in a worker that knows nothing of the first, was made by the first."""
    momo_sandbox.fault("lost_answer", times=None, method="POST", path="requesttopay")
    momo_sandbox.fault("status", status=503, times=None, method="GET", path="requesttopay")
    assert ask("POST", 7, "46733123499")[0] == 202
    momo_sandbox.clear_faults()
    # As a client of another worker, or after a restart: it has heard nothing of the first click.
    clients[0]._driver._memory = Memory()
    momo_sandbox.fault("status", status=403, times=None, method="POST", path="requesttopay")
    for number in ("46733123499", "0772-none"):
        assert ask("POST", 7, number)[0] == 202
    momo_sandbox.clear_faults()
    assert ask("POST", 7, "46733123499")[0] == 202
    assert ask("GET", 7)[1]["status"] == "SUCCESSFUL"
    assert len(momo_sandbox.payments()) == 1


def test_wrong_number_is_the_customers(ask: Ask, momo_sandbox: Sandbox):
    """A number that is none is answered 400, and the order can be tried again."""
    assert ask("POST", 7, "0772-none")[0] == 400
    assert momo_sandbox.payments() == []
    assert ask("POST", 7, "46733123499")[0] == 202


def test_unknown_payer_can_be_corrected(ask: Ask, momo_sandbox: Sandbox):
    """The next click after a refusal is a new payment."""
    assert ask("POST", 7, "46733123455")[0] == 502
    assert ask("POST", 7, "46733123499")[0] == 202
    assert ask("GET", 7)[1]["status"] == "SUCCESSFUL"


def test_unknown_order(ask: Ask):
    """There is nothing to tell about an order that nobody made."""
    assert ask("GET", 8)[0] == 404
