"""Phone numbers as people write them, turned into the digits that MTN takes.

Where the country is known, digits without `+` or `00` are its own: they are never sent as another country's.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from momopy.markets import Market

# What people write around and between the digits. Anything else, letters and extensions above all,
# is no phone number; the parsing library would read some of it as one.
_WRITTEN: Final = re.compile(r"[ \t]*[+(0-9][0-9 \u00a0\u202f().\-]{5,40}")
_DIGITS: Final = re.compile(r"[1-9][0-9]{5,14}")
_NOT_DIGIT: Final = re.compile(r"[^0-9]+")
# The payers that MTN's sandbox gives a fate, and those that the local MoMo is tried with, of whatever country it is.
_TEST_NUMBER: Final = re.compile(r"467331234[0-9]{2}|56733123453")

INTERNATIONAL: Final = "must be a phone number in international form: 6 to 15 digits, such as 256772123456"
NATIONAL: Final = "must begin with the country's calling code (256...), for the country is not known"
NO_LIBRARY: Final = (
    "; other ways of writing it need the library phonenumbers (the extra 'phone'), which is not installed"
)


class NotANumber(Exception):
    """Carries the rule that was broken, never the number."""


def is_number(digits: str, market: Market | None) -> bool:
    """Whether these are the digits that MTN takes: in a known country, one of its own numbers."""
    form = _DIGITS if market is None else _form(market.calling_code, market.numbers)
    return form.fullmatch(digits) is not None


@cache
def _form(calling_code: str, numbers: str) -> re.Pattern[str]:
    return re.compile(f"{calling_code}(?:{numbers})")


def international_digits(written: str, market: Market | None) -> str:
    """Return the international digits of `+256 77...`, `00256...` or, where the market is known, `077...`."""
    if _WRITTEN.fullmatch(written) is None:
        raise NotANumber(_rule(market))
    digits = _NOT_DIGIT.sub("", written)
    marked = "+" in written
    if not marked and is_number(digits, market):
        return digits
    if not marked and digits.startswith("00"):
        # Where numbers begin with 0, as in Congo, the first one may be a 0 too many.
        if market is not None and market.calling_code and is_number(market.calling_code + digits[1:], market):
            raise NotANumber(_rule(market))
        marked, digits = True, digits[2:]
    if market is None or not market.calling_code:
        if marked:
            return _parsed(digits, market)
        raise NotANumber(NATIONAL if digits.startswith("0") else INTERNATIONAL)
    if is_number(digits, market) or (not marked and _TEST_NUMBER.fullmatch(digits) is not None):
        return digits
    if marked or digits.startswith(market.calling_code):
        return _parsed(digits, market)
    return _parsed(market.calling_code + digits, market, guessed=not digits.startswith("0"))


def _parsed(digits: str, market: Market | None, *, guessed: bool = False) -> str:
    """Digits behind a calling code, without the 0 that some write between the two.

    `guessed` says that nothing in the number shows that it is one of this country.
    """
    try:
        import phonenumbers
    except ImportError:
        # Any number will do in the sandbox.
        if market is not None and not market.calling_code and _DIGITS.fullmatch(digits) is not None:
            return digits
        raise NotANumber(_rule(market) + NO_LIBRARY) from None
    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        raise NotANumber(_rule(market)) from None
    international = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]
    if market is not None and market.calling_code == str(number.country_code):
        # What is guessed has to be valid: it may be another country's number, whose calling code came without its +.
        fits = is_number(international, market) and (not guessed or phonenumbers.is_valid_number(number))
    else:
        # Possible, not valid: the library's lists of number ranges are older than the countries' newest ones.
        # The length once more, since it takes 16 digits for possible in some countries.
        length = phonenumbers.is_possible_number_with_reason(number)
        fits = length == phonenumbers.ValidationResult.IS_POSSIBLE and _DIGITS.fullmatch(international) is not None
    if not fits:
        raise NotANumber(_rule(market))
    return international


def _rule(market: Market | None) -> str:
    if market is None or not market.calling_code:
        return INTERNATIONAL
    return (
        f"must be a whole phone number that begins with {market.calling_code}, the calling code in the environment"
        f" {market.target}, or with + and that of another country"
    )
