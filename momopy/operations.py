"""The operations: what each is called, and how its arguments become a `Call`. Values in, a call out; no I/O.

The request itself is built by the generated endpoint, which is loaded at its first use: all of the generated
package together takes longer to import than httpx does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, cast
from urllib.parse import urlencode

from momopy import bodies, values
from momopy.calls import CANCEL, CREATE, READ, TOKEN, UNKEYED, Call, Operation
from momopy.errors import MissingArgument
from momopy.profile import Profile, known_id, reference_id
from momopy.secret import Secret

if TYPE_CHECKING:
    from momo_collection_api.types import Unset

    from momopy import types

_ROOT = "/collection"
_ENCODE = json.JSONEncoder(separators=(",", ":")).encode

CREATE_ACCESS_TOKEN: Final = Operation(
    "CreateAccessToken", "/token/", TOKEN, (200,), "token", ("access_token", "token_type")
)
AUTHORIZE: Final = Operation("bc-authorize", "/v1_0/bc-authorize", UNKEYED, (200,), "object", ("auth_req_id",))
CREATE_OAUTH2_TOKEN: Final = Operation(
    "CreateOauth2Token", "/oauth2/token/", UNKEYED, (200,), "object", ("access_token",)
)
GET_USER_INFO: Final = Operation("GetUserInfoWithConsent", "/oauth2/v1_0/userinfo", READ, (200,), "object")
GET_BASIC_USER_INFO: Final = Operation(
    "GetBasicUserinfo", "/v1_0/accountholder/{type}/{id}/basicuserinfo", READ, (200,), "object"
)
IS_ACTIVE: Final = Operation(
    "ValidateAccountHolderStatus", "/v1_0/accountholder/{type}/{id}/active", READ, (200,), "boolean"
)
GET_BALANCE: Final = Operation("GetAccountBalance", "/v1_0/account/balance", READ, (200,), "object")
GET_BALANCE_IN: Final = Operation(
    "GetAccountBalanceInSpecificCurrency", "/v1_0/account/balance/{currency}", READ, (200,), "object"
)
REQUEST_TO_PAY: Final = Operation("RequesttoPay", "/v1_0/requesttopay", CREATE, (202,), "accepted")
GET_PAYMENT_STATUS: Final = Operation(
    "RequesttoPayTransactionStatus", "/v1_0/requesttopay/{referenceId}", READ, (200,), "object", ("status",), True
)
NOTIFY_PAYER: Final = Operation(
    "RequesttoPayDeliveryNotification",
    "/v1_0/requesttopay/{referenceId}/deliverynotification",
    UNKEYED,
    (200,),
    "empty",
)
WITHDRAW: Final = Operation("RequestToWithdraw-V2", "/v2_0/requesttowithdraw", CREATE, (202,), "accepted")
GET_WITHDRAW_STATUS: Final = Operation(
    "RequestToWithdrawTransactionStatus",
    "/v1_0/requesttowithdraw/{referenceId}",
    READ,
    (200,),
    "object",
    ("status",),
    True,
)
CREATE_INVOICE: Final = Operation("CreateInvoice", "/v2_0/invoice", CREATE, (202,), "accepted")
GET_INVOICE_STATUS: Final = Operation(
    "GetInvoiceStatus", "/v2_0/invoice/{referenceId}", READ, (200,), "object", ("status",), True
)
CANCEL_INVOICE: Final = Operation(
    "CancelInvoice", "/v2_0/invoice/{referenceId}", CANCEL, (200,), "empty", settled=("CANCELLED", "CANCELED")
)
CREATE_PAYMENT: Final = Operation("CreatePayments", "/v2_0/payment", CREATE, (202,), "accepted")
GET_BILL_PAYMENT_STATUS: Final = Operation(
    "GetPaymentStatus", "/v2_0/payment/{x-referenceId}", READ, (200,), "object", ("status",), True
)
REQUEST_PRE_APPROVAL: Final = Operation("PreApproval", "/v2_0/preapproval", CREATE, (202,), "accepted")
GET_PRE_APPROVAL_STATUS: Final = Operation(
    "GetPreApprovalStatus", "/v2_0/preapproval/{referenceId}", READ, (200,), "object", ("status",), True
)
GET_APPROVED_PRE_APPROVALS: Final = Operation(
    "GetApprovedPreApprovals", "/v1_0/preapprovals/{type}/{id}", READ, (200,), "objects"
)
CANCEL_PRE_APPROVAL: Final = Operation(
    "CancelPreApproval", "/v1_0/preapproval/{preapprovalid}", CANCEL, (200,), "empty", settled=()
)
HOLDER_TYPES: Final = ("msisdn", "email", "party_code")
PRE_APPROVAL_TYPES: Final = ("msisdn", "email", "id", "alias")


class Json(dict[str, Any]):
    """A checked body in the place of a generated model, which would copy each key twice to the same end."""

    def to_dict(self) -> dict[str, Any]:
        """Itself."""
        return self


def build(
    operation: Operation,
    request: Mapping[str, Any],
    authorization: Secret | None,
    reference_id: str | None = None,
    root: str = _ROOT,
) -> Call[Any]:
    """Turn what a generated endpoint says of a request into a call."""
    method: str = request["method"].upper()
    headers = [(name.encode("ascii"), value.encode("ascii")) for name, value in request.get("headers", {}).items()]
    body: bytes | None = None
    if "json" in request:
        body = _ENCODE(request["json"]).encode()
    elif "data" in request:
        body = urlencode(request["data"]).encode()
    elif method == "POST":
        body = b""
    return Call(operation, method, root + request["url"], headers, body, authorization, reference_id)


def _bearer(
    operation: Operation,
    profile: Profile,
    authorization: str | Secret | None,
    request: Mapping[str, Any],
    reference_id: str | None = None,
) -> Call[Any]:
    token = profile.bearer_for(authorization)
    call = build(operation, request, token, reference_id)
    call.managed = token is None
    return call


def given(value: object, parameter: str) -> Any:
    """An argument that must not be left out."""
    if value is None:
        raise MissingArgument(parameter, "is missing")
    return value


def create_access_token(profile: Profile, authorization: str | Secret | None = None) -> Call[types.AccessToken]:
    """`POST /collection/token/`."""
    from momo_collection_api.api.token import create_access_token as endpoint

    call = build(CREATE_ACCESS_TOKEN, endpoint._get_kwargs(), profile.basic_for(authorization))
    # The new platform demands it here too, and the old one does not mind.
    call.headers.append((b"X-Target-Environment", profile.target.encode()))
    return call


def get_account_balance(
    profile: Profile, authorization: str | None = None, target: str | None = None
) -> Call[types.Balance]:
    """`GET /collection/v1_0/account/balance`."""
    from momo_collection_api.api.account import get_account_balance as endpoint

    request = endpoint._get_kwargs(x_target_environment=profile.target_for(target))
    return _bearer(GET_BALANCE, profile, authorization, request)


def get_account_balance_in(
    profile: Profile, currency: str, authorization: str | None = None, target: str | None = None
) -> Call[types.Balance]:
    """`GET /collection/v1_0/account/balance/{currency}`."""
    from momo_collection_api.api.account import get_account_balance_in_specific_currency as endpoint

    environment = profile.target_for(target)
    code = values.currency(given(currency, "currency"), "currency", profile.market_for(environment))
    return _bearer(GET_BALANCE_IN, profile, authorization, endpoint._get_kwargs(code, x_target_environment=environment))


def get_basic_user_info(
    profile: Profile, msisdn: str, authorization: str | None = None, target: str | None = None
) -> Call[types.BasicUserInfo]:
    """`GET /collection/v1_0/accountholder/msisdn/{msisdn}/basicuserinfo`."""
    from momo_collection_api.api.account import get_basic_user_info as endpoint

    environment = profile.target_for(target)
    number = values.msisdn(given(msisdn, "msisdn"), "msisdn", profile.market_for(environment))
    request = endpoint._get_kwargs("msisdn", number, x_target_environment=environment)
    return _bearer(GET_BASIC_USER_INFO, profile, authorization, request)


def is_active(
    profile: Profile,
    account: str,
    account_type: str = "msisdn",
    authorization: str | None = None,
    target: str | None = None,
) -> Call[types.BooleanResult]:
    """`GET /collection/v1_0/accountholder/{type}/{id}/active`."""
    from momo_collection_api.api.account import validate_account_holder_status as endpoint

    environment = profile.target_for(target)
    kind = values.account_type(account_type, HOLDER_TYPES, "account_type")
    holder = values.account(given(account, "account"), kind, "account", profile.market_for(environment))
    return _bearer(
        IS_ACTIVE, profile, authorization, endpoint._get_kwargs(kind, holder, x_target_environment=environment)
    )


def get_user_info(
    profile: Profile, authorization: str | Secret | None = None, target: str | None = None
) -> Call[types.UserInfo]:
    """`GET /collection/oauth2/v1_0/userinfo`, with a token that stands for a consent."""
    from momo_collection_api.api.consent import get_user_info_with_consent as endpoint

    request = endpoint._get_kwargs(x_target_environment=profile.target_for(target))
    token = Secret(values.bearer_token(given(authorization, "authorization")))
    return build(GET_USER_INFO, request, token)


def authorize(
    profile: Profile,
    login_hint: str,
    scope: str,
    access_type: str = "online",
    consent_valid_in: int | None = None,
    client_notification_token: str | None = None,
    scope_instruction: str | None = None,
    callback: str | None = None,
    authorization: str | None = None,
    target: str | None = None,
) -> Call[types.BcAuthorizeResponse]:
    """`POST /collection/v1_0/bc-authorize`."""
    from momo_collection_api.api.consent import bc_authorize as endpoint

    environment = profile.target_for(target)
    form = bodies.bc_authorize(
        given(login_hint, "login_hint"),
        given(scope, "scope"),
        access_type,
        consent_valid_in=consent_valid_in,
        client_notification_token=client_notification_token,
        scope_instruction=scope_instruction,
        market=profile.market_for(environment),
    )
    request = endpoint._get_kwargs(
        body=cast(Any, Json(form)),
        x_target_environment=environment,
        x_callback_url=_revealed(profile.callback_for(callback)),
    )
    return _bearer(AUTHORIZE, profile, authorization, request)


def create_oauth2_token(
    profile: Profile,
    auth_req_id: str | None = None,
    refresh_token: str | None = None,
    grant_type: str | None = None,
    authorization: str | None = None,
    target: str | None = None,
) -> Call[types.Oauth2Token]:
    """`POST /collection/oauth2/token/`."""
    from momo_collection_api.api.consent import create_oauth_2_token as endpoint

    form = bodies.oauth2_token(auth_req_id, refresh_token, grant_type)
    request = endpoint._get_kwargs(body=cast(Any, Json(form)), x_target_environment=profile.target_for(target))
    return build(CREATE_OAUTH2_TOKEN, request, profile.basic_for(authorization))


def notify_payer(
    profile: Profile,
    uuid: object,
    message: str,
    language: str | None = None,
    authorization: str | None = None,
    target: str | None = None,
) -> Call[dict[str, Any]]:
    """`POST /collection/v1_0/requesttopay/{referenceId}/deliverynotification`."""
    from momo_collection_api.api.request_to_pay import request_to_pay_delivery_notification as endpoint
    from momo_collection_api.types import UNSET

    key = known_id(uuid)
    body = bodies.delivery_notification({"notificationMessage": given(message, "message")}, None, profile.sanitize)
    text: str = body["notificationMessage"]
    request = endpoint._get_kwargs(
        key,
        body=cast(Any, Json(body)),
        x_target_environment=profile.target_for(target),
        # A header takes no other letters, nor spaces at its ends; the body has them all.
        notification_message=text if text.isascii() and text == text.strip() else UNSET,
        language=UNSET if language is None else values.language(language),
    )
    return _bearer(NOTIFY_PAYER, profile, authorization, request, key)


class _Keyed(Protocol):
    """A generated endpoint that creates something under a reference id of the caller's."""

    def _get_kwargs(
        self, *, body: Any, x_reference_id: str, x_target_environment: str, x_callback_url: Unset | str
    ) -> dict[str, Any]: ...


