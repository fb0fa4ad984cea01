"""What every group of methods stands on: the constructor, the way into the driver, the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeAlias, TypedDict, TypeVar, Unpack, cast
from uuid import UUID

from momopy import arguments, creations, generated, journeys, operations, types
from momopy.awaited.driver import Driver
from momopy.awaited.records import Records, status_of
from momopy.building import built_by, given
from momopy.calls import Call, Operation
from momopy.creations import Creation, OperationName
from momopy.errors import InvalidArgument, MissingArgument, Misuse
from momopy.markets import TargetName
from momopy.observe import Attempt, Ending, Observers
from momopy.profile import Profile, known_id
from momopy.requests import Wire
from momopy.result import Refused, Result, Settled, refused_value
from momopy.runtime import Runtime
from momopy.secret import Secret, hidden
from momopy.settings import DEFAULT, Settings
from momopy.stores import TokenStore
from momopy.transports import Transport, Verify, source
from momopy.values import ValueRefused

if TYPE_CHECKING:
    from momopy.journal import Entry, Journal

P = ParamSpec("P")
T = TypeVar("T")

Progress: TypeAlias = Callable[[dict[str, Any]], Any]


class Options(TypedDict, total=False):
    """The arguments of a client but its subscription key."""

    api_user: str | UUID | None
    api_key: str | Secret | None
    target: TargetName | str
    base_url: str | None
    callback: str | Secret | None
    live: bool
    timeout: float | None
    settings: Settings
    transport: Transport | None
    proxy: str | Secret | None
    verify: Verify
    store: TokenStore | None
    journal: Journal | None
    sanitize: bool
    allow_custom_host: bool
    allow_unknown_target: bool
    on_attempt: Callable[[Attempt], None] | None
    on_result: Callable[[Ending], None] | None


def hide(options: Options) -> Options:
    """The same, with its secrets out of sight."""
    shown: dict[str, Any] = {**options}
    for name in {"api_key", "callback", "proxy", "subscription_key"} & shown.keys():
        shown[name] = hidden(shown[name])
    return cast(Options, shown)


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
        callback: str | Secret | None = None,
        live: bool = False,
        timeout: float | None = None,
        settings: Settings = DEFAULT,
        transport: Transport | None = None,
        proxy: str | Secret | None = None,
        verify: Verify = None,
        store: TokenStore | None = None,
        journal: Journal | None = None,
        sanitize: bool = False,
        allow_custom_host: bool = False,
        allow_unknown_target: bool = False,
        on_attempt: Callable[[Attempt], None] | None = None,
        on_result: Callable[[Ending], None] | None = None,
    ) -> None:
        subscription_key = hidden(subscription_key)
        api_key = hidden(api_key)
        callback = hidden(callback)
        proxy = hidden(proxy)
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
        observers = Observers(
            arguments.listener(on_attempt, "on_attempt"),
            arguments.listener(on_result, "on_result"),
            self._profile.base_url,
        )
        arguments.methods(store, "store", "get", "set", "lock")
        arguments.methods(journal, "journal", "begin", "end", "find", "claim", "release")
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
    def from_env(cls, *, dotenv: str | bool = False, **options: Unpack[Options]) -> Self:
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

        options = hide(options)
        with naming(options):
            return cls(**read(dotenv, {**options}))

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
            return self._refused(built_by(build), refusal.field, refusal.rule)
        return await self._driver.run(call)

    async def _create(
        self,
        creation: Creation,
        authorization: str | Secret | None,
        uuid: str | UUID | None,
        target: str | None,
        body: object,
        callback: str | Secret | None,
        *,
        again: bool = False,
    ) -> Result[types.Accepted]:
        try:
            generated.load()
            call = creations.create(self._profile, creation, authorization, uuid, target, body, callback)
        except ValueRefused as refusal:
            key = None if uuid is None else known_id(uuid)
            exists = again or (key is not None and await self._may_exist(creation, key))
            return self._refused(creation.operation, refusal.field, refusal.rule, key, may_exist=exists)
        call.tainted = again
        return await self._driver.run(call)

    async def _may_exist(self, creation: Creation, key: str) -> bool:
        """Whether an earlier call with this id may have been carried out, as far as this client knows."""
        if self._driver.memory.may_exist(creation.name, key):
            return True
        entry = None if self._records is None else await self._records.find(key)
        return entry is not None and entry.operation == creation.name and entry.state != "not_created"

    def _refused(
        self, operation: Operation, field: str, rule: str, key: str | None = None, *, may_exist: bool = False
    ) -> Refused:
        refused = refused_value(field, rule, key, may_exist=may_exist)
        self._driver.observers.ended(operation, key, refused)
        return refused

    async def _status(
        self, creation: Creation, uuid: object, authorization: str | Secret | None, target: str | None
    ) -> Result[Any]:
        generated.load()
        return await self._driver.run(creations.status(self._profile, creation, uuid, authorization, target))

    async def _wait(
        self,
        creation: Creation,
        timeout: float,
        progress: Progress | None,
        uuid: str | UUID,
        authorization: str | Secret | None,
        target: str | None,
    ) -> Result[Any]:
        patience = arguments.seconds(timeout, "timeout")
        told = arguments.listener(progress, "progress", awaited=True)
        generated.load()
        call = creations.status(self._profile, creation, uuid, authorization, target)
        return await self._driver.journey(journeys.wait_for(call, self._profile.settings, patience), call, told)

    async def _reconcile(
        self,
        operation: OperationName | None,
        age: float | None,
        uuid: str | UUID,
        authorization: str | Secret | None,
        target: str | None,
        body: object,
    ) -> Result[Any]:
        if age is not None:
            arguments.seconds(age, "age")
        creation, entry = await self._begun(uuid, operation)
        try:
            generated.load()
            call = creations.status(self._profile, creation, uuid, authorization, target, body)
        except ValueRefused as refusal:
            return self._refused(creation.operation, refusal.field, refusal.rule, known_id(uuid), may_exist=True)
        return await self._settled(call, entry, age)

    async def _begun(self, uuid: str | UUID, operation: OperationName | None) -> tuple[Creation, Entry | None]:
        """What was begun under an id: as the caller says, who is held to what the journal and this client know."""
        key = known_id(uuid)
        entry = None if self._records is None else await self._records.find(key)
        known = self._driver.memory.methods(key) if entry is None else [entry.operation]
        if operation is None:
            if len(known) > 1:
                raise MissingArgument("operation", "is needed: this id was used for " + " and ".join(sorted(known)))
            return creations.creation(known[0] if known else "request_to_pay"), entry
        creation = creations.creation(operation)
        if known and creation.name not in known:
            raise InvalidArgument("operation", f"must be {known[0]}, which is what was begun under this id")
        return creation, entry

    async def _resume(
        self,
        operation: OperationName | None,
        authorization: str | Secret | None,
        uuid: str | UUID,
        target: str | None,
        body: object,
        callback: str | Secret | None,
    ) -> Result[types.Accepted]:
        creation, _ = await self._begun(uuid, operation)
        return await self._create(creation, authorization, uuid, target, body, callback, again=True)

    async def _settle_open(self, limit: int, lease: float) -> list[Settled]:
        """Reconcile the open entries of the journal one after the other."""
        if self._records is None:
            raise MissingArgument("journal", "is needed by reconcile_open: give one to the client")
        arguments.count(limit, "limit")
        end = time.monotonic() + arguments.seconds(lease, "lease")
        generated.load()
        settled = []
        for entry in await self._records.claim(limit, lease):
            left = end - time.monotonic()
            if left <= 0:
                break  # others may have taken the rest by now
            try:
                call = status_of(entry, self._profile)
            except (Misuse, ValueError) as exc:
                # Of a newer momopy's, or for a target that this client may not use: the others have their turn.
                self._driver.observers.journal_failed(exc)
                continue
            call.timeout = min(self._profile.settings.read_deadline, left)
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
        if entry.state in ("accepted", "successful", "failed"):
            return 0.0  # it was made: that the service knows it no more proves nothing
        ago = max(0.0, time.time() - entry.begun)
        # The lesser of both: the wall clock may have been set forward, and another worker may have sent it later.
        return min(ago, self._driver.age(call, ago))

    async def _consent(self, msisdn: str | None, scope: str | None, target: str | None, timeout: float) -> Result[Any]:
        profile = self._profile
        patience = arguments.seconds(timeout, "timeout")
        try:
            generated.load()
            asked = operations.authorize(profile, given(msisdn, "msisdn"), given(scope, "scope"), target=target)
        except ValueRefused as refusal:
            field = "msisdn" if refusal.field == "login_hint" else refusal.field
            return self._refused(operations.AUTHORIZE, field, refusal.rule)
        journey = journeys.consent(
            asked,
            partial(operations.create_oauth2_token, profile, target=target),
            partial(operations.get_user_info, profile, target=target),
            profile.settings,
            patience,
        )
        return await self._driver.journey(journey, asked)
