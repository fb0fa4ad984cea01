"""The main job against a local MoMo, step by step, once awaited and once blocking."""

from __future__ import annotations

import asyncio
import inspect
import sys
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, TypeVar

import momopy
from momopy.sandbox import Sandbox, Switches, run

T = TypeVar("T")

# MTN's test numbers decide what becomes of a payment. They belong to nobody.
PAYS = "46733123499"
PAYS_LATER = "46733123454"
NEVER_ANSWERS = "46733123453"
SAYS_NO = "46733123451"
WITHDRAWS = "46733123498"

# So many seconds of the local MoMo pass in one of ours.
SPEED = 10.0
DELAY = 15.0


class Unexpected(Exception):
    """A step did not go as it should."""


def expect(holds: object, what: str) -> None:
    """Stop the demonstration when something is not as it should be."""
    if not holds:
        raise Unexpected(what)


def say(step: str, text: str) -> None:
    """Print one step."""
    print(f"  {step:<22} {text}", flush=True)


def refusal(result: momopy.Result[Any]) -> str:
    """Show a failure as the tuple that a program gets, without the fields that are empty."""
    shown = {key: value for key, value in result.data.items() if value is not None and key != "elapsed"}
    return f"({result.ok}, {shown})"


async def value(answer: Awaitable[T] | T) -> T:
    """Take what either twin gives: the awaited one an awaitable, the blocking one the result itself."""
    return await answer if inspect.isawaitable(answer) else answer


def body(payer: str, amount: str) -> dict[str, Any]:
    """Make the JSON of a request to pay."""
    return {
        "amount": amount,
        "currency": "EUR",
        "externalId": "order-1001",
        "payer": {"partyIdType": "MSISDN", "partyId": payer},
        "payerMessage": "Two coffees",
        "payeeNote": "Table 4",
    }


class Watch:
    """Prints how a payment goes on, and remembers it."""

    def __init__(self) -> None:
        self.statuses: list[str] = []
        self._begun = time.monotonic()

    def __call__(self, status: dict[str, Any]) -> None:
        """Take one status answer; `wait_for_payment` calls this."""
        self.statuses.append(status["status"])
        say("", f"after {time.monotonic() - self._begun:4.1f} s: {status['status']}")


