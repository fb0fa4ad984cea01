"""What holds for any input of the pure parts. MOMOPY_EXAMPLES=20000 looks longer, and each time elsewhere."""

from __future__ import annotations

import json
import math
import os
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from momopy import journeys, values, wire
from momopy.errors import Misuse
from momopy.limits import Quota, StatusLimiter
from momopy.procedure import Fault, Verdict, Wait, decide, judge
from momopy.profile import Profile
from momopy.reasons import is_business, is_permanent
from momopy.result import Refused, Success
from momopy.secret import Secret
from momopy.settings import DEFAULT
from momopy.tokens import Instant, Token
from momopy.values import ValueRefused
from momopy.wire import Answer

from .subjects import ANSWERS, KINDS, NO_TOKEN, Kind, subject

_LONG: Final = "MOMOPY_EXAMPLES" in os.environ
PROPERTY: Final = settings(
    max_examples=int(os.environ.get("MOMOPY_EXAMPLES", "40")),
    deadline=None,
    derandomize=not _LONG,
    database=None,
    suppress_health_check=list(HealthCheck),
)

ANY_TEXT: Final = st.text(st.characters(exclude_categories=()), max_size=200)
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
STATUS: Final = st.integers(100, 999)
CODES: Final = st.sampled_from(
    "NOT_ENOUGH_FUNDS INVALID_CURRENCY RESOURCE_NOT_FOUND PAYER_LIMIT_REACHED SERVICE_UNAVAILABLE NEW_CODE".split()
)
ERRORS: Final = st.fixed_dictionaries(
    {}, optional={"code": CODES | JSON, "message": st.text() | JSON, "error": st.text()}
)
BODIES: Final = st.binary(max_size=300) | (JSON | ERRORS).map(lambda value: json.dumps(value).encode())
HEADERS: Final = st.lists(
    st.tuples(
        st.sampled_from([b"Retry-After", b"retry-after", b"Date", b"Content-Encoding", b"Content-Type"]),
        st.binary(max_size=40) | st.sampled_from([b"gzip", b"deflate", b"identity", b"1", b"nan", b"-1", b"1e9"]),
    ),
    max_size=4,
)
ANSWER: Final = st.builds(
    wire.read, STATUS, HEADERS, BODIES, complete=st.booleans(), limit=st.sampled_from([16, 1 << 20])
)
FAULT: Final = st.sampled_from(["unsent", "tls", "unsendable", "lost", "deadline"]).map(lambda kind: Fault(kind, "Any"))
HEARD: Final = st.one_of(ANSWER, FAULT, st.sampled_from(sorted(ANSWERS)).map(ANSWERS.__getitem__), st.just(NO_TOKEN))


@PROPERTY
@given(STATUS, HEADERS, st.binary(max_size=400), st.booleans())
def test_reading_never_raises(status: int, headers: list[tuple[bytes, bytes]], body: bytes, complete: bool) -> None:
    answer = wire.read(status, headers, body, complete=complete)
    assert answer.status == status
    assert answer.size == len(body)
    assert answer.code is None or answer.code.isascii()


@PROPERTY
@given(STATUS, st.binary(max_size=64), st.integers(0, 63))
def test_a_body_beyond_the_limit_is_not_looked_into(status: int, body: bytes, limit: int) -> None:
    answer = wire.read(status, [], body, limit=limit)
    assert answer.oversize == (len(body) > limit)
    assert not answer.oversize or (answer.payload is None and not answer.complete)


@PROPERTY
@given(JSON)
def test_json_that_is_fit_comes_through_as_it_was(value: Any) -> None:
    try:
        text = json.dumps(value, allow_nan=False).encode()
    except ValueError:
        return
    parsed = wire.parse_json(text)
    assert parsed == value or parsed is None


@PROPERTY
@given(st.integers(0, 300), st.booleans())
def test_json_nests_only_so_deep(depth: int, objects: bool) -> None:
    opening, closing = ('{"a":', "}") if objects else ("[", "]")
    parsed = wire.parse_json((opening * depth + "1" + closing * depth).encode())
    assert (parsed is None) == (depth > 32)


