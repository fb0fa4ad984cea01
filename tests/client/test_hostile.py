"""Whatever a server answers, every method of both halves gives a tuple, and never a word too much about money."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

import momopy
from momopy import Settings
from tests.client.raw import BRISK, CALLS, CREATES, IMPATIENT, JSON, PROVISIONING, all_of_them, as_json, server
from tests.client.test_failures import check_message, check_shape
from tests.client.twins import PAYMENT, Twin
from tests.faults.steps import Answer, Finish, Hold, Reset, Send, Step

pytestmark = pytest.mark.anyio

# An answer without a body is all that these give when they went well.
BODYLESS = {"notify_payer", "cancel_invoice", "cancel_pre_approval"}
STATUS = {
    "get_payment_status",
    "get_withdraw_status",
    "get_invoice_status",
    "get_bill_payment_status",
    "get_pre_approval_status",
}
ANY_OBJECT = {"get_basic_user_info", "ask_user_info", "get_api_user"}
# The status line alone decides about these.
CANCELLED = frozenset({"cancel_invoice", "cancel_pre_approval"})
# An answer of another status than the call's is none, but the status call that follows tells the same payment.
FOUND = {"request_to_pay", "withdraw", "request_pre_approval", "resume"}
HTML = b"<html><body><h1>Please log in</h1></body></html>"

# Who is told to wait waits for seconds.
ONCE = BRISK._replace(read_attempts=1, token_attempts=1, create_attempts=1, cancel_attempts=1)


class Case(NamedTuple):
    """What the server does, and the methods for which that is an answer that went well."""

    steps: Sequence[Step]
    well: frozenset[str] = frozenset()
    proof: bool = False
    """It proves that nothing was made."""
    settings: Settings = BRISK


def answer(status: int, body: bytes = b"", *headers: tuple[str, str]) -> list[Step]:
    return [Send(Answer(status, body, headers or JSON).encode())]


def cut(data: bytes, length: int) -> list[Step]:
    return [Send(Answer(200, data, JSON).head(length=length) + data), Finish()]


FAILED = {"status": "FAILED", "reason": "APPROVAL_REJECTED"}
# Whether a payment was made is settled by an answer that repeats it.
ECHO = {**PAYMENT, "financialTransactionId": "1"}

CASES: dict[str, Case] = {
    "html 200": Case(answer(200, HTML, ("Content-Type", "text/html"))),
    "half json": Case(cut(b'{"status": "SUCCESSFUL", "amo', 400), CANCELLED),
    "json without an end": Case(answer(200, b'{"status": "SUCCESSFUL", "amo')),
    "empty 200": Case(answer(200), frozenset(BODYLESS)),
    "null": Case(answer(200, b"null")),
    "list": Case(answer(200, b"[]"), frozenset({"get_approved_pre_approvals"})),
    "list of nothing": Case(answer(200, b"[null]")),
    "number": Case(answer(200, b"5")),
    "text": Case(answer(200, b'"SUCCESSFUL"')),
    "empty object": Case(answer(200, b"{}"), frozenset(ANY_OBJECT | BODYLESS)),
    "deep": Case(answer(200, b"[" * 5000 + b"]" * 5000)),
    "not a number": Case(answer(200, b'{"status": NaN}')),
    "lone surrogate": Case(answer(200, b'{"status": "\\ud800"}')),
    "latin-1": Case(answer(200, '{"status": "é"}'.encode("latin-1"))),
    "wrong types": Case(
        answer(200, json.dumps({"status": 5, "access_token": [], "auth_req_id": None, "result": {}}).encode()),
        frozenset(ANY_OBJECT | BODYLESS),
    ),
    "gzip of nothing": Case(answer(200, b"not gzip", *JSON, ("Content-Encoding", "gzip")), CANCELLED),
    "oversize": Case(answer(200, b'{"status": "' + b"x" * (BRISK.body_limit + 10) + b'"}'), CANCELLED),
    "unknown status word": Case(
        as_json({**ECHO, "status": "HALF_DONE"}), frozenset(ANY_OBJECT | BODYLESS | STATUS | FOUND | {"reconcile"})
    ),
    "500 without a word": Case(answer(500)),
    "500 with a reason as text": Case(as_json({"code": "NOT_IN_ANY_LIST", "message": "no"}, 500)),
    "500 with a list": Case(as_json([{"code": "PAYER_NOT_FOUND"}], 500)),
    "502 html": Case(answer(502, HTML, ("Content-Type", "text/html"))),
    "520": Case(answer(520, HTML, ("Content-Type", "text/html"))),
    "599": Case(answer(599, b"{}")),
    "400 html": Case(answer(400, HTML), proof=True),
    "401 html": Case(answer(401, HTML), proof=True),
    "403 null": Case(answer(403, b"null"), proof=True),
    "404 half json": Case(answer(404, b'{"code": "RESOU'), proof=True),
    "409 with nothing": Case(answer(409)),
    "429 with a strange wait": Case(answer(429, b"{}", *JSON, ("Retry-After", "nan")), proof=True, settings=ONCE),
    "301": Case(answer(301, b"", ("Location", "https://elsewhere.example/")), proof=True),
    "204": Case(answer(204)),
    "a code of another kind": Case(as_json({"code": 42, "message": ["x"], "error": {}}, 400), proof=True),
    "no http": Case([Send(b"SSH-2.0-OpenSSH_9.6\r\n"), Finish()]),
    "a status line of letters": Case([Send(b"HTTP/1.1 abc Because\r\n\r\n"), Finish()]),
    "half a head": Case([Send(b"HTTP/1.1 200 OK\r\nContent-Le"), Finish()]),
    "closed in order": Case([Finish()]),
    "cut": Case([Reset()]),
    "silence": Case([Hold()], settings=IMPATIENT),
}


def check(name: str, result: Any, case: Case) -> None:
    assert isinstance(result, momopy.Success | momopy.Refused), name
    ok, data = result
    assert ok is (name in case.well), (name, result)
    if ok:
        assert isinstance(data, list if name == "get_approved_pre_approvals" else dict)
        assert result.unwrap() is data
        return
    check_shape(data)
    check_message(data["message"])
    assert "log in" not in data["message"]
    with pytest.raises(momopy.HTTPException):
        result.unwrap()
    if name in CREATES and name != "resume" and not case.proof:
        # Only proof that nothing was made lets a program pay anew.
        assert data["outcome"] in ("unknown", "failed", "conflict"), (name, result)
    if case.proof and name in CREATES - {"resume"}:
        assert data["outcome"] == "not_created", (name, result)


@pytest.mark.parametrize("name", CASES)
async def test_a_server_that_answers_anything(name: str, twin: Twin, capfd: pytest.CaptureFixture[str]) -> None:
    case = CASES[name]
    with server(*case.steps) as running:
        results = await all_of_them(twin, running.base_url, case.settings)
    assert results.keys() == CALLS.keys() | PROVISIONING.keys()
    for method, result in results.items():
        check(method, result, case)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["html 200", "null", "520", "cut", "401 html", "half json"])
async def test_a_token_that_cannot_be_had(name: str, twin: Twin) -> None:
    case = CASES[name]
    with server(*case.steps) as running:
        client = twin.at(running.base_url, api_user=uuid4(), api_key="secret", settings=BRISK)
        balance = await client.get_account_balance()
        created = await client.request_to_pay(body=PAYMENT)
        assert {request.path for request in running.requests} == {"/collection/token/"}
    for result, outcome in ((balance, "error"), (created, "not_created")):
        check_shape(result.data)
        assert (result.ok, result.data["outcome"]) == (False, outcome)
        # The payment itself was never sent.
        assert result.data["sent"] is False


async def test_a_port_where_nobody_listens(twin: Twin, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        results = await all_of_them(twin, f"http://127.0.0.1:{taken.getsockname()[1]}")
    for method, result in results.items():
        assert (result.ok, result.data["code"]) == (False, "CONNECTION"), method
        check_shape(result.data)
        if method in CREATES - {"resume"}:
            assert (result.data["outcome"], result.data["sent"]) == ("not_created", False)
    assert results["resume"].data["outcome"] == results["reconcile"].data["outcome"] == "unknown"
    assert capfd.readouterr() == ("", "")


async def test_a_final_word_with_a_reason_as_text(twin: Twin) -> None:
    with server(*as_json({**ECHO, **FAILED})) as running:
        results = await all_of_them(twin, running.base_url)
    for method in STATUS:
        assert results[method].data["reason"].keys() == {"code", "message"}
    for method in ("wait_for_payment", "wait_for_withdraw", "wait_for_pre_approval", "reconcile"):
        data = results[method].data
        assert (data["outcome"], data["code"]) == ("failed", "APPROVAL_REJECTED")
    # 200 is no answer to a create; the status call then told what became of it.
    assert results["request_to_pay"].data["outcome"] == "failed"


async def test_an_answer_that_came_packed_all_the_same(twin: Twin) -> None:
    packed = gzip.compress(json.dumps({"availableBalance": "1", "currency": "EUR"}).encode())
    with server(*answer(200, packed, *JSON, ("Content-Encoding", "gzip"))) as running:
        results = await all_of_them(twin, running.base_url)
    assert results["get_account_balance"] == (True, {"availableBalance": "1", "currency": "EUR"})


async def test_a_redirect_is_not_followed(twin: Twin) -> None:
    with server(*as_json({"availableBalance": "1"})) as other:
        moved = answer(302, b"", ("Location", other.base_url + "/collection/v1_0/account/balance"))
        with server(*moved) as running:
            result = await twin.at(running.base_url, settings=BRISK).get_account_balance("Bearer secret")
        assert (result.ok, result.data["code"]) == (False, "REDIRECT")
        assert other.requests == []
