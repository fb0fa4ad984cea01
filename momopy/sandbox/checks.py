"""What a setting may hold: the checks that settings, modes and faults are made with, and their plain sentences."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias, TypeGuard

import attrs

Validator: TypeAlias = Callable[[Any, "attrs.Attribute[Any]", Any], None]

# 30 years: what begins now still ends in a year of four digits.
LONGEST = 10**9


def is_number(value: object, low: float, high: float) -> TypeGuard[float]:
    """Whether this is a number between two others; NaN lies nowhere, and true is no number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def is_whole(value: object, low: int, high: int) -> TypeGuard[int]:
    """Whether this is an integer between two others."""
    return isinstance(value, int) and is_number(value, low, high)


def _checked(fits: Callable[[Any], bool], sentence: str, *, optional: bool = False) -> Validator:
    def check(_: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not (fits(value) or (optional and value is None)):
            raise ValueError(f"{attribute.name} is {sentence}{', or None (null in JSON)' if optional else ''}")

    return check


def flag() -> Validator:
    """True or false."""
    return _checked(lambda value: isinstance(value, bool), "true or false")


def text(*, optional: bool = False) -> Validator:
    """A string that can be sent."""

    def fits(value: Any) -> bool:
        # Half of a surrogate pair has no bytes.
        return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)

    return _checked(fits, "a text", optional=optional)


def one_of(*values: str) -> Validator:
    """One of these texts."""
    return _checked(lambda value: isinstance(value, str) and value in values, f"one of {', '.join(values)}")


def number(low: float, high: float, *, optional: bool = False) -> Validator:
    """A number between two others."""
    return _checked(lambda value: is_number(value, low, high), f"a number from {low} to {high}", optional=optional)


def whole(low: int, high: int = LONGEST, *, optional: bool = False) -> Validator:
    """An integer between two others."""
    return _checked(lambda value: is_whole(value, low, high), f"a whole number from {low} to {high}", optional=optional)


def seconds(high: float = LONGEST, *, optional: bool = False) -> Validator:
    """A number of seconds."""
    sentence = f"a number of seconds from 0 to {high}"
    return _checked(lambda value: is_number(value, 0, high), sentence, optional=optional)


def currency() -> Validator:
    """A currency's code."""
    return _checked(
        lambda value: isinstance(value, str) and re.fullmatch("[A-Z]{3}", value) is not None,
        "three capital letters, such as EUR",
    )
