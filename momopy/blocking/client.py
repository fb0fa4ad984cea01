# Derived from momopy/awaited/client.py by scripts/regenerate; a change made here is lost.
"""Credentials: provisioning an API user on a sandbox, and the tokens that calls are made with."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar, Unpack
from uuid import UUID, uuid4

from momopy import generated, markets, provisioning, types, values
from momopy.blocking.base import Options, hide
from momopy.blocking.collection import SyncCollection
from momopy.blocking.driver import SyncDriver
from momopy.calls import Call
from momopy.errors import InvalidBaseURL
from momopy.observe import Observers
from momopy.profile import basic
from momopy.requests import Wire
from momopy.result import Result, refused_value
from momopy.runtime import SyncRuntime
from momopy.secret import Secret, hidden
from momopy.settings import DEFAULT, Settings
from momopy.transports import SyncTransport, Verify, sync_source
from momopy.values import ValueRefused

P = ParamSpec("P")
T = TypeVar("T")


class SyncClient:
    """Makes API users and keys on a sandbox, and clients of the Collection product.

    It speaks to MTN's sandbox, or to the host that `base_url` or the environment variable `MOMO_BASE_URL` names.

    Args:
        base_url: The host, such as `http://127.0.0.1:8765` for a local MoMo.
        settings: The limits of its calls.
        transport: An httpx transport to send with; whoever made it closes it.
        verify: An `ssl.SSLContext` or the path of a file of authorities; certificates are always checked.
        allow_custom_host: The `base_url` is meant, though it is no host of MTN's.
    """

    def __init__(
        self,
        base_url: str | None = None,
        *,
        settings: Settings = DEFAULT,
        transport: SyncTransport | None = None,
        verify: Verify = None,
        allow_custom_host: bool = False,
    ) -> None:
        address = base_url or os.environ.get("MOMO_BASE_URL") or markets.SANDBOX_HOST
        self._base_url = values.base_url(address, allow_custom_host=allow_custom_host)
        self._options: Options = {
            "base_url": self._base_url,
            "settings": settings,
            "transport": transport,
            "verify": verify,
            "allow_custom_host": allow_custom_host,
        }
        runtime = SyncRuntime(sync_source(transport, self._base_url, settings, None, verify), settings.max_concurrency)
        self._driver = SyncDriver(runtime, Wire(self._base_url, None, settings), settings, Observers())

    def __repr__(self) -> str:
        # A traceback may show a client whose arguments were refused.
        return f"<{type(self).__name__} at {getattr(self, '_base_url', '?')}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. The clients that `collection` made have their own."""
        self._driver.close()

    def is_sandbox(self) -> bool:
        """Make sure that no real money can be meant: True, or an error where the host is a live one.

        Raises:
            InvalidBaseURL: The client was given a live host.
        """
        if self._base_url in markets.LIVE_HOSTS:
            raise InvalidBaseURL("base_url", "is a live host")
        return True

    def collection(self, subscription_key: str | Secret, **options: Unpack[Options]) -> SyncCollection:
        """Make a client of the Collection product on the same host.

        Args:
            subscription_key: The key of the Collection subscription.
            options: Further arguments of the constructor of the client.
        """
        subscription_key = hidden(subscription_key)
        options = hide(options)
        merged: Options = {**self._options, **options}
        return SyncCollection(subscription_key, **merged)

    def get_reference_id(self) -> str:
        """Make a reference id: a UUID version 4."""
        return str(uuid4())

    def basic_token(self, api_user: str | UUID, api_key: str | Secret) -> str:
        """Join an API user and its key to a Basic token, `"Basic ..."`.

        Raises:
            InvalidUniqueIDVersion: `api_user` is no UUID version 4.
            InvalidArgument: `api_key` cannot be one.
        """
        api_key = hidden(api_key)
        return basic(values.reference_id(api_user, "api_user"), Secret(values.api_key(api_key))).reveal()

    def bearer_token(self, token: str | Secret) -> str:
        """Make a bearer token, `"Bearer ..."`, of an access token.

        Raises:
            InvalidBearerToken: `token` cannot be one.
        """
        token = hidden(token)
        if isinstance(token, Secret):
            token = Secret(f"Bearer {token.reveal()}")
        return values.bearer_token(token, "token")

    def create_api_user(
        self, uuid: str | UUID, subscription_key: str | Secret, url_callback: str | None = None
    ) -> Result[dict[str, Any]]:
        """Make an API user on a sandbox.

        CreateApiUser: `POST /v1_0/apiuser`.

        Args:
            uuid: The API user to be, a UUID version 4.
            subscription_key: The key of the subscription.
            url_callback: The URL or host that callbacks of this user may go to, fixed for ever.

        Returns:
            `(True, {})`, or `(False, failure)`.

        Raises:
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidSubscriptionKey: `subscription_key` cannot be one.
            InvalidCallback: `url_callback` holds no host name; an IP address is for a local MoMo only.
        """
        subscription_key = hidden(subscription_key)
        local = values.is_loopback(self._base_url)
        return self._call(provisioning.create_api_user, uuid, subscription_key, url_callback, local=local)

    def get_api_user(self, uuid: str | UUID, subscription_key: str | Secret) -> Result[types.ApiUser]:
        """Read an API user of a sandbox.

        GetApiUser: `GET /v1_0/apiuser/{referenceId}`.

        Args:
            uuid: The API user.
            subscription_key: The key of the subscription.

        Returns:
            `(True, data)` with `providerCallbackHost` and `targetEnvironment`, or `(False, failure)`.

        Raises:
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidSubscriptionKey: `subscription_key` cannot be one.
        """
        subscription_key = hidden(subscription_key)
        return self._call(provisioning.get_api_user, uuid, subscription_key)

    def create_api_key(self, uuid: str | UUID, subscription_key: str | Secret) -> Result[types.ApiKey]:
        """Make a key for an API user of a sandbox; an older one may lose its force.

        CreateApiKey: `POST /v1_0/apiuser/{referenceId}/apikey`.

        Args:
            uuid: The API user.
            subscription_key: The key of the subscription.

        Returns:
            `(True, {"apiKey": ...})`, or `(False, failure)`. The key is shown this once.

        Raises:
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidSubscriptionKey: `subscription_key` cannot be one.
        """
        subscription_key = hidden(subscription_key)
        return self._call(provisioning.create_api_key, uuid, subscription_key)

    def _call(self, build: Callable[P, Call[T]], *args: P.args, **kwargs: P.kwargs) -> Result[T]:
        try:
            generated.load()
            call = build(*args, **kwargs)
        except ValueRefused as refusal:
            return refused_value(refusal.field, refusal.rule)
        return self._driver.run(call)