class Creation(NamedTuple):
    """An operation that creates something, and how to find it again."""

    name: str
    """The method that makes it."""
    operation: Operation
    endpoint: Callable[[], _Keyed]
    check: Callable[..., dict[str, Any]]
    echo: tuple[str, ...]
    """What the status answer repeats of the body."""
    status: Callable[..., Call[Any]]
    external_id: str | None = None
    """The key that names the payment to both sides; without a value of the caller's it is the reference id."""


def create(
    profile: Profile,
    creation: Creation,
    authorization: str | None = None,
    uuid: object = None,
    target: str | None = None,
    body: object = None,
    callback: str | None = None,
) -> Call[types.Accepted]:
    """One of the calls in `CREATIONS`."""
    environment = profile.target_for(target)
    key = reference_id(uuid)
    callback_url = profile.callback_for(callback)
    token = profile.bearer_for(authorization)
    sent = creation.check(given(body, "body"), profile.market_for(environment), profile.sanitize)
    if creation.external_id is not None:
        sent.setdefault(creation.external_id, key)
    request = creation.endpoint()._get_kwargs(
        body=Json(sent), x_reference_id=key, x_target_environment=environment, x_callback_url=_revealed(callback_url)
    )
    call = build(creation.operation, request, token, key)
    call.managed = token is None
    call.made_by = creation.name
    call.target = environment
    call.expected = expected(creation, key, sent)
    call.look = partial(creation.status, profile, key, authorization, target)
    return call


