"""What a customer may have typed: numbers, addresses and accounts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from momopy import values
from momopy.markets import MARKETS, Market
from momopy.values import ValueRefused

UGANDA = MARKETS["mtnuganda"]
SANDBOX = MARKETS["sandbox"]

# What a segment of a path must never be, or hold.
HOSTILE_SEGMENTS = [
    "",
    ".",
    "..",
    " ",
    " .. ",
    "/",
    "//",
    "../../v1_0/apiuser",
    "..\\..",
    "46733123450/../../token",
    "46733123450/active",
    "46733123450?x=1",
    "46733123450#x",
    "46733123450%2f..",
    "%2e%2e",
    "46733123450\r\nX-Injected: 1",
    "46733123450\0",
    "46733123450\t",
    "\x7f46733123450",
    "46733123450\x85",
    "46733123450\u2028",
    "46733123450\ud800",
    "a" * 300,
]
SEGMENTS: dict[str, Callable[[Any], str]] = {
    "path_segment": lambda value: values.path_segment(value, "id"),
    "msisdn": lambda value: values.msisdn(value, "id", UGANDA),
    "email": lambda value: values.email(value, "id"),
    "currency": lambda value: values.currency(value, "id"),
    **{
        kind: partial(values.account, account_type=kind, field="id", market=UGANDA)
        for kind in ("msisdn", "MSISDN", "email", "party_code", "id", "alias")
    },
}


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


@pytest.mark.parametrize("hostile", HOSTILE_SEGMENTS, ids=range(len(HOSTILE_SEGMENTS)))
@pytest.mark.parametrize("name", SEGMENTS)
def test_no_path_parameter_can_leave_its_place(name: str, hostile: str) -> None:
    with pytest.raises(ValueRefused) as caught:
        SEGMENTS[name](hostile)
    assert caught.value.field == "id"
    assert "46733123450" not in str(caught.value)


@pytest.mark.parametrize("good", ["a", "abc-DEF_1.2~3", "a b", "caf\u00e9", "...", "a..b", "x" * 255, "@home", "a;b=c"])
def test_a_harmless_segment_passes(good: str) -> None:
    assert values.path_segment(good, "id") == good


@pytest.mark.parametrize(
    "wrong",
    [None, 256772123456, 1.5, True, b"256772123456", ["256772123456"], {}, object()],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize(
    "check",
    [values.msisdn, values.email, values.path_segment, values.currency, values.note, values.text, values.external_id],
    ids=lambda check: check.__name__,
)
def test_what_is_no_text_is_refused(check: Callable[..., str], wrong: object) -> None:
    assert "must be text" in refusal(check, wrong).rule


@pytest.mark.parametrize("number", [*(str(46733123450 + n) for n in range(20)), "56733123453", "0772123456", "000000"])
@pytest.mark.parametrize("market", [SANDBOX], ids=["sandbox"])
def test_the_sandbox_takes_any_digits(number: str, market: Market) -> None:
    assert values.msisdn(number, "payer", market) == number


@pytest.mark.parametrize("number", ["256772", "256772123456", "123456789012345", "2250708123456", "46733123450"])
@pytest.mark.parametrize("market", [None, SANDBOX], ids=["unknown", "sandbox"])
def test_plain_digits_pass_as_they_are_and_load_nothing(
    number: str, market: Market | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    assert values.msisdn(number, "payer", market) == number


@pytest.mark.parametrize("written", ["256772123456", "+256772123456", "00256772123456", "+256 772-123-456"])
def test_a_countrys_own_numbers_load_nothing(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    assert values.msisdn(written, "payer", UGANDA) == "256772123456"


# A number of each country as people there write it, and its digits. Benin, Congo and Côte d'Ivoire keep the 0.
NATIONAL = {
    "mtnbenin": ("01 97 12 34 56", "2290197123456"),
    "mtncameroon": ("6 77 12 34 56", "237677123456"),
    "mtncongo": ("06 612 34 56", "242066123456"),
    "mtnivorycoast": ("05 04 12 34 56", "2250504123456"),
    "mtnswaziland": ("7612 3456", "26876123456"),
    "mtnghana": ("024 412 3456", "233244123456"),
    "mtnguineaconakry": ("664 12 34 56", "224664123456"),
    "mtnliberia": ("088 612 3456", "231886123456"),
    "mtnnigeria": ("0803-123-4567", "2348031234567"),
    "mtnrwanda": ("0788 123 456", "250788123456"),
    "mtnsouthafrica": ("083 123 4567", "27831234567"),
    "mtnsouthsudan": ("092 123 4567", "211921234567"),
    "mtnuganda": ("(0772) 123.456", "256772123456"),
    "mtnzambia": ("096 612 3456", "260966123456"),
}


def test_there_is_a_number_of_every_market() -> None:
    assert set(NATIONAL) == set(MARKETS) - {"sandbox"}


@pytest.mark.parametrize("target", NATIONAL)
def test_every_way_of_writing_a_number_gives_the_same_digits(target: str) -> None:
    national, digits = NATIONAL[target]
    market = MARKETS[target]
    code = market.calling_code
    assert digits.startswith(code)
    rest = digits.removeprefix(code)
    assert values.msisdn(national, "payer", market) == digits
    for known in (market, None, SANDBOX):
        assert values.msisdn(digits, "payer", known) == digits, known
    for written in (
        f"+{digits}",
        f"00{digits}",
        f"+{code} {rest}",
        f"+{code}-{rest[:3]}-{rest[3:]}",
        f" +{digits} ",
    ):
        for known in (market, None, SANDBOX, MARKETS["mtnghana"]):
            assert values.msisdn(written, "payer", known) == digits, known


@pytest.mark.parametrize("number", [*(46733123450 + n for n in range(15)), 56733123453])
@pytest.mark.parametrize("form", ["+{}", "+46 {}", "00{}"])
def test_the_sandbox_numbers_may_be_written_any_way(number: int, form: str) -> None:
    digits = str(number)
    written = form.format(digits) if form != "+46 {}" else f"+{digits[:2]} {digits[2:5]} {digits[5:]}"
    assert values.msisdn(written, "payer", None) == digits
    assert values.msisdn(written, "payer", UGANDA) == digits
    assert values.msisdn(written, "payer", SANDBOX) == digits


@pytest.mark.parametrize(
    "bad",
    [
        "",
        " ",
        "1",
        "25688",
        "1234567890123456",
        "+6210000000000000",
        "+25699212",
        "+256772123456789",
        "+",
        "++256772123456",
        "+256+772123456",
        "256772123456+",
        "+25677",
        "+999999999999",
        "+0772123456",
        "00",
        "000000000",
        "tel:+256772123456",
        "sip:256772123456",
        "256772123456 ext. 5",
        "256772123456;ext=5",
        "256772123456x5",
        "0800FLOWERS",
        "25677212345a",
        "256_772_123_456",
        "256,772,123,456",
        "256772123456,256772123457",
        "1e11",
        "-256772123456",
        "2.56e11",
        "\u0662\u0665\u0666\u0667\u0667\u0662\u0661\u0662\u0663\u0664\u0665\u0666",
        "\uff12\uff15\uff16772123456",
        "256772123456\n",
        "256772\u200b123456",
        "\u202a256772123456",
        "256772123456'",
        "256772123456 & 256772123457",
        "ID:256772123456/MSISDN",
        "unknown",
        "9" * 400,
        "+256 772 123 456 " + " " * 40,
    ],
    ids=range(41),
)
@pytest.mark.parametrize("market", [None, UGANDA], ids=["unknown", "Uganda"])
def test_what_is_no_phone_number_is_refused(bad: str, market: Market | None) -> None:
    error = refusal(values.msisdn, bad, market)
    assert "256772123457" not in error.rule


def test_a_national_number_needs_a_country() -> None:
    assert "calling code" in refusal(values.msisdn, "0772123456", None).rule
    assert "calling code" in refusal(values.msisdn, "0772 123 456", None).rule
    assert values.msisdn("0772123456", "payer", UGANDA) == "256772123456"
    assert values.msisdn("0772 123 456", "payer", SANDBOX) == "0772123456"


def test_without_the_library_its_absence_is_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    for written in ("+254722123456", "00254722123456", "0772123456", "772 123 456"):
        rule = refusal(values.msisdn, written, UGANDA).rule
        assert "the extra 'phone'" in rule
        assert "phonenumbers" in rule
    assert "phonenumbers" not in refusal(values.msisdn, "nonsense", UGANDA).rule


@pytest.mark.parametrize(
    "good",
    [
        "notfound@email.com",
        "notactive@email.com",
        "notallowed@email.com",
        "notallowedtargetenvironment@email.com",
        "internalprocessingerror@email.com",
        "serviceunavailable@email.com",
        "A.b-c_d+e@mail.example.co.ug",
        "1@2.ng",
    ],
)
def test_an_email_address_passes(good: str) -> None:
    assert values.email(good, "account") == good


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "mary",
        "mary@",
        "@mail.example.org",
        "a@b",
        "a@@example.com",
        "a b@example.com",
        "a@exa mple.com",
        ".a@example.com",
        "a.@example.com",
        "a..b@example.com",
        "a@-example.com",
        "a@example.com.",
        "a@.com",
        "a@example..com",
        "a@[127.0.0.1]",
        "a@example.com\n",
        "a/b@example.com",
        "a?b@example.com",
        "a#b@example.com",
        "a%b@example.com",
        "o'neil@example.com",
        '"a b"@example.com',
        "a&b@example.com",
        "<a@example.com>",
        "mailto:a@example.com",
        "é@example.com",
        "a@exämple.com",
        "a" * 250 + "@mail.example.org",
        "a@example.com,b@example.com",
        "a\\b@example.com",
    ],
    ids=range(31),
)
def test_what_is_no_email_address_is_refused(bad: str) -> None:
    refusal(values.email, bad)


@pytest.mark.parametrize(
    ("given", "name"),
    [("msisdn", "msisdn"), ("MSISDN", "msisdn"), ("Email", "email"), ("PARTY_CODE", "party_code")],
)
def test_an_account_type_is_known_however_it_is_written(given: str, name: str) -> None:
    assert values.account_type(given, ("msisdn", "email", "party_code"), "type") == name
    assert values.account_type(given, ("MSISDN", "EMAIL", "PARTY_CODE"), "type") == name.upper()


@pytest.mark.parametrize("bad", ["", "phone", "msisdn ", "msisdn/..", "..", "alias", "Bearer abcdefgh", 1, None, True])
def test_an_account_type_that_is_not_allowed_is_refused(bad: object) -> None:
    with pytest.raises(ValueRefused) as caught:
        values.account_type(bad, ("msisdn", "email", "party_code"), "account_type")
    assert caught.value.field == "account_type"
    assert "abcdefgh" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("46733123450", "msisdn"),
        ("46733123450", "MSISDN"),
        ("notfound@email.com", "email"),
        ("notfound@email.com", "EMAIL"),
        ("3f2504e0-4f89-41d3-9a0c-0305e82c3301", "PARTY_CODE"),
        ("611137", "party_code"),
        ("my shop", "alias"),
        ("46733123469", "id"),
    ],
)
def test_an_account_of_each_type_passes(value: str, kind: str) -> None:
    assert values.account(value, kind) == value


@pytest.mark.parametrize("bad", ["-x", "a b", "a'b", "a&b", "a" * 65, "caf\u00e9", "a:b"])
def test_what_is_no_party_code_is_refused(bad: str) -> None:
    with pytest.raises(ValueRefused, match="account must be 1 to 64 letters"):
        values.account(bad, "PARTY_CODE")


@pytest.mark.parametrize("market", MARKETS.values(), ids=MARKETS)
def test_a_market_takes_its_own_currencies_only(market: Market) -> None:
    every = {code for other in MARKETS.values() for code in other.currencies}
    for code in every:
        if code in market.currencies:
            assert values.currency(code, "currency", market) == code
        else:
            rule = refusal(values.currency, code, market).rule
            assert " or ".join(market.currencies) in rule
            assert market.target in rule


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "E",
        "EU",
        "EURO",
        "eur",
        "Eur",
        " USD",
        "USD ",
        "EUR\n",
        "E R",
        "\u20ac",
        "E\u00dcR",
        "978",
        "../",
        "E/R",
        "EU\0",
        # No codes, codes of no money to pay with, and codes that were withdrawn.
        *"ZZZ UGS XXX XTS XAU XDR CLF UYI USN BGN HRK SLL ZWL ZMK GHC".split(),
    ],
)
@pytest.mark.parametrize("market", [None, SANDBOX], ids=["unknown", "sandbox"])
def test_what_is_no_currency_is_refused(bad: str, market: Market | None) -> None:
    refusal(values.currency, bad, market)


def test_an_unknown_environment_takes_any_currency() -> None:
    for code in "KES EUR XOF JPY TND SLE ZWG CDF SDG AFN SYP YER IRR TZS MGA XCD".split():
        assert values.currency(code, "currency", None) == code
