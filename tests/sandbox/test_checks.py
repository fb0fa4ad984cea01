"""What MTN refuses, with which of its four error shapes, and in which order it looks."""

from __future__ import annotations

import json
import threading
import time
import uuid
from typing import Any

import pytest

from momopy.sandbox import run
from tests.sandbox.shop import ANYBODY, Shop, body

PAY = "v1_0/requesttopay"


def refused(shop: Shop, content: Any, status: int = 400, code: str | None = None, **headers: str) -> None:
    answer = shop.post(PAY, content, str(uuid.uuid4()), **headers)
    assert answer.status_code == status, answer.text
    if code is None:
        assert answer.content == b""
    else:
        assert answer.json()["code"] == code
    assert shop.sandbox.payments() == []


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "1e3"},
        {"amount": "5,00"},
        {"amount": ""},
        {"amount": 5},
        {"amount": None},
        {"currency": "eur"},
        {"currency": "EURO"},
        {"payer": {"partyIdType": "MSISDN"}},
        {"payer": {"partyIdType": "PHONE", "partyId": "1234567"}},
        {"payer": {"partyIdType": "MSISDN", "partyId": "+46733123499"}},
        {"payer": {"partyIdType": "EMAIL", "partyId": "nobody"}},
        {"payer": "46733123499"},
        {"externalId": 7},
        {"payerMessage": "it's mine"},
        {"payeeNote": "Tom & Jerry"},
        {"externalId": "it's"},
        {"payerMessage": "x" * 161},
        {"payeeNote": "x" * 161},
    ],
)
def test_a_body_that_mtn_refuses(shop: Shop, change: dict[str, Any]) -> None:
    refused(shop, body(**change) if "payer" not in change else {**body(), **change})


@pytest.mark.parametrize("missing", ["amount", "currency", "payer"])
def test_a_body_that_lacks_a_key(shop: Shop, missing: str) -> None:
    content = body()
    del content[missing]
    refused(shop, content)


def test_half_of_a_surrogate_pair_is_no_text(shop: Shop) -> None:
    content = json.dumps(body(externalId="HERE")).replace("HERE", r"\ud83d").encode()
    headers = shop.bearer | {"X-Reference-Id": str(uuid.uuid4()), "Content-Type": "application/json"}
    assert shop.http.post(f"/collection/{PAY}", content=content, headers=headers).status_code == 400
    whole = content.replace(rb"\ud83d", rb"\ud83d\ude00")
    assert shop.http.post(f"/collection/{PAY}", content=whole, headers=headers).status_code == 202
    assert shop.status(headers["X-Reference-Id"])["externalId"] == "\N{GRINNING FACE}"


@pytest.mark.parametrize(
    "content", [b"", b"null", b"[]", b"{", b"\xff", b"5", b'"x"', b"[" * 100_000, b'{"amount": NaN}', b"9" * 6000]
)
def test_a_body_that_is_no_object(shop: Shop, content: bytes) -> None:
    headers = shop.bearer | {"X-Reference-Id": str(uuid.uuid4()), "Content-Type": "application/json"}
    answer = shop.http.post(f"/collection/{PAY}", content=content, headers=headers)
    assert (answer.status_code, answer.content) == (400, b"")


def test_a_wrong_content_type(shop: Shop) -> None:
    headers = shop.bearer | {"X-Reference-Id": str(uuid.uuid4()), "Content-Type": "text/plain"}
    assert shop.http.post(f"/collection/{PAY}", content=json.dumps(body()), headers=headers).status_code == 400


def test_160_characters_are_accepted(shop: Shop) -> None:
    shop.pay(payerMessage="x" * 160, payeeNote="y" * 160)


def test_a_body_of_two_megabytes_is_refused(shop: Shop) -> None:
    answer = shop.post(PAY, body(externalId="x" * 2_000_000), str(uuid.uuid4()))
    assert answer.status_code == 413
    assert shop.sandbox.payments() == []


def test_switch_message_limit(shop: Shop) -> None:
    shop.sandbox.switches.message_limit = 128
    refused(shop, body(payerMessage="x" * 129))


def test_switch_refuse_empty_messages(shop: Shop) -> None:
    shop.pay(payerMessage="")
    shop.sandbox.reset()
    shop.login()
    shop.sandbox.switches.refuse_empty_messages = True
    refused(shop, body(payerMessage=""))


def test_another_currency(shop: Shop) -> None:
    refused(shop, body(currency="UGX"), 500, "INVALID_CURRENCY")


def test_another_currency_for_a_sandbox_that_has_it() -> None:
    with run(currency="UGX", target="mtnuganda") as sandbox, Shop(sandbox) as shop:
        shop.pay(currency="UGX")
        assert shop.get("v1_0/account/balance").json()["currency"] == "UGX"
        refused_here = shop.post(PAY, body(), str(uuid.uuid4()))
        assert refused_here.json()["code"] == "INVALID_CURRENCY"
        elsewhere = shop.get("v1_0/account/balance", **{"X-Target-Environment": "sandbox"})
        assert elsewhere.json()["code"] == "NOT_ALLOWED_TARGET_ENVIRONMENT"