@PROPERTY
@given(st.sampled_from(["NaN", "Infinity", "-Infinity", '"\\ud800"', '{"\\udfff":1}']), st.integers(0, 3))
def test_what_json_does_not_know_is_no_json(odd: str, depth: int) -> None:
    assert wire.parse_json(("[" * depth + odd + "]" * depth).encode()) is None


@PROPERTY
@given(st.binary(max_size=2000), st.integers(1, 64))
def test_a_packed_body_is_unpacked_up_to_the_limit(body: bytes, factor: int) -> None:
    packed = zlib.compress(body * factor)
    answer = wire.read(200, [(b"Content-Encoding", b"deflate")], packed, limit=4096)
    assert answer.complete == (len(body) * factor <= 4096 and len(packed) <= 4096)


@PROPERTY
@given(st.binary(max_size=60) | st.text("0123456789.-+e nax", max_size=12).map(str.encode), st.none() | st.text())
def test_a_wait_that_is_asked_for_is_a_number_of_seconds_or_none(value: bytes, message: str | None) -> None:
    body = json.dumps({"message": message}).encode()
    seconds = wire.read(429, [(b"Retry-After", value)], body).retry_after
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)


@PROPERTY
@given(st.integers(0, 10**6), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_wait_may_be_a_date(seconds: int, now: datetime) -> None:
    now = now.replace(microsecond=0, tzinfo=UTC)
    then = format_datetime(now + timedelta(seconds=seconds), usegmt=True).encode()
    dated = [(b"Date", format_datetime(now, usegmt=True).encode()), (b"Retry-After", then)]
    assert wire.read(503, dated, b"").retry_after == seconds
    assert wire.read(503, [(b"Retry-After", b"%d" % seconds)], b"").retry_after == seconds


@PROPERTY
@given(ANY_TEXT, st.from_regex(r"[0-9]{9,15}", fullmatch=True), ANY_TEXT)
def test_no_number_or_token_gets_into_a_message(before: str, number: str, after: str) -> None:
    for secret in (number, "eyJ" + number + "abcdefghijklmnopq"):
        shown = wire.printable(f"{before[:60]} {secret} {after}")
        assert shown is None or secret not in shown
        assert shown is None or (len(shown) <= 200 and shown.isprintable())


@PROPERTY
@given(ERRORS | JSON, STATUS.filter(lambda status: status >= 300))
def test_the_code_of_an_error_is_a_word(payload: Any, status: int) -> None:
    answer = wire.read(status, [], json.dumps(payload).encode())
    assert answer.code is None or (answer.code.replace("_", "A").isalnum() and len(answer.code) <= 64)


@PROPERTY
@given(ANSWER | FAULT, st.booleans())
def test_every_answer_has_a_class(heard: Answer | Fault, settling: bool) -> None:
    verdict = judge(heard, settling)
    assert isinstance(verdict, Verdict)
    assert verdict.code
    assert verdict.message
    if isinstance(heard, Fault):
        assert verdict.kind in ("unsent", "stop", "unclear")
    elif heard.status >= 500:
        assert verdict.kind in ("unclear", "business", "permanent")


@PROPERTY
@given(STATUS, CODES)
def test_only_a_code_that_says_so_is_final(status: int, code: str) -> None:
    verdict = judge(wire.read(status, [], json.dumps({"code": code}).encode()))
    if verdict.kind == "permanent":
        assert is_permanent(code)
        assert status in (400, 500)
    if verdict.kind == "business":
        assert is_business(code) or status == 400


@PROPERTY
@given(st.dictionaries(st.sampled_from(["reason", "errorReason", "status"]), JSON))
def test_reasons_are_given_their_shape_once(payload: dict[str, Any]) -> None:
    once = wire.with_reasons(dict(payload))
    assert repr(wire.with_reasons({**once})) == repr(once)
    for key in ("reason", "errorReason"):
        if key in once:
            assert isinstance(once[key]["code"], str)
            assert isinstance(once[key]["message"], str)


SHAPES: Final = st.sampled_from(["object", "objects", "empty", "token", "boolean"])


@PROPERTY
@given(SHAPES, JSON, st.booleans())
def test_folding_gives_what_the_shape_says_or_nothing(shape: Any, payload: Any, empty: bool) -> None:
    needs = ("access_token",) if shape == "token" else ()
    data = wire.fold(shape, needs, Answer(200, payload=payload, empty=empty))
    if data is wire.UNFIT:
        return
    assert isinstance(data, list if shape == "objects" else dict)
    assert shape != "boolean" or isinstance(data["result"], bool)


@PROPERTY
@given(st.dictionaries(st.text(max_size=6), st.text(max_size=6)), st.text(max_size=6))
def test_a_needed_key_is_there(payload: dict[str, str], key: str) -> None:
    data = wire.fold("object", (key,), Answer(200, payload=payload))
    assert (data is wire.UNFIT) == (not payload.get(key))


NAMES: Final = st.sampled_from(["externalId", "currency", "referenceId"])


@PROPERTY
@given(st.dictionaries(NAMES, st.text("ab1", min_size=1, max_size=4), min_size=1), JSON)
def test_an_echo_is_same_foreign_or_bare(expected: dict[str, str], odd: Any) -> None:
    assert wire.echo(expected, dict(expected)) == "same"
    assert wire.echo(expected, {}) == "bare"
    for key, value in expected.items():
        assert wire.echo(expected, {**expected, key: value + "x"}) == "foreign"
        assert wire.echo(expected, {**expected, key: odd}) in ("same", "foreign", "bare")


MONEY: Final = st.decimals(Decimal("0.01"), Decimal(10**9), places=2)


@PROPERTY
@given(MONEY, st.integers(0, 3))
def test_an_amount_is_the_same_however_it_is_written(amount: Decimal, zeros: int) -> None:
    sent = f"{amount:f}"
    assert wire.echo({"amount": sent}, {"amount": f"{amount.normalize():f}"}) == "same"
    assert wire.echo({"amount": sent}, {"amount": sent + "0" * zeros}) == "same"
    assert wire.echo({"amount": sent}, {"amount": f"{amount + Decimal('0.01'):f}"}) == "foreign"


@PROPERTY
@given(st.sampled_from(KINDS), st.lists(HEARD, min_size=60, max_size=60), st.booleans(), st.booleans())
def test_a_call_ends_within_its_limits(kind: Kind, script: list[Any], tainted: bool, granted: bool) -> None:
    call = subject(kind)
    call.tainted = tainted and kind in ("create", "cancel")
    deadline: float = getattr(DEFAULT, call.operation.kind.deadline)
    end, steps, at = run_through(call, script, granted)
    assert steps <= 60
    assert at <= deadline
    assert isinstance(end, Success | Refused)
    if not end.ok:
        assert end.data["attempts"] <= getattr(DEFAULT, call.operation.kind.attempts)
        assert end.data["outcome"] != "pending"
        assert end.data["sent"] is not False or not call.tainted


def run_through(call: Any, script: list[Any], granted: bool) -> tuple[Any, int, float]:
    procedure = decide(call, DEFAULT)
    answers = iter(script)
    at, steps = 0.0, 0
    step: Any = next(procedure)
    ids = {call.reference_id}
    try:
        while True:
            steps += 1
            heard: Any = None
            if isinstance(step, Wait):
                assert 0 <= step.least <= step.most
                at, heard = (at + step.most, True) if granted or not step.cost else (at, False)
            elif hasattr(step, "operation"):
                assert {step.reference_id} == ids
                heard, at = next(answers), min(at + 0.01, step.until)
            step = procedure.send((at, heard))
    except StopIteration as stop:
        return stop.value, steps, at


@PROPERTY
@given(ANY_TEXT, st.floats(0, 4000), st.floats(-7200, 7200), st.floats(1, 10**5))
def test_a_token_is_never_used_beyond_its_time(text: str, passed: float, jump: float, ttl: float) -> None:
    token = Token(text, Instant(100.0, 1e9), ttl)
    now = Instant(100.0 + passed, 1e9 + passed + jump)
    left = token.left(now)
    assert left <= 3600
    assert left <= token.ttl - passed or left == 0.0
    if token.is_usable(now, DEFAULT):
        assert left > 0
    assert token.is_usable(now, DEFAULT) or token.is_due(now, DEFAULT)


@PROPERTY
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1), st.floats(60, 3600), st.floats(0, 3000))
def test_a_stored_token_is_the_same_token(text: str, ttl: float, later: float) -> None:
    token = Token(text, Instant(5.0, 1e9), ttl)
    now = Instant(77.0, 1e9 + later)
    loaded = Token.load(token.dump(), now)
    assert loaded is not None
    assert loaded.header == token.header
    assert abs(loaded.left(now) - (ttl - later)) < 1e-3
    assert text not in repr(loaded) or len(text) < 12


