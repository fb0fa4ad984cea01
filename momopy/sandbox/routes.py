"""The table of operations: path, credentials, headers, body, and who handles it.

A new operation is a new row here and a handler in the file of its subject.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias
from urllib.parse import unquote

from momopy.sandbox import (
    access,
    accounts,
    bills,
    invoices,
    payments,
    preapprovals,
    provisioning,
    shapes,
)
from momopy.sandbox.call import Handler
from momopy.sandbox.records import Kind

Credentials: TypeAlias = Literal["key", "basic", "bearer", "consent"]


class Route(NamedTuple):
    """One operation."""

    name: str
    method: str
    path: str
    handler: Handler
    credentials: Credentials = "bearer"
    creates: Kind | None = None
    """The kind of transaction whose ids must not be used twice."""
    reference: bool = False
    """Whether an X-Reference-Id of its own is demanded."""
    body: shapes.Shape | Literal["none", "form"] | None = None
    """What the body must be; None: it is not looked at."""
    target: bool = True
    """Whether X-Target-Environment is demanded."""


_C = "/collection"
ROUTES = (
    Route(
        "CreateAccessToken",
        "POST",
        f"{_C}/token",
        access.create_access_token,
        "basic",
        body="none",
        target=False,
    ),
    Route(
        "bc-authorize",
        "POST",
        f"{_C}/v1_0/bc-authorize",
        access.bc_authorize,
        body="form",
    ),
    Route(
        "CreateOauth2Token",
        "POST",
        f"{_C}/oauth2/token",
        access.create_oauth2_token,
        "basic",
        body="form",
    ),
    Route(
        "GetUserInfoWithConsent",
        "GET",
        f"{_C}/oauth2/v1_0/userinfo",
        accounts.get_user_info,
        "consent",
    ),
    Route(
        "GetBasicUserinfo",
        "GET",
        f"{_C}/v1_0/accountholder/{{type}}/{{id}}/basicuserinfo",
        accounts.get_basic_user_info,
    ),
    Route(
        "ValidateAccountHolderStatus",
        "GET",
        f"{_C}/v1_0/accountholder/{{type}}/{{id}}/active",
        accounts.is_active,
    ),
    Route("GetAccountBalance", "GET", f"{_C}/v1_0/account/balance", accounts.get_balance),
    Route(
        "GetAccountBalanceInSpecificCurrency",
        "GET",
        f"{_C}/v1_0/account/balance/{{currency}}",
        accounts.get_balance_in,
    ),
    Route(
        "RequesttoPay",
        "POST",
        f"{_C}/v1_0/requesttopay",
        payments.request_to_pay,
        creates="requesttopay",
        reference=True,
        body=shapes.REQUEST_TO_PAY,
    ),
    Route(
        "RequesttoPayTransactionStatus",
        "GET",
        f"{_C}/v1_0/requesttopay/{{reference_id}}",
        payments.get_payment_status,
    ),
    Route(
        "RequesttoPayDeliveryNotification",
        "POST",
        f"{_C}/v1_0/requesttopay/{{reference_id}}/deliverynotification",
        payments.notify_payer,
        body=shapes.DELIVERY_NOTIFICATION,
    ),
    Route(
        "RequestToWithdraw-V1",
        "POST",
        f"{_C}/v1_0/requesttowithdraw",
        payments.request_to_withdraw,
        creates="requesttowithdraw",
        reference=True,
        body=shapes.REQUEST_TO_PAY,
    ),
    Route(
        "RequestToWithdraw-V2",
        "POST",
        f"{_C}/v2_0/requesttowithdraw",
        payments.request_to_withdraw,
        creates="requesttowithdraw",
        reference=True,
        body=shapes.REQUEST_TO_PAY,
    ),
    Route(
        "RequestToWithdrawTransactionStatus",
        "GET",
        f"{_C}/v1_0/requesttowithdraw/{{reference_id}}",
        payments.get_withdraw_status,
    ),
    Route(
        "CreateInvoice",
        "POST",
        f"{_C}/v2_0/invoice",
        invoices.create_invoice,
        creates="invoice",
        reference=True,
        body=shapes.CREATE_INVOICE,
    ),
    Route(
        "GetInvoiceStatus",
        "GET",
        f"{_C}/v2_0/invoice/{{reference_id}}",
        invoices.get_invoice_status,
    ),
    Route(
        "CancelInvoice",
        "DELETE",
        f"{_C}/v2_0/invoice/{{reference_id}}",
        invoices.cancel_invoice,
        reference=True,
        body=shapes.CANCEL_INVOICE,
    ),
    Route(
        "CreatePayments",
        "POST",
        f"{_C}/v2_0/payment",
        bills.create_payments,
        creates="payment",
        reference=True,
        body=shapes.CREATE_PAYMENTS,
    ),
    Route(
        "GetPaymentStatus",
        "GET",
        f"{_C}/v2_0/payment/{{reference_id}}",
        bills.get_payment_status,
    ),
    Route(
        "PreApproval",
        "POST",
        f"{_C}/v2_0/preapproval",
        preapprovals.request_pre_approval,
        creates="preapproval",
        reference=True,
        body=shapes.PRE_APPROVAL,
    ),
    Route(
        "GetPreApprovalStatus",
        "GET",
        f"{_C}/v2_0/preapproval/{{reference_id}}",
        preapprovals.get_pre_approval_status,
    ),
    Route(
        "GetApprovedPreApprovals",
        "GET",
        f"{_C}/v1_0/preapprovals/{{type}}/{{id}}",
        preapprovals.get_approved_pre_approvals,
    ),
    Route(
        "CancelPreApproval",
        "DELETE",
        f"{_C}/v1_0/preapproval/{{reference_id}}",
        preapprovals.cancel_pre_approval,
    ),
    Route(
        "CreateApiUser",
        "POST",
        "/v1_0/apiuser",
        provisioning.create_api_user,
        "key",
        reference=True,
        body=shapes.API_USER,
        target=False,
    ),
    Route(
        "GetApiUser",
        "GET",
        "/v1_0/apiuser/{reference_id}",
        provisioning.get_api_user,
        "key",
        target=False,
    ),
    Route(
        "CreateApiKey",
        "POST",
        "/v1_0/apiuser/{reference_id}/apikey",
        provisioning.create_api_key,
        "key",
        target=False,
    ),
)

_BY_LENGTH: dict[tuple[str, int], list[tuple[list[str], Route]]] = {}
for _route in ROUTES:
    _parts = _route.path.split("/")[1:]
    _BY_LENGTH.setdefault((_route.method, len(_parts)), []).append((_parts, _route))


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The operation that a request is for, and the parameters in its path."""
    # One slash at the end is documented for the token calls and harmless elsewhere.
    parts = path.removesuffix("/").split("/")[1:]
    for pattern, route in _BY_LENGTH.get((method, len(parts)), ()):
        params = _match(pattern, parts)
        if params is not None:
            return route, params
    return None


def _match(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    params = {}
    for expected, part in zip(pattern, parts, strict=True):
        if expected.startswith("{"):
            if not part:
                return None
            params[expected[1:-1]] = unquote(part)
        elif expected != part:
            return None
    return params
