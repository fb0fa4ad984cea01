"""What goes into a call and what comes out of it, as dicts with known keys.

Written by scripts/regenerate from openapi/collection.yaml and openapi/provisioning.yaml; a change made
here is lost. An answer may have more keys than these, and lists of values are open: new ones appear.
"""

from decimal import Decimal
from typing import Literal, NotRequired, TypedDict

__all__ = [
    "Accepted",
    "AccessToken",
    "ApiKey",
    "ApiUser",
    "Balance",
    "BasicUserInfo",
    "BcAuthorize",
    "BcAuthorizeResponse",
    "BooleanResult",
    "CancelInvoice",
    "CancelInvoiceResult",
    "CreateApiUser",
    "CreateInvoice",
    "CreatePayments",
    "DeliveryNotification",
    "Empty",
    "ErrorReason",
    "InvoiceResult",
    "Money",
    "Oauth2Token",
    "Oauth2TokenRequest",
    "Party",
    "PartyResult",
    "PaymentResult",
    "PreApproval",
    "PreApprovalDetails",
    "PreApprovalResult",
    "RequestToPay",
    "RequestToPayResult",
    "UserInfo",
]


class Accepted(TypedDict):
    """A create that the service took in. It is no money yet: ask for the state, or wait for it."""

    reference_id: str
    """Names the payment in every later call."""
    status: Literal["PENDING"] | str
    replayed: NotRequired[bool]
    """The service knew this reference id already, and for the same request."""


class Empty(TypedDict):
    """An answer without a body."""


class AccessToken(TypedDict):
    """A token of an API user."""

    access_token: str
    token_type: str
    """`access_token` in practice."""
    expires_in: int
    """Seconds."""


class BcAuthorize(TypedDict):
    """Whose consent is asked for, and to what. Without these three there is nothing to ask."""

    login_hint: str
    """`ID:{msisdn}/MSISDN`, for example `ID:256771234567/MSISDN`, or an id of another type."""
    scope: str
    """Scopes with spaces between them."""
    access_type: Literal["online", "offline"] | str
    consent_valid_in: NotRequired[int]
    """Seconds."""
    client_notification_token: NotRequired[str]
    scope_instruction: NotRequired[str]
    """Base64."""


class BcAuthorizeResponse(TypedDict):
    """The request for consent that is now with the account holder."""

    auth_req_id: str
    """Names the request where a token is asked for."""
    interval: NotRequired[float]
    """The least number of seconds between two tries."""
    expires_in: NotRequired[float]
    """Seconds."""


class Oauth2TokenRequest(TypedDict):
    """What an OAuth2 token is asked for with.

    The first one needs `auth_req_id`, those that follow need `refresh_token`.
    """

    grant_type: Literal["urn:openid:params:grant-type:ciba", "refresh_token"] | str
    auth_req_id: NotRequired[str]
    refresh_token: NotRequired[str]


class Oauth2Token(TypedDict):
    """A token that stands for the consent of an account holder."""

    access_token: str
    token_type: NotRequired[str]
    expires_in: NotRequired[float]
    """Seconds."""
    scope: NotRequired[str]
    refresh_token: NotRequired[str]
    refresh_token_expired_in: NotRequired[float]
    """Seconds."""


class UserInfo(TypedDict):
    """What an account holder agreed to share."""

    sub: NotRequired[str]
    name: NotRequired[str]
    given_name: NotRequired[str]
    family_name: NotRequired[str]
    middle_name: NotRequired[str]
    email: NotRequired[str]
    email_verified: NotRequired[bool]
    gender: NotRequired[str]
    locale: NotRequired[str]
    phone_number: NotRequired[str]
    phone_number_verified: NotRequired[bool]
    address: NotRequired[str]
    updated_at: NotRequired[float]
    status: NotRequired[str]
    birthdate: NotRequired[str]
    credit_score: NotRequired[str]
    active: NotRequired[bool]
    country_of_birth: NotRequired[str]
    region_of_birth: NotRequired[str]
    city_of_birth: NotRequired[str]
    occupation: NotRequired[str]
    employer_name: NotRequired[str]
    identification_type: NotRequired[str]
    identification_value: NotRequired[str]


class BasicUserInfo(TypedDict):
    """What anyone may learn about an account holder."""

    given_name: NotRequired[str]
    family_name: NotRequired[str]
    birthdate: NotRequired[str]
    locale: NotRequired[str]
    gender: NotRequired[str]
    status: NotRequired[str]


class BooleanResult(TypedDict):
    """Whether an account is registered and active."""

    result: bool
    """The word instead of the value has been seen."""


