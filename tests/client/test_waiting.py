"""Waiting for an end: when the status is asked for, what ends the wait, and that each method asks its own path."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest

from momopy import creations, journeys
from momopy.calls import Call
from momopy.creations import CREATIONS
from momopy.journal import SQLiteJournal
from momopy.procedure import Fault
from momopy.profile import Profile
from momopy.sandbox import Sandbox
from momopy.settings import DEFAULT
from momopy.wire import Answer
from tests.client.raw import BEARER, BRISK, ID, as_json
from tests.client.stages import BILL, INVOICE, PRE_APPROVAL
from tests.client.twins import PAYMENT, Twin
from tests.client.virtual import Course, follow
from tests.faults import steps
from tests.faults.server import FaultServer, Request
from tests.faults.steps import Send, Step

PENDING = {"status": "PENDING"}
PAID = {"status": "SUCCESSFUL"}
LOST = Fault("lost", "ReadError")


def status_call(name: Any = "request_to_pay") -> Call[Any]:
    return creations.status(Profile("0123456789abcdef"), creations.creation(name), ID, "Bearer eyJ.eyJ.x")


def waited(heard: Iterator[Any], timeout: float = 300.0, name: str = "request_to_pay") -> Course:
    """A wait that hears these one after the other: status documents, answers, faults."""

    def service(_: Call[Any], __: float) -> Any:
        said = next(heard)
        return Answer(200, payload=dict(said)) if isinstance(said, dict) else said

    return follow(journeys.wait_for(status_call(name), DEFAULT, timeout), service)


def looks(course: Course) -> list[float]:
    return [round(at, 3) for _, at in course.asked]


def test_the_status_is_asked_for_less_often_after_five_minutes() -> None:
    course = waited(repeat(PENDING), timeout=450)
    # 2, 3, 5, 8, then 10 up to five minutes, then 30; and once more at the end of the wait.
    first = [0.0, 2.0, 5.0, 10.0, 18.0]
    tens = [18.0 + 10 * n for n in range(1, 30)]
    assert tens[-2] < DEFAULT.slow_poll_after <= tens[-1]
    assert looks(course) == [*first, *tens, 338.0, 368.0, 398.0, 428.0, 450.0]
    assert (course.result.data["outcome"], course.result.data["code"]) == ("pending", "PENDING")
    assert course.result.data["retryable"] is True


@pytest.mark.parametrize(
    "word", ["CREATED", "ONGOING", "DELAYED", "EXPIRED", "REJECTED", "failed", "Successful", "UNDER_REVIEW"]
)
def test_a_status_that_is_not_known_is_not_final(word: str) -> None:
    course = waited(iter([{"status": word}, PENDING, {"status": word}, PAID]))
    assert course.result == (True, PAID)
    assert looks(course) == [0.0, 2.0, 5.0, 10.0]
    assert [seen["status"] for seen in course.reports] == [word, "PENDING", word, "SUCCESSFUL"]
    assert waited(repeat({"status": word}), timeout=20).result.data["outcome"] == "pending"


@pytest.mark.parametrize(
    "answer",
    [
        LOST,
        Fault("unsent", "ConnectError"),
        Fault("deadline", "TimeoutError"),
        Answer(503, "SERVICE_UNAVAILABLE"),
        Answer(500, "INTERNAL_PROCESSING_ERROR"),
        Answer(200, payload=None),
        Answer(429, retry_after=60.0),
        Answer(404, "RESOURCE_NOT_FOUND"),
        Answer(400),
    ],
    ids=str,
)
def test_a_status_call_that_is_lost_ends_nothing(answer: Any) -> None:
    # As often as one status call is repeated, and once more: the call itself has failed by then.
    lost = repeat(answer, DEFAULT.read_attempts + 1)
    course = waited(chain([PENDING], lost, repeat(PAID)))
    assert course.result == (True, PAID)
    assert [seen["status"] for seen in course.reports] == ["PENDING", "SUCCESSFUL"]


def test_what_was_seen_last_is_told_when_the_rest_was_lost() -> None:
    assert waited(chain([PENDING], repeat(LOST)), timeout=60).result.data["code"] == "PENDING"
    unheard = waited(repeat(LOST), timeout=60).result.data
    assert (unheard["outcome"], unheard["code"]) == ("error", "CONNECTION")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(403), "FORBIDDEN"),
        (Answer(401, message="Access denied due to invalid subscription key."), "AUTH"),
        (Answer(302), "REDIRECT"),
        (Fault("tls", "ConnectError"), "TLS"),
    ],
    ids=str,
)
def test_what_no_further_call_can_mend_ends_the_wait(answer: Any, code: str) -> None:
    course = waited(chain([PENDING], repeat(answer)))
    assert course.end == 2.0
    assert course.result.data["code"] == code


def test_an_id_that_stays_unknown_ends_the_wait_once_that_proves_something() -> None:
    course = waited(repeat(Answer(404, "RESOURCE_NOT_FOUND")))
    assert course.result.data["outcome"] == "not_found"
    assert DEFAULT.settle_window < course.end <= DEFAULT.settle_window + DEFAULT.poll


@pytest.mark.parametrize("word", ["CANCELLED", "CANCELED"])
@pytest.mark.parametrize("name", CREATIONS)
def test_what_was_cancelled_will_not_be_paid(name: str, word: str) -> None:
    status = {"status": word, "referenceId": ID}
    course = waited(chain([PENDING | {"referenceId": ID}], repeat(status)), name=name)
    assert course.end == 2.0
    assert (course.result.data["outcome"], course.result.data["code"]) == ("failed", "TRANSACTION_CANCELED")
    assert course.result.data["retryable"] is False
    assert [seen["status"] for seen in course.reports] == ["PENDING", word]
    reconciled = follow(
        journeys.reconcile(status_call(name), DEFAULT, 0.0), lambda *_: Answer(200, payload=dict(status))
    )
    assert reconciled.result.data["code"] == "TRANSACTION_CANCELED"


# Each method that waits: what makes the thing, and the path under which its status is asked for.
WAITS: list[tuple[str, str, dict[str, Any], str]] = [
    ("wait_for_payment", "request_to_pay", PAYMENT, "/collection/v1_0/requesttopay"),
    ("wait_for_withdraw", "withdraw", PAYMENT, "/collection/v1_0/requesttowithdraw"),
    ("wait_for_invoice", "create_invoice", INVOICE, "/collection/v2_0/invoice"),
    ("wait_for_bill_payment", "create_payment", BILL, "/collection/v2_0/payment"),
    ("wait_for_pre_approval", "request_pre_approval", PRE_APPROVAL, "/collection/v2_0/preapproval"),
]


@pytest.mark.anyio
@pytest.mark.parametrize(("wait", "make", "body", "path"), WAITS, ids=[row[0] for row in WAITS])
async def test_each_method_asks_for_the_status_of_its_own_kind(
    wait: str, make: str, body: dict[str, Any], path: str, twin: Twin, sandbox: Sandbox
) -> None:
    client = twin.managed(sandbox)
    made = (await getattr(client, make)(body=body)).unwrap()["reference_id"]
    if make == "create_invoice":
        sandbox.approve(made)
    seen: list[dict[str, Any]] = []
    result = await getattr(client, wait)(made, 60, seen.append)
    assert result.ok, result
    assert result.data["status"] == "SUCCESSFUL"
    assert seen[-1] == result.data
    asked = [request.path for request in sandbox.requests() if request.method == "GET"]
    assert set(asked) == {f"{path}/{made}"}


@pytest.mark.anyio
async def test_a_cancelled_invoice_ends_the_wait_and_its_entry_in_the_journal(twin: Twin, tmp_path: Path) -> None:
    status = {"referenceId": ID, "status": "CANCELLED"}

    def script(request: Request) -> list[Step]:
        return [Send(steps.Answer(202).encode())] if request.verb == "POST" else as_json(status)

    with FaultServer(script) as server, SQLiteJournal(tmp_path / "journal") as journal:
        client = twin.at(server.base_url, settings=BRISK, journal=journal)
        assert (await client.create_invoice(ID, INVOICE, **BEARER)).ok
        ended = await client.wait_for_invoice(ID, 60, **BEARER)
        assert (ended.data["outcome"], ended.data["code"]) == ("failed", "TRANSACTION_CANCELED")
        entry = journal.find(ID)
        assert entry is not None
        assert entry.state == "failed"
        assert server.errors == []
