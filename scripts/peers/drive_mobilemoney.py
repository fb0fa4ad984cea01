"""Drives mobilemoney.py; only its address is changed."""

import asyncio
import os

asyncio.set_event_loop(asyncio.new_event_loop())

import mobilemoney  # noqa: E402 - it takes the event loop when it is imported
from mobilemoney.request.route import Route  # noqa: E402
from steps import expect, step  # noqa: E402

Route.BASE["sandbox"] = os.environ["MOMO_BASE_URL"]
key = os.environ["MOMO_SUBSCRIPTION_KEY"]
client = mobilemoney.Client()
client.is_sandbox()
user = client.get_reference_id()
step("create_api_user", lambda: client.create_api_user(user, key, "localhost"))
step("get_api_user", lambda: client.get_api_user(user, key))
made = step("create_api_key", lambda: client.create_api_key(user, key))
secret = made[1]["apiKey"] if made and isinstance(made[1], dict) else str(made and made[1]).split('"')[3]
collection = client.collection(key)
token = step("create_access_token", lambda: collection.create_access_token(client.basic_token(user, secret)))
text = token[1] if token else ""
bearer = client.bearer_token(text["access_token"] if isinstance(text, dict) else (text.split('"') + [""] * 4)[3])
body = {
    "amount": "5",
    "currency": "EUR",
    "externalId": "45464546454",
    "payer": {"partyIdType": "MSISDN", "partyId": "87937389"},
    "payerMessage": "BUY THING",
    "payeeNote": "THANKS",
}
paid, withdrawn = client.get_reference_id(), client.get_reference_id()
step("get_account_balance", lambda: collection.get_account_balance(bearer, "sandbox"))
step("get_account_balance_in", lambda: collection.get_account_balance_in("EUR", bearer, "sandbox"))
step("get_basic_user_info", lambda: collection.get_basic_user_info("87937389", bearer, "sandbox"))
step("request_to_pay", lambda: collection.request_to_pay(bearer, paid, "sandbox", body))
step("withdraw", lambda: collection.withdraw(bearer, withdrawn, "sandbox", body))
step("get_withdraw_status", lambda: collection.get_withdraw_status(bearer, withdrawn, "sandbox"))
step("isActive", lambda: collection.isActive("87937389", "msisdn", bearer, "sandbox"))
step("ask_user_info", lambda: collection.ask_user_info(bearer, "sandbox"))
expect(True, "done")
