"""Every kind of failure: its keys, what they say, and what `unwrap` makes of it."""

from __future__ import annotations

import copy
import json
import pickle
import socket
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

import momopy
from momopy.sandbox import Sandbox
from tests.client.twins import PAYMENT, Both, Twin, payment

pytestmark = pytest.mark.anyio

KEYS = {
    "outcome": str,
    "code": str,
    "message": str,
    "http_status": int | None,
    "reference_id": str | None,
    "sent": bool | str,
    "retryable": bool,
    "retry_after": float | int | None,
    "field": str | None,
    "attempts": int,
    "elapsed": float,
}
OUTCOMES = {"not_created", "unknown", "pending", "conflict", "mismatch", "not_found", "failed", "error"}
MINE = str(uuid4())


class Case(NamedTuple):
    """How a failure is brought about, and what must come of it."""

    name: str
    provoke: Callable[[Both, Sandbox], Awaitable[Any]]
    outcome: str
    code: str
    status: int | None
    raises: type[Exception]
    sent: Any = True
    retryable: bool = False
    reference_id: str | None = None
    field: str | None = None
    retry_after: float | None = None
    attempts: int = 1

    def __str__(self) -> str:
        return self.name


def faulty(kind: str, call: str, *args: Any, faults: dict[str, Any], **kwargs: Any) -> Any:
    async def provoke(client: Both, sandbox: Sandbox) -> Any:
        # The token is fetched first, and is not what goes wrong here.
        assert (await client.get_account_balance()).ok
        sandbox.fault(kind, **{"times": None, **faults})
        return await getattr(client, call)(*args, **kwargs)

    return provoke


def status(number: int, call: str, *args: Any, code: str | None = None, **kwargs: Any) -> Any:
    return faulty("status", call, *args, faults={"status": number, "code": code, "retry_after": 60}, **kwargs)


def pay(number: int, code: str | None = None) -> Any:
    return status(number, "request_to_pay", uuid=MINE, body=PAYMENT, code=code)


async def validation(client: Both, _: Sandbox) -> Any:
    return await client.request_to_pay(uuid=MINE, body=payment("not a number"))


async def unknown_id(client: Both, _: Sandbox) -> Any:
    return await client.get_payment_status(MINE)


async def conflict(client: Both, _: Sandbox) -> Any:
    assert (await client.request_to_pay(uuid=MINE, body=PAYMENT)).ok
    return await client.request_to_pay(uuid=MINE, body=payment("46733123499"))


async def failed(client: Both, _: Sandbox) -> Any:
    assert (await client.request_to_pay(uuid=MINE, body=payment("46733123451"))).ok
    return await client.wait_for_payment(MINE)


async def pending(client: Both, _: Sandbox) -> Any:
    assert (await client.request_to_pay(uuid=MINE, body=payment("46733123453"))).ok
    return await client.wait_for_payment(MINE, timeout=0)


async def mismatch(client: Both, sandbox: Sandbox) -> Any:
    assert (await client.request_to_pay(uuid=MINE, body=PAYMENT)).ok
    other = {**payment("46733123499"), "status": "SUCCESSFUL"}
    sandbox.fault("wrong_json", payload=json.dumps(other), path="RequesttoPayTransactionStatus")
    return await client.get_payment_status(MINE)


