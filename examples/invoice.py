"""Send an invoice, and take it back when nobody pays it.

python examples/invoice.py [number] [seconds]
"""

import asyncio
import sys

import momopy
from momopy.types import CreateInvoice


async def invoice(number: str, seconds: float) -> bool:
    """Send an invoice over 25 EUR, and wait until it is paid."""
    body: CreateInvoice = {
        "externalId": "invoice-2026-117",
        "amount": "25",
        "currency": "EUR",
        "validityDuration": "3600",
        "intendedPayer": {"partyIdType": "MSISDN", "partyId": number},
        "description": "Garden work",
    }
    async with momopy.Collection.from_env() as collection:
        sent = await collection.create_invoice(body=body)
        if not sent.ok and sent.data["outcome"] != "unknown":
            print(f"Not sent: {sent.data['message']}")
            return False
        # Unknown means that the customer may have it. Never send a second one: ask about this one.
        reference = sent.data["reference_id"]
        assert reference is not None
        ended = await collection.wait_for_invoice(reference, timeout=seconds)
        if ended.ok:
            print(f"Paid: {ended.data['amount']} {ended.data['currency']}")
        elif ended.data["outcome"] == "failed":
            print(f"Not paid: {ended.data['message']}")
        else:
            cancelled = await collection.cancel_invoice(reference, "invoice-2026-117")
            # Where that fails it may have been paid just now, or nobody knows yet whether it was sent.
            failure = "" if cancelled.ok else cancelled.data["message"]
            print(f"Ask again later, with reference {reference}: {failure}" if failure else "Taken back.")
        return ended.ok


if __name__ == "__main__":
    number, seconds = (sys.argv[1:] + ["46733123499", "20"][len(sys.argv) - 1 :])[:2]
    sys.exit(0 if asyncio.run(invoice(number, float(seconds))) else 1)
