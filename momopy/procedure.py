"""Decides everything: a pure generator that says what to do next and is told what came of it.

It yields a `Call` (send it), `Wait`, `RENEW` (the token was refused: get another) or `Report`, and is sent
`(seconds since the start, what was heard)`. It has no clock, no I/O and no colour, so that every sequence of
faults can be tried on it (`tests/model`). The rules are those of docs/reliability.md.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final, Literal, NamedTuple, TypeAlias, TypeVar

from momopy import wire
from momopy.calls import Call
from momopy.failure import Failure, Outcome
from momopy.reasons import REASONS, explain, is_business, is_permanent
from momopy.result import Refused, Result, Success
from momopy.settings import Settings
from momopy.wire import Answer

T = TypeVar("T")


class Fault(NamedTuple):
    """No answer, or none that can be used."""

    kind: Literal["unsent", "late", "tls", "unsendable", "lost", "deadline"]
    """All but `lost` and `deadline` prove that nothing was sent; `late`, that the call's time was over before."""
    name: str = ""
    """The exception's class; its text may hold a secret."""


class Wait(NamedTuple):
    """Sleep between `least` and `most` seconds; a repeat that costs more than the quota holds is not granted."""

    least: float
    most: float
    cost: int = 0


class Report(NamedTuple):
    """Tell the caller how far the payment is."""

    data: dict[str, Any]


class Renew:
    """The token that was used last is no longer taken."""


RENEW: Final = Renew()

Step: TypeAlias = Call[Any] | Wait | Report | Renew
Heard: TypeAlias = Answer | Fault | Refused | bool | None
Procedure: TypeAlias = Generator[Step, tuple[float, Heard], T]

Class: TypeAlias = Literal[
    "unsent",
    "stop",  # another refusal, which proves that this attempt made nothing
    "denied",  # 401: another token may help
    "limited",  # 429
    "permanent",  # a code about the request itself
    "business",  # a code about an account, or a bare 400
    "absent",  # 404 with the platform's own code
    "duplicate",  # 409
    "unclear",  # silence, a broken answer, a 5xx that says nothing
]


class Verdict(NamedTuple):
    """What one attempt came to."""

    kind: Class
    code: str
    message: str
    status: int | None = None
    retry_after: float | None = None
    slow: bool = False


def judge(heard: Answer | Fault, settling: bool = False) -> Verdict:
    """Put whatever came of an attempt, success apart, into one class."""
    if isinstance(heard, Fault):
        return _FAULTS[heard.kind]
    status, code = heard.status, heard.code
    known = code is not None
    if code is not None and is_permanent(code) and status in (400, 500):
        return _verdict("permanent", code, heard)
    if code is not None and is_business(code) and status >= 400:
        return _verdict("business", code, heard)
    if status >= 500 or status in (408, 425) or status < 300:
        if status < 300:
            code = "BAD_RESPONSE"
        return _verdict("unclear", code or "SERVER", heard)
    if status == 400:
        return _verdict("business", code or "BAD_REQUEST", heard)
    if status == 401:
        # No token opens the gateway where the subscription key is wrong.
        key = "subscription key" in (heard.message or "")
        return _verdict("stop" if key else "denied", "AUTH", heard)
    if status == 409:
        return _verdict("duplicate", code or "RESOURCE_ALREADY_EXIST", heard)
    if status == 429:
        return _verdict("limited", "RATE_LIMITED", heard)
    if status == 404:
        if known and settling:
            return _verdict("unclear", code or "NOT_FOUND", heard)
        return _verdict("absent" if known else "stop", code or "NOT_FOUND", heard)
    if status < 400:
        return _verdict("stop", "REDIRECT", heard)
    return _verdict("stop", code or ("FORBIDDEN" if status == 403 else f"HTTP_{status}"), heard)


def _verdict(kind: Class, code: str, heard: Answer) -> Verdict:
    reason = explain(code)
    # momopy's sentence is the better one wherever it has one for the code.
    message = reason.sentence if code in REASONS or heard.message is None else heard.message
    return Verdict(kind, code, message, heard.status, heard.retry_after)


