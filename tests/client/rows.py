"""The table of operations: how each is called, what it puts on the wire, what it answers and how it is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from momopy.sandbox import Sandbox
from tests.client.twins import PAYMENT, Both, payment

CIBA = "urn:openid:params:grant-type:ciba"
PAYER = PAYMENT["payer"]
INVOICE = {
    "externalId": "order 7",
    "amount": "5",
    "currency": "EUR",
    "validityDuration": "3600",
    "intendedPayer": PAYER,
    "payee": {"partyIdType": "PARTY_CODE", "partyId": "shop"},
    "description": "tea",
}
BILL = {
    "externalTransactionId": "order 7",
    "money": {"amount": "1000", "currency": "EUR"},
    "customerReference": "meter 12",
    "serviceProviderUserName": "power",
    "couponId": "none",
    "productId": "a",
    "productOfferingId": "b",
    "receiverMessage": "paid",
    "senderNote": "note",
    "maxNumberOfRetries": 1,
    "includeSenderCharges": False,
}
PRE_APPROVAL = {"payer": PAYER, "payerCurrency": "EUR", "payerMessage": "tea each day", "validityTime": 86400}
CALLBACK = "http://localhost:9/callback"


class Stage:
    """What stands before the call: a sandbox, a managed client of it, and a new id."""

    def __init__(self, sandbox: Sandbox, client: Both) -> None:
        self.sandbox = sandbox
        self.client = client
        self.id = str(uuid4())
        self.other = str(uuid4())
        self.made = ""
        """What the preparation made for the call to name."""


class Refusal(NamedTuple):
    """Arguments that the service refuses, and how it comes back."""

    arguments: dict[str, Any]
    status: int
    code: str
    outcome: str


class Row(NamedTuple):
    """One operation."""

    method: str
    operation: str
    arguments: Callable[[Stage], dict[str, Any]]
    wire: str
    """Verb and path below the host; `{id}` and `{made}` stand for the stage's."""
    answer: Callable[[Stage], Any]
    """The data of a success, or what it must hold."""
    headers: Callable[[Stage], dict[str, str]] = lambda _: {}
    """Besides those of every call."""
    body: Any = None
    form: Mapping[str, str] | None = None
    prepare: Callable[[Stage], Awaitable[str]] | None = None
    auth: str = "bearer"
    refusals: tuple[Refusal, ...] = ()

    def __str__(self) -> str:
        return self.method


async def paid(stage: Stage) -> str:
    return str((await stage.client.request_to_pay(body=PAYMENT)).unwrap()["reference_id"])


async def withdrawn(stage: Stage) -> str:
    return str((await stage.client.withdraw(body=PAYMENT)).unwrap()["reference_id"])


async def invoiced(stage: Stage) -> str:
    return str((await stage.client.create_invoice(body=INVOICE)).unwrap()["reference_id"])


async def billed(stage: Stage) -> str:
    return str((await stage.client.create_payment(body=BILL)).unwrap()["reference_id"])


async def asked(stage: Stage) -> str:
    return str((await stage.client.request_pre_approval(body=PRE_APPROVAL)).unwrap()["reference_id"])


async def approved(stage: Stage) -> str:
    await asked(stage)
    found = (await stage.client.get_approved_pre_approvals(PAYER["partyId"])).unwrap()
    return str(found[0]["preApprovalId"])


async def consented(stage: Stage) -> str:
    return str((await stage.client.authorize("46733123499", "profile")).unwrap()["auth_req_id"])


async def consent_token(stage: Stage) -> str:
    token = (await stage.client.create_oauth2_token(await consented(stage))).unwrap()
    return "Bearer " + str(token["access_token"])


async def provisioned(stage: Stage) -> str:
    user = str(uuid4())
    (await stage.client.create_api_user(user, stage.sandbox.subscription_key, "shop.example")).unwrap()
    return user


def accepted(stage: Stage) -> Any:
    return {"reference_id": stage.id, "status": "PENDING"}


def keyed(stage: Stage) -> dict[str, str]:
    return {"x-reference-id": stage.id}


def called_back(stage: Stage) -> dict[str, str]:
    return {"x-reference-id": stage.id, "x-callback-url": CALLBACK}


def creation(body: dict[str, Any]) -> Callable[[Stage], dict[str, Any]]:
    return lambda stage: {"uuid": stage.id, "body": body, "callback": CALLBACK}


def of_made(**more: Any) -> Callable[[Stage], dict[str, Any]]:
    return lambda stage: {"uuid": stage.made, **more}


