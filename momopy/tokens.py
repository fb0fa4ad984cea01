"""Keeps one access token for all callers: who may use it, who renews it, who waits. Does no I/O itself."""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, NamedTuple, Protocol

from momopy.result import Refused
from momopy.secret import Secret
from momopy.settings import Settings
from momopy.stores import TokenStore

_HEADER: Final = re.compile(r"Bearer [\x21-\x7e]{1,16384}")


class Instant(NamedTuple):
    """One moment on both clocks: a monotonic clock may stop in a suspend, a wall clock may be set."""

    mono: float
    wall: float


class Token:
    """A bearer token and its time. Its age counts from the start of the request that fetched it."""

    __slots__ = ("header", "mono", "ttl", "wall")

    def __init__(self, text: str, start: Instant, ttl: float) -> None:
        self.header = Secret("Bearer " + text)
        self.mono = start.mono
        self.wall = start.wall
        self.ttl = min(max(ttl, 60.0), 3600.0)

    def left(self, now: Instant) -> float:
        """Seconds until its end, by the clock that is further on; 0 where the wall clock was set back."""
        by_wall = now.wall - self.wall
        if by_wall < -60:
            return 0.0
        return self.ttl - max(now.mono - self.mono, by_wall)

    def is_usable(self, now: Instant, settings: Settings) -> bool:
        """Whether a call may still be sent with it."""
        return self.left(now) > min(settings.token_mandatory, self.ttl / 10)

    def is_due(self, now: Instant, settings: Settings) -> bool:
        """Whether somebody should renew it, though it may still be used."""
        return self.left(now) <= min(settings.token_advisory, self.ttl / 6)

    def dump(self) -> str:
        """Write it for a store; only the wall clock means anything to another process."""
        return json.dumps({"header": self.header.reveal(), "wall": self.wall, "ttl": self.ttl})

    @classmethod
    def load(cls, text: str, now: Instant) -> Token | None:
        """Read what `dump` wrote; None for anything else."""
        try:
            value = json.loads(text)
            header, wall, ttl = value["header"], float(value["wall"]), float(value["ttl"])
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return None
        if not isinstance(header, str) or _HEADER.fullmatch(header) is None:
            return None
        if not (abs(wall) < 1e11 and 0 < ttl <= 3600):  # not a number, above all: it is never due and never over
            return None
        return cls(header.removeprefix("Bearer "), Instant(now.mono - (now.wall - wall), wall), ttl)


class Caller(Protocol):
    """What the cache asks of those who come for a token."""

    def witness(self) -> Callable[[object], bool]:
        """Make what tells whether a renewal of theirs still goes on while the asker holds up an event loop."""
        ...

    def halts(self) -> object:
        """The event loop that stands still while they wait; None where there is none."""
        ...


class Flight:
    """One renewal under way, which any number of callers may wait for, in any thread or event loop."""

    __slots__ = ("done", "goes_on", "not_before", "started")

    def __init__(self, started: float, not_before: float, goes_on: Callable[[object], bool]) -> None:
        self.done: Future[Token | Refused | None] = Future()
        """Ends with the token, with why there is none, or with None where the renewal itself was broken off."""
        self.started = started
        self.not_before = not_before
        self.goes_on = goes_on
        """False where nobody carries the renewal on: the event loop of its leader stands still, or would."""


class Claim(NamedTuple):
    """What a caller is to do: use the token, take the refusal, or take part in a flight as its leader or a waiter."""

    token: Token | None
    flight: Flight | None = None
    leads: bool = False
    refusal: Refused | None = None


