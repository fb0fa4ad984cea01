"""The state file: what a restart keeps, and what a file that is none does."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import uuid
from pathlib import Path

import httpx
import pytest

from momopy.sandbox import run
from tests.sandbox.conftest import Listener
from tests.sandbox.shop import Shop, body


def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    file = str(tmp_path / "momo.db")
    with run(state=file, speed=0) as sandbox, Shop(sandbox) as shop:
        env = sandbox.env()
        done, waiting = shop.pay(amount="12.50"), shop.pay("46733123453")
        finished = shop.status(done)
        shop.post(f"v1_0/requesttopay/{done}/deliverynotification", {"notificationMessage": "Thanks"})
        bearer = shop.bearer
    with run(state=file, speed=0) as sandbox, Shop(sandbox) as shop:
        assert {**sandbox.env(), "MOMO_BASE_URL": ""} == {**env, "MOMO_BASE_URL": ""}
        shop.bearer = bearer
        assert shop.status(done) == finished
        assert shop.post("v1_0/requesttopay", body(), done).status_code == 409
        assert shop.status(waiting)["status"] == "PENDING"
        assert shop.get("v1_0/account/balance").json()["availableBalance"] == "1012.5"
        assert [entry.message for entry in sandbox.notifications()] == ["Thanks"]
        sandbox.advance(seconds=301)
        assert shop.status(waiting)["reason"] == "EXPIRED"
        sandbox.reset()
    with run(state=file, speed=0) as sandbox:
        assert sandbox.payments() == []


def test_a_restart_keeps_what_changed(tmp_path: Path) -> None:
    file = str(tmp_path / "momo.db")
    with run(state=file, speed=0) as sandbox, Shop(sandbox) as shop:
        sandbox.hold()
        approved, rejected = shop.pay(), shop.pay()
        sandbox.approve(approved)
        sandbox.reject(rejected, "NOT_ENOUGH_FUNDS")
        finished = shop.status(approved)
    with run(state=file, speed=0) as sandbox, Shop(sandbox) as shop:
        assert shop.status(approved) == finished
        assert shop.status(rejected)["reason"] == "NOT_ENOUGH_FUNDS"
        sandbox.advance(seconds=600)
        assert shop.status(approved) == finished


def test_what_fell_due_while_it_was_away_happens_at_once(tmp_path: Path, listener: Listener) -> None:
    file = str(tmp_path / "momo.db")
    with run(state=file, speed=100_000) as sandbox, Shop(sandbox) as shop:
        sandbox.clock.speed = 0
        reference = shop.pay("46733123453", callback=listener.url)
    with run(state=file, speed=100_000) as sandbox:
        assert listener.wait(1)[0]["reason"] == "EXPIRED"
        assert sandbox.payment(reference).status == "FAILED"


def test_a_killed_sandbox_has_lost_no_payment_that_it_accepted(tmp_path: Path) -> None:
    file = str(tmp_path / "momo.db")
    command = [sys.executable, "-u", "-m", "momopy.sandbox", "--port", "0", "--state", file, "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        env = {}
        for line in process.stdout:
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").strip().partition("=")
                env[name] = value
            if "MOMO_TARGET_ENVIRONMENT" in line:
                break
        with httpx.Client(base_url=env["MOMO_BASE_URL"], headers={"Ocp-Apim-Subscription-Key": "k"}) as client:
            token = client.post("/collection/token/", auth=(env["MOMO_API_USER"], env["MOMO_API_KEY"])).json()
            bearer = {"Authorization": f"Bearer {token['access_token']}", "X-Target-Environment": "sandbox"}
            references = [str(uuid.uuid4()) for _ in range(50)]
            for reference in references:
                headers = bearer | {"X-Reference-Id": reference}
                assert client.post("/collection/v1_0/requesttopay", json=body(), headers=headers).status_code == 202
            os.kill(process.pid, signal.SIGKILL)
    with run(state=file) as sandbox:
        assert {payment.reference_id for payment in sandbox.payments()} == set(references)


def test_the_file_is_its_owners(tmp_path: Path) -> None:
    file = tmp_path / "momo.db"
    with run(state=str(file)):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_is_no_state(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("these are notes, " * 100)
    with pytest.raises(ValueError, match="no state file"), run(state=str(file)):
        pass
    assert file.read_text().startswith("these are notes")


def test_the_same_seed_makes_the_same_sandbox() -> None:
    seen = []
    for _ in range(2):
        with run(seed=5, speed=0) as sandbox, Shop(sandbox) as shop:
            sandbox.switches.delayed_after = None
            reference = str(uuid.UUID(int=7, version=4))
            shop.post("v1_0/requesttopay", body("46733123454"), reference)
            with sandbox._world.lock:
                record = sandbox._world.store.find("requesttopay", reference)
                assert record is not None
                delay = round(record.changes[0].at - record.created_at, 6)
            seen.append((sandbox.api_user, sandbox.api_key, sandbox.subscription_key, delay))
    assert seen[0] == seen[1]