_FAULTS: Final[dict[str, Verdict]] = {
    "unsent": Verdict("unsent", "CONNECTION", explain("CONNECTION").sentence),
    "late": Verdict("unsent", "DEADLINE", explain("DEADLINE").sentence),
    "tls": Verdict("stop", "TLS", explain("TLS").sentence),
    "unsendable": Verdict("stop", "VALIDATION", "The request cannot be written as HTTP."),
    "lost": Verdict(
        "unclear", "CONNECTION", "The connection broke or went silent before the answer was there.", slow=True
    ),
    "deadline": Verdict("unclear", "DEADLINE", explain("DEADLINE").sentence, slow=True),
}


class Story:
    """What is known of one call so far, and how it is told at its end."""

    __slots__ = ("at", "attempts", "call", "doubted", "maybe", "sent")

    def __init__(self, call: Call[Any], start: float) -> None:
        self.call = call
        self.at = start
        self.attempts = 0
        self.doubted = False
        """An attempt of this call may have been carried out."""
        self.sent = False
        self.maybe = False

    @property
    def tainted(self) -> bool:
        """Whether what is asked for may exist already, by this call or by another one under the same id."""
        return self.doubted or self.call.tainted

    def hear(self, at: float, heard: Heard) -> None:
        """Note when something was heard, and what it says about how far a request came."""
        self.at = at
        if isinstance(heard, Answer):
            self.sent = True
        elif isinstance(heard, Fault) and heard.kind in ("lost", "deadline"):
            self.maybe = True

    def refuse(self, outcome: Outcome, verdict: Verdict, *, retryable: bool, message: str | None = None) -> Refused:
        """Tell it as a failure."""
        failure: Failure = {
            "outcome": outcome,
            "code": verdict.code,
            "message": message or verdict.message,
            "http_status": verdict.status,
            "reference_id": self.call.reference_id,
            "sent": "maybe" if self.maybe or (self.call.tainted and not self.sent) else self.sent,
            "retryable": retryable,
            "retry_after": verdict.retry_after,
            "field": None,
            "attempts": self.attempts,
            "elapsed": round(self.at, 6),
        }
        return Refused(failure)

    def refused(self, verdict: Verdict, *, retryable: bool = False) -> Refused:
        """The call is known to have made nothing."""
        outcome: Outcome = self.call.operation.kind.refused
        if verdict.kind == "absent" and not self.call.operation.kind.keyed:
            outcome = "not_found"
        if verdict.kind == "duplicate" and outcome == "not_created":
            outcome = "conflict"
        return self.refuse(outcome, verdict, retryable=retryable)

    def lost(self, verdict: Verdict) -> Refused:
        """Nobody knows what the call made."""
        kind = self.call.operation.kind
        if kind.lost != "unknown":
            return self.refuse(kind.lost, verdict, retryable=True)
        message = "It is not known whether the service did it: do not start it anew" + self._way_out() + "."
        return self.refuse("unknown", verdict, retryable=kind.keyed, message=message)

    def _way_out(self) -> str:
        if self.call.made_by == "request_to_pay":
            return ", call reconcile with this reference id"
        if self.call.made_by is not None:
            return f', call reconcile with this reference id and operation="{self.call.made_by}"'
        return ", make the same call with the same id again" if self.call.operation.kind.keyed else ""

    def give_up(self, verdict: Verdict, *, retryable: bool = False) -> Refused:
        """Stop: what is known depends on the attempts before this one."""
        return self.lost(verdict) if self.tainted else self.refused(verdict, retryable=retryable)


