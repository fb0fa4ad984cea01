"""The status documents: what a GET answers and, without any id, what a callback carries."""

from __future__ import annotations

from typing import Any

from momopy.sandbox.errors import TEXTS
from momopy.sandbox.records import Transaction
from momopy.sandbox.settings import Switches


def status_document(record: Transaction, switches: Switches) -> dict[str, Any]:
    """The status answer for a transaction; fields that do not apply are left out."""
    match record.kind:
        case "requesttopay" | "requesttowithdraw":
            return _payment(record, switches)
        case "invoice":
            return _invoice(record)
        case "payment":
            return _bill(record, switches)
        case "preapproval":
            return _pre_approval(record, switches)


def callback_document(record: Transaction, switches: Switches) -> dict[str, Any]:
    """The same without any reference id: only externalId names the payment (measured)."""
    document = status_document(record, switches)
    document.pop("referenceId", None)
    return document


def error_reason(code: str) -> dict[str, str]:
    """A reason in its documented shape."""
    return {"code": code, "message": TEXTS.get(code, code)}


def _reason(record: Transaction, switches: Switches) -> dict[str, Any]:
    if record.reason is None:
        return {}
    return {"reason": record.reason if switches.reason_shape == "string" else error_reason(record.reason)}


def _transaction_id(record: Transaction) -> dict[str, Any]:
    transaction_id = record.details.get("financialTransactionId")
    return {} if transaction_id is None else {"financialTransactionId": transaction_id}


def _kept(record: Transaction, *keys: str) -> dict[str, Any]:
    return {key: record.body[key] for key in keys if key in record.body}


def _payment(record: Transaction, switches: Switches) -> dict[str, Any]:
    return {
        **_transaction_id(record),
        **_kept(
            record,
            "externalId",
            "amount",
            "currency",
            "payer",
            "payerMessage",
            "payeeNote",
        ),
        "status": record.status,
        **_reason(record, switches),
    }


def _invoice(record: Transaction) -> dict[str, Any]:
    details = record.details
    document = {
        "referenceId": record.reference_id,
        **_kept(record, "externalId", "amount", "currency"),
        "status": record.status,
        "paymentReference": details["paymentReference"],
        "invoiceId": details["invoiceId"],
        **_kept(record, "intendedPayer", "description"),
        "payeeFirstName": "Sand",
        "payeeLastName": "Box",
    }
    if "expiryDateTime" in details:
        document["expiryDateTime"] = details["expiryDateTime"]
    if record.reason is not None:
        document["errorReason"] = error_reason(record.reason)
    return document


def _bill(record: Transaction, switches: Switches) -> dict[str, Any]:
    return {
        "referenceId": record.reference_id,
        "status": record.status,
        **_transaction_id(record),
        **_reason(record, switches),
    }


def _pre_approval(record: Transaction, switches: Switches) -> dict[str, Any]:
    document = {
        **_kept(record, "payer", "payerCurrency", "payerMessage"),
        "status": record.status,
        **_reason(record, switches),
    }
    if "expiryTime" in record.details:
        document["expirationDateTime"] = record.details["expiryTime"]
    return document
