"""What a journal may presume, what it must have seen, and what becomes of entries that nobody can settle."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from momopy.journal import Entry, SQLiteJournal
from tests.client.raw import BEARER
from tests.client.test_same_id import ABSENT, ACCEPTED, BROKEN, FORBIDDEN, LOST, SOON, arrived, says, shown
from tests.client.twins import PAYMENT, Both, Twin, settled
from tests.faults.server import FaultServer, Request
from tests.faults.steps import Hold, Pause, Step
from tests.journal.places import Place

pytestmark = pytest.mark.anyio

USER, KEY = str(uuid4()), "abcdef0123456789abcdef0123456789"
TOKEN = says(200, {"access_token": "abc", "token_type": "access_token", "expires_in": 3600})
LONG_AGO = 3600.0


@pytest.fixture
def journal(tmp_path: Path, opened: Callable[[Place], Any]) -> SQLiteJournal:
    return opened(Place("sqlite", str(tmp_path / "journal")))


class Service:
    """Gives a token, and answers creates and status calls from two lists of which the last stays."""

    def __init__(self, posts: Sequence[list[Step]], looks: Sequence[list[Step]]) -> None:
        self.posts, self.looks = list(posts), list(looks)

    def __call__(self, request: Request) -> Sequence[Step]:
        if request.path.endswith("/token/"):
            return TOKEN
        left = self.posts if request.verb == "POST" else self.looks
        return left.pop(0) if len(left) > 1 else left[0]


def serving(*posts: list[Step], looks: Sequence[list[Step]] = (BROKEN,)) -> FaultServer:
    return FaultServer(Service(posts or (BROKEN,), looks))


def client_of(twin: Twin, server: FaultServer, journal: Any, **options: Any) -> Both:
    return twin.at(server.base_url, **({"settings": SOON} | options), journal=journal, api_user=USER, api_key=KEY)


def entry(client: Both, ago: float = 0.0, operation: str = "request_to_pay", target: str = "sandbox") -> Entry:
    account = client.client._profile.account()
    return Entry(str(uuid4()), account, operation, target, json.dumps(PAYMENT), time.time() - ago)


def state(journal: SQLiteJournal, key: str) -> str:
    found = journal.find(key)
    assert found is not None
    return found.state


async def test_a_presumption_gives_way_to_what_is_seen(twin: Twin, journal: SQLiteJournal) -> None:
    with serving(FORBIDDEN, looks=[ABSENT, shown("SUCCESSFUL")]) as server:
        client = client_of(twin, server, journal)
        one = entry(client, LONG_AGO)
        journal.begin(one)
        (told,) = await client.reconcile_open()
        assert told.result.data["outcome"] == "not_found"
        assert state(journal, one.reference_id) == "not_created"
        assert (await client.get_payment_status(one.reference_id)).data["status"] == "SUCCESSFUL"
        assert state(journal, one.reference_id) == "successful"
        # Neither this client nor a new one takes a refusal of the id for its end.
        for other in (client, client_of(twin, server, journal)):
            again = await other.request_to_pay(uuid=one.reference_id, body=PAYMENT)
            assert again.data["outcome"] == "unknown"


async def test_a_presumption_of_another_worker_gives_way_to_a_202(twin: Twin, journal: SQLiteJournal) -> None:
    with serving([Pause(0.8), *ACCEPTED], looks=[ABSENT]) as server:
        first, second = client_of(twin, server, journal), client_of(twin, server, journal)
        key = str(uuid4())
        call = {"uuid": key, "body": PAYMENT, **BEARER}
        made = asyncio.create_task(
            first.request_to_pay(**call) if twin.awaited else asyncio.to_thread(first.client.request_to_pay, **call)
        )
        await arrived(server, 1)
        await asyncio.sleep(0.3)  # longer than the horizon: as if the clock of the other were fast
        (told,) = await second.reconcile_open()
        assert told.result.data["outcome"] == "not_found"
        assert await made
        assert state(journal, key) == "accepted"
        assert [open_one.reference_id for open_one in journal.open()] == [key]


@pytest.mark.parametrize("how", ["get_payment_status", "wait_for_payment", "reconcile"])
async def test_what_was_seen_once_is_never_presumed_unmade(twin: Twin, journal: SQLiteJournal, how: str) -> None:
    with serving(looks=[shown("PENDING"), ABSENT]) as server:
        client = client_of(twin, server, journal)
        one = entry(client, LONG_AGO)
        journal.begin(one)
        timeout = {"timeout": 0} if how == "wait_for_payment" else {}
        seen = await getattr(client, how)(one.reference_id, **timeout)
        assert seen.ok or seen.data["outcome"] == "pending"
        assert state(journal, one.reference_id) == "accepted"
        # To a worker that starts now as well.
        (told,) = await client_of(twin, server, journal).reconcile_open()
        assert told.result.data["outcome"] == "unknown"
        assert state(journal, one.reference_id) == "accepted"


@pytest.mark.parametrize("end", ["successful", "failed"])
async def test_an_end_that_was_seen_is_not_presumed_away(twin: Twin, journal: SQLiteJournal, end: Any) -> None:
    with serving(looks=[ABSENT]) as server:
        client = client_of(twin, server, journal)
        one = entry(client, LONG_AGO)
        journal.begin(one)
        journal.end(one.reference_id, end)
        assert (await client.reconcile(one.reference_id)).data["outcome"] == "unknown"
        assert state(journal, one.reference_id) == end


async def test_one_odd_entry_keeps_no_other_from_its_turn(
    twin: Twin, journal: SQLiteJournal, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(looks=[shown("SUCCESSFUL")]) as server:
        client = client_of(twin, server, journal)
        first, last = entry(client, 30.0), entry(client, 10.0)
        odd = [entry(client, 20.0, "future_op"), entry(client, 15.0, target="no target")]
        for one in (first, *odd, last):
            journal.begin(one)
        told = await client.reconcile_open()
        assert [each.reference_id for each in told] == [first.reference_id, last.reference_id]
        assert all(each.result.ok for each in told)
        assert {one.reference_id for one in journal.open()} == {one.reference_id for one in odd}
        assert caplog.text.count("the journal failed") == 2


async def test_reconciling_ends_with_the_lease(twin: Twin, journal: SQLiteJournal) -> None:
    with serving(looks=[[Hold()]]) as server:
        client = client_of(twin, server, journal, settings=SOON._replace(read_deadline=8.0))
        for _ in range(3):
            journal.begin(entry(client))
        start = time.monotonic()
        told = await client.reconcile_open(lease=1)
        assert [each.result.data["outcome"] for each in told] == ["unknown"]
        assert time.monotonic() - start < 6  # one entry alone may take eight seconds


async def test_a_code_about_another_callback_settles_nothing_after_a_crash(twin: Twin, journal: SQLiteJournal) -> None:
    refused = says(500, {"code": "INVALID_CALLBACK_URL_HOST", "message": "x"})
    with serving(LOST, refused) as server:
        call = {"uuid": str(uuid4()), "body": PAYMENT}
        before = client_of(twin, server, journal, callback="https://old.example/cb")
        assert (await before.request_to_pay(**call)).data["outcome"] == "unknown"
        after = client_of(twin, server, journal, callback="https://new.example/cb")
        again = await after.request_to_pay(**call)
        assert (again.data["outcome"], again.data["code"]) == ("unknown", "INVALID_CALLBACK_URL_HOST")
        assert state(journal, call["uuid"]) == "unknown"


async def test_a_bad_body_after_a_crash_leaves_open_what_was_begun(twin: Twin, journal: SQLiteJournal) -> None:
    with serving() as server:
        client = client_of(twin, server, journal)
        one = entry(client)
        journal.begin(one)
        again = await client.request_to_pay(uuid=one.reference_id, body={**PAYMENT, "amount": "-1"})
        assert (again.data["outcome"], again.data["field"]) == ("unknown", "amount")
        assert server.requests == []


async def test_an_answer_without_a_caller_is_written(journal: SQLiteJournal, anyio_backend: str) -> None:
    with serving([Pause(0.4), *ACCEPTED]) as server:
        twin = Twin("awaited")
        client = client_of(twin, server, journal)
        key = str(uuid4())
        task = asyncio.create_task(client.client.request_to_pay(uuid=key, body=PAYMENT, **BEARER))
        await arrived(server, 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert state(journal, key) == "begun"
        await settled(twin.close())  # it waits for what was left behind
        assert state(journal, key) == "accepted"


@pytest.mark.parametrize("step", ["begin", "end"])
async def test_a_caller_that_leaves_while_the_journal_is_written_is_told_of(
    step: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, anyio_backend: str
) -> None:
    class Slow(SQLiteJournal):
        def begin(self, entry: Entry) -> bool:
            time.sleep(0.4 if step == "begin" else 0)
            return super().begin(entry)

        def end(self, *args: Any) -> None:
            time.sleep(0.4 if step == "end" else 0)
            super().end(*args)

    caplog.set_level(logging.WARNING)
    with serving(ACCEPTED) as server, Slow(tmp_path / "slow") as journal:
        twin = Twin("awaited")
        client = client_of(twin, server, journal)
        key = str(uuid4())
        task = asyncio.create_task(client.client.request_to_pay(uuid=key, body=PAYMENT, **BEARER))
        if step == "end":
            await arrived(server, 1)
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as left:
            await task
        await twin.close()
        await asyncio.sleep(0.5)
        assert key in left.value.__notes__[0]
        assert f"{key}: left unfinished by CancelledError" in caplog.text
        assert state(journal, key) == ("begun" if step == "begin" else "accepted")
        assert len(server.requests) == (0 if step == "begin" else 1)
