"""What a checker must take, as a caller writes it. Checked by tests/typing/test_types.py, never run."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, assert_type
from uuid import UUID, uuid4

import httpx

import momopy
from momopy import types

BODY: types.RequestToPay = {
    "amount": "5",
    "currency": "EUR",
    "externalId": "45464546454",
    "payer": {"partyIdType": "MSISDN", "partyId": "87937389"},
    "payerMessage": "BUY THING",
    "payeeNote": "THANKS",
}
EXACT: types.RequestToPay = {"amount": Decimal("5.50"), "currency": "EUR", "payer": BODY["payer"]}
ID = uuid4()


async def results(client: momopy.Collection) -> None:
    """A result is a tuple that narrows."""
    result = await client.get_account_balance()
    assert_type(result, momopy.Success[types.Balance] | momopy.Refused)
    if result.ok is True:
        assert_type(result, momopy.Success[types.Balance])
        assert_type(result.data, types.Balance)
        assert_type(result.data["availableBalance"], str)
        assert_type(result.data.get("currency"), str | None)
    else:
        assert_type(result, momopy.Refused)
        assert_type(result.data, momopy.Failure)
        assert_type(result.data["code"], str)
        assert_type(result.data["sent"], Literal[True, False, "maybe"])
        assert_type(result.data["retry_after"], float | None)
    if isinstance(result, momopy.Refused):
        assert_type(result.data, momopy.Failure)
    if result.ok is False and result.data["outcome"] == "unknown":
        assert_type(result.data["reference_id"], str | None)
    assert_type(result.unwrap(), types.Balance)
    ok, data = result
    assert_type(ok, bool)
    assert_type(data, types.Balance | momopy.Failure)
    as_tuple: tuple[bool, types.Balance | momopy.Failure] = result
    assert len(as_tuple) == 2


async def narrowed_by_one_checker(client: momopy.Collection, blocking: momopy.SyncCollection) -> None:
    """The two short ways of asking; each is seen through by one of the checkers (pyright 1.1.414, mypy 2.4.1)."""
    result = await client.get_account_balance()
    if result.ok:
        assert_type(result.data, types.Balance)  # mypy alone
    else:
        assert_type(result.data["code"], str)  # mypy alone
    if result:
        assert_type(result.data, types.Balance)  # pyright alone
    else:
        assert_type(result.data["code"], str)  # pyright alone
    accepted = blocking.request_to_pay(body=BODY)
    if not accepted.ok:
        assert_type(accepted.data, momopy.Failure)  # mypy alone
    if not accepted:
        assert_type(accepted.data, momopy.Failure)  # pyright alone


async def awaited(client: momopy.Collection) -> None:
    """The data of every awaited method."""
    assert_type((await client.create_access_token("Basic eA==")).unwrap(), types.AccessToken)
    assert_type((await client.get_account_balance()).unwrap(), types.Balance)
    assert_type((await client.get_account_balance_in("EUR")).unwrap(), types.Balance)
    assert_type((await client.get_basic_user_info("46733123499")).unwrap(), types.BasicUserInfo)
    assert_type((await client.ask_user_info("Bearer x", "sandbox")).unwrap(), types.UserInfo)
    assert_type((await client.ask_user_info(msisdn="46733123499", scope="profile")).unwrap(), types.UserInfo)
    assert_type((await client.request_to_pay("Bearer x", ID, "sandbox", BODY)).unwrap(), types.Accepted)
    assert_type((await client.request_to_pay(body=EXACT, uuid=str(ID), callback=None)).unwrap(), types.Accepted)
    assert_type((await client.get_withdraw_status(uuid=ID)).unwrap(), types.RequestToPayResult)
    assert_type((await client.withdraw(body=BODY)).unwrap(), types.Accepted)
    assert_type((await client.isActive("46733123499")).unwrap(), types.BooleanResult)
    assert_type((await client.is_active("a@example.com", "email")).unwrap(), types.BooleanResult)
    assert_type((await client.get_payment_status(ID)).unwrap(), types.RequestToPayResult)
    assert_type((await client.wait_for_payment(ID, timeout=5)).unwrap(), types.RequestToPayResult)
    assert_type((await client.wait_for_withdraw(ID, 5.0)).unwrap(), types.RequestToPayResult)
    assert_type((await client.wait_for_invoice(ID)).unwrap(), types.InvoiceResult)
    assert_type((await client.wait_for_bill_payment(ID)).unwrap(), types.PaymentResult)
    assert_type((await client.wait_for_pre_approval(ID)).unwrap(), types.PreApprovalResult)
    assert_type((await client.notify_payer(ID, "tea is ready", "en")).unwrap(), dict[str, Any])
    assert_type((await client.authorize("46733123499", "profile", "offline")).unwrap(), types.BcAuthorizeResponse)
    assert_type((await client.create_oauth2_token("x")).unwrap(), types.Oauth2Token)
    assert_type((await client.get_invoice_status(ID)).unwrap(), types.InvoiceResult)
    assert_type((await client.cancel_invoice(ID, "order 7")).unwrap(), types.CancelInvoiceResult)
    assert_type((await client.get_bill_payment_status(ID)).unwrap(), types.PaymentResult)
    assert_type((await client.get_pre_approval_status(ID)).unwrap(), types.PreApprovalResult)
    assert_type((await client.get_approved_pre_approvals("46733123499")).unwrap(), list[types.PreApprovalDetails])
    assert_type((await client.cancel_pre_approval("x")).unwrap(), dict[str, Any])
    assert_type((await client.resume(ID, BODY)).unwrap(), types.Accepted)
    await client.reconcile(ID, BODY, operation="withdraw")
    await client.create_invoice(
        body={"amount": "5", "currency": "EUR", "intendedPayer": BODY["payer"], "validityDuration": "60"}
    )
    await client.create_payment(body={"money": {"amount": 1000, "currency": "EUR"}})
    await client.request_pre_approval(body={"payer": BODY["payer"], "payerCurrency": "EUR", "validityTime": 60})


def blocking(client: momopy.SyncCollection) -> None:
    """The same of the blocking ones."""
    result = client.request_to_pay(body=BODY)
    assert_type(result, momopy.Success[types.Accepted] | momopy.Refused)
    if result.ok is True:
        assert_type(result.data["reference_id"], str)
    else:
        assert_type(result.data, momopy.Failure)
    assert_type(client.create_access_token("Basic eA==").unwrap(), types.AccessToken)
    assert_type(client.get_account_balance().unwrap(), types.Balance)
    assert_type(client.get_account_balance_in("EUR").unwrap(), types.Balance)
    assert_type(client.get_basic_user_info("46733123499").unwrap(), types.BasicUserInfo)
    assert_type(client.ask_user_info("Bearer x", "sandbox").unwrap(), types.UserInfo)
    assert_type(client.get_withdraw_status(uuid=ID).unwrap(), types.RequestToPayResult)
    assert_type(client.withdraw(body=BODY).unwrap(), types.Accepted)
    assert_type(client.isActive("46733123499").unwrap(), types.BooleanResult)
    assert_type(client.is_active("a@example.com", "email").unwrap(), types.BooleanResult)
    assert_type(client.get_payment_status(ID).unwrap(), types.RequestToPayResult)
    assert_type(client.wait_for_payment(ID, timeout=5).unwrap(), types.RequestToPayResult)
    assert_type(client.get_approved_pre_approvals("46733123499").unwrap(), list[types.PreApprovalDetails])
    assert_type(client.cancel_invoice(ID, "order 7").unwrap(), types.CancelInvoiceResult)
    with momopy.SyncCollection("key", transport=httpx.MockTransport(answer)) as other:
        assert_type(other, momopy.SyncCollection)


def answer(request: httpx.Request) -> httpx.Response:
    """Any answer."""
    return httpx.Response(200, request=request)


async def credentials() -> None:
    """Where clients come from."""
    async with momopy.Client() as user:
        assert_type(user.get_reference_id(), str)
        assert_type(user.basic_token(ID, momopy.Secret("x")), str)
        assert_type(user.collection("key"), momopy.Collection)
        assert_type((await user.create_api_key(ID, "key")).unwrap(), types.ApiKey)
        assert_type((await user.get_api_user(ID, "key")).unwrap()["targetEnvironment"], str)
    assert_type(momopy.Collection.from_env(), momopy.Collection)
    assert_type(momopy.SyncCollection.from_env(dotenv=True, timeout=5), momopy.SyncCollection)
    assert_type(momopy.SyncClient().collection("key"), momopy.SyncCollection)
    momopy.Collection("key", api_user=UUID(int=4), api_key="x", target="mtnuganda", live=True)
    momopy.Collection("key", target="mtnsomewhere", allow_unknown_target=True, settings=momopy.Settings(backoff=1))
    momopy.Collection("key", on_result=ended)


def ended(ending: momopy.Ending) -> None:
    """What an observer is told."""
    assert_type(ending.outcome, str | None)


def failures(failure: momopy.Failure) -> None:
    """Errors are caught by kind, and hold the failure."""
    try:
        momopy.Refused(failure).unwrap()
    except momopy.OutcomeUnknown as unknown:
        assert_type(unknown.failure, momopy.Failure)
    except momopy.HTTPException as error:
        assert_type(error.failure["field"], str | None)
    assert_type(momopy.explain(failure["code"]), momopy.Reason)
