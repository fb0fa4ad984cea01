"""The cache by itself: what is kept of a token, and what comes of flights that overtake each other."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from momopy import tokens
from momopy.result import Refused, refused_value
from momopy.settings import DEFAULT
from momopy.tokens import Claim, Flight, Instant, Token, TokenCache
from tests.tokens.desk import Clock, Credentials, Desk

NOW = Instant(500.0, 1_700_000_000.0)


class Asker:
    """Comes for a token, and goes on with a renewal or not."""

    def __init__(self, *, goes_on: bool = True) -> None:
        self.goes_on = goes_on

    def witness(self) -> Callable[[object], bool]:
        return lambda halted: self.goes_on

    def halts(self) -> object:
        return None


CALLER = Asker()
LEAVER = Asker(goes_on=False)


@pytest.mark.parametrize("ttl", [60, 120, 300, 600, 1800, 3600])
def test_nobody_uses_a_token_at_its_end(ttl: float) -> None:
    token = Token("a", NOW, ttl)
    for left in (1, 5, 30, 59, 60):
        now = Instant(NOW.mono + ttl - left, NOW.wall + ttl - left)
        if left <= min(60, ttl / 10):
            assert not token.is_usable(now, DEFAULT)
            assert token.is_due(now, DEFAULT)
    assert token.is_usable(NOW, DEFAULT)
    assert not token.is_due(NOW, DEFAULT)


def test_a_token_is_read_back_from_a_store_with_its_age() -> None:
    written = Token("a.b-c", Instant(1.0, NOW.wall - 1000), 3600).dump()
    token = Token.load(written, NOW)
    assert token is not None
    assert token.header.reveal() == "Bearer a.b-c"
    assert token.left(NOW) == 2600


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '"text"',
        "{}",
        "{",
        "[" * 100_000,
        json.dumps({"header": "Bearer a", "wall": NOW.wall}),
        json.dumps({"header": "Bearer a", "wall": NOW.wall, "ttl": float("nan")}),
        json.dumps({"header": "Bearer a", "wall": float("nan"), "ttl": 3600}),
        json.dumps({"header": "Bearer a", "wall": float("inf"), "ttl": 3600}),
        json.dumps({"header": "Bearer a", "wall": NOW.wall, "ttl": 10**400}),
        json.dumps({"header": "Bearer a", "wall": NOW.wall, "ttl": 7200}),
        json.dumps({"header": "Bearer a\r\nX: y", "wall": NOW.wall, "ttl": 3600}),
        json.dumps({"header": "Bearer ", "wall": NOW.wall, "ttl": 3600}),
        json.dumps({"header": "Basic a", "wall": NOW.wall, "ttl": 3600}),
        json.dumps({"header": ["Bearer a"], "wall": NOW.wall, "ttl": 3600}),
    ],
    ids=range(17),
)
def test_anything_else_in_a_store_is_no_token(text: str) -> None:
    assert Token.load(text, NOW) is None


def test_the_end_of_a_renewal_that_was_given_up_changes_nothing() -> None:
    cache = TokenCache()
    slow = cache.claim(NOW, DEFAULT, LEAVER).flight
    quick = cache.claim(NOW, DEFAULT, CALLER).flight
    assert slow is not None
    assert quick is not None
    assert slow is not quick
    newer, older = Token("newer", Instant(NOW.mono + 2, NOW.wall + 2), 3600), Token("older", NOW, 3600)
    cache.land(quick, newer, NOW, DEFAULT)
    cache.land(slow, older, NOW, DEFAULT)
    assert cache.claim(NOW, DEFAULT, CALLER).token is newer
    assert slow.done.result(0) is older


def test_a_late_refusal_does_not_stop_the_next_renewal() -> None:
    cache = TokenCache()
    slow = cache.claim(NOW, DEFAULT, LEAVER).flight
    quick = cache.claim(NOW, DEFAULT, CALLER).flight
    assert slow is not None
    cache.land(slow, refused_value("a", "b"), NOW, DEFAULT)
    claim = cache.claim(NOW, DEFAULT, CALLER)
    assert (claim.flight, claim.refusal) == (quick, None)


def test_a_renewal_without_an_end_is_taken_over() -> None:
    cache = TokenCache()
    first = cache.claim(NOW, DEFAULT, CALLER)
    assert first.leads
    assert not cache.claim(NOW._replace(mono=NOW.mono + 29), DEFAULT, CALLER).leads
    assert cache.claim(NOW._replace(mono=NOW.mono + 31), DEFAULT, CALLER).leads


def test_a_refusal_is_told_for_a_second() -> None:
    cache = TokenCache()
    refused = refused_value("a", "b")
    flight = cache.claim(NOW, DEFAULT, CALLER).flight
    assert flight is not None
    cache.land(flight, refused, NOW, DEFAULT)
    assert isinstance(cache.claim(NOW._replace(mono=NOW.mono + 0.9), DEFAULT, CALLER).refusal, Refused)
    assert cache.claim(NOW._replace(mono=NOW.mono + 1.1), DEFAULT, CALLER).leads


def test_token_requests_keep_a_distance(clock: Clock, desk: Desk, merchant: Credentials) -> None:
    client = merchant.blocking(desk)
    assert client.get_account_balance().ok
    desk.revoked.add(desk.used[-1])
    clock.advance(0.8)
    begun = time.monotonic()
    assert client.get_account_balance().ok
    assert 0.15 < time.monotonic() - begun < 5
    assert len(desk.asked) == 2


def test_a_refused_token_is_not_taken_from_a_store_again() -> None:
    cache = TokenCache()
    refused = Token("a", NOW, 3600)
    cache._token = refused
    cache.invalidate(refused)
    assert cache.taken(Token("a", NOW, 3600), NOW, DEFAULT) is None
    assert cache.taken(Token("b", NOW, 3600), NOW, DEFAULT) is not None
    assert cache.taken(Token("b", Instant(NOW.mono - 3100, NOW.wall), 3600), NOW, DEFAULT) is None


def test_a_renewal_that_the_collector_ends_in_mid_claim_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The collector closes the coroutine of a given-up event loop in any thread, and in any line of it."""
    cache = TokenCache()
    now = Instant(1000.0, 1_800_000_000.0)
    given_up = cache.claim(now, DEFAULT, LEAVER).flight
    assert given_up is not None

    class Collected(Flight):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            cache.land(given_up, None, now, DEFAULT)

    monkeypatch.setattr(tokens, "Flight", Collected)
    claims: list[Claim] = []
    caller = threading.Thread(target=lambda: claims.append(cache.claim(now, DEFAULT, CALLER)), daemon=True)
    caller.start()
    caller.join(5)
    assert [claim.leads for claim in claims] == [True]
    assert cache.claim(now, DEFAULT, CALLER).flight is claims[0].flight
