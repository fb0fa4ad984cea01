"""What MTN accepts in the bodies: one shape for each, and the checks that they are made of."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn, TypeAlias
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from momopy.sandbox.settings import Switches

Check: TypeAlias = Callable[[Any, Switches], bool]

_AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{1,6})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MSISDN = re.compile(r"[0-9]{3,15}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_SECONDS = re.compile(r"[0-9]{1,9}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}")
_HOST = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)


class Shape(NamedTuple):
    """A JSON object: the keys that must be there, and what each known key may hold."""

    required: tuple[str, ...]
    fields: Mapping[str, Check]

    def fits(self, value: Any, switches: Switches) -> bool:
        """Whether the value is such an object; unknown keys are let through."""
        if not isinstance(value, dict) or any(key not in value for key in self.required):
            return False
        return all(check(value[key], switches) for key, check in self.fields.items() if key in value)


def text(value: Any, _: Switches) -> bool:
    """Any string."""
    return isinstance(value, str)


def message(value: Any, switches: Switches) -> bool:
    """A text that a person will read."""
    if not isinstance(value, str) or "&" in value or len(value) > switches.message_limit:
        return False
    return bool(value) or not switches.refuse_empty_messages


def whole_number(value: Any, _: Switches) -> bool:
    """A JSON integer that is not negative."""
    if isinstance(value, float):
        return value.is_integer() and 0 <= value < 1e9
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9


def flag(value: Any, _: Switches) -> bool:
    """True or false."""
    return isinstance(value, bool)


def amount(value: Any, _: Switches) -> bool:
    """A sum of money above 0, as a string."""
    return isinstance(value, str) and _AMOUNT.fullmatch(value) is not None and Decimal(value) > 0


def currency(value: Any, _: Switches) -> bool:
    """Three capital letters."""
    return isinstance(value, str) and _CURRENCY.fullmatch(value) is not None


def seconds(value: Any, _: Switches) -> bool:
    """Whole seconds as a string."""
    return isinstance(value, str) and _SECONDS.fullmatch(value) is not None and int(value) > 0


def party(value: Any, _: Switches) -> bool:
    """A Party: its type, and an id that fits the type."""
    if not isinstance(value, dict) or not isinstance(value.get("partyId"), str):
        return False
    kind = value.get("partyIdType")
    return kind in ("MSISDN", "EMAIL", "PARTY_CODE") and party_fits(kind, value["partyId"])


def party_fits(kind: str, party_id: str) -> bool:
    """Whether an id can belong to a party of this type."""
    match kind:
        case "MSISDN":
            return _MSISDN.fullmatch(party_id) is not None
        case "EMAIL":
            return _EMAIL.fullmatch(party_id) is not None
        case "PARTY_CODE" | "ALIAS" | "ID":
            return 0 < len(party_id) <= 255
    return False


REQUEST_TO_PAY = Shape(
    ("amount", "currency", "payer"),
    {
        "amount": amount,
        "currency": currency,
        "externalId": text,
        "payer": party,
        "payerMessage": message,
        "payeeNote": message,
    },
)
CREATE_INVOICE = Shape(
    ("amount", "currency"),
    {
        "externalId": text,
        "amount": amount,
        "currency": currency,
        "validityDuration": seconds,
        "intendedPayer": party,
        "payee": party,
        "description": message,
    },
)
CANCEL_INVOICE = Shape(("externalId",), {"externalId": text})
MONEY = Shape(("amount", "currency"), {"amount": amount, "currency": currency})
CREATE_PAYMENTS = Shape(
    ("money",),
    {
        "externalTransactionId": text,
        "money": MONEY.fits,
        "customerReference": text,
        "serviceProviderUserName": text,
        "couponId": text,
        "productId": text,
        "productOfferingId": text,
        "receiverMessage": message,
        "senderNote": message,
        "maxNumberOfRetries": whole_number,
        "includeSenderCharges": flag,
    },
)
PRE_APPROVAL = Shape(
    ("payer", "payerCurrency"),
    {
        "payer": party,
        "payerCurrency": currency,
        "payerMessage": message,
        "validityTime": whole_number,
    },
)
DELIVERY_NOTIFICATION = Shape(("notificationMessage",), {"notificationMessage": message})
API_USER = Shape(("providerCallbackHost",), {"providerCallbackHost": text})


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _has_apostrophe(value: Any) -> bool:
    match value:
        case str():
            return "'" in value
        case dict():
            return any("'" in key or _has_apostrophe(entry) for key, entry in value.items())
        case list():
            return any(map(_has_apostrophe, value))
    return False


def read_json(body: bytes) -> Any:
    """The JSON value of a body; ValueError when it is none, or holds an apostrophe."""
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
        value_is_clean = not _has_apostrophe(value)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not value_is_clean:
        raise ValueError("an apostrophe")
    if b"\\u" in body:
        # Half of a surrogate pair is no text: it could be taken in and never be sent again.
        json.dumps(value, ensure_ascii=False).encode()
    return value


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form body; ValueError when it is none or names a field twice."""
    pairs = parse_qsl(
        body.decode("utf-8"),
        keep_blank_values=True,
        strict_parsing=True,
        max_num_fields=100,
    )
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field twice")
    return fields


def normal_amount(value: str) -> str:
    """An amount as MTN echoes it: `12.50` comes back as `12.5` (measured)."""
    return format(Decimal(value).normalize(), "f")


def uuid4(value: str | None) -> str | None:
    """The id in small letters, or None when it is no UUID of version 4."""
    if value is None or _UUID.fullmatch(value) is None:
        return None
    return str(UUID(value))


def is_ip(host: str) -> bool:
    """Whether a host is an address rather than a name."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def callback_host(value: str, switches: Switches) -> bool:
    """Whether this can be an API user's callback host: no scheme, no port, no path, no address."""
    if is_ip(value):
        return switches.ip_callback_hosts
    return _HOST.fullmatch(value) is not None


def callback_url_host(url: str, switches: Switches) -> str | None:
    """The host of a callback URL, or None when it is no URL that MTN accepts."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    schemes = ("https",) if switches.https_callbacks else ("http", "https")
    if parts.scheme not in schemes or not host or "@" in parts.netloc or "?" in url or "#" in url:
        return None
    if not url.isascii() or any(character <= " " for character in url):
        return None
    return host if callback_host(host, switches) else None
