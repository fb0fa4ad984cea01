"""The specs are valid OpenAPI and hold the whole of both APIs, as listed here a second time."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

OPENAPI = Path(__file__).resolve().parents[2] / "openapi"
REFERENCE = "#/components/"


def load(name: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((OPENAPI / f"{name}.yaml").read_text(encoding="utf-8"))
    return document


SPECS = {name: load(name) for name in ("collection", "provisioning")}


class Row(NamedTuple):
    """One operation as MTN's documents have it."""

    name: str
    call: str
    auth: str
    success: str
    answer: str
    failures: str
    headers: str
    body: str


# Headers: R a reference id, T the target environment, t the same but optional, C the callback URL,
# N notificationMessage, L Language.
TABLE = """
    CreateAccessToken|POST /token/|basic|200|AccessToken|400 401 411 500|t|
    bc-authorize|POST /v1_0/bc-authorize|bearer|200|BcAuthorizeResponse|400 500|T C|form BcAuthorize
    CreateOauth2Token|POST /oauth2/token/|basic|200|Oauth2Token|400 401 500|T|form Oauth2TokenRequest
    GetUserInfoWithConsent|GET /oauth2/v1_0/userinfo|bearer|200|UserInfo|400 401 500|T|
    GetBasicUserinfo|GET /v1_0/accountholder/{type}/{id}/basicuserinfo|bearer|200|BasicUserInfo|400 404 500|T|
    ValidateAccountHolderStatus|GET /v1_0/accountholder/{type}/{id}/active|bearer|200|BooleanResult|400 404 500|T|
    GetAccountBalance|GET /v1_0/account/balance|bearer|200|Balance|400 500|T|
    GetAccountBalanceInSpecificCurrency|GET /v1_0/account/balance/{currency}|bearer|200|Balance|400 500|T|
    RequesttoPay|POST /v1_0/requesttopay|bearer|202||400 409 500 503|R T C|json RequestToPay
    RequesttoPayTransactionStatus|GET /v1_0/requesttopay/{referenceId}|bearer|200|RequestToPayResult|400 404 500|T|
    RequesttoPayDeliveryNotification|POST /v1_0/requesttopay/{referenceId}/deliverynotification|bearer|200||\
400 404 409 500|T N L|json DeliveryNotification
    RequestToWithdraw-V1|POST /v1_0/requesttowithdraw|bearer|202||400 409 500|R T C|json RequestToPay
    RequestToWithdraw-V2|POST /v2_0/requesttowithdraw|bearer|202||400 409 500|R T C|json RequestToPay
    RequestToWithdrawTransactionStatus|GET /v1_0/requesttowithdraw/{referenceId}|bearer|200|RequestToPayResult|\
400 404 500|T|
    CreateInvoice|POST /v2_0/invoice|bearer|202||400 409 500|R T C|json CreateInvoice
    GetInvoiceStatus|GET /v2_0/invoice/{referenceId}|bearer|200|InvoiceResult|400 404 500|T|
    CancelInvoice|DELETE /v2_0/invoice/{referenceId}|bearer|200|CancelInvoiceResult|400 404 500|R T C|json CancelInvoice
    CreatePayments|POST /v2_0/payment|bearer|202||400 409 500|R T C|json CreatePayments
    GetPaymentStatus|GET /v2_0/payment/{x-referenceId}|bearer|200|PaymentResult|400 404 500|T|
    PreApproval|POST /v2_0/preapproval|bearer|202||400 409 500|R T C|json PreApproval
    GetPreApprovalStatus|GET /v2_0/preapproval/{referenceId}|bearer|200|PreApprovalResult|400 404 500|T|
    GetApprovedPreApprovals|GET /v1_0/preapprovals/{type}/{id}|bearer|200|[PreApprovalDetails]|400 404 500|T|
    CancelPreApproval|DELETE /v1_0/preapproval/{preapprovalid}|bearer|200||400 404 500|T|
"""
COLLECTION = [Row(*(cell.strip() for cell in line.split("|"))) for line in TABLE.strip().splitlines()]
PROVISIONING = [
    Row("CreateApiUser", "POST /v1_0/apiuser", "", "201", "", "400 409 500", "R", "json CreateApiUser"),
    Row("GetApiUser", "GET /v1_0/apiuser/{referenceId}", "", "200", "ApiUser", "400 404 500", "", ""),
    Row("CreateApiKey", "POST /v1_0/apiuser/{referenceId}/apikey", "", "201", "ApiKey", "400 404 411 500", "", ""),
]
ROWS = [pytest.param("collection", row, id=row.name) for row in COLLECTION] + [
    pytest.param("provisioning", row, id=row.name) for row in PROVISIONING
]

