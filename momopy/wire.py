"""Reads what came over the wire: bytes in, an `Answer` out. Nothing else in momopy looks into bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal, NamedTuple, NoReturn

from momopy.reasons import explain
from momopy.values import same_amount

_JSON_DEPTH = 32
# Words as MTN's are. What is longer, or has a number in it, may be a key or a wallet that was repeated to us.
_CODE = re.compile(r"(?=.{2,64}$)(?!.*\d{5})[A-Z][A-Z0-9]{0,23}(?:_[A-Z0-9]{1,23})*")
_SECONDS = re.compile(r"in (\d{1,6}) seconds", re.IGNORECASE)
# Numbers of wallets, addresses, keys and tokens have no place in a message, whoever wrote it.
_PRIVATE = re.compile(
    r"\S*://\S*|\S+@\S+|(?i:bearer|basic)\s+\S+|\+?\d[\d ().-]{5,}\d|\d{5,}|[0-9a-fA-F-]{12,}|\S{25,}"
)


class Answer(NamedTuple):
    """What the service said, read once."""

    status: int
    code: str | None = None
    """The code in the body, where there is one that can be one."""
    message: str | None = None
    """The service's own sentence, cut and cleaned for a person."""
    payload: Any = None
    """The JSON of the body; None where there is none."""
    empty: bool = False
    """There was no body at all."""
    complete: bool = True
    """The body ended where it should."""
    retry_after: float | None = None
    """Seconds."""
    size: int = 0
    oversize: bool = False
    """The body was longer than the limit and was not read on."""

    def __repr__(self) -> str:
        # A token may be in it, and tracebacks show local variables.
        return f"<Answer {self.status} {self.code or ''}>"


class _NotJson(ValueError):
    pass


def _refuse(constant: str) -> NoReturn:
    raise _NotJson(constant)


def _finite(number: str) -> float:
    value = float(number)
    if value in (float("inf"), float("-inf")):
        raise _NotJson(number[:20])
    return value


# json.loads makes a decoder anew for each call that names a hook, which takes longer than a short answer's parsing.
_DECODE: Final = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite).decode


def read(
    status: int,
    headers: Sequence[tuple[bytes, bytes]],
    body: bytes,
    *,
    complete: bool = True,
    limit: int = 1 << 20,
) -> Answer:
    """Read an answer of any kind; never raises."""
    size = len(body)
    oversize = size > limit
    if body and complete and not oversize:
        for name, value in headers:
            if name.lower() == b"content-encoding" and value.lower() != b"identity":
                # We ask for identity; a proxy that packs all the same must not fill the memory.
                unpacked = _unpacked(value, body, limit)
                complete, body = unpacked is not None, unpacked or b""
                oversize = len(body) > limit
                break
    complete = complete and not oversize
    if 200 <= status < 300:
        # An answer that went well needs its JSON and nothing else.
        payload = parse_json(body) if complete and body else None
        return Answer(status, None, None, payload, not body, complete, None, size, oversize)
    payload = parse_json(body) if body and complete else None
    code, message = _error(payload)
    return Answer(status, code, message, payload, not body, complete, _retry_after(headers, message), size, oversize)


def _unpacked(encoding: bytes, body: bytes, limit: int) -> bytes | None:
    """Unpack gzip or deflate, of more than the limit one byte beyond it; None for what cannot be unpacked."""
    import zlib

    if encoding.strip().lower() not in (b"gzip", b"x-gzip", b"deflate"):
        return None
    unpacker = zlib.decompressobj(wbits=47)
    try:
        unpacked = unpacker.decompress(body, limit + 1)
    except zlib.error:
        return None
    return unpacked if unpacker.eof or len(unpacked) > limit else None


def parse_json(body: bytes) -> Any:
    """Parse bytes from outside as JSON; None where they are none, nest too deep or hold what cannot be printed."""
    try:
        # Bytes that open fewer brackets than the limit cannot nest deeper, which spares the walk.
        crowded = body.count(b"[") + body.count(b"{") > _JSON_DEPTH
        payload = _DECODE(body.decode(json.detect_encoding(body), "surrogatepass"))
        if crowded or b"\\u" in body:
            _walk(payload, _JSON_DEPTH)
    except (ValueError, RecursionError):
        return None
    return payload


