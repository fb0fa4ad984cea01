"""The checker against histories made by hand: each lie is found, and no honest story is taken for one."""

from __future__ import annotations

import pytest

from .checker import check
from .history import Event, History, Made, Sent, fingerprint
from .shop import orders

P, Q = "payload-1", "payload-2"


def invoke(order: str, key: str, payload: str = P) -> Event:
    return Event("invoke", order, key, payload, 0.0)


def ok(order: str, key: str, payload: str = P, elapsed: float = 0.0) -> Event:
    return Event("ok", order, key, payload, 1.0, elapsed)


def fail(order: str, key: str, payload: str = P, elapsed: float = 0.0) -> Event:
    return Event("fail", order, key, payload, 1.0, elapsed)


def unknown(order: str, key: str, payload: str = P) -> Event:
    return Event("unknown", order, key, payload, 1.0)


def sold(requests: list[int]) -> History:
    """As many orders as there are numbers, each paid after so many requests."""
    keys = [f"id-{number}" for number in range(len(requests))]
    events = [event for key in keys for event in (invoke(key, key), ok(key, key))]
    sent = [
        Sent("POST" if look == 0 else "GET", key)
        for key, count in zip(keys, requests, strict=True)
        for look in range(count)
    ]
    return History(events, [Made(key, key, P) for key in keys], sent)


A, B = "id-a", "id-b"
POST_A, GET_A, POST_B = Sent("POST", A), Sent("GET", A), Sent("POST", B)
MADE_A, MADE_B = Made(A, "1", P), Made(B, "1", P)

HONEST = {
    "nothing at all": History([], [], []),
    "paid at once": History([invoke("1", A), ok("1", A)], [MADE_A], [POST_A]),
    "paid after a repeat": History([invoke("1", A), ok("1", A)], [MADE_A], [POST_A, POST_A]),
    "refused": History([invoke("1", A), fail("1", A)], [], [POST_A]),
    "refused before it was sent": History([invoke("1", A), fail("1", A)], [], []),
    "refused, pressed again, paid": History(
        [invoke("1", A), fail("1", A), invoke("1", B), ok("1", B)], [MADE_B], [POST_A, POST_B]
    ),
    "unknown, then known to be paid": History([invoke("1", A), unknown("1", A), ok("1", A)], [MADE_A], [POST_A, GET_A]),
    "unknown, then known to be refused": History([invoke("1", A), unknown("1", A), fail("1", A)], [], [POST_A, GET_A]),
    "unknown, refused, pressed again, paid": History(
        [invoke("1", A), unknown("1", A), fail("1", A), invoke("1", B), ok("1", B)], [MADE_B], [POST_A, POST_B]
    ),
    "two orders, interleaved": History(
        [invoke("1", A), invoke("2", B, Q), ok("2", B, Q), ok("1", A)], [MADE_A, Made(B, "2", Q)], [POST_A, POST_B]
    ),
    "two of twenty that were looked at for long, which is chance": sold([1] * 18 + [20, 20]),
}

