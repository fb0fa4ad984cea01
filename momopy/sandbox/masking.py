"""What a log, a line on a terminal or a page may show of a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote_plus

_NUMBER = re.compile(r"(?<![0-9A-Za-z-])(?:\+|%2[bB])?([0-9]{6,15})(?![0-9A-Za-z-])")
_EMAIL = re.compile(r"[^@/\s:]+(?=(?:@|%40)[^/\s]+)")
# What names a secret, in whatever words: the gateway takes its key in a header and in a query alike.
_SECRET = re.compile(r"key|token|secret|password|auth_req_id|authorization|cookie", re.IGNORECASE)
_JSON_FIELD = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,{}\[\]"]+)')


def masked_number(number: str) -> str:
    """A phone number with all but its last three digits hidden."""
    return "*" * max(len(number) - 3, 0) + number[-3:]


def masked_text(text: str) -> str:
    """A path or a text with the phone numbers and e-mail names in it hidden."""
    return _EMAIL.sub("***", _NUMBER.sub(lambda found: masked_number(found[1]), text))


def _is_secret(name: str) -> bool:
    return _SECRET.search(name) is not None


def masked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with the secrets hidden; the scheme of an authorization stays."""
    shown = {}
    for name, value in headers.items():
        if name == "authorization":
            shown[name] = value.partition(" ")[0][:10] + " ***"
        else:
            shown[name] = "***" if _is_secret(name) else value
    return shown


def masked_query(query: str) -> str:
    """A query or a form body with the secrets in it hidden."""
    return "&".join(map(_masked_pair, query.split("&")))


def _masked_pair(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    return f"{name}=***" if equals and _is_secret(unquote_plus(name)) else pair


def masked_body(body: str) -> str:
    """A body with the secrets in it hidden, whatever it says that it is: clients name the wrong type, too."""
    if body.lstrip()[:1] in ("{", "["):
        return _JSON_FIELD.sub(_masked_field, body)
    return masked_query(body)


def _masked_field(found: re.Match[str]) -> str:
    return f'"{found[1]}"{found[2]}"***"' if _is_secret(found[1]) else found[0]