def _revealed(callback: Secret | None) -> Unset | str:
    from momo_collection_api.types import UNSET

    return UNSET if callback is None else callback.reveal()


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
    authorization: str | None = None,
    target: str | None = None,
    body: object = None,
) -> Call[Any]:
    """The status call of a creation; with the body, its answer is held against it."""
    call = creation.status(profile, uuid, authorization, target)
    if body is not None:
        environment = profile.target_for(target)
        sent = creation.check(body, profile.market_for(environment), profile.sanitize)
        if creation.external_id is not None:
            sent.setdefault(creation.external_id, call.reference_id)
        call.expected = expected(creation, call.reference_id or "", sent)
    return call


def get_payment_status(
    profile: Profile, uuid: object, authorization: str | None = None, target: str | None = None
) -> Call[types.RequestToPayResult]:
    """`GET /collection/v1_0/requesttopay/{referenceId}`."""
    from momo_collection_api.api.request_to_pay import request_to_pay_transaction_status as endpoint

    key = known_id(uuid)
    request = endpoint._get_kwargs(key, x_target_environment=profile.target_for(target))
    return _bearer(GET_PAYMENT_STATUS, profile, authorization, request, key)


def get_withdraw_status(
    profile: Profile, uuid: object, authorization: str | None = None, target: str | None = None
) -> Call[types.RequestToPayResult]:
    """`GET /collection/v1_0/requesttowithdraw/{referenceId}`."""
    from momo_collection_api.api.withdraw import request_to_withdraw_transaction_status as endpoint

    key = known_id(uuid)
    request = endpoint._get_kwargs(key, x_target_environment=profile.target_for(target))
    return _bearer(GET_WITHDRAW_STATUS, profile, authorization, request, key)


