"""Drives mtnmomo (Sparkplug); only its address is changed."""

import os

from mtnmomo.collection import Collection
from steps import expect, step

collection = Collection(
    {
        "BASE_URL": os.environ["MOMO_BASE_URL"],
        "ENVIRONMENT": "sandbox",
        "CALLBACK_HOST": "localhost",
        "COLLECTION_PRIMARY_KEY": os.environ["MOMO_SUBSCRIPTION_KEY"],
        "COLLECTION_USER_ID": os.environ["MOMO_API_USER"],
        "COLLECTION_API_SECRET": os.environ["MOMO_API_KEY"],
    }
)
step("getAuthToken", lambda: expect(collection.getAuthToken().status_code == 200, "refused"))
step("getBalance", lambda: expect(collection.getBalance()["currency"] == "EUR", "no balance"))
paid = step("requestToPay", lambda: collection.requestToPay("0772123456", "5", "1")["transaction_ref"])
step(
    "getTransactionStatus",
    lambda: expect(collection.getTransactionStatus(paid)["status"] == "SUCCESSFUL", "not final"),
)
