"""What an observer is told of: an allow-list of fields, none of which is a secret, a number or a name."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from momopy.calls import Call, Operation
from momopy.procedure import Fault, Heard
from momopy.result import Result
from momopy.stores import StoreError
from momopy.wire import Answer

logger = logging.getLogger("momopy")
# Without a handler of the program's, logging itself would print warnings to the terminal.
logger.addHandler(logging.NullHandler())

# Where the drivers hand a request to a transport, whosever it is.
_ON_THE_WIRE: Final = frozenset({("momopy.awaited.driver", "_exchange"), ("momopy.blocking.driver", "_exchange")})


def _shorten(record: logging.LogRecord) -> bool:
    """Leave the name of the event of what httpcore (1.0) logs at DEBUG about a call of momopy's.

    The rest is what the service said, headers and all, or the text of an error about it: a redirect repeats the
    number in the path, an error page what it likes. What others do with httpcore is logged as ever. Looking at the
    stack costs nothing where nothing is logged.
    """
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if (frame.f_globals.get("__name__"), frame.f_code.co_name) in _ON_THE_WIRE:
            record.msg, record.args = record.getMessage().partition(" ")[0], ()
            break
        frame = frame.f_back
    return True


# A filter of a logger does not see what is logged on those below it.
for _part in ("connection", "http11", "http2", "proxy", "socks"):
    logging.getLogger(f"httpcore.{_part}").addFilter(_shorten)


class Attempt(NamedTuple):
    """One request and what came of it."""

    operation: str
    """MTN's name, such as `RequesttoPay`."""
    method: str
    route: str
    """The path as a template."""
    reference_id: str | None
    attempt: int
    http_status: int | None
    code: str | None
    fault: str | None
    """The class of the exception, where there was no answer."""
    elapsed: float
    """Seconds."""
    size: int
    """Bytes of the answer's body."""
    host: str = ""
    port: int | None = None


class Ending(NamedTuple):
    """A call that came to its end."""

    operation: str
    reference_id: str | None
    ok: bool
    outcome: str | None
    code: str | None
    attempts: int | None
    elapsed: float | None


_LOUD = {"unknown": logging.WARNING, "mismatch": logging.ERROR, "conflict": logging.ERROR}


class Observers:
    """Hands attempts and endings to the log and to the hooks of the user."""

    __slots__ = ("_host", "_on_attempt", "_on_result", "_port")

    def __init__(
        self,
        on_attempt: Callable[[Attempt], None] | None = None,
        on_result: Callable[[Ending], None] | None = None,
        base_url: str = "",
    ) -> None:
        self._on_attempt = on_attempt
        self._on_result = on_result
        address = urlsplit(base_url)
        self._host = address.hostname or ""
        self._port = address.port or {"https": 443, "http": 80}.get(address.scheme)

    def attempted(self, call: Call[Any], number: int, heard: Heard, elapsed: float) -> None:
        """Tell of an attempt."""
        if self._on_attempt is None and not logger.isEnabledFor(logging.DEBUG):
            return
        answer = heard if isinstance(heard, Answer) else None
        fault = heard.name or heard.kind if isinstance(heard, Fault) else None
        record = Attempt(
            call.operation.name,
            call.method,
            call.operation.route,
            call.reference_id,
            number,
            answer.status if answer else None,
            answer.code if answer else None,
            fault,
            elapsed,
            answer.size if answer else 0,
            self._host,
            self._port,
        )
        logger.debug(
            "%s attempt %d: %s",
            record.operation,
            number,
            record.http_status or fault,
            extra={"momopy": record._asdict()},
        )
        _call(self._on_attempt, record)

    def ended(self, operation: Operation, reference_id: str | None, result: Result[Any]) -> None:
        """Tell of a result."""
        level = logging.INFO
        if not result.ok:
            level = logging.ERROR if result.data["code"] == "TLS" else _LOUD.get(result.data["outcome"], logging.INFO)
        if self._on_result is None and not logger.isEnabledFor(level):
            return
        failure = None if result.ok else result.data
        record = Ending(
            operation.name,
            reference_id,
            result.ok,
            failure["outcome"] if failure else None,
            failure["code"] if failure else None,
            failure["attempts"] if failure else None,
            failure["elapsed"] if failure else None,
        )
        logger.log(
            level,
            "%s %s: %s",
            record.operation,
            record.reference_id or "",
            f"{record.outcome} {record.code}" if failure else "done",
            extra={"momopy": record._asdict()},
        )
        _call(self._on_result, record)

    def store_failed(self, exc: Exception) -> None:
        """Tell of a token store that failed. The text of a library's error may hold an address or a password."""
        reason = f": {exc}" if isinstance(exc, StoreError) else ""
        logger.warning("the token store failed (%s%s); this process looks after itself", type(exc).__name__, reason)

    def journal_failed(self, exc: Exception) -> None:
        """Tell of a journal that failed. The text of a library's error may hold what was to be written."""
        from momopy.journal import JournalError

        reason = f": {exc}" if isinstance(exc, JournalError) else ""
        logger.error("the journal failed (%s%s)", type(exc).__name__, reason)

    def late(self, call: Call[Any], heard: Heard) -> None:
        """Tell of an answer that came when its caller had gone away."""
        answer = heard.status if isinstance(heard, Answer) else "no answer"
        logger.info("%s %s: %s, after its caller had gone", call.operation.name, call.reference_id or "", answer)

    def repeats(self, operation: Operation, reference_id: str | None, delay: float) -> None:
        """Tell that a call will be sent again."""
        logger.warning(
            "%s %s: again in %.1f seconds",
            operation.name,
            reference_id or "",
            delay,
            extra={
                "momopy": {"operation": operation.name, "reference_id": reference_id, "delay_ms": round(delay * 1e3)}
            },
        )

    def abandoned(self, call: Call[Any], exc: BaseException) -> None:
        """Tell of a call whose caller went away: the exception and the log name what has to be reconciled."""
        if call.operation.kind.lost != "unknown":
            return
        note = f"momopy: {call.operation.name} {call.reference_id or ''} was left unfinished; reconcile it"
        exc.add_note(note)
        logger.warning("%s %s: left unfinished by %s", call.operation.name, call.reference_id, type(exc).__name__)


def _call(hook: Callable[[Any], None] | None, record: Any) -> None:
    if hook is None:
        return
    try:
        hook(record)
    except Exception:
        # An observer that fails must not turn a payment into an error.
        logger.exception("an observer failed")
