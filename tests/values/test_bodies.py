"""Request bodies: what is sent, what is refused, and under which key."""

from __future__ import annotations

import copy
import enum
import json
from collections import OrderedDict, UserDict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from momopy import bodies, errors
from momopy.markets import MARKETS
from momopy.secret import Secret
from momopy.values import ValueRefused

SANDBOX = MARKETS["sandbox"]
PAYER = {"partyIdType": "MSISDN", "partyId": "46733123454"}

# One full body of each schema, and the function that checks it.
SCHEMAS: dict[str, tuple[Callable[..., dict[str, Any]], dict[str, Any]]] = {
    "RequestToPay": (
        bodies.request_to_pay,
        {
            "amount": "5.00",
            "currency": "EUR",
            "externalId": "order-5",
            "payer": PAYER,
            "payerMessage": "Pay for order 5",
            "payeeNote": "Order 5",
        },
    ),
    "CreateInvoice": (
        bodies.invoice,
        {
            "externalId": "order-5",
            "amount": "500",
            "currency": "EUR",
            "validityDuration": "360",
            "intendedPayer": PAYER,
            "payee": {"partyIdType": "EMAIL", "partyId": "shop@example.com"},
            "description": "Order 5",
        },
    ),
    "CreatePayments": (
        bodies.payment,
        {
            "externalTransactionId": "order-5",
            "money": {"amount": "1000", "currency": "EUR"},
            "customerReference": "46733123454",
            "serviceProviderUserName": "power",
            "couponId": "c1",
            "productId": "p1",
            "productOfferingId": "o1",
            "receiverMessage": "Units",
            "senderNote": "November",
            "maxNumberOfRetries": 3,
            "includeSenderCharges": True,
        },
    ),
    "PreApproval": (
        bodies.pre_approval,
        {"payer": PAYER, "payerCurrency": "EUR", "payerMessage": "Each month", "validityTime": 3600},
    ),
    "DeliveryNotification": (bodies.delivery_notification, {"notificationMessage": "Your parcel is on its way"}),
    "CancelInvoice": (bodies.cancel_invoice, {"externalId": "order-5"}),
}
BODIES = [name for name in SCHEMAS if name != "DeliveryNotification"]


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    path = Path(__file__).parents[2] / "openapi" / "collection.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["components"]["schemas"]
    return loaded


def changed(body: dict[str, Any], dotted: str, value: object) -> dict[str, Any]:
    out = copy.deepcopy(body)
    *path, last = dotted.split(".")
    inner = out
    for key in path:
        inner = inner[key]
    inner[last] = value
    return out


def without(body: dict[str, Any], dotted: str) -> dict[str, Any]:
    out = changed(body, dotted, None)
    *path, last = dotted.split(".")
    inner = out
    for key in path:
        inner = inner[key]
    del inner[last]
    return out