@PROPERTY
@given(ANY_TEXT | JSON.map(lambda value: json.dumps(value)))
def test_a_store_that_holds_something_else_holds_no_token(text: str) -> None:
    assert Token.load(text, Instant(0.0, 1e9)) is None or "Bearer " in text


@PROPERTY
@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=60), st.integers(1, 20))
def test_status_calls_begin_at_the_pace_allowed(gaps: list[float], rate: int) -> None:
    limiter, now, begun = StatusLimiter(float(rate)), 50.0, []
    for gap in gaps:
        now += gap
        wait = limiter.reserve(now)
        assert wait is not None
        assert wait >= 0
        begun.append(now + wait)
    for first, last in zip(begun, begun[rate:], strict=False):
        assert last - first >= 1.0 - 1e-6


@PROPERTY
@given(st.lists(st.sampled_from([0, 5, 10]), max_size=400))
def test_the_quota_is_never_overdrawn(draws: list[int]) -> None:
    quota, left = Quota(DEFAULT), DEFAULT.retry_quota
    for cost in draws:
        if cost == 0:
            quota.heard(Answer(200))
            left = min(DEFAULT.retry_quota, left + 1)
            continue
        granted = quota.draw(cost)
        assert granted == (left >= cost)
        left -= cost if granted else 0


