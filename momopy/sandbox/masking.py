"""What a log, a line on a terminal or a page may show of a request."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NUMBER = re.compile(r"(?<![0-9A-Za-z-])(?:\+|%2[bB])?([0-9]{6,15})(?![0-9A-Za-z-])")
_EMAIL = re.compile(r"[^@/\s:]+(?=(?:@|%40)[^/\s]+)")
_SECRET_HEADERS = frozenset({"ocp-apim-subscription-key", "cookie", "proxy-authorization"})
_SECRET_FIELDS = re.compile(r"((?:auth_req_id|refresh_token|client_notification_token)=)[^&]*")


def masked_number(number: str) -> str:
    """A phone number with all but its last three digits hidden."""
    return "*" * max(len(number) - 3, 0) + number[-3:]


def masked_text(text: str) -> str:
    """A path or a text with the phone numbers and e-mail names in it hidden."""
    return _EMAIL.sub("***", _NUMBER.sub(lambda found: masked_number(found[1]), text))


def masked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with the secrets hidden; the scheme of an authorization stays."""
    shown = {}
    for name, value in headers.items():
        if name == "authorization":
            shown[name] = value.partition(" ")[0][:10] + " ***"
        else:
            shown[name] = "***" if name in _SECRET_HEADERS else value
    return shown


def masked_form(body: str) -> str:
    """A form body with the tokens in it hidden."""
    return _SECRET_FIELDS.sub(r"\1***", body)
