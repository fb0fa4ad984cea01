"""Invoices: created, paid by hand or by number, expired, cancelled once."""

from __future__ import annotations

from momopy.sandbox import errors
from momopy.sandbox.call import Call
from momopy.sandbox.clock import iso
from momopy.sandbox.exchange import Answer, Later, Refused, json_answer
from momopy.sandbox.outcomes import INVOICES_BY_PAYER, Course, Fate, Step
from momopy.sandbox.shapes import normal_amount


def create_invoice(call: Call) -> Answer | Later:
    """`POST /v2_0/invoice`."""
    world, body = call.world, call.body
    call.refuse_currency(body["currency"])
    details = {
        "invoiceId": str(world.rng.randrange(10**8, 10**9)),
        "paymentReference": str(world.rng.randrange(10**8, 10**9)),
    }
    payer = body.get("intendedPayer", {}).get("partyId", "")
    waiting = Course("CREATED")
    fate: Fate = waiting if world.holds(payer) else INVOICES_BY_PAYER.get(payer, waiting)
    if "validityDuration" in body:
        validity = float(body["validityDuration"])
        details["expiryDateTime"] = iso(world.clock.now() + validity)
        if fate is waiting:
            fate = Course("CREATED", None, (Step((validity, validity), "FAILED", "EXPIRED"),))
    return call.accept("invoice", fate, {**body, "amount": normal_amount(body["amount"])}, details)


def get_invoice_status(call: Call) -> Answer:
    """`GET /v2_0/invoice/{reference_id}`."""
    return call.status("invoice")


def cancel_invoice(call: Call) -> Answer:
    """`DELETE /v2_0/invoice/{reference_id}`."""
    record = call.known("invoice")
    external_id = call.body["externalId"]
    if record.body.get("externalId", external_id) != external_id:
        return errors.BAD_REQUEST
    # What is paid, expired or cancelled is no open invoice any more.
    if record.final:
        raise Refused(errors.NOT_FOUND)
    if call.callback_url is not None:
        record.callback_url = call.callback_url
    call.world.conclude(record, "FAILED", "TRANSACTION_CANCELED")
    return json_answer(200, {"externalId": external_id})
