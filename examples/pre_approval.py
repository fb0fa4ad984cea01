"""Let a customer approve later payments, list what is approved, and end it.

python examples/pre_approval.py [number]
"""

import asyncio
import sys

import momopy


async def pre_approve(number: str) -> bool:
    """Ask for a pre-approval, show the customer's list, and end the first one on it."""
    async with momopy.Collection.from_env() as collection:
        asked = await collection.request_pre_approval(
            body={
                "payer": {"partyIdType": "MSISDN", "partyId": number},
                "payerCurrency": "EUR",
                "payerMessage": "Monthly bread",
                "validityTime": 3600,
            }
        )
        if not asked.ok:
            print(f"Not asked for: {asked.data['message']}")
            return False
        ended = await collection.wait_for_pre_approval(asked.data["reference_id"], timeout=120)
        if not ended.ok:
            print(f"{ended.data['outcome']}: {ended.data['message']}")
            return False
        approved = (await collection.get_approved_pre_approvals(number)).unwrap()
        for entry in approved:
            print(f"{entry['preApprovalId']}: {entry['status']}")
        cancelled = await collection.cancel_pre_approval(approved[0]["preApprovalId"])
        print("Ended." if cancelled.ok else f"Not ended: {cancelled.data['message']}")
        return cancelled.ok


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(pre_approve((sys.argv[1:] or ["46733123499"])[0])) else 1)
