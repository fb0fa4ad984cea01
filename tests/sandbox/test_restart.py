"""What a sandbox with a state file goes on with after a restart: its time, its settings, its callbacks, its ids."""

from __future__ import annotations

import os
import signal
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from momopy.sandbox import Sandbox, Switches, run
from tests.sandbox.conftest import Listener
from tests.sandbox.serving import served
from tests.sandbox.shop import ANYBODY, Shop, body
from tests.sandbox.test_callbacks import settled


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "momo.db")


@pytest.mark.parametrize("speed", [0, 1])
def test_a_payment_made_in_time_that_was_moved_on_is_there_after_a_restart(file: str, speed: float) -> None:
    with run(state=file, speed=speed) as sandbox, Shop(sandbox) as shop:
        sandbox.advance(seconds=300)
        reference = shop.pay()
        before = sandbox.clock.now()
    with run(state=file, speed=speed) as sandbox, Shop(sandbox) as shop:
        assert sandbox.clock.now() >= before
        assert shop.status(reference)["status"] == "SUCCESSFUL"
        assert shop.post("v1_0/requesttopay", body(), reference).status_code == 409


def test_a_payment_made_in_time_that_ran_ahead_is_there_after_a_restart(file: str) -> None:
    with run(state=file, speed=100_000) as sandbox, Shop(sandbox) as shop:
        time.sleep(0.05)
        sandbox.set_speed(1)
        shop.login()
        reference = shop.pay("46733123453")
    with run(state=file) as sandbox, Shop(sandbox) as shop:
        assert shop.status(reference)["status"] == "PENDING"


def test_a_killed_sandbox_goes_on_at_its_own_time(file: str) -> None:
    with served("--state", file) as first:
        api = f"{first.env['MOMO_BASE_URL']}/_sandbox/api"
        httpx.post(f"{api}/clock", json={"advance": 86_400}, trust_env=False).raise_for_status()
        headers = {"Ocp-Apim-Subscription-Key": "k", "X-Target-Environment": "sandbox"}
        with httpx.Client(base_url=first.env["MOMO_BASE_URL"], headers=headers, trust_env=False) as client:
            user = (first.env["MOMO_API_USER"], first.env["MOMO_API_KEY"])
            token = client.post("/collection/token/", auth=user).json()["access_token"]
            reference = str(uuid.uuid4())
            own = {"Authorization": f"Bearer {token}", "X-Reference-Id": reference}
            assert client.post("/collection/v1_0/requesttopay", json=body(), headers=own).status_code == 202
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()
    with run(state=file) as sandbox, Shop(sandbox) as shop:
        assert shop.status(reference)["status"] == "SUCCESSFUL"
        # What was bought before is still good: its token has not gone back in time either.
        shop.bearer["Authorization"] = f"Bearer {token}"
        assert shop.get("v1_0/account/balance").status_code == 200


def test_time_that_stands_still_does_so_while_the_sandbox_is_away(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with run(state=file, speed=0) as sandbox, Shop(sandbox) as shop:
        reference, then = shop.pay("46733123453"), sandbox.clock.now()
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 3600)
    with run(state=file, speed=0) as sandbox:
        assert (sandbox.clock.now(), sandbox.payment(reference).status) == (then, "PENDING")


def test_time_that_passes_does_so_while_the_sandbox_is_away(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with run(state=file) as sandbox, Shop(sandbox) as shop:
        sandbox.advance(seconds=86_400)
        shop.login()
        reference, then = shop.pay("46733123453"), sandbox.clock.now()
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 3600)
    with run(state=file) as sandbox:
        assert sandbox.clock.now() >= then + 3600
        assert sandbox.payment(reference).reason == "EXPIRED"


def test_a_clock_that_was_set_back_takes_no_time_away(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with run(state=file) as sandbox, Shop(sandbox) as shop:
        reference = shop.pay()
        sandbox.advance(seconds=600)
        then = sandbox.clock.now()
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - 3600)
    with run(state=file) as sandbox, Shop(sandbox) as shop:
        assert sandbox.clock.now() >= then
        assert shop.status(reference)["status"] == "SUCCESSFUL"


