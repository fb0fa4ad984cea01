"""Send an invoice, and take it back when nobody pays it.

python examples/invoice.py [number] [seconds]
"""

import asyncio
import sys

import momopy


async def invoice(number: str, seconds: float) -> str:
    """Send an invoice over 25 EUR; return how it ended."""
    async with momopy.Collection.from_env() as collection:
        sent = await collection.create_invoice(
            body={
                "externalId": "invoice-2026-117",
                "amount": "25",
                "currency": "EUR",
                "validityDuration": "3600",
                "intendedPayer": {"partyIdType": "MSISDN", "partyId": number},
                "description": "Garden work",
            }
        )
        if not sent.ok:
            return f"not sent: {sent.data['message']}"
        reference = sent.data["reference_id"]
        ended = await collection.wait_for_invoice(reference, timeout=seconds)
        if ended.ok:
            return f"paid: {ended.data['amount']} {ended.data['currency']}"
        if ended.data["outcome"] == "failed":
            return f"not paid: {ended.data['message']}"
        cancelled = await collection.cancel_invoice(reference, "invoice-2026-117")
        return "taken back" if cancelled.ok else f"still open, reference {reference}"


if __name__ == "__main__":
    number, seconds = (sys.argv[1:] + ["46733123499", "20"][len(sys.argv) - 1 :])[:2]
    print(asyncio.run(invoice(number, float(seconds))))
