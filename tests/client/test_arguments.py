"""What a client is set up with: each mistake in it is named, before anything is sent."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import momopy
from momopy.sandbox import Sandbox
from tests.client.twins import PAYMENT, QUICK, Twin

pytestmark = pytest.mark.anyio

ID = "7f6a2a3e-5d0c-4f5e-9a55-6a5b3a1c9f10"
KEY = "0123456789abcdef"


class NoStore:
    """Has one of the three methods."""

    def get(self, key: str) -> None:
        """Nothing."""


async def nobody_awaits_it(_: object) -> None: ...


CONSTRUCTOR: list[tuple[dict[str, Any], str]] = [
    ({"live": "false", "target": "mtnuganda"}, "live"),
    ({"live": 1}, "live"),
    ({"sanitize": "no"}, "sanitize"),
    ({"allow_custom_host": "no", "base_url": "https://elsewhere.example"}, "allow_custom_host"),
    ({"allow_unknown_target": 0}, "allow_unknown_target"),
    ({"timeout": "5"}, "timeout"),
    ({"timeout": 0}, "timeout"),
    ({"timeout": -1.0}, "timeout"),
    ({"timeout": float("nan")}, "timeout"),
    ({"timeout": True}, "timeout"),
    ({"settings": None}, "settings"),
    ({"settings": {}}, "settings"),
    ({"settings": momopy.Settings(status_rate=0)}, "settings.status_rate"),
    ({"settings": momopy.Settings(max_concurrency=0)}, "settings.max_concurrency"),
    ({"settings": momopy.Settings(read_deadline=float("inf"))}, "settings.read_deadline"),
    ({"settings": momopy.Settings(horizon="15")}, "settings.horizon"),  # type: ignore[arg-type]
    ({"settings": momopy.Settings(first_polls=(1.0, -1.0))}, "settings.first_polls"),
    ({"on_attempt": 5}, "on_attempt"),
    ({"on_result": nobody_awaits_it}, "on_result"),
    ({"store": "tokens.json"}, "store"),
    ({"store": NoStore()}, "store"),
    ({"journal": "payments.db"}, "journal"),
    ({"verify": False}, "verify"),
    ({"proxy": 8080}, "proxy"),
    ({"proxy": "socks5://127.0.0.1:1080"}, "proxy"),
    ({"transport": "slow"}, "transport"),
]


@pytest.mark.parametrize(
    ("options", "parameter"), CONSTRUCTOR, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_client_is_not_made_of_mistakes(twin: Twin, options: dict[str, Any], parameter: str):
    with pytest.raises(momopy.Misuse) as raised:
        twin.Collection(KEY, **({"base_url": "http://127.0.0.1:9"} | options))
    assert raised.value.parameter == parameter
    assert raised.value.rule


CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("wait_for_payment", {"uuid": ID, "timeout": None}, "timeout"),
    ("wait_for_payment", {"uuid": ID, "timeout": "5"}, "timeout"),
    ("wait_for_payment", {"uuid": ID, "timeout": -1}, "timeout"),
    ("wait_for_withdraw", {"uuid": ID, "timeout": float("nan")}, "timeout"),
    ("wait_for_invoice", {"uuid": ID, "timeout": float("inf")}, "timeout"),
    ("wait_for_bill_payment", {"uuid": ID, "progress": 5}, "progress"),
    ("wait_for_pre_approval", {"uuid": ID, "timeout": True}, "timeout"),
    ("ask_user_info", {"msisdn": "46733123499", "scope": "profile", "timeout": "abc"}, "timeout"),
    ("reconcile", {"uuid": ID, "age": "x"}, "age"),
    ("reconcile", {"uuid": ID, "age": float("nan")}, "age"),
    ("reconcile", {"uuid": ID, "operation": "get_account_balance"}, "operation"),
    ("resume", {"uuid": ID, "body": PAYMENT, "operation": "pay"}, "operation"),
]


@pytest.mark.parametrize(
    ("method", "arguments", "parameter"), CALLS, ids=lambda value: value if isinstance(value, str) else ""
)
async def test_nothing_is_sent_by_a_mistake(
    twin: Twin, sandbox: Sandbox, method: str, arguments: dict[str, Any], parameter: str
):
    client = twin.managed(sandbox)
    with pytest.raises(momopy.Misuse) as raised:
        await getattr(client, method)(**arguments)
    assert raised.value.parameter == parameter
    assert sandbox.requests() == []


@pytest.mark.parametrize("arguments", [{"limit": 0}, {"limit": "x"}, {"limit": True}, {"lease": None}, {"lease": -1}])
async def test_a_journal_is_asked_for_a_number_of_things(
    twin: Twin, sandbox: Sandbox, tmp_path: Any, arguments: dict[str, Any]
):
    from momopy.journal import SQLiteJournal

    with SQLiteJournal(tmp_path / "journal") as journal:
        with pytest.raises(momopy.Misuse) as raised:
            await twin.managed(sandbox, journal=journal).reconcile_open(**arguments)
        assert raised.value.parameter in arguments


async def test_authorities_that_cannot_be_read_are_a_mistake_and_cost_no_slot(twin: Twin, tmp_path: Any):
    junk = tmp_path / "junk.pem"
    client = twin.at("https://127.0.0.1:9", verify=str(junk), settings=momopy.Settings(max_concurrency=1))
    for content in (None, "no certificate"):
        if content is not None:
            junk.write_text(content)
        for _ in range(3):
            with pytest.raises(momopy.InvalidArgument) as raised:
                await client.request_to_pay("Bearer abc", body=PAYMENT)
            assert raised.value.parameter == "verify"


async def test_a_transport_that_cannot_be_made_is_called_unsent_and_costs_no_slot(
    twin: Twin, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
):
    client = twin.managed(sandbox, settings=momopy.Settings(max_concurrency=1, create_attempts=2, backoff=0.001))
    source = client.client._driver._runtime._source
    make = source.make

    def broken() -> Any:
        raise OSError(24, "Too many open files")

    source.make = broken
    for _ in range(3):
        refused = await client.request_to_pay("Bearer abc", body=PAYMENT)
        assert (refused.data["outcome"], refused.data["sent"], refused.data["attempts"]) == ("not_created", False, 2)
    source.make = make
    assert (await client.request_to_pay(body=PAYMENT)).ok


async def test_a_mistake_that_shows_after_a_request_went_out_raises_nothing(twin: Twin, sandbox: Sandbox):
    """The file of authorities may go away in mid-call, and the first attempt may have been carried out."""
    sandbox.fault("cut", after=True, method="POST", path="RequesttoPay", times=1)
    client = twin.managed(sandbox, settings=QUICK._replace(create_attempts=2))
    assert (await client.get_account_balance()).ok
    source = client.client._driver._runtime._source
    real = source.make
    runtime = client.client._driver._runtime

    def gone() -> Any:
        raise momopy.InvalidArgument("verify", "is gone")

    def asked(attempt: momopy.Attempt) -> None:
        if attempt.operation == "RequesttoPay":
            source.make = gone
            for idle in (runtime._idle,) if not twin.awaited else (runtime._place().idle,):
                idle.clear()

    client.client._driver.observers._on_attempt = asked
    result = await client.request_to_pay(body=PAYMENT)
    source.make = real
    assert (result.ok, result.data["outcome"], result.data["sent"]) == (False, "unknown", "maybe")


def test_an_extra_that_is_missing_is_named_when_the_client_is_made(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("momopy.transports.find_spec", lambda name: None)
    with pytest.raises(momopy.InvalidArgument, match=r"momopy-collection\[fast\]"):
        momopy.Collection(KEY, transport="fast")


async def test_a_target_in_no_table_is_not_repeated(twin: Twin):
    """A key or a number may have been given in its place."""
    for secret in ("ab12cd34ef56ab12cd34ef56ab12cd34", "256772123456"):
        client = twin.keep(twin.Collection(KEY, base_url="https://sandbox.momodeveloper.mtn.com"))
        with pytest.raises(momopy.InvalidTarget) as raised:
            await client.get_account_balance("Bearer abc", secret)
        assert secret not in str(raised.value)


PARTS = [
    "momopy.sandbox.run",
    "momopy.otel.instrument",
    "momopy.types.RequestToPay",
    "momopy.journal.SQLiteJournal",
    "momopy.journal.SQLJournal",
    "momopy.stores.FileStore",
]


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_there_after_a_mere_import(name: str):
    code = f"import momopy; assert {name}; assert {name.split('.')[1]!r} in dir(momopy)"
    subprocess.run([sys.executable, "-c", code], check=True)


async def test_a_refused_value_is_told_like_any_other_end(twin: Twin, sandbox: Sandbox):
    told: list[momopy.Ending] = []
    client = twin.managed(sandbox, on_result=told.append)
    await client.request_to_pay(uuid=ID.replace("-", ""), body={**PAYMENT, "amount": "-1"})
    await client.get_account_balance_in("euro")
    assert [(each.operation, each.reference_id, each.outcome, each.code) for each in told] == [
        ("RequesttoPay", ID, "not_created", "VALIDATION"),
        ("GetAccountBalanceInSpecificCurrency", None, "not_created", "VALIDATION"),
    ]


async def test_a_repeat_is_a_warning(twin: Twin, sandbox: Sandbox, caplog: pytest.LogCaptureFixture):
    sandbox.fault("status", status=503, path="GetAccountBalance")
    assert (await twin.managed(sandbox).get_account_balance()).ok
    (warned,) = [record for record in caplog.records if record.levelname == "WARNING" and record.name == "momopy"]
    assert warned.momopy["operation"] == "GetAccountBalance"  # type: ignore[attr-defined]
    assert warned.momopy["delay_ms"] >= 0  # type: ignore[attr-defined]


def test_the_mock_transport_of_httpx_survives_a_fork_and_its_own_one_does_not():
    code = """
import os, httpx, momopy
answer = httpx.Response(200, json={"availableBalance": "1"})
kept = momopy.SyncCollection("k" * 32, transport=httpx.MockTransport(lambda _: answer))
real = momopy.SyncCollection("k" * 32, base_url="http://127.0.0.1:9", transport=httpx.HTTPTransport())
child = os.fork()
if child == 0:
    assert kept.get_account_balance("Bearer abc").ok
    try:
        real.get_account_balance("Bearer abc")
    except momopy.InvalidArgument as refused:
        os._exit(0 if refused.parameter == "transport" else 1)
    os._exit(2)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert not real.get_account_balance("Bearer abc").ok
"""
    subprocess.run([sys.executable, "-c", code], check=True)