class Balance(TypedDict):
    """A balance of the own account."""

    availableBalance: str
    currency: NotRequired[str]


class Party(TypedDict):
    """One side of a payment."""

    partyIdType: Literal["MSISDN", "EMAIL", "PARTY_CODE"] | str
    partyId: str
    """For an MSISDN the number with its calling code and without `+`."""


class RequestToPay(TypedDict):
    """A payment to ask for, or a withdrawal. Without an amount, a currency and a payer there is none."""

    amount: str | int | Decimal
    """A decimal number above 0, as text. Several currencies have no minor unit."""
    currency: str
    """ISO 4217 code. The sandbox knows EUR alone."""
    externalId: NotRequired[str]
    """The caller's own name for it. It is all that a callback can be told by."""
    payer: Party
    payerMessage: NotRequired[str]
    """At most 160 characters, without `'` and `&`, which MTN answers with 400.

    An empty one was refused in production: leave the key out.
    """
    payeeNote: NotRequired[str]
    """At most 160 characters, without `'` and `&`, which MTN answers with 400.

    An empty one was refused in production: leave the key out.
    """


class PartyResult(TypedDict):
    """One side of a payment, as an answer tells it."""

    partyIdType: NotRequired[Literal["MSISDN", "EMAIL", "PARTY_CODE"] | str]
    partyId: NotRequired[str]


class ErrorReason(TypedDict):
    """What the platform says about a failure."""

    code: (
        Literal[
            "APPROVAL_REJECTED",
            "COULD_NOT_PERFORM_TRANSACTION",
            "EXPIRED",
            "INTERNAL_PROCESSING_ERROR",
            "INVALID_CALLBACK_URL_HOST",
            "INVALID_CURRENCY",
            "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED",
            "NOT_ALLOWED",
            "NOT_ALLOWED_TARGET_ENVIRONMENT",
            "NOT_ENOUGH_FUNDS",
            "PAYEE_LIMIT_REACHED",
            "PAYEE_NOT_ALLOWED_TO_RECEIVE",
            "PAYEE_NOT_FOUND",
            "PAYER_LIMIT_REACHED",
            "PAYER_NOT_FOUND",
            "PAYMENT_NOT_APPROVED",
            "RESOURCE_ALREADY_EXIST",
            "RESOURCE_NOT_FOUND",
            "SENDER_ACCOUNT_NOT_ACTIVE",
            "SERVICE_UNAVAILABLE",
            "TRANSACTION_CANCELED",
            "TRANSACTION_NOT_FOUND",
            "VALIDATION_ERROR",
        ]
        | str
    )
    message: str


class RequestToPayResult(TypedDict):
    """The state of a request to pay or of a withdrawal."""

    amount: NotRequired[str]
    """As a number the same as in the request: 12.50 comes back as 12.5."""
    currency: NotRequired[str]
    externalId: NotRequired[str]
    payer: NotRequired[PartyResult]
    payerMessage: NotRequired[str]
    payeeNote: NotRequired[str]
    financialTransactionId: NotRequired[str]
    """MTN's id of the movement of money."""
    status: Literal["CREATED", "PENDING", "SUCCESSFUL", "FAILED"] | str
    """SUCCESSFUL and FAILED are final."""
    reason: NotRequired[ErrorReason]
    """Why it failed. Declared as an object by MTN, and sent as the bare code by the real service."""


class DeliveryNotification(TypedDict):
    """A message to the payer."""

    notificationMessage: str
    """At most 160 characters, without `'` and `&`, which MTN answers with 400.

    An empty one was refused in production: leave the key out.
    """


class CreateInvoice(TypedDict):
    """A bill. Without an amount, a currency and somebody who is to pay there is none."""

    externalId: NotRequired[str]
    """The caller's own name for it. It is all that a callback can be told by."""
    amount: str | int | Decimal
    """A decimal number above 0, as text. Several currencies have no minor unit."""
    currency: str
    """ISO 4217 code. The sandbox knows EUR alone."""
    validityDuration: NotRequired[str]
    """Whole seconds, as text."""
    intendedPayer: Party
    payee: NotRequired[Party]
    description: NotRequired[str]
    """At most 160 characters, without `'` and `&`, which MTN answers with 400.

    An empty one was refused in production: leave the key out.
    """