@pytest.mark.parametrize("reference", [None, "", "7", "c232ab00-9414-11ec-b3c8-9f6bdeced846"])
def test_an_id_that_is_no_uuid_of_version_4(shop: Shop, reference: str | None) -> None:
    assert shop.post(PAY, body(), reference).status_code == 400
    if reference:
        assert shop.get(f"{PAY}/{reference}").status_code == 400


def test_the_target_environment(shop: Shop) -> None:
    answer = shop.get("v1_0/account/balance", **{"X-Target-Environment": "mtnuganda"})
    assert (answer.status_code, answer.json()) == (
        500,
        {"code": "NOT_ALLOWED_TARGET_ENVIRONMENT", "message": "Access to target environment is forbidden."},
    )
    del shop.bearer["X-Target-Environment"]
    answer = shop.get("v1_0/account/balance")
    assert (answer.status_code, answer.content) == (400, b"")


def test_a_used_id(shop: Shop) -> None:
    reference = shop.pay()
    for content in (body(), body(amount="6")):
        again = shop.post(PAY, content, reference.upper())
        assert again.status_code == 409
        assert again.json() == {
            "code": "RESOURCE_ALREADY_EXIST",
            "message": "Duplicated reference id. Creation of resource failed.",
        }
    assert len(shop.sandbox.payments()) == 1


def test_an_id_never_seen(shop: Shop) -> None:
    answer = shop.get(f"{PAY}/{uuid.uuid4()}")
    assert answer.status_code == 404
    assert answer.json() == {"code": "RESOURCE_NOT_FOUND", "message": "Requested resource was not found."}


def test_a_path_that_does_not_exist_is_the_gateways_404(shop: Shop) -> None:
    for path in ("v1_0/nothing", "v1_0/requesttopay/x/y", "", "v3_0/requesttopay"):
        answer = shop.get(path)
        assert (answer.status_code, answer.json()) == (404, {"statusCode": 404, "message": "Resource not found"})
    assert shop.http.put(f"/collection/{PAY}").status_code == 404


def test_three_slashes(shop: Shop) -> None:
    assert shop.get("v1_0///requesttopay").status_code == 400


def test_the_callback_host_must_be_the_registered_one(shop: Shop) -> None:
    refused(shop, body(), 500, "INVALID_CALLBACK_URL_HOST", **{"X-Callback-Url": "http://elsewhere.example/callback"})


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/cb", "http://[::1]/cb", "localhost/cb", "ftp://localhost/cb", "http://localhost/cb?a=1", ""],
)
def test_a_callback_url_that_mtn_refuses(shop: Shop, url: str) -> None:
    refused(shop, body(), 400, None, **{"X-Callback-Url": url})


def test_switch_ip_callback_hosts(shop: Shop) -> None:
    shop.sandbox.switches.ip_callback_hosts = True
    refused(shop, body(), 500, "INVALID_CALLBACK_URL_HOST", **{"X-Callback-Url": "http://127.0.0.1/cb"})


def test_switch_https_callbacks(shop: Shop) -> None:
    http, https = "http://localhost/cb", "https://localhost/cb"
    for url in (http, https):
        assert shop.post(PAY, body(), str(uuid.uuid4()), **{"X-Callback-Url": url}).status_code == 202
    shop.sandbox.switches.https_callbacks = True
    refusal = shop.post(PAY, body(), str(uuid.uuid4()), **{"X-Callback-Url": http})
    assert (refusal.status_code, refusal.content) == (400, b"")
    assert shop.post(PAY, body(), str(uuid.uuid4()), **{"X-Callback-Url": https}).status_code == 202


def test_the_order_of_the_checks(shop: Shop) -> None:
    """A request with everything wrong is set right step by step; each step uncovers the next refusal."""
    key = shop.http.headers.pop("Ocp-Apim-Subscription-Key")
    bearer = shop.bearer
    reference = shop_reference = str(uuid.uuid4())
    shop.bearer = {}
    content: dict[str, Any] = {}
    headers = {"X-Target-Environment": "wrong", "X-Callback-Url": "http://elsewhere.example/"}

    def ask(path: str = PAY) -> tuple[int, Any]:
        answer = shop.post(path, content, shop_reference, **headers)
        document = answer.json() if answer.content else {}
        return answer.status_code, document.get("code") or document.get("message")

    assert ask("v1_0/nowhere") == (404, "Resource not found")
    status, message = ask()
    assert (status, "missing subscription key" in message) == (401, True)
    shop.http.headers["Ocp-Apim-Subscription-Key"] = key
    status, message = ask()
    assert (status, "Access token" in message) == (401, True)
    headers["Authorization"] = bearer["Authorization"]
    shop_reference = "no uuid"
    assert ask() == (500, "NOT_ALLOWED_TARGET_ENVIRONMENT")
    headers["X-Target-Environment"] = "sandbox"
    assert ask() == (400, None)
    shop_reference = reference
    assert ask() == (400, None)
    content = body("46733123455", currency="UGX")
    assert ask() == (500, "INVALID_CALLBACK_URL_HOST")
    del headers["X-Callback-Url"]
    assert ask() == (500, "INVALID_CURRENCY")
    shop.bearer = bearer
    shop_reference = shop.pay()
    content = body("46733123455")
    assert ask() == (409, "RESOURCE_ALREADY_EXIST")
    shop_reference = str(uuid.uuid4())
    assert ask() == (500, "PAYER_NOT_FOUND")


