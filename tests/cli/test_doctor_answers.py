"""`momopy doctor` where the service leaves something out, or answers what nobody expects."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from momopy import transports
from momopy.cli.checkup import SUBJECTS
from tests.faults.certificates import Authority
from tests.faults.server import FaultServer, Request
from tests.faults.steps import Answer, Send

from .test_doctor import after, check, run

API_KEY = "cd34" * 8


def body(status: int, document: Any) -> Answer:
    return Answer(status, json.dumps(document).encode(), (("Content-Type", "application/json"),))


class Service:
    """A service whose answers are set one by one; as it is made, all is well."""

    def __init__(self) -> None:
        self.token = body(200, {"access_token": "token", "token_type": "access_token", "expires_in": 3600})
        self.balance = body(200, {"availableBalance": "1", "currency": "EUR"})
        self.user = body(200, {"providerCallbackHost": "localhost", "targetEnvironment": "sandbox"})
        self.base_url = ""

    def answer(self, request: Request) -> list[Send]:
        found = self.user
        if request.path.startswith("/collection/"):
            found = self.token if request.path.endswith("/token/") else self.balance
        return [Send(found.encode())]


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("MOMO_", "SSL_CERT_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MOMO_SUBSCRIPTION_KEY", "ab12" * 8)
    monkeypatch.setenv("MOMO_API_USER", str(uuid4()))
    monkeypatch.setenv("MOMO_API_KEY", API_KEY)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    made = Service()
    with FaultServer(made.answer) as server:
        made.base_url = server.base_url
        monkeypatch.setenv("MOMO_BASE_URL", server.base_url)
        yield made
        assert server.errors == []


# Every field is optional on the wire, and one that is there may be anything.
NO_TEXT = pytest.mark.parametrize("value", [None, 5, "", ["EUR"], {"is": "EUR"}, "\x1b[31mEUR"], ids=repr)


def test_a_balance_without_a_currency(service: Service) -> None:
    service.balance = body(200, {"availableBalance": "1"})
    result, marks = run()
    assert (result.exit_code, set(marks.values())) == (0, {"ok"})
    assert "the account answers, and names no currency" in result.output


@NO_TEXT
def test_a_currency_that_is_no_text(value: Any, service: Service) -> None:
    service.balance = body(200, {"availableBalance": "1", "currency": value})
    result, marks = run()
    assert (result.exit_code, set(marks.values())) == (0, {"ok"})
    assert "the account answers, and names no currency" in result.output


@NO_TEXT
def test_a_target_that_is_no_text(value: Any, service: Service) -> None:
    service.user = body(200, {"providerCallbackHost": "localhost", "targetEnvironment": value})
    result, marks = run()
    assert (result.exit_code, set(marks.values())) == (0, {"ok"}), result.output


@NO_TEXT
def test_a_callback_host_that_is_no_text(value: Any, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_CALLBACK_URL", "https://localhost/hook")
    service.user = body(200, {"providerCallbackHost": value, "targetEnvironment": "sandbox"})
    result, marks = run()
    assert (result.exit_code, marks["callback host"]) == (0, "note"), result.output
    assert "cannot be asked here" in " ".join(result.output.split())


@pytest.mark.parametrize(
    "answer",
    [
        Answer(302, b"", (("Location", "https://elsewhere.invalid/"),)),
        Answer(200, b"<html>hello</html>", (("Content-Type", "text/html"),)),
        body(403, {"statusCode": 403, "message": "Forbidden"}),
        body(404, {"statusCode": 404, "message": "Resource not found"}),
        body(401, {"code": "UNAUTHORIZED"}),
        body(500, {"code": "INTERNAL_PROCESSING_ERROR", "message": "x"}),
        body(500, {}),
    ],
    ids=["redirect", "page", "forbidden", "no such path", "no token", "internal", "nothing"],
)
def test_a_target_that_no_answer_tells_of(answer: Answer, service: Service) -> None:
    service.balance = answer
    check("could not be seen: no answer tells whether sandbox is taken", "balance", ("target environment",))


def test_a_refusal_that_proves_the_target(service: Service) -> None:
    service.balance = body(500, {"code": "PAYEE_NOT_ALLOWED_TO_RECEIVE", "message": "x"})
    check("ok target environment sandbox is taken", "balance")


@pytest.mark.parametrize(
    ("said", "wanted"), [("Try again in 500 seconds.", "Wait 500 seconds;"), ("Later.", "Wait a minute;")]
)
def test_too_many_calls(said: str, wanted: str, service: Service) -> None:
    service.token = body(429, {"statusCode": 429, "message": f"Rate limit is exceeded. {said}"})
    flat = check(wanted, "token", ("subscription key", *after("token")))
    assert flat.count("Wait ") == 1


@pytest.mark.parametrize("target", ["mtnkenya", API_KEY], ids=["a new country", "a key in its place"])
def test_an_unknown_target_is_asked_about(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_TARGET_ENVIRONMENT", target)
    flat = check("MOMO_TARGET_ENVIRONMENT: is not in momopy's table of countries", "variables", after("variables"))
    assert "momopy doctor --allow-unknown-target" in flat
    assert "=True" not in flat
    assert target not in flat


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch, away: list[str]) -> Iterator[Service]:
    """A service with TLS and a name of its own, which leads to this machine."""
    made, authority = Service(), Authority()
    trusting, shown = authority.client(), authority.server("momo.invalid")
    monkeypatch.setattr(transports, "default_context", lambda: trusting)
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        return real("127.0.0.1" if host == "momo.invalid" else host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with FaultServer(made.answer, tls=lambda _: shown, name="momo.invalid") as server:
        made.base_url = server.base_url
        monkeypatch.setenv("MOMO_BASE_URL", server.base_url)
        yield made


def test_an_unknown_target_at_a_host_of_ones_own(named: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOMO_TARGET_ENVIRONMENT", "mtnkenya")
    flat = check("is no host of MTN's API", "variables", after("variables"))
    assert "momopy doctor --allow-custom-host" in flat
    check("--allow-unknown-target", "variables", after("variables"), "--allow-custom-host")
    result, marks = run("--allow-custom-host", "--allow-unknown-target")
    assert (result.exit_code, set(marks.values())) == (0, {"ok"}), result.output
    assert "mtnkenya is taken" in result.output


@pytest.mark.parametrize(
    ("content", "said"), [(None, "no such file or directory"), ("no certificate", "no certificate or crl found")]
)
def test_authorities_that_cannot_be_read(
    content: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "authorities.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    monkeypatch.setenv("MOMO_BASE_URL", "https://127.0.0.1:9")
    monkeypatch.setattr(transports, "default_context", transports.default_context.__wrapped__)
    subject = SUBJECTS[2]
    flat = check("the authorities that SSL_CERT_FILE names cannot be read: ", subject, after(subject))
    assert said in flat
    assert "Unset SSL_CERT_FILE" in flat


def test_authorities_that_do_not_vouch_for_the_host(named: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = Authority("somebody else").client()
    monkeypatch.setattr(transports, "default_context", lambda: stranger)
    subject = SUBJECTS[2]
    flat = check("is refused: ", subject, after(subject), "--allow-custom-host")
    assert "name its authority in SSL_CERT_FILE" in flat
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/authorities.pem")
    flat = check("is refused: ", subject, after(subject), "--allow-custom-host")
    assert "SSL_CERT_FILE is set: only the authorities that it names are trusted." in flat
