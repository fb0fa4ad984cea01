"""`momopy provision`: what it prints is what a client needs."""

from __future__ import annotations

import json
import os
import pty
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import momopy.sandbox
from momopy import SyncCollection
from momopy.cli.commands import momopy as command
from momopy.sandbox import Sandbox
from tests.faults.certificates import Authority
from tests.faults.server import FaultServer, Request
from tests.faults.steps import Answer, Send

KEY = "5a" * 16


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    for name in list(os.environ):
        if name.startswith("MOMO_"):
            monkeypatch.delenv(name)
    with momopy.sandbox.run(subscription_key=KEY) as running:
        monkeypatch.setenv("MOMO_BASE_URL", running.base_url)
        monkeypatch.setenv("MOMO_SUBSCRIPTION_KEY", KEY)
        yield running


def provision(*arguments: str) -> Result:
    result = CliRunner().invoke(command, ["provision", *arguments])
    assert KEY not in result.output
    return result


def test_a_shell_can_take_the_variables_and_a_client_runs(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    result = provision()
    assert result.exit_code == 0
    # As a shell reads them: eval "$(momopy provision)".
    script = result.stdout + "env -0"
    said = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True).stdout
    for name, value in (entry.split("=", 1) for entry in said.split("\0") if entry.startswith("MOMO_")):
        monkeypatch.setenv(name, value)
    assert os.environ["MOMO_API_USER"] != sandbox.api_user
    with SyncCollection.from_env() as client:
        assert client.get_account_balance().ok
    assert all(line.startswith("export MOMO_") for line in result.stdout.splitlines())
    assert "momopy doctor" in result.stderr
    assert os.environ["MOMO_API_KEY"] not in result.stderr


