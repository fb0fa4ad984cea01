"""The check that every request of the suite goes through does see what is wrong."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

import momopy
from momopy.sandbox import Sandbox
from tests.client.twins import PAYMENT, QUICK, Twin
from tests.specified import Sent, violations


@pytest.fixture
def payment_request(sandbox: Sandbox, sent: list[Sent]) -> Sent:
    """A request to pay as momopy sends it."""
    with momopy.SyncCollection(
        "key", api_user=sandbox.api_user, api_key=sandbox.api_key, base_url=sandbox.base_url
    ) as client:
        assert client.request_to_pay(body=PAYMENT).ok
    return sent[-1]


def without(headers: Any, name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


def test_what_momopy_sends_passes(payment_request: Sent) -> None:
    assert violations(payment_request) == ()


@pytest.mark.parametrize(
    "body", [{"amount": 5}, {"amount": "0"}, {"payer": {}}, {"payerMessage": "it's"}, {"currency": "eur"}]
)
def test_a_body_that_is_not_as_specified(body: dict[str, Any], payment_request: Sent) -> None:
    assert violations(payment_request._replace(body=json.dumps({**PAYMENT, **body}).encode()))


@pytest.mark.parametrize(
    "name", ["x-reference-id", "x-target-environment", "authorization", "ocp-apim-subscription-key", "content-type"]
)
def test_a_header_that_is_missing(name: str, payment_request: Sent) -> None:
    assert violations(payment_request._replace(headers=without(payment_request.headers, name)))


@pytest.mark.parametrize(
    "more",
    [
        {"x-callback": "http://localhost/"},
        {"cookie": "a=b"},
        {"authorization": "Basic eA=="},
        {"x-reference-id": "12"},
        {"content-type": "text/plain"},
    ],
)
def test_a_header_that_is_wrong(more: dict[str, str], payment_request: Sent) -> None:
    assert violations(payment_request._replace(headers={**payment_request.headers, **more}))


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"path": "/collection/v1_0/requesttopay/"},
        {"path": "/collection/v3_0/requesttopay"},
        {"path": "/disbursement/v1_0/requesttopay"},
        {"query": "a=b"},
    ],
)
def test_a_request_line_that_no_operation_has(change: dict[str, Any], payment_request: Sent) -> None:
    assert violations(payment_request._replace(**change))


GRANT = "urn:openid:params:grant-type:ciba"
CONSENT = {"login_hint": "ID:46733123499/MSISDN", "scope": "profile", "access_type": "online"}
FORMS: list[tuple[str, dict[str, str], bool]] = [
    ("/v1_0/bc-authorize", CONSENT, True),
    ("/v1_0/bc-authorize", {**CONSENT, "login_hint": "ID:a@example.com/EMAIL"}, True),
    ("/v1_0/bc-authorize", {**CONSENT, "login_hint": "xyz"}, False),
    ("/v1_0/bc-authorize", {**CONSENT, "login_hint": "46733123499"}, False),
    ("/v1_0/bc-authorize", {**CONSENT, "login_hint": "ID:+46733123499/MSISDN"}, False),
    ("/v1_0/bc-authorize", {**CONSENT, "login_hint": "ID:46733123499/PHONE"}, False),
    ("/v1_0/bc-authorize", {"login_hint": CONSENT["login_hint"]}, False),
    ("/oauth2/token/", {"grant_type": GRANT, "auth_req_id": "a1"}, True),
    ("/oauth2/token/", {"grant_type": "refresh_token", "refresh_token": "r1"}, True),
    ("/oauth2/token/", {"grant_type": "foo", "auth_req_id": "a1"}, False),
    ("/oauth2/token/", {"auth_req_id": "a1"}, False),
]


@pytest.mark.parametrize(("path", "form", "fits"), FORMS)
def test_a_form(path: str, form: dict[str, str], fits: bool, payment_request: Sent) -> None:
    kept = without(payment_request.headers, "x-reference-id")
    scheme = "Basic" if path == "/oauth2/token/" else "Bearer"
    headers = {**kept, "authorization": f"{scheme} eA==", "content-type": "application/x-www-form-urlencoded"}
    request = Sent("POST", "/collection" + path, "", headers, urlencode(form).encode())
    assert (violations(request) == ()) == fits


@pytest.mark.parametrize(
    ("language", "fits"), [("fr", True), ("en-GB", True), ("pt_BR", True), ("french!", False), ("", False)]
)
def test_a_language(language: str, fits: bool, payment_request: Sent) -> None:
    headers = {**without(payment_request.headers, "x-reference-id"), "language": language}
    path = f"/collection/v1_0/requesttopay/{payment_request.headers['x-reference-id']}/deliverynotification"
    request = Sent("POST", path, "", headers, b'{"notificationMessage": "tea"}')
    assert (violations(request) == ()) == fits


def test_what_is_made_is_what_the_server_reads(payment_request: Sent, sent: list[Sent], made: list[Sent]) -> None:
    assert made == sent
    assert made[-1] == payment_request


@pytest.mark.anyio
async def test_what_is_made_for_any_other_server_is_seen(twin: Twin, made: list[Sent]) -> None:
    client = twin.keep(
        twin.Collection("key", transport=httpx.MockTransport(lambda _: httpx.Response(403)), settings=QUICK)
    )
    assert not (await client.get_account_balance("Bearer x")).ok
    assert [one.path for one in made] == ["/collection/v1_0/account/balance"]
    assert violations(made[0]) == ()
    assert violations(made[0]._replace(headers=without(made[0].headers, "x-target-environment")))


def test_a_body_where_there_is_none(payment_request: Sent, sent: list[Sent]) -> None:
    token = sent[0]
    assert token.path == "/collection/token/"
    assert violations(token) == ()
    assert violations(token._replace(body=b"null"))
    assert violations(token._replace(headers=without(token.headers, "content-length")))
    balance = token._replace(
        method="GET",
        path="/collection/v1_0/account/balance",
        headers={**without(token.headers, "content-length"), "authorization": "Bearer x"},
    )
    assert violations(balance) == ()
    assert violations(balance._replace(headers={**balance.headers, "content-length": "4"}, body=b"null"))