def ids(sandbox: Sandbox, shop: Shop) -> set[str]:
    """Everything that a sandbox makes up."""
    paid = shop.status(shop.pay())["financialTransactionId"]
    approval = {"payer": {"partyIdType": "MSISDN", "partyId": ANYBODY}, "payerCurrency": "EUR"}
    shop.post("v2_0/preapproval", approval, str(uuid.uuid4()))
    newest = sandbox.payments("preapproval")[-1].details["preApprovalId"]
    key = shop.http.post(f"/v1_0/apiuser/{sandbox.api_user}/apikey", headers={"Content-Length": "0"})
    return {paid, newest, key.json()["apiKey"], shop.bearer["Authorization"]}


def test_the_runs_of_one_file_give_no_id_twice_and_the_same_ones_for_the_same_seed(tmp_path: Path) -> None:
    seen = []
    for name in ("one.db", "other.db"):
        runs = []
        for _ in range(3):
            with run(state=str(tmp_path / name), speed=0, seed=7) as sandbox:
                with sandbox._world.lock:
                    user = sandbox._world.store.users[sandbox.api_user]
                    sandbox.api_key = user.api_key or ""
                with Shop(sandbox) as shop:
                    made = ids(sandbox, shop)
            runs.append({text for text in made if not text.startswith("Bearer ")})
            assert len(made) == 4
        assert len(set().union(*runs)) == 9
        seen.append(runs)
    assert seen[0] == seen[1]


def test_a_second_sandbox_on_the_same_file_is_refused(file: str) -> None:
    with run(state=file) as sandbox, Shop(sandbox) as shop:
        reference = shop.pay()
        for _ in range(2):
            with (
                pytest.raises(ValueError, match=r"another sandbox that is running keeps its state in .*momo\.db"),
                run(state=file),
            ):
                pass
        second = shop.pay()
    with run(state=file) as sandbox:
        assert [payment.reference_id for payment in sandbox.payments()] == [reference, second]


def test_the_file_is_free_again_when_its_sandbox_was_killed(file: str) -> None:
    with served("--state", file) as first:
        with pytest.raises(ValueError, match="another sandbox"), run(state=file):
            pass
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()
        with run(state=file) as sandbox:
            assert sandbox.api_user == first.env["MOMO_API_USER"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), run(state=str(tmp_path / "nowhere" / "momo.db")):
        pass


def test_a_restart_keeps_the_settings(file: str) -> None:
    with run(state=file, speed=0) as sandbox:
        sandbox.hold("46733123499")
        sandbox.switches.get_lag = 2
        sandbox.switches.id_memory = 600
        sandbox.callback_mode.method = "PUT"
    with run(state=file, speed=0) as sandbox:
        assert sandbox.held == ["46733123499"]
        assert (sandbox.switches.get_lag, sandbox.switches.id_memory) == (2, 600)
        assert sandbox.callback_mode.method == "PUT"
        sandbox.release("46733123499")
    with run(state=file, speed=0, switches=Switches(burn_on_500=True)) as sandbox:
        assert sandbox.held == []
        assert sandbox.switches == Switches(burn_on_500=True)
        sandbox.reset()
    with run(state=file, speed=0) as sandbox:
        assert sandbox.switches == Switches()
        assert sandbox.callback_mode.method == "POST"


@pytest.mark.parametrize(
    ("method", "path", "document", "kept"),
    [
        ("POST", "held", {}, (["*", ANYBODY], 0, 1)),
        ("DELETE", "held", {"number": ANYBODY}, ([], 0, 1)),
        ("PATCH", "switches", {"get_lag": 2}, ([ANYBODY], 2, 1)),
        ("PATCH", "callback-mode", {"copies": 2}, ([ANYBODY], 0, 2)),
    ],
)
def test_a_killed_sandbox_keeps_the_settings(file: str, method: str, path: str, document: Any, kept: Any) -> None:
    with run(state=file) as sandbox:
        sandbox.hold(ANYBODY)
    with served("--state", file) as first:
        api = f"{first.env['MOMO_BASE_URL']}/_sandbox/api"
        httpx.request(method, f"{api}/{path}", json=document, trust_env=False).raise_for_status()
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()
    with run(state=file) as sandbox:
        assert (sandbox.held, sandbox.switches.get_lag, sandbox.callback_mode.copies) == kept


