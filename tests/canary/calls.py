"""Every operation of both clients, with all secrets that it can carry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.canary.secrets import API_USER, AUTH_REQ_ID, BASIC, CALLBACK, MSISDN, OAUTH2_TOKEN, SUBSCRIPTION_KEY

ID = "0b4e2c8a-7a43-4c0a-9d5b-3f0a1c2d3e4f"
PAYER = {"partyIdType": "MSISDN", "partyId": MSISDN}
BODY = {"amount": "5", "currency": "EUR", "externalId": "order-7", "payer": PAYER}
INVOICE = {
    "externalId": "order-7",
    "amount": "5",
    "currency": "EUR",
    "validityDuration": "3600",
    "intendedPayer": PAYER,
    "payee": PAYER,
    "description": "bread",
}
BILL = {
    "externalTransactionId": "order-7",
    "money": {"amount": "5", "currency": "EUR"},
    "serviceProviderUserName": "bakery",
}
APPROVAL = {"payer": PAYER, "payerCurrency": "EUR", "payerMessage": "bread", "validityTime": 3600}

Work = Callable[[Any], Any]

CALLS: dict[str, Work] = {
    "get_account_balance": lambda c: c.get_account_balance(),
    "get_account_balance_in": lambda c: c.get_account_balance_in("EUR"),
    "get_basic_user_info": lambda c: c.get_basic_user_info(MSISDN),
    "is_active": lambda c: c.is_active(MSISDN),
    "request_to_pay": lambda c: c.request_to_pay(body=BODY, callback=CALLBACK),
    "get_payment_status": lambda c: c.get_payment_status(ID),
    "withdraw": lambda c: c.withdraw(body=BODY),
    "get_withdraw_status": lambda c: c.get_withdraw_status(uuid=ID),
    "notify_payer": lambda c: c.notify_payer(ID, "thanks"),
    "authorize": lambda c: c.authorize(MSISDN, "profile"),
    "create_oauth2_token": lambda c: c.create_oauth2_token(AUTH_REQ_ID),
    "refresh": lambda c: c.create_oauth2_token(refresh_token=OAUTH2_TOKEN),
    "ask_user_info": lambda c: c.ask_user_info(f"Bearer {OAUTH2_TOKEN}"),
    "ask_user_info with consent": lambda c: c.ask_user_info(msisdn=MSISDN, scope="profile", timeout=0.01),
    "create_invoice": lambda c: c.create_invoice(body=INVOICE, callback=CALLBACK),
    "get_invoice_status": lambda c: c.get_invoice_status(ID),
    "cancel_invoice": lambda c: c.cancel_invoice(ID, "order-8"),
    "create_payment": lambda c: c.create_payment(body=BILL),
    "get_bill_payment_status": lambda c: c.get_bill_payment_status(ID),
    "request_pre_approval": lambda c: c.request_pre_approval(body=APPROVAL),
    "get_pre_approval_status": lambda c: c.get_pre_approval_status(ID),
    "get_approved_pre_approvals": lambda c: c.get_approved_pre_approvals(MSISDN),
    "cancel_pre_approval": lambda c: c.cancel_pre_approval(ID),
    "create_access_token": lambda c: c.create_access_token(),
    "create_access_token by hand": lambda c: c.create_access_token(f"Basic {BASIC}"),
    "wait_for_payment": lambda c: c.wait_for_payment(ID, timeout=0.01),
    "wait_for_withdraw": lambda c: c.wait_for_withdraw(ID, timeout=0.01),
    "wait_for_invoice": lambda c: c.wait_for_invoice(ID, timeout=0.01),
    "wait_for_bill_payment": lambda c: c.wait_for_bill_payment(ID, timeout=0.01),
    "wait_for_pre_approval": lambda c: c.wait_for_pre_approval(ID, timeout=0.01),
    "reconcile": lambda c: c.reconcile(ID, BODY),
    "resume": lambda c: c.resume(ID, BODY),
}
PROVISIONING: dict[str, Work] = {
    "create_api_user": lambda c: c.create_api_user(API_USER, SUBSCRIPTION_KEY, "shop.example"),
    "get_api_user": lambda c: c.get_api_user(API_USER, SUBSCRIPTION_KEY),
    "create_api_key": lambda c: c.create_api_key(API_USER, SUBSCRIPTION_KEY),
}
# Their data is a secret by its nature, and documented as such.
GIVES_SECRETS = {
    "authorize",
    "create_oauth2_token",
    "refresh",
    "create_access_token",
    "create_access_token by hand",
    "create_api_key",
}