def get_invoice_status(
    profile: Profile, uuid: object, authorization: str | None = None, target: str | None = None
) -> Call[types.InvoiceResult]:
    """`GET /collection/v2_0/invoice/{referenceId}`."""
    from momo_collection_api.api.invoice import get_invoice_status as endpoint

    key = known_id(uuid)
    request = endpoint._get_kwargs(key, x_target_environment=profile.target_for(target))
    return _bearer(GET_INVOICE_STATUS, profile, authorization, request, key)


def get_bill_payment_status(
    profile: Profile, uuid: object, authorization: str | None = None, target: str | None = None
) -> Call[types.PaymentResult]:
    """`GET /collection/v2_0/payment/{x-referenceId}`."""
    from momo_collection_api.api.payment import get_payment_status as endpoint

    key = known_id(uuid)
    request = endpoint._get_kwargs(key, x_target_environment=profile.target_for(target))
    return _bearer(GET_BILL_PAYMENT_STATUS, profile, authorization, request, key)


def get_pre_approval_status(
    profile: Profile, uuid: object, authorization: str | None = None, target: str | None = None
) -> Call[types.PreApprovalResult]:
    """`GET /collection/v2_0/preapproval/{referenceId}`."""
    from momo_collection_api.api.pre_approval import get_pre_approval_status as endpoint

    key = known_id(uuid)
    request = endpoint._get_kwargs(key, x_target_environment=profile.target_for(target))
    return _bearer(GET_PRE_APPROVAL_STATUS, profile, authorization, request, key)


