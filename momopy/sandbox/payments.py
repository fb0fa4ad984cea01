"""Request to pay, request to withdraw, and delivery notifications."""

from __future__ import annotations

from typing import Any

from momopy.sandbox import errors
from momopy.sandbox.call import Call
from momopy.sandbox.exchange import Answer, Later, Refused
from momopy.sandbox.outcomes import PAYMENTS_BY_PAYER, SUCCESS, WITHDRAWS_BY_PAYER
from momopy.sandbox.records import Notification
from momopy.sandbox.shapes import message, normal_amount


def _normal(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "amount": normal_amount(body["amount"])}


def request_to_pay(call: Call) -> Answer | Later:
    """`POST /v1_0/requesttopay`."""
    call.refuse_currency(call.body["currency"])
    fate = call.fate(PAYMENTS_BY_PAYER, call.body["payer"]["partyId"], SUCCESS)
    return call.accept("requesttopay", fate, _normal(call.body))


def request_to_withdraw(call: Call) -> Answer | Later:
    """`POST /v1_0/requesttowithdraw` and `POST /v2_0/requesttowithdraw`."""
    call.refuse_currency(call.body["currency"])
    fate = call.fate(WITHDRAWS_BY_PAYER, call.body["payer"]["partyId"], SUCCESS)
    return call.accept("requesttowithdraw", fate, _normal(call.body))


def get_payment_status(call: Call) -> Answer:
    """`GET /v1_0/requesttopay/{reference_id}`."""
    return call.status("requesttopay")


def get_withdraw_status(call: Call) -> Answer:
    """`GET /v1_0/requesttowithdraw/{reference_id}`."""
    return call.status("requesttowithdraw")


def notify_payer(call: Call) -> Answer:
    """`POST /v1_0/requesttopay/{reference_id}/deliverynotification`."""
    header = call.request.headers.get("notificationmessage")
    if header is not None and not message(header, call.world.switches):
        return errors.BAD_REQUEST
    record = call.known("requesttopay")
    if record.status != "SUCCESSFUL":
        raise Refused(errors.platform(500, "NOT_ALLOWED"))
    call.world.store.add(
        Notification(
            serial=call.world.store.next_serial(),
            reference_id=record.reference_id,
            message=call.body["notificationMessage"],
            language=call.request.headers.get("language"),
            at=call.world.clock.now(),
        )
    )
    call.world.changed("notifications")
    return Answer(200)
