"""A mistake of the program raises its own kind of error, before anything is sent."""

from __future__ import annotations

import pickle
from typing import Any
from uuid import UUID, uuid1, uuid4

import httpx
import pytest

import momopy
from momopy import errors
from momopy.sandbox import Sandbox
from tests.client.twins import PAYMENT, Twin, basic

pytestmark = pytest.mark.anyio

ID = str(uuid4())
# The call, its arguments, what it raises, and the parameter that the error names.
MISTAKES: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    ("create_access_token", {"authorization": "Bearer x"}, momopy.InvalidBasicToken, "authorization"),
    ("create_access_token", {"authorization": "Basic user:password"}, momopy.InvalidBasicToken, "authorization"),
    ("create_access_token", {"authorization": 7}, momopy.InvalidBasicToken, "authorization"),
    ("create_oauth2_token", {"auth_req_id": "x", "authorization": "x"}, momopy.InvalidBasicToken, "authorization"),
    ("get_account_balance", {"authorization": "Basic eHg6eHg="}, momopy.InvalidBearerToken, "authorization"),
    ("get_account_balance", {"authorization": "Bearer"}, momopy.InvalidBearerToken, "authorization"),
    ("get_account_balance", {"authorization": "Bearer a\r\nX: y"}, momopy.InvalidBearerToken, "authorization"),
    ("get_account_balance", {"authorization": b"Bearer x"}, momopy.InvalidBearerToken, "authorization"),
    ("get_account_balance", {"target": "Sandbox!"}, momopy.InvalidTarget, "target"),
    ("get_account_balance", {"target": 7}, momopy.InvalidTarget, "target"),
    ("get_account_balance_in", {"currency": None}, momopy.MissingArgument, "currency"),
    ("get_basic_user_info", {"msisdn": None}, momopy.MissingArgument, "msisdn"),
    ("isActive", {"account": None}, momopy.MissingArgument, "account"),
    ("ask_user_info", {}, momopy.MissingArgument, "authorization"),
    ("ask_user_info", {"msisdn": "46733123499"}, momopy.MissingArgument, "scope"),
    ("request_to_pay", {}, momopy.MissingArgument, "body"),
    ("request_to_pay", {"body": "{}"}, momopy.InvalidBody, "body"),
    ("request_to_pay", {"body": [PAYMENT]}, momopy.InvalidBody, "body"),
    ("request_to_pay", {"body": PAYMENT, "uuid": "1"}, momopy.InvalidUniqueIDVersion, "uuid"),
    ("request_to_pay", {"body": PAYMENT, "uuid": str(uuid1())}, momopy.InvalidUniqueIDVersion, "uuid"),
    ("request_to_pay", {"body": PAYMENT, "uuid": UUID(int=5)}, momopy.InvalidUniqueIDVersion, "uuid"),
    ("request_to_pay", {"body": PAYMENT, "uuid": 12}, momopy.InvalidUniqueIDVersion, "uuid"),
    ("request_to_pay", {"body": PAYMENT, "callback": "shop.example"}, momopy.InvalidCallback, "callback"),
    ("request_to_pay", {"body": PAYMENT, "callback": "http://a.example/x?y=1"}, momopy.InvalidCallback, "callback"),
    ("request_to_pay", {"body": PAYMENT, "callback": 7}, momopy.InvalidCallback, "callback"),
    ("withdraw", {"body": 5}, momopy.InvalidBody, "body"),
    ("withdraw", {"body": PAYMENT, "uuid": ""}, momopy.InvalidUniqueIDVersion, "uuid"),
    ("get_withdraw_status", {"uuid": None}, momopy.MissingArgument, "uuid"),
    ("get_withdraw_status", {"uuid": "../x"}, momopy.InvalidUniqueIDVersion, "uuid"),
    ("get_payment_status", {"uuid": None}, momopy.MissingArgument, "uuid"),
    ("wait_for_payment", {"uuid": "x"}, momopy.InvalidUniqueIDVersion, "uuid"),
    ("notify_payer", {"uuid": ID, "message": None}, momopy.MissingArgument, "message"),
    ("create_invoice", {"body": ()}, momopy.InvalidBody, "body"),
    ("cancel_invoice", {"uuid": ID, "external_id": None}, momopy.MissingArgument, "external_id"),
    ("cancel_invoice", {"uuid": ID, "external_id": "x", "cancellation": "x"}, momopy.InvalidUniqueIDVersion, "uuid"),
    ("create_payment", {"body": "x"}, momopy.InvalidBody, "body"),
    ("request_pre_approval", {"body": 1.5}, momopy.InvalidBody, "body"),
    ("cancel_pre_approval", {"pre_approval_id": None}, momopy.MissingArgument, "pre_approval_id"),
    ("create_oauth2_token", {}, momopy.MissingArgument, "auth_req_id"),
    ("create_oauth2_token", {"auth_req_id": "a", "refresh_token": "b"}, momopy.InvalidArgument, "refresh_token"),
    ("create_oauth2_token", {"auth_req_id": "a", "grant_type": "x"}, momopy.InvalidArgument, "grant_type"),
    ("reconcile", {"uuid": ID, "operation": "refund"}, momopy.InvalidArgument, "operation"),
    ("resume", {"uuid": None, "body": PAYMENT}, momopy.MissingArgument, "uuid"),
    ("resume", {"uuid": ID, "body": None}, momopy.MissingArgument, "body"),
]


