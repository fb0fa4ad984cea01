"""The secrets in requests as they were received: in a header, a query or a body, whatever the body says that it is."""

from __future__ import annotations

import json

import httpx
import pytest

from momopy.sandbox.masking import masked_body, masked_query
from tests.sandbox.shop import Shop, body

SECRET = "s3cr3t-0f-th3-sh0p"


def shown(shop: Shop) -> str:
    """All that the control API and the page show of the requests."""
    return "".join(shop.http.get(f"/_sandbox/{path}").text for path in ("api/requests", "", "parts"))


@pytest.mark.parametrize(
    "query",
    [
        f"subscription-key={SECRET}",
        f"a=1&Subscription-Key={SECRET}&b=2",
        f"subscription%2Dkey={SECRET}",
        f"ocp-apim-subscription-key={SECRET}",
        f"access_token={SECRET}",
    ],
)
def test_a_query(shop: Shop, query: str) -> None:
    shop.get(f"v1_0/account/balance?{query}")
    (entry,) = shop.sandbox.requests("GetAccountBalance")
    assert SECRET not in entry.path + shown(shop)
    assert entry.path == f"/collection/v1_0/account/balance?{query.replace(SECRET, '***')}"


@pytest.mark.parametrize("name", ["refresh_token", "auth_req_id", "client_notification_token", "apiKey"])
@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", "application/json", None])
def test_a_body(shop: Shop, name: str, content_type: str | None) -> None:
    documents = [
        f"grant_type=refresh_token&{name}={SECRET}",
        json.dumps({"grant_type": "refresh_token", name: SECRET}),
        json.dumps({"a": [{"grant_type": "refresh_token", name: SECRET}]}, indent=2),
        f'{{"grant_type": "refresh_token", "{name}": "{SECRET}',
    ]
    headers = {} if content_type is None else {"Content-Type": content_type}
    for document in documents:
        shop.http.post(
            "/collection/oauth2/token/",
            auth=(shop.sandbox.api_user, shop.sandbox.api_key),
            content=document,
            headers=headers,
        )
    assert SECRET not in shown(shop)
    entries = shop.sandbox.requests("CreateOauth2Token")
    assert [(SECRET in entry.body, "refresh_token" in entry.body) for entry in entries] == [(False, True)] * 4
    assert json.loads(entries[1].body) == {"grant_type": "refresh_token", name: "***"}


def test_headers(shop: Shop) -> None:
    for name in ("X-Api-Key", "X-Auth-Token", "Cookie", "Proxy-Authorization", "X-Client-Secret"):
        shop.get("v1_0/account/balance", **{name: SECRET})
    assert SECRET not in shown(shop)


def test_what_is_no_secret_is_shown_as_it_came(shop: Shop) -> None:
    reference = shop.pay(externalId="order=1&a", payerMessage='with "quotes" \\ and more')
    (entry,) = shop.sandbox.requests("RequesttoPay")
    assert json.loads(entry.body) == body(externalId="order=1&a", payerMessage='with "quotes" \\ and more')
    assert entry.headers["x-reference-id"] == reference
    for text in ("", "a", "=", "a=1&&b", "&", "a=1;b=2"):
        assert masked_query(text) == masked_body(text) == text
    for text in ("{", '{"', '{"a":', "[1, null]", '{"a": {"b": [true]}}'):
        assert masked_body(text) == text


def test_a_long_body_is_masked_quickly(shop: Shop) -> None:
    for content in ('{"' * 100_000, '{"key":"' + "\\" * 100_000, "key=" * 100_000):
        answer = shop.http.post("/collection/v1_0/requesttopay", content=content, headers=shop.bearer, timeout=5)
        assert answer.status_code == 400
    assert isinstance(shop.get("v1_0/account/balance"), httpx.Response)
