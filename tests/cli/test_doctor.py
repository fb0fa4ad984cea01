"""`momopy doctor`, with each thing broken in turn."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import momopy.sandbox
from momopy import transports
from momopy.cli.checkup import SUBJECTS
from momopy.cli.commands import momopy as command
from momopy.sandbox import Sandbox
from tests.faults.certificates import Authority
from tests.faults.server import FaultServer
from tests.faults.steps import Finish, Hold

KEY = "5a" * 16


@pytest.fixture(scope="module")
def served() -> Iterator[Sandbox]:
    with momopy.sandbox.run(subscription_key=KEY, product_keys={"disbursement": "6b" * 16}) as running:
        yield running


@pytest.fixture
def sandbox(served: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A sandbox whose variables are set, without any other."""
    served.clear_faults()
    for name in list(os.environ):
        if name.startswith("MOMO_"):
            monkeypatch.delenv(name)
    for name, value in served.env().items():
        monkeypatch.setenv(name, value)
    return served


def run(*arguments: str) -> tuple[Result, dict[str, str]]:
    """Run the doctor; its output, and the mark of each subject."""
    result = CliRunner().invoke(command, ["doctor", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    marks = {}
    for line in result.output.splitlines():
        for subject in SUBJECTS:
            if line[6:].startswith(subject):
                assert subject not in marks, f"{subject} twice"
                marks[subject] = line[:5].strip()
    assert list(marks) == list(SUBJECTS), result.output
    assert all(len(line) <= 100 for line in result.output.splitlines())
    for name in ("MOMO_SUBSCRIPTION_KEY", "MOMO_API_USER", "MOMO_API_KEY"):
        assert os.environ.get(name) or name in result.output
        assert not os.environ.get(name) or os.environ[name] not in result.output
    return result, marks


def check(said: str, failed: str, skipped: tuple[str, ...] = (), *arguments: str) -> str:
    """Run it where one thing is broken."""
    result, marks = run(*arguments)
    assert marks == {
        subject: "FAIL" if subject == failed else "-" if subject in skipped else "ok" for subject in SUBJECTS
    }, result.output
    assert result.exit_code == 1
    flat = " ".join(result.output.split())
    assert said in flat, result.output
    assert "->" in result.output
    assert "1 of these needs mending" in result.output
    return flat


def after(subject: str) -> tuple[str, ...]:
    return SUBJECTS[SUBJECTS.index(subject) + 1 :]


def test_all_is_well(sandbox: Sandbox) -> None:
    result, marks = run()
    assert set(marks.values()) == {"ok"}, result.output
    assert (result.exit_code, "All is well." in result.output) == (0, True)
    assert "->" not in result.output


def test_missing_variables_are_named_all_at_once(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MOMO_SUBSCRIPTION_KEY", "MOMO_API_USER", "MOMO_API_KEY"):
        monkeypatch.delenv(name)
    flat = check("MOMO_SUBSCRIPTION_KEY, MOMO_API_USER, MOMO_API_KEY are not set", "variables", after("variables"))
    assert "momopy provision" in flat


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MOMO_API_USER", "12345", "MOMO_API_USER: must be a UUID version 4"),
        ("MOMO_API_KEY", "with space", "MOMO_API_KEY: must be"),
        ("MOMO_TARGET_ENVIRONMENT", "Uganda", "MOMO_TARGET_ENVIRONMENT: must be"),
        ("MOMO_CALLBACK_URL", "localhost", "MOMO_CALLBACK_URL: "),
        ("MOMO_BASE_URL", "https://momodeveloper.mtn.com", "MOMO_BASE_URL: "),
        ("MOMO_BASE_URL", "https://api.example.com", "momopy doctor --allow-custom-host"),
    ],
)
def test_a_variable_that_cannot_be_right(
    name: str, value: str, said: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    check(said, "variables", after("variables"))


def test_a_live_target_at_the_wrong_host(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_TARGET_ENVIRONMENT", "mtnrwanda")
    monkeypatch.setenv("MOMO_BASE_URL", "https://proxy.momoapi.mtn.com")
    check("mtnrwanda is not served by https://proxy.momoapi.mtn.com", "variables", after("variables"))


def test_a_name_that_nobody_knows(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_BASE_URL", "https://momo.invalid")
    real = socket.getaddrinfo

    def unknown(host: Any, *args: Any, **options: Any) -> Any:
        if host == "momo.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    subject = "name of the host"
    check("nobody knows momo.invalid", subject, after(subject), "--allow-custom-host")


def test_nothing_listens(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_BASE_URL", "http://127.0.0.1:9")
    flat = check("127.0.0.1:9 cannot be reached: Connection refused", SUBJECTS[2], after(SUBJECTS[2]))
    assert "momopy sandbox" in flat


def test_a_host_that_speaks_no_tls(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_BASE_URL", sandbox.base_url.replace("http", "https"))
    check("does not speak TLS as it should", SUBJECTS[2], after(SUBJECTS[2]))


def test_a_host_that_stays_silent_in_the_handshake(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("momopy.cli.checkup._PATIENCE", 0.3)
    with FaultServer(lambda _: [], tls=lambda _: [Hold()]) as server:
        monkeypatch.setenv("MOMO_BASE_URL", f"https://127.0.0.1:{server.port}")
        check("does not answer within 0.3 seconds", SUBJECTS[2], after(SUBJECTS[2]))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"self_signed": True}, "self-signed certificate"),
        ({"host": "momo.invalid"}, "mismatch"),
        ({"expired": True}, "certificate has expired"),
    ],
    ids=["self-signed", "another host", "expired"],
)
def test_a_certificate_that_is_refused(
    options: dict[str, Any], said: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority()
    host = options.get("host", "127.0.0.1")
    times = {"starts": timedelta(days=-9), "ends": timedelta(days=-2)} if "expired" in options else {}
    names = [host, "127.0.0.9"] if "host" in options else [host]
    context = authority.server(*names, self_signed="self_signed" in options, **times)
    trusting = authority.client()
    monkeypatch.setattr(transports, "default_context", lambda: trusting)
    with FaultServer(lambda _: [Finish()], tls=lambda _: context) as server:
        monkeypatch.setenv("MOMO_BASE_URL", f"https://127.0.0.1:{server.port}")
        flat = check("is refused: ", SUBJECTS[2], after(SUBJECTS[2]))
    assert said in flat
    assert "clock of this machine" in flat


@pytest.mark.parametrize("key", ["7c" * 16, "6b" * 16], ids=["of nothing", "of another product"])
def test_a_wrong_subscription_key(key: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_SUBSCRIPTION_KEY", key)
    check("the gateway refuses it -> Copy the primary key", "subscription key", after("subscription key"))


@pytest.mark.parametrize("name", ["MOMO_API_KEY", "MOMO_API_USER"])
def test_a_wrong_api_user_or_key(name: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = "9d" * 16 if name == "MOMO_API_KEY" else "0b4e2c8a-7a43-4c0a-9d5b-3f0a1c2d3e4f"
    monkeypatch.setenv(name, wrong)
    check("the API user or its key is refused", "token", after("token"))


def test_a_wrong_target(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_TARGET_ENVIRONMENT", "mtnuganda")
    flat = check("this API user may not use mtnuganda", "target environment", ("balance",))
    assert "Set MOMO_TARGET_ENVIRONMENT to sandbox." in flat


def test_a_callback_host_of_somebody_else(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_CALLBACK_URL", "https://shop.example/hook/a-secret-path")
    flat = check("callbacks are to go to shop.example, but the API user was made for localhost", "callback host")
    assert "momopy provision --callback-host shop.example" in flat
    assert "a-secret-path" not in flat


def test_a_callback_host_of_ones_own(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_CALLBACK_URL", "https://localhost/hook")
    result, marks = run()
    assert (result.exit_code, marks["callback host"]) == (0, "ok")


def test_a_balance_that_is_refused(sandbox: Sandbox) -> None:
    sandbox.fault("status", status=500, code="NOT_ALLOWED", path="account/balance", times=None)
    check("NOT_ALLOWED (HTTP 500)", "balance")


def test_a_balance_that_is_forbidden(sandbox: Sandbox) -> None:
    sandbox.fault("status", status=403, path="account/balance", times=None)
    check("Is this machine's address one that MTN was told of", "balance", ("target environment",))


def test_a_service_that_fails(sandbox: Sandbox) -> None:
    sandbox.fault("status", status=503, path="account/balance", times=None)
    check("SERVER (HTTP 503)", "balance", ("target environment",))


def test_a_page_in_the_place_of_the_api(sandbox: Sandbox) -> None:
    sandbox.fault("html", path="/token", times=None)
    check("BAD_RESPONSE", "token", ("subscription key", *after("token")))


def test_a_connection_that_is_cut(sandbox: Sandbox) -> None:
    sandbox.fault("cut", path="/token", times=None)
    check("CONNECTION", "token", ("subscription key", *after("token")))


def test_a_file_is_read(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "my.env"
    path.write_text("".join(f"{name}={value}\n" for name, value in sandbox.env().items()))
    for name in sandbox.env():
        monkeypatch.delenv(name)
    result = CliRunner().invoke(command, ["doctor", "--dotenv", str(path)])
    assert result.exit_code == 0, result.output
    assert sandbox.api_key not in result.output
