"""Bills and top-ups: MTN calls them payments. Their fate goes by the amount, and they name no payer."""

from __future__ import annotations

from momopy.sandbox.call import Call
from momopy.sandbox.exchange import Answer, Later
from momopy.sandbox.outcomes import BILLS_BY_AMOUNT, ONGOING, SUCCESS
from momopy.sandbox.shapes import normal_amount


def create_payments(call: Call) -> Answer | Later:
    """`POST /v2_0/payment`."""
    money = call.body["money"]
    call.refuse_currency(money["currency"])
    amount = normal_amount(money["amount"])
    body = {**call.body, "money": {**money, "amount": amount}}
    fate = ONGOING if call.world.holds(None) else BILLS_BY_AMOUNT.get(amount, SUCCESS)
    return call.accept("payment", fate, body)


def get_payment_status(call: Call) -> Answer:
    """`GET /v2_0/payment/{reference_id}`."""
    return call.status("payment")
