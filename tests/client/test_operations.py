"""Each operation over TCP, by both halves: it works, its request is as documented, its refusals come back as data."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

import momopy
from momopy.sandbox import Sandbox, run
from tests.client.rows import COLLECTION, PROVISIONING
from tests.client.stages import UNKNOWN_ID, Refusal, Row, Stage
from tests.client.twins import QUICK, Both, Twin, basic
from tests.specified import Sent, operations

pytestmark = pytest.mark.anyio

# Of every request; Content-Length only of those that may have a body.
COMMON = {"host", "user-agent", "accept", "accept-encoding", "ocp-apim-subscription-key"}


def holds(data: Any, wanted: Any) -> bool:
    """Whether data is what was wanted, key for key; a type in the place of a value stands for any of it."""
    if isinstance(wanted, type):
        return isinstance(data, wanted) and data != ""
    if isinstance(wanted, dict):
        return (
            isinstance(data, dict)
            and data.keys() == wanted.keys()
            and all(holds(data[key], value) for key, value in wanted.items())
        )
    if isinstance(wanted, list):
        return isinstance(data, list) and len(data) == len(wanted) and all(map(holds, data, wanted))
    return type(data) is type(wanted) and data == wanted


def sent_body(row: Row, body: bytes, stage: Stage) -> bool:
    """Whether a request's body is the row's."""
    if row.form is not None:
        fields = {key: value.format(made=stage.made) for key, value in row.form.items()}
        return dict(parse_qsl(body.decode(), strict_parsing=True)) == fields
    return json.loads(body) == row.body if row.body is not None else body == b""


async def staged(row: Row, twin: Twin, sandbox: Sandbox) -> Stage:
    client = twin.provisioner(sandbox.base_url) if row in PROVISIONING else twin.managed(sandbox)
    stage = Stage(sandbox, client)
    if row.prepare is not None:
        stage.made = await row.prepare(stage)
    return stage


def arguments_of(row: Row, stage: Stage) -> dict[str, Any]:
    arguments = dict(row.arguments(stage))
    if row.method == "cancel_invoice":
        arguments["cancellation"] = stage.other
    if row.auth == "consent":
        arguments["authorization"] = stage.made
    if row.auth == "key":
        arguments["subscription_key"] = stage.sandbox.subscription_key
    return arguments


def check_request(row: Row, stage: Stage, request: Sent, bearer: str | None) -> None:
    verb, _, path = row.wire.format(id=stage.id, made=stage.made).partition(" ")
    assert (request.method, request.path, request.query) == (verb, path, "")
    wanted = {**row.headers(stage)}
    if row.auth != "key":
        wanted["x-target-environment"] = "sandbox"
        wanted["authorization"] = {"basic": basic(stage.sandbox), "consent": stage.made}.get(row.auth, bearer or "")
    if row.body is not None:
        wanted["content-type"] = "application/json"
    if row.form is not None:
        wanted["content-type"] = "application/x-www-form-urlencoded"
    if row.body is not None or row.form is not None or verb == "POST":
        wanted["content-length"] = str(len(request.body))
    own = {name: value for name, value in request.headers.items() if name not in COMMON}
    assert own == wanted
    assert request.headers.keys() >= COMMON
    assert request.headers["ocp-apim-subscription-key"] == stage.sandbox.subscription_key
    assert request.headers["user-agent"] == f"momopy/{momopy.__version__}"
    assert sent_body(row, request.body, stage)


async def bearer_of(client: Both, sandbox: Sandbox) -> str:
    token = (await client.create_access_token(basic(sandbox))).unwrap()
    return "Bearer " + str(token["access_token"])


@pytest.mark.parametrize("row", COLLECTION + PROVISIONING, ids=str)
async def test_with_credentials_that_the_client_sees_to(
    row: Row, twin: Twin, sandbox: Sandbox, sent: list[Sent]
) -> None:
    stage = await staged(row, twin, sandbox)
    result = await getattr(stage.client, row.method)(**arguments_of(row, stage))
    assert result.ok, result
    assert holds(result.data, row.answer(stage)), result.data
    tokens = {one.headers["authorization"] for one in sent if one.headers.get("authorization", "").startswith("Bearer")}
    check_request(row, stage, sent[-1], next(iter(tokens - {stage.made}), None))
    assert [one.status for one in sandbox.requests(row.operation)][-1] in (200, 201, 202)


@pytest.mark.parametrize("row", COLLECTION, ids=str)
async def test_with_credentials_of_the_caller(row: Row, twin: Twin, sandbox: Sandbox, sent: list[Sent]) -> None:
    stage = await staged(row, twin, sandbox)
    client = twin.bare(sandbox)
    bearer = await bearer_of(client, sandbox)
    arguments = arguments_of(row, stage)
    arguments["authorization"] = {"basic": basic(sandbox), "consent": stage.made}.get(row.auth, bearer)
    if row.method != "create_access_token":
        arguments["target"] = "sandbox"
    before = len(sent)
    result = await getattr(client, row.method)(**arguments)
    assert result.ok, result
    assert holds(result.data, row.answer(stage)), result.data
    assert len(sent) == before + 1, "a call with credentials of the caller's is one request"
    check_request(row, stage, sent[-1], bearer)


def check_refusal(result: Any, status: int | None, code: str, outcome: str) -> None:
    ok, failure = result
    assert ok is False
    assert (failure["http_status"], failure["code"], failure["outcome"]) == (status, code, outcome)
    assert failure["message"].endswith(".")
    assert failure["field"] is None
    assert failure["sent"] is True


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        pytest.param(row, refusal, id=f"{row.method}-{refusal.code}-{number}")
        for row in COLLECTION + PROVISIONING
        for number, refusal in enumerate(row.refusals)
    ],
)
async def test_what_the_service_refuses_comes_back_with_its_code(
    row: Row, refusal: Refusal, twin: Twin, sandbox: Sandbox
) -> None:
    stage = await staged(row, twin, sandbox)
    result = await getattr(stage.client, row.method)(**{**arguments_of(row, stage), **refusal.arguments})
    check_refusal(result, refusal.status, refusal.code, refusal.outcome)
    if row.prepare is None:
        assert sandbox.payments() == []


BEARER = [row for row in COLLECTION if row.auth in ("bearer", "consent")]
BASIC = [row for row in COLLECTION if row.auth == "basic"]
CREATING = ("RequesttoPay", "RequestToWithdraw-V2", "CreateInvoice", "CreatePayments", "PreApproval", "CreateApiUser")
CHANGING = (
    *CREATING,
    "RequesttoPayDeliveryNotification",
    "CancelInvoice",
    "CancelPreApproval",
    "bc-authorize",
    "CreateOauth2Token",
    "CreateApiKey",
)


def refused_outcome(row: Row) -> str:
    return "not_created" if row.operation in CHANGING else "error"


@pytest.mark.parametrize("row", BEARER, ids=str)
async def test_a_token_that_the_service_does_not_take(row: Row, twin: Twin, sandbox: Sandbox) -> None:
    stage = await staged(row, twin, sandbox)
    arguments = {**arguments_of(row, stage), "authorization": "Bearer eyJ.eyJ.no"}
    check_refusal(await getattr(stage.client, row.method)(**arguments), 401, "AUTH", refused_outcome(row))


@pytest.mark.parametrize("row", BASIC, ids=str)
async def test_an_api_key_that_the_service_does_not_take(row: Row, twin: Twin, sandbox: Sandbox) -> None:
    stage = await staged(row, twin, sandbox)
    wrong = momopy.Client(sandbox.base_url).basic_token(sandbox.api_user, "wrong")
    result = await getattr(stage.client, row.method)(**{**arguments_of(row, stage), "authorization": wrong})
    check_refusal(result, 401, "AUTH", refused_outcome(row))


@pytest.mark.parametrize("row", BEARER, ids=str)
async def test_a_target_that_the_service_does_not_serve(row: Row, twin: Twin, sandbox: Sandbox) -> None:
    stage = await staged(row, twin, sandbox)
    arguments = {**arguments_of(row, stage), "target": "mtnnowhere"}
    result = await getattr(stage.client, row.method)(**arguments)
    check_refusal(result, 500, "NOT_ALLOWED_TARGET_ENVIRONMENT", refused_outcome(row))


@pytest.mark.parametrize("row", [row for row in COLLECTION if row.operation in CREATING], ids=str)
async def test_an_id_that_stands_for_something_else(row: Row, twin: Twin, sandbox: Sandbox) -> None:
    stage = await staged(row, twin, sandbox)
    arguments = arguments_of(row, stage)
    assert (await getattr(stage.client, row.method)(**arguments)).ok
    other = dict(arguments["body"])
    party = {"partyIdType": "MSISDN", "partyId": "46733123499"}
    if row.operation == "CreatePayments":
        # Its status answer repeats nothing of the body, so the same id is taken for the same payment.
        again = await getattr(stage.client, row.method)(**arguments)
        assert (again.ok, again.data["replayed"]) == (True, True)
        return
    other["intendedPayer" if "intendedPayer" in other else "payer"] = party
    check_refusal(
        await getattr(stage.client, row.method)(**{**arguments, "body": other}),
        409,
        "RESOURCE_ALREADY_EXIST",
        "conflict",
    )


@pytest.mark.parametrize("row", COLLECTION + PROVISIONING, ids=str)
async def test_a_subscription_key_that_opens_nothing(row: Row, twin: Twin) -> None:
    with run(subscription_key="right") as sandbox:
        stage = Stage(sandbox, twin.provisioner(sandbox.base_url) if row in PROVISIONING else twin.at(sandbox.base_url))
        stage.made = UNKNOWN_ID
        arguments = arguments_of(row, stage)
        if row in PROVISIONING:
            arguments["subscription_key"] = "wrong"
        else:
            arguments["authorization"] = basic(sandbox) if row.auth == "basic" else "Bearer eyJ"
        result = await getattr(stage.client, row.method)(**arguments)
        check_refusal(result, 401, "AUTH", refused_outcome(row))
        assert result.data["attempts"] == len(sandbox.requests()) == 1, "no token opens the gateway"


IMPATIENT = QUICK._replace(create_attempts=2, read_attempts=2)
# Statuses that every operation may answer: the code, and whether it is known then that nothing was made.
STATUSES = {400: "BAD_REQUEST", 403: "FORBIDDEN", 429: "RATE_LIMITED", 502: "SERVER"}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("row", COLLECTION + PROVISIONING, ids=str)
async def test_a_status_that_any_call_may_get(row: Row, status: int, twin: Twin, sandbox: Sandbox) -> None:
    stage = await staged(row, twin, sandbox)
    stage.client = (
        twin.provisioner(sandbox.base_url) if row in PROVISIONING else twin.managed(sandbox, settings=IMPATIENT)
    )
    sandbox.fault("status", status=status, path=row.operation, retry_after=60, times=None)
    result = await getattr(stage.client, row.method)(**arguments_of(row, stage))
    outcome = refused_outcome(row)
    if status == 502:
        # Of a key nobody needs to know: the next one ends it.
        outcome = "unknown" if row.operation in CHANGING and row.operation != "CreateApiKey" else "error"
    check_refusal(result, status, STATUSES[status], outcome)
    assert result.data["retry_after"] == (60 if status == 429 else None)


def test_every_operation_has_a_method_and_a_row() -> None:
    described = set(operations("collection"))
    # Documented as not taken in: V2 does the same.
    assert described - {row.operation for row in COLLECTION} == {"RequestToWithdraw-V1"}
    assert {row.operation for row in COLLECTION} <= described
    assert {row.operation for row in PROVISIONING} == set(operations("provisioning"))
    for row in COLLECTION:
        assert callable(getattr(momopy.Collection, row.method))
        assert callable(getattr(momopy.SyncCollection, row.method))
    for row in PROVISIONING:
        assert callable(getattr(momopy.Client, row.method))
        assert callable(getattr(momopy.SyncClient, row.method))


@pytest.mark.parametrize("row", COLLECTION, ids=str)
def test_the_rows_are_what_the_spec_says(row: Row) -> None:
    method, path = operations("collection")[row.operation]
    verb, _, wanted = row.wire.partition(" ")
    assert verb == method.upper()
    assert len(wanted.split("/")) == len(("/collection" + path).split("/"))
