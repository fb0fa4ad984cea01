"""Both halves of the client through one test body: what is called is awaited where it has to be."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import momopy
from momopy import Settings
from momopy.sandbox import Sandbox

# Repeats and waits as quick as a test can bear; what is repeated, and how often, is as always.
QUICK = Settings(backoff=0.001, ambiguous_wait=0.001, token_spacing=0.001)

PAYMENT: dict[str, Any] = {
    "amount": "5",
    "currency": "EUR",
    "externalId": "45464546454",
    "payer": {"partyIdType": "MSISDN", "partyId": "87937389"},
    "payerMessage": "BUY THING",
    "payeeNote": "THANKS",
}


def payment(number: str = "87937389", **changes: Any) -> dict[str, Any]:
    """A body of RequesttoPay for this payer."""
    return {**PAYMENT, "payer": {"partyIdType": "MSISDN", "partyId": number}, **changes}


async def settled(value: Any) -> Any:
    """The value, waited for where it is awaitable."""
    return await value if inspect.isawaitable(value) else value


class Both:
    """A client of either half; every method of it is awaited."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self.client, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            return await settled(method(*args, **kwargs))

        return call


class Twin:
    """One half of the library."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.awaited = name == "awaited"
        self.Collection: Any = momopy.Collection if self.awaited else momopy.SyncCollection
        self.Client: Any = momopy.Client if self.awaited else momopy.SyncClient
        self._opened: list[Any] = []

    def keep(self, client: Any) -> Both:
        """See to it that a client is closed at the end of the test."""
        self._opened.append(client)
        return Both(client)

    def managed(self, sandbox: Sandbox, **options: Any) -> Both:
        """A client that knows its API user and key."""
        credentials = {"api_user": sandbox.api_user, "api_key": sandbox.api_key}
        return self.bare(sandbox, **(credentials | options))

    def bare(self, sandbox: Sandbox, **options: Any) -> Both:
        """A client without credentials of its own."""
        return self.at(sandbox.base_url, sandbox.subscription_key, **options)

    def at(self, base_url: str, subscription_key: str = "0123456789abcdef", **options: Any) -> Both:
        """A client of any host."""
        return self.keep(self.Collection(subscription_key, **({"base_url": base_url, "settings": QUICK} | options)))

    def provisioner(self, base_url: str, **options: Any) -> Both:
        """A client for API users and keys."""
        return self.keep(self.Client(base_url, **({"settings": QUICK} | options)))

    async def close(self) -> None:
        """Close all of them."""
        for client in self._opened:
            await settled(client.aclose() if self.awaited else client.close())


def basic(sandbox: Sandbox) -> str:
    """The Basic token of the sandbox's own API user."""
    return momopy.Client(sandbox.base_url).basic_token(sandbox.api_user, sandbox.api_key)
