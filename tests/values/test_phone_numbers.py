"""One number is one wallet, however it is written: in every country, with the library phonenumbers and without it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import phonenumbers
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

from momopy import values
from momopy.markets import MARKETS, Market
from momopy.values import ValueRefused

PROPERTY = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
SANDBOX = MARKETS["sandbox"]
COUNTRIES = [market for market in MARKETS.values() if market is not SANDBOX]
COUNTRY = st.sampled_from(COUNTRIES)
IN_EVERY_COUNTRY = pytest.mark.parametrize("market", COUNTRIES, ids=lambda market: market.target)
TEST_NUMBERS = [*(str(46733123450 + n) for n in range(20)), "46733123499", "56733123453"]


@contextmanager
def without_the_library() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "phonenumbers", None)
        yield


def outcome(written: str, market: Market | None) -> str | None:
    """The digits that go out, or None for a refusal."""
    try:
        return values.msisdn(written, "payer", market)
    except ValueRefused:
        return None


def outcomes(written: str, market: Market | None) -> tuple[str | None, str | None]:
    """With the library, and without it."""
    with without_the_library():
        bare = outcome(written, market)
    return outcome(written, market), bare


def examples(market: Market) -> dict[str, tuple[str, str, bool]]:
    """Example numbers of a country by their digits: what follows the calling code, as written there, if mobile."""
    found = {}
    for kind in PhoneNumberType.values():
        number = phonenumbers.example_number_for_type(market.iso2, kind)
        if number is not None:
            digits = phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]
            national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
            mobile = phonenumbers.number_type(number) == PhoneNumberType.MOBILE
            found[digits] = (digits.removeprefix(market.calling_code), national, mobile)
    return found


def dials_a_zero(market: Market) -> bool:
    metadata = PhoneMetadata.metadata_for_region(market.iso2)
    return metadata is not None and metadata.national_prefix == "0"


@IN_EVERY_COUNTRY
def test_every_way_of_writing_gives_one_number_or_a_refusal(market: Market) -> None:
    code = market.calling_code
    numbers = examples(market)
    assert any(mobile for _, _, mobile in numbers.values())
    for digits, (rest, national, mobile) in numbers.items():
        spaced = f"{rest[:2]} {rest[2:4]} {rest[4:]}"
        # With the calling code no number is refused, whether the library is there or not.
        for written in (
            digits,
            f"{code} {spaced}",
            f"{code}-{rest[:3]}-{rest[3:]}",
            f"+{digits}",
            f"+{code} {spaced}",
            f"+{code}\u00a0({rest[:3]}) {rest[3:]}",
            f"00{digits}",
            f"00 {code} {spaced}",
        ):
            assert outcomes(written, market) == (digits, digits), written
        # As it is written in the country, the library is needed; landlines of Rwanda begin with 250 there.
        assert outcomes(national, market)[0] == digits or (national == "250 123 456" and not mobile), national
        for written in (rest, spaced, national):
            known, unknown = outcomes(written, market)
            assert known == digits or (known is None and not mobile), written
            assert unknown is None, written
        zeros = (
            f"0{rest}",
            f"0{spaced}",
            f"{code}0{rest}",
            f"{code} 0{spaced}",
            f"+{code} (0){rest}",
            f"00{code}0{rest}",
        )
        for written in zeros:
            expected = {digits} if dials_a_zero(market) else {digits, None}
            assert outcomes(written, market)[0] in expected, written
            assert outcomes(written, market)[1] in {digits, None}, written


@IN_EVERY_COUNTRY
def test_no_valid_number_with_its_calling_code_is_refused_or_changed(market: Market) -> None:
    metadata = PhoneMetadata.metadata_for_region(market.iso2)
    assert metadata is not None
    assert metadata.general_desc is not None
    assert metadata.general_desc.national_number_pattern is not None
    pattern = metadata.general_desc.national_number_pattern.replace(r"\d", "[0-9]")

    @PROPERTY
    @given(st.from_regex(pattern, fullmatch=True))
    def check(rest: str) -> None:
        digits = market.calling_code + rest
        assume(len(digits) <= 15)
        assume(phonenumbers.is_valid_number(phonenumbers.parse("+" + digits)))
        assert outcomes(digits, market) == (digits, digits)

    check()


DIGITS = st.one_of(
    st.from_regex(r"[0-9]{6,16}", fullmatch=True),
    st.builds(
        lambda market, rest: market.calling_code + rest, COUNTRY, st.from_regex(r"0?[0-9]{6,10}", fullmatch=True)
    ),
    st.from_regex(r"0{0,2}[2678][0-9]{7,9}", fullmatch=True),
)
SEPARATORS = st.sampled_from(["", "", " ", "-", ".", "\u00a0", "\u202f", "  "])


@PROPERTY
@given(st.sampled_from([None, *MARKETS.values()]), DIGITS, st.lists(SEPARATORS, min_size=16, max_size=16))
def test_what_stands_between_the_digits_changes_nothing(
    market: Market | None, digits: str, separators: list[str]
) -> None:
    written = digits[0] + "".join(between + digit for between, digit in zip(separators, digits[1:], strict=False))
    for mark in ("", "+", "00"):
        assert outcomes(mark + written, market) == outcomes(mark + digits, market)


@PROPERTY
@given(st.sampled_from([None, *COUNTRIES]), DIGITS, st.sampled_from(["", "+", "00"]))
def test_the_library_adds_numbers_and_changes_none(market: Market | None, digits: str, mark: str) -> None:
    known, unknown = outcomes(mark + digits, market)
    assert unknown in {known, None}


@PROPERTY
@given(COUNTRY, DIGITS)
def test_digits_without_a_mark_never_reach_another_country(market: Market, digits: str) -> None:
    for number in outcomes(digits, market):
        if number is not None and not digits.startswith("00"):
            assert number.startswith(market.calling_code) or number in TEST_NUMBERS


@PROPERTY
@given(st.sampled_from([None, *MARKETS.values()]), DIGITS.filter(lambda digits: digits[0] != "0"))
def test_two_zeros_are_a_plus(market: Market | None, digits: str) -> None:
    # In Benin, Congo and Côte d'Ivoire numbers begin with 0, and somebody may have put one more before it.
    zeros = market is not None and market.iso2 in {"BJ", "CG", "CI"} and len(digits) in {8, 9}
    expected = outcomes("+" + digits, market)
    assert outcomes("00" + digits, market) in ({expected, (None, None)} if zeros else {expected})


# Numbers as written without a 0 or a calling code, that would ring in other countries: the Solomon Islands, Angola, ...
@pytest.mark.parametrize(
    ("target", "written", "digits"),
    [
        ("mtncameroon", "677123456", "237677123456"),
        ("mtncameroon", "677 12 34 56", "237677123456"),
        ("mtnguineaconakry", "622123456", "224622123456"),
        ("mtnswaziland", "76123456", "26876123456"),
        ("mtnghana", "244123456", "233244123456"),
        ("mtnuganda", "772123456", "256772123456"),
        ("mtnuganda", "2560772123456", "256772123456"),
        ("mtnuganda", "+2560772123456", "256772123456"),
        ("mtnghana", "0233123456", "233233123456"),
        ("mtnbenin", "0197123456", "2290197123456"),
        ("mtnivorycoast", "0707123456", "2250707123456"),
    ],
)
def test_national_digits_are_read_by_the_library_or_refused(target: str, written: str, digits: str) -> None:
    market = MARKETS[target]
    assert outcomes(written, market) == (digits, None)


# Too short, too long, another country's, and national digits that begin as the calling code does.
@pytest.mark.parametrize(
    ("target", "written"),
    [
        ("mtnuganda", "254722123456"),
        ("mtnuganda", "25677212345"),
        ("mtnuganda", "2567721234567"),
        ("mtnuganda", "256772"),
        ("mtnuganda", "123456"),
        ("mtnuganda", "999999999999999"),
        ("mtncameroon", "23767712345"),
        ("mtncameroon", "0677123456"),
        ("mtncongo", "0061234567"),
        ("mtnbenin", "97123456"),
        ("mtnghana", "233123456"),
        ("mtnnigeria", "79161234567"),
        ("mtnrwanda", "250123456"),
        ("mtnswaziland", "076123456"),
        ("mtnzambia", "260123456"),
    ],
)
def test_digits_that_do_not_fit_are_refused_with_the_calling_code(target: str, written: str) -> None:
    market = MARKETS[target]
    for spelling in (written, f"{written[:3]} {written[3:]}"):
        assert outcomes(spelling, market) == (None, None)
        with pytest.raises(ValueRefused) as caught:
            values.msisdn(spelling, "payer", market)
        assert f"begins with {market.calling_code}, the calling code in the environment {target}" in caught.value.rule
        with without_the_library(), pytest.raises(ValueRefused) as caught:
            values.msisdn(spelling, "payer", market)
        assert market.calling_code in caught.value.rule


@IN_EVERY_COUNTRY
@pytest.mark.parametrize("abroad", ["+254 722 123456", "00254722123456", "+46733123450"])
def test_a_number_marked_as_of_another_country_passes(market: Market, abroad: str) -> None:
    digits = "".join(filter(str.isdigit, abroad)).removeprefix("00")
    assert outcomes(abroad, market) == (digits, None)


@IN_EVERY_COUNTRY
def test_the_test_numbers_pass_in_every_country(market: Market) -> None:
    for number in TEST_NUMBERS:
        assert outcomes(number, market) == (number, number)
        assert outcomes(f"{number[:2]} {number[2:]}", market) == (number, number)


@pytest.mark.parametrize("number", TEST_NUMBERS)
@pytest.mark.parametrize("form", ["{}", "+{}", "00{}"])
def test_a_test_number_of_the_sandbox_may_be_written_any_way(number: str, form: str) -> None:
    for digits in (number, f"{number[:2]} {number[2:5]} {number[5:]}", f"{number[:2]}-{number[2:]}"):
        assert outcomes(form.format(digits), SANDBOX) == (number, number)


def test_benins_numbers_of_before_2024_pass_with_their_calling_code() -> None:
    for written in ("22997123456", "229 97 12 34 56", "+22997123456", "0022997123456"):
        assert outcomes(written, MARKETS["mtnbenin"]) == ("22997123456", "22997123456")


def test_the_rule_without_the_library_names_it_and_the_calling_code() -> None:
    for written in ("0772123456", "772123456", "772 123 456"):
        with without_the_library(), pytest.raises(ValueRefused) as caught:
            values.msisdn(written, "payer", MARKETS["mtnuganda"])
        assert "begins with 256," in caught.value.rule
        assert "the extra 'phone'" in caught.value.rule