LIES = {
    "charged twice under two ids": (
        History([invoke("1", A), fail("1", A), invoke("1", B), ok("1", B)], [MADE_A, MADE_B], [POST_A, POST_B]),
        {"charged twice", "told failed, and made"},
    ),
    "one id made twice": (
        History([invoke("1", A), ok("1", A)], [MADE_A, MADE_A], [POST_A, POST_A]),
        {"charged twice", "one id made twice"},
    ),
    "told ok, nothing there": (History([invoke("1", A), ok("1", A)], [], [POST_A]), {"told ok, and never made"}),
    "told ok, another sum": (
        History([invoke("1", A), ok("1", A)], [Made(A, "1", Q)], [POST_A]),
        {"told ok, and something else was made"},
    ),
    "told failed, there": (History([invoke("1", A), fail("1", A)], [MADE_A], [POST_A]), {"told failed, and made"}),
    "unknown, told failed, there": (
        History([invoke("1", A), unknown("1", A), fail("1", A)], [MADE_A], [POST_A]),
        {"told failed, and made"},
    ),
    "unknown, told ok, nothing there": (
        History([invoke("1", A), unknown("1", A), ok("1", A)], [], [POST_A]),
        {"told ok, and never made"},
    ),
    "never settled": (History([invoke("1", A), unknown("1", A)], [MADE_A], [POST_A]), {"still unknown"}),
    "never heard of again": (History([invoke("1", A)], [], [POST_A]), {"still unknown"}),
    "a payment that nobody knows": (
        History([invoke("1", A), ok("1", A)], [MADE_A, Made(B, "2", P)], [POST_A]),
        {"made, and the client does not know it"},
    ),
    "an id of its own making": (
        History([invoke("1", A), ok("1", A)], [MADE_A], [POST_A, POST_B]),
        {"an id that no order has"},
    ),
    "a new id while it is unknown": (
        History([invoke("1", A), unknown("1", A), invoke("1", B), ok("1", B)], [MADE_B], [POST_A, POST_B]),
        {"started anew while it was open or done"},
    ),
    "a new id after it was paid": (
        History([invoke("1", A), ok("1", A), invoke("1", B), fail("1", B)], [MADE_A], [POST_A, POST_B]),
        {"started anew while it was open or done"},
    ),
    "a new try with the old id": (
        History([invoke("1", A), fail("1", A), invoke("1", A), ok("1", A)], [MADE_A], [POST_A]),
        {"an id used for two tries", "told failed, and made"},
    ),
    "an end of another id": (
        History([invoke("1", A), ok("1", B)], [MADE_B], [POST_A]),
        {"an end of something else", "still unknown"},
    ),
    "two ends": (
        History([invoke("1", A), fail("1", A), ok("1", A)], [MADE_A], [POST_A]),
        {"ended twice", "told failed, and made"},
    ),
    "an end without a beginning": (
        History([ok("1", A)], [MADE_A], []),
        {"an end of something else"},
    ),
    "two hundred looks": (
        History([invoke("1", A), ok("1", A)], [MADE_A], [POST_A, *[GET_A] * 201]),
        {"too many requests"},
    ),
    "forty sends": (History([invoke("1", A), ok("1", A)], [MADE_A], [POST_A] * 41), {"too many requests"}),
    "more than two requests for each order": (
        History([invoke("1", A), ok("1", A)], [MADE_A], [POST_A] * 3),
        {"too many requests"},
    ),
    "one in ten that is looked at for long, in a run that leaves no doubt": (
        sold(([1] * 9 + [20]) * 100),
        {"too many requests"},
    ),
    "a call that took too long": (
        History([invoke("1", A), ok("1", A, elapsed=6.0)], [MADE_A], [POST_A]),
        {"a call took too long"},
    ),
    "a failure that took too long": (
        History([invoke("1", A), fail("1", A, elapsed=6.0)], [], [POST_A]),
        {"a call took too long"},
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_story_passes(name: str) -> None:
    assert check(HONEST[name], longest=5.0).counts() == {}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_found(name: str) -> None:
    history, rules = LIES[name]
    assert set(check(history, longest=5.0).counts()) == rules


def test_a_report_tells_how_big_the_run_was() -> None:
    report = check(HONEST["unknown, refused, pressed again, paid"], longest=5.0)
    assert (report.orders, report.requests, report.settled, report.per_order) == (1, 2, 1, 2.0)


def test_every_part_of_a_payment_is_in_its_fingerprint() -> None:
    (order,) = orders(1, 1)
    changes = [{"amount": "0.01"}, {"currency": "XOF"}, {"externalId": "x"}, {"payer": {"partyId": "46733120000"}}]
    prints = {fingerprint(order.body), *(fingerprint({**order.body, **change}) for change in changes)}
    assert len(prints) == 5