UNKNOWN_ID = str(uuid4())
NOT_KNOWN = Refusal({"uuid": UNKNOWN_ID}, 404, "RESOURCE_NOT_FOUND", "not_found")

# What MTN documents for the numbers of payers, and the statuses of its tables of answers.
BY_PAYER = {
    "46733123455": (500, "PAYER_NOT_FOUND"),
    "46733123456": (500, "PAYEE_NOT_ALLOWED_TO_RECEIVE"),
    "46733123457": (500, "NOT_ALLOWED"),
    "46733123458": (500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
    "46733123459": (500, "INVALID_CALLBACK_URL_HOST"),
    "46733123460": (500, "INVALID_CURRENCY"),
    "46733123463": (500, "COULD_NOT_PERFORM_TRANSACTION"),
}
# These two tell nothing about the fate of a payment, and a status call that finds none proves nothing either.
UNCLEAR_BY_PAYER = {
    "46733123461": (500, "INTERNAL_PROCESSING_ERROR"),
    "46733123462": (503, "SERVICE_UNAVAILABLE"),
}
HOLDERS = {
    "46733123450": (404, "RESOURCE_NOT_FOUND"),
    "46733123452": (500, "NOT_ALLOWED"),
    "46733123453": (500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
    "46733123454": (500, "INTERNAL_PROCESSING_ERROR"),
    "46733123455": (500, "SERVICE_UNAVAILABLE"),
}
PRE_APPROVAL_PAYERS = {
    "46733123455": (500, "PAYER_NOT_FOUND"),
    "46733123456": (500, "NOT_ALLOWED"),
    "46733123457": (500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
    "46733123458": (500, "INVALID_CALLBACK_URL_HOST"),
    "46733123459": (500, "INVALID_CURRENCY"),
}
ELSEWHERE = "http://elsewhere.example/callback"
FOREIGN_CALLBACK = (500, "INVALID_CALLBACK_URL_HOST")


def _payers(unclear_status: int | None = None) -> tuple[Refusal, ...]:
    rows = [Refusal({"body": payment(number)}, *said, "not_created") for number, said in BY_PAYER.items()]
    for number, (status, code) in UNCLEAR_BY_PAYER.items():
        rows.append(Refusal({"body": payment(number)}, unclear_status or status, code, "unknown"))
    rows.append(Refusal({"callback": ELSEWHERE}, *FOREIGN_CALLBACK, "not_created"))
    return tuple(rows)


def _holders(parameter: str) -> tuple[Refusal, ...]:
    return tuple(
        Refusal({parameter: number}, status, code, "not_found" if status == 404 else "error")
        for number, (status, code) in HOLDERS.items()
    )


USER_INFO = (
    "sub name given_name family_name middle_name email email_verified gender locale phone_number "
    "phone_number_verified address updated_at status birthdate credit_score active country_of_birth region_of_birth "
    "city_of_birth occupation employer_name identification_type identification_value"
).split()

COLLECTION = [
    Row(
        "create_access_token",
        "CreateAccessToken",
        lambda _: {},
        "POST /collection/token/",
        lambda _: {"access_token": str, "token_type": "access_token", "expires_in": 3600},
        auth="basic",
    ),
    Row(
        "authorize",
        "bc-authorize",
        lambda _: {
            "login_hint": "46733123499",
            "scope": "profile email",
            "access_type": "offline",
            "consent_valid_in": 60,
            "callback": CALLBACK,
        },
        "POST /collection/v1_0/bc-authorize",
        lambda _: {"auth_req_id": str, "interval": 5, "expires_in": 3600},
        headers=lambda _: {"x-callback-url": CALLBACK},
        form={
            "login_hint": "ID:46733123499/MSISDN",
            "scope": "profile email",
            "access_type": "offline",
            "consent_valid_in": "60",
        },
        refusals=(Refusal({"callback": ELSEWHERE}, *FOREIGN_CALLBACK, "not_created"),),
    ),
    Row(
        "create_oauth2_token",
        "CreateOauth2Token",
        lambda stage: {"auth_req_id": stage.made},
        "POST /collection/oauth2/token/",
        lambda _: {"access_token": str, "token_type": "Bearer", "expires_in": 3600, "scope": "profile"},
        form={"grant_type": CIBA, "auth_req_id": "{made}"},
        prepare=consented,
        auth="basic",
        refusals=(Refusal({"auth_req_id": UNKNOWN_ID}, 400, "INVALID_GRANT", "not_created"),),
    ),
    Row(
        "ask_user_info",
        "GetUserInfoWithConsent",
        lambda _: {},
        "GET /collection/oauth2/v1_0/userinfo",
        lambda _: dict.fromkeys(USER_INFO, object),
        prepare=consent_token,
        auth="consent",
    ),
    Row(
        "get_basic_user_info",
        "GetBasicUserinfo",
        lambda _: {"msisdn": "46733123499"},
        "GET /collection/v1_0/accountholder/msisdn/46733123499/basicuserinfo",
        lambda _: {
            "given_name": "Sand",
            "family_name": "Box",
            "birthdate": "1976-08-13",
            "locale": "sv_SE",
            "gender": "MALE",
            "status": "ACTIVE",
        },
        refusals=_holders("msisdn"),
    ),
    Row(
        "is_active",
        "ValidateAccountHolderStatus",
        lambda _: {"account": "someone@example.com", "account_type": "email"},
        "GET /collection/v1_0/accountholder/email/someone%40example.com/active",
        lambda _: {"result": True},
        refusals=(
            *(
                refusal._replace(arguments={**refusal.arguments, "account_type": "msisdn"})
                for refusal in _holders("account")
            ),
            Refusal({"account": "notfound@email.com"}, 404, "RESOURCE_NOT_FOUND", "not_found"),
            Refusal({"account": "notallowed@email.com"}, 500, "NOT_ALLOWED", "error"),
        ),
    ),
    Row(
        "get_account_balance",
        "GetAccountBalance",
        lambda _: {},
        "GET /collection/v1_0/account/balance",
        lambda _: {"availableBalance": "1000", "currency": "EUR"},
    ),
    Row(
        "get_account_balance_in",
        "GetAccountBalanceInSpecificCurrency",
        lambda _: {"currency": "EUR"},
        "GET /collection/v1_0/account/balance/EUR",
        lambda _: {"availableBalance": "1000", "currency": "EUR"},
    ),
    Row(
        "request_to_pay",
        "RequesttoPay",
        creation(PAYMENT),
        "POST /collection/v1_0/requesttopay",
        accepted,
        headers=called_back,
        body=PAYMENT,
        refusals=(*_payers(), Refusal({"body": payment("46733123464")}, 500, "TRANSFER_TYPE_UNKNOWN", "not_created")),
    ),
    Row(
        "get_payment_status",
        "RequesttoPayTransactionStatus",
        of_made(),
        "GET /collection/v1_0/requesttopay/{made}",
        lambda _: {**PAYMENT, "status": "SUCCESSFUL", "financialTransactionId": str},
        prepare=paid,
        refusals=(NOT_KNOWN,),
    ),
    Row(
        "notify_payer",
        "RequesttoPayDeliveryNotification",
        of_made(message="tea is ready", language="en"),
        "POST /collection/v1_0/requesttopay/{made}/deliverynotification",
        lambda _: {},
        headers=lambda _: {"notificationmessage": "tea is ready", "language": "en"},
        body={"notificationMessage": "tea is ready"},
        prepare=paid,
        refusals=(NOT_KNOWN,),
    ),
    Row(
        "withdraw",
        "RequestToWithdraw-V2",
        creation(PAYMENT),
        "POST /collection/v2_0/requesttowithdraw",
        accepted,
        headers=called_back,
        body=PAYMENT,
        refusals=_payers(500),
    ),
    Row(
        "get_withdraw_status",
        "RequestToWithdrawTransactionStatus",
        of_made(),
        "GET /collection/v1_0/requesttowithdraw/{made}",
        lambda _: {**PAYMENT, "status": "SUCCESSFUL", "financialTransactionId": str},
        prepare=withdrawn,
        refusals=(NOT_KNOWN,),
    ),
    Row(
        "create_invoice",
        "CreateInvoice",
        creation(INVOICE),
        "POST /collection/v2_0/invoice",
        accepted,
        headers=called_back,
        body=INVOICE,
        refusals=(Refusal({"callback": ELSEWHERE}, *FOREIGN_CALLBACK, "not_created"),),
    ),
    Row(
        "get_invoice_status",
        "GetInvoiceStatus",
        of_made(),
        "GET /collection/v2_0/invoice/{made}",
        lambda stage: {
            "referenceId": stage.made,
            **{key: INVOICE[key] for key in ("externalId", "amount", "currency", "intendedPayer", "description")},
            "status": "CREATED",
            **dict.fromkeys(("paymentReference", "invoiceId", "expiryDateTime"), str),
            **dict.fromkeys(("payeeFirstName", "payeeLastName"), str),
        },
        prepare=invoiced,
        refusals=(NOT_KNOWN,),
    ),
    Row(
        "cancel_invoice",
        "CancelInvoice",
        of_made(external_id="order 7", callback=CALLBACK),
        "DELETE /collection/v2_0/invoice/{made}",
        lambda _: {"externalId": "order 7"},
        headers=lambda stage: {"x-reference-id": stage.other, "x-callback-url": CALLBACK},
        body={"externalId": "order 7"},
        prepare=invoiced,
        refusals=(NOT_KNOWN._replace(outcome="not_created"),),
    ),
    Row(
        "create_payment",
        "CreatePayments",
        creation(BILL),
        "POST /collection/v2_0/payment",
        accepted,
        headers=called_back,
        body=BILL,
        refusals=(
            Refusal(
                {"body": {**BILL, "money": {"amount": "7000", "currency": "EUR"}}},
                500,
                "TRANSFER_TYPE_UNKNOWN",
                "not_created",
            ),
            Refusal({"callback": ELSEWHERE}, *FOREIGN_CALLBACK, "not_created"),
        ),
    ),
    Row(
        "get_bill_payment_status",
        "GetPaymentStatus",
        of_made(),
        "GET /collection/v2_0/payment/{made}",
        lambda stage: {"referenceId": stage.made, "status": "SUCCESSFUL", "financialTransactionId": str},
        prepare=billed,
        refusals=(NOT_KNOWN,),
    ),
    Row(
        "request_pre_approval",
        "PreApproval",
        creation(PRE_APPROVAL),
        "POST /collection/v2_0/preapproval",
        accepted,
        headers=called_back,
        body=PRE_APPROVAL,
        refusals=(
            *(
                Refusal(
                    {"body": {**PRE_APPROVAL, "payer": {"partyIdType": "MSISDN", "partyId": number}}},
                    *said,
                    "not_created",
                )
                for number, said in PRE_APPROVAL_PAYERS.items()
            ),
            Refusal({"callback": ELSEWHERE}, *FOREIGN_CALLBACK, "not_created"),
        ),
    ),
    Row(
        "get_pre_approval_status",
        "GetPreApprovalStatus",
        of_made(),
        "GET /collection/v2_0/preapproval/{made}",
        lambda _: {
            **{key: PRE_APPROVAL[key] for key in ("payer", "payerCurrency", "payerMessage")},
            "status": "SUCCESSFUL",
            "expirationDateTime": str,
        },
        prepare=asked,
        refusals=(NOT_KNOWN,),
    ),
    Row(
        "get_approved_pre_approvals",
        "GetApprovedPreApprovals",
        lambda _: {"account": PAYER["partyId"]},
        f"GET /collection/v1_0/preapprovals/msisdn/{PAYER['partyId']}",
        lambda stage: [
            {
                "preApprovalId": stage.made,
                "status": "APPROVED",
                "message": "tea each day",
                "fromCurrency": "EUR",
                **dict.fromkeys(("toFri", "fromFri", "createdTime", "approvedTime", "expiryTime"), str),
            }
        ],
        prepare=approved,
    ),
    Row(
        "cancel_pre_approval",
        "CancelPreApproval",
        lambda stage: {"pre_approval_id": stage.made},
        "DELETE /collection/v1_0/preapproval/{made}",
        lambda _: {},
        prepare=approved,
        refusals=(NOT_KNOWN._replace(arguments={"pre_approval_id": UNKNOWN_ID}, outcome="not_created"),),
    ),
]

PROVISIONING = [
    Row(
        "create_api_user",
        "CreateApiUser",
        lambda stage: {"uuid": stage.id, "url_callback": "https://shop.example/momo"},
        "POST /v1_0/apiuser",
        lambda _: {},
        headers=keyed,
        body={"providerCallbackHost": "shop.example"},
        auth="key",
    ),
    Row(
        "get_api_user",
        "GetApiUser",
        of_made(),
        "GET /v1_0/apiuser/{made}",
        lambda _: {"providerCallbackHost": "shop.example", "targetEnvironment": "sandbox"},
        prepare=provisioned,
        auth="key",
        refusals=(NOT_KNOWN,),
    ),
    Row(
        "create_api_key",
        "CreateApiKey",
        of_made(),
        "POST /v1_0/apiuser/{made}/apikey",
        lambda _: {"apiKey": str},
        prepare=provisioned,
        auth="key",
        refusals=(NOT_KNOWN,),
    ),
]