@pytest.mark.parametrize(
    ("call", "arguments", "kind", "parameter"),
    MISTAKES,
    ids=[f"{index}-{row[0]}-{row[2].__name__}" for index, row in enumerate(MISTAKES)],
)
async def test_a_mistake_raises_before_anything_is_sent(
    call: str, arguments: dict[str, Any], kind: type[Exception], parameter: str, twin: Twin, sandbox: Sandbox
) -> None:
    client = twin.managed(sandbox)
    with pytest.raises(kind) as raised:
        await getattr(client, call)(**arguments)
    error = raised.value
    assert isinstance(error, momopy.MomoException)
    assert isinstance(error, ValueError)
    assert error.parameter == parameter  # type: ignore[attr-defined]
    assert not [text for text in (PAYMENT["payer"]["partyId"], "password", "eHg6eHg", ID) if text in str(error)]
    assert sandbox.requests() == []


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("get_account_balance", {"authorization": 7}),
        ("create_access_token", {"authorization": b"Basic eHg6eHg="}),
        ("get_account_balance", {"target": 7}),
        ("request_to_pay", {"body": PAYMENT, "uuid": 12}),
        ("request_to_pay", {"body": PAYMENT, "callback": 7}),
        ("request_to_pay", {"body": "{}"}),
        ("request_to_pay", {}),
    ],
)
async def test_a_wrong_type_is_a_type_error_too(
    call: str, arguments: dict[str, Any], twin: Twin, sandbox: Sandbox
) -> None:
    with pytest.raises(TypeError) as raised:
        await getattr(twin.managed(sandbox), call)(**arguments)
    assert isinstance(raised.value, momopy.Misuse)
    assert isinstance(raised.value, ValueError)
    assert sandbox.requests() == []


async def test_a_wrong_value_is_no_type_error(twin: Twin, sandbox: Sandbox) -> None:
    with pytest.raises(momopy.InvalidUniqueIDVersion) as raised:
        await twin.managed(sandbox).get_payment_status("x")
    assert not isinstance(raised.value, TypeError)


