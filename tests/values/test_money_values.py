"""Amounts: what goes out, what is refused, and what counts as the same money."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import pytest

from momopy import values
from momopy.values import ValueRefused


def refusal(check: Callable[..., object], value: object, *rest: Any) -> ValueRefused:
    with pytest.raises(ValueRefused) as caught:
        check(value, "the.field", *rest)
    error = caught.value
    assert error.field == "the.field"
    assert error.rule
    assert str(error) == f"the.field {error.rule}"
    if isinstance(value, str) and len(value) > 3:
        assert value not in str(error)
    return error


class Price(IntEnum):
    MONTH = 5000


@pytest.mark.parametrize(
    ("given", "currency", "sent"),
    [
        ("5", "EUR", "5"),
        ("5.0", "EUR", "5.0"),
        ("5.00", "EUR", "5.00"),
        ("12.50", "EUR", "12.50"),
        ("0.01", "EUR", "0.01"),
        ("0.5", "GHS", "0.5"),
        ("1000", "UGX", "1000"),
        ("999999999999999999", "XOF", "999999999999999999"),
        ("999999999999999999.99", "NGN", "999999999999999999.99"),
        ("1.234", "TND", "1.234"),
        ("1.234", "KWD", "1.234"),
        (1, "XAF", "1"),
        (5000, "UGX", "5000"),
        (10**18 - 1, "UGX", "9" * 18),
        (Price.MONTH, "UGX", "5000"),
        (Decimal("12.50"), "EUR", "12.50"),
        (Decimal(5000), "UGX", "5000"),
        (Decimal("5E+3"), "UGX", "5000"),
        (Decimal("1E-2"), "EUR", "0.01"),
        (Decimal("0.10"), "ZAR", "0.10"),
        (Decimal("999999999999999999.99"), "EUR", "999999999999999999.99"),
    ],
)
def test_an_amount_is_sent_as_it_was_given(given: str | int | Decimal, currency: str, sent: str) -> None:
    assert values.amount(given, "amount", currency) == sent


BAD_AMOUNTS: list[tuple[object, str]] = [
    ("", "EUR"),
    (" ", "EUR"),
    ("0", "EUR"),
    ("0.0", "EUR"),
    ("0.00", "EUR"),
    ("-0", "EUR"),
    ("-5", "EUR"),
    ("-0.01", "EUR"),
    ("+5", "EUR"),
    (" 5", "EUR"),
    ("5 ", "EUR"),
    ("5\n", "EUR"),
    ("05", "EUR"),
    ("00.5", "EUR"),
    (".5", "EUR"),
    ("5.", "EUR"),
    (".", "EUR"),
    ("5.5.5", "EUR"),
    ("5,50", "EUR"),
    ("1,000", "EUR"),
    ("1 000", "EUR"),
    ("1_000", "EUR"),
    ("1'000", "EUR"),
    ("1e3", "EUR"),
    ("1E3", "EUR"),
    ("1e-2", "EUR"),
    ("0x10", "EUR"),
    ("NaN", "EUR"),
    ("sNaN", "EUR"),
    ("Infinity", "EUR"),
    ("-inf", "EUR"),
    ("EUR 5", "EUR"),
    ("5 EUR", "EUR"),
    ("\u20ac5", "EUR"),
    ("five", "EUR"),
    ("\u0665", "EUR"),
    ("\uff15", "EUR"),
    ("5\u00a0000", "EUR"),
    ("5\0", "EUR"),
    ("1/2", "EUR"),
    ("5.001", "EUR"),
    ("5.123", "GHS"),
    ("5.5", "UGX"),
    ("5.00", "UGX"),
    ("5.0", "XOF"),
    ("5.0", "XAF"),
    ("5.0", "GNF"),
    ("5.0", "RWF"),
    ("1" * 19, "EUR"),
    ("9" * 5000, "EUR"),
    ("0." + "0" * 5000 + "1", "EUR"),
    (0, "EUR"),
    (-1, "EUR"),
    (10**18, "EUR"),
    (10**19, "EUR"),
    (10**5000, "EUR"),
    (-(10**5000), "EUR"),
    (True, "EUR"),
    (False, "EUR"),
    (5.0, "EUR"),
    (0.1, "EUR"),
    (float("nan"), "EUR"),
    (float("inf"), "EUR"),
    (Decimal(0), "EUR"),
    (Decimal(-1), "EUR"),
    (Decimal("-0"), "EUR"),
    (Decimal("0.001"), "EUR"),
    (Decimal("5.50"), "UGX"),
    (Decimal("NaN"), "EUR"),
    (Decimal("sNaN"), "EUR"),
    (Decimal("Infinity"), "EUR"),
    (Decimal("-Infinity"), "EUR"),
    (Decimal("1E+18"), "EUR"),
    (Decimal("1E+999999"), "EUR"),
    (Decimal("1E+999999999999999999"), "EUR"),
    (Decimal("1E-999999999999999999"), "EUR"),
    (Decimal("1E-999999"), "EUR"),
    (Decimal("0E+999999"), "EUR"),
    (Decimal("0E-999999"), "EUR"),
    (Fraction(1, 2), "EUR"),
    (5 + 0j, "EUR"),
    (b"5", "EUR"),
    (["5"], "EUR"),
    ({"amount": "5"}, "EUR"),
    (None, "EUR"),
    (object(), "EUR"),
]


@pytest.mark.parametrize(("bad", "currency"), BAD_AMOUNTS, ids=range(len(BAD_AMOUNTS)))
def test_what_is_no_amount_of_the_currency_is_refused(bad: object, currency: str) -> None:
    refusal(values.amount, bad, currency)


@pytest.mark.parametrize(
    ("bad", "currency", "sentence"),
    [
        (5.0, "EUR", "must not be a float"),
        ("5.0", "UGX", "more decimals than UGX, which has 0"),
        ("5.001", "EUR", "more decimals than EUR, which has 2"),
        ("0.00", "EUR", "more than zero"),
        (True, "EUR", "a str, an int or a Decimal"),
        ("1e3", "EUR", "plain positive number"),
    ],
)
def test_an_amount_is_refused_with_its_own_rule(bad: object, currency: str, sentence: str) -> None:
    assert sentence in refusal(values.amount, bad, currency).rule


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("12.50", "12.5"),
        ("12.5", "12.500"),
        ("5", "5.0"),
        ("5", "5.00"),
        ("5", 5),
        ("5", 5.0),
        ("12.5", 12.5),
        ("0.1", 0.1),
        ("5", Decimal("5.00")),
        ("5000", "5E+3"),
        ("5000", Decimal("5E+3")),
        ("007", "7"),
        ("0.50", ".5"),
        ("5.", "5"),
        ("999999999999999999.99", "999999999999999999.990"),
        ("100000000000000000", 1e17),
    ],
    ids=str,
)
def test_the_same_money_is_the_same(a: object, b: object) -> None:
    assert values.same_amount(a, b)
    assert values.same_amount(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("5", "50"),
        ("5", "0.5"),
        ("5.01", "5.1"),
        ("12.50", "12.05"),
        ("5", "-5"),
        ("10", "1"),
        ("100", "1"),
        ("5", None),
        (None, None),
        ("", ""),
        ("x", "x"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("1", True),
        (True, True),
        ("5", "5 EUR"),
        ("5", "five"),
        ("5", ["5"]),
        ("1E+999999", "1E+999999"),
        ("5", "\u0665" * 5000),
        ("5", 10**5000),
        ("-5", "-5"),
        ({}, {}),
        ("999999999999999999.99", "999999999999999999.98"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_money_and_no_money_are_not_the_same(a: object, b: object) -> None:
    assert not values.same_amount(a, b)
    assert not values.same_amount(b, a)
