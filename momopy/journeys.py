"""Ways of several calls, as pure as one call's: waiting for an end, reconciling, consent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from momopy.calls import Call
from momopy.errors import Misuse
from momopy.failure import Failure
from momopy.procedure import Procedure, Report, Story, Verdict, Wait, decide, failed
from momopy.reasons import explain
from momopy.result import Refused, Result, Success
from momopy.settings import Settings

T = TypeVar("T")

# Of these failures another status call will not say more.
_FINAL_CODES = frozenset({"AUTH", "FORBIDDEN", "VALIDATION", "TLS", "REDIRECT"})


# The time that a look at the very end of a wait has.
_LAST_LOOK = 1.0


def pause_before(look: int, elapsed: float, settings: Settings) -> float:
    """Seconds between status calls: by default 2, 3, 5, 8, then 10 up to five minutes, then 30."""
    if look < len(settings.first_polls):
        return settings.first_polls[look]
    return settings.poll if elapsed < settings.slow_poll_after else settings.slow_poll


def wait_for(call: Call[T], settings: Settings, timeout: float) -> Procedure[Result[T]]:
    """Ask for a status until it is final or `timeout` seconds have passed."""
    story = Story(call, 0.0)
    settling = _unsettled(call)
    looks = 0
    seen: dict[str, Any] | None = None
    while True:
        result = yield from _decide_at(story, call, settings, timeout)
        looks += 1
        if isinstance(result, Success):
            seen = cast(dict[str, Any], result.data)
            assert seen is not None
            yield Report(seen)
            if seen["status"] == "SUCCESSFUL":
                return result
            ended = _ended(story, seen)
            if ended is not None:
                return ended
        elif _is_final(result, story, settings, settling=settling):
            return result
        pause = min(pause_before(looks - 1, story.at, settings), timeout - story.at)
        if pause <= 0:
            break
        story.at, _ = yield Wait(pause, pause)
    if seen is None and isinstance(result, Refused):
        failure = result.data
        if settling and failure["outcome"] == "not_found":
            unclear = Verdict("unclear", failure["code"], failure["message"], failure["http_status"])
            return story.refuse("error", unclear, retryable=True)
        return result
    pending = Verdict("stop", "PENDING", "The payer has not answered yet: ask for the status later.", 200)
    return story.refuse("pending", pending, retryable=True)


def _decide_at(story: Story, call: Call[T], settings: Settings, end: float | None = None) -> Procedure[Result[T]]:
    """Carry a call out as part of a longer story, and keep the story's time and count."""
    if end is not None:
        call.timeout = min(getattr(settings, call.operation.kind.deadline), max(end - story.at, _LAST_LOOK))
    procedure = decide(call, settings, story.at)
    step = next(procedure)
    while True:
        at, heard = yield step
        story.at = at
        story.attempts += isinstance(step, Call)
        story.sent = True
        try:
            step = procedure.send((at, heard))
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]


def _ended(story: Story, status: dict[str, Any]) -> Refused | None:
    """The failure of what has failed or was cancelled, which nobody can pay any more; None of all else."""
    match status.get("status"):
        case "FAILED":
            return failed(story, status)
        case "CANCELLED" | "CANCELED":
            return failed(story, {"reason": {"code": "TRANSACTION_CANCELED"}})
    return None


def _unsettled(call: Call[Any]) -> bool:
    """Whether a 404 proves nothing yet; the call, which will be made again later, does not repeat itself for it."""
    settling, call.settling = call.settling, False
    return settling


def _is_final(refused: Refused, story: Story, settings: Settings, *, settling: bool) -> bool:
    failure = refused.data
    if failure["outcome"] == "mismatch" or failure["code"] in _FINAL_CODES:
        return True
    # A status may lag behind our own 202 (measured), so a 404 counts only later.
    return failure["outcome"] == "not_found" and not settling and story.at > settings.settle_window


def reconcile(call: Call[T], settings: Settings, age: float) -> Procedure[Result[T]]:
    """Settle by reading alone what became of a payment that was begun `age` seconds ago."""
    story = Story(call, 0.0)
    story.doubted = story.maybe = True
    settling = _unsettled(call)
    result = yield from _decide_at(story, call, settings)
    if isinstance(result, Success):
        status: dict[str, Any] = cast(dict[str, Any], result.data)
        ended = _ended(story, status)
        return result if ended is None else ended
    failure = result.data
    if failure["outcome"] == "not_found" and not settling and age + story.at >= settings.horizon:
        absent = Verdict(
            "absent", failure["code"], "The service does not know it so long after: presumed never made.", 404
        )
        return story.refuse("not_found", absent, retryable=False)
    if failure["outcome"] == "mismatch":
        return result
    verdict = Verdict("unclear", failure["code"], failure["message"], failure["http_status"], failure["retry_after"])
    # The status call is a reading one, whose own loss is a mere error; what it is about may have moved money.
    message = "It is still not known whether the service did it: do not start it anew, call reconcile again."
    return story.refuse("unknown", verdict, retryable=True, message=message)


def consent(
    authorize: Call[Any],
    token: Callable[[str], Call[Any]],
    user_info: Callable[[str], Call[T]],
    settings: Settings,
    timeout: float,
) -> Procedure[Result[T]]:
    """Ask for consent, wait for it at the pace that the service gives, and read what was consented to."""
    story = Story(authorize, 0.0)
    asked = yield from _decide_at(story, authorize, settings, timeout)
    if isinstance(asked, Refused):
        return asked
    interval = _bounded(asked.data.get("interval"), 1.0, 60.0, 5.0)
    end = min(timeout, _bounded(asked.data.get("expires_in"), 1.0, 3600.0, timeout))
    while True:
        answer = yield from _decide_at(story, token(asked.data["auth_req_id"]), settings, end)
        if isinstance(answer, Success):
            break
        code = answer.data["code"]
        if code == "SLOW_DOWN":
            interval = min(60.0, interval + 5.0)
        elif code != "AUTHORIZATION_PENDING" and not _may_go_on(answer.data):
            return answer
        pause = min(max(interval, answer.data["retry_after"] or 0.0), end - story.at)
        if pause <= 0:
            pending = Verdict("stop", code, explain(code).sentence, answer.data["http_status"])
            return story.refuse("pending", pending, retryable=True)
        story.at, _ = yield Wait(pause, pause)
    try:
        read = user_info(f"Bearer {answer.data['access_token']}")
    except Misuse:  # not the caller's: the service's token is none
        unfit = Verdict("stop", "BAD_RESPONSE", explain("BAD_RESPONSE").sentence, 200)
        return story.refuse("error", unfit, retryable=True)
    return (yield from _decide_at(story, read, settings, end))


def _may_go_on(poll: Failure) -> bool:
    """Whether to ask for the token again; if its answer was lost, INVALID_GRANT will say that it is used up."""
    return poll["retryable"] or poll["outcome"] == "unknown"


def _bounded(value: Any, least: float, most: float, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return default
    return min(max(float(value), least), most)
