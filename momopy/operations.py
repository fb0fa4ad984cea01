"""All operations but the creations: what each is called, and how its arguments become a `Call`. No I/O.

The request itself is built by the generated endpoint, which is loaded at its first use: all of the generated
package together takes longer to import than httpx does.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from momopy import bodies, creations, values
from momopy.building import Json, bearer, build, builds, given, revealed
from momopy.calls import CANCEL, READ, TOKEN, UNKEYED, Call, Operation
from momopy.profile import Profile, known_id, reference_id
from momopy.secret import Secret

if TYPE_CHECKING:
    from momopy import types

CREATE_ACCESS_TOKEN: Final = Operation(
    "CreateAccessToken", "/collection/token/", TOKEN, (200,), "token", ("access_token", "token_type")
)
AUTHORIZE: Final = Operation(
    "bc-authorize", "/collection/v1_0/bc-authorize", UNKEYED, (200,), "object", ("auth_req_id",)
)
CREATE_OAUTH2_TOKEN: Final = Operation(
    "CreateOauth2Token", "/collection/oauth2/token/", UNKEYED, (200,), "object", ("access_token",)
)
GET_USER_INFO: Final = Operation("GetUserInfoWithConsent", "/collection/oauth2/v1_0/userinfo", READ, (200,), "object")
GET_BASIC_USER_INFO: Final = Operation(
    "GetBasicUserinfo", "/collection/v1_0/accountholder/{type}/{id}/basicuserinfo", READ, (200,), "object"
)
IS_ACTIVE: Final = Operation(
    "ValidateAccountHolderStatus", "/collection/v1_0/accountholder/{type}/{id}/active", READ, (200,), "boolean"
)
GET_BALANCE: Final = Operation(
    "GetAccountBalance", "/collection/v1_0/account/balance", READ, (200,), "object", ("availableBalance",)
)
GET_BALANCE_IN: Final = Operation(
    "GetAccountBalanceInSpecificCurrency",
    "/collection/v1_0/account/balance/{currency}",
    READ,
    (200,),
    "object",
    ("availableBalance",),
)
NOTIFY_PAYER: Final = Operation(
    "RequesttoPayDeliveryNotification",
    "/collection/v1_0/requesttopay/{referenceId}/deliverynotification",
    UNKEYED,
    (200,),
    "empty",
)
CANCEL_INVOICE: Final = Operation(
    "CancelInvoice",
    "/collection/v2_0/invoice/{referenceId}",
    CANCEL,
    (200,),
    "empty",
    settled=("CANCELLED", "CANCELED"),
)
GET_APPROVED_PRE_APPROVALS: Final = Operation(
    "GetApprovedPreApprovals", "/collection/v1_0/preapprovals/{type}/{id}", READ, (200,), "objects"
)
CANCEL_PRE_APPROVAL: Final = Operation(
    "CancelPreApproval", "/collection/v1_0/preapproval/{preapprovalid}", CANCEL, (200,), "empty", settled=()
)
HOLDER_TYPES: Final = ("msisdn", "email", "party_code")
PRE_APPROVAL_TYPES: Final = ("msisdn", "email", "id", "alias")


@builds(CREATE_ACCESS_TOKEN)
def create_access_token(profile: Profile, authorization: str | Secret | None = None) -> Call[types.AccessToken]:
    """`POST /collection/token/`."""
    from momo_collection_api.api.token import create_access_token as endpoint

    call = build(CREATE_ACCESS_TOKEN, endpoint._get_kwargs(), profile.basic_for(authorization))
    # The new platform demands it here too, and the old one does not mind.
    call.headers.append((b"X-Target-Environment", profile.target.encode()))
    return call


@builds(GET_BALANCE)
def get_account_balance(
    profile: Profile, authorization: str | Secret | None = None, target: str | None = None
) -> Call[types.Balance]:
    """`GET /collection/v1_0/account/balance`."""
    from momo_collection_api.api.account import get_account_balance as endpoint

    request = endpoint._get_kwargs(x_target_environment=profile.target_for(target))
    return bearer(GET_BALANCE, profile, authorization, request)


@builds(GET_BALANCE_IN)
def get_account_balance_in(
    profile: Profile, currency: str, authorization: str | Secret | None = None, target: str | None = None
) -> Call[types.Balance]:
    """`GET /collection/v1_0/account/balance/{currency}`."""
    from momo_collection_api.api.account import get_account_balance_in_specific_currency as endpoint

    environment = profile.target_for(target)
    code = values.currency(given(currency, "currency"), "currency", profile.market_for(environment))
    return bearer(GET_BALANCE_IN, profile, authorization, endpoint._get_kwargs(code, x_target_environment=environment))


@builds(GET_BASIC_USER_INFO)
def get_basic_user_info(
    profile: Profile, msisdn: str, authorization: str | Secret | None = None, target: str | None = None
) -> Call[types.BasicUserInfo]:
    """`GET /collection/v1_0/accountholder/msisdn/{msisdn}/basicuserinfo`."""
    from momo_collection_api.api.account import get_basic_user_info as endpoint

    environment = profile.target_for(target)
    number = values.msisdn(given(msisdn, "msisdn"), "msisdn", profile.market_for(environment))
    request = endpoint._get_kwargs("msisdn", number, x_target_environment=environment)
    return bearer(GET_BASIC_USER_INFO, profile, authorization, request)


@builds(IS_ACTIVE)
def is_active(
    profile: Profile,
    account: str,
    account_type: str = "msisdn",
    authorization: str | Secret | None = None,
    target: str | None = None,
) -> Call[types.BooleanResult]:
    """`GET /collection/v1_0/accountholder/{type}/{id}/active`."""
    from momo_collection_api.api.account import validate_account_holder_status as endpoint

    environment = profile.target_for(target)
    kind = values.account_type(account_type, HOLDER_TYPES, "account_type")
    holder = values.account(given(account, "account"), kind, "account", profile.market_for(environment))
    return bearer(
        IS_ACTIVE, profile, authorization, endpoint._get_kwargs(kind, holder, x_target_environment=environment)
    )


@builds(GET_USER_INFO)
def get_user_info(
    profile: Profile, authorization: str | Secret | None = None, target: str | None = None
) -> Call[types.UserInfo]:
    """`GET /collection/oauth2/v1_0/userinfo`, with a token that stands for a consent."""
    from momo_collection_api.api.consent import get_user_info_with_consent as endpoint

    request = endpoint._get_kwargs(x_target_environment=profile.target_for(target))
    token = Secret(values.bearer_token(given(authorization, "authorization")))
    return build(GET_USER_INFO, request, token)


@builds(AUTHORIZE)
def authorize(
    profile: Profile,
    login_hint: str,
    scope: str,
    access_type: str = "online",
    consent_valid_in: int | None = None,
    client_notification_token: str | Secret | None = None,
    scope_instruction: str | None = None,
    callback: str | Secret | None = None,
    authorization: str | Secret | None = None,
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
        x_callback_url=revealed(profile.callback_for(callback)),
    )
    return bearer(AUTHORIZE, profile, authorization, request)


@builds(CREATE_OAUTH2_TOKEN)
def create_oauth2_token(
    profile: Profile,
    auth_req_id: str | Secret | None = None,
    refresh_token: str | Secret | None = None,
    grant_type: str | None = None,
    authorization: str | Secret | None = None,
    target: str | None = None,
) -> Call[types.Oauth2Token]:
    """`POST /collection/oauth2/token/`."""
    from momo_collection_api.api.consent import create_oauth_2_token as endpoint

    environment = profile.target_for(target)
    token = profile.basic_for(authorization)
    form = bodies.oauth2_token(auth_req_id, refresh_token, grant_type)
    request = endpoint._get_kwargs(body=cast(Any, Json(form)), x_target_environment=environment)
    return build(CREATE_OAUTH2_TOKEN, request, token)


@builds(NOTIFY_PAYER)
def notify_payer(
    profile: Profile,
    uuid: object,
    message: str,
    language: str | None = None,
    authorization: str | Secret | None = None,
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
        # A header holds ASCII alone, and no space at its ends; the body has the message as it is.
        notification_message=text if text.isascii() and text == text.strip() else UNSET,
        language=UNSET if language is None else values.language(language),
    )
    return bearer(NOTIFY_PAYER, profile, authorization, request, key)


@builds(CANCEL_INVOICE)
def cancel_invoice(
    profile: Profile,
    uuid: object,
    external_id: str,
    cancellation: object = None,
    callback: str | Secret | None = None,
    authorization: str | Secret | None = None,
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
        x_callback_url=revealed(profile.callback_for(callback)),
    )
    call = bearer(CANCEL_INVOICE, profile, authorization, request, key)
    call.look = partial(creations.status, profile, creations.INVOICE, key, authorization, target)
    call.replay = dict(sent)
    call.expected = {"referenceId": key, **sent}
    return call


@builds(GET_APPROVED_PRE_APPROVALS)
def get_approved_pre_approvals(
    profile: Profile,
    account: str,
    account_type: str = "msisdn",
    authorization: str | Secret | None = None,
    target: str | None = None,
) -> Call[list[types.PreApprovalDetails]]:
    """`GET /collection/v1_0/preapprovals/{type}/{id}`."""
    from momo_collection_api.api.pre_approval import get_approved_pre_approvals as endpoint

    environment = profile.target_for(target)
    kind = values.account_type(account_type, PRE_APPROVAL_TYPES, "account_type")
    holder = values.account(given(account, "account"), kind, "account", profile.market_for(environment))
    request = endpoint._get_kwargs(kind, holder, x_target_environment=environment)
    return bearer(GET_APPROVED_PRE_APPROVALS, profile, authorization, request)


@builds(CANCEL_PRE_APPROVAL)
def cancel_pre_approval(
    profile: Profile, pre_approval_id: str, authorization: str | Secret | None = None, target: str | None = None
) -> Call[dict[str, Any]]:
    """`DELETE /collection/v1_0/preapproval/{preapprovalid}`."""
    from momo_collection_api.api.pre_approval import cancel_pre_approval as endpoint

    key = values.path_segment(given(pre_approval_id, "pre_approval_id"), "pre_approval_id")
    request = endpoint._get_kwargs(key, x_target_environment=profile.target_for(target))
    return bearer(CANCEL_PRE_APPROVAL, profile, authorization, request)