class Demonstration:
    """The steps, for one of the twins."""

    def __init__(self, client: Any, collection: Callable[..., Any], sandbox: Sandbox) -> None:
        self._client = client
        self._make = collection
        self._sandbox = sandbox

    async def run(self) -> None:
        """Go through all steps."""
        user, key = await self._provision()
        collection = self._make(self._sandbox.subscription_key, api_user=user, api_key=key)
        try:
            await self._steps(collection)
        finally:
            await value(collection.aclose() if hasattr(collection, "aclose") else collection.close())

    async def _steps(self, collection: Any) -> None:
        await self._look(collection)
        await self._paid(collection)
        await self._rejected(collection)
        await self._paid_later(collection)
        await self._still_pending(collection)
        await self._withdrawn(collection)
        await self._refused(collection)

    async def _provision(self) -> tuple[str, str]:
        client, key = self._client, self._sandbox.subscription_key
        client.is_sandbox()
        user = client.get_reference_id()
        created = await value(client.create_api_user(user, key))
        expect(created.ok, "the API user was not created")
        ok, details = await value(client.get_api_user(user, key))
        expect(ok and details["targetEnvironment"] == "sandbox", "the API user has no target environment")
        ok, api_key = await value(client.create_api_key(user, key))
        expect(ok, "the API key was not created")
        say("provision", f"API user {user}, target {details['targetEnvironment']}, and a key that is not shown")
        return user, api_key["apiKey"]

    async def _look(self, collection: Any) -> None:
        ok, token = await value(collection.create_access_token())
        expect(ok and token["access_token"], "no token was given")
        say("token", f"{token['token_type']}, for {token['expires_in']} seconds; it is not shown either")
        ok, balance = await value(collection.get_account_balance())
        expect(ok, "the balance was not read")
        say("balance", f"{balance['availableBalance']} {balance['currency']}")
        ok, active = await value(collection.is_active(PAYS))
        expect(ok and active["result"] is True, "the payer's account is not active")
        say("account check", f"{PAYS} is active")

    async def _ask(self, collection: Any, payer: str, amount: str) -> Any:
        ok, accepted = await value(collection.request_to_pay(body=body(payer, amount)))
        expect(ok and accepted["status"] == "PENDING", "the request to pay was not accepted")
        say("request to pay", f"{amount} EUR from {payer}: {accepted['status']}, reference {accepted['reference_id']}")
        return accepted["reference_id"]

    async def _paid(self, collection: Any) -> None:
        watch = Watch()
        reference = await self._ask(collection, PAYS, "5")

        def progress(status: dict[str, Any]) -> None:
            watch(status)
            if status["status"] == "PENDING":
                say("", "the payer approves on the phone")
                self._sandbox.approve(reference)

        ok, payment = await value(collection.wait_for_payment(reference, 60, progress))
        expect(ok and payment["status"] == "SUCCESSFUL", "the payment did not succeed")
        expect(watch.statuses == ["PENDING", "SUCCESSFUL"], "the payment did not go from PENDING to SUCCESSFUL")
        say("paid", f"{payment['amount']} {payment['currency']} by {payment['payer']['partyId']}")

    async def _rejected(self, collection: Any) -> None:
        reference = await self._ask(collection, SAYS_NO, "5")
        result = await value(collection.wait_for_payment(reference, 60, Watch()))
        failure = result.data
        expect(not result and failure["outcome"] == "failed", "the payment was not rejected")
        expect(failure["code"] == "APPROVAL_REJECTED", "the payment failed for another reason")
        say("rejected", f"{failure['code']}: {failure['message']}")
        reason = momopy.explain(failure["code"])
        say("", f"who must act: {reason.who}; a new try: {reason.retry_helps}")

    async def _paid_later(self, collection: Any) -> None:
        watch = Watch()
        reference = await self._ask(collection, PAYS_LATER, "12.50")
        ok, payment = await value(collection.wait_for_payment(reference, 60, watch))
        expect(ok and Decimal(payment["amount"]) == Decimal("12.50"), "the delayed payment did not succeed")
        expect(len(watch.statuses) > 1, "the delayed payment was not delayed")
        say("paid in the end", f"{payment['amount']} {payment['currency']} by {payment['payer']['partyId']}")

    async def _still_pending(self, collection: Any) -> None:
        reference = await self._ask(collection, NEVER_ANSWERS, "7")
        result = await value(collection.wait_for_payment(reference, 2.5, Watch()))
        expect(not result and result.data["outcome"] == "pending", "the payment is not pending")
        say("still pending", f"outcome {result.data['outcome']!r}: {result.data['message']}")

    async def _withdrawn(self, collection: Any) -> None:
        ok, accepted = await value(collection.withdraw(body=body(WITHDRAWS, "20")))
        expect(ok and accepted["status"] == "PENDING", "the withdrawal was not accepted")
        say("withdraw", f"20 EUR from {WITHDRAWS}: {accepted['status']}, reference {accepted['reference_id']}")
        ok, withdrawal = await value(collection.wait_for_withdraw(accepted["reference_id"], 60, Watch()))
        expect(ok and withdrawal["status"] == "SUCCESSFUL", "the withdrawal did not succeed")
        say("withdrawn", f"{withdrawal['amount']} {withdrawal['currency']}")

    async def _refused(self, collection: Any) -> None:
        result = await value(collection.request_to_pay(body=body(PAYS, "5.123")))
        ok, failure = result
        expect(ok is False and failure["field"] == "amount", "the amount was not refused")
        expect(failure["sent"] is False, "a refused value was sent")
        say("refused by momopy", refusal(result))
        result = await value(collection.request_to_pay(body=body("46733123455", "5")))
        expect(result.data["code"] == "PAYER_NOT_FOUND" and not result.ok, "the unknown payer was not refused")
        say("refused by the MoMo", refusal(result))


def main() -> int:
    """Show both twins; return the exit code."""
    begun = time.monotonic()
    with run(seed=1, speed=SPEED, switches=Switches(delayed_after=DELAY)) as sandbox:
        print(f"A local MoMo listens on {sandbox.base_url}; its time runs {SPEED:g} times as fast.")

        async def awaited() -> None:
            async with momopy.Client(sandbox.base_url) as client:
                await Demonstration(client, client.collection, sandbox).run()

        async def blocking() -> None:
            with momopy.SyncClient(sandbox.base_url) as client:
                await Demonstration(client, client.collection, sandbox).run()

        sandbox.hold(PAYS)
        for title, steps in (("Awaited: momopy.Collection", awaited), ("Blocking: momopy.SyncCollection", blocking)):
            print(f"\n{title}", flush=True)
            try:
                asyncio.run(steps())
            except Unexpected as fault:
                print(f"\nThis did not go as it should: {fault}.", file=sys.stderr)
                return 1
    print(f"\nAll steps went as they should, in {time.monotonic() - begun:.0f} seconds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