class TokenCache:
    """The token of one set of credentials. The lock is held for a few lines and never over I/O."""

    def __init__(self) -> None:
        self._token: Token | None = None
        self._rejected: Secret | None = None
        self._reset()
        _caches.add(self)

    def _reset(self) -> None:
        # Reentrant: the garbage collector may run in any line below it, and end there, in this very thread, the
        # renewal of an event loop that was given up; that lands, too.
        self._lock = threading.RLock()
        self._flight: Flight | None = None
        self._last_start = -1e9
        self._quiet_until = -1e9
        self._refused_until = -1e9
        self._refusal: Refused | None = None

    def claim(self, now: Instant, settings: Settings, caller: Caller) -> Claim:
        """Say what the caller is to do for a token."""
        token = self._token
        if token is not None and not token.is_due(now, settings):
            return Claim(token)
        with self._lock:
            token = self._token
            usable = token if token is not None and token.is_usable(now, settings) else None
            if usable is not None and (not usable.is_due(now, settings) or now.mono < self._quiet_until):
                return Claim(usable)
            flight = self._flight
            # A leader whose event loop was closed under it never lands; somebody else takes over.
            if (
                flight is not None
                and now.mono - flight.started < settings.token_deadline + 10
                and flight.goes_on(caller.halts())
            ):
                return Claim(usable, None if usable is not None else flight)
            if usable is None and self._refusal is not None and now.mono < self._refused_until:
                return Claim(None, refusal=self._refusal)
            flight = self._flight = Flight(now.mono, self._last_start + settings.token_spacing, caller.witness())
            return Claim(usable, flight, leads=True)

    def start(self, now: Instant) -> None:
        """Note that a token request leaves now."""
        self._last_start = now.mono

    def land(self, flight: Flight, outcome: Token | Refused | None, now: Instant, settings: Settings) -> None:
        """End a flight: keep its token, and hand its outcome to all who wait."""
        with self._lock:
            latest = self._flight is flight
            if latest:
                self._flight = None
            if isinstance(outcome, Token):
                # A flight that was given up may land after the one that took over.
                if latest or self._token is None or outcome.mono > self._token.mono:
                    self._token = outcome
                    self._refusal = None
            elif latest:
                self._quiet_until = now.mono + settings.token_pause
                if outcome is not None:
                    self._refused_until = now.mono + settings.token_spacing
                    self._refusal = outcome
        flight.done.set_result(outcome)

    def invalidate(self, token: Token) -> None:
        """Forget this token after a 401, unless somebody has renewed it already."""
        with self._lock:
            if self._token is token:
                self._token = None
                self._rejected = token.header

    def taken(self, token: Token | None, now: Instant, settings: Settings) -> Token | None:
        """A token from a store, unless it is old or the one that was just refused."""
        if token is None or token.is_due(now, settings):
            return None
        return None if self._rejected is not None and self._rejected == token.header else token


class Shelf:
    """A token store, and until when it is passed over since it failed: all the clients that were given it know."""

    __slots__ = ("__weakref__", "rests_until", "store")

    def __init__(self, store: TokenStore) -> None:
        self.store = store
        self.rests_until = -1e9


# By identity: a store of the program's own need not have a hash. A shelf holds its store, so no other takes its place.
_shelves: weakref.WeakValueDictionary[int, Shelf] = weakref.WeakValueDictionary()


def shelf_for(store: TokenStore) -> Shelf:
    """The one shelf of this process for a store."""
    with _guard:
        shelf = _shelves.get(id(store))
        if shelf is None:
            shelf = _shelves[id(store)] = Shelf(store)
        return shelf


# Strong for the latest: a program that makes a client per request must not make a token per request.
# Weak for all: the clients of one merchant share, however many merchants there are.
_KEPT: Final = 256
_latest: OrderedDict[str, TokenCache] = OrderedDict()
_by_credentials: weakref.WeakValueDictionary[str, TokenCache] = weakref.WeakValueDictionary()
_guard = threading.Lock()
_caches: weakref.WeakSet[TokenCache] = weakref.WeakSet()


def fingerprint(base_url: str, product: str, api_user: str, api_key: str) -> str:
    """Name a set of credentials without telling them."""
    return hashlib.sha256(f"{base_url}\n{product}\n{api_user}\n{api_key}".encode()).hexdigest()


def cache_for(key: str) -> TokenCache:
    """The one cache of this process for a set of credentials."""
    with _guard:
        cache = _by_credentials.get(key)
        if cache is None:
            cache = _by_credentials[key] = TokenCache()
        _latest[key] = cache
        _latest.move_to_end(key)
        if len(_latest) > _KEPT:
            _latest.popitem(last=False)
        return cache


def _after_fork() -> None:
    # A lock that another thread held, and a flight whose leader stayed behind, are nobody's in the child.
    global _guard
    _guard = threading.Lock()
    for cache in list(_caches):
        cache._reset()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