def cancel_invoice(
    profile: Profile,
    uuid: object,
    external_id: str,
    cancellation: object = None,
    callback: str | None = None,
    authorization: str | None = None,
    target: str | None = None,
) -> Call[types.CancelInvoiceResult]:
    """`DELETE /collection/v2_0/invoice/{referenceId}`."""
    from momo_collection_api.api.invoice import cancel_invoice as endpoint

    key = known_id(uuid)
    sent = bodies.cancel_invoice({"externalId": given(external_id, "external_id")})
    request = endpoint._get_kwargs(
        key,
        body=cast(Any, Json(sent)),
        x_reference_id=reference_id(cancellation),
        x_target_environment=profile.target_for(target),
        x_callback_url=_revealed(profile.callback_for(callback)),
    )
    call = _bearer(CANCEL_INVOICE, profile, authorization, request, key)
    call.look = partial(get_invoice_status, profile, key, authorization, target)
    call.replay = dict(sent)
    call.expected = {"referenceId": key, **sent}
    return call


def get_approved_pre_approvals(
    profile: Profile,
    account: str,
    account_type: str = "msisdn",
    authorization: str | None = None,
    target: str | None = None,
) -> Call[list[types.PreApprovalDetails]]:
    """`GET /collection/v1_0/preapprovals/{type}/{id}`."""
    from momo_collection_api.api.pre_approval import get_approved_pre_approvals as endpoint

    environment = profile.target_for(target)
    kind = values.account_type(account_type, PRE_APPROVAL_TYPES, "account_type")
    holder = values.account(given(account, "account"), kind, "account", profile.market_for(environment))
    request = endpoint._get_kwargs(kind, holder, x_target_environment=environment)
    return _bearer(GET_APPROVED_PRE_APPROVALS, profile, authorization, request)


def cancel_pre_approval(
    profile: Profile, pre_approval_id: str, authorization: str | None = None, target: str | None = None
) -> Call[dict[str, Any]]:
    """`DELETE /collection/v1_0/preapproval/{preapprovalid}`."""
    from momo_collection_api.api.pre_approval import cancel_pre_approval as endpoint

    key = values.path_segment(given(pre_approval_id, "pre_approval_id"), "pre_approval_id")
    request = endpoint._get_kwargs(key, x_target_environment=profile.target_for(target))
    return _bearer(CANCEL_PRE_APPROVAL, profile, authorization, request)
