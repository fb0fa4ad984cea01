# Derived from momopy/awaited/driver.py by scripts/regenerate; a change made here is lost.
"""Does what the procedure asks for: the only I/O, clock and sleep. The blocking twin is derived from this file."""

from __future__ import annotations

import contextlib
import functools
import random
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Final, TypeVar, cast

import httpx

from momopy import wire
from momopy.blocking.records import Records, unwritten
from momopy.calls import TOKEN, Call
from momopy.errors import Misuse
from momopy.faults import NoSlot, fault_of, is_from_elsewhere
from momopy.limits import Quota, StatusLimiter
from momopy.memory import Memory
from momopy.observe import Observers
from momopy.procedure import Fault, Heard, Procedure, Report, Wait, decide
from momopy.requests import Wire, is_dirty
from momopy.result import Refused, Result, Success
from momopy.runtime import CUT, SyncRuntime
from momopy.secret import Secret
from momopy.settings import Settings
from momopy.stores import LockNotGained, TokenStore
from momopy.tokens import Flight, Instant, Shelf, Token, cache_for, shelf_for
from momopy.wire import Answer

T = TypeVar("T")


# Seconds after which a waiter looks whether the renewal that it waits for still goes on.
_GLANCE: Final = 1.0
# Seconds for which a token store that failed is passed over: each look at one that hangs costs half a call's time.
_REST: Final = 30.0


class StoreResting(Exception):
    """A store that failed a moment ago was passed over."""


def _now() -> Instant:
    return Instant(time.monotonic(), time.time())