def test_switch_duplicates_first(shop: Shop) -> None:
    reference = shop.pay()
    assert shop.post(PAY, {}, reference).status_code == 400
    shop.sandbox.switches.duplicates_first = True
    assert shop.post(PAY, {}, reference).status_code == 409


def test_switch_burn_on_500(shop: Shop) -> None:
    reference = str(uuid.uuid4())
    assert shop.post(PAY, body("46733123455"), reference).status_code == 500
    assert shop.post(PAY, body(), reference).status_code == 202
    shop.sandbox.switches.burn_on_500 = True
    reference = str(uuid.uuid4())
    assert shop.post(PAY, body(currency="UGX"), reference).status_code == 500
    assert shop.post(PAY, body(), reference).status_code == 409
    assert shop.get(f"{PAY}/{reference}").status_code == 404


def test_switch_id_memory(shop: Shop) -> None:
    shop.sandbox.switches.id_memory = 600
    reference = shop.pay()
    shop.sandbox.advance(seconds=599)
    assert shop.post(PAY, body(), reference).status_code == 409
    shop.sandbox.advance(seconds=1)
    assert shop.get(f"{PAY}/{reference}").status_code == 404
    assert shop.post(PAY, body(), reference).status_code == 202
    assert len(shop.sandbox.payments()) == 2


def test_switch_get_lag(shop: Shop) -> None:
    shop.sandbox.switches.get_lag = 2
    reference = shop.pay()
    assert shop.get(f"{PAY}/{reference}").status_code == 404
    assert shop.post(PAY, body(), reference).status_code == 409
    shop.sandbox.advance(seconds=2)
    assert shop.status(reference)["status"] == "SUCCESSFUL"


def test_switch_status_cap(shop: Shop) -> None:
    shop.sandbox.switches.status_cap = 3
    reference = shop.pay()
    answers = [shop.get(f"{PAY}/{reference}") for _ in range(5)]
    assert [answer.status_code for answer in answers[:4]] == [200, 200, 200, 429]
    assert answers[3].headers["retry-after"] == "1"
    assert answers[3].json()["statusCode"] == 429
    assert shop.get("v1_0/account/balance").status_code == 200


def both_at_once(shop: Shop, reference: str) -> list[int]:
    statuses: list[int] = []
    start = threading.Barrier(2)

    def ask() -> None:
        start.wait()
        statuses.append(shop.post(PAY, body(), reference).status_code)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def test_switch_atomic_duplicates(shop: Shop) -> None:
    for _ in range(50):
        assert both_at_once(shop, str(uuid.uuid4())) == [202, 409]
    shop.sandbox.switches.atomic_duplicates = False
    shop.sandbox.switches.duplicate_window = 0.3
    assert both_at_once(shop, str(uuid.uuid4())) == [202, 202]
    assert len(shop.sandbox.payments()) == 52


def test_a_switch_that_is_none(shop: Shop) -> None:
    with pytest.raises(AttributeError):
        shop.sandbox.switches.burn_on_200 = True  # type: ignore[attr-defined]
    with pytest.raises((ValueError, TypeError)):
        shop.sandbox.switches.get_lag = -1


def test_a_cut_request_does_nothing(shop: Shop) -> None:
    import socket

    # The body is whole JSON already when the connection ends: only the length tells that a space is missing.
    content = json.dumps(body()).encode() + b" "
    port = int(shop.sandbox.base_url.rpartition(":")[2])
    reference = str(uuid.uuid4())
    head = [f"POST /collection/{PAY} HTTP/1.1", "Host: x", "Content-Type: application/json"]
    head += [f"{name}: {value}" for name, value in shop.bearer.items()]
    head += [f"X-Reference-Id: {reference}", "Ocp-Apim-Subscription-Key: k", f"Content-Length: {len(content)}", "", ""]
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall("\r\n".join(head).encode() + content[:-1])
    # A server that acted on it would do so at once.
    time.sleep(0.2)
    assert shop.get(f"{PAY}/{reference}").status_code == 404
    assert ANYBODY not in str(shop.sandbox.payments())
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall("\r\n".join(head).encode() + content)
        assert connection.recv(12) == b"HTTP/1.1 202"