class InvoiceResult(TypedDict):
    """The state of a bill."""

    referenceId: NotRequired[str]
    externalId: NotRequired[str]
    amount: NotRequired[str]
    currency: NotRequired[str]
    status: Literal["CREATED", "PENDING", "SUCCESSFUL", "FAILED"] | str
    """SUCCESSFUL and FAILED are final."""
    paymentReference: NotRequired[str]
    invoiceId: NotRequired[str]
    expiryDateTime: NotRequired[str]
    payeeFirstName: NotRequired[str]
    payeeLastName: NotRequired[str]
    errorReason: NotRequired[ErrorReason]
    intendedPayer: NotRequired[PartyResult]
    description: NotRequired[str]


class CancelInvoice(TypedDict):
    """Names the bill once more."""

    externalId: str
    """The caller's own name for it. It is all that a callback can be told by."""


class CancelInvoiceResult(TypedDict):
    """The bill that was taken back."""

    externalId: NotRequired[str]


class Money(TypedDict):
    """An amount in a currency."""

    amount: str | int | Decimal
    """A decimal number above 0, as text. Several currencies have no minor unit."""
    currency: str
    """ISO 4217 code. The sandbox knows EUR alone."""


class CreatePayments(TypedDict):
    """A bill payment or a purchase. Which of the other keys are needed depends on what is bought."""

    externalTransactionId: NotRequired[str]
    """The caller's own name for it. It is all that a callback can be told by."""
    money: Money
    customerReference: NotRequired[str]
    """Text without an apostrophe, which MTN answers with 400."""
    serviceProviderUserName: NotRequired[str]
    """Text without an apostrophe, which MTN answers with 400."""
    couponId: NotRequired[str]
    """Text without an apostrophe, which MTN answers with 400."""
    productId: NotRequired[str]
    """Text without an apostrophe, which MTN answers with 400."""
    productOfferingId: NotRequired[str]
    """Text without an apostrophe, which MTN answers with 400."""
    receiverMessage: NotRequired[str]
    """At most 160 characters, without `'` and `&`, which MTN answers with 400.

    An empty one was refused in production: leave the key out.
    """
    senderNote: NotRequired[str]
    """At most 160 characters, without `'` and `&`, which MTN answers with 400.

    An empty one was refused in production: leave the key out.
    """
    maxNumberOfRetries: NotRequired[int]
    includeSenderCharges: NotRequired[bool]


class PaymentResult(TypedDict):
    """The state of a bill payment."""

    referenceId: NotRequired[str]
    status: Literal["CREATED", "PENDING", "SUCCESSFUL", "FAILED"] | str
    """SUCCESSFUL and FAILED are final."""
    financialTransactionId: NotRequired[str]
    """MTN's id of the movement of money."""
    reason: NotRequired[ErrorReason]
    """Why it failed. Declared as an object by MTN, and sent as the bare code by the real service."""


class PreApproval(TypedDict):
    """A standing permission to ask for. Without a payer and a currency there is none."""

    payer: Party
    payerCurrency: str
    """ISO 4217 code. The sandbox knows EUR alone."""
    payerMessage: NotRequired[str]
    """At most 160 characters, without `'` and `&`, which MTN answers with 400.

    An empty one was refused in production: leave the key out.
    """
    validityTime: NotRequired[int]
    """Seconds."""


class PreApprovalResult(TypedDict):
    """The state of a request for a standing permission."""

    payer: NotRequired[PartyResult]
    payerCurrency: NotRequired[str]
    payerMessage: NotRequired[str]
    status: Literal["CREATED", "PENDING", "SUCCESSFUL", "FAILED"] | str
    """SUCCESSFUL and FAILED are final."""
    expirationDateTime: NotRequired[int | str]
    """MTN declares a number and describes a date."""
    reason: NotRequired[ErrorReason]
    """Why it failed. Declared as an object by MTN, and sent as the bare code by the real service."""


class PreApprovalDetails(TypedDict):
    """A standing permission."""

    preApprovalId: str
    toFri: str
    fromFri: str
    fromCurrency: str
    createdTime: str
    approvedTime: NotRequired[str]
    expiryTime: NotRequired[str]
    status: Literal["APPROVED", "CANCELLED", "EXPIRED", "REJECTED", "PENDING"] | str
    message: str
    frequency: NotRequired[Literal["DAILY", "MONTHLY", "WEEKLY"] | str]
    startDate: NotRequired[str]
    lastUsedDate: NotRequired[str]
    offer: NotRequired[str]
    externalId: NotRequired[str]
    maxDebitAmount: NotRequired[str]


class CreateApiUser(TypedDict):
    """An API user to make."""

    providerCallbackHost: str
    """The host that callbacks go to, without scheme and path. It cannot be changed later."""


class ApiUser(TypedDict):
    """An API user."""

    providerCallbackHost: str
    targetEnvironment: str


class ApiKey(TypedDict):
    """The key of an API user."""

    apiKey: str