class SyncDriver:
    """Carries procedures out over one transport."""

    def __init__(
        self,
        runtime: SyncRuntime,
        lines: Wire,
        settings: Settings,
        observers: Observers,
        store: TokenStore | None = None,
        records: Records | None = None,
    ) -> None:
        self._runtime = runtime
        self._wire = lines
        self._settings = settings
        self.observers = observers
        self._shelf = None if store is None else shelf_for(store)
        self._records = records
        runtime.late = self._late
        self._quota = Quota(settings)
        self._status_limiter = StatusLimiter(settings.status_rate)
        self.memory = Memory()

    def manage(self, credentials: str, token_call: Callable[[], Call[Any]]) -> None:
        """See to the tokens of these credentials, which `token_call` fetches."""
        self._credentials = credentials
        self._tokens = cache_for(credentials)
        self._token_call = token_call

    def age(self, call: Call[Any], ago: float = 0.0) -> float:
        """Seconds since this client began what a status call asks about; of others, the counting starts at `ago`."""
        return self.memory.age(call, time.monotonic(), ago)

    def run(self, call: Call[T]) -> Result[T]:
        """Carry one call to its end."""
        self.memory.prepare(call, time.monotonic(), self._settings)
        records = self._records
        try:
            if records is not None and not records.prepare(call):
                # What the journal holds of it, if anything, stays open: an earlier copy may have been made.
                result: Result[T] = unwritten(call)
                self.memory.end(call, result, time.monotonic())
            else:
                result = self._follow(decide(call, self._settings))
                self.memory.end(call, result, time.monotonic())
                if records is not None:
                    self._runtime.spawn(functools.partial(records.end, call, result))
        except BaseException as exc:
            raise self._left(call, exc)  # noqa: B904 - it is the same one
        self.observers.ended(call.operation, call.reference_id, result)
        return result

    def journey(
        self,
        journey: Procedure[Result[T]],
        call: Call[Any],
        progress: Callable[[dict[str, Any]], Any] | None = None,
    ) -> Result[T]:
        """Carry several calls to their common end."""
        self.memory.prepare(call, time.monotonic(), self._settings)
        try:
            if self._records is not None:
                self._records.prepare(call)
            result = self._follow(journey, progress)
            self.memory.end(call, result, time.monotonic())
            if self._records is not None:
                self._runtime.spawn(functools.partial(self._records.end, call, result))
        except BaseException as exc:
            raise self._left(call, exc)  # noqa: B904 - it is the same one
        self.observers.ended(call.operation, call.reference_id, result)
        return result

    def _left(self, call: Call[Any], exc: BaseException) -> BaseException:
        """Note that a call was left unfinished, and return what is to be raised for it."""
        self.memory.end(call, None, time.monotonic())
        if not isinstance(exc, Misuse):
            self.observers.abandoned(call, exc)
        return _alone(exc) if isinstance(exc, KeyboardInterrupt | SystemExit) else exc

    def _late(self, heard: Answer | Fault, _: Wire, call: Call[Any], *__: Any) -> None:
        """Note the answer to an attempt whose caller has gone away, where it proves that something was made."""
        made = isinstance(heard, Answer) and heard.status in call.operation.success and call.made_by is not None
        self.observers.late(call, heard)
        if made:
            self.memory.accepted(call, time.monotonic())
            if self._records is not None:
                self._records.end(call, Success({"reference_id": call.reference_id, "status": "PENDING"}))

    def _follow(self, procedure: Procedure[T], progress: Callable[[dict[str, Any]], Any] | None = None) -> T:
        """Do what a procedure asks for until it has its result."""
        started = time.monotonic()
        used: Token | None = None
        sent: Call[Any] | None = None
        attempt = 0
        try:
            step = next(procedure)
            while True:
                heard: Heard = None
                if isinstance(step, Call):
                    attempt += 1
                    sent = step
                    heard, used = self._send(step, started, attempt)
                elif isinstance(step, Wait):
                    heard = self._pause(step, sent)
                elif isinstance(step, Report):
                    if progress is not None:
                        self._runtime.tell(progress, step.data)
                elif used is not None:
                    self._tokens.invalidate(used)
                step = procedure.send((time.monotonic() - started, heard))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def _pause(self, wait: Wait, sent: Call[Any] | None) -> bool:
        if wait.cost and not self._quota.draw(wait.cost):
            return False
        # Not cryptography: the spread keeps many clients from coming back at once.
        seconds = random.uniform(wait.least, wait.most)  # noqa: S311
        if wait.cost and sent is not None:
            self.observers.repeats(sent.operation, sent.reference_id, seconds)
        self._runtime.sleep(seconds)
        return True

    def _send(self, call: Call[Any], started: float, attempt: int) -> tuple[Heard, Token | None]:
        token: Token | None = None
        if call.operation.status_of:
            pause = self._status_limiter.reserve(time.monotonic(), started + call.until)
            if pause is None:
                return Fault("late", "StatusRate"), None
            if pause > 0:
                self._runtime.sleep(pause)
        authorization = call.authorization
        if call.managed:
            got = self._token(call.until - (time.monotonic() - started))
            if got is None:
                return Fault("late", "Deadline"), None
            if isinstance(got, Refused):
                return got, None
            token = got
        seconds = call.until - (time.monotonic() - started)
        if seconds <= 0:
            return Fault("late", "Deadline"), token
        if token is not None:
            authorization = token.header
        limit = self._settings.token_body_limit if call.operation.kind is TOKEN else self._settings.body_limit
        begun = time.monotonic()
        heard: Answer | Fault
        try:
            # The request is made once the call has its place on the wire: thousands may wait for theirs.
            heard = self._runtime.attempt(_guarded, seconds, self._wire, call, authorization, begun + seconds, limit)
        except Misuse as misuse:
            if attempt == 1:
                raise
            heard = Fault("unsent", type(misuse).__name__)  # an earlier attempt may have been carried out
        except Exception as exc:  # the one place where whatever a transport raises becomes a value
            if not self._runtime.given and is_from_elsewhere(exc):
                raise
            heard = fault_of(exc, self._runtime.given)
        self._quota.heard(heard)
        self.observers.attempted(call, attempt, heard, time.monotonic() - begun)
        return heard, token

    def _token(self, seconds: float) -> Token | Refused | None:
        """A token, or why there is none, or None where the time was too short to learn either."""
        end = time.monotonic() + seconds
        while True:
            claim = self._tokens.claim(_now(), self._settings, self._runtime)
            flight = claim.flight
            if flight is None:
                return claim.token or claim.refusal
            if claim.leads:
                renewal = functools.partial(self._renew, flight)
                if claim.token is not None:
                    # Early: the old token goes on serving, whether the token service answers or not.
                    self._runtime.background(renewal)
                    return claim.token
                self._runtime.spawn(renewal, end - time.monotonic())
            if not flight.done.done():
                left = end - time.monotonic()
                if left <= 0:
                    return None
                try:
                    self._runtime.wait(flight.done, min(left, _GLANCE))
                except TimeoutError:
                    continue
            got = flight.done.result(0)
            if got is not None:
                return got

    def _renew(self, flight: Flight) -> None:
        outcome: Token | Refused | None = None
        try:
            outcome = self._fetch(flight) if self._shelf is None else self._share(flight, self._shelf)
        finally:
            self._tokens.land(flight, outcome, _now(), self._settings)

    def _share(self, flight: Flight, shelf: Shelf) -> Token | Refused:
        """Renew for all the workers that share a store; without the store, for this process alone."""
        if _now().mono < shelf.rests_until:
            return self._fetch(flight)
        key, observers = self._credentials, self.observers
        # Half, so that enough time is left for a request of one's own.
        seconds = self._settings.token_deadline / 2
        taking = self._runtime.aside(functools.partial(_take, shelf, key, 0.8 * seconds))
        try:
            lock, kept = self._runtime.wait(taking, seconds)
        except BaseException as exc:
            taking.add_done_callback(functools.partial(_untake, self._runtime.afterwards, observers))
            if not isinstance(exc, Exception):
                raise
            _failed(shelf, exc, observers)
            return self._fetch(flight)
        try:
            stored = self._tokens.taken(kept, _now(), self._settings)
            outcome = self._fetch(flight) if stored is None else stored
        except BaseException:
            self._runtime.afterwards(functools.partial(_leave, lock, observers))
            raise
        # Nobody waits for it: who looks for the token in the store waits for the lock.
        fetched = outcome if stored is None else None
        self._runtime.afterwards(functools.partial(_keep, shelf, lock, key, fetched, observers))
        return outcome

    def _fetch(self, flight: Flight) -> Token | Refused:
        pause = flight.not_before - _now().mono
        if pause > 0:
            self._runtime.sleep(pause)
        start = _now()
        self._tokens.start(start)
        call = self._token_call()
        deadline = self._settings.token_deadline
        call.timeout = max(min(1.0, deadline / 2), deadline - (start.mono - flight.started))
        result = self.run(call)
        if isinstance(result, Refused):
            return result
        return Token(result.data["access_token"], start, float(min(result.data["expires_in"], 3600)))

    def close(self) -> None:
        """Close the transport."""
        self._runtime.close()


