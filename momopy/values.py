"""Every value that goes out, checked: what a customer may have typed is refused, what a program got wrong is raised.

No text made here repeats the value it is about: it may be a secret or a phone number.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection
from typing import Final

from momopy import markets, phones
from momopy.errors import (
    InvalidArgument,
    InvalidBasicToken,
    InvalidBearerToken,
    InvalidSubscriptionKey,
    InvalidTarget,
    InvalidUniqueIDVersion,
    Misuse,
    wrong_type,
)
from momopy.markets import Market
from momopy.secret import Secret
from momopy.urls import base_url, callback_host, callback_url, is_loopback

__all__ = [
    "ValueRefused",
    "account",
    "account_type",
    "amount",
    "api_key",
    "base_url",
    "basic_token",
    "bearer_token",
    "callback_host",
    "callback_url",
    "currency",
    "email",
    "external_id",
    "is_loopback",
    "language",
    "msisdn",
    "note",
    "path_segment",
    "reference_id",
    "same_amount",
    "subscription_key",
    "target",
    "text",
]


class ValueRefused(Exception):
    """A value that MTN would refuse; nothing was sent."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(field, rule)
        self.field = field
        self.rule = rule

    def __str__(self) -> str:
        return f"{self.field} {self.rule}"


_SECRET: Final = re.compile(r"[\x21-\x7e]{1,4096}")
_BEARER: Final = re.compile(r"(?i:bearer) +([\x21-\x7e]{1,4096})")
# Either base64 alphabet, padded or not: a pair that was not encoded has a colon and fails.
_BASIC: Final = re.compile(r"(?i:basic) +([A-Za-z0-9+/_-]{2,4096}={0,2})")
_UUID4: Final = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}")
_UUID4_HEX: Final = re.compile(r"[0-9a-fA-F]{12}4[0-9a-fA-F]{3}[89abAB][0-9a-fA-F]{15}")
_TARGET: Final = re.compile(r"[a-z0-9]{2,32}")