def _walk(value: Any, depth: int) -> None:
    if depth < 0:
        raise _NotJson("too deep")
    if isinstance(value, str):
        value.encode()  # a lone surrogate raises UnicodeEncodeError, a ValueError
    elif isinstance(value, dict):
        for key, inner in value.items():
            key.encode()
            _walk(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _walk(inner, depth - 1)


def _error(payload: Any) -> tuple[str | None, str | None]:
    """Find code and message in the platform's, the gateway's or the token endpoint's shape."""
    if not isinstance(payload, dict):
        return None, None
    code = payload.get("code")
    message = payload.get("message")
    if code is None and isinstance(payload.get("error"), str):
        code = payload["error"].upper()
    if not is_code(code):
        code = None
    return code, printable(message) if isinstance(message, str) else None


def is_code(code: object) -> bool:
    """Whether it can be one of MTN's codes, which logs and failures show."""
    return isinstance(code, str) and _CODE.fullmatch(code) is not None


def printable(text: str) -> str | None:
    """Cut a sentence of the service's to 200 printable characters without numbers or tokens in it."""
    text = "".join(letter for letter in text[:1000] if letter.isprintable())
    return _PRIVATE.sub("...", text)[:200].strip() or None


def _retry_after(headers: Iterable[tuple[bytes, bytes]], message: str | None) -> float | None:
    """Seconds to wait, from the header or from the gateway's sentence "Try again in N seconds"."""
    asked = dated = None
    for name, value in headers:
        if name.lower() == b"retry-after":
            asked = value.decode("latin-1").strip()
        elif name.lower() == b"date":
            dated = value.decode("latin-1")
    if asked is not None:
        # int() and float() take "nan", "1_0" and a sign as well; a count of seconds is digits.
        if asked.isascii() and asked.replace(".", "", 1).isdigit() and len(asked) <= 9:
            return float(asked)
        return _until(asked, dated)
    found = _SECONDS.search(message or "")
    return float(found[1]) if found else None


def _until(asked: str, dated: str | None) -> float | None:
    """Seconds between two HTTP dates, both of the service's own clock."""
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, (parsedate_to_datetime(asked) - parsedate_to_datetime(dated or "")).total_seconds())
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def with_reasons(payload: dict[str, Any]) -> dict[str, Any]:
    """Give `reason` and `errorReason` the documented shape; the service sends a bare string (measured 2026)."""
    for key in ("reason", "errorReason"):
        if key in payload:
            reason = payload[key]
            if reason is None:
                del payload[key]
            else:
                payload[key] = _reason(reason)
    return payload


def _reason(reason: Any) -> dict[str, Any]:
    if isinstance(reason, dict):
        code = reason.get("code")
        code = code if isinstance(code, str) and code else "FAILED"
        message = reason.get("message")
        return {**reason, "code": code, "message": message if isinstance(message, str) else explain(code).sentence}
    if isinstance(reason, str) and reason and not is_code(reason):
        return {"code": "FAILED", "message": reason}  # a sentence in the place of a code
    code = reason if isinstance(reason, str) and reason else "FAILED"
    return {"code": code, "message": explain(code).sentence}


Shape = Literal["accepted", "object", "objects", "empty", "token", "boolean"]

UNFIT: Final = object()
"""What `fold` returns for an answer that is none to this call."""


def fold(shape: Shape, needs: tuple[str, ...], answer: Answer) -> Any:
    """Return the documented data of an answer that went well, or UNFIT where it cannot be one."""
    payload = answer.payload
    if shape == "empty":
        if answer.empty:
            return {}
        return payload if isinstance(payload, dict) else UNFIT
    if shape == "objects":
        fits = isinstance(payload, list) and all(isinstance(entry, dict) for entry in payload)
        return payload if fits else UNFIT
    if not isinstance(payload, dict):
        return UNFIT
    for key in needs:
        if not isinstance(payload.get(key), str) or not payload[key]:
            return UNFIT
    if shape == "token":
        return payload if _is_token(payload) else UNFIT
    if shape == "boolean":
        return _with_boolean(payload)
    return with_reasons(payload)


def _is_token(payload: dict[str, Any]) -> bool:
    lifetime = payload.get("expires_in")
    text = payload["access_token"]
    printable_ascii = text.isascii() and text.isprintable() and " " not in text and len(text) <= 16384
    # JSON may hold an integer that is too large for a float.
    if not isinstance(lifetime, int | float) or isinstance(lifetime, bool):
        return False
    return printable_ascii and 0 < lifetime < 1e12


def _with_boolean(payload: dict[str, Any]) -> Any:
    result = payload.get("result")
    if isinstance(result, str):  # "true" was seen where the documents say true
        payload["result"] = result = {"true": True, "false": False}.get(result.lower())
    return payload if isinstance(result, bool) else UNFIT


def echo(expected: dict[str, str], payload: dict[str, Any]) -> Literal["same", "foreign", "bare"]:
    """Tell whether a status answer speaks of the payment that was asked for.

    `same`: all that it repeats of the request is equal, and it repeats something. `foreign`: something differs.
    `bare`: it repeats nothing, which proves nothing.
    """
    seen = False
    for path, wanted in expected.items():
        key, _, inner = path.partition(".")
        got = payload.get(key)
        if inner and isinstance(got, dict):
            got = got.get(inner)
        if got is None:
            continue
        if not isinstance(got, str | int | float) or not _equal(key, wanted, str(got)):
            return "foreign"
        seen = True
    return "same" if seen else "bare"


def _equal(key: str, wanted: str, got: str) -> bool:
    # The service normalises money: "12.50" comes back as "12.5" (measured).
    return (
        got == wanted
        or (key == "amount" and same_amount(wanted, got))
        or (key == "referenceId" and got.lower() == wanted)
    )
