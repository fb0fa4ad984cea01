"""What a switch, a part of the callback mode, the clock or an option cannot be is refused before it harms."""

from __future__ import annotations

from typing import Any

import attrs
import httpx
import pytest

from momopy.sandbox import CallbackMode, Options, Sandbox, Switches, run
from tests.sandbox.shop import Shop

NAN, INFINITE = float("nan"), float("inf")
NUMBERS = [-1, NAN, INFINITE, 1e12, 10**400, "2", True, [], {}]
NULL_IS_A_VALUE = {"id_memory", "delayed_after", "consent_after", "status_cap"}
# For each setting, values that are wrong, and one that is right and no default.
SETTINGS: dict[str, tuple[list[Any], Any]] = {
    "atomic_duplicates": ([0, "yes"], False),
    "duplicate_window": ([*NUMBERS, 3601], 0.01),
    "duplicates_first": ([1, "no"], True),
    "burn_on_500": ([1], True),
    "id_memory": (NUMBERS, 3600),
    "get_lag": (NUMBERS, 0.5),
    "doomed": (["x", True, [], {}], "reason"),
    "reason_shape": (["x", 0, []], "object"),
    "message_limit": ([*NUMBERS, 0, 128.5], 128),
    "refuse_empty_messages": ([1], True),
    "new_key_ends_tokens": ([1], True),
    "ip_callback_hosts": ([1], True),
    "https_callbacks": ([1], True),
    "delayed_after": (NUMBERS, 2.5),
    "consent_after": (NUMBERS, 60),
    "status_cap": ([*NUMBERS, 0, 1.5], 10),
    "token_body": (["x", []], "ignore"),
    "token_lifetime": ([*NUMBERS, 0, 59.5], 60),
    "send": ([0, "no"], False),
    "method": (["PATCH", "post", []], "PUT"),
    "delay": (NUMBERS, 1.5),
    "copies": ([*NUMBERS, 0, 101, 1.5], 2),
    "order": (["x", []], "overtaken"),
    "repeat": (["x", 1], "again"),
    "lost": ([-0.1, 1.1, NAN, "0", True], 0.5),
    "early": (NUMBERS, 3),
}
FIELDS = [(kind, field.name) for kind in (Switches, CallbackMode) for field in attrs.fields(kind)]


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_a_setting_takes_what_it_can_be_and_nothing_else(kind: Any, name: str) -> None:
    wrong, right = SETTINGS[name]
    target = kind()
    for value in [*wrong, *([] if name in NULL_IS_A_VALUE else [None])]:
        with pytest.raises(ValueError, match=f"^{name} is "):
            setattr(target, name, value)
        with pytest.raises(ValueError, match=f"^{name} is "):
            kind(**{name: value})
    assert target == kind()
    setattr(target, name, right)
    assert getattr(target, name) == right != getattr(kind(), name)
    if name in NULL_IS_A_VALUE:
        setattr(target, name, None)


def test_the_control_api_sets_all_or_nothing_and_says_why(sandbox: Sandbox, shop: Shop) -> None:
    wrongs: list[tuple[str, Any, str]] = [
        ("switches", {"burn_on_500": True, "get_lag": None}, "get_lag is a number of seconds from 0 to 1000000000"),
        ("switches", {"token_lifetime": -5}, "token_lifetime is a whole number from 1 to 1000000000"),
        ("switches", {"id_memory": -5}, "id_memory is a number of seconds from 0 to 1000000000, or None"),
        ("switches", {"doomed": "x"}, "doomed is one of answer, reason"),
        ("callback-mode", {"send": False, "copies": True}, "copies is a whole number from 1 to 100"),
    ]
    with httpx.Client(base_url=f"{sandbox.base_url}/_sandbox/api/", trust_env=False) as api:
        for path, document, sentence in wrongs:
            answer = api.patch(path, json=document)
            assert answer.status_code == 400
            assert answer.json()["error"].startswith(sentence)
        assert (sandbox.switches, sandbox.callback_mode) == (Switches(), CallbackMode())
        shop.pay()
        assert api.patch("switches", json={"id_memory": None, "status_cap": 5}).status_code == 200


@pytest.mark.parametrize("seconds", [1e12, 1e300, 10**400, NAN, INFINITE, -1, -INFINITE, True, None, "5", [5]])
def test_time_that_cannot_be_moved_to(sandbox: Sandbox, shop: Shop, seconds: Any) -> None:
    before = sandbox.clock.now()
    with pytest.raises(ValueError, match="moved forward by a number of seconds, and not beyond the year 9000"):
        sandbox.advance(seconds)
    assert sandbox.clock.now() == before
    shop.pay()


@pytest.mark.parametrize("speed", [-1, 1e7, NAN, INFINITE, True, None, "5"])
def test_a_speed_that_cannot_be(sandbox: Sandbox, speed: Any) -> None:
    with pytest.raises(ValueError, match="lies between 0 and 1,000,000"):
        sandbox.set_speed(speed)
    with pytest.raises(ValueError, match="lies between 0 and 1,000,000"), run(speed=speed):
        pass
    assert sandbox.clock.speed == 0


@pytest.mark.parametrize(
    "document",
    [{"advance": True}, {"speed": True}, {"advance": 5, "speed": 1}, {"advance": None}, {"advance": [1]}, {"go": 1}],
)
def test_the_control_api_moves_time_by_numbers_only(sandbox: Sandbox, document: Any) -> None:
    before = sandbox.clock.now()
    answer = httpx.post(f"{sandbox.base_url}/_sandbox/api/clock", json=document, trust_env=False)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert (sandbox.clock.now(), sandbox.clock.speed) == (before, 0)


def test_the_last_moment_can_be_reached_and_all_goes_on(sandbox: Sandbox, shop: Shop) -> None:
    sandbox.advance(200_000_000_000)
    shop.login()
    assert shop.status(shop.pay("46733123453"))["status"] == "PENDING"
    assert httpx.get(sandbox.page_url, trust_env=False).status_code == 200
    sandbox.set_speed(1_000_000)
    with pytest.raises(ValueError, match="year 9000"):
        sandbox.advance(200_000_000_000)


@pytest.mark.parametrize("options", [{"currency": "euro"}, {"currency": "EURO"}, {"currency": 5}, {"keep": 0}])
def test_an_option_that_cannot_be(options: Any) -> None:
    with pytest.raises(ValueError, match=f"^{next(iter(options))} is "):
        Options(**options)
    with pytest.raises(ValueError, match=f"^{next(iter(options))} is "), run(**options):
        pass
