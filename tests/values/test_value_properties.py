"""Properties of the checks, over any input: only documented errors, one form, and no value in an error's text."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from momopy import bodies, errors, markets, reasons, values
from momopy.markets import MARKETS, Market
from momopy.secret import Secret
from momopy.values import ValueRefused

PROPERTY = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

Check = Callable[[Any], object]
ANY_MARKET = st.sampled_from([None, *MARKETS.values()])

MISUSE: dict[str, Check] = {
    "basic_token": values.basic_token,
    "bearer_token": values.bearer_token,
    "reference_id": values.reference_id,
    "target": values.target,
    "subscription_key": values.subscription_key,
    "api_key": values.api_key,
    "callback_url": lambda value: values.callback_url(value, local=False),
    "callback_url, local": lambda value: values.callback_url(value, local=True),
    "callback_host": values.callback_host,
    "base_url": lambda value: values.base_url(value, allow_custom_host=False),
    "base_url, any host": lambda value: values.base_url(value, allow_custom_host=True),
}
CUSTOMER: dict[str, Check] = {
    "msisdn": lambda value: values.msisdn(value, "field"),
    "msisdn, Uganda": lambda value: values.msisdn(value, "field", MARKETS["mtnuganda"]),
    "msisdn, sandbox": lambda value: values.msisdn(value, "field", MARKETS["sandbox"]),
    "email": lambda value: values.email(value, "field"),
    "party_code": lambda value: values.account(value, "party_code", "field"),
    "alias": lambda value: values.account(value, "alias", "field"),
    "account_type": lambda value: values.account_type(value, ("msisdn", "email"), "field"),
    "currency": lambda value: values.currency(value, "field"),
    "currency, Liberia": lambda value: values.currency(value, "field", MARKETS["mtnliberia"]),
    "amount": lambda value: values.amount(value, "field", "EUR"),
    "note": lambda value: values.note(value, "field"),
    "note, mended": lambda value: values.note(value, "field", sanitize=True),
    "text": lambda value: values.text(value, "field"),
    "external_id": values.external_id,
    "language": lambda value: values.language(value, "field"),
    "path_segment": lambda value: values.path_segment(value, "field"),
    "login_hint": lambda value: bodies.login_hint(value, "field"),
}

# Any text, and text that looks like what is asked for.
NEAR = st.one_of(
    st.text(),
    st.text(st.characters(exclude_categories=())),
    st.text(st.sampled_from("0123456789+-. ()")),
    st.text(st.sampled_from("abcABC019.-_@%/?#:[]\\\r\n\0 &'")),
    st.from_regex(r"https?://[a-z0-9.@:\[\]/?#%-]{0,40}"),
    st.from_regex(r"(Bearer|Basic) [\x00-\x7f]{0,40}"),
    st.from_regex(r"ID:[0-9]{0,20}/[A-Z]{0,10}"),
    st.from_regex(r"[0-9]{0,20}(\.[0-9]{0,5})?"),
    st.uuids().map(str),
    st.emails(),
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()))
    | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=8,
)


def refused(check: Callable[..., object], *given: object) -> tuple[object, errors.Misuse | ValueRefused | None]:
    """What the check returned, or what it refused with; anything else that it raises fails the test."""
    try:
        return check(*given), None
    except (errors.Misuse, ValueRefused) as error:
        return None, error


@PROPERTY
@given(NEAR | JSON)
def test_misuse_is_all_that_a_parameter_can_raise(value: object) -> None:
    for name, check in MISUSE.items():
        passed, error = refused(check, value)
        if error is not None:
            assert isinstance(error, errors.Misuse), name
            continue
        assert isinstance(passed, str), name
        assert re.fullmatch("[ -~]+", passed), name


@PROPERTY
@given(NEAR | JSON)
def test_a_refusal_is_all_that_a_customers_value_can_cause(value: object) -> None:
    for name, check in CUSTOMER.items():
        passed, error = refused(check, value)
        if error is not None:
            assert isinstance(error, ValueRefused), name
            assert error.field in {"field", "externalId"}, name
            continue
        assert isinstance(passed, str), name
        passed.encode()


# No rule has such a character in its text, so a value that holds it is there only if it was copied.
MARKED = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: text + "\u2603\u2603\u2603\u2603")


@PROPERTY
@given(MARKED | NEAR.filter(lambda text: len(text) > 3))
def test_no_error_repeats_the_value(value: str) -> None:
    for name, check in {**MISUSE, **CUSTOMER}.items():
        _, error = refused(check, value)
        if error is None:
            continue
        told = f"{error} {error.args!r} {error!r}"
        assert "\u2603" not in told, name
        # A refused value may stand in a rule's own words only.
        assert value not in told or value not in _OWN_WORDS.sub("\0", told), name
        assert error.__cause__ is None, name


# The examples and constants that rules are written with.
_OWN_WORDS = re.compile(
    r"256772123456|shop\.example\.com|name@example\.com|https?://[a-z.]*|en-GB|ID:\{msisdn\}/MSISDN|[A-Za-z ,':;.\-]+"
)


@PROPERTY
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=80))
def test_a_secret_is_taken_as_text_and_as_a_secret_alike(key: str) -> None:
    assert values.subscription_key(key) == values.subscription_key(Secret(key)) == key
    assert values.api_key(f" {key}\n") == key
    assert values.bearer_token(f"bearer {key}") == f"Bearer {key}"


@PROPERTY
@given(st.uuids(version=4), st.booleans(), st.booleans())
def test_a_reference_id_has_one_form(given_id: uuid.UUID, upper: bool, bare: bool) -> None:
    written = str(given_id).replace("-", "") if bare else str(given_id)
    assert values.reference_id(written.upper() if upper else written) == str(given_id)
    assert values.reference_id(given_id) == str(given_id)


@PROPERTY
@given(st.uuids())
def test_a_uuid_passes_exactly_if_it_is_of_version_4(given_id: uuid.UUID) -> None:
    for value in (given_id, str(given_id), given_id.hex):
        try:
            values.reference_id(value)
        except errors.InvalidUniqueIDVersion:
            assert given_id.version != 4
        else:
            assert given_id.version == 4


@PROPERTY
@given(
    st.integers(1, 10**18 - 1), st.integers(0, 4), st.sampled_from(["EUR", "UGX", "XOF", "GHS", "TND", "JPY", "KES"])
)
def test_an_amount_goes_out_as_the_money_it_was(units: int, places: int, currency: str) -> None:
    amount = Decimal(units).scaleb(-places)
    fits = places <= markets.minor_units(currency)
    for value in (amount, format(amount, "f")):
        try:
            sent = values.amount(value, "amount", currency)
        except ValueRefused:
            assert not fits
            continue
        assert fits
        assert re.fullmatch(r"[0-9]+(\.[0-9]+)?", sent)
        assert Decimal(sent) == amount
        assert values.same_amount(sent, amount)
        assert values.same_amount(format(amount.normalize(), "f"), sent)


@PROPERTY
@given(st.decimals(allow_nan=True, allow_infinity=True) | st.integers() | NEAR)
def test_an_amount_that_passes_is_a_plain_positive_number(value: object) -> None:
    try:
        sent = values.amount(value, "amount", "EUR")
    except ValueRefused:
        return
    assert re.fullmatch(r"(0|[1-9][0-9]{0,17})(\.[0-9]{1,2})?", sent)
    assert Decimal(sent) > 0
    assert Decimal(sent) == Decimal(str(value))


@PROPERTY
@given(st.decimals(0, 10**15, places=3), st.decimals(0, 10**15, places=3))
def test_money_is_compared_as_numbers_are(a: Decimal, b: Decimal) -> None:
    assert values.same_amount(a, b) == (a == b)
    assert values.same_amount(str(a), format(a.normalize(), "f"))
    assert values.same_amount(str(a), str(a + b)) == (b == 0)


@PROPERTY
@given(NEAR | JSON, NEAR | JSON)
def test_comparing_money_never_fails(a: object, b: object) -> None:
    assert values.same_amount(a, b) == values.same_amount(b, a)


@PROPERTY
@given(st.from_regex(r"[1-9][0-9]{5,14}", fullmatch=True), st.sampled_from([None, MARKETS["sandbox"]]))
def test_digits_pass_as_they_are_where_the_country_is_not_known(number: str, market: Market | None) -> None:
    assert values.msisdn(number, "payer", market) == number


@PROPERTY
@given(NEAR, ANY_MARKET)
def test_whatever_is_written_a_number_goes_out_as_digits(written: str, market: Market | None) -> None:
    try:
        number = values.msisdn(written, "payer", market)
    except ValueRefused:
        return
    assert re.fullmatch(r"[0-9]{6,15}", number)
    assert set(re.sub(r"[^0-9]", "", written).lstrip("0")[-6:]) <= set(number)
    # Another country's number needs its + again.
    ours = market is None or number.startswith(market.calling_code)
    assert values.msisdn(number if ours else f"+{number}", "payer", market) == number


@PROPERTY
@given(NEAR)
def test_a_segment_that_passes_stays_one_segment(value: str) -> None:
    for check in ("path_segment", "msisdn", "email", "currency", "party_code", "alias"):
        try:
            segment = CUSTOMER[check](value)
        except ValueRefused:
            continue
        assert isinstance(segment, str)
        quoted = quote(segment, safe="")
        assert quoted not in {"", ".", ".."}
        split = urlsplit(f"https://host/a/{quoted}/b")
        assert (split.query, split.fragment) == ("", "")
        assert split.path.split("/") == ["", "a", quoted, "b"]


@PROPERTY
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_a_mended_message_holds_nothing_that_mtn_refuses(message: str) -> None:
    mended, error = refused(values.note, message, "payerMessage", True)
    if error is not None:
        assert len(message) > 160 or "empty" in error.rule
        return
    assert isinstance(mended, str)
    assert len(mended) == len(message) <= 160
    assert values.note(mended, "payerMessage") == mended
    assert mended.strip()
    mended.encode()


@PROPERTY
@given(NEAR, st.booleans())
def test_a_base_url_that_passes_is_an_origin_of_its_own_host(value: str, custom: bool) -> None:
    try:
        normal = values.base_url(value, allow_custom_host=custom)
    except errors.InvalidBaseURL:
        return
    split = urlsplit(normal)
    assert (split.path, split.query, split.fragment, split.username) == ("", "", "", None)
    assert split.scheme == "https" or values.is_loopback(normal)
    assert split.hostname == urlsplit(value).hostname or "[" in value
    assert values.base_url(normal, allow_custom_host=custom) == normal


PARTY = {"partyIdType": "MSISDN", "partyId": "46733123454"}
GOOD: list[tuple[Callable[..., dict[str, Any]], dict[str, Any]]] = [
    (bodies.request_to_pay, {"amount": "5", "currency": "EUR", "payer": PARTY, "payerMessage": "a", "payeeNote": "b"}),
    (
        bodies.invoice,
        {"amount": "5", "currency": "EUR", "intendedPayer": PARTY, "payee": PARTY, "validityDuration": "9"},
    ),
    (bodies.payment, {"money": {"amount": "5", "currency": "EUR"}, "couponId": "c", "maxNumberOfRetries": 1}),
    (bodies.pre_approval, {"payer": PARTY, "payerCurrency": "EUR", "validityTime": 60}),
    (bodies.cancel_invoice, {"externalId": "1"}),
    (bodies.delivery_notification, {"notificationMessage": "hello"}),
]


@PROPERTY
@given(st.sampled_from(GOOD), st.data(), JSON | NEAR | st.just(PARTY))
def test_a_body_with_any_value_in_it_is_refused_or_can_be_sent(
    case: tuple[Callable[..., dict[str, Any]], dict[str, Any]], data: st.DataObject, value: object
) -> None:
    check, body = case
    key = data.draw(st.sampled_from([*body, "extra"]))
    inner = data.draw(st.sampled_from([None, *PARTY, "amount"]))
    changed = {**body, key: value if inner is None else {**PARTY, inner: value}}
    out, error = refused(check, changed, MARKETS["sandbox"])
    if error is not None:
        assert isinstance(error, ValueRefused)
        assert error.field.split(".")[0] == key
        return
    assert json.loads(json.dumps(out, allow_nan=False)) == out


@PROPERTY
@given(st.dictionaries(st.text(), JSON))
def test_unknown_keys_are_sent_as_they_are_or_refused(extra: dict[str, Any]) -> None:
    assume(not {"externalId"} & set(extra))
    out, error = refused(bodies.cancel_invoice, {"externalId": "1", **extra})
    if error is not None:
        known = {"cannot be sent as JSON", "must have a str as its key"}
        assert error.rule in known or error.rule.endswith(", which MTN refuses")
        return
    text = json.dumps(out, allow_nan=False)
    text.encode()
    assert "'" not in text
    assert json.loads(text) == {"externalId": "1", **extra}


@PROPERTY
@given(JSON | st.text())
def test_explaining_never_fails(code: Any) -> None:
    assert isinstance(reasons.explain(code), reasons.Reason)
    if not isinstance(code, str) or not (code in reasons.REASONS or code.endswith("_LIMIT_REACHED")):
        assert not reasons.is_business(code)
        assert not reasons.is_permanent(code)