def decide(  # noqa: C901 - one table, read from top to bottom
    call: Call[T], settings: Settings, start: float = 0.0
) -> Procedure[Result[T]]:
    """Carry one call to its end; the only place that knows when it is sent again."""
    operation = call.operation
    kind = operation.kind
    story = Story(call, start)
    limit: int = getattr(settings, kind.attempts)
    deadline: float = start + (call.timeout or getattr(settings, kind.deadline))
    renewable = call.managed
    call.until = deadline
    while True:
        at, heard = yield call
        story.attempts += 1
        story.hear(at, heard)
        if isinstance(heard, Refused):
            return _without_token(story, heard)
        assert isinstance(heard, Answer | Fault)
        if isinstance(heard, Answer) and heard.status in operation.success:
            data = _content(story, heard)
            if data is not wire.UNFIT:
                return data if isinstance(data, Refused) else Success(data)
        verdict = judge(heard, call.settling)
        match verdict.kind:
            case "denied" if renewable:
                renewable = False
                story.attempts -= 1
                yield RENEW
                continue
            case "limited":
                least = verdict.retry_after if verdict.retry_after is not None else 1.0
                most = least + 0.5 if verdict.retry_after is not None else 2.0**story.attempts
                wait = Wait(least, max(least, most), settings.retry_cost)
                if least > settings.retry_after_limit or story.attempts >= limit:
                    return story.give_up(verdict, retryable=True)
            case "unsent":
                wait = _backoff(story.attempts, settings)
                if story.attempts >= limit:
                    return story.give_up(verdict, retryable=True)
            case "unclear" if kind.ambiguous == "stop":
                return story.lost(verdict)
            case "unclear" if kind.ambiguous == "repeat":
                story.doubted = True
                if isinstance(heard, Answer) and heard.oversize:
                    return story.lost(verdict)
                wait = _backoff(story.attempts, settings, verdict)
                if story.attempts >= limit:
                    return story.lost(verdict)
            case "unclear":
                story.doubted = True
                ended = yield from _settle(story, verdict, settings, deadline, looks=1)
                if ended is not None:
                    return ended
                if story.attempts >= limit:
                    return story.lost(verdict)
                continue
            case "duplicate" | "absent" if call.look is not None and (verdict.kind == "duplicate" or not kind.keyed):
                # Of a request that the gateway repeated, this is what the second copy was told.
                ended = yield from _settle(story, verdict, settings, deadline, looks=_LOOKS)
                return story.lost(verdict) if ended is None else ended
            case "permanent" if not call.tainted:
                # It was the answer to each copy of this call; of another call's it says nothing.
                return story.refused(verdict)
            case "permanent" | "business" | "absent" | "duplicate" if story.tainted and kind.ambiguous == "look":
                ended = yield from _settle(story, verdict, settings, deadline, looks=_LOOKS)
                return story.lost(verdict) if ended is None else ended
            case _:
                return story.give_up(verdict)
        granted = yield from _wait(story, wait, deadline)
        if not granted:
            return story.give_up(verdict, retryable=True)


# A status call that was lost is asked again this often; the deadline usually ends it before.
_LOOKS = 6


def _settle(
    story: Story, verdict: Verdict, settings: Settings, deadline: float, *, looks: int
) -> Procedure[Result[Any] | None]:
    """Find out by reading what became of an attempt; None when reading does not tell."""
    call = story.call
    renewable = call.managed
    foreign: list[Any] | None = None
    # After a 409 the id exists already: nothing has to land first.
    landed = verdict.kind == "duplicate" or not story.tainted
    pause = 0.0 if landed else settings.ambiguous_wait * 2.0 ** (story.attempts - 1)
    pause = max(pause, min(verdict.retry_after or 0.0, settings.retry_after_limit))
    for _ in range(looks):
        if pause:
            cost = settings.timeout_cost if verdict.slow else settings.retry_cost
            granted = yield from _wait(story, Wait(pause, 2 * pause, cost), deadline)
            if not granted:
                return story.lost(verdict)
        if call.look is None:
            return None
        look = call.look()
        look.until = deadline
        at, heard = yield look
        if isinstance(heard, Answer) and heard.status == 401 and renewable:
            renewable = False
            yield RENEW
            at, heard = yield look
        story.at = at
        pause = max(pause, settings.ambiguous_wait)
        if not isinstance(heard, Answer):
            continue
        if heard.status == 404 and heard.code is not None and not (story.tainted or call.operation.kind.keyed):
            return story.refused(verdict)  # there is nothing that could have been cancelled
        ended = _found(story, look, heard, verdict) if heard.status == 200 else None
        if ended is None:
            continue
        if ended.ok or ended.data["outcome"] != "conflict":
            return ended
        # One foreign answer may be a stray of another call; the same one twice, after a 409, is the id's own.
        said = [heard.payload.get(path.partition(".")[0]) for path in call.expected]
        if verdict.kind == "duplicate" and said == foreign:
            return ended
        pause = 0.0 if foreign is None else pause
        foreign = said
    return None


