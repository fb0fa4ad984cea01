"""Each target takes bytes and may only return; whatever else it raises is a finding."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from momopy import urls, values, wire
from momopy.errors import Misuse
from momopy.procedure import judge
from momopy.tokens import Instant, Token
from momopy.values import ValueRefused

_EXPECTED: Final = {"externalId": "order-7", "amount": "12.50", "payer.partyId": "46733123453"}


def status_answer(data: bytes) -> None:
    """A status answer: bytes to JSON, to the documented shape, held against what was asked for."""
    answer = wire.read(200, [(b"Content-Type", b"application/json")], data)
    folded = wire.fold("object", ("status",), answer)
    if folded is not wire.UNFIT:
        assert isinstance(folded["status"], str)
        assert wire.echo(_EXPECTED, folded) in ("same", "foreign", "bare")
    for shape in ("objects", "empty", "boolean"):
        wire.fold(shape, (), wire.read(200, [], data))  # type: ignore[arg-type]


def error_answer(data: bytes) -> None:
    """A refusal, of any status."""
    status = 300 + int.from_bytes(data[:2], "big") % 300
    answer = wire.read(status, [], data[2:])
    verdict = judge(answer)
    assert verdict.code
    assert len(verdict.message) <= 400
    assert answer.message is None or answer.message.isprintable()


def retry_after(data: bytes) -> None:
    """The headers that ask for a wait."""
    asked, _, dated = data.partition(b"\n")
    seconds = wire.read(429, [(b"Retry-After", asked), (b"Date", dated)], b"").retry_after
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)


def packed_answer(data: bytes) -> None:
    """A compressed body, which nobody asked for."""
    answer = wire.read(200, [(b"Content-Encoding", b"gzip")], data, limit=1 << 16)
    assert answer.complete or answer.payload is None


def token_answer(data: bytes) -> None:
    """The answer with a token."""
    token = wire.fold("token", ("access_token", "token_type"), wire.read(200, [], data))
    if token is not wire.UNFIT:
        made = Token(token["access_token"], Instant(0.0, 0.0), float(token["expires_in"]))
        assert 60 <= made.ttl <= 3600
        values.bearer_token("Bearer " + token["access_token"])


def stored_token(data: bytes) -> None:
    """What a token store gave back."""
    token = Token.load(data.decode("utf-8", "surrogateescape"), Instant(0.0, 1e9))
    if token is not None:
        token.left(Instant(1.0, 1e9 + 1))


def addresses(data: bytes) -> None:
    """URLs and hosts that a caller gives."""
    text = data.decode("utf-8", "surrogateescape")
    checks: tuple[Callable[[], str], ...] = (
        lambda: urls.base_url(text),
        lambda: urls.base_url(text, allow_custom_host=True),
        lambda: urls.callback_url(text, local=False),
        lambda: urls.callback_url(text, local=True),
        lambda: urls.callback_host(text),
    )
    _only_misuse(checks)


def header_and_path_values(data: bytes) -> None:
    """What goes into a header or into a path."""
    text = data.decode("utf-8", "surrogateescape")
    checks: tuple[Callable[[], str], ...] = (
        lambda: values.bearer_token(text),
        lambda: values.basic_token(text),
        lambda: values.subscription_key(text),
        lambda: values.target(text),
        lambda: values.reference_id(text),
    )
    _only_misuse(checks)
    for check in (values.msisdn, values.email, values.path_segment, values.currency, values.language):
        try:
            check(text, "field")
        except ValueRefused:
            continue


def _only_misuse(checks: tuple[Callable[[], str], ...]) -> None:
    for check in checks:
        try:
            passed = check()
        except Misuse:
            continue
        assert passed.isascii()
        assert passed.isprintable()


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    target.__name__: target
    for target in (
        status_answer,
        error_answer,
        retry_after,
        packed_answer,
        token_answer,
        stored_token,
        addresses,
        header_and_path_values,
    )
}