def test_a_restart_keeps_ids_that_were_used_up(file: str) -> None:
    reference = str(uuid.uuid4())
    with run(state=file, speed=0, switches=Switches(burn_on_500=True)) as sandbox, Shop(sandbox) as shop:
        assert shop.post("v1_0/requesttopay", body("46733123455"), reference).status_code == 500
    with run(state=file, speed=0) as sandbox, Shop(sandbox) as shop:
        assert shop.post("v1_0/requesttopay", body(), reference).status_code == 409


def test_a_restart_keeps_what_was_called_back_and_what_was_to_be(file: str, listener: Listener) -> None:
    with run(state=file, speed=0) as sandbox, Shop(sandbox) as shop:
        sandbox.callback_mode.repeat = "again"
        sent = shop.pay(callback=listener.url, externalId="sent")
        before = sandbox.wait_for_callback(sent)
        sandbox.callback_mode.repeat = "once"
        sandbox.callback_mode.delay = 60
        sandbox.callback_mode.copies = 2
        shop.pay(callback=listener.url, externalId="planned")
        settled(sandbox)
    with run(state=file, speed=0) as sandbox:
        assert sandbox.callbacks() == [before]
        sandbox.advance(seconds=60)
        assert [document["externalId"] for document in listener.wait(3)] == ["sent", "planned", "planned"]
        settled(sandbox)
        sandbox.advance(seconds=120)
        assert listener.wait(4)[3]["externalId"] == "sent"
        settled(sandbox)
        serials = [delivery.serial for delivery in sandbox.callbacks()]
        assert len(set(serials)) == 4
    with run(state=file, speed=0) as sandbox:
        assert [delivery.serial for delivery in sandbox.callbacks()] == serials
        sandbox.advance(seconds=86_400)
        settled(sandbox)
        assert len(listener.received) == 4


def test_a_restart_keeps_the_order_of_callbacks_that_overtook_others(file: str, listener: Listener) -> None:
    with run(state=file, speed=0) as sandbox, Shop(sandbox) as shop:
        sandbox.callback_mode.order = "overtaken"
        sandbox.callback_mode.delay = 60
        for name in ("first", "second", "third"):
            shop.pay(callback=listener.url, externalId=name)
    with run(state=file, speed=0) as sandbox:
        sandbox.advance(seconds=60)
        assert [document["externalId"] for document in listener.wait(2)] == ["second", "first"]
        settled(sandbox)
        assert len(listener.received) == 2
        sandbox.advance(seconds=5)
        assert listener.wait(3)[2]["externalId"] == "third"


def test_a_reset_drops_callbacks_for_good(file: str, listener: Listener) -> None:
    with run(state=file, speed=0) as sandbox, Shop(sandbox) as shop:
        sandbox.callback_mode.delay = 60
        shop.pay(callback=listener.url)
        sandbox.reset()
    with run(state=file, speed=0) as sandbox:
        sandbox.advance(seconds=3600)
        settled(sandbox)
        assert (listener.received, sandbox.callbacks()) == ([], [])


def test_a_callback_that_was_under_way_at_a_reset_is_forgotten(file: str, listener: Listener) -> None:
    with run(state=file, speed=0) as sandbox, Shop(sandbox) as shop:
        outbox = sandbox._world.outbox
        shop.pay(callback=f"{listener.url}/1")
        listener.wait(1)
        sandbox.reset()
        while outbox.in_flight:
            time.sleep(0.01)
        assert outbox.log
        assert sandbox.callbacks() == []
    with run(state=file, speed=0) as sandbox:
        assert sandbox.callbacks() == []


def test_a_callback_that_was_under_way_at_the_end_is_sent_again(file: str, listener: Listener) -> None:
    with run(state=file, speed=0) as sandbox, Shop(sandbox) as shop:
        shop.pay(callback=f"{listener.url}/4")
        listener.wait(1)
    with run(state=file, speed=0):
        assert len(listener.wait(2)) == 2


def test_two_notifications_at_the_same_time_are_two_after_a_restart(file: str) -> None:
    with run(state=file, speed=0) as sandbox, Shop(sandbox) as shop:
        path = f"v1_0/requesttopay/{shop.pay()}/deliverynotification"
        for text in ("one", "two"):
            assert shop.post(path, {"notificationMessage": text}).status_code == 200
    with run(state=file, speed=0) as sandbox:
        assert [entry.message for entry in sandbox.notifications()] == ["one", "two"]
