"""The texts of a body or a form: what unknown keys may hold, and that what was checked is what is sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from momopy import bodies
from momopy.markets import MARKETS
from momopy.secret import Secret
from momopy.values import ValueRefused

SANDBOX = MARKETS["sandbox"]
PAYER = {"partyIdType": "MSISDN", "partyId": "46733123454"}
CHECKS: dict[str, Callable[..., dict[str, Any]]] = {
    "RequestToPay": bodies.request_to_pay,
    "CreateInvoice": bodies.invoice,
    "CreatePayments": bodies.payment,
    "PreApproval": bodies.pre_approval,
    "CancelInvoice": bodies.cancel_invoice,
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "RequestToPay": {"amount": "5", "currency": "EUR", "externalId": "order-5", "payer": PAYER, "payeeNote": "Tea"},
    "CreateInvoice": {"amount": "5", "currency": "EUR", "validityDuration": "360", "intendedPayer": PAYER},
    "CreatePayments": {"money": {"amount": "5", "currency": "EUR"}, "couponId": "c1", "senderNote": "Tea"},
    "PreApproval": {"payer": PAYER, "payerCurrency": "EUR", "payerMessage": "Tea", "validityTime": 3600},
    "CancelInvoice": {"externalId": "order-5"},
}


def refusal(name: str, body: object) -> ValueRefused:
    with pytest.raises(ValueRefused) as caught:
        CHECKS[name](body, SANDBOX)
    return caught.value


REFUSED_BY_MTN = ["it's", "a\nb", "\x00", "a\x7f", "\u2028", "half \ud800"]


@pytest.mark.parametrize("bad", REFUSED_BY_MTN)
@pytest.mark.parametrize("name", SCHEMAS)
def test_a_text_of_an_unknown_key_is_held_to_what_mtn_takes(name: str, bad: str) -> None:
    body = SCHEMAS[name]
    for extra, field in [
        ({"extra": bad}, "extra"),
        ({"extra": [5, {"deep": ["fine", bad]}]}, "extra.deep"),
        ({"extra": {bad: "fine"}}, "extra.?"),
        ({bad: "fine"}, "?"),
    ]:
        error = refusal(name, {**body, **extra})
        assert error.field == field
        assert "which MTN refuses" in error.rule
    assert refusal(name, {**body, "extra": "it's"}).rule == "holds the character ' at place 3, which MTN refuses"


def test_a_text_of_an_unknown_inner_key_is_held_to_it_too() -> None:
    error = refusal("RequestToPay", SCHEMAS["RequestToPay"] | {"payer": PAYER | {"nickname": "O'Neil"}})
    assert error.field == "payer.nickname"


class Shown(str):
    """Holds one text, and shows another where it can."""

    __slots__ = ()
    __hash__ = str.__hash__

    def _other(self, *_: object) -> str:
        return "it's"

    __str__ = __repr__ = __format__ = __add__ = __radd__ = _other

    def __eq__(self, other: object) -> bool:
        return True

    def __len__(self) -> int:
        return 1

    def __int__(self) -> int:
        return 7


def plain(value: object) -> bool:
    """Whether every text in it, keys too, is a str and no subclass of it."""
    if isinstance(value, dict):
        return all(type(key) is str and plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(plain, value))
    return type(value) in (str, int, float, bool, type(None))


def disguised(value: Any) -> Any:
    if isinstance(value, dict):
        return {Shown(key): disguised(item) for key, item in value.items()}
    if isinstance(value, list):
        return [disguised(item) for item in value]
    return Shown(value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_text_that_was_checked_is_sent(name: str) -> None:
    body = SCHEMAS[name]
    for more in ({}, {"extra": {"deep": ["x", {"y": "z"}], "long": "x" * 300}}):
        out = CHECKS[name](disguised({**body, **more}), SANDBOX)
        assert plain(out)
        assert json.loads(json.dumps(out)) == {**body, **more}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_text_that_shows_another_passes_no_check(name: str) -> None:
    body = SCHEMAS[name]
    for extra in ({Shown("a'b"): "x"}, {"extra": Shown("a'b")}, {"extra": {Shown("a'b"): 1}}):
        assert "which MTN refuses" in refusal(name, {**body, **extra}).rule


def test_a_form_holds_the_text_that_was_checked() -> None:
    forms = [
        bodies.bc_authorize(
            Shown("46733123454"),
            Shown("profile"),
            Shown("offline"),
            consent_valid_in=Shown("3600"),
            client_notification_token=Shown("t0ken"),
            scope_instruction=Shown("YWJj"),
        ),
        bodies.oauth2_token(Shown("a1")),
        bodies.oauth2_token(refresh_token=Secret(Shown("r1"))),
    ]
    assert [list(form.values()) for form in forms] == [
        ["ID:46733123454/MSISDN", "profile", "offline", 3600, "t0ken", "YWJj"],
        [bodies.CIBA, "a1"],
        [bodies.REFRESH, "r1"],
    ]
    assert all(map(plain, forms))
    with pytest.raises(ValueRefused):
        bodies.oauth2_token(Shown("x" * 4097))
