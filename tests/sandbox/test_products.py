"""Invoices, bills, pre-approvals, consent and delivery notifications, with their state."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import httpx
import pytest

from momopy.sandbox import run
from tests.sandbox.shop import ANYBODY, Shop

INVOICE = {
    "externalId": "INV-1",
    "amount": "20.00",
    "currency": "EUR",
    "validityDuration": "3600",
    "intendedPayer": {"partyIdType": "MSISDN", "partyId": ANYBODY},
    "payee": {"partyIdType": "MSISDN", "partyId": "46733123499"},
    "description": "Two chairs",
}


def create(shop: Shop, path: str, content: dict[str, Any], **headers: str) -> str:
    reference = str(uuid.uuid4())
    answer = shop.post(path, content, reference, **headers)
    assert (answer.status_code, answer.content) == (202, b""), answer.text
    assert shop.post(path, content, reference).status_code == 409
    return reference


def document(shop: Shop, path: str, reference: str) -> dict[str, Any]:
    answer = shop.get(f"{path}/{reference}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_an_invoice_waits_to_be_paid(shop: Shop) -> None:
    reference = create(shop, "v2_0/invoice", INVOICE)
    invoice = document(shop, "v2_0/invoice", reference)
    assert invoice.pop("invoiceId")
    assert invoice.pop("paymentReference")
    assert invoice.pop("expiryDateTime").endswith("Z")
    assert invoice == {
        "referenceId": reference,
        "externalId": "INV-1",
        "amount": "20",
        "currency": "EUR",
        "status": "CREATED",
        "intendedPayer": INVOICE["intendedPayer"],
        "description": "Two chairs",
        "payeeFirstName": "Sand",
        "payeeLastName": "Box",
    }
    shop.sandbox.approve(reference)
    assert document(shop, "v2_0/invoice", reference)["status"] == "SUCCESSFUL"
    shop.sandbox.assert_collected(20, kind="invoice", external_id="INV-1")


def test_an_invoice_expires(shop: Shop) -> None:
    reference = create(shop, "v2_0/invoice", INVOICE)
    shop.sandbox.advance(seconds=3600)
    shop.login()
    invoice = document(shop, "v2_0/invoice", reference)
    assert invoice["status"] == "FAILED"
    assert invoice["errorReason"]["code"] == "EXPIRED"


def test_an_invoice_is_cancelled_once(shop: Shop) -> None:
    reference = create(shop, "v2_0/invoice", INVOICE)
    path, own = f"v2_0/invoice/{reference}", {"X-Reference-Id": str(uuid.uuid4())}
    assert shop.delete(path, {"externalId": "INV-1"}).status_code == 400
    assert shop.delete(path, {"externalId": "INV-2"}, **own).status_code == 400
    cancelled = shop.delete(path, {"externalId": "INV-1"}, **own)
    assert (cancelled.status_code, cancelled.json()) == (200, {"externalId": "INV-1"})
    assert document(shop, "v2_0/invoice", reference)["errorReason"]["code"] == "TRANSACTION_CANCELED"
    again = shop.delete(path, {"externalId": "INV-1"}, **own)
    assert (again.status_code, again.json()["code"]) == (404, "RESOURCE_NOT_FOUND")
    shop.sandbox.advance(seconds=3600)
    shop.login()
    assert document(shop, "v2_0/invoice", reference)["errorReason"]["code"] == "TRANSACTION_CANCELED"


@pytest.mark.parametrize(
    ("payer", "first", "last"),
    [
        ("46733123450", ("FAILED", "INTERNAL_PROCESSING_ERROR"), None),
        ("46733123451", ("FAILED", "APPROVAL_REJECTED"), None),
        ("46733123452", ("FAILED", "EXPIRED"), None),
        ("46733123454", ("CREATED", None), ("SUCCESSFUL", None)),
        ("56733123453", ("CREATED", None), ("SUCCESSFUL", None)),
    ],
)
def test_an_invoice_goes_by_its_payer(
    shop: Shop, payer: str, first: tuple[str, str | None], last: tuple[str, str | None] | None
) -> None:
    def state() -> tuple[str, str | None]:
        invoice = document(shop, "v2_0/invoice", reference)
        return invoice["status"], invoice.get("errorReason", {}).get("code")

    reference = create(shop, "v2_0/invoice", {**INVOICE, "intendedPayer": {"partyIdType": "MSISDN", "partyId": payer}})
    assert state() == first
    shop.sandbox.advance(seconds=45)
    assert state() == (last or first)


@pytest.mark.parametrize("change", [{"amount": "x"}, {"validityDuration": 5}, {"validityDuration": "0"}, {"payee": {}}])
def test_an_invoice_that_mtn_refuses(shop: Shop, change: dict[str, Any]) -> None:
    assert shop.post("v2_0/invoice", INVOICE | change, str(uuid.uuid4())).status_code == 400


@pytest.mark.parametrize(
    ("amount", "first", "last", "reason"),
    [
        ("1000", "SUCCESSFUL", "SUCCESSFUL", None),
        ("2000", "FAILED", "FAILED", "INTERNAL_PROCESSING_ERROR"),
        ("3000.00", "PENDING", "SUCCESSFUL", None),
        ("4000", "PENDING", "FAILED", "INTERNAL_PROCESSING_ERROR"),
        ("5000", "PENDING", "PENDING", None),
        ("6000", "PENDING", "PENDING", None),
        ("12", "SUCCESSFUL", "SUCCESSFUL", None),
    ],
)
def test_a_bill_goes_by_its_amount(shop: Shop, amount: str, first: str, last: str, reason: str | None) -> None:
    bill = {"externalTransactionId": "7", "money": {"amount": amount, "currency": "EUR"}, "customerReference": "c"}
    reference = create(shop, "v2_0/payment", bill)
    assert document(shop, "v2_0/payment", reference)["status"] == first
    shop.sandbox.advance(seconds=10)
    found = document(shop, "v2_0/payment", reference)
    assert (found["referenceId"], found["status"], found.get("reason")) == (reference, last, reason)
    assert ("financialTransactionId" in found) == (last == "SUCCESSFUL")


def test_a_bill_waits_when_all_payments_do(shop: Shop) -> None:
    bill = {"money": {"amount": "1000", "currency": "EUR"}}
    shop.sandbox.hold("1000")
    assert document(shop, "v2_0/payment", create(shop, "v2_0/payment", bill))["status"] == "SUCCESSFUL"
    shop.sandbox.hold()
    paid, expired = create(shop, "v2_0/payment", bill), create(shop, "v2_0/payment", bill)
    assert document(shop, "v2_0/payment", paid)["status"] == "PENDING"
    shop.sandbox.approve(paid)
    shop.sandbox.advance(seconds=300)
    shop.sandbox.release()
    assert document(shop, "v2_0/payment", paid)["status"] == "SUCCESSFUL"
    assert document(shop, "v2_0/payment", expired)["reason"] == "EXPIRED"
    assert document(shop, "v2_0/payment", create(shop, "v2_0/payment", bill))["status"] == "SUCCESSFUL"


def test_a_bill_of_7000_has_an_unknown_transfer_type(shop: Shop) -> None:
    answer = shop.post("v2_0/payment", {"money": {"amount": "7000", "currency": "EUR"}}, str(uuid.uuid4()))
    assert (answer.status_code, answer.json()["code"]) == (500, "TRANSFER_TYPE_UNKNOWN")


def pre_approval(payer: str = ANYBODY, **more: Any) -> dict[str, Any]:
    return {
        "payer": {"partyIdType": "MSISDN", "partyId": payer},
        "payerCurrency": "EUR",
        "payerMessage": "Rent",
        **more,
    }


def approved(shop: Shop, payer: str = ANYBODY) -> list[dict[str, Any]]:
    answer = shop.get(f"v1_0/preapprovals/msisdn/{payer}")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()
    return found


def test_a_pre_approval_is_approved_listed_and_cancelled(shop: Shop) -> None:
    reference = create(shop, "v2_0/preapproval", pre_approval(validityTime=3600))
    found = document(shop, "v2_0/preapproval", reference)
    assert found.pop("expirationDateTime").endswith("Z")
    assert found == {**pre_approval(), "status": "SUCCESSFUL"}
    (listed,) = approved(shop)
    assert listed["fromFri"] == f"FRI:{ANYBODY}/MSISDN"
    assert {"preApprovalId", "toFri", "fromCurrency", "createdTime", "approvedTime", "expiryTime"} <= listed.keys()
    assert (listed["status"], listed["message"]) == ("APPROVED", "Rent")
    path = f"v1_0/preapproval/{listed['preApprovalId']}"
    answer = shop.delete(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert approved(shop) == []
    assert shop.delete(path).status_code == 404


def test_a_pre_approval_ends(shop: Shop) -> None:
    create(shop, "v2_0/preapproval", pre_approval(validityTime=60))
    create(shop, "v2_0/preapproval", pre_approval())
    assert len(approved(shop)) == 2
    shop.sandbox.advance(seconds=61)
    assert len(approved(shop)) == 1


@pytest.mark.parametrize(
    ("payer", "first", "last", "reason"),
    [
        ("46733123450", "FAILED", "FAILED", "INTERNAL_PROCESSING_ERROR"),
        ("46733123451", "FAILED", "FAILED", "APPROVAL_REJECTED"),
        ("46733123452", "FAILED", "FAILED", "EXPIRED"),
        ("46733123453", "PENDING", "FAILED", "EXPIRED"),
        ("46733123454", "PENDING", "SUCCESSFUL", None),
    ],
)
def test_a_pre_approval_goes_by_its_payer(shop: Shop, payer: str, first: str, last: str, reason: str | None) -> None:
    reference = create(shop, "v2_0/preapproval", pre_approval(payer))
    assert document(shop, "v2_0/preapproval", reference)["status"] == first
    shop.sandbox.advance(seconds=300)
    found = document(shop, "v2_0/preapproval", reference)
    assert (found["status"], found.get("reason")) == (last, reason)
    assert len(approved(shop, payer)) == (last == "SUCCESSFUL")


@pytest.mark.parametrize(
    ("payer", "code"),
    [
        ("46733123455", "PAYER_NOT_FOUND"),
        ("46733123456", "NOT_ALLOWED"),
        ("46733123457", "NOT_ALLOWED_TARGET_ENVIRONMENT"),
        ("46733123458", "INVALID_CALLBACK_URL_HOST"),
        ("46733123459", "INVALID_CURRENCY"),
        ("46733123460", "INTERNAL_PROCESSING_ERROR"),
        ("46733123461", "SERVICE_UNAVAILABLE"),
    ],
)
def test_a_pre_approval_that_is_refused(shop: Shop, payer: str, code: str) -> None:
    answer = shop.post("v2_0/preapproval", pre_approval(payer), str(uuid.uuid4()))
    assert (answer.status_code, answer.json()["code"]) == (500, code)


def test_469_has_no_approved_pre_approvals(shop: Shop) -> None:
    create(shop, "v2_0/preapproval", pre_approval("46733123469"))
    assert approved(shop, "46733123469") == []
    for path in ("id/12", "alias/shop", "email/a@b.example"):
        assert shop.get(f"v1_0/preapprovals/{path}").json() == []
    assert shop.get("v1_0/preapprovals/msisdn/x").status_code == 400
    assert shop.get("v1_0/preapprovals/party/12").status_code == 400


def authorize(shop: Shop, **changes: str) -> httpx.Response:
    form = {"login_hint": f"ID:{ANYBODY}/MSISDN", "scope": "profile", "access_type": "offline", **changes}
    return shop.http.post("/collection/v1_0/bc-authorize", data=form, headers=shop.bearer)


def oauth2(shop: Shop, **form: str) -> httpx.Response:
    return shop.http.post(
        "/collection/oauth2/token/",
        auth=(shop.sandbox.api_user, shop.sandbox.api_key),
        data=form,
        headers={"X-Target-Environment": "sandbox"},
    )


CIBA = "urn:openid:params:grant-type:ciba"


def test_the_whole_way_of_consent(shop: Shop) -> None:
    asked = authorize(shop)
    assert asked.status_code == 200
    assert (asked.json()["interval"], asked.json()["expires_in"]) == (5, 3600)
    auth_req_id = asked.json()["auth_req_id"]
    made = oauth2(shop, grant_type=CIBA, auth_req_id=auth_req_id)
    assert made.status_code == 200
    assert made.json()["scope"] == "profile"
    consented = {"Authorization": f"Bearer {made.json()['access_token']}"}
    info = shop.get("oauth2/v1_0/userinfo", **consented)
    assert info.status_code == 200
    assert len(info.json()) == 24
    assert info.json()["phone_number"] == ANYBODY
    assert shop.get("oauth2/v1_0/userinfo").status_code == 401
    assert shop.get("v1_0/account/balance", **consented).status_code == 401
    again = oauth2(shop, grant_type=CIBA, auth_req_id=auth_req_id)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    refreshed = oauth2(shop, grant_type="refresh_token", refresh_token=made.json()["refresh_token"])
    assert refreshed.status_code == 200
    assert refreshed.json()["access_token"] != made.json()["access_token"]
    assert oauth2(shop, grant_type="refresh_token", refresh_token=made.json()["refresh_token"]).status_code == 400


def test_consent_is_pending_until_it_is_given(shop: Shop) -> None:
    shop.sandbox.switches.consent_after = 30
    auth_req_id = authorize(shop, access_type="online").json()["auth_req_id"]
    pending = oauth2(shop, grant_type=CIBA, auth_req_id=auth_req_id)
    assert (pending.status_code, pending.json()) == (400, {"error": "authorization_pending"})
    shop.sandbox.advance(seconds=30)
    made = oauth2(shop, grant_type=CIBA, auth_req_id=auth_req_id)
    assert made.status_code == 200
    assert "refresh_token" not in made.json()


@pytest.mark.parametrize(("approve", "error"), [(True, None), (False, "access_denied")])
def test_consent_by_hand(shop: Shop, approve: bool, error: str | None) -> None:
    shop.sandbox.switches.consent_after = None
    auth_req_id = authorize(shop).json()["auth_req_id"]
    shop.sandbox.advance(seconds=600)
    assert oauth2(shop, grant_type=CIBA, auth_req_id=auth_req_id).json() == {"error": "authorization_pending"}
    shop.sandbox.consent(auth_req_id, approve=approve)
    assert oauth2(shop, grant_type=CIBA, auth_req_id=auth_req_id).json().get("error") == error
    with pytest.raises(LookupError):
        shop.sandbox.consent(auth_req_id)


def statuses(shop: Shop) -> list[str]:
    """Those of the consents, in Python and over HTTP."""
    seen = [consent.status for consent in shop.sandbox.consents()]
    assert [consent["status"] for consent in shop.http.get("/_sandbox/api/consents").json()] == seen
    return list(seen)


def asked_on_the_page(shop: Shop, auth_req_id: str) -> bool:
    """Whether the page still has a button for this consent."""
    return f"api/consents/{auth_req_id}/approve" in shop.http.get("/_sandbox/parts").text


def test_consent_ends(shop: Shop) -> None:
    auth_req_id = authorize(shop).json()["auth_req_id"]
    shop.sandbox.advance(seconds=3600)
    assert statuses(shop) == ["EXPIRED"]
    assert oauth2(shop, grant_type=CIBA, auth_req_id=auth_req_id).json() == {"error": "expired_token"}


def test_what_became_of_a_consent_shows_by_itself(shop: Shop) -> None:
    given = authorize(shop).json()["auth_req_id"]
    assert asked_on_the_page(shop, given) is False
    assert statuses(shop) == ["APPROVED"]
    assert oauth2(shop, grant_type=CIBA, auth_req_id=given).status_code == 200
    shop.sandbox.switches.consent_after = 60
    waiting = authorize(shop).json()["auth_req_id"]
    assert statuses(shop) == ["USED", "PENDING"]
    assert asked_on_the_page(shop, waiting) is True
    shop.sandbox.advance(seconds=60)
    assert statuses(shop) == ["USED", "APPROVED"]
    shop.sandbox.switches.consent_after = None
    rejected = authorize(shop).json()["auth_req_id"]
    ended = authorize(shop).json()["auth_req_id"]
    shop.sandbox.consent(rejected, approve=False)
    shop.sandbox.advance(seconds=3539)
    assert statuses(shop) == ["USED", "APPROVED", "REJECTED", "PENDING"]
    shop.sandbox.advance(seconds=61)
    assert statuses(shop) == ["USED", "EXPIRED", "EXPIRED", "EXPIRED"]
    assert asked_on_the_page(shop, ended) is False


def test_consent_that_would_come_too_late_does_not_come(shop: Shop) -> None:
    shop.sandbox.switches.consent_after = 7200
    authorize(shop)
    shop.sandbox.advance(seconds=7200)
    assert statuses(shop) == ["EXPIRED"]


def test_consents_change_in_real_time_too() -> None:
    with run(speed=1000) as sandbox, Shop(sandbox) as shop:
        sandbox.switches.consent_after = 60
        changed = threading.Event()
        authorize(shop)
        with sandbox._world.lock:
            sandbox._world.on_change.append(lambda what: changed.set() if what == "consents" else None)
        # Nobody asks: it happens by itself, and whoever watches is told.
        assert changed.wait(10)
        assert statuses(shop) == ["APPROVED"]


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": CIBA, "auth_req_id": "x"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
        ({"scope": "profile"}, "invalid_request"),
    ],
)
def test_oauth2_tokens_that_are_refused(shop: Shop, form: dict[str, str], error: str) -> None:
    answer = oauth2(shop, **form)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.parametrize(
    "change", [{"login_hint": ANYBODY}, {"scope": " "}, {"access_type": "always"}, {"consent_valid_in": "soon"}]
)
def test_an_authorize_that_is_refused(shop: Shop, change: dict[str, str]) -> None:
    assert authorize(shop, **change).status_code == 400


def test_notifications_are_kept(shop: Shop) -> None:
    reference = shop.pay()
    path = f"v1_0/requesttopay/{reference}/deliverynotification"
    answer = shop.post(path, {"notificationMessage": "On its way"}, Language="eng", notificationMessage="On its way")
    assert (answer.status_code, answer.content) == (200, b"")
    (kept,) = shop.sandbox.notifications(reference)
    assert (kept.message, kept.language) == ("On its way", "eng")
    assert shop.post(path, {"notificationMessage": "x" * 161}).status_code == 400
    assert shop.post(path, {}).status_code == 400
    assert shop.post(path, {"notificationMessage": "x"}, notificationMessage="y" * 161).status_code == 400
    unknown = shop.post(path.replace(reference, str(uuid.uuid4())), {"notificationMessage": "x"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "RESOURCE_NOT_FOUND")
    rejected = shop.pay("46733123451")
    refused = shop.post(path.replace(reference, rejected), {"notificationMessage": "x"})
    assert (refused.status_code, refused.json()["code"]) == (500, "NOT_ALLOWED")
    assert len(shop.sandbox.notifications()) == 1
