"""Let a customer approve later payments, list what is approved, and end it.

python examples/pre_approval.py [number]
"""

import asyncio
import sys
from uuid import uuid4

import momopy


async def pre_approve(number: str) -> bool:
    """Ask for a pre-approval, show the customer's list, and end what was asked for."""
    reference = str(uuid4())
    # The list holds no reference id: by its message an entry is told from the others.
    message = f"Monthly bread {reference[:8]}"
    async with momopy.Collection.from_env() as collection:
        asked = await collection.request_pre_approval(
            reference,
            {
                "payer": {"partyIdType": "MSISDN", "partyId": number},
                "payerCurrency": "EUR",
                "payerMessage": message,
                "validityTime": 3600,
            },
        )
        if not asked.ok and asked.data["outcome"] != "unknown":
            print(f"Not asked for: {asked.data['message']}")
            return False
        # Unknown means that the customer may have been asked. Never ask a second time: wait for this one.
        ended = await collection.wait_for_pre_approval(reference, timeout=120)
        if not ended.ok:
            print(f"{ended.data['outcome']}: {ended.data['message']} Reference {reference}")
            return False
        listed = await collection.get_approved_pre_approvals(number)
        if not listed.ok:
            print(f"Approved, but the list could not be read: {listed.data['message']} Reference {reference}")
            return False
        for entry in listed.data:
            print(f"{entry['preApprovalId']}: {entry['status']}")
        ours = next((entry["preApprovalId"] for entry in listed.data if entry["message"] == message), None)
        if ours is None:
            print(f"Approved, but not on the list. Reference {reference}")
            return False
        cancelled = await collection.cancel_pre_approval(ours)
        print(f"Ended: {ours}" if cancelled.ok else f"Not ended: {ours}: {cancelled.data['message']}")
        return cancelled.ok


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(pre_approve((sys.argv[1:] or ["46733123499"])[0])) else 1)
