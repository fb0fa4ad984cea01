"""Makes about half of what schemathesis sends meaningful to a MoMo, so that it gets past the first checks."""

from __future__ import annotations

import hashlib
from typing import Any

import schemathesis

# There is one of every kind with this id.
KNOWN = "0f3c6a54-5d8e-4c1b-9a77-2e6b8f1d4c90"
NUMBERS = ["46733123450", "46733123453", "46733123454", "46733123462", "46733123499", "56733123453"]


def _coin(value: Any) -> int:
    """A number that depends on the value only: the same run makes the same requests."""
    return hashlib.sha256(repr(value).encode()).digest()[0]


@schemathesis.hook
def map_body(_context: Any, body: Any) -> Any:
    """Give a body that fits the schema the one currency and a payer with a real number."""
    coin = _coin(body)
    if not isinstance(body, dict) or coin % 2:
        return body
    party = {"partyIdType": "MSISDN", "partyId": NUMBERS[coin % len(NUMBERS)]}
    changed = dict(body)
    for key in ("currency", "payerCurrency"):
        if isinstance(changed.get(key), str):
            changed[key] = "EUR"
    if isinstance(changed.get("money"), dict) and isinstance(changed["money"].get("currency"), str):
        changed["money"] = {**changed["money"], "currency": "EUR"}
    for key in ("payer", "intendedPayer", "payee"):
        if isinstance(changed.get(key), dict) and {"partyIdType", "partyId"} <= changed[key].keys():
            changed[key] = party
    return changed


@schemathesis.hook
def map_headers(_context: Any, headers: Any) -> Any:
    """Give about half of the requests a callback URL that the API user may use."""
    if isinstance(headers, dict) and "X-Callback-Url" in headers and _coin(headers) % 2:
        return {**headers, "X-Callback-Url": "http://localhost:9/callback"}
    return headers


@schemathesis.hook
def map_path_parameters(_context: Any, path_parameters: Any) -> Any:
    """Give about half of the look-ups an id that is known, or a holder with a real number."""
    if not isinstance(path_parameters, dict) or _coin(path_parameters) % 2:
        return path_parameters
    for name in ("referenceId", "x-referenceId"):
        if name in path_parameters:
            return {**path_parameters, name: KNOWN}
    if "type" in path_parameters:
        number = NUMBERS[_coin(path_parameters) % len(NUMBERS)]
        return {**path_parameters, "type": "msisdn", "id": number}
    return path_parameters
