"""API users, keys and tokens."""

from __future__ import annotations

import base64
import json
import uuid

import httpx
import pytest

from momopy.sandbox import Sandbox, run
from tests.sandbox.shop import Shop

INVALID_KEY = {
    "statusCode": 401,
    "message": "Access denied due to invalid subscription key. Make sure to provide a valid key for an active "
    "subscription.",
}


def test_the_way_from_nothing_to_a_token(shop: Shop) -> None:
    user = str(uuid.uuid4())
    created = shop.http.post(
        "/v1_0/apiuser", json={"providerCallbackHost": "shop.example"}, headers={"X-Reference-Id": user.upper()}
    )
    assert (created.status_code, created.content) == (201, b"")
    details = shop.http.get(f"/v1_0/apiuser/{user}")
    assert details.json() == {"providerCallbackHost": "shop.example", "targetEnvironment": "sandbox"}
    key = shop.http.post(f"/v1_0/apiuser/{user}/apikey")
    assert key.status_code == 201
    token = shop.http.post("/collection/token/", auth=(user, key.json()["apiKey"]))
    assert token.status_code == 200
    assert token.headers["content-type"] == "application/json; charset=utf-8"
    assert token.json()["token_type"] == "access_token"
    assert token.json()["expires_in"] == 3600
    claims = token.json()["access_token"].split(".")
    assert len(claims) == 3
    assert json.loads(base64.urlsafe_b64decode(claims[1] + "=="))["clientId"] == user


def test_a_user_exists_once(shop: Shop) -> None:
    user = {"X-Reference-Id": str(uuid.uuid4())}
    host = {"providerCallbackHost": "shop.example"}
    assert shop.http.post("/v1_0/apiuser", json=host, headers=user).status_code == 201
    again = shop.http.post("/v1_0/apiuser", json=host, headers=user)
    assert (again.status_code, again.json()["code"]) == (409, "RESOURCE_ALREADY_EXIST")


@pytest.mark.parametrize("host", ["http://shop.example", "shop.example/path", "shop.example:80", "10.0.0.1", "::1", ""])
def test_a_callback_host_is_a_bare_name(shop: Shop, host: str) -> None:
    answer = shop.http.post(
        "/v1_0/apiuser", json={"providerCallbackHost": host}, headers={"X-Reference-Id": str(uuid.uuid4())}
    )
    assert (answer.status_code, answer.content) == (400, b"")


@pytest.mark.parametrize(
    "reference", [None, "7", "c232ab00-9414-11ec-b3c8-9f6bdeced846", "{7b0f3c1a-52d6-4c37-9d8e-3f1f7c1d2a90}"]
)
def test_a_user_is_a_uuid_of_version_4(shop: Shop, reference: str | None) -> None:
    headers = {} if reference is None else {"X-Reference-Id": reference}
    answer = shop.http.post("/v1_0/apiuser", json={"providerCallbackHost": "h"}, headers=headers)
    assert answer.status_code == 400


def test_an_unknown_user_is_not_found(shop: Shop) -> None:
    answer = shop.http.get(f"/v1_0/apiuser/{uuid.uuid4()}")
    assert (answer.status_code, answer.json()["code"]) == (404, "RESOURCE_NOT_FOUND")


@pytest.mark.parametrize("authorization", ["", "Basic", "Basic ???", "Basic bm9jb2xvbg==", "Bearer x", "Basic YTpi"])
def test_a_wrong_login_has_the_token_endpoints_shape(shop: Shop, authorization: str) -> None:
    answer = shop.http.post("/collection/token/", headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()) == (401, {"error": "login_failed"})


def test_a_body_on_the_token_call_is_a_bad_request(shop: Shop) -> None:
    answer = shop.http.post("/collection/token/", auth=(shop.sandbox.api_user, shop.sandbox.api_key), json={})
    assert (answer.status_code, answer.content) == (400, b"")


def test_switch_token_body(shop: Shop) -> None:
    shop.sandbox.switches.token_body = "ignore"
    answer = shop.http.post("/collection/token/", auth=(shop.sandbox.api_user, shop.sandbox.api_key), json={})
    assert answer.status_code == 200


def test_a_bodyless_post_without_its_length_is_refused_with_html(sandbox: Sandbox) -> None:
    # httpx always sends the length; this client does not.
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", int(sandbox.base_url.rpartition(":")[2]), timeout=5)
    connection.putrequest("POST", "/collection/token/")
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 411
    assert answer.getheader("content-type", "").startswith("text/html")
    assert b"Length Required" in answer.read()
    connection.close()


def test_a_token_ends_after_an_hour(shop: Shop) -> None:
    shop.sandbox.advance(seconds=3599)
    assert shop.get("v1_0/account/balance").status_code == 200
    shop.sandbox.advance(seconds=1)
    refused = shop.get("v1_0/account/balance")
    assert refused.status_code == 401
    assert "subscription key" not in refused.text


def test_the_subscription_key_is_checked_when_one_is_set() -> None:
    with run(subscription_key="right") as sandbox:
        url = f"{sandbox.base_url}/collection/token/"
        login = (sandbox.api_user, sandbox.api_key)
        missing = httpx.post(url, auth=login)
        assert (missing.status_code, missing.json()["statusCode"]) == (401, 401)
        assert missing.json()["message"].startswith("Access denied due to missing subscription key.")
        wrong = httpx.post(url, auth=login, headers={"Ocp-Apim-Subscription-Key": "wrong"})
        assert (wrong.status_code, wrong.json()) == (401, INVALID_KEY)
        assert httpx.post(url, auth=login, headers={"Ocp-Apim-Subscription-Key": "right"}).status_code == 200


def test_a_user_is_scoped_to_the_product_whose_key_made_it() -> None:
    with run(subscription_key="collecting", product_keys={"disbursement": "paying"}) as sandbox:
        user = str(uuid.uuid4())
        with httpx.Client(base_url=sandbox.base_url) as client:
            paying = {"Ocp-Apim-Subscription-Key": "paying"}
            collecting = {"Ocp-Apim-Subscription-Key": "collecting"}
            host = {"providerCallbackHost": "h"}
            made = client.post("/v1_0/apiuser", json=host, headers=paying | {"X-Reference-Id": user})
            assert made.status_code == 201
            assert client.get(f"/v1_0/apiuser/{user}", headers=collecting).status_code == 404
            key = client.post(f"/v1_0/apiuser/{user}/apikey", headers=paying).json()["apiKey"]
            refused = client.post("/collection/token/", auth=(user, key), headers=collecting)
            assert (refused.status_code, refused.json()) == (401, {"error": "login_failed"})
            refused = client.post("/collection/token/", auth=(user, key), headers=paying)
            assert (refused.status_code, refused.json()) == (401, INVALID_KEY)


@pytest.mark.parametrize("ends", [False, True])
def test_switch_new_key_ends_tokens(shop: Shop, ends: bool) -> None:
    shop.sandbox.switches.new_key_ends_tokens = ends
    shop.http.post(f"/v1_0/apiuser/{shop.sandbox.api_user}/apikey")
    assert shop.get("v1_0/account/balance").status_code == (401 if ends else 200)


def test_switch_token_lifetime(shop: Shop) -> None:
    shop.sandbox.switches.token_lifetime = 60
    assert shop.login().json()["expires_in"] == 60
    shop.sandbox.advance(60)
    assert shop.get("v1_0/account/balance").status_code == 401
