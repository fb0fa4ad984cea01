"""`momopy provision`: what it prints is what a client needs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import momopy.sandbox
from momopy import SyncCollection
from momopy.cli.commands import momopy as command
from momopy.sandbox import Sandbox

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
    assert "CONNECTION" in result.stderr
    assert "momopy doctor" in result.stderr


def test_a_key_that_is_not_made(sandbox: Sandbox) -> None:
    sandbox.fault("status", status=403, path="apikey", times=None)
    result = provision()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "The API user was made, its key was not: FORBIDDEN" in result.stderr


def test_a_host_that_no_callback_goes_to(sandbox: Sandbox) -> None:
    result = provision("--callback-host", "http://")
    assert result.exit_code == 1
    assert "url_callback" in result.stderr


def test_no_argument_takes_a_key(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["provision", "--help"])
    assert "--subscription-key" not in result.output