def keys_of(body: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in body.items():
        yield prefix + key
        if isinstance(value, dict):
            yield from keys_of(value, f"{prefix}{key}.")


def refusal(name: str, body: object, **options: Any) -> ValueRefused:
    check, _ = SCHEMAS[name]
    with pytest.raises(ValueRefused) as caught:
        check(body, SANDBOX, **options)
    return caught.value


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("market", [SANDBOX, None], ids=["sandbox", "unknown"])
@pytest.mark.parametrize("sanitize", [False, True])
def test_a_full_body_is_sent_as_it_is_and_the_callers_stays_untouched(name: str, market: Any, sanitize: bool) -> None:
    check, body = SCHEMAS[name]
    before = copy.deepcopy(body)
    out = check(body, market, sanitize)
    assert out == before == body
    assert out is not body
    assert json.loads(json.dumps(out, allow_nan=False)) == out
    for value in out.values():
        if isinstance(value, dict):
            value["added"] = 1
    assert body == before


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_keys_and_the_needed_ones_are_those_of_the_specification(name: str, spec: dict[str, Any]) -> None:
    check, body = SCHEMAS[name]
    schema = spec[name]
    assert set(body) == set(schema["properties"])
    for key in body:
        if key in schema["required"]:
            error = refusal(name, without(body, key))
            assert (error.field, error.rule) == (key, "is missing")
            assert refusal(name, changed(body, key, None)).rule == "is missing"
        else:
            assert check(without(body, key), SANDBOX) == without(body, key)
            assert check(changed(body, key, None), SANDBOX) == without(body, key)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("RequestToPay", "payer.partyIdType"),
        ("RequestToPay", "payer.partyId"),
        ("CreateInvoice", "intendedPayer.partyIdType"),
        ("CreateInvoice", "intendedPayer.partyId"),
        ("CreatePayments", "money.amount"),
        ("CreatePayments", "money.currency"),
        ("PreApproval", "payer.partyIdType"),
        ("PreApproval", "payer.partyId"),
    ],
)
def test_a_missing_inner_key_is_named_with_its_path(name: str, key: str) -> None:
    body = SCHEMAS[name][1]
    assert (refusal(name, without(body, key)).field, refusal(name, without(body, key)).rule) == (key, "is missing")
    assert refusal(name, changed(body, key, None)).field == key


BAD_FOR_TEXT = ["", " ", "a'b", "a\nb", "a\ud800", 5, True, ["x"], {"x": 1}, b"x", object]
BAD_FOR_NOTE = [*BAD_FOR_TEXT, "a & b", "a" * 161]
BAD_FOR_AMOUNT = ["", "0", "-1", "1.001", "1e3", "NaN", 1.5, True, [], {}, Decimal("NaN"), Decimal("1.001"), "5 EUR"]
BAD_FOR_CURRENCY = ["", "eur", "EURO", "UGX", "EUR\n", 978, True, [], {}]
BAD_FOR_TYPE = ["", "PHONE", "ALIAS", "MSISDN ", "..", 1, True, [], {}]
BAD_FOR_MSISDN = ["", "54321", "abc", "46733123454/..", "+46", 46733123454, True, [], {}]
BAD_FOR_OBJECT: list[Any] = ["46733123454", 5, True, [], [PAYER], ("partyId", "1")]
BAD_FOR_SECONDS: list[Any] = ["", "0", "-1", "1.5", "1h", " 60", 0, -1, 1.5, True, [], {}, 10**11, "\u0665"]

BAD: dict[str, dict[str, list[Any]]] = {
    "RequestToPay": {
        "amount": BAD_FOR_AMOUNT,
        "currency": BAD_FOR_CURRENCY,
        "externalId": BAD_FOR_TEXT,
        "payer": BAD_FOR_OBJECT,
        "payer.partyIdType": BAD_FOR_TYPE,
        "payer.partyId": BAD_FOR_MSISDN,
        "payerMessage": BAD_FOR_NOTE,
        "payeeNote": BAD_FOR_NOTE,
    },
    "CreateInvoice": {
        "amount": BAD_FOR_AMOUNT,
        "currency": BAD_FOR_CURRENCY,
        "externalId": BAD_FOR_TEXT,
        "validityDuration": BAD_FOR_SECONDS,
        "intendedPayer": BAD_FOR_OBJECT,
        "intendedPayer.partyIdType": BAD_FOR_TYPE,
        "intendedPayer.partyId": BAD_FOR_MSISDN,
        "payee": BAD_FOR_OBJECT,
        "payee.partyIdType": BAD_FOR_TYPE,
        "payee.partyId": ["", "shop", "shop@", "sh op@example.com", "o'neil@example.com", 5],
        "description": BAD_FOR_NOTE,
    },
    "CreatePayments": {
        "externalTransactionId": BAD_FOR_TEXT,
        "money": BAD_FOR_OBJECT,
        "money.amount": BAD_FOR_AMOUNT,
        "money.currency": BAD_FOR_CURRENCY,
        "customerReference": BAD_FOR_TEXT,
        "serviceProviderUserName": BAD_FOR_TEXT,
        "couponId": BAD_FOR_TEXT,
        "productId": BAD_FOR_TEXT,
        "productOfferingId": BAD_FOR_TEXT,
        "receiverMessage": BAD_FOR_NOTE,
        "senderNote": BAD_FOR_NOTE,
        "maxNumberOfRetries": [-1, 1000, 1.5, True, "3", [], {}],
        "includeSenderCharges": [0, 1, "true", "", [], {}],
    },
    "PreApproval": {
        "payer": BAD_FOR_OBJECT,
        "payer.partyIdType": BAD_FOR_TYPE,
        "payer.partyId": BAD_FOR_MSISDN,
        "payerCurrency": BAD_FOR_CURRENCY,
        "payerMessage": BAD_FOR_NOTE,
        "validityTime": BAD_FOR_SECONDS,
    },
    "DeliveryNotification": {"notificationMessage": BAD_FOR_NOTE},
    "CancelInvoice": {"externalId": BAD_FOR_TEXT},
}
BAD_CASES = [(name, key, value) for name, keys in BAD.items() for key, bad in keys.items() for value in bad]


