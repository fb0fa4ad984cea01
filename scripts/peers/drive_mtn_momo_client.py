"""Drives mtn-momo-client; only its address is changed."""

import os
import uuid

from momo_api import MomoApi
from momo_api.models.payment_request import PaymentRequest
from steps import expect, step, until

MomoApi.SANDBOX_URL = os.environ["MOMO_BASE_URL"]
key = os.environ["MOMO_SUBSCRIPTION_KEY"]
sandbox = MomoApi.create("sandbox").sandbox(key)
user = str(uuid.uuid4())
step("create_api_user", lambda: sandbox.create_api_user(user, "localhost"))
step("get_api_user", lambda: expect(sandbox.get_api_user(user)["targetEnvironment"] == "sandbox", "no target"))
secret = step("create_api_key", lambda: sandbox.create_api_key(user))
collection = MomoApi.collection(
    {"environment": "sandbox", "subscription_key": key, "api_user": user, "api_key": secret}
)
step("get_access_token", lambda: expect(collection.get_access_token().access_token, "no token"))
step("get_balance", lambda: expect(collection.get_balance().currency == "EUR", "no balance"))
step("check_account_holder", lambda: expect(collection.check_account_holder("46733123499"), "not active"))
step("check_account_holder, not active", lambda: expect(not collection.check_account_holder("46733123451"), "active"))
paid = step("request_to_pay", lambda: collection.request_to_pay(PaymentRequest.make("5", "46733123499", "1", "XAF")))
step("get_payment_status", lambda: expect(collection.get_payment_status(paid).status == "SUCCESSFUL", "not final"))
slow = step("quick_pay, ends later", lambda: collection.quick_pay("5", "56733123453", "2"))
step(
    "get_payment_status, until final",
    lambda: expect(until(lambda: collection.get_payment_status(slow).status) == "SUCCESSFUL", "never final"),
)
refused = step("quick_pay, rejected", lambda: collection.quick_pay("5", "46733123451", "3"))
step("get_payment_status, rejected", lambda: expect(collection.get_payment_status(refused).status == "FAILED", "?"))
