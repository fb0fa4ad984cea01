"""The two forms: asking for consent, and the token that comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from momopy import bodies, errors
from momopy.markets import MARKETS
from momopy.secret import Secret
from momopy.values import ValueRefused

SANDBOX = MARKETS["sandbox"]
FULL_FORM: dict[str, Any] = {
    "login_hint": "ID:46733123454/MSISDN",
    "scope": "profile email",
    "access_type": "offline",
    "consent_valid_in": 3600,
    "client_notification_token": "abcdef123456",
    "scope_instruction": "eyJhIjoxfQ==",
}


def test_consent_is_asked_for_with_a_form() -> None:
    assert bodies.bc_authorize("46733123454", "profile") == {
        "login_hint": "ID:46733123454/MSISDN",
        "scope": "profile",
        "access_type": "online",
    }
    assert bodies.bc_authorize(**FULL_FORM, market=SANDBOX) == FULL_FORM


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("46733123454", "ID:46733123454/MSISDN"),
        ("+46 73 312 34 54", "ID:46733123454/MSISDN"),
        ("0046733123454", "ID:46733123454/MSISDN"),
        ("0772123456", "ID:256772123456/MSISDN"),
        ("ID:46733123454/MSISDN", "ID:46733123454/MSISDN"),
        ("ID:46733123454/msisdn", "ID:46733123454/MSISDN"),
        ("ID:a@example.com/EMAIL", "ID:a@example.com/EMAIL"),
        ("ID:my shop/ALIAS", "ID:my shop/ALIAS"),
    ],
)
def test_a_login_hint_is_made_from_a_number_or_taken_ready(given: str, hint: str) -> None:
    assert bodies.login_hint(given, market=MARKETS["mtnuganda"]) == hint


BAD_FORM: dict[str, list[Any]] = {
    "login_hint": [
        None,
        "",
        46733123454,
        "someone",
        "ID:",
        "ID:/MSISDN",
        "ID:46733123454",
        "ID:46733123454/",
        "ID:abc/MSISDN",
        "ID:46733123454/PHONE",
        "ID:1/2/MSISDN",
        "ID:46733123454/MSISDN\n",
        "id:46733123454/MSISDN",
    ],
    "scope": [
        None,
        "",
        " ",
        "a  b",
        " a",
        "a ",
        "a\nb",
        "a\tb",
        "caf\u00e9",
        'a"b',
        "a\\b",
        ["profile"],
        5,
        "a" * 5000,
    ],
    "access_type": [None, "", "always", "online ", 1, True],
    "consent_valid_in": ["", 0, -1, 1.5, True, "1h", 10**11],
    "client_notification_token": ["", "a b", "a\n", "\u00e9", 5, "a" * 5000],
    "scope_instruction": ["", "not base64!", "a=b", "a\n", 5],
}
BAD_FORM_CASES = [(key, value) for key, bad in BAD_FORM.items() for value in bad]


@pytest.mark.parametrize(("key", "value"), BAD_FORM_CASES, ids=range(len(BAD_FORM_CASES)))
def test_a_bad_value_of_the_consent_form_is_refused_under_its_key(key: str, value: object) -> None:
    form: dict[str, Any] = {**FULL_FORM, key: value}
    with pytest.raises(ValueRefused) as caught:
        bodies.bc_authorize(**form)
    assert caught.value.field == key
    assert "46733123454" not in str(caught.value)


def test_the_token_form_has_the_grant_of_what_is_given() -> None:
    ciba = {"grant_type": "urn:openid:params:grant-type:ciba", "auth_req_id": "r1"}
    refresh = {"grant_type": "refresh_token", "refresh_token": "t1"}
    assert bodies.oauth2_token("r1") == bodies.oauth2_token(Secret("r1")) == ciba
    assert bodies.oauth2_token("r1", grant_type="urn:openid:params:grant-type:ciba") == ciba
    assert bodies.oauth2_token(refresh_token="t1") == refresh
    assert bodies.oauth2_token(None, Secret("t1"), "refresh_token") == refresh


def test_the_token_form_needs_one_of_two() -> None:
    with pytest.raises(errors.MissingArgument, match="auth_req_id"):
        bodies.oauth2_token()
    with pytest.raises(errors.InvalidArgument, match="refresh_token"):
        bodies.oauth2_token("r1", "t1")
    with pytest.raises(errors.InvalidArgument, match="grant_type"):
        bodies.oauth2_token("r1", grant_type="refresh_token")
    with pytest.raises(errors.InvalidArgument, match="grant_type"):
        bodies.oauth2_token(refresh_token="t1", grant_type="password")


@pytest.mark.parametrize(
    "bad", ["", "s3cr3t value", "s3cr3t\n", "s3cr3t\u00e9", "s3cr3t" * 1000, 5, b"s3cr3t", ["s3cr3t"]], ids=range(8)
)
@pytest.mark.parametrize("key", ["auth_req_id", "refresh_token"])
def test_a_bad_value_of_the_token_form_is_refused_and_not_repeated(key: str, bad: object) -> None:
    with pytest.raises(ValueRefused) as caught:
        bodies.oauth2_token(**{key: bad})
    assert caught.value.field == key
    assert "s3cr3t" not in str(caught.value)