@pytest.mark.parametrize(("name", "key", "value"), BAD_CASES, ids=range(len(BAD_CASES)))
def test_a_bad_value_is_refused_under_its_key(name: str, key: str, value: object) -> None:
    error = refusal(name, changed(SCHEMAS[name][1], key, value))
    assert error.field == key
    if isinstance(value, str) and len(value) > 4:
        assert value not in str(error)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_has_bad_values_in_the_table(name: str) -> None:
    assert set(keys_of(SCHEMAS[name][1])) == set(BAD[name])


class Mine(dict[str, Any]):
    pass


class Currency(enum.StrEnum):
    EUR = "EUR"


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize(
    "wrong", [None, "", "{}", b"{}", 5, True, [], [("amount", "5")], (), UserDict(), MappingProxyType({})]
)
def test_a_body_that_is_no_dict_is_misuse(name: str, wrong: object) -> None:
    with pytest.raises(errors.InvalidBody, match=r"^body: must be a dict$") as caught:
        SCHEMAS[name][0](wrong, SANDBOX)
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("kind", [Mine, OrderedDict])
def test_any_kind_of_dict_is_a_body(name: str, kind: type[dict[str, Any]]) -> None:
    check, body = SCHEMAS[name]
    out = check(kind(body), SANDBOX)
    assert out == body
    assert type(out) is dict


def test_a_party_type_is_sent_as_mtn_writes_it() -> None:
    check, body = SCHEMAS["RequestToPay"]
    assert check(changed(body, "payer.partyIdType", "msisdn"), SANDBOX) == body


def test_a_number_is_sent_as_digits_and_money_as_text() -> None:
    check, body = SCHEMAS["RequestToPay"]
    given = changed(changed(body, "payer.partyId", "+46 73 312 34 54"), "amount", Decimal("5.00"))
    given["currency"] = Currency.EUR
    out = check(given, SANDBOX)
    assert out == body
    assert json.dumps(out) == json.dumps(body)
    assert given["payer"]["partyId"] == "+46 73 312 34 54"


