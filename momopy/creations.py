"""The five creations, by the name of the method that makes them: what `reconcile` and `resume` are told by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from momopy import bodies, operations
from momopy.errors import InvalidArgument
from momopy.operations import Creation

if TYPE_CHECKING:
    from momopy.operations import _Keyed

OperationName: TypeAlias = Literal[
    "request_to_pay", "withdraw", "create_invoice", "create_payment", "request_pre_approval"
]


def _request_to_pay() -> _Keyed:
    from momo_collection_api.api.request_to_pay import request_to_pay

    return request_to_pay


def _withdraw() -> _Keyed:
    from momo_collection_api.api.withdraw import request_to_withdraw_v2

    return request_to_withdraw_v2


def _invoice() -> _Keyed:
    from momo_collection_api.api.invoice import create_invoice

    return create_invoice


def _payment() -> _Keyed:
    from momo_collection_api.api.payment import create_payments

    return create_payments


def _pre_approval() -> _Keyed:
    from momo_collection_api.api.pre_approval import pre_approval

    return pre_approval


_MONEY = ("externalId", "amount", "currency", "payer.partyId")

REQUEST_TO_PAY: Final = Creation(
    "request_to_pay",
    operations.REQUEST_TO_PAY,
    _request_to_pay,
    bodies.request_to_pay,
    _MONEY,
    operations.get_payment_status,
    "externalId",
)
WITHDRAW: Final = Creation(
    "withdraw",
    operations.WITHDRAW,
    _withdraw,
    bodies.request_to_pay,
    _MONEY,
    operations.get_withdraw_status,
    "externalId",
)
INVOICE: Final = Creation(
    "create_invoice",
    operations.CREATE_INVOICE,
    _invoice,
    bodies.invoice,
    ("referenceId", "externalId", "amount", "currency", "intendedPayer.partyId"),
    operations.get_invoice_status,
    "externalId",
)
PAYMENT: Final = Creation(
    "create_payment",
    operations.CREATE_PAYMENT,
    _payment,
    bodies.payment,
    ("referenceId",),
    operations.get_bill_payment_status,
    "externalTransactionId",
)
PRE_APPROVAL: Final = Creation(
    "request_pre_approval",
    operations.REQUEST_PRE_APPROVAL,
    _pre_approval,
    bodies.pre_approval,
    ("payer.partyId", "payerCurrency"),
    operations.get_pre_approval_status,
)

CREATIONS: Final[dict[OperationName, Creation]] = {
    "request_to_pay": REQUEST_TO_PAY,
    "withdraw": WITHDRAW,
    "create_invoice": INVOICE,
    "create_payment": PAYMENT,
    "request_pre_approval": PRE_APPROVAL,
}


def creation(name: str) -> Creation:
    """The creation of a method's name."""
    for known, found in CREATIONS.items():
        if known == name:
            return found
    raise InvalidArgument("operation", f"must be one of {', '.join(CREATIONS)}")