async def test_a_call_without_any_credentials(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.bare(sandbox)
    calls: dict[str, dict[str, Any]] = {
        "get_account_balance": {},
        "create_access_token": {},
        "request_to_pay": {"body": PAYMENT},
        "create_oauth2_token": {"auth_req_id": "x"},
    }
    for call, arguments in calls.items():
        with pytest.raises(momopy.MissingCredentials) as raised:
            await getattr(client, call)(**arguments)
        assert raised.value.parameter == "authorization"
    assert sandbox.requests() == []


LIVE = {"subscription_key": "key", "target": "mtnuganda"}
CONSTRUCTIONS: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"subscription_key": ""}, momopy.InvalidSubscriptionKey, "subscription_key"),
    ({"subscription_key": "a b"}, momopy.InvalidSubscriptionKey, "subscription_key"),
    ({"subscription_key": 5}, momopy.InvalidSubscriptionKey, "subscription_key"),
    ({"subscription_key": "k", "api_user": ID}, momopy.MissingCredentials, "api_key"),
    ({"subscription_key": "k", "api_key": "x"}, momopy.MissingCredentials, "api_user"),
    ({"subscription_key": "k", "api_user": "me", "api_key": "x"}, momopy.InvalidUniqueIDVersion, "api_user"),
    ({"subscription_key": "k", "api_user": ID, "api_key": ""}, momopy.InvalidArgument, "api_key"),
    ({"subscription_key": "k", "base_url": "ftp://x"}, momopy.InvalidBaseURL, "base_url"),
    ({"subscription_key": "k", "base_url": "https://shop.example"}, momopy.InvalidBaseURL, "base_url"),
    ({"subscription_key": "k", "base_url": "https://momodeveloper.mtn.com"}, momopy.InvalidBaseURL, "base_url"),
    ({"subscription_key": "k", "base_url": "http://proxy.momoapi.mtn.com"}, momopy.InvalidBaseURL, "base_url"),
    ({"subscription_key": "k", "target": "Uganda"}, momopy.InvalidTarget, "target"),
    (LIVE, momopy.InvalidTarget, "target"),
    ({**LIVE, "live": True, "base_url": "https://sandbox.momodeveloper.mtn.com"}, momopy.InvalidTarget, "target"),
    ({"subscription_key": "k", "base_url": "https://proxy.momoapi.mtn.com"}, momopy.InvalidTarget, "target"),
    ({"subscription_key": "k", "callback": "http://shop.example/x"}, momopy.InvalidCallback, "callback"),
    ({"subscription_key": "k", "callback": "https://10.0.0.1/x"}, momopy.InvalidCallback, "callback"),
    ({"subscription_key": "k", "timeout": 0}, momopy.InvalidArgument, "timeout"),
    ({"subscription_key": "k", "timeout": "5"}, momopy.InvalidArgument, "timeout"),
    ({"subscription_key": "k", "verify": False}, momopy.InvalidArgument, "verify"),
    ({"subscription_key": "k", "transport": object()}, momopy.InvalidArgument, "transport"),
]


@pytest.mark.parametrize(
    ("arguments", "kind", "parameter"), CONSTRUCTIONS, ids=[f"{n}-{row[2]}" for n, row in enumerate(CONSTRUCTIONS)]
)
async def test_a_client_that_cannot_be(
    arguments: dict[str, Any], kind: type[Exception], parameter: str, twin: Twin
) -> None:
    with pytest.raises(kind) as raised:
        twin.Collection(**arguments)
    assert raised.value.parameter == parameter  # type: ignore[attr-defined]


async def test_the_transport_of_the_other_half(twin: Twin) -> None:
    other: Any = httpx.HTTPTransport() if twin.awaited else httpx.AsyncHTTPTransport()
    with pytest.raises(momopy.InvalidArgument):
        twin.Collection("key", transport=other)
    if twin.awaited:
        other.close()
    else:
        await other.aclose()


async def test_a_live_client_is_made_when_it_is_meant(twin: Twin) -> None:
    client = twin.keep(twin.Collection("key", target="mtnuganda", live=True)).client
    assert repr(client).endswith("mtnuganda at https://proxy.momoapi.mtn.com>")
    client = twin.keep(twin.Collection("key")).client
    assert repr(client).endswith("sandbox at https://sandbox.momodeveloper.mtn.com>")


