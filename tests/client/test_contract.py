"""What is promised of every call: names and order, the tuple, its data, its failures."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
from typing import Any
from uuid import UUID, uuid4

import pytest

import momopy
from momopy.sandbox import Sandbox
from tests.client.stages import INVOICE, PRE_APPROVAL, USER_INFO
from tests.client.twins import PAYMENT, QUICK, Twin, basic, payment
from tests.specified import Sent

pytestmark = pytest.mark.anyio

NO_DEFAULT = inspect.Parameter.empty

# The documented nine: parameter names in their order, as users of mobilemoney.py call them today.
NINE = {
    "create_access_token": ("authorization",),
    "get_account_balance": ("authorization", "target"),
    "get_account_balance_in": ("currency", "authorization", "target"),
    "get_basic_user_info": ("msisdn", "authorization", "target"),
    "ask_user_info": ("authorization", "target"),
    "request_to_pay": ("authorization", "uuid", "target", "body", "callback"),
    "get_withdraw_status": ("authorization", "uuid", "target"),
    "withdraw": ("authorization", "uuid", "target", "body", "callback"),
    "isActive": ("account", "account_type", "authorization", "target"),
}
# The rest of the product, in the order that is promised.
BEYOND = {
    "get_payment_status": ("uuid", "authorization", "target"),
    "notify_payer": ("uuid", "message", "language", "authorization", "target"),
    "wait_for_payment": ("uuid", "timeout"),
    "wait_for_withdraw": ("uuid", "timeout"),
    "reconcile": ("uuid", "body"),
    "resume": ("uuid", "body"),
    "authorize": ("login_hint", "scope", "access_type"),
    "create_oauth2_token": (),
    "create_invoice": (),
    "get_invoice_status": ("uuid",),
    "cancel_invoice": ("uuid",),
    "create_payment": (),
    "get_bill_payment_status": ("uuid",),
    "request_pre_approval": (),
    "get_pre_approval_status": ("uuid",),
    "get_approved_pre_approvals": (),
    "cancel_pre_approval": (),
}


def positional(method: Any) -> list[inspect.Parameter]:
    return [
        parameter
        for parameter in inspect.signature(method).parameters.values()
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and parameter.name != "self"
    ]


@pytest.mark.parametrize("kind", [momopy.Collection, momopy.SyncCollection])
@pytest.mark.parametrize("name", NINE)
def test_the_nine_have_their_documented_parameters(kind: type, name: str) -> None:
    found = positional(getattr(kind, name))
    assert tuple(parameter.name for parameter in found) == NINE[name]
    defaults = {parameter.name: parameter.default for parameter in found}
    for optional in {"authorization", "target", "uuid", "callback"} & defaults.keys():
        assert defaults[optional] is None
    assert defaults.get("account_type", "msisdn") == "msisdn"
    for needed in {"account", "currency", "msisdn"} & defaults.keys():
        assert defaults[needed] is NO_DEFAULT


@pytest.mark.parametrize("kind", [momopy.Collection, momopy.SyncCollection])
@pytest.mark.parametrize("name", BEYOND)
def test_the_rest_of_the_product_is_there(kind: type, name: str) -> None:
    found = [parameter.name for parameter in positional(getattr(kind, name))]
    assert tuple(found[: len(BEYOND[name])]) == BEYOND[name]
    if name.startswith("wait_for_"):
        assert inspect.signature(getattr(kind, name)).parameters["timeout"].default == 300
    if name in ("reconcile", "resume"):
        operation = inspect.signature(getattr(kind, name)).parameters["operation"]
        assert operation.kind is inspect.Parameter.KEYWORD_ONLY
    assert {"authorization", "target"} <= inspect.signature(getattr(kind, name)).parameters.keys()


def test_is_active_has_two_names() -> None:
    assert momopy.Collection.isActive is momopy.Collection.is_active
    assert momopy.SyncCollection.isActive is momopy.SyncCollection.is_active


async def test_the_nine_by_position_and_by_keyword(twin: Twin, sandbox: Sandbox, sent: list[Sent]) -> None:
    client = twin.bare(sandbox)
    token = (await client.create_access_token(basic(sandbox))).unwrap()
    assert (await client.create_access_token(authorization=basic(sandbox))).ok
    bearer = "Bearer " + token["access_token"]
    ids = [str(uuid4()) for _ in range(2)]
    values = {
        "authorization": bearer,
        "target": "sandbox",
        "currency": "EUR",
        "msisdn": "46733123499",
        "body": PAYMENT,
        "callback": "http://localhost:9/cb",
        "account": "46733123499",
        "account_type": "msisdn",
    }
    for name in ("get_account_balance", "get_account_balance_in", "get_basic_user_info", "request_to_pay", "withdraw",
                 "get_withdraw_status", "isActive"):  # fmt: skip
        made = []
        for index, by_keyword in enumerate((False, True)):
            arguments = {parameter: {**values, "uuid": ids[index]}[parameter] for parameter in NINE[name]}
            called = getattr(client, name)
            result = await (called(**arguments) if by_keyword else called(*arguments.values()))
            assert result.ok, (name, result)
            made.append((sent[-1].method, sent[-1].path.replace(ids[index], "id"), sent[-1].body))
        assert made[0] == made[1]
    refused = await client.ask_user_info(bearer, "sandbox")
    assert refused.data["code"] == (await client.ask_user_info(authorization=bearer, target="sandbox")).data["code"]


async def test_what_is_none_is_as_good_as_left_out(twin: Twin, sandbox: Sandbox, sent: list[Sent]) -> None:
    client = twin.managed(sandbox)
    assert (await client.get_account_balance(None, None)).ok
    answer = await client.request_to_pay(None, None, None, PAYMENT, None)
    assert answer.ok
    request = sent[-1]
    assert request.headers["x-reference-id"] == answer.data["reference_id"]
    assert UUID(answer.data["reference_id"]).version == 4
    assert request.headers["x-target-environment"] == "sandbox"
    assert "x-callback-url" not in request.headers


async def test_what_is_given_is_used_as_it_is(twin: Twin, sandbox: Sandbox, sent: list[Sent]) -> None:
    client = twin.managed(sandbox)
    await client.get_account_balance("Bearer of.my.own", "mtnuganda")
    assert sent[-1].headers["authorization"] == "Bearer of.my.own"
    assert sent[-1].headers["x-target-environment"] == "mtnuganda"
    assert len(sent) == 1, "a token of the caller's is neither fetched nor renewed"


async def test_one_token_serves_many_calls(twin: Twin, sandbox: Sandbox, sent: list[Sent]) -> None:
    client = twin.managed(sandbox)
    for _ in range(3):
        assert (await client.get_account_balance()).ok
    assert (await twin.managed(sandbox).get_account_balance()).ok
    assert sum(one.path == "/collection/token/" for one in sent) == 1


async def test_a_token_that_ended_is_renewed(twin: Twin, sandbox: Sandbox, sent: list[Sent]) -> None:
    client = twin.managed(sandbox)
    assert (await client.get_account_balance()).ok
    sandbox.advance(3601)
    assert (await client.get_account_balance()).ok
    assert sum(one.path == "/collection/token/" for one in sent) == 2


async def test_a_result_is_a_tuple_of_two(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    good = await client.get_account_balance()
    bad = await client.is_active("46733123450")
    for result, word in ((good, True), (bad, False)):
        ok, data = result
        assert isinstance(result, tuple)
        assert len(result) == 2
        assert (ok, data) == (result[0], result[1]) == (result.ok, result.data)
        assert ok is word
        assert bool(result) is word
        assert result == (word, data)
        assert result != (not word, data)
        assert type(data) is dict
        for same in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result)):
            assert same == result
            assert type(same) is type(result)
            assert bool(same) is word
    assert good == (True, {"availableBalance": "1000", "currency": "EUR"})
    assert good.unwrap() is good.data
    with pytest.raises(momopy.NotFound) as raised:
        bad.unwrap()
    assert raised.value.failure is bad.data


async def test_a_failure_is_never_taken_for_a_success(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    taken = "a success" if await client.request_to_pay(body=payment("46733123455")) else "a failure"
    assert taken == "a failure"


async def test_a_repr_shows_nobody(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    paid = await client.request_to_pay(body=payment("46733123499"))
    results = [
        paid,
        await client.create_access_token(),
        await client.get_account_balance(),
        await client.get_basic_user_info("46733123499"),
        await client.get_payment_status(paid.data["reference_id"]),
        await client.get_approved_pre_approvals("46733123499"),
        await client.is_active("46733123450"),
        await client.request_to_pay(body=payment("46 733 not a number")),
    ]
    shown = " ".join([repr(results), str(results[1]), f"{results[2]}", repr(client.client), str(client.client)])
    token = results[1].data["access_token"]
    for hidden in (token, sandbox.api_key, sandbox.subscription_key, "46733", "Sand", "1000", "BUY THING"):
        assert hidden not in shown
    assert repr(results[0]) == f"(True, {{'reference_id': '{paid.data['reference_id']}', 'status': 'PENDING'}})"


async def test_accepted_is_not_paid(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    given = uuid4()
    assert await client.request_to_pay(uuid=given, body=PAYMENT) == (
        True,
        {"reference_id": str(given), "status": "PENDING"},
    )
    # Accepted although it is doomed, as MTN does.
    assert (await client.withdraw(body=payment("46733123451"))).data["status"] == "PENDING"


@pytest.mark.parametrize("shape", ["string", "object"])
async def test_a_reason_has_its_documented_shape(shape: Any, twin: Twin, sandbox: Sandbox) -> None:
    sandbox.switches.reason_shape = shape
    client = twin.managed(sandbox)
    made = (await client.request_to_pay(body=payment("46733123451"))).unwrap()
    data = (await client.get_payment_status(made["reference_id"])).unwrap()
    assert data["status"] == "FAILED"
    assert data["reason"].keys() == {"code", "message"}
    assert data["reason"]["code"] == "APPROVAL_REJECTED"
    assert data["reason"]["message"]
    rejected = {**INVOICE, "intendedPayer": {"partyIdType": "MSISDN", "partyId": "46733123451"}}
    made = (await client.create_invoice(body=rejected)).unwrap()
    assert (await client.get_invoice_status(made["reference_id"])).unwrap()["errorReason"].keys() == {"code", "message"}


async def test_keys_that_nobody_documented_are_kept(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    answer = {"availableBalance": "1", "currency": "EUR", "new": {"deep": [1, None, "x"]}}
    sandbox.fault("wrong_json", payload=json.dumps(answer), path="GetAccountBalance")
    assert (await client.get_account_balance()).data == answer
    answer = {"status": "HALF_DONE", "reason": {"code": "NEW", "message": "m", "more": 1}, "extra": True}
    made = (await client.request_to_pay(body=PAYMENT)).unwrap()
    # What it echoes has to be ours; with nothing echoed it would prove nothing.
    answer["externalId"] = PAYMENT["externalId"]
    sandbox.fault("wrong_json", payload=json.dumps(answer), path="RequesttoPayTransactionStatus")
    assert (await client.get_payment_status(made["reference_id"])).data == answer


@pytest.mark.parametrize("word", ["true", "TRUE", "false"])
async def test_the_word_instead_of_the_value(word: str, twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    sandbox.fault("wrong_json", payload=json.dumps({"result": word}), path="ValidateAccountHolderStatus")
    assert (await client.isActive("46733123499")) == (True, {"result": word.lower() == "true"})


async def test_the_approved_pre_approvals_are_a_list(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    assert await client.get_approved_pre_approvals("46733123469") == (True, [])
    (await client.request_pre_approval(body=PRE_APPROVAL)).unwrap()
    found = await client.get_approved_pre_approvals("87937389", "msisdn")
    assert [type(entry) for entry in found.data] == [dict]


async def test_waiting_for_the_end_of_a_payment(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox, settings=QUICK._replace(first_polls=(0.01, 0.01, 0.01)))
    sandbox.hold("46733123499")
    made = (await client.request_to_pay(body=payment("46733123499"))).unwrap()["reference_id"]
    seen: list[str] = []

    def progress(data: dict[str, Any]) -> None:
        seen.append(data["status"])
        if len(seen) == 2:
            sandbox.approve(made)

    ended = await client.wait_for_payment(made, progress=progress)
    assert ended.ok
    assert ended.data["status"] == "SUCCESSFUL"
    assert seen == ["PENDING", "PENDING", "SUCCESSFUL"]
    made = (await client.withdraw(body=payment("46733123450"))).unwrap()["reference_id"]
    ok, failure = await client.wait_for_withdraw(made, 300)
    assert (ok, failure["outcome"], failure["code"]) == (False, "failed", "INTERNAL_PROCESSING_ERROR")
    made = (await client.request_to_pay(body=payment("46733123453"))).unwrap()["reference_id"]
    ok, failure = await client.wait_for_payment(made, timeout=0.02)
    assert (ok, failure["outcome"], failure["reference_id"]) == (False, "pending", made)


async def test_reconcile_and_resume(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    mine = str(uuid4())
    sandbox.fault("cut", after=True, path="RequesttoPay", times=1)
    sandbox.fault("status", status=503, path="RequesttoPayTransactionStatus", times=None)
    unknown = await twin.managed(sandbox, timeout=0.2).request_to_pay(uuid=mine, body=PAYMENT)
    assert (unknown.ok, unknown.data["outcome"], unknown.data["reference_id"]) == (False, "unknown", mine)
    still = await client.reconcile(mine, PAYMENT)
    assert (still.ok, still.data["outcome"], still.data["retryable"]) == (False, "unknown", True)
    sandbox.clear_faults()
    settled = await client.reconcile(mine, PAYMENT)
    assert settled.unwrap()["status"] == "SUCCESSFUL"
    resumed = await client.resume(mine, PAYMENT)
    assert (resumed.ok, resumed.data["replayed"]) == (True, True)
    assert len(sandbox.payments()) == 1
    other = await client.resume(mine, payment("46733123499"))
    assert other.data["outcome"] == "conflict"
    made = (await client.create_invoice(body=INVOICE)).unwrap()["reference_id"]
    assert (await client.reconcile(made, INVOICE, operation="create_invoice")).unwrap()["status"] == "CREATED"
    # Nobody knows it yet, which proves nothing until long after.
    absent = await client.reconcile(uuid4(), PAYMENT)
    assert (absent.data["outcome"], absent.data["http_status"]) == ("unknown", 404)
    with pytest.raises(momopy.OutcomeUnknown):
        absent.unwrap()
    long_ago = await client.reconcile(uuid4(), PAYMENT, age=10_000)
    assert (long_ago.data["outcome"], long_ago.data["retryable"]) == ("not_found", False)


async def test_the_whole_way_to_user_info(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox, settings=QUICK)
    info = (await client.ask_user_info(msisdn="46733123499", scope="profile")).unwrap()
    assert (len(info), info["sub"]) == (24, "46733123499")
    assert set(info) == set(USER_INFO)
    sandbox.switches.consent_after = None
    pending = await client.ask_user_info(msisdn="46733123499", scope="profile", timeout=0)
    assert (pending.ok, pending.data["outcome"]) == (False, "pending")
