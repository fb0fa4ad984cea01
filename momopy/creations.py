"""The five creations and their status calls: what each is called, and how its arguments become a `Call`. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol, TypeAlias

from momopy import bodies
from momopy.building import Json, bearer, build, given, revealed
from momopy.calls import CREATE, READ, Call, Operation
from momopy.errors import InvalidArgument
from momopy.profile import Profile, known_id, reference_id
from momopy.secret import Secret

if TYPE_CHECKING:
    from momo_collection_api.types import Unset

    from momopy import types

OperationName: TypeAlias = Literal[
    "request_to_pay", "withdraw", "create_invoice", "create_payment", "request_pre_approval"
]


class Keyed(Protocol):
    """A generated endpoint that creates something under a reference id of the caller's."""

    def _get_kwargs(
        self, *, body: Any, x_reference_id: str, x_target_environment: str, x_callback_url: Unset | str
    ) -> dict[str, Any]: ...


class Named(Protocol):
    """A generated endpoint that reads what a reference id stands for."""

    def _get_kwargs(self, reference_id: str, /, *, x_target_environment: str) -> dict[str, Any]: ...


class Creation(NamedTuple):
    """An operation that creates something, and how to find it again."""

    name: OperationName
    """The method that makes it."""
    operation: Operation
    status: Operation
    endpoints: Callable[[], tuple[Keyed, Named]]
    check: Callable[..., dict[str, Any]]
    echo: tuple[str, ...]
    """What the status answer repeats of the body."""
    external_id: str | None = None
    """The key that names the payment to both sides; without a value of the caller's it is the reference id."""


def _made_by(name: str, route: str) -> Operation:
    return Operation(name, "/collection" + route, CREATE, (202,), "accepted")


def _status_of(method: OperationName, name: str, route: str) -> Operation:
    return Operation(name, "/collection" + route, READ, (200,), "object", ("status",), status_of=method)


def _request_to_pay() -> tuple[Keyed, Named]:
    from momo_collection_api.api.request_to_pay import request_to_pay, request_to_pay_transaction_status

    return request_to_pay, request_to_pay_transaction_status


def _withdraw() -> tuple[Keyed, Named]:
    from momo_collection_api.api.withdraw import request_to_withdraw_transaction_status, request_to_withdraw_v2

    return request_to_withdraw_v2, request_to_withdraw_transaction_status


def _invoice() -> tuple[Keyed, Named]:
    from momo_collection_api.api.invoice import create_invoice, get_invoice_status

    return create_invoice, get_invoice_status


def _payment() -> tuple[Keyed, Named]:
    from momo_collection_api.api.payment import create_payments, get_payment_status

    return create_payments, get_payment_status


def _pre_approval() -> tuple[Keyed, Named]:
    from momo_collection_api.api.pre_approval import get_pre_approval_status, pre_approval

    return pre_approval, get_pre_approval_status


_MONEY: Final = ("externalId", "amount", "currency", "payer.partyId")

REQUEST_TO_PAY: Final = Creation(
    "request_to_pay",
    _made_by("RequesttoPay", "/v1_0/requesttopay"),
    _status_of("request_to_pay", "RequesttoPayTransactionStatus", "/v1_0/requesttopay/{referenceId}"),
    _request_to_pay,
    bodies.request_to_pay,
    _MONEY,
    "externalId",
)
WITHDRAW: Final = Creation(
    "withdraw",
    _made_by("RequestToWithdraw-V2", "/v2_0/requesttowithdraw"),
    _status_of("withdraw", "RequestToWithdrawTransactionStatus", "/v1_0/requesttowithdraw/{referenceId}"),
    _withdraw,
    bodies.request_to_pay,
    _MONEY,
    "externalId",
)
INVOICE: Final = Creation(
    "create_invoice",
    _made_by("CreateInvoice", "/v2_0/invoice"),
    _status_of("create_invoice", "GetInvoiceStatus", "/v2_0/invoice/{referenceId}"),
    _invoice,
    bodies.invoice,
    ("referenceId", "externalId", "amount", "currency", "intendedPayer.partyId"),
    "externalId",
)
PAYMENT: Final = Creation(
    "create_payment",
    _made_by("CreatePayments", "/v2_0/payment"),
    _status_of("create_payment", "GetPaymentStatus", "/v2_0/payment/{x-referenceId}"),
    _payment,
    bodies.payment,
    ("referenceId",),
    "externalTransactionId",
)
PRE_APPROVAL: Final = Creation(
    "request_pre_approval",
    _made_by("PreApproval", "/v2_0/preapproval"),
    _status_of("request_pre_approval", "GetPreApprovalStatus", "/v2_0/preapproval/{referenceId}"),
    _pre_approval,
    bodies.pre_approval,
    ("payer.partyId", "payerCurrency"),
)

CREATIONS: Final[dict[OperationName, Creation]] = {
    each.name: each for each in (REQUEST_TO_PAY, WITHDRAW, INVOICE, PAYMENT, PRE_APPROVAL)
}


def creation(name: str) -> Creation:
    """The creation of a method's name."""
    for known, found in CREATIONS.items():
        if known == name:
            return found
    raise InvalidArgument("operation", f"must be one of {', '.join(CREATIONS)}")


def create(
    profile: Profile,
    creation: Creation,
    authorization: str | Secret | None = None,
    uuid: object = None,
    target: str | None = None,
    body: object = None,
    callback: str | Secret | None = None,
) -> Call[types.Accepted]:
    """One of the calls in `CREATIONS`."""
    environment = profile.target_for(target)
    key = reference_id(uuid)
    callback_url = profile.callback_for(callback)
    token = profile.bearer_for(authorization)
    sent = creation.check(given(body, "body"), profile.market_for(environment), profile.sanitize)
    if creation.external_id is not None:
        sent.setdefault(creation.external_id, key)
    request = creation.endpoints()[0]._get_kwargs(
        body=Json(sent), x_reference_id=key, x_target_environment=environment, x_callback_url=revealed(callback_url)
    )
    call = build(creation.operation, request, token, key)
    call.managed = token is None
    call.made_by = creation.name
    call.target = environment
    call.expected = expected(creation, key, sent)
    call.look = partial(status, profile, creation, key, authorization, target)
    return call


def expected(creation: Creation, key: str, sent: Mapping[str, Any]) -> dict[str, str]:
    """What the status answer of a creation must repeat, as flat keys."""
    flat = {"referenceId": key} if "referenceId" in creation.echo else {}
    for path in creation.echo:
        name, _, inner = path.partition(".")
        value = sent.get(name)
        if inner and isinstance(value, dict):
            value = value.get(inner)
        if isinstance(value, str):
            flat[path] = value
    return flat


def status(
    profile: Profile,
    creation: Creation,
    uuid: object,
    authorization: str | Secret | None = None,
    target: str | None = None,
    body: object = None,
) -> Call[Any]:
    """The status call of a creation; with the body, its answer is held against it."""
    key = known_id(uuid)
    environment = profile.target_for(target)
    request = creation.endpoints()[1]._get_kwargs(key, x_target_environment=environment)
    call = bearer(creation.status, profile, authorization, request, key)
    if body is not None:
        sent = creation.check(body, profile.market_for(environment), profile.sanitize)
        if creation.external_id is not None:
            sent.setdefault(creation.external_id, key)
        call.expected = expected(creation, key, sent)
    return call