@pytest.mark.parametrize(
    ("call", "arguments", "kind", "parameter"),
    [
        ("create_api_user", {"uuid": "x", "subscription_key": "k"}, momopy.InvalidUniqueIDVersion, "uuid"),
        ("create_api_user", {"uuid": None, "subscription_key": "k"}, momopy.MissingArgument, "uuid"),
        ("create_api_user", {"uuid": ID, "subscription_key": ""}, momopy.InvalidSubscriptionKey, "subscription_key"),
        (
            "create_api_user",
            {"uuid": ID, "subscription_key": "k", "url_callback": "a/b"},
            momopy.InvalidCallback,
            "url_callback",
        ),
        ("get_api_user", {"uuid": "x", "subscription_key": "k"}, momopy.InvalidUniqueIDVersion, "uuid"),
        ("create_api_key", {"uuid": ID, "subscription_key": 7}, momopy.InvalidSubscriptionKey, "subscription_key"),
        ("basic_token", {"api_user": "x", "api_key": "y"}, momopy.InvalidUniqueIDVersion, "api_user"),
        ("basic_token", {"api_user": ID, "api_key": ""}, momopy.InvalidArgument, "api_key"),
        ("bearer_token", {"token": ""}, momopy.InvalidBearerToken, "token"),
        ("bearer_token", {"token": None}, momopy.InvalidBearerToken, "token"),
    ],
)
async def test_mistakes_in_provisioning(
    call: str, arguments: dict[str, Any], kind: type[Exception], parameter: str, twin: Twin, sandbox: Sandbox
) -> None:
    with pytest.raises(kind) as raised:
        await getattr(twin.provisioner(sandbox.base_url), call)(**arguments)
    assert raised.value.parameter == parameter  # type: ignore[attr-defined]
    assert sandbox.requests() == []


async def test_a_live_host_is_no_sandbox(twin: Twin) -> None:
    with pytest.raises(momopy.InvalidBaseURL):
        twin.provisioner("https://proxy.momoapi.mtn.com").client.is_sandbox()


def test_every_exception_has_its_place() -> None:
    mistakes = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, momopy.Misuse)}
    assert {kind.__name__ for kind in mistakes} == {
        "Misuse", "InvalidBasicToken", "InvalidBearerToken", "InvalidUniqueIDVersion", "InvalidTarget",
        "InvalidCallback", "InvalidBaseURL", "InvalidSubscriptionKey", "InvalidArgument", "InvalidBody",
        "MissingArgument", "MissingCredentials",
    }  # fmt: skip
    of_failures = {
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, momopy.HTTPException)
    }
    for kind in mistakes | of_failures:
        assert getattr(momopy, kind.__name__) is kind
        assert issubclass(kind, momopy.MomoException)
        assert issubclass(kind, ValueError) is (kind in mistakes)
    assert issubclass(momopy.InvalidBody, TypeError)
    assert issubclass(momopy.MissingArgument, TypeError)
    for kind in mistakes:
        same = pickle.loads(pickle.dumps(kind("body", "must be a dict")))
        assert (type(same), str(same)) == (kind, "body: must be a dict")


async def test_a_type_error_can_be_pickled(sandbox: Sandbox) -> None:
    with momopy.SyncCollection("key", base_url=sandbox.base_url) as client:
        with pytest.raises(momopy.InvalidTarget) as raised:
            client.get_account_balance("Bearer x", 7)  # type: ignore[arg-type]
        same = pickle.loads(pickle.dumps(raised.value))
    assert isinstance(same, momopy.InvalidTarget)
    assert isinstance(same, TypeError)
    assert str(same) == str(raised.value)


async def test_a_secret_in_the_place_of_a_text(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox, api_key=momopy.Secret(sandbox.api_key))
    assert (await client.create_access_token(momopy.Secret(basic(sandbox)))).ok
    assert (await client.get_account_balance()).ok
