"""Collect a payment, awaited.

python examples/pay.py [number] [amount]
"""

import asyncio
import sys

import momopy
from momopy.types import RequestToPay


async def pay(number: str, amount: str) -> bool:
    """Ask for the payment, and wait until the payer has answered."""
    body: RequestToPay = {
        "amount": amount,
        "currency": "EUR",
        "externalId": "order-1001",
        "payer": {"partyIdType": "MSISDN", "partyId": number},
        "payerMessage": "Two coffees",
    }
    async with momopy.Collection.from_env() as collection:
        asked = await collection.request_to_pay(body=body)
        if not asked.ok and asked.data["outcome"] != "unknown":
            print(f"Not asked for: {asked.data['message']}")
            return False
        # Unknown means that money may have moved. Never start a second payment: ask about this one.
        reference = asked.data["reference_id"]
        assert reference is not None
        ended = await collection.wait_for_payment(reference, 120, lambda status: print(f"  {status['status']}"))
        if ended.ok:
            print(f"Paid: {ended.data['amount']} {ended.data['currency']}")
        elif ended.data["outcome"] == "failed":
            print(f"Not paid: {ended.data['message']}")
        else:
            print(f"Ask again later, with reference {reference}: {ended.data['message']}")
        return ended.ok


if __name__ == "__main__":
    number, amount = (sys.argv[1:] + ["46733123499", "5"][len(sys.argv) - 1 :])[:2]
    sys.exit(0 if asyncio.run(pay(number, amount)) else 1)
