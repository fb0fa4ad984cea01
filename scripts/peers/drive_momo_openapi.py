"""Drives momo-openapi; only its address is changed."""

import os

import momo_openapi
import momo_openapi.config
import momo_openapi.sandbox
from steps import expect, step, until

url = os.environ["MOMO_BASE_URL"]
momo_openapi.sandbox.SANDBOX_URL = momo_openapi.config.SANDBOX_URL = url
collection = step(
    "for_sandbox (user and key)",
    lambda: momo_openapi.Collection.for_sandbox(os.environ["MOMO_SUBSCRIPTION_KEY"], callback_host="localhost"),
)
step("get_access_token", lambda: expect(collection.get_access_token(), "no token"))
step("get_balance", lambda: expect(collection.get_balance()["currency"] == "EUR", "no balance"))
paid = step("request_to_pay", lambda: collection.request_to_pay("5", "46733123499", "1"))


def status(reference: str) -> str:
    """The status of a payment."""
    return str(collection.get_transaction_status(reference)["status"])


step("get_transaction_status", lambda: expect(status(paid) == "SUCCESSFUL", "not final"))
slow = step("request_to_pay, ends later", lambda: collection.request_to_pay("5", "56733123453", "2"))
step(
    "get_transaction_status, until final",
    lambda: expect(until(lambda: status(slow)) == "SUCCESSFUL", "never final"),
)


def duplicate() -> None:
    """The same id again must be a 409."""
    try:
        collection.request_to_pay("5", "46733123499", "1", reference_id=paid)
    except momo_openapi.MomoAPIError as error:
        expect(error.status_code == 409 and error.code == "RESOURCE_ALREADY_EXIST", str(error))
        return
    raise AssertionError("accepted twice")


step("request_to_pay, the same id again", duplicate)
