"""Let a customer withdraw money.

python examples/withdraw.py [number] [amount]
"""

import sys

import momopy


def withdraw(number: str, amount: str) -> bool:
    """Ask for the withdrawal, and wait until the customer has answered."""
    with momopy.SyncCollection.from_env() as collection:
        asked = collection.withdraw(
            body={
                "amount": amount,
                "currency": "EUR",
                "payer": {"partyIdType": "MSISDN", "partyId": number},
                "payerMessage": "Cash from till 3",
            }
        )
        if not asked.ok:
            # The reference id is there whatever happened; an unknown outcome is settled with it.
            failure = asked.data
            print(f"{failure['outcome']}: {failure['message']} Reference {failure['reference_id']}")
            return False
        ended = collection.wait_for_withdraw(asked.data["reference_id"], timeout=120)
        if ended.ok:
            print(f"Withdrawn: {ended.data['amount']} {ended.data['currency']}")
        else:
            print(f"{ended.data['outcome']}: {ended.data['message']}")
        return ended.ok


if __name__ == "__main__":
    number, amount = (sys.argv[1:] + ["46733123499", "20"][len(sys.argv) - 1 :])[:2]
    sys.exit(0 if withdraw(number, amount) else 1)