BALANCE = "get_account_balance"
CUT = {"path": "GetAccountBalance"}
CASES = [
    Case("a value refused before it is sent", validation, "not_created", "VALIDATION", None, momopy.InvalidData,
         sent=False, reference_id=MINE, field="payer.partyId", attempts=0),
    Case("a bare 400", pay(400), "not_created", "BAD_REQUEST", 400, momopy.InvalidData, reference_id=MINE),
    Case("400 with a code", pay(400, "VALIDATION_ERROR"), "not_created", "VALIDATION_ERROR", 400, momopy.InvalidData,
         reference_id=MINE),
    Case("401", status(401, BALANCE, "Bearer x"), "error", "AUTH", 401, momopy.Unauthorized),
    Case("401 to a renewed token too", status(401, BALANCE), "error", "AUTH", 401, momopy.Unauthorized, attempts=0),
    Case("403", status(403, BALANCE), "error", "FORBIDDEN", 403, momopy.HTTPException),
    Case("404", unknown_id, "not_found", "RESOURCE_NOT_FOUND", 404, momopy.NotFound, reference_id=MINE),
    Case("409", conflict, "conflict", "RESOURCE_ALREADY_EXIST", 409, momopy.Conflict, reference_id=MINE),
    Case("429", pay(429), "not_created", "RATE_LIMITED", 429, momopy.HTTPException, retryable=True, reference_id=MINE,
         retry_after=60.0),
    Case("500 with a business code", pay(500, "PAYER_NOT_FOUND"), "not_created", "PAYER_NOT_FOUND", 500,
         momopy.MomoServerError, reference_id=MINE),
    Case("a code that nobody knows", status(500, BALANCE, code="BRAND_NEW"), "error", "BRAND_NEW", 500,
         momopy.MomoServerError, retryable=True, attempts=3),
    Case("503 to a create", pay(503), "unknown", "SERVER", 503, momopy.OutcomeUnknown, retryable=True,
         reference_id=MINE, attempts=4),
    Case("520", status(520, BALANCE), "error", "SERVER", 520, momopy.MomoServerError, retryable=True, attempts=3),
    Case("a redirect", status(302, BALANCE), "error", "REDIRECT", 302, momopy.HTTPException),
    Case("a page of HTML", faulty("html", BALANCE, faults=CUT), "error", "BAD_RESPONSE", 200, momopy.HTTPException,
         retryable=True, attempts=3),
    Case("a cut connection", faulty("cut", BALANCE, faults=CUT), "error", "CONNECTION", None, momopy.ConnectionFailed,
         sent="maybe", retryable=True, attempts=3),
    Case("a cut connection to a create",
         faulty("cut", "request_to_pay", uuid=MINE, body=PAYMENT, faults={"path": "requesttopay"}),
         "unknown", "CONNECTION", None, momopy.OutcomeUnknown, sent="maybe", retryable=True, reference_id=MINE,
         attempts=4),
    Case("the final word", failed, "failed", "APPROVAL_REJECTED", 200, momopy.PaymentFailed, reference_id=MINE),
    Case("waiting is over", pending, "pending", "PENDING", 200, momopy.PaymentPending, retryable=True,
         reference_id=MINE),
    Case("another payment's answer", mismatch, "mismatch", "BAD_RESPONSE", 200, momopy.HTTPException, retryable=True,
         reference_id=MINE),
]  # fmt: skip


def check_shape(failure: Any) -> None:
    assert type(failure) is dict
    assert list(failure) == list(KEYS)
    for key, kind in KEYS.items():
        assert isinstance(failure[key], kind), key
    assert failure["outcome"] in OUTCOMES
    assert failure["sent"] in (True, False, "maybe")
    assert failure["elapsed"] >= 0
    assert json.loads(json.dumps(failure)) == failure


def check_message(message: str, sandbox: Sandbox | None = None) -> None:
    assert 0 < len(message) <= 300
    assert "\n" not in message
    hidden = ["87937389", "467331234", "http://", "Bearer", "Basic", "{", "Ocp-Apim"]
    if sandbox is not None:
        hidden += [sandbox.subscription_key, sandbox.api_key, sandbox.base_url]
    assert not [text for text in hidden if text in message]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_failure_says_all_that_is_promised(case: Case, twin: Twin, sandbox: Sandbox) -> None:
    result = await case.provoke(twin.managed(sandbox), sandbox)
    ok, failure = result
    assert ok is False
    check_shape(failure)
    check_message(failure["message"], sandbox)
    told = {key: failure[key] for key in KEYS if key not in ("message", "elapsed")}
    assert told == {
        "outcome": case.outcome,
        "code": case.code,
        "http_status": case.status,
        "reference_id": case.reference_id,
        "sent": case.sent,
        "retryable": case.retryable,
        "retry_after": case.retry_after,
        "field": case.field,
        "attempts": case.attempts,
    }
    with pytest.raises(momopy.HTTPException) as raised:
        result.unwrap()
    assert type(raised.value) is case.raises
    assert raised.value.failure == failure
    assert str(raised.value) == f"{failure['code']}: {failure['message']}"
    for same in (pickle.loads(pickle.dumps(raised.value)), copy.copy(raised.value)):
        assert (type(same), same.failure, str(same)) == (case.raises, failure, str(raised.value))


async def test_a_host_that_is_not_there(twin: Twin) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        client = twin.at(address)
        read = await client.get_account_balance("Bearer x")
        create = await client.request_to_pay("Bearer x", MINE, body=PAYMENT)
        managed = twin.at(address, api_user=str(uuid4()), api_key="secret")
        without_token = await managed.request_to_pay(uuid=MINE, body=PAYMENT)
        provisioned = await twin.provisioner(address).create_api_user(MINE, "key")
    for result, outcome in ((read, "error"), (create, "not_created"), (without_token, "not_created"),
                            (provisioned, "not_created")):  # fmt: skip
        check_shape(result.data)
        check_message(result.data["message"])
        assert (result.data["outcome"], result.data["code"], result.data["sent"]) == (outcome, "CONNECTION", False)
        assert result.data["retryable"] is True
        with pytest.raises(momopy.ConnectionFailed):
            result.unwrap()


