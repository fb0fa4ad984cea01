"""Every test number, e-mail holder and amount with its outcome, over TCP."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.sandbox.shop import ANYBODY, Shop, body

REFUSALS = [
    ("46733123455", 500, "PAYER_NOT_FOUND"),
    ("46733123456", 500, "PAYEE_NOT_ALLOWED_TO_RECEIVE"),
    ("46733123457", 500, "NOT_ALLOWED"),
    ("46733123458", 500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
    ("46733123459", 500, "INVALID_CALLBACK_URL_HOST"),
    ("46733123460", 500, "INVALID_CURRENCY"),
    ("46733123461", 500, "INTERNAL_PROCESSING_ERROR"),
    ("46733123462", 503, "SERVICE_UNAVAILABLE"),
    ("46733123463", 500, "COULD_NOT_PERFORM_TRANSACTION"),
    ("46733123464", 500, "TRANSFER_TYPE_UNKNOWN"),
]
WAYS = [("v1_0/requesttopay", "v1_0/requesttopay"), ("v1_0/requesttowithdraw",) * 2]
WAYS += [("v2_0/requesttowithdraw", "v1_0/requesttowithdraw")]


def accepted(shop: Shop, path: str, payer: str) -> str:
    reference = str(uuid.uuid4())
    answer = shop.post(path, body(payer), reference)
    assert (answer.status_code, answer.content) == (202, b"")
    assert "content-type" not in answer.headers
    return reference


@pytest.mark.parametrize(("path", "status_path"), WAYS)
@pytest.mark.parametrize(
    ("payer", "reason"),
    [
        ("46733123450", "INTERNAL_PROCESSING_ERROR"),
        ("46733123451", "APPROVAL_REJECTED"),
        ("46733123452", "EXPIRED"),
    ],
)
def test_doomed_payments_are_accepted_and_failed_at_once(
    shop: Shop, path: str, status_path: str, payer: str, reason: str
) -> None:
    reference = accepted(shop, path, payer)
    document = shop.get(f"{status_path}/{reference}").json()
    assert (document["status"], document["reason"]) == ("FAILED", reason)
    assert "financialTransactionId" not in document


@pytest.mark.parametrize(("path", "status_path"), WAYS)
def test_any_other_number_succeeds_at_once(shop: Shop, path: str, status_path: str) -> None:
    reference = accepted(shop, path, ANYBODY)
    document = shop.get(f"{status_path}/{reference.upper()}").json()
    assert document.pop("financialTransactionId").isdigit()
    assert document == {
        "amount": "5",
        "currency": "EUR",
        "externalId": "45464546454",
        "payer": {"partyIdType": "MSISDN", "partyId": ANYBODY},
        "payerMessage": "BUY THING",
        "payeeNote": "THANKS",
        "status": "SUCCESSFUL",
    }


def test_ongoing_is_pending_for_five_minutes_then_expired(shop: Shop) -> None:
    reference = shop.pay("46733123453")
    pending = shop.status(reference)
    assert pending["status"] == "PENDING"
    assert not {"reason", "financialTransactionId"} & pending.keys()
    shop.sandbox.advance(seconds=299)
    assert shop.status(reference)["status"] == "PENDING"
    shop.sandbox.advance(seconds=1)
    assert (shop.status(reference)["status"], shop.status(reference)["reason"]) == ("FAILED", "EXPIRED")


def test_delayed_is_created_then_successful_within_45_seconds(shop: Shop) -> None:
    reference = shop.pay("46733123454")
    shop.sandbox.advance(seconds=3.9)
    assert shop.status(reference)["status"] == "CREATED"
    shop.sandbox.advance(seconds=41.1)
    assert shop.status(reference)["status"] == "SUCCESSFUL"


def test_switch_delayed_after(shop: Shop) -> None:
    shop.sandbox.switches.delayed_after = 2
    reference = shop.pay("46733123454")
    shop.sandbox.advance(seconds=1.9)
    assert shop.status(reference)["status"] == "CREATED"
    shop.sandbox.advance(seconds=0.1)
    assert shop.status(reference)["status"] == "SUCCESSFUL"


def test_success_takes_up_to_ten_seconds(shop: Shop) -> None:
    reference = shop.pay("56733123453")
    assert shop.status(reference)["status"] == "PENDING"
    shop.sandbox.advance(seconds=10)
    assert shop.status(reference)["status"] == "SUCCESSFUL"


@pytest.mark.parametrize(("payer", "status", "code"), REFUSALS)
def test_documented_refusals(shop: Shop, payer: str, status: int, code: str) -> None:
    reference = str(uuid.uuid4())
    answer = shop.post("v1_0/requesttopay", body(payer), reference)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert shop.get(f"v1_0/requesttopay/{reference}").status_code == 404


@pytest.mark.parametrize(("payer", "status", "code"), REFUSALS[:-1])
def test_documented_refusals_of_a_withdraw(shop: Shop, payer: str, status: int, code: str) -> None:
    answer = shop.post("v2_0/requesttowithdraw", body(payer), str(uuid.uuid4()))
    assert (answer.status_code, answer.json()["code"]) == (500, code)


def test_464_means_nothing_to_a_withdraw(shop: Shop) -> None:
    accepted(shop, "v2_0/requesttowithdraw", "46733123464")


@pytest.mark.parametrize(("payer", "status", "code"), REFUSALS)
def test_switch_doomed_accepts_what_nobody_measured(shop: Shop, payer: str, status: int, code: str) -> None:
    shop.sandbox.switches.doomed = "reason"
    document = shop.status(shop.pay(payer))
    assert (document["status"], document["reason"]) == ("FAILED", code)


def test_switch_reason_shape(shop: Shop) -> None:
    shop.sandbox.switches.reason_shape = "object"
    reason = shop.status(shop.pay("46733123451"))["reason"]
    assert reason["code"] == "APPROVAL_REJECTED"
    assert reason["message"]


def test_an_amount_comes_back_normalised(shop: Shop) -> None:
    assert shop.status(shop.pay(amount="12.50"))["amount"] == "12.5"
    assert shop.status(shop.pay(amount="1000"))["amount"] == "1000"


HOLDERS = [("46733123450", "notfound", 404, "RESOURCE_NOT_FOUND"), ("46733123452", "notallowed", 500, "NOT_ALLOWED")]
HOLDERS += [("46733123453", "notallowedtargetenvironment", 500, "NOT_ALLOWED_TARGET_ENVIRONMENT")]
HOLDERS += [("46733123454", "internalprocessingerror", 500, "INTERNAL_PROCESSING_ERROR")]
HOLDERS += [("46733123455", "serviceunavailable", 500, "SERVICE_UNAVAILABLE")]


@pytest.mark.parametrize(("number", "email", "status", "code"), HOLDERS)
def test_account_holders(shop: Shop, number: str, email: str, status: int, code: str) -> None:
    for path in (f"msisdn/{number}/active", f"email/{email}@email.com/active", f"msisdn/{number}/basicuserinfo"):
        answer = shop.get(f"v1_0/accountholder/{path}")
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_active_and_not_active(shop: Shop) -> None:
    for path, result in {
        "msisdn/46733123451": False,
        "email/notactive@email.com": False,
        "email/somebody@email.com": True,
        "msisdn/46733123499": True,
        "MSISDN/46733123499": True,
        "party_code/c1ea4b2e": True,
    }.items():
        answer = shop.get(f"v1_0/accountholder/{path}/active")
        assert (answer.status_code, answer.json()) == (200, {"result": result})


@pytest.mark.parametrize("path", ["alias/x", "msisdn/4673x", "msisdn/%2B46733123499", "email/nobody", "msisdn/12%2F3"])
def test_a_holder_that_cannot_be_one(shop: Shop, path: str) -> None:
    answer = shop.get(f"v1_0/accountholder/{path}/active")
    assert (answer.status_code, answer.content) == (400, b"")


def test_basic_user_info(shop: Shop) -> None:
    document = shop.get(f"v1_0/accountholder/msisdn/{ANYBODY}/basicuserinfo").json()
    assert document == {
        "given_name": "Sand",
        "family_name": "Box",
        "birthdate": "1976-08-13",
        "locale": "sv_SE",
        "gender": "MALE",
        "status": "ACTIVE",
    }


@pytest.mark.parametrize("path", ["email/a@b.example", "alias/shop", "id/12", "MSISDN/46733123499"])
def test_basic_user_info_by_other_types(shop: Shop, path: str) -> None:
    assert shop.get(f"v1_0/accountholder/{path}/basicuserinfo").json()["given_name"] == "Sand"
    assert shop.get("v1_0/accountholder/party_code/x/basicuserinfo").status_code == 400


def test_the_balance_grows_with_what_is_collected(shop: Shop) -> None:
    shop.pay(amount="12.5")
    shop.pay("46733123451", amount="100")
    assert shop.get("v1_0/account/balance").json() == {"availableBalance": "1012.5", "currency": "EUR"}
    assert shop.get("v1_0/account/balance/EUR").json()["availableBalance"] == "1012.5"


def test_a_balance_in_another_currency(shop: Shop) -> None:
    refused = shop.get("v1_0/account/balance/UGX")
    assert (refused.status_code, refused.json()["code"]) == (500, "INVALID_CURRENCY")
    assert shop.get("v1_0/account/balance/eur").status_code == 400


def test_a_payment_held_for_a_person(shop: Shop) -> None:
    shop.sandbox.hold(ANYBODY)
    approved, rejected, forgotten = shop.pay(), shop.pay(), shop.pay()
    assert shop.status(approved)["status"] == "PENDING"
    shop.sandbox.approve(approved)
    shop.sandbox.reject(rejected, "NOT_ENOUGH_FUNDS")
    assert shop.status(approved)["status"] == "SUCCESSFUL"
    assert shop.status(rejected)["reason"] == "NOT_ENOUGH_FUNDS"
    with pytest.raises(ValueError, match="SUCCESSFUL already"):
        shop.sandbox.approve(approved)
    shop.sandbox.advance(seconds=300)
    assert shop.status(forgotten)["reason"] == "EXPIRED"
    shop.sandbox.release(ANYBODY)
    assert shop.status(shop.pay())["status"] == "SUCCESSFUL"


def test_assertions_of_a_users_test(shop: Shop) -> None:
    shop.sandbox.assert_nothing_collected()
    shop.pay("46733123451", amount="7")
    shop.sandbox.assert_nothing_collected()
    shop.sandbox.assert_collected("7", times=0)
    reference = shop.pay(amount="7.0", externalId="order-1")
    payment = shop.sandbox.assert_collected("7", "EUR", external_id="order-1", payer=ANYBODY)
    assert payment.reference_id == reference
    assert len(shop.sandbox.assert_requested("RequesttoPay", times=2)) == 2
    wrongs: list[dict[str, Any]] = [
        {"amount": 8},
        {"currency": "UGX"},
        {"external_id": "order-2"},
        {"times": 2},
        {"times": 0},
        {"payer": "1"},
    ]
    for wrong in wrongs:
        with pytest.raises(AssertionError, match="succeeded"):
            shop.sandbox.assert_collected(**wrong)
    with pytest.raises(AssertionError, match="collected"):
        shop.sandbox.assert_nothing_collected()
    with pytest.raises(AssertionError, match="asked for 0 times"):
        shop.sandbox.assert_requested("CreateInvoice")