def test_seconds_are_sent_in_the_form_of_their_schema() -> None:
    invoice, body = SCHEMAS["CreateInvoice"]
    assert invoice(changed(body, "validityDuration", 360), SANDBOX)["validityDuration"] == "360"
    pre_approval, body = SCHEMAS["PreApproval"]
    assert pre_approval(changed(body, "validityTime", "3600"), SANDBOX)["validityTime"] == 3600


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("RequestToPay", "payerMessage"),
        ("RequestToPay", "payeeNote"),
        ("CreateInvoice", "description"),
        ("CreatePayments", "receiverMessage"),
        ("CreatePayments", "senderNote"),
        ("PreApproval", "payerMessage"),
        ("DeliveryNotification", "notificationMessage"),
    ],
)
def test_messages_are_mended_where_that_is_asked_for(name: str, key: str) -> None:
    check, body = SCHEMAS[name]
    given = changed(body, key, "Tom & Ann's")
    assert refusal(name, given).rule == "holds the character & at place 5, which MTN refuses"
    assert check(given, SANDBOX, sanitize=True)[key] == "Tom + Ann s"
    assert given[key] == "Tom & Ann's"


@pytest.mark.parametrize("name", BODIES)
def test_unknown_keys_are_kept(name: str) -> None:
    check, body = SCHEMAS[name]
    extra: dict[str, Any] = {
        "newKey": "old & new " * 500,
        "blank": "",
        "none": None,
        "deep": [1, 1.5, True, None, {"a": [{"b": "\u00e9"}]}],
        "empty": {},
        "2026": "x",
    }
    before = copy.deepcopy(extra)
    out = check({**body, **extra}, SANDBOX)
    assert out == {**body, **extra}
    out["deep"][4]["a"].append(5)
    assert extra == before
    assert check({**body, "pair": (1, 2)}, SANDBOX)["pair"] == [1, 2]


def test_unknown_inner_keys_are_kept() -> None:
    check, body = SCHEMAS["RequestToPay"]
    given = changed(body, "payer.nickname", {"short": "T"})
    assert check(given, SANDBOX) == given


class Odd:
    def __eq__(self, other: object) -> bool:
        raise RuntimeError("compared")

    __hash__ = None  # type: ignore[assignment]


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


def endless(value: Any) -> Any:
    if isinstance(value, dict):
        value["again"] = value
    else:
        value.append(value)
    return value


UNSENDABLE: list[Any] = [
    object(),
    {1, 2},
    b"bytes",
    Decimal(5),
    float("nan"),
    float("inf"),
    -float("inf"),
    1j,
    10**5000,
    "half \ud800",
    Odd(),
    Secret("s3cr3t-value"),
    nested(5000),
    endless([]),
    endless({}),
    {"a": {"b": object()}},
    {"a": [float("nan")]},
    {5: "a"},
    {None: "a"},
    {("a", "b"): "c"},
    {"\ud800": "a"},
    range(3),
    UserDict(a=1),
    Path("x"),
    iter(()),
    len,
]


@pytest.mark.parametrize("value", UNSENDABLE, ids=range(len(UNSENDABLE)))
@pytest.mark.parametrize("name", BODIES)
def test_what_json_cannot_carry_is_refused_under_its_key(name: str, value: object) -> None:
    error = refusal(name, {**SCHEMAS[name][1], "extra": value})
    assert error.field.startswith("extra")
    assert "s3cr3t" not in str(error)


@pytest.mark.parametrize("key", [5, None, ("a",), b"amount", 1.5, "\ud800"])
@pytest.mark.parametrize("name", BODIES)
def test_a_key_that_json_cannot_carry_is_refused(name: str, key: object) -> None:
    assert refusal(name, dict([*SCHEMAS[name][1].items(), (key, "x")])).field == "?"


def test_a_key_that_may_be_private_is_not_repeated() -> None:
    body = {**SCHEMAS["RequestToPay"][1], "+46733123454": object()}
    assert "46733" not in str(refusal("RequestToPay", body))
    body = {**SCHEMAS["RequestToPay"][1], "extra": {"0772123456": object()}}
    assert str(refusal("RequestToPay", body)) == "extra.? cannot be sent as JSON"


def test_an_odd_object_in_a_known_place_is_refused_and_not_compared() -> None:
    for key in SCHEMAS["RequestToPay"][1]:
        assert refusal("RequestToPay", changed(SCHEMAS["RequestToPay"][1], key, Odd())).field == key
