"""Phone numbers as people write them, turned into the digits that MTN takes."""

from __future__ import annotations

import re
from typing import Final

from momopy.markets import Market

# What people write around and between the digits. Anything else, letters and extensions above all,
# is no phone number; the parsing library would read some of it as one.
_WRITTEN: Final = re.compile(r"[ \t]*[+(0-9][0-9 \u00a0\u202f().\-]{5,40}")
DIGITS: Final = re.compile(r"[0-9]{6,15}")
_NOT_DIGIT: Final = re.compile(r"[^0-9]+")

INTERNATIONAL: Final = "must be a phone number in international form: 6 to 15 digits, such as 256772123456"
NATIONAL: Final = "must begin with the country's calling code (256...), for the country is not known"
NO_LIBRARY: Final = (
    INTERNATIONAL
    + "; other ways of writing it need the library phonenumbers (the extra 'phone'), which is not installed"
)


class NotANumber(Exception):
    """Carries the rule that was broken, never the number."""


def international_digits(written: str, market: Market | None) -> str:
    """Return the international digits of `+256 77...`, `00256...` or, where the market is known, `077...`."""
    if _WRITTEN.fullmatch(written) is None:
        raise NotANumber(INTERNATIONAL)
    digits = _NOT_DIGIT.sub("", written)
    region = market.iso2 if market is not None and market.iso2 else None
    if "+" in written:
        region = None
    elif digits.startswith("00"):
        digits, region = digits[2:], None
    elif region is None and digits.startswith("0"):
        raise NotANumber(NATIONAL)
    try:
        import phonenumbers
    except ImportError:
        raise NotANumber(NO_LIBRARY) from None
    try:
        number = phonenumbers.parse(digits if region else "+" + digits, region)
    except phonenumbers.NumberParseException:
        raise NotANumber(INTERNATIONAL) from None
    international = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]
    # Possible, not valid: the library's lists of number ranges are older than the countries' newest ones.
    # The length once more, since it takes 16 digits for possible in some countries.
    length = phonenumbers.is_possible_number_with_reason(number)
    if length != phonenumbers.ValidationResult.IS_POSSIBLE or DIGITS.fullmatch(international) is None:
        raise NotANumber(INTERNATIONAL)
    return international