@PROPERTY
@given(st.integers(0, 200), st.floats(0, 10**5))
def test_status_is_asked_for_less_and_less_often(looks: int, elapsed: float) -> None:
    pause = journeys.pause_before(looks, elapsed, DEFAULT)
    assert 2.0 <= pause <= 30.0
    assert journeys.pause_before(looks + 1, elapsed + pause, DEFAULT) >= pause


@PROPERTY
@given(ANY_TEXT.filter(lambda text: len(text) > 3))
def test_a_secret_shows_itself_to_nobody(text: str) -> None:
    secret = Secret(text)
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret:>40}"):
        assert text not in shown or set(text) <= {"*", " "}
    assert secret == Secret(text)


CHECKS: Final[dict[str, Callable[[str], object]]] = {
    "msisdn": lambda text: values.msisdn(text, "field"),
    "path segment": lambda text: values.path_segment(text, "field"),
    "target": values.target,
    "bearer token": values.bearer_token,
}


@PROPERTY
@given(ANY_TEXT, st.sampled_from(sorted(CHECKS)))
def test_what_goes_into_a_header_or_a_path_is_one_line_of_ascii(text: str, check: str) -> None:
    try:
        passed = CHECKS[check](text)
    except (Misuse, ValueRefused):
        return
    assert isinstance(passed, str)
    # A path segment is quoted before it goes out; the others go as they are.
    assert check == "path segment" or (passed.isascii() and passed.isprintable())
    assert check == "bearer token" or not set(passed) & set("/\\?#")


@PROPERTY
@given(JSON, STATUS)
def test_a_failure_that_is_shown_shows_nothing_of_a_payer(payload: Any, status: int) -> None:
    number = "46733123453"
    told = {"code": number, "message": f"payer {number} is not known", "payer": {"partyId": number}, "x": payload}
    heard = wire.read(status, [], json.dumps(told).encode())
    end, _, _ = run_through(subject("create"), [heard] * 60, True)
    assert number not in repr(end)
    assert end.ok or number not in json.dumps(end.data)


@PROPERTY
@given(st.floats(allow_nan=True) | st.booleans() | st.text())
def test_a_clients_patience_is_a_number_of_seconds(timeout: Any) -> None:
    try:
        profile = Profile("0123456789abcdef", timeout=timeout)
    except Misuse:
        return
    assert 0 < profile.settings.write_deadline < math.inf
