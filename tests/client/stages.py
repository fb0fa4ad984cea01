"""What a row of the table of operations is made of: bodies, what stands before a call, how it may be refused."""

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


def payers(unclear_status: int | None = None) -> tuple[Refusal, ...]:
    rows = [Refusal({"body": payment(number)}, *said, "not_created") for number, said in BY_PAYER.items()]
    for number, (status, code) in UNCLEAR_BY_PAYER.items():
        rows.append(Refusal({"body": payment(number)}, unclear_status or status, code, "unknown"))
    rows.append(Refusal({"callback": ELSEWHERE}, *FOREIGN_CALLBACK, "not_created"))
    return tuple(rows)


def holders(parameter: str) -> tuple[Refusal, ...]:
    return tuple(
        Refusal({parameter: number}, status, code, "not_found" if status == 404 else "error")
        for number, (status, code) in HOLDERS.items()
    )


USER_INFO = (
    "sub name given_name family_name middle_name email email_verified gender locale phone_number "
    "phone_number_verified address updated_at status birthdate credit_score active country_of_birth region_of_birth "
    "city_of_birth occupation employer_name identification_type identification_value"
).split()
