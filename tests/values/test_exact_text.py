"""What is sent is what was checked, also when a subclass of str says something else about itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from momopy import values
from momopy.markets import MARKETS
from momopy.secret import Secret

UGANDA = MARKETS["mtnuganda"]
OTHER = "an\r\nother"
KEY = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def _other(*_: object, **__: object) -> str:
    return OTHER


class False_(str):
    """Holds one text, and shows another in every way that it can."""

    __slots__ = ()
    __str__ = __repr__ = __format__ = lower = upper = strip = lstrip = rstrip = replace = _other
    removeprefix = removesuffix = casefold = join = translate = __getitem__ = __add__ = __radd__ = _other
    __hash__ = str.__hash__

    def __eq__(self, _: object) -> bool:
        return True

    def __ne__(self, _: object) -> bool:
        return False

    def __contains__(self, _: object) -> bool:
        return False

    def __len__(self) -> int:
        return 5

    def isspace(self) -> bool:
        return False

    def isascii(self) -> bool:
        return True


GOOD: list[tuple[Callable[[Any], str], str, str]] = [
    (values.basic_token, "Basic YTpi", "Basic YTpi"),
    (values.bearer_token, "Bearer abc", "Bearer abc"),
    (values.subscription_key, "abc", "abc"),
    (values.api_key, " abc\n", "abc"),
    (values.reference_id, KEY.upper(), KEY),
    (values.reference_id, KEY.replace("-", ""), KEY),
    (values.target, "mtnuganda", "mtnuganda"),
    (lambda value: values.msisdn(value, "payer"), "256772123456", "256772123456"),
    (lambda value: values.msisdn(value, "payer", UGANDA), "256772123456", "256772123456"),
    (lambda value: values.msisdn(value, "payer", UGANDA), "0772 123456", "256772123456"),
    (lambda value: values.email(value, "account"), "a@example.com", "a@example.com"),
    (lambda value: values.path_segment(value, "id"), "my shop", "my shop"),
    (lambda value: values.account_type(value, ("msisdn", "email"), "type"), "email", "email"),
    (lambda value: values.account_type(value, ("msisdn", "email"), "type"), "EMAIL", "email"),
    (lambda value: values.account(value, "party_code"), "611137", "611137"),
    (lambda value: values.currency(value, "currency"), "KES", "KES"),
    (lambda value: values.currency(value, "currency", UGANDA), "UGX", "UGX"),
    (lambda value: values.amount(value, "amount", "EUR"), "12.50", "12.50"),
    (lambda value: values.note(value, "payerMessage"), "hello", "hello"),
    (lambda value: values.note(value, "payerMessage", sanitize=True), "A & B", "A + B"),
    (values.external_id, "order-5", "order-5"),
    (values.language, "en-GB", "en-GB"),
]


@pytest.mark.parametrize(("check", "text", "sent"), GOOD, ids=range(len(GOOD)))
def test_the_text_that_was_checked_is_sent(check: Callable[[Any], str], text: str, sent: str) -> None:
    out = check(False_(text))
    assert type(out) is str
    assert out == sent


def test_a_secret_of_such_a_text_is_sent_as_it_was_checked() -> None:
    for check in (values.subscription_key, values.api_key):
        out = check(Secret(False_("abc")))
        assert type(out) is str
        assert out == "abc"


# A text that is refused stays refused, whatever it says that it equals or how long it says that it is.
@pytest.mark.parametrize(
    "check",
    [
        values.target,
        values.reference_id,
        values.external_id,
        lambda value: values.msisdn(value, "payer", UGANDA),
        lambda value: values.currency(value, "currency", UGANDA),
        lambda value: values.account_type(value, ("msisdn",), "type"),
        lambda value: values.path_segment(value, "id"),
        lambda value: values.note(value, "note"),
        lambda value: values.amount(value, "amount", "EUR"),
    ],
    ids=range(9),
)
def test_a_false_text_passes_no_check(check: Callable[[Any], str]) -> None:
    for text in ("", "   ", "x" * 300):
        with pytest.raises((values.ValueRefused, ValueError)):
            check(False_(text))


def test_a_uuid_and_a_decimal_that_show_another_value_do_not_send_it() -> None:
    class Id(uuid.UUID):
        __str__ = _other

    class Price(Decimal):
        __str__ = __format__ = _other

    assert values.reference_id(Id(KEY)) == KEY
    assert values.amount(Price("12.50"), "amount", "EUR") == "12.50"