HEADERS = {
    "R": ("X-Reference-Id", True),
    "T": ("X-Target-Environment", True),
    "t": ("X-Target-Environment", False),
    "C": ("X-Callback-Url", False),
    "N": ("notificationMessage", False),
    "L": ("Language", False),
}
MEDIA = {"json": "application/json", "form": "application/x-www-form-urlencoded"}

# Keys with a * are always there. s string, i integer, n number, b boolean, R reason, a name a schema.
FIELDS = {
    "AccessToken": "access_token*:s token_type*:s expires_in*:i",
    "TokenError": "error:s",
    "Oauth2TokenRequest": "grant_type*:s auth_req_id:s refresh_token:s",
    "Oauth2Token": "access_token:s token_type:s scope:s refresh_token:s expires_in:n refresh_token_expired_in:n",
    "BcAuthorize": (
        "scope*:s login_hint*:s access_type*:s consent_valid_in:i client_notification_token:s scope_instruction:s"
    ),
    "BcAuthorizeResponse": "auth_req_id:s interval:n expires_in:n",
    "UserInfo": (
        "sub:s name:s given_name:s family_name:s middle_name:s email:s gender:s locale:s phone_number:s address:s "
        "status:s birthdate:s credit_score:s country_of_birth:s region_of_birth:s city_of_birth:s occupation:s "
        "employer_name:s identification_type:s identification_value:s email_verified:b phone_number_verified:b "
        "active:b updated_at:n"
    ),
    "BasicUserInfo": "given_name:s family_name:s birthdate:s locale:s gender:s status:s",
    "BooleanResult": "result:b|s",
    "Balance": "availableBalance:s currency:s",
    "Party": "partyIdType*:s partyId*:s",
    "PartyResult": "partyIdType:s partyId:s",
    "RequestToPay": "amount*:s currency*:s externalId:s payer*:Party payerMessage:s payeeNote:s",
    "RequestToPayResult": (
        "amount:s currency:s externalId:s payer:PartyResult payerMessage:s payeeNote:s financialTransactionId:s "
        "status:s reason:R"
    ),
    "ErrorReason": "code:s message:s",
    "GatewayError": "statusCode*:i message*:s",
    "DeliveryNotification": "notificationMessage*:s",
    "CreateInvoice": (
        "externalId:s amount*:s currency*:s validityDuration:s intendedPayer*:Party payee:Party description:s"
    ),
    "InvoiceResult": (
        "referenceId:s externalId:s amount:s currency:s status:s paymentReference:s invoiceId:s expiryDateTime:s "
        "payeeFirstName:s payeeLastName:s errorReason:ErrorReason intendedPayer:PartyResult description:s"
    ),
    "CancelInvoice": "externalId*:s",
    "CancelInvoiceResult": "externalId:s",
    "CreatePayments": (
        "externalTransactionId:s money*:Money customerReference:s serviceProviderUserName:s couponId:s productId:s "
        "productOfferingId:s receiverMessage:s senderNote:s maxNumberOfRetries:i includeSenderCharges:b"
    ),
    "Money": "amount*:s currency*:s",
    "PaymentResult": "referenceId:s status:s financialTransactionId:s reason:R",
    "PreApproval": "payer*:Party payerCurrency*:s payerMessage:s validityTime:i",
    "PreApprovalResult": ("payer:PartyResult payerCurrency:s payerMessage:s status:s expirationDateTime:i|s reason:R"),
    "PreApprovalDetails": (
        "preApprovalId*:s toFri*:s fromFri*:s fromCurrency*:s createdTime*:s status*:s message*:s approvedTime:s "
        "expiryTime:s frequency:s startDate:s lastUsedDate:s offer:s externalId:s maxDebitAmount:s"
    ),
}
PROVISIONING_FIELDS = {
    "CreateApiUser": "providerCallbackHost*:s",
    "ApiUser": "providerCallbackHost*:s targetEnvironment*:s",
    "ApiKey": "apiKey*:s",
    "ErrorReason": "code:s message:s",
    "GatewayError": "statusCode*:i message*:s",
}
OPEN_LISTS = {
    ("RequestToPayResult", "status"): "CREATED PENDING SUCCESSFUL FAILED",
    ("InvoiceResult", "status"): "CREATED PENDING SUCCESSFUL FAILED",
    ("PaymentResult", "status"): "CREATED PENDING SUCCESSFUL FAILED",
    ("PreApprovalResult", "status"): "CREATED PENDING SUCCESSFUL FAILED",
    ("PreApprovalDetails", "status"): "APPROVED CANCELLED EXPIRED REJECTED PENDING",
    ("PreApprovalDetails", "frequency"): "DAILY MONTHLY WEEKLY",
    ("Party", "partyIdType"): "MSISDN EMAIL PARTY_CODE",
    ("BcAuthorize", "access_type"): "online offline",
    ("Oauth2TokenRequest", "grant_type"): "urn:openid:params:grant-type:ciba refresh_token",
    ("ErrorReason", "code"): (
        "PAYEE_NOT_FOUND PAYER_NOT_FOUND NOT_ALLOWED NOT_ALLOWED_TARGET_ENVIRONMENT INVALID_CALLBACK_URL_HOST "
        "INVALID_CURRENCY SERVICE_UNAVAILABLE INTERNAL_PROCESSING_ERROR NOT_ENOUGH_FUNDS PAYER_LIMIT_REACHED "
        "PAYEE_NOT_ALLOWED_TO_RECEIVE PAYMENT_NOT_APPROVED RESOURCE_NOT_FOUND APPROVAL_REJECTED EXPIRED "
        "TRANSACTION_CANCELED RESOURCE_ALREADY_EXIST COULD_NOT_PERFORM_TRANSACTION SENDER_ACCOUNT_NOT_ACTIVE "
        "PAYEE_LIMIT_REACHED TRANSACTION_NOT_FOUND VALIDATION_ERROR LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED"
    ),
}