def test_the_callback_host_is_registered(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    result = provision("--callback-host", "shop.example")
    found = dict(line.removeprefix("export ").split("=", 1) for line in result.stdout.splitlines())
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MOMO_CALLBACK_URL", "https://shop.example/hook")
    examined = CliRunner().invoke(command, ["doctor"])
    assert examined.exit_code == 0, examined.output


def test_without_a_subscription_key_it_says_where_there_is_one(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MOMO_SUBSCRIPTION_KEY")
    result = provision()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "MOMO_SUBSCRIPTION_KEY is not set" in result.stderr


def test_a_wrong_subscription_key(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_SUBSCRIPTION_KEY", "7c" * 16)
    result = provision()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "The API user was not made: AUTH." in result.stderr
    assert "7c7c" not in result.output


def test_a_key_that_cannot_be_one_is_not_repeated(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_SUBSCRIPTION_KEY", "two words")
    result = provision()
    assert result.exit_code == 1
    assert "MOMO_SUBSCRIPTION_KEY must be" in result.stderr
    assert "two words" not in result.output


@pytest.mark.parametrize("host", ["https://proxy.momoapi.mtn.com", "https://proxy.momoapi.mtn.co.rw"])
def test_a_live_host_is_refused(host: str, sandbox: Sandbox) -> None:
    result = provision("--base-url", host)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "only a sandbox can be provisioned" in result.stderr


def test_nobody_answers(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("momopy.settings.DEFAULT", momopy.Settings(create_attempts=1))
    result = provision("--base-url", "http://127.0.0.1:9")
    assert result.exit_code == 1
    # Which host it was is said before anything is sent to it.
    assert result.stderr.startswith("Making an API user at http://127.0.0.1:9\n")
    assert "CONNECTION" in result.stderr
    assert "momopy sandbox" in result.stderr


@pytest.mark.parametrize("variable", [None, "SSL_CERT_FILE"])
def test_nobody_answers_far_away(variable: str | None, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("momopy.settings.DEFAULT", momopy.Settings(create_attempts=1))
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    if variable is not None:
        monkeypatch.setenv(variable, "/etc/no/such.pem")
    # Refused at once, and so far away as https can be on this machine.
    result = provision("--base-url", "https://127.0.0.1:9")
    assert (result.exit_code, result.stdout) == (1, "")
    assert ("SSL_CERT_FILE" in result.stderr) is (variable is not None)


def test_a_key_that_is_not_made(sandbox: Sandbox) -> None:
    sandbox.fault("status", status=403, path="apikey", times=None)
    result = provision()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "The API user was made, its key was not: FORBIDDEN" in result.stderr


@pytest.mark.parametrize("host", ["http://", "two words", ""])
def test_a_host_that_no_callback_goes_to(host: str, sandbox: Sandbox) -> None:
    result = provision("--callback-host", host)
    assert (result.exit_code, result.stdout, sandbox.requests()) == (1, "", [])
    assert result.stderr.startswith("Error: --callback-host must ")
    assert "url_callback" not in result.stderr


@pytest.mark.parametrize("host", ["192.0.2.7", "[::1]", "https://192.0.2.7/hook"])
def test_an_address_is_for_a_local_momo(host: str, sandbox: Sandbox) -> None:
    sandbox.switches.ip_callback_hosts = True
    assert provision("--callback-host", host).exit_code == (1 if host == "[::1]" else 0)
    # Asked for a host of MTN's own it says the same; this one cannot be reached even where it is not refused.
    result = provision("--callback-host", host, "--base-url", "https://momo.invalid", "--allow-custom-host")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: --callback-host must be a host name, not an IP address\n"


def test_a_url_is_shown_as_the_host_that_is_registered(sandbox: Sandbox) -> None:
    result = provision("--callback-host", "https://Shop.Example/a-secret-path")
    assert "its callbacks may go to shop.example.\n" in result.stderr
    assert "a-secret-path" not in result.output


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sandbox.momodeveloper.mtn.com", "must be a URL that begins with https:// and a host name"),
        ("https://momo.invalid", "is no host of MTN's API; say --allow-custom-host if it is meant"),
        ("http://momo.invalid", "must begin with https://; http:// is for this machine's own addresses only"),
    ],
)
def test_a_host_that_cannot_be_right(url: str, said: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    result = provision("--base-url", url)
    assert (result.exit_code, result.output) == (1, f"Error: --base-url {said}\n")
    monkeypatch.setenv("MOMO_BASE_URL", url)
    result = provision()
    assert (result.exit_code, result.output) == (1, f"Error: MOMO_BASE_URL {said}\n")


def test_an_empty_option_is_no_host(sandbox: Sandbox) -> None:
    result = provision("--base-url", "")
    assert (result.exit_code, result.stdout, sandbox.requests()) == (1, "", [])
    assert result.stderr.startswith("Error: --base-url must be 1 to ")


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_without_a_host_it_is_the_sandbox_and_said(
    blank: str | None, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In the place of MTN's, which no test may call.
    monkeypatch.setattr("momopy.cli.provision.SANDBOX_HOST", sandbox.base_url)
    if blank is None:
        monkeypatch.delenv("MOMO_BASE_URL")
    else:
        monkeypatch.setenv("MOMO_BASE_URL", blank)
    result = provision()
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith(f"Making an API user at {sandbox.base_url}\n")
    # Where nothing else is set, from_env() knows the host of the sandbox by itself.
    assert "MOMO_BASE_URL" not in result.stdout


def test_an_older_host_is_not_left_in_the_environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("momopy.cli.provision.SANDBOX_HOST", sandbox.base_url)
    monkeypatch.setenv("MOMO_BASE_URL", "http://127.0.0.1:9")
    result = provision("--base-url", sandbox.base_url)
    assert f"export MOMO_BASE_URL={sandbox.base_url}\n" in result.stdout


def test_too_many_calls(sandbox: Sandbox) -> None:
    sandbox.fault("status", status=429, retry_after=500, path="apiuser", times=None)
    result = provision()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Wait 500 seconds;" in result.stderr


@pytest.mark.parametrize("target", [None, 5, "", "sandbox"], ids=repr)
def test_a_target_that_is_no_text(target: Any, sandbox: Sandbox) -> None:
    def answer(request: Request) -> list[Send]:
        if request.verb == "GET":
            document, status = {"targetEnvironment": target}, 200
        else:
            document, status = {"apiKey": "cd34" * 8}, 201
        return [Send(Answer(status, json.dumps(document).encode()).encode())]

    with FaultServer(answer) as server:
        result = provision("--base-url", server.base_url)
    assert (result.exit_code, server.errors) == (0, [])
    assert "export MOMO_TARGET_ENVIRONMENT=sandbox\n" in result.stdout


def test_a_sandbox_of_ones_own(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority()
    trusting, shown = authority.client(), authority.server("momo.invalid")
    monkeypatch.setattr("momopy.transports.default_context", lambda: trusting)
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *args, **options: real("127.0.0.1" if host == "momo.invalid" else host, *args, **options),
    )
    with FaultServer(
        lambda _: [Send(Answer(201, b'{"apiKey": "key"}').encode())], tls=lambda _: shown, name="momo.invalid"
    ) as server:
        result = provision("--base-url", server.base_url, "--allow-custom-host")
    assert result.exit_code == 0, result.output
    assert f"export MOMO_BASE_URL={server.base_url}\n" in result.stdout
    assert "momopy doctor --allow-custom-host" in result.stderr


def test_a_key_that_was_typed_is_asked_for_again(sandbox: Sandbox) -> None:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("MOMO_")}
    terminal, inner = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "momopy", "provision", "--base-url", sandbox.base_url],
        env=variables,
        stdin=inner,
        stderr=inner,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        os.close(inner)
        shown = _until(terminal, b"Subscription key")
        # As soon as the prompt stands, the terminal no longer echoes.
        os.write(terminal, f"{KEY}\n".encode())
        shown += _until(terminal, b"momopy doctor")
        assert process.stdout is not None
        printed = process.stdout.read().decode()
    os.close(terminal)
    assert process.returncode == 0
    text = shown.decode()
    assert KEY not in text + printed
    assert "export MOMO_API_USER=" in printed
    assert "The subscription key that you typed is not among the variables." in text
    assert "read -rs MOMO_SUBSCRIPTION_KEY; export MOMO_SUBSCRIPTION_KEY" in text
    assert text.index("read -rs") < text.index("momopy doctor")


def _until(terminal: int, wanted: bytes) -> bytes:
    """What a terminal shows, until this is among it and its line is at an end for now."""
    shown, end = b"", time.monotonic() + 60
    while wanted not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 4096)
    assert wanted in shown, shown
    return shown


def test_a_key_of_the_environment_is_not_asked_for(sandbox: Sandbox) -> None:
    result = provision()
    assert result.exit_code == 0
    assert "MOMO_SUBSCRIPTION_KEY" not in result.output


def test_no_argument_takes_a_key(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["provision", "--help"])
    assert "--subscription-key" not in result.output
