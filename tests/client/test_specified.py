"""The check that every request of the suite goes through does see what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

import momopy
from momopy.sandbox import Sandbox
from tests.client.twins import PAYMENT
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