def _take(shelf: Shelf, key: str, seconds: float) -> tuple[AbstractContextManager[object], Token | None]:
    """Hold the other workers off, and look for what they left."""
    if _now().mono < shelf.rests_until:  # it failed for others while this waited for a thread
        raise StoreResting
    lock = shelf.store.lock(key, seconds)
    lock.__enter__()
    try:
        text = shelf.store.get(key)
        return lock, None if text is None else Token.load(text, _now())
    except BaseException:
        with contextlib.suppress(Exception):
            lock.__exit__(None, None, None)
        raise


def _untake(afterwards: Callable[[Callable[[], None]], None], observers: Observers, taking: Future[Any]) -> None:
    """Leave a lock that was gained when nobody waited for it any more."""
    if taking.exception() is None:
        afterwards(functools.partial(_leave, taking.result()[0], observers))


def _keep(
    shelf: Shelf, lock: AbstractContextManager[object], key: str, token: Token | Refused | None, observers: Observers
) -> None:
    """Leave the token to the other workers, and the lock."""
    try:
        if isinstance(token, Token):
            shelf.store.set(key, token.dump(), token.ttl)
    except Exception as exc:
        _failed(shelf, exc, observers)
    _leave(lock, observers)


def _leave(lock: AbstractContextManager[object], observers: Observers) -> None:
    try:
        lock.__exit__(None, None, None)
    except Exception as exc:
        observers.store_failed(exc)


def _failed(shelf: Shelf, exc: Exception, observers: Observers) -> None:
    """Pass a store over for a while; where another worker held its lock for long, it did not fail."""
    if isinstance(exc, StoreResting):
        return
    if not isinstance(exc, LockNotGained):
        shelf.rests_until = _now().mono + _REST
    observers.store_failed(exc)


def _alone(exc: BaseException) -> BaseException:
    """An interrupt without the way it came.

    It may strike while headers or a token are a local variable of the transport's or the procedure's, and tracebacks
    travel. `raise ... from None` would hide the context and not forget it.
    """
    exc.__context__ = None
    return exc.with_traceback(None)


def _guarded(
    transport: httpx.BaseTransport,
    lines: Wire,
    call: Call[Any],
    authorization: Secret | None,
    end: float,
    limit: int,
) -> Answer | Fault:
    seconds = end - time.monotonic()
    if seconds <= 0:
        raise NoSlot
    try:
        return _exchange(lines.request(call, authorization, seconds), end, limit, transport)
    except (KeyboardInterrupt, SystemExit) as exc:
        raise _alone(exc)  # noqa: B904 - see there


def _exchange(request: httpx.Request, end: float, limit: int, transport: httpx.BaseTransport) -> Answer | Fault:
    """Send a request and read a bounded answer. A status line that was seen is never lost again."""
    response = transport.handle_request(request)
    stream = cast(httpx.SyncByteStream, response.stream)
    chunks: list[bytes] = []
    size = 0
    complete = True
    try:
        try:
            for chunk in stream:
                chunks.append(chunk)
                size += len(chunk)
                if size > limit or time.monotonic() > end:
                    complete = size > limit
                    break
        except CUT:
            complete = False
        if is_dirty(response):
            # A second answer on this connection would be taken for the next call's.
            response.extensions["network_stream"].close()
    finally:
        stream.close()
    return wire.read(response.status_code, response.headers.raw, b"".join(chunks), complete=complete, limit=limit)
