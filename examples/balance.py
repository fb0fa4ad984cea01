"""Report the balance of the merchant's account.

python examples/balance.py [currency ...]
"""

import sys

import momopy


def report(currencies: list[str]) -> bool:
    """Print the balance, and that in each of the currencies."""
    with momopy.SyncCollection.from_env() as collection:
        answers = {"account": collection.get_account_balance()}
        for currency in currencies:
            answers[currency] = collection.get_account_balance_in(currency)
    for name, answer in answers.items():
        if answer.ok:
            print(f"{name:>8}  {answer.data['availableBalance']} {answer.data['currency']}")
        else:
            print(f"{name:>8}  {answer.data['message']}")
    return all(answers.values())


if __name__ == "__main__":
    sys.exit(0 if report(sys.argv[1:] or ["EUR"]) else 1)