async def test_the_time_allowed_for_a_call(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox, timeout=0.15)
    assert (await client.get_account_balance()).ok
    sandbox.fault("delay", seconds=0.5, times=None)
    read = await client.get_account_balance()
    create = await client.request_to_pay(uuid=MINE, body=PAYMENT)
    sandbox.clear_faults()
    for result, outcome, kind in ((read, "error", momopy.ConnectionFailed),
                                  (create, "unknown", momopy.OutcomeUnknown)):  # fmt: skip
        check_shape(result.data)
        assert result.data["outcome"] == outcome
        assert result.data["code"] in ("DEADLINE", "CONNECTION")
        assert result.data["sent"] == "maybe"
        with pytest.raises(kind):
            result.unwrap()


# What a customer may have typed: the call, and the key or parameter that the failure names.
TYPED: list[tuple[str, dict[str, Any], str]] = [
    ("request_to_pay", {"body": {**PAYMENT, "amount": "0"}}, "amount"),
    ("request_to_pay", {"body": {**PAYMENT, "amount": 1.5}}, "amount"),
    ("request_to_pay", {"body": {key: PAYMENT[key] for key in PAYMENT if key != "amount"}}, "amount"),
    ("request_to_pay", {"body": {**PAYMENT, "currency": "UGX"}}, "currency"),
    ("request_to_pay", {"body": {**PAYMENT, "payer": {"partyIdType": "MSISDN"}}}, "payer.partyId"),
    ("request_to_pay", {"body": {**PAYMENT, "payer": "46733123499"}}, "payer"),
    ("request_to_pay", {"body": {**PAYMENT, "payerMessage": "it's"}}, "payerMessage"),
    ("request_to_pay", {"body": {**PAYMENT, "payeeNote": "x" * 161}}, "payeeNote"),
    ("request_to_pay", {"body": {**PAYMENT, "payeeNote": ""}}, "payeeNote"),
    ("withdraw", {"body": {**PAYMENT, "externalId": ""}}, "externalId"),
    ("get_account_balance_in", {"currency": "eur"}, "currency"),
    ("get_account_balance_in", {"currency": "EUR/../.."}, "currency"),
    ("get_basic_user_info", {"msisdn": "../x?y=1"}, "msisdn"),
    ("isActive", {"account": "../x?y=1"}, "account"),
    ("is_active", {"account": "x", "account_type": "passport"}, "account_type"),
    ("is_active", {"account": "nobody", "account_type": "email"}, "account"),
    ("notify_payer", {"uuid": MINE, "message": "x" * 161}, "notificationMessage"),
    ("notify_payer", {"uuid": MINE, "message": "tea", "language": "?"}, "language"),
    ("create_invoice", {"body": {"amount": "1", "currency": "EUR"}}, "intendedPayer"),
    ("cancel_invoice", {"uuid": MINE, "external_id": "it's"}, "externalId"),
    ("create_payment", {"body": {"money": {"amount": "-1", "currency": "EUR"}}}, "money.amount"),
    ("request_pre_approval", {"body": {"payer": PAYMENT["payer"], "payerCurrency": "XXX"}}, "payerCurrency"),
    ("get_approved_pre_approvals", {"account": "x"}, "account"),
    ("cancel_pre_approval", {"pre_approval_id": "a/b"}, "pre_approval_id"),
    ("authorize", {"login_hint": "nobody", "scope": "profile"}, "login_hint"),
    ("ask_user_info", {"msisdn": "nobody", "scope": "profile"}, "msisdn"),
]


@pytest.mark.parametrize(("call", "arguments", "field"), TYPED, ids=[f"{call}-{field}" for call, _, field in TYPED])
async def test_what_a_customer_may_have_typed_is_refused_before_anything_is_sent(
    call: str, arguments: dict[str, Any], field: str, twin: Twin, sandbox: Sandbox
) -> None:
    result = await getattr(twin.managed(sandbox), call)(**arguments)
    assert not result.ok
    check_shape(result.data)
    check_message(result.data["message"], sandbox)
    told = {key: result.data[key] for key in ("outcome", "code", "field", "sent", "http_status", "attempts")}
    assert told == {
        "outcome": "not_created",
        "code": "VALIDATION",
        "field": field,
        "sent": False,
        "http_status": None,
        "attempts": 0,
    }
    assert sandbox.requests() == []
    with pytest.raises(momopy.InvalidData):
        result.unwrap()
