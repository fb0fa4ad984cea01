"""Let a customer withdraw money.

python examples/withdraw.py [number] [amount]
"""

import sys

import momopy
from momopy.types import RequestToPay


def withdraw(number: str, amount: str) -> bool:
    """Ask for the withdrawal, and wait until the customer has answered."""
    body: RequestToPay = {
        "amount": amount,
        "currency": "EUR",
        "payer": {"partyIdType": "MSISDN", "partyId": number},
        "payerMessage": "Cash from till 3",
    }
    with momopy.SyncCollection.from_env() as collection:
        asked = collection.withdraw(body=body)
        if not asked.ok and asked.data["outcome"] != "unknown":
            print(f"Not asked for: {asked.data['message']}")
            return False
        # Unknown means that money may have moved. Never start a second withdrawal: ask about this one.
        reference = asked.data["reference_id"]
        assert reference is not None
        ended = collection.wait_for_withdraw(reference, timeout=120)
        if ended.ok:
            print(f"Withdrawn: {ended.data['amount']} {ended.data['currency']}")
        elif ended.data["outcome"] == "failed":
            print(f"Not withdrawn: {ended.data['message']}")
        else:
            print(f"Ask again later, with reference {reference}: {ended.data['message']}")
        return ended.ok


if __name__ == "__main__":
    number, amount = (sys.argv[1:] + ["46733123499", "20"][len(sys.argv) - 1 :])[:2]
    sys.exit(0 if withdraw(number, amount) else 1)
