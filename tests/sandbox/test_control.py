"""The control API and the commands that use it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
from click.testing import CliRunner

import momopy.sandbox as sandbox_package
from momopy.cli.commands import momopy
from momopy.sandbox import CallbackMode, Sandbox, run
from momopy.sandbox.behaviours import BEHAVIOURS
from momopy.sandbox.settings import Switches
from tests.sandbox.conftest import Listener
from tests.sandbox.shop import ANYBODY, Shop, body

FOLDER = Path(sandbox_package.__file__).parent


@pytest.fixture
def api(sandbox: Sandbox) -> Any:
    with httpx.Client(base_url=f"{sandbox.base_url}/_sandbox/api/", trust_env=False) as client:
        yield client


def test_payments_are_held_seen_and_decided(api: httpx.Client, shop: Shop) -> None:
    assert api.post("held", json={"number": ANYBODY}).json() == [ANYBODY]
    approved, rejected = shop.pay(), shop.pay()
    assert api.post(f"payments/{approved}/approve").json()["status"] == "SUCCESSFUL"
    assert api.post(f"payments/{rejected}/reject", json={"reason": "EXPIRED"}).json()["reason"] == "EXPIRED"
    assert shop.status(rejected)["reason"] == "EXPIRED"
    assert [entry["status"] for entry in api.get("payments?kind=requesttopay").json()] == ["SUCCESSFUL", "FAILED"]
    assert api.post(f"payments/{approved}/approve").status_code == 400
    assert api.post(f"payments/{uuid.uuid4()}/approve").status_code == 404
    assert api.request("DELETE", "held", json={"number": ANYBODY}).json() == []
    assert api.post("reset").status_code == 200
    assert api.get("payments").json() == []


def test_time_is_moved(api: httpx.Client, shop: Shop) -> None:
    reference = shop.pay("46733123453")
    assert api.post("clock", json={"advance": 300}).status_code == 200
    assert api.get(f"payments/{reference}").json()["status"] == "FAILED"
    assert api.post("clock", json={"speed": 60}).json()["speed"] == 60
    for wrong in ({"advance": -1}, {"speed": -1}, {"advance": "x"}, {}):
        assert api.post("clock", json=wrong).status_code == 400


def test_switches_and_callback_modes(api: httpx.Client, shop: Shop, listener: Listener) -> None:
    assert api.patch("switches", json={"get_lag": 2, "burn_on_500": True}).json()["get_lag"] == 2
    assert shop.sandbox.switches.burn_on_500
    wrongs: list[Any] = [{"nonsense": 1}, {"get_lag": -1}, {"burn_on_500": "yes"}, [], {"get_lag": 5, "doomed": "x"}]
    for wrong in wrongs:
        assert api.patch("switches", json=wrong).status_code == 400
    assert shop.sandbox.switches.get_lag == 2
    assert api.patch("callback-mode", json={"method": "PUT"}).json()["method"] == "PUT"
    shop.pay(callback=listener.url)
    listener.wait(1)
    shop.sandbox.wait_for_callback()
    (delivery,) = api.get("callbacks").json()
    assert (delivery["method"], delivery["status"]) == ("PUT", 200)


def test_faults(api: httpx.Client, shop: Shop) -> None:
    assert api.post("faults", json={"kind": "status", "status": 503, "times": 2}).status_code == 200
    assert shop.get("v1_0/account/balance").status_code == 503
    assert [fault["met"] for fault in api.get("faults").json()] == [1]
    assert api.delete("faults").json() == []
    assert shop.get("v1_0/account/balance").status_code == 200
    for wrong in ({"kind": "explode"}, {"kind": "status", "status": 99}, {"kind": "cut", "nonsense": 1}, {}):
        assert api.post("faults", json=wrong).status_code == 400
    assert api.post("faults", content="{").status_code == 400


def test_the_lists_hold_no_secret(api: httpx.Client, shop: Shop) -> None:
    shop.pay()
    token = shop.bearer["Authorization"].partition(" ")[2]
    for path in ("payments", "requests", "callbacks", "tokens", "notifications", "consents", "faults"):
        answer = api.get(path)
        assert answer.status_code == 200
        assert token not in answer.text
        assert shop.sandbox.api_key not in answer.text
    assert {entry["operation"] for entry in api.get("requests").json()} == {"CreateAccessToken", "RequesttoPay"}
    assert len(api.get("requests?operation=requesttopay").json()) == 1


def test_every_behaviour_says_how_it_is_known(api: httpx.Client) -> None:
    rows = api.get("behaviours").json()
    assert len(rows) == len(BEHAVIOURS) > 50
    assert {row["known"] for row in rows} == {"documented", "measured", "open"}
    named = {word.strip(",").removeprefix("CallbackMode.") for row in rows for word in row["where"].split()}
    for field in (*attrs.fields(Switches), *attrs.fields(CallbackMode)):
        assert field.name in named, field.name
    for name in named:
        assert name.endswith(".py") is (FOLDER / name).is_file(), name


def command(sandbox: Sandbox, *arguments: str) -> Any:
    port = sandbox.base_url.rpartition(":")[2]
    result = CliRunner().invoke(momopy, ["sandbox", "--port", port, *arguments])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_the_commands_steer_a_running_sandbox(sandbox: Sandbox, shop: Shop) -> None:
    assert command(sandbox, "hold") == ["*"]
    first, second, third = shop.pay(), shop.pay(), shop.pay()
    assert command(sandbox, "approve", first)["status"] == "SUCCESSFUL"
    assert command(sandbox, "reject", second, "--reason", "EXPIRED")["reason"] == "EXPIRED"
    assert command(sandbox, "release") == []
    command(sandbox, "advance", "300")
    assert shop.status(third)["status"] == "FAILED"
    assert command(sandbox, "fault", "status", "--status", "503", "--times", "0")["times"] is None
    assert shop.get("v1_0/account/balance").status_code == 503
    assert command(sandbox, "clear-faults") == []
    assert command(sandbox, "fault", "lost_answer", "--path", "requesttopay")["after"] is True
    assert command(sandbox, "set", "duplicates_first=true", "get_lag=2")["duplicates_first"] is True
    assert command(sandbox, "set", "--callbacks", "method=PUT")["method"] == "PUT"
    assert len(command(sandbox, "show", "payments")) == 3
    assert command(sandbox, "show", "state")["env"] == sandbox.env()


def test_a_command_says_what_is_wrong(sandbox: Sandbox) -> None:
    port = sandbox.base_url.rpartition(":")[2]
    unknown = CliRunner().invoke(momopy, ["sandbox", "--port", port, "approve", str(uuid.uuid4())])
    assert unknown.exit_code == 1
    assert "no transaction with the id" in unknown.output
    with run() as gone:
        port = gone.base_url.rpartition(":")[2]
    nobody = CliRunner().invoke(momopy, ["sandbox", "--port", port, "show", "state"])
    assert (nobody.exit_code, "no sandbox answers" in nobody.output) == (1, True)
    country = CliRunner().invoke(momopy, ["sandbox", "--port", "0", "--country", "Atlantis"])
    assert (country.exit_code, "no such country" in country.output) == (1, True)


def test_the_served_sandbox_prints_its_address_and_each_request_masked() -> None:
    arguments = [sys.executable, "-u", "-m", "momopy.sandbox", "--port", "0", "--country", "UG", "--seed", "1"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        env = {}
        while "MOMO_TARGET_ENVIRONMENT" not in env:
            line = process.stdout.readline()
            assert line, "it ended"
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").strip().partition("=")
                env[name] = value
        assert env["MOMO_TARGET_ENVIRONMENT"] == "mtnuganda"
        with httpx.Client(base_url=env["MOMO_BASE_URL"], headers={"Ocp-Apim-Subscription-Key": "k"}) as client:
            token = client.post("/collection/token/", auth=(env["MOMO_API_USER"], env["MOMO_API_KEY"])).json()
            bearer = {"Authorization": f"Bearer {token['access_token']}", "X-Target-Environment": "mtnuganda"}
            client.get("/collection/v1_0/accountholder/msisdn/256772123456/active", headers=bearer)
            headers = bearer | {"X-Reference-Id": str(uuid.uuid4())}
            client.post("/collection/v1_0/requesttopay", json=body("256772123456"), headers=headers)
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
    assert process.returncode == 0
    assert re.search(r"200  POST   /collection/token/", rest)
    assert re.search(r"200  GET    /collection/v1_0/accountholder/msisdn/\*{9}456/active", rest)
    assert re.search(r"500  POST   /collection/v1_0/requesttopay .*INVALID_CURRENCY", rest)
    for secret in ("256772123456", token["access_token"], env["MOMO_API_KEY"]):
        assert secret not in rest
