"""A client that keeps a journal, awaited and blocking: what is written when, and what is found after a crash."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import momopy
from momopy.journal import Entry, JournalError, SQLiteJournal
from momopy.sandbox import Sandbox
from tests.client.twins import QUICK, Twin, payment
from tests.journal.places import Place

pytestmark = pytest.mark.anyio

SOON = QUICK._replace(horizon=0.2)
REJECTED, ONGOING = "46733123451", "46733123453"


def new_id() -> str:
    return str(uuid.uuid4())


@pytest.fixture
def journal(tmp_path: Path, opened: Callable[[Place], Any]) -> SQLiteJournal:
    return opened(Place("sqlite", str(tmp_path / "journal")))


class Broken:
    """A journal whose methods fail, but for those that are named."""

    def __init__(self, journal: Any, *works: str) -> None:
        self._journal = journal
        self._works = works

    def __getattr__(self, name: str) -> Any:
        if name in self._works:
            return getattr(self._journal, name)

        def fail(*args: object) -> None:
            raise OSError(f"no space left for {args}")

        return fail


def state(journal: Any, reference_id: str) -> str | None:
    found = journal.find(reference_id)
    return found.state if found else None


async def test_nothing_is_sent_without_the_journal(
    twin: Twin, sandbox: Sandbox, journal: SQLiteJournal, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = twin.managed(sandbox, journal=Broken(journal))
    reference_id = new_id()
    result = await client.request_to_pay(uuid=reference_id, body=payment())
    assert result.data["outcome"] == "not_created"
    assert result.data["code"] == "JOURNAL"
    assert (result.data["sent"], result.data["retryable"]) == (False, True)
    assert result.data["reference_id"] == reference_id
    assert sandbox.requests() == []
    assert "the journal failed (OSError)" in caplog.text
    assert "87937389" not in caplog.text


async def test_a_journal_that_says_why_is_quoted(
    twin: Twin, sandbox: Sandbox, journal: SQLiteJournal, caplog: pytest.LogCaptureFixture
) -> None:
    client = twin.managed(sandbox, journal=journal)
    reference_id = new_id()
    assert await client.request_to_pay(uuid=reference_id, body=payment())
    result = await client.withdraw(uuid=reference_id, body=payment())
    assert result.data["code"] == "JOURNAL"
    assert sandbox.requests("RequestToWithdraw-V2") == []
    assert "stands for a request_to_pay" in caplog.text


async def test_an_unknown_payment_is_not_told_unmade_for_want_of_a_journal(
    twin: Twin, sandbox: Sandbox, journal: SQLiteJournal
) -> None:
    client = twin.managed(sandbox, journal=Broken(journal))
    reference_id = new_id()
    result = await client.resume(reference_id, payment())
    assert (result.data["outcome"], result.data["code"], result.data["sent"]) == ("unknown", "JOURNAL", "maybe")
    assert sandbox.requests() == []


async def test_a_journal_that_fails_at_the_end_costs_nothing(
    twin: Twin, sandbox: Sandbox, journal: SQLiteJournal
) -> None:
    client = twin.managed(sandbox, journal=Broken(journal, "begin"))
    reference_id = new_id()
    assert await client.request_to_pay(uuid=reference_id, body=payment())
    assert await client.wait_for_payment(reference_id)
    assert state(journal, reference_id) == "begun"
    (settled,) = await twin.managed(sandbox, journal=journal).reconcile_open()
    assert (settled.reference_id, settled.operation, settled.result.ok) == (reference_id, "request_to_pay", True)
    assert state(journal, reference_id) == "successful"


async def test_what_is_written(twin: Twin, sandbox: Sandbox, journal: SQLiteJournal) -> None:
    client = twin.managed(sandbox, journal=journal)
    seen: list[Entry] = []
    sandbox.watch_requests(lambda request: seen.extend(journal.open()) if request.method == "POST" else None)
    started = time.time()
    result = await client.request_to_pay(body=payment(amount="7.50"))
    found = journal.find(result.data["reference_id"])
    assert found is not None
    assert found.state == "accepted"
    assert json.loads(found.body) == payment(amount="7.50")
    assert (found.operation, found.target) == ("request_to_pay", "sandbox")
    assert started <= found.begun <= time.time()
    assert sandbox.api_user not in found.account
    assert "87937389" not in repr(found)
    assert found._replace(state="begun") in seen, "it was not written before the request"


@pytest.mark.parametrize("how", ["get_payment_status", "wait_for_payment", "reconcile", "reconcile_open"])
@pytest.mark.parametrize(("number", "end"), [("87937389", "successful"), (REJECTED, "failed")])
async def test_the_end_is_written_by_whoever_sees_it(
    twin: Twin, sandbox: Sandbox, journal: SQLiteJournal, how: str, number: str, end: str
) -> None:
    result = await twin.managed(sandbox, journal=journal).request_to_pay(body=payment(number))
    reference_id = result.data["reference_id"]
    assert state(journal, reference_id) == "accepted"
    another = twin.managed(sandbox, journal=journal)
    await (another.reconcile_open() if how == "reconcile_open" else getattr(another, how)(reference_id))
    assert state(journal, reference_id) == end
    assert journal.open() == []


async def test_what_has_not_ended_stays_open(twin: Twin, sandbox: Sandbox, journal: SQLiteJournal) -> None:
    client = twin.managed(sandbox, journal=journal)
    reference_id = (await client.request_to_pay(body=payment(ONGOING))).data["reference_id"]
    for _ in range(2):
        (settled,) = await client.reconcile_open()
        assert settled.result.data["status"] == "PENDING"
        assert state(journal, reference_id) == "accepted"
    sandbox.approve(reference_id)
    await client.reconcile_open()
    assert state(journal, reference_id) == "successful"
    assert await client.reconcile_open() == []


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("withdraw", payment()),
        ("create_invoice", {"externalId": "1", "amount": "5", "currency": "EUR", "validityDuration": "360",
                            "intendedPayer": {"partyIdType": "MSISDN", "partyId": "46733123499"},
                            "payee": {"partyIdType": "MSISDN", "partyId": "46733123498"}, "description": "d"}),
        ("create_payment", {"externalTransactionId": "1", "money": {"amount": "5", "currency": "EUR"},
                            "customerReference": "c", "serviceProviderUserName": "s"}),
        ("request_pre_approval", {"payer": {"partyIdType": "MSISDN", "partyId": "46733123499"},
                                  "payerCurrency": "EUR", "payerMessage": "m", "validityTime": 3600}),
    ],
)  # fmt: skip
async def test_each_creation_is_settled_by_its_own_status_call(
    twin: Twin, sandbox: Sandbox, journal: SQLiteJournal, method: str, body: dict[str, Any]
) -> None:
    result = await getattr(twin.managed(sandbox, journal=journal), method)(body=body)
    assert result.ok, result.data
    another = twin.managed(sandbox, journal=journal)
    for _ in range(3):
        for settled in await another.reconcile_open():
            assert settled.operation == method
            assert settled.result.ok or settled.result.data["outcome"] == "failed", settled.result.data
        sandbox.advance(3600)
    assert state(journal, result.data["reference_id"]) in ("successful", "failed")


async def test_the_same_call_after_a_crash_is_replayed(twin: Twin, sandbox: Sandbox, journal: SQLiteJournal) -> None:
    reference_id = new_id()
    first = twin.managed(sandbox, journal=Broken(journal, "begin"))
    assert await first.request_to_pay(uuid=reference_id, body=payment())
    after = twin.managed(sandbox, journal=journal)
    result = await after.request_to_pay(uuid=reference_id, body=payment())
    assert result == (True, {"reference_id": reference_id, "status": "SUCCESSFUL", "replayed": True})
    assert state(journal, reference_id) == "successful"
    sandbox.assert_collected("5", "EUR", reference_id=reference_id)


async def test_a_call_after_a_crash_takes_no_silence_for_a_refusal(
    twin: Twin, sandbox: Sandbox, journal: SQLiteJournal
) -> None:
    reference_id = new_id()
    first = twin.managed(sandbox, journal=Broken(journal, "begin"))
    assert await first.request_to_pay(uuid=reference_id, body=payment())
    sandbox.fault("status", status=403, path="requesttopay", times=None)
    result = await twin.managed(sandbox, journal=journal).request_to_pay(uuid=reference_id, body=payment())
    assert result.data["outcome"] == "unknown"
    assert state(journal, reference_id) == "unknown"


async def test_an_id_that_was_refused_can_be_used_again(twin: Twin, sandbox: Sandbox, journal: SQLiteJournal) -> None:
    client = twin.managed(sandbox, journal=journal)
    reference_id = new_id()
    fault = sandbox.fault("status", status=403, path="requesttopay")
    result = await client.request_to_pay(uuid=reference_id, body=payment())
    assert result.data["outcome"] == "not_created", fault
    assert state(journal, reference_id) == "not_created"
    result = await client.request_to_pay(uuid=reference_id, body=payment())
    assert result == (True, {"reference_id": reference_id, "status": "PENDING"})
    assert state(journal, reference_id) == "accepted"
    await client.reconcile_open()
    assert state(journal, reference_id) == "successful"


async def test_a_refusal_of_another_body_ends_nothing(twin: Twin, sandbox: Sandbox, journal: SQLiteJournal) -> None:
    reference_id = new_id()
    first = twin.managed(sandbox, journal=Broken(journal, "begin"))
    assert await first.request_to_pay(uuid=reference_id, body=payment())
    after = twin.managed(sandbox, journal=journal)
    await after.request_to_pay(uuid=reference_id, body=payment("46733123460"))
    assert state(journal, reference_id) not in ("not_created", "failed")
    await after.reconcile_open()
    assert state(journal, reference_id) == "successful"


async def test_only_after_the_horizon_is_it_presumed_never_made(
    twin: Twin, sandbox: Sandbox, journal: SQLiteJournal
) -> None:
    reference_id = new_id()
    sandbox.fault("cut", path="requesttopay", times=None)
    result = await twin.managed(sandbox, journal=journal).request_to_pay(uuid=reference_id, body=payment())
    assert result.data["outcome"] == "unknown"
    assert state(journal, reference_id) == "unknown"
    sandbox.clear_faults()
    (settled,) = await twin.managed(sandbox, journal=journal).reconcile_open()
    assert settled.result.data["outcome"] == "unknown"
    assert state(journal, reference_id) == "unknown"
    await asyncio.sleep(SOON.horizon)
    (settled,) = await twin.managed(sandbox, journal=journal, settings=SOON).reconcile_open()
    assert settled.result.data["outcome"] == "not_found"
    assert state(journal, reference_id) == "not_created"


async def test_reconcile_knows_the_age_from_the_journal(twin: Twin, sandbox: Sandbox, journal: SQLiteJournal) -> None:
    client = twin.managed(sandbox, journal=journal)
    account = client.client._profile.account()
    old, young = new_id(), new_id()
    for reference_id, age in ((old, 1000.0), (young, 10.0)):
        journal.begin(
            Entry(reference_id, account, "request_to_pay", "sandbox", json.dumps(payment()), time.time() - age)
        )
    assert (await client.reconcile(old)).data["outcome"] == "not_found"
    assert state(journal, old) == "not_created"
    assert (await client.reconcile(young)).data["outcome"] == "unknown"
    assert state(journal, young) == "begun"


async def test_the_horizon_counts_from_the_copy_sent_last(twin: Twin, sandbox: Sandbox, journal: SQLiteJournal) -> None:
    client = twin.managed(sandbox, journal=journal)
    reference_id = new_id()
    body = json.dumps(payment())
    account = client.client._profile.account()
    journal.begin(Entry(reference_id, account, "request_to_pay", "sandbox", body, time.time() - 5000))
    sandbox.fault("cut", path="requesttopay", times=None)
    assert (await client.resume(reference_id, payment())).data["outcome"] == "unknown"
    sandbox.clear_faults()
    for each in (client, twin.managed(sandbox, journal=journal)):
        (settled,) = await each.reconcile_open()
        assert settled.result.data["outcome"] == "unknown"
        assert (await each.reconcile(reference_id)).data["outcome"] == "unknown"
    assert state(journal, reference_id) == "unknown"


async def test_what_was_accepted_is_never_presumed_unmade(twin: Twin, sandbox: Sandbox, journal: SQLiteJournal) -> None:
    reference_id = (await twin.managed(sandbox, journal=journal).request_to_pay(body=payment())).data["reference_id"]
    sandbox.switches.id_memory = 60.0
    sandbox.advance(86_400)
    await asyncio.sleep(SOON.horizon)
    # By another one: who has just had the 202 takes no 404 for an answer at all.
    (settled,) = await twin.managed(sandbox, journal=journal, settings=SOON).reconcile_open()
    assert (settled.result.data["outcome"], settled.result.data["http_status"]) == ("unknown", 404)
    assert state(journal, reference_id) == "accepted"


async def test_an_answer_about_another_payment_ends_nothing(
    twin: Twin, sandbox: Sandbox, journal: SQLiteJournal
) -> None:
    """Another process began it, so that only the journal knows what the answer must repeat."""
    reference_id = (await twin.managed(sandbox, journal=journal).request_to_pay(body=payment())).data["reference_id"]
    foreign = {**payment(externalId="another"), "status": "SUCCESSFUL", "financialTransactionId": "1"}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=foreign))
    bearer = "Bearer abcdefghijkl"
    after = twin.managed(sandbox, journal=journal, transport=transport)
    for method in ("get_payment_status", "wait_for_payment", "reconcile"):
        result = await getattr(after, method)(reference_id, authorization=bearer)
        assert result.data["outcome"] == "mismatch", method
        assert state(journal, reference_id) == "accepted"


async def test_each_client_settles_its_own(twin: Twin, sandbox: Sandbox, journal: SQLiteJournal) -> None:
    mine = twin.managed(sandbox, journal=journal)
    reference_id = (await mine.request_to_pay(body=payment())).data["reference_id"]
    stranger = twin.managed(sandbox, journal=journal, api_user=new_id())
    assert await stranger.reconcile_open() == []
    assert [each.reference_id for each in await mine.reconcile_open()] == [reference_id]


async def test_a_worker_stops_when_its_lease_is_over(twin: Twin, sandbox: Sandbox, journal: SQLiteJournal) -> None:
    client = twin.managed(sandbox, journal=journal)
    for _ in range(3):
        await client.request_to_pay(body=payment())
    assert await client.reconcile_open(lease=0.0) == []
    assert len(await client.reconcile_open(limit=2)) == 2
    assert len(await client.reconcile_open()) == 1


async def test_without_a_journal_there_is_nothing_to_settle(twin: Twin, sandbox: Sandbox) -> None:
    with pytest.raises(momopy.MissingArgument):
        await twin.managed(sandbox).reconcile_open()


def test_who_wants_no_journal_loads_none() -> None:
    # A measurement of coverage brings sqlite3 along.
    code = (
        "import sys; before = set(sys.modules); import momopy; momopy.SyncCollection;"
        "print({'sqlite3', 'sqlalchemy', 'momopy.journal.sqlite'} & (set(sys.modules) - before))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "set()\n"


def test_a_journal_error_is_an_error_of_momopys() -> None:
    assert issubclass(JournalError, momopy.MomoException)
