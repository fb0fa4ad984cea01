"""Each request body, checked key by key and made ready to be sent; the caller's dict is never changed.

Keys that momopy does not know are kept. A key whose value is None counts as left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from momopy import values
from momopy.errors import InvalidArgument, InvalidBody, MissingArgument
from momopy.markets import Market
from momopy.secret import Secret
from momopy.values import ValueRefused

Body: TypeAlias = dict[str, Any]

PARTY_TYPES: Final = ("MSISDN", "EMAIL", "PARTY_CODE")
ACCESS_TYPES: Final = ("online", "offline")
CIBA: Final = "urn:openid:params:grant-type:ciba"
REFRESH: Final = "refresh_token"

_PARTY: Final = frozenset({"partyIdType", "partyId"})
_MONEY: Final = frozenset({"amount", "currency"})
_REQUEST_TO_PAY: Final = frozenset({"amount", "currency", "externalId", "payer", "payerMessage", "payeeNote"})
_INVOICE: Final = frozenset(
    {"externalId", "amount", "currency", "validityDuration", "intendedPayer", "payee", "description"}
)
_PAYMENT_TEXTS: Final = (
    "customerReference",
    "serviceProviderUserName",
    "couponId",
    "productId",
    "productOfferingId",
)
_PAYMENT: Final = frozenset(
    {
        "externalTransactionId",
        "money",
        "receiverMessage",
        "senderNote",
        "maxNumberOfRetries",
        "includeSenderCharges",
        *_PAYMENT_TEXTS,
    }
)
_PRE_APPROVAL: Final = frozenset({"payer", "payerCurrency", "payerMessage", "validityTime"})
_CANCEL_INVOICE: Final = frozenset({"externalId"})
_DELIVERY_NOTIFICATION: Final = frozenset({"notificationMessage"})

_LOGIN_HINT: Final = re.compile(r"ID:([^/]*)/([A-Za-z_]*)")
_LOGIN_TYPES: Final = ("MSISDN", "EMAIL", "PARTY_CODE", "ID", "ALIAS")
_SCOPE: Final = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_OPAQUE: Final = re.compile(r"[\x21-\x7e]{1,4096}")
_WHOLE: Final = re.compile(r"[1-9][0-9]{0,9}")
_KEY_TO_SHOW: Final = re.compile(r"[A-Za-z_][A-Za-z_.-]{0,39}")
_JSON_DEPTH: Final = 32
_LONGEST_SECONDS: Final = 10**10


def request_to_pay(body: object, market: Market | None = None, sanitize: bool = False) -> Body:
    """The body of RequesttoPay and of RequestToWithdraw."""
    out = _copied(body, "body", _REQUEST_TO_PAY)
    out["currency"] = code = values.currency(_needed(out, "currency"), "currency", market)
    out["amount"] = values.amount(_needed(out, "amount"), "amount", code)
    out["payer"] = party(_needed(out, "payer"), "payer", market)
    if "externalId" in out:
        out["externalId"] = values.external_id(out["externalId"])
    if "payerMessage" in out:
        out["payerMessage"] = values.note(out["payerMessage"], "payerMessage", sanitize)
    if "payeeNote" in out:
        out["payeeNote"] = values.note(out["payeeNote"], "payeeNote", sanitize)
    return out


def invoice(body: object, market: Market | None = None, sanitize: bool = False) -> Body:
    """The body of CreateInvoice."""
    out = _copied(body, "body", _INVOICE)
    out["currency"] = code = values.currency(_needed(out, "currency"), "currency", market)
    out["amount"] = values.amount(_needed(out, "amount"), "amount", code)
    out["intendedPayer"] = party(_needed(out, "intendedPayer"), "intendedPayer", market)
    _checked(out, "payee", party, market)
    _checked(out, "externalId", values.external_id)
    _checked(out, "description", values.note, sanitize)
    if "validityDuration" in out:
        # MTN declares these seconds as text here, and as a number in a pre-approval.
        out["validityDuration"] = str(_seconds(out["validityDuration"], "validityDuration"))
    return out


def payment(body: object, market: Market | None = None, sanitize: bool = False) -> Body:
    """The body of CreatePayments."""
    out = _copied(body, "body", _PAYMENT)
    money = _object(_needed(out, "money"), "money", _MONEY, "amount and currency")
    money["currency"] = code = values.currency(_needed(money, "currency", "money."), "money.currency", market)
    money["amount"] = values.amount(_needed(money, "amount", "money."), "money.amount", code)
    out["money"] = money
    _checked(out, "externalTransactionId", values.external_id)
    for key in _PAYMENT_TEXTS:
        _checked(out, key, values.text)
    for key in ("receiverMessage", "senderNote"):
        _checked(out, key, values.note, sanitize)
    _checked(out, "maxNumberOfRetries", _retries)
    _checked(out, "includeSenderCharges", _flag)
    return out


def pre_approval(body: object, market: Market | None = None, sanitize: bool = False) -> Body:
    """The body of PreApproval."""
    out = _copied(body, "body", _PRE_APPROVAL)
    out["payer"] = party(_needed(out, "payer"), "payer", market)
    out["payerCurrency"] = values.currency(_needed(out, "payerCurrency"), "payerCurrency", market)
    _checked(out, "payerMessage", values.note, sanitize)
    _checked(out, "validityTime", _seconds)
    return out


def cancel_invoice(body: object, _market: Market | None = None, _sanitize: bool = False) -> Body:
    """The body of CancelInvoice."""
    out = _copied(body, "body", _CANCEL_INVOICE)
    out["externalId"] = values.external_id(_needed(out, "externalId"))
    return out


def delivery_notification(body: object, _market: Market | None = None, sanitize: bool = False) -> Body:
    """The body of RequesttoPayDeliveryNotification."""
    out = _copied(body, "body", _DELIVERY_NOTIFICATION)
    message = _needed(out, "notificationMessage")
    out["notificationMessage"] = values.note(message, "notificationMessage", sanitize)
    return out


def party(value: object, field: str, market: Market | None = None) -> Body:
    """A Party: who pays, or who is paid."""
    out = _object(value, field, _PARTY, "partyIdType and partyId")
    kind = values.account_type(_needed(out, "partyIdType", field + "."), PARTY_TYPES, field + ".partyIdType")
    out["partyIdType"] = kind
    out["partyId"] = values.account(_needed(out, "partyId", field + "."), kind, field + ".partyId", market)
    return out


def login_hint(value: object, field: str = "login_hint", market: Market | None = None) -> str:
    """`ID:{msisdn}/MSISDN` made from a phone number, or a ready one, checked."""
    if not isinstance(value, str):
        raise ValueRefused(field, "must be a phone number, or text of the form ID:{msisdn}/MSISDN")
    if value[:3] != "ID:":
        return f"ID:{values.msisdn(value, field, market)}/MSISDN"
    match = _LOGIN_HINT.fullmatch(value)
    if match is None:
        raise ValueRefused(field, "must be of the form ID:{msisdn}/MSISDN")
    kind = values.account_type(match[2], _LOGIN_TYPES, field)
    return f"ID:{values.account(match[1], kind, field, market)}/{kind}"


def bc_authorize(
    login_hint: object,
    scope: object,
    access_type: object = "online",
    *,
    consent_valid_in: object = None,
    client_notification_token: object = None,
    scope_instruction: object = None,
    market: Market | None = None,
) -> Body:
    """The form of bc-authorize."""
    form: Body = {
        "login_hint": _login_hint(login_hint, market=market),
        "scope": _matched(scope, "scope", _SCOPE, "must be scopes of printable ASCII characters, a space between two"),
        "access_type": values.account_type(access_type, ACCESS_TYPES, "access_type"),
    }
    if consent_valid_in is not None:
        form["consent_valid_in"] = _seconds(consent_valid_in, "consent_valid_in")
    if client_notification_token is not None:
        form["client_notification_token"] = _opaque(client_notification_token, "client_notification_token")
    if scope_instruction is not None:
        form["scope_instruction"] = _matched(scope_instruction, "scope_instruction", _BASE64, "must be base64")
    return form


_login_hint = login_hint


def oauth2_token(
    auth_req_id: object = None,
    refresh_token: object = None,
    grant_type: object = None,
) -> Body:
    """The form of CreateOauth2Token; which of the two is given decides the grant type."""
    if auth_req_id is None and refresh_token is None:
        raise MissingArgument("auth_req_id", "is missing; give it, or refresh_token")
    if auth_req_id is not None and refresh_token is not None:
        raise InvalidArgument("refresh_token", "must not be given together with auth_req_id")
    grant, key = (CIBA, "auth_req_id") if refresh_token is None else (REFRESH, "refresh_token")
    if grant_type is not None and grant_type != grant:
        raise InvalidArgument("grant_type", f"must be {grant} with {key}, or be left out")
    return {"grant_type": grant, key: _opaque(auth_req_id if refresh_token is None else refresh_token, key)}


def _copied(body: object, name: str, known: frozenset[str]) -> Body:
    if not isinstance(body, dict):
        raise InvalidBody(name, "must be a dict")
    return _without_none(body, "", known)


def _object(value: object, field: str, known: frozenset[str], keys: str) -> Body:
    if not isinstance(value, dict):
        raise ValueRefused(field, f"must be a dict with {keys}")
    return _without_none(value, field + ".", known)


def _without_none(body: dict[Any, Any], prefix: str, known: frozenset[str]) -> Body:
    out: Body = {}
    for key, value in body.items():
        # Almost every key is a plain and a known one, and passes with a single look-up.
        plain = key if type(key) is str and key in known else _key(key, prefix)
        out[plain] = value if plain in known else _json(value, prefix + _shown(plain), _JSON_DEPTH)
    for value in out.values():
        if value is None:
            return {key: value for key, value in out.items() if value is not None or key not in known}
    return out


def _needed(body: Body, key: str, prefix: str = "") -> Any:
    try:
        return body[key]
    except KeyError:
        raise ValueRefused(prefix + key, "is missing") from None


def _checked(out: Body, key: str, check: Callable[..., Any], *rest: object) -> None:
    if key in out:
        out[key] = check(out[key], key, *rest)


def _seconds(value: object, field: str) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value) is not None:
        return int(str.__str__(value))
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _LONGEST_SECONDS:
        return int(value)
    raise ValueRefused(field, "must be a whole number of seconds, more than zero")


def _retries(value: object, field: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1000:
        return int(value)
    raise ValueRefused(field, "must be a whole number from 0 to 999")


def _flag(value: object, field: str) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueRefused(field, "must be True or False")


def _matched(value: object, field: str, pattern: re.Pattern[str], rule: str) -> str:
    match = pattern.fullmatch(value) if isinstance(value, str) else None
    if match is None or len(match[0]) > 4096:
        raise ValueRefused(field, rule)
    return match[0]  # plain text, whatever a subclass of str shows


def _opaque(value: object, field: str) -> str:
    plain = value.reveal() if isinstance(value, Secret) else value
    return _matched(plain, field, _OPAQUE, "must be 1 to 4096 printable ASCII characters without a space")


def _key(key: object, prefix: str) -> str:
    if isinstance(key, str):
        return _any_text(key, prefix + _shown(key))
    raise ValueRefused(prefix + "?", "must have a str as its key")


def _shown(key: object) -> str:
    # A caller may have put anything into a key, a phone number too.
    match = _KEY_TO_SHOW.fullmatch(key) if isinstance(key, str) else None
    return "?" if match is None else match[0]


def _json(value: object, field: str, depth: int) -> Any:
    """A copy of a value that momopy does not know, if JSON can carry it and MTN takes each text in it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _any_text(value, field)
    if isinstance(value, int) and value.bit_length() <= 64:
        return int(value)
    # NaN and the infinities are no JSON; taken from themselves they leave NaN.
    if isinstance(value, float) and value - value == 0:
        return float(value)
    if depth and isinstance(value, dict):
        return {_key(key, field + "."): _json(item, f"{field}.{_shown(key)}", depth - 1) for key, item in value.items()}
    if depth and isinstance(value, list | tuple):
        return [_json(item, field, depth - 1) for item in value]
    raise ValueRefused(field, "cannot be sent as JSON")


def _any_text(value: str, field: str) -> str:
    plain = str.__str__(value)
    # With something behind it, since that of an unknown key may be empty, or long.
    values.text(plain + ".", field, len(plain) + 1)
    return plain
