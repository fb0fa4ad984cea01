"""What a checker must refuse: each line with a `wrong` mark, and no other. Never run."""

from __future__ import annotations

import httpx

import momopy
from momopy import types

PAYER: types.Party = {"partyIdType": "MSISDN", "partyId": "87937389"}
BODY: types.RequestToPay = {"amount": "5", "currency": "EUR", "payer": PAYER}

WITHOUT_A_PAYER: types.RequestToPay = {"amount": "5", "currency": "EUR"}  # wrong
A_KEY_TOO_MANY: types.RequestToPay = {"amount": "5", "currency": "EUR", "payer": PAYER, "colour": "red"}  # wrong
A_FLOAT: types.RequestToPay = {"amount": 5.5, "currency": "EUR", "payer": PAYER}  # wrong
PAYER_AS_TEXT: types.RequestToPay = {"amount": "5", "currency": "EUR", "payer": "87937389"}  # wrong
HALF_A_PARTY: types.Party = {"partyId": "87937389"}  # wrong


async def awaited(client: momopy.Collection) -> None:
    """Mistakes with the awaited half."""
    await client.request_to_pay(body={"amount": "5", "currency": "EUR"})  # wrong
    await client.request_to_pay(body="{}")  # wrong
    await client.request_to_pay(BODY)  # wrong
    await client.request_to_pay(body=BODY, token="Bearer x")  # wrong
    await client.withdraw(uuid=5, body=BODY)  # wrong
    await client.create_invoice(body=BODY)  # wrong
    await client.get_account_balance(bearer="x")  # wrong
    await client.get_account_balance_in()  # wrong
    await client.get_basic_user_info(46733123499)  # wrong
    await client.is_active("x", "passport")  # wrong
    await client.isActive()  # wrong
    await client.get_payment_status()  # wrong
    await client.wait_for_payment("x", timeout="5")  # wrong
    await client.reconcile("x", operation="refund")  # wrong
    await client.authorize("46733123499", "profile", "sometimes")  # wrong
    await client.requestToPay(body=BODY)  # wrong
    client.get_account_balance().ok  # wrong  # noqa: B018
    balance = await client.get_account_balance()
    balance.data["availableBalance"]  # wrong
    if balance.ok is True:
        balance.data["balance"]  # wrong
        balance.data["code"]  # wrong
    else:
        balance.data["reason"]  # wrong
        balance.data["availableBalance"]  # wrong
    if not balance:
        balance.data["availableBalance"]  # wrong
    with client:  # wrong
        pass


async def blocking(client: momopy.SyncCollection) -> None:
    """Mistakes with the blocking half."""
    await client.get_account_balance()  # wrong
    client.request_to_pay(body={"currency": "EUR", "payer": PAYER})  # wrong
    client.request_to_pay(BODY, BODY)  # wrong
    client.get_withdraw_status(reference_id="x")  # wrong
    accepted = client.withdraw(body=BODY)
    if accepted.ok is True:
        accepted.data["referenceId"]  # wrong
    async with client:  # wrong
        pass


def credentials() -> None:
    """Mistakes in the making of a client."""
    momopy.Collection()  # wrong
    momopy.Collection("key", "user")  # wrong
    momopy.Collection("key", verify=False)  # wrong
    momopy.Collection("key", api_user=5)  # wrong
    momopy.Collection("key", transport=httpx.HTTPTransport())  # wrong
    momopy.SyncCollection("key", transport=httpx.AsyncHTTPTransport())  # wrong
    momopy.SyncCollection("key", transport="fast")  # wrong
    momopy.Settings(backof=1)  # wrong
    momopy.Client().collection()  # wrong
    momopy.Collection("key", api_key=b"secret")  # wrong
