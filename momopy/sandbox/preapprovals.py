"""Pre-approvals: asked for, approved, listed, cancelled."""

from __future__ import annotations

from typing import Any

from momopy.sandbox import errors
from momopy.sandbox.call import Call
from momopy.sandbox.clock import iso
from momopy.sandbox.credentials import new_uuid
from momopy.sandbox.exchange import Answer, Later, Refused, json_answer
from momopy.sandbox.outcomes import (
    NO_APPROVED_PRE_APPROVALS,
    PRE_APPROVALS_BY_PAYER,
    SUCCESS,
)
from momopy.sandbox.records import Transaction
from momopy.sandbox.shapes import party_fits
from momopy.sandbox.world import World

_PARTY_TYPES = {"msisdn": "MSISDN", "email": "EMAIL", "id": "ID", "alias": "ALIAS"}


def request_pre_approval(call: Call) -> Answer | Later:
    """`POST /v2_0/preapproval`."""
    call.refuse_currency(call.body["payerCurrency"])
    details = {"preApprovalId": new_uuid(call.world.rng)}
    if "validityTime" in call.body:
        details["expiryTime"] = iso(call.world.clock.now() + float(call.body["validityTime"]))
    fate = call.fate(PRE_APPROVALS_BY_PAYER, call.body["payer"]["partyId"], SUCCESS)
    return call.accept("preapproval", fate, call.body, details)


def get_pre_approval_status(call: Call) -> Answer:
    """`GET /v2_0/preapproval/{reference_id}`."""
    return call.status("preapproval")


def approval_status(world: World, record: Transaction) -> str:
    """APPROVED, CANCELLED, EXPIRED, REJECTED or PENDING."""
    if "cancelled" in record.details:
        return "CANCELLED"
    if record.status == "FAILED":
        return "EXPIRED" if record.reason == "EXPIRED" else "REJECTED"
    if not record.final:
        return "PENDING"
    expiry = record.details.get("expiryTime")
    return "EXPIRED" if expiry is not None and expiry <= iso(world.clock.now()) else "APPROVED"


def _details(record: Transaction) -> dict[str, Any]:
    payer = record.body["payer"]
    document = {
        "preApprovalId": record.details["preApprovalId"],
        "toFri": f"FRI:{record.api_user}/USER",
        "fromFri": f"FRI:{payer['partyId']}/{payer['partyIdType']}",
        "fromCurrency": record.body["payerCurrency"],
        "createdTime": iso(record.created_at),
        "approvedTime": iso(record.changed_at),
        "status": "APPROVED",
        "message": record.body.get("payerMessage", ""),
    }
    if "expiryTime" in record.details:
        document["expiryTime"] = record.details["expiryTime"]
    return document


def _is_payer(record: Transaction, kind: str, party_id: str) -> bool:
    payer = record.body["payer"]
    return bool(payer["partyIdType"] == kind and payer["partyId"] == party_id)


def get_approved_pre_approvals(call: Call) -> Answer:
    """`GET /v1_0/preapprovals/{type}/{id}`."""
    kind = _PARTY_TYPES.get(call.params["type"].lower())
    party_id = call.params["id"]
    if kind is None or not party_fits(kind, party_id):
        return errors.BAD_REQUEST
    if party_id == NO_APPROVED_PRE_APPROVALS:
        return json_answer(200, [])
    approved = [
        _details(record)
        for record in call.world.store.transactions("preapproval")
        if _is_payer(record, kind, party_id) and approval_status(call.world, record) == "APPROVED"
    ]
    return json_answer(200, approved)


def cancel_pre_approval(call: Call) -> Answer:
    """`DELETE /v1_0/preapproval/{preapprovalid}`."""
    for record in call.world.store.transactions("preapproval"):
        if record.details["preApprovalId"] == call.params["reference_id"]:
            if approval_status(call.world, record) != "APPROVED":
                break
            record.details["cancelled"] = iso(call.world.clock.now())
            call.world.store.save(record)
            call.world.changed("transactions")
            return Answer(200)
    raise Refused(errors.NOT_FOUND)
