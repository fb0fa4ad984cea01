"""What the generated endpoints make of their arguments, and that the specs agree with it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import httpx
import momo_collection_api.models as models
import pytest
import yaml
from momo_provisioning_api.models import CreateApiUser
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

ROOT = Path(__file__).resolve().parents[2]
ID = "7f4e0a55-3b4c-4c1e-9a6b-0d5f3e1a2b3c"
OTHER_ID = "0b9f1a52-7c7e-4d8c-8f6a-5e4d3c2b1a09"
TARGET = {"X-Target-Environment": "mtnuganda"}
KEYED = {"X-Reference-Id": OTHER_ID, **TARGET}
CALLED_BACK = {**KEYED, "X-Callback-Url": "https://shop.example/momo"}
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

PAYER = {"partyIdType": "MSISDN", "partyId": "256771234567"}
PAYMENT = {
    "amount": "12.50",
    "currency": "UGX",
    "externalId": "order 7",
    "payer": PAYER,
    "payerMessage": "Thé à la menthe",
    "payeeNote": "note",
}
INVOICE = {
    "externalId": "order 7",
    "amount": "5",
    "currency": "UGX",
    "validityDuration": "3600",
    "intendedPayer": PAYER,
    "payee": {"partyIdType": "PARTY_CODE", "partyId": "shop"},
    "description": "tea",
}
BILL = {
    "externalTransactionId": "order 7",
    "money": {"amount": "5", "currency": "UGX"},
    "customerReference": "meter 12",
    "serviceProviderUserName": "power",
    "maxNumberOfRetries": 1,
    "includeSenderCharges": False,
}
PRE_APPROVAL = {"payer": PAYER, "payerCurrency": "UGX", "payerMessage": "tea each day", "validityTime": 86400}
HINT = {"login_hint": "ID:256771234567/MSISDN", "scope": "profile email", "access_type": "offline"}


class Row(NamedTuple):
    """A call of one endpoint, and the request that must come of it."""

    module: str
    args: tuple[str, ...]
    kwargs: dict[str, Any]
    request: str
    headers: Mapping[str, str] = MappingProxyType({})
    json: dict[str, Any] | None = None
    data: dict[str, Any] | None = None


def keyed(body: Any, **more: str) -> dict[str, Any]:
    return {"body": body, "x_reference_id": OTHER_ID, "x_target_environment": "mtnuganda", **more}


TARGETED = {"x_target_environment": "mtnuganda"}
CALLBACK = {"x_callback_url": "https://shop.example/momo"}
PAY = models.RequestToPay.from_dict(PAYMENT)
NOTE = models.DeliveryNotification("tea is ready")

COLLECTION = [
    Row("token.create_access_token", (), {}, "post /token/"),
    Row("token.create_access_token", (), TARGETED, "post /token/", TARGET),
    Row(
        "consent.bc_authorize",
        (),
        {"body": models.BcAuthorize.from_dict({**HINT, "consent_valid_in": 60}), **TARGETED, **CALLBACK},
        "post /v1_0/bc-authorize",
        {**TARGET, "X-Callback-Url": "https://shop.example/momo", **FORM},
        data={**HINT, "consent_valid_in": 60},
    ),
    Row(
        "consent.bc_authorize",
        (),
        {"body": models.BcAuthorize.from_dict(HINT), **TARGETED},
        "post /v1_0/bc-authorize",
        {**TARGET, **FORM},
        data=HINT,
    ),
    Row(
        "consent.create_oauth_2_token",
        (),
        {
            "body": models.Oauth2TokenRequest("urn:openid:params:grant-type:ciba", auth_req_id="a/b=c"),
            **TARGETED,
        },
        "post /oauth2/token/",
        {**TARGET, **FORM},
        data={"grant_type": "urn:openid:params:grant-type:ciba", "auth_req_id": "a/b=c"},
    ),
    Row("consent.get_user_info_with_consent", (), TARGETED, "get /oauth2/v1_0/userinfo", TARGET),
    Row(
        "account.get_basic_user_info",
        ("msisdn", "256771234567"),
        TARGETED,
        "get /v1_0/accountholder/msisdn/256771234567/basicuserinfo",
        TARGET,
    ),
    Row(
        "account.validate_account_holder_status",
        ("email", "a/b@c.example"),
        TARGETED,
        "get /v1_0/accountholder/email/a%2Fb%40c.example/active",
        TARGET,
    ),
    Row("account.get_account_balance", (), TARGETED, "get /v1_0/account/balance", TARGET),
    Row(
        "account.get_account_balance_in_specific_currency",
        ("UGX",),
        TARGETED,
        "get /v1_0/account/balance/UGX",
        TARGET,
    ),
    *(
        Row(module, (), keyed(body), request, {**KEYED, **JSON}, json=sent)
        for module, body, request, sent in (
            ("request_to_pay.request_to_pay", PAY, "post /v1_0/requesttopay", PAYMENT),
            ("withdraw.request_to_withdraw_v1", PAY, "post /v1_0/requesttowithdraw", PAYMENT),
            ("withdraw.request_to_withdraw_v2", PAY, "post /v2_0/requesttowithdraw", PAYMENT),
            ("invoice.create_invoice", models.CreateInvoice.from_dict(INVOICE), "post /v2_0/invoice", INVOICE),
            ("payment.create_payments", models.CreatePayments.from_dict(BILL), "post /v2_0/payment", BILL),
            (
                "pre_approval.pre_approval",
                models.PreApproval.from_dict(PRE_APPROVAL),
                "post /v2_0/preapproval",
                PRE_APPROVAL,
            ),
        )
    ),
    *(
        Row(module, (), keyed(body, **CALLBACK), request, {**CALLED_BACK, **JSON}, json=sent)
        for module, body, request, sent in (
            ("request_to_pay.request_to_pay", PAY, "post /v1_0/requesttopay", PAYMENT),
            ("withdraw.request_to_withdraw_v1", PAY, "post /v1_0/requesttowithdraw", PAYMENT),
            ("withdraw.request_to_withdraw_v2", PAY, "post /v2_0/requesttowithdraw", PAYMENT),
            ("invoice.create_invoice", models.CreateInvoice.from_dict(INVOICE), "post /v2_0/invoice", INVOICE),
            ("payment.create_payments", models.CreatePayments.from_dict(BILL), "post /v2_0/payment", BILL),
            (
                "pre_approval.pre_approval",
                models.PreApproval.from_dict(PRE_APPROVAL),
                "post /v2_0/preapproval",
                PRE_APPROVAL,
            ),
        )
    ),
    Row(
        "request_to_pay.request_to_pay_transaction_status",
        (ID,),
        TARGETED,
        f"get /v1_0/requesttopay/{ID}",
        TARGET,
    ),
    Row(
        "request_to_pay.request_to_pay_delivery_notification",
        (ID,),
        {"body": NOTE, **TARGETED},
        f"post /v1_0/requesttopay/{ID}/deliverynotification",
        {**TARGET, **JSON},
        json={"notificationMessage": "tea is ready"},
    ),
    Row(
        "request_to_pay.request_to_pay_delivery_notification",
        (ID,),
        {"body": NOTE, "notification_message": "tea is ready", "language": "en", **TARGETED},
        f"post /v1_0/requesttopay/{ID}/deliverynotification",
        {"notificationMessage": "tea is ready", "Language": "en", **TARGET, **JSON},
        json={"notificationMessage": "tea is ready"},
    ),
    Row(
        "withdraw.request_to_withdraw_transaction_status",
        (ID,),
        TARGETED,
        f"get /v1_0/requesttowithdraw/{ID}",
        TARGET,
    ),
    Row("invoice.get_invoice_status", (ID,), TARGETED, f"get /v2_0/invoice/{ID}", TARGET),
    Row(
        "invoice.cancel_invoice",
        (ID,),
        keyed(models.CancelInvoice("order 7")),
        f"delete /v2_0/invoice/{ID}",
        {**KEYED, **JSON},
        json={"externalId": "order 7"},
    ),
    Row(
        "invoice.cancel_invoice",
        (ID,),
        keyed(models.CancelInvoice("order 7"), **CALLBACK),
        f"delete /v2_0/invoice/{ID}",
        {**CALLED_BACK, **JSON},
        json={"externalId": "order 7"},
    ),
    Row("payment.get_payment_status", (ID,), TARGETED, f"get /v2_0/payment/{ID}", TARGET),
    Row("pre_approval.get_pre_approval_status", (ID,), TARGETED, f"get /v2_0/preapproval/{ID}", TARGET),
    Row(
        "pre_approval.get_approved_pre_approvals",
        ("msisdn", "256771234567"),
        TARGETED,
        "get /v1_0/preapprovals/msisdn/256771234567",
        TARGET,
    ),
    Row(
        "pre_approval.cancel_pre_approval",
        ("a/../b?c",),
        TARGETED,
        "delete /v1_0/preapproval/a%2F..%2Fb%3Fc",
        TARGET,
    ),
]
PROVISIONING = [
    Row(
        "api_user.create_api_user",
        (),
        {"body": CreateApiUser("shop.example"), "x_reference_id": ID},
        "post /v1_0/apiuser",
        {"X-Reference-Id": ID, **JSON},
        json={"providerCallbackHost": "shop.example"},
    ),
    Row("api_user.get_api_user", (ID,), {}, f"get /v1_0/apiuser/{ID}"),
    Row("api_user.create_api_key", (ID,), {}, f"post /v1_0/apiuser/{ID}/apikey"),
]
ROWS = [("collection", row) for row in COLLECTION] + [("provisioning", row) for row in PROVISIONING]
NAMED = pytest.mark.parametrize(
    ("api", "row"), ROWS, ids=[f"{row.module}-{'-'.join(sorted(row.kwargs)) or 'alone'}" for _, row in ROWS]
)


def kwargs_of(api: str, row: Row) -> dict[str, Any]:
    endpoint = importlib.import_module(f"momo_{api}_api.api.{row.module}")
    kwargs: dict[str, Any] = endpoint._get_kwargs(*row.args, **row.kwargs)
    return kwargs


@NAMED
def test_an_endpoint_builds_its_request(api: str, row: Row) -> None:
    method, url = row.request.split()
    wanted: dict[str, Any] = {"method": method, "url": url}
    if row.headers:
        wanted["headers"] = row.headers
    if row.json is not None:
        wanted["json"] = row.json
    if row.data is not None:
        wanted["data"] = row.data
    # A header dict without entries is no header.
    assert {key: value for key, value in kwargs_of(api, row).items() if value != {}} == wanted


@NAMED
def test_httpx_takes_the_request_as_it_is(api: str, row: Row) -> None:
    request = httpx.Request(**{**kwargs_of(api, row), "url": f"https://momo.example{row.request.split()[1]}"})
    assert row.headers.items() <= {name.decode(): value.decode() for name, value in request.headers.raw}.items()
    if row.data is not None:
        assert parse_qs(request.content.decode(), strict_parsing=True) == {
            name: [str(value)] for name, value in row.data.items()
        }


def test_every_endpoint_has_its_rows() -> None:
    modules = {
        (api, f"{path.parent.name}.{path.stem}")
        for api in ("collection", "provisioning")
        for path in (ROOT / "generated" / f"momo_{api}_api" / "api").glob("*/*.py")
        if path.stem != "__init__"
    }
    assert modules == {(api, row.module) for api, row in ROWS}


class WireRequest:
    """A request in the form that openapi-core reads."""

    def __init__(self, request: httpx.Request) -> None:
        self.host_url = f"{request.url.scheme}://{request.url.netloc.decode()}"
        self.path = request.url.raw_path.decode()
        self.method = request.method.lower()
        self.body = request.content or None
        self.content_type = request.headers.get("content-type", "").split(";")[0]
        self.parameters = RequestParameters(query=ImmutableMultiDict(), header=Headers(request.headers), cookie={})


@pytest.fixture(scope="module")
def servers() -> dict[str, OpenAPI]:
    return {
        name: OpenAPI.from_dict(yaml.safe_load((ROOT / "openapi" / f"{name}.yaml").read_text(encoding="utf-8")))
        for name in ("collection", "provisioning")
    }


def wire_request(api: str, row: Row, **changes: Any) -> WireRequest:
    root = "/collection" if api == "collection" else ""
    kwargs = {**kwargs_of(api, row), "url": f"http://127.0.0.1:8765{root}{row.request.split()[1]}", **changes}
    request = httpx.Request(**kwargs)
    basic = row.module in ("token.create_access_token", "consent.create_oauth_2_token")
    request.headers["Authorization"] = "Basic dTpw" if basic else "Bearer t"
    request.headers["Ocp-Apim-Subscription-Key"] = "k"
    return WireRequest(request)


@NAMED
def test_a_server_that_checks_by_the_spec_takes_the_request(api: str, row: Row, servers: dict[str, OpenAPI]) -> None:
    servers[api].validate_request(wire_request(api, row))


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "0"},
        {"amount": "0.00"},
        {"amount": "-1"},
        {"amount": "1e3"},
        {"amount": " 1"},
        {"amount": 5},
        {"currency": "eur"},
        {"externalId": "it's"},
        {"payer": {"partyId": "256771234567"}},
        {"payer": {"partyIdType": "MSISDN", "partyId": ""}},
        {"payerMessage": "x" * 161},
        {"payeeNote": "tea & coffee"},
    ],
    ids=str,
)
def test_a_server_that_checks_by_the_spec_refuses_what_mtn_refuses(
    change: dict[str, Any], servers: dict[str, OpenAPI]
) -> None:
    row = next(row for row in COLLECTION if row.module == "request_to_pay.request_to_pay")
    servers["collection"].validate_request(wire_request("collection", row, json={**PAYMENT, "payeeNote": "x" * 160}))
    with pytest.raises(Exception, match=r"[Rr]equest body"):
        servers["collection"].validate_request(wire_request("collection", row, json={**PAYMENT, **change}))