def resolve(spec: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        kind, name = node["$ref"].removeprefix(REFERENCE).split("/")
        node = spec["components"][kind][name]
    return node


def operation(name: str, row: Row) -> dict[str, Any]:
    method, path = row.call.split()
    found: dict[str, Any] = SPECS[name]["paths"][path][method.lower()]
    return found


def schema_name(schema: dict[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"[{schema_name(schema['items'])}]"
    name: str = schema["$ref"].rsplit("/", 1)[1]
    return name


def letter(spec: dict[str, Any], schema: dict[str, Any]) -> str:
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    if name == "Reason":
        return "R"
    target = resolve(spec, schema)
    if target.get("type") == "object":
        return name
    if "oneOf" in target:
        return "|".join(letter(spec, member) for member in target["oneOf"])
    kind: str = target["type"]
    return kind[0]


@pytest.mark.parametrize("name", SPECS)
def test_a_spec_is_valid_openapi(name: str) -> None:
    OpenAPIV31SpecValidator(SPECS[name]).validate()  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "rows"), [("collection", COLLECTION), ("provisioning", PROVISIONING)])
def test_a_spec_has_these_operations_and_no_others(name: str, rows: list[Row]) -> None:
    methods = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
    found = {
        (operation["operationId"], f"{method.upper()} {path}")
        for path, item in SPECS[name]["paths"].items()
        for method, operation in item.items()
        if method in methods
    }
    assert found == {(row.name, row.call) for row in rows}
    assert len(rows) == {"collection": 23, "provisioning": 3}[name]


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_an_operation_has_its_credentials_headers_and_body(name: str, row: Row) -> None:
    spec, found = SPECS[name], operation(name, row)
    wanted: dict[str, list[str]] = {"subscriptionKey": []} | ({row.auth: []} if row.auth else {})
    assert found.get("security", spec["security"]) == [wanted]
    parameters = [resolve(spec, parameter) for parameter in found.get("parameters", ())]
    headers = {(each["name"], each.get("required", False)) for each in parameters if each["in"] == "header"}
    assert headers == {HEADERS[mark] for mark in row.headers.split()}
    in_path = {each["name"] for each in parameters if each["in"] == "path"}
    assert in_path == {part[1:-1] for part in row.call.split()[1].split("/") if part.startswith("{")}
    if row.body:
        media, schema = row.body.split()
        content = found["requestBody"]["content"]
        assert {kind: schema_name(value["schema"]) for kind, value in content.items()} == {MEDIA[media]: schema}
        assert found["requestBody"]["required"] is True
    else:
        assert "requestBody" not in found


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_an_operation_answers_as_documented(name: str, row: Row) -> None:
    spec, responses = SPECS[name], operation(name, row)["responses"]
    assert [status for status in responses if status.startswith("2")] == [row.success]
    content = resolve(spec, responses[row.success]).get("content", {})
    assert {kind: schema_name(value["schema"]) for kind, value in content.items()} == (
        {"application/json": row.answer} if row.answer else {}
    )
    # Those of the gateway and of what stands before it can come to every call.
    assert {*row.failures.split(), "401", "403", "429", "5XX"} <= responses.keys()


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_the_failures_have_the_bodies_of_whoever_sends_them(name: str, row: Row) -> None:
    spec, responses = SPECS[name], operation(name, row)["responses"]
    bodies: dict[str, set[str]] = {}
    for status, response in responses.items():
        for kind, value in resolve(spec, response).get("content", {}).items():
            members = value["schema"].get("anyOf", [value["schema"]])
            bodies.setdefault(status, set()).update(
                "html" if kind == "text/html" else schema_name(member) for member in members
            )
    token = row.auth == "basic"
    assert bodies["401"] >= {"GatewayError"} | ({"TokenError"} if token else set())
    assert bodies["429"] == {"GatewayError"}
    assert bodies["500"] == {"ErrorReason"}
    assert bodies["5XX"] >= {"html", "ErrorReason"}
    assert "400" not in bodies
    for status, body in (("409", "ErrorReason"), ("404", "ErrorReason"), ("411", "html")):
        assert status not in responses or body in bodies[status]


@pytest.mark.parametrize(
    ("name", "schema", "fields"),
    [("collection", *item) for item in FIELDS.items()]
    + [("provisioning", *item) for item in PROVISIONING_FIELDS.items()],
)
def test_a_schema_has_these_fields_and_no_others(name: str, schema: str, fields: str) -> None:
    spec = SPECS[name]
    found = spec["components"]["schemas"][schema]
    required = found.get("required", ())
    assert {
        f"{key}{'*' if key in required else ''}:{letter(spec, value)}" for key, value in found["properties"].items()
    } == set(fields.split())


@pytest.mark.parametrize(("name", "fields"), [("collection", FIELDS), ("provisioning", PROVISIONING_FIELDS)])
def test_every_object_of_a_spec_is_in_these_tables(name: str, fields: dict[str, str]) -> None:
    schemas = SPECS[name]["components"]["schemas"]
    assert {key for key, schema in schemas.items() if schema.get("type") == "object"} == fields.keys()


@pytest.mark.parametrize(("place", "values"), OPEN_LISTS.items(), ids=".".join)
def test_a_list_of_values_is_known_and_open(place: tuple[str, str], values: str) -> None:
    spec = SPECS["collection"]
    schema, key = place
    found = resolve(spec, spec["components"]["schemas"][schema]["properties"][key])
    assert set(found["x-extensible-enum"]) == set(values.split())


@pytest.mark.parametrize("name", SPECS)
def test_no_list_of_values_is_closed_and_no_object_refuses_unknown_keys(name: str) -> None:
    def nodes(node: Any) -> Any:
        yield node
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            yield from nodes(child)

    for node in nodes(SPECS[name]):
        if isinstance(node, dict):
            assert "enum" not in node
            assert "const" not in node
            assert "additionalProperties" not in node


@pytest.mark.parametrize("name", SPECS)
def test_every_id_of_the_caller_is_a_uuid_of_version_4(name: str) -> None:
    spec = SPECS[name]
    parameters = [
        resolve(spec, parameter)
        for item in spec["paths"].values()
        for found in item.values()
        for parameter in found.get("parameters", ())
    ]
    ids = [each for each in parameters if each["name"].lower().endswith(("referenceid", "reference-id"))]
    assert ids
    for each in ids:
        schema = resolve(spec, each["schema"])
        assert schema["format"] == "uuid"
        assert re.search(schema["pattern"], "7F4E0a55-3b4c-4c1e-9a6b-0d5f3e1a2b3c")
        assert not re.search(schema["pattern"], "7f4e0a55-3b4c-1c1e-9a6b-0d5f3e1a2b3c"), "version 1"
        assert not re.search(schema["pattern"], "7f4e0a55-3b4c-4c1e-ca6b-0d5f3e1a2b3c"), "another variant"