def _found(story: Story, look: Call[Any], answer: Answer, verdict: Verdict) -> Result[Any] | None:
    """What a status answer says about the call that it was asked for; None where it proves nothing."""
    operation = story.call.operation
    data = wire.fold(look.operation.shape, look.operation.needs, answer)
    if data is wire.UNFIT:
        return None
    if operation.settled is not None:
        return _cancelled(story, data) if wire.echo(story.call.expected, data) == "same" else None
    match wire.echo(story.call.expected, data):
        case "bare":
            return None
        case "foreign":
            taken = Verdict(
                "duplicate", "RESOURCE_ALREADY_EXIST", explain("RESOURCE_ALREADY_EXIST").sentence, verdict.status
            )
            return story.refuse("conflict", taken, retryable=False)
    status = data.get("status")
    if status == "FAILED":
        return failed(story, data)
    if operation.shape != "accepted":
        return Success(story.call.replay)
    return Success({"reference_id": story.call.reference_id, "status": status, "replayed": True})


def _cancelled(story: Story, data: dict[str, Any]) -> Result[Any] | None:
    """What the status of a thing says about its cancellation; None while it may still go either way."""
    status = str(data.get("status", "")).upper()
    reason = data.get("errorReason") or data.get("reason") or {}
    # The published statuses have no word for it: a cancelled invoice is one that failed for this reason.
    if status in (story.call.operation.settled or ()) or reason.get("code") == "TRANSACTION_CANCELED":
        return Success(story.call.replay)
    if status not in ("SUCCESSFUL", "FAILED"):
        return None
    ended = Verdict("stop", reason.get("code") or "RESOURCE_NOT_FOUND", "It has ended and cannot be cancelled.", 200)
    return story.refuse("not_created", ended, retryable=False)


def failed(story: Story, data: dict[str, Any]) -> Refused:
    """The service's final word on a payment: its reason is the code."""
    reason = data.get("reason") or data.get("errorReason") or {}
    code = reason["code"] if wire.is_code(reason.get("code")) else "FAILED"
    message = explain(code).sentence
    if code not in REASONS or code == "FAILED":
        # MTN's own sentence is the better one where momopy has none for the code.
        message = wire.printable(str(reason.get("message") or "")) or message
    return story.refuse("failed", Verdict("stop", code, message, 200), retryable=False)


def _content(story: Story, answer: Answer) -> Any:
    """The data of an answer with the right status, a mismatch, or UNFIT."""
    call = story.call
    operation = call.operation
    if operation.shape == "accepted":
        # The status line decides: what a cut or odd body behind it says changes nothing.
        return {"reference_id": call.reference_id, "status": "PENDING"}
    if not answer.complete:
        return call.replay if operation.shape == "empty" and operation.kind.ambiguous == "look" else wire.UNFIT
    data = wire.fold(operation.shape, operation.needs, answer)
    if data is wire.UNFIT or not call.expected or operation.kind.ambiguous != "repeat":
        return data
    match wire.echo(call.expected, data):
        case "same":
            return data
        case "bare":
            return wire.UNFIT
    foreign = Verdict("stop", "BAD_RESPONSE", "The answer speaks of another payment.", answer.status)
    return story.refuse("mismatch", foreign, retryable=True)


def _without_token(story: Story, token: Refused) -> Refused:
    """Nothing was sent this time, for want of a token."""
    failure = token.data
    story.attempts -= 1
    verdict = Verdict("stop", failure["code"], failure["message"], failure["http_status"], failure["retry_after"])
    return story.give_up(verdict, retryable=failure["retryable"])


def _backoff(attempts: int, settings: Settings, verdict: Verdict | None = None) -> Wait:
    most = min(settings.backoff_limit, settings.backoff * 2.0 ** (attempts - 1))
    least = 0.0
    cost = settings.retry_cost
    if verdict is not None:
        least = min(verdict.retry_after or 0.0, settings.retry_after_limit)
        cost = settings.timeout_cost if verdict.slow else cost
    return Wait(least, max(least, most), cost)


def _wait(story: Story, wait: Wait, deadline: float) -> Procedure[bool]:
    """Sleep, unless the deadline comes before the end of it or the quota is used up."""
    if story.at + wait.least >= deadline:
        return False
    at, granted = yield wait._replace(most=min(wait.most, deadline - story.at))
    story.at = at
    return granted is not False
