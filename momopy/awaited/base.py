"""What every group of methods stands on: the constructor, the way into the driver, the end."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeAlias, TypeVar
from uuid import UUID

from momopy import creations, generated, journeys, operations, types
from momopy.awaited.driver import Driver
from momopy.awaited.records import Records
from momopy.calls import Call
from momopy.errors import MissingArgument
from momopy.markets import TargetName
from momopy.observe import Attempt, Ending, Observers
from momopy.operations import Creation
from momopy.profile import Profile
from momopy.requests import Wire
from momopy.result import Refused, Result, Settled, refused_value
from momopy.runtime import Runtime
from momopy.secret import Secret
from momopy.settings import DEFAULT, Settings
from momopy.stores import TokenStore
from momopy.transports import Transport, Verify, source
from momopy.values import ValueRefused

if TYPE_CHECKING:
    from momopy.journal import Entry, Journal

P = ParamSpec("P")
T = TypeVar("T")

Progress: TypeAlias = Callable[[dict[str, Any]], Any]


class Base:
    """A client of one product; `Collection` documents its arguments."""

    def __init__(
        self,
        subscription_key: str | Secret,
        *,
        api_user: str | UUID | None = None,
        api_key: str | Secret | None = None,
        target: TargetName | str = "sandbox",
        base_url: str | None = None,
        callback: str | None = None,
        live: bool = False,
        timeout: float | None = None,
        settings: Settings = DEFAULT,
        transport: Transport | None = None,
        proxy: str | None = None,
        verify: Verify = None,
        store: TokenStore | None = None,
        journal: Journal | None = None,
        sanitize: bool = False,
        allow_custom_host: bool = False,
        allow_unknown_target: bool = False,
        on_attempt: Callable[[Attempt], None] | None = None,
        on_result: Callable[[Ending], None] | None = None,
    ) -> None:
        self._profile = Profile(
            subscription_key,
            api_user=api_user,
            api_key=api_key,
            target=target,
            base_url=base_url,
            callback=callback,
            live=live,
            timeout=timeout,
            settings=settings,
            sanitize=sanitize,
            allow_custom_host=allow_custom_host,
            allow_unknown_target=allow_unknown_target,
        )
        settings = self._profile.settings
        transports = source(transport, self._profile.base_url, settings, proxy, verify)
        runtime = Runtime(transports, settings.max_concurrency)
        observers = Observers(on_attempt, on_result, self._profile.base_url)
        self._records = None if journal is None else Records(journal, self._profile.account(), runtime, observers)
        self._driver = Driver(
            runtime,
            Wire(self._profile.base_url, self._profile.subscription_key, settings),
            settings,
            observers,
            store,
            self._records,
        )
        if self._profile.api_user is not None:
            self._driver.manage(self._profile.fingerprint(), partial(operations.create_access_token, self._profile))

    @classmethod
    def from_env(cls, *, dotenv: str | bool = False, **options: Any) -> Self:
        """Make a client from environment variables.

        Reads `MOMO_SUBSCRIPTION_KEY`, `MOMO_API_USER`, `MOMO_API_KEY`, `MOMO_TARGET_ENVIRONMENT` (default
        sandbox; naming a live one is consent to real money), `MOMO_BASE_URL` (default: the host of the
        target) and `MOMO_CALLBACK_URL`.

        Args:
            dotenv: Read a `.env` file first: True for the nearest one, or its path (extra `env`). The
                environment's own variables win.
            options: Further arguments of the constructor, which win over the variables.

        Raises:
            MissingCredentials: Names every variable that is missing.
            Misuse: What the constructor raises, about the variable instead of the argument.
        """
        from momopy.environment import naming, read

        with naming(options):
            return cls(**read(dotenv, options))

    def __repr__(self) -> str:
        # A traceback may show a client whose arguments were refused.
        profile = getattr(self, "_profile", None)
        return f"<{type(self).__name__} {profile.target} at {profile.base_url}>" if profile else super().__repr__()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. The client opens new ones when it is used again."""
        await self._driver.aclose()

    async def _call(
        self, build: Callable[Concatenate[Profile, P], Call[T]], *args: P.args, **kwargs: P.kwargs
    ) -> Result[T]:
        try:
            generated.load()
            call = build(self._profile, *args, **kwargs)
        except ValueRefused as refusal:
            return refused_value(refusal.field, refusal.rule)
        return await self._driver.run(call)

    async def _create(
        self,
        creation: Creation,
        authorization: str | None,
        uuid: str | UUID | None,
        target: str | None,
        body: object,
        callback: str | None,
        *,
        again: bool = False,
    ) -> Result[types.Accepted]:
        try:
            generated.load()
            call = operations.create(self._profile, creation, authorization, uuid, target, body, callback)
        except ValueRefused as refusal:
            return refused_value(refusal.field, refusal.rule, None if uuid is None else str(uuid).lower())
        call.tainted = again
        return await self._driver.run(call)

    async def _wait(
        self,
        build: Callable[Concatenate[Profile, P], Call[T]],
        timeout: float,
        progress: Progress | None,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Result[T]:
        generated.load()
        call = build(self._profile, *args, **kwargs)
        return await self._driver.journey(journeys.wait_for(call, self._profile.settings, timeout), call, progress)

    async def _reconcile(
        self,
        creation: Creation,
        age: float | None,
        uuid: str | UUID,
        authorization: str | None,
        target: str | None,
        body: object,
    ) -> Result[Any]:
        try:
            generated.load()
            call = operations.status(self._profile, creation, uuid, authorization, target, body)
        except ValueRefused as refusal:
            return refused_value(refusal.field, refusal.rule, str(uuid).lower())
        entry = None if self._records is None else await self._records.find(call)
        return await self._settled(call, entry, age)

    async def _settle_open(self, limit: int, lease: float) -> list[Settled]:
        """Reconcile the open entries of the journal one after the other."""
        if self._records is None:
            raise MissingArgument("journal", "is needed by reconcile_open: give one to the client")
        generated.load()
        end = time.monotonic() + lease
        settled = []
        for entry in await self._records.claim(limit, lease):
            if time.monotonic() >= end:
                break  # others may have taken the rest by now
            creation = creations.creation(entry.operation)
            call = creation.status(self._profile, entry.reference_id, None, entry.target)
            call.expected = operations.expected(creation, entry.reference_id, json.loads(entry.body))
            result = await self._settled(call, entry)
            await self._records.release(entry)
            settled.append(Settled(entry.reference_id, entry.operation, result))
        return settled

    async def _settled(self, call: Call[T], entry: Entry | None, age: float | None = None) -> Result[T]:
        """Reconcile, and note in the journal what is presumed never made."""
        if age is None:
            age = self._age(call, entry)
        result = await self._driver.journey(journeys.reconcile(call, self._profile.settings, age), call)
        if self._records is None or entry is None or not isinstance(result, Refused):
            return result
        if result.data["outcome"] == "not_found":
            await self._records.note(entry.reference_id, "not_created", entry.begun)
        return result

    def _age(self, call: Call[Any], entry: Entry | None) -> float:
        """Seconds since something was begun last, as far as this client or its journal knows."""
        if entry is None:
            return self._driver.age(call)
        if entry.state == "accepted":
            return 0.0  # it was made: that the service knows it no more proves nothing
        ago = max(0.0, time.time() - entry.begun)
        # The lesser of both: the wall clock may have been set forward, and another worker may have sent it later.
        return min(ago, self._driver.age(call, ago))

    async def _consent(self, msisdn: str | None, scope: str | None, target: str | None, timeout: float) -> Result[Any]:
        profile = self._profile
        try:
            generated.load()
            asked = operations.authorize(
                profile, operations.given(msisdn, "msisdn"), operations.given(scope, "scope"), target=target
            )
        except ValueRefused as refusal:
            field = "msisdn" if refusal.field == "login_hint" else refusal.field
            return refused_value(field, refusal.rule)
        journey = journeys.consent(
            asked,
            partial(operations.create_oauth2_token, profile, target=target),
            partial(operations.get_user_info, profile, target=target),
            profile.settings,
            timeout,
        )
        return await self._driver.journey(journey, asked)