_EMAIL: Final = re.compile(
    r"[A-Za-z0-9!$*+=^_`{|}~-]+(?:\.[A-Za-z0-9!$*+=^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
_PARTY_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_AMOUNT: Final = re.compile(r"(0|[1-9][0-9]{0,17})(?:\.([0-9]+))?")
_MONEY: Final = re.compile(r"0*([0-9]+)(?:\.([0-9]*))?")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_UNSAFE_IN_PATH: Final = re.compile(r"[/\\?#%\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_UNSAFE_IN_TEXT: Final = re.compile(r"['\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_UNSAFE_IN_NOTE: Final = re.compile(r"['&\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

NOTE_LIMIT: Final = 160
_TEXT_LIMIT: Final = 255
_MOST_DECIMALS: Final = 3

_MUST_BE_TEXT: Final = "must be text (a str)"


def _exact(value: str) -> str:
    # What a subclass, such as a StrEnum, makes of str(), == or lower() need not be the text that was checked.
    return value if type(value) is str else str.__str__(value)


def _plain(value: object, kind: type[Misuse], parameter: str) -> str:
    if isinstance(value, Secret):
        value = value.reveal()
    if not isinstance(value, str):
        raise wrong_type(kind, parameter, "must be text (a str or a Secret)")
    # A key read from a file ends in a newline; other control characters are no accident to mend.
    return _exact(value).strip(" \t\r\n")


def _secret(value: object, kind: type[Misuse], parameter: str) -> str:
    plain = _plain(value, kind, parameter)
    if _SECRET.fullmatch(plain) is None:
        del plain  # a traceback may show local variables
        raise kind(parameter, "must be 1 to 4096 printable ASCII characters without a space")
    return plain


def basic_token(value: object, parameter: str = "authorization") -> str:
    """Return a `Basic ...` header value."""
    plain = _plain(value, InvalidBasicToken, parameter)
    match = _BASIC.fullmatch(plain)
    if match is not None:
        return "Basic " + match[1]
    other = plain[:7].lower() == "bearer "
    del plain  # a traceback may show local variables
    if other:
        raise InvalidBasicToken(parameter, "is a Bearer token, where a Basic one is needed")
    raise InvalidBasicToken(parameter, "must be 'Basic ' and the base64 of API user, colon, API key")


def bearer_token(value: object, parameter: str = "authorization") -> str:
    """Return a `Bearer ...` header value."""
    plain = _plain(value, InvalidBearerToken, parameter)
    match = _BEARER.fullmatch(plain)
    if match is not None:
        return "Bearer " + match[1]
    other = plain[:6].lower() == "basic "
    del plain  # a traceback may show local variables
    if other:
        raise InvalidBearerToken(parameter, "is a Basic token, where a Bearer one is needed")
    raise InvalidBearerToken(parameter, "must be 'Bearer ' and an access token of printable ASCII characters")


def subscription_key(value: object, parameter: str = "subscription_key") -> str:
    """Return a subscription key."""
    return _secret(value, InvalidSubscriptionKey, parameter)


def api_key(value: object, parameter: str = "api_key") -> str:
    """Return an API key."""
    return _secret(value, InvalidArgument, parameter)


def reference_id(value: object, parameter: str = "uuid") -> str:
    """Return a UUID version 4 in lower case, with its hyphens."""
    if isinstance(value, str):
        plain = _exact(value)
    elif isinstance(value, uuid.UUID):
        plain = uuid.UUID.__str__(value)
    else:
        raise wrong_type(InvalidUniqueIDVersion, parameter, "must be a UUID version 4, as str or uuid.UUID")
    if _UUID4.fullmatch(plain) is not None:
        return plain.lower()
    if _UUID4_HEX.fullmatch(plain) is not None:
        return str(uuid.UUID(plain))
    raise InvalidUniqueIDVersion(parameter, "must be a UUID version 4")


def target(value: object, parameter: str = "target") -> str:
    """Return the name of a target environment; one that is not in the table of markets may be given too."""
    if not isinstance(value, str):
        raise wrong_type(InvalidTarget, parameter, _MUST_BE_TEXT)
    plain = _exact(value)
    if _TARGET.fullmatch(plain) is None:
        raise InvalidTarget(parameter, "must be 2 to 32 lower-case letters or digits, such as sandbox or mtnuganda")
    return plain


def _text(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise ValueRefused(field, _MUST_BE_TEXT)
    return _exact(value)


def msisdn(value: object, field: str, market: Market | None = None) -> str:
    """Return a phone number as international digits.

    In a known country, its own numbers pass as they are, with or without `+`, `00` and what is written
    between the digits; `077...` and digits without a calling code are read as numbers of that country, and
    those of another country need their `+` or `00`. Elsewhere plain digits pass as they are. What is more
    than taking signs away is done by the library phonenumbers (the extra `phone`).
    """
    plain = _text(value, field)
    if phones.is_number(plain, market):
        return plain
    try:
        return phones.international_digits(plain, market)
    except phones.NotANumber as error:
        raise ValueRefused(field, str(error)) from None


def email(value: object, field: str) -> str:
    """Return an e-mail address."""
    plain = _text(value, field)
    if len(plain) > 254 or _EMAIL.fullmatch(plain) is None:
        raise ValueRefused(field, "must be an e-mail address of plain ASCII letters, such as name@example.com")
    return plain


def path_segment(value: object, field: str) -> str:
    """Return a part of a path that, once quoted, cannot leave its place."""
    plain = _text(value, field)
    if not 1 <= len(plain) <= _TEXT_LIMIT:
        raise ValueRefused(field, f"must be 1 to {_TEXT_LIMIT} characters long")
    # Quoting leaves dots alone, and an HTTP client then takes the segment before them away (httpx 0.28.1).
    if plain.strip() in {"", ".", ".."}:
        raise ValueRefused(field, "must be more than dots or spaces")
    if _UNSAFE_IN_PATH.search(plain) is not None:
        raise ValueRefused(field, "must not hold / \\ ? # % or a control character")
    return plain


def account_type(value: object, allowed: Collection[str], field: str) -> str:
    """Return the allowed type that this one means, however its letters are written."""
    plain = _text(value, field)
    if plain in allowed:
        return plain
    lowered = plain.lower()
    for name in allowed:
        if name.lower() == lowered:
            return name
    raise ValueRefused(field, "must be one of " + ", ".join(allowed))


def account(value: object, account_type: str, field: str = "account", market: Market | None = None) -> str:
    """Return an account holder's id of a type that `account_type` allowed."""
    kind = account_type.lower()
    if kind == "msisdn":
        return msisdn(value, field, market)
    if kind == "email":
        return email(value, field)
    plain = path_segment(value, field)
    if kind == "party_code" and _PARTY_CODE.fullmatch(plain) is None:
        raise ValueRefused(field, "must be 1 to 64 letters, digits, dots, hyphens or underscores")
    return plain


def currency(value: object, field: str, market: Market | None = None) -> str:
    """Return an ISO 4217 code that fits the market."""
    plain = _text(value, field)
    if market is not None:
        if plain in market.currencies:
            return plain
        raise ValueRefused(field, f"must be {' or '.join(market.currencies)} in the environment {market.target}")
    if not markets.is_currency(plain):
        raise ValueRefused(field, "must be the ISO 4217 code of a currency in use, in capital letters, such as UGX")
    return plain


def amount(value: object, field: str, currency: str) -> str:
    """Return an amount as MTN takes it: a plain positive number with no more decimals than the currency has."""
    plain = _exact(value) if isinstance(value, str) else _written(value, field)
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        raise ValueRefused(field, "must be a plain positive number of at most 18 digits, such as 5000 or 12.50")
    if match[2] is not None and len(match[2]) > markets.minor_units(currency):
        raise ValueRefused(field, f"has more decimals than {currency}, which has {markets.minor_units(currency)}")
    if not plain.strip("0."):
        raise ValueRefused(field, "must be more than zero")
    return plain


def _written(value: object, field: str) -> str:
    if isinstance(value, float):
        raise ValueRefused(field, "must not be a float, which cannot hold most amounts exactly; use str or Decimal")
    if isinstance(value, int) and not isinstance(value, bool):
        # Far beyond any amount, and str() of a very long int is an error.
        return "" if abs(value) >= 10**19 else int.__repr__(value)
    from decimal import Decimal

    if not isinstance(value, Decimal):
        raise ValueRefused(field, "must be a str, an int or a Decimal")
    exponent = value.as_tuple().exponent
    # Written out, Decimal("1E+999999") would be a million digits long.
    if not isinstance(exponent, int) or value.adjusted() > 18 or exponent < -(18 + _MOST_DECIMALS):
        return ""
    return Decimal.__format__(value, "f")


def same_amount(a: object, b: object) -> bool:
    """Whether two amounts are the same money, however they are written; False when either is no amount."""
    first = _money(a)
    return first is not None and first == _money(b)


def _money(value: object) -> tuple[str, str] | None:
    if isinstance(value, bool):
        return None
    try:
        plain = value if isinstance(value, str) else str(value)
    except ValueError:
        return None
    match = _MONEY.fullmatch(plain)
    if match is not None:
        return match[1].lstrip("0"), (match[2] or "").rstrip("0")
    return _money_by_decimal(plain)


def _money_by_decimal(plain: str) -> tuple[str, str] | None:
    from decimal import Decimal, InvalidOperation

    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > 64 or len(plain) > 64 or number < 0:
        return None
    whole, _, fraction = format(number, "f").partition(".")
    return whole.lstrip("0"), fraction.rstrip("0")


def note(value: object, field: str, sanitize: bool = False) -> str:
    """Return a message of at most 160 characters, without what MTN refuses.

    With `sanitize`, those characters are replaced: `&` by `+`, the others by a space.
    """
    plain = _text(value, field)
    found = _UNSAFE_IN_NOTE.search(plain)
    if found is not None:
        if not sanitize:
            raise ValueRefused(field, _unsafe(found))
        plain = _UNSAFE_IN_NOTE.sub(" ", plain.replace("&", "+"))
    if len(plain) > NOTE_LIMIT:
        raise ValueRefused(field, f"is {len(plain)} characters long, and MTN takes {NOTE_LIMIT}")
    if not plain or plain.isspace():
        raise ValueRefused(field, "must not be empty")
    return plain


def text(value: object, field: str, limit: int = _TEXT_LIMIT) -> str:
    """Return a text that is not empty and holds nothing that MTN refuses."""
    plain = _text(value, field)
    if not 1 <= len(plain) <= limit or plain.isspace():
        raise ValueRefused(field, f"must be 1 to {limit} characters long")
    found = _UNSAFE_IN_TEXT.search(plain)
    if found is not None:
        raise ValueRefused(field, _unsafe(found))
    return plain


def _unsafe(found: re.Match[str]) -> str:
    what = f"the character {found[0]}" if found[0] in "'&" else "a control character"
    return f"holds {what} at place {found.start() + 1}, which MTN refuses"


def external_id(value: object, field: str = "externalId") -> str:
    """Return the caller's own id of a payment."""
    return text(value, field)


def language(value: object, field: str = "language") -> str:
    """Return a language tag, such as `fr` or `en-GB`."""
    plain = _text(value, field)
    if _LANGUAGE.fullmatch(plain) is None:
        raise ValueRefused(field, "must be a language tag, such as fr or en-GB")
    return plain
