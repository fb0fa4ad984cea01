"""Runs cells of the fault matrix with momopy, and says of each in what it differs from what is right."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import re
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Literal, NamedTuple, TypeAlias
from uuid import uuid4

from canary.secrets import inside, pickled, shown, trace

import momopy
from momopy.settings import Settings

from .catalogue import Fault
from .expected import Expected, Limits, expected
from .server import FaultServer, LoopThread
from .stage import Case, Stage, cases, payload
from .steps import Answer, Send
from .truth import Truth

Twin: TypeAlias = Literal["awaited", "blocking", "fast"]

TWINS: Final[tuple[Twin, ...]] = ("awaited", "blocking", "fast")
DEADLINE: Final = 0.9
SLACK: Final = 2.0
"""For a busy machine: what has no deadline takes three seconds and more."""
AT_ONCE: Final = 10
HURRY: Final = re.compile(r"outcome |code |\d+ requests on the wire|took |the fault did not strike|no warm-up")
"""What a busy machine can do to a cell with short timeouts: such a cell is played again, alone and with patience."""
PATIENCE: Final = 0.5
ENDLESS: Final = frozenset({"silence after 100"})
"""aiohttp 3.14 forgets its read timeout after an interim answer: the deadline ends it."""
SWALLOWED: Final = frozenset({"bad chunk", "short Content-Length"})
"""aiohttp's parser loses the status line when what follows it in the same segment is wrong."""


HANDED_ON: Final = frozenset({"pickle", "data", "json"})
NO_WARM_UP: Final = "no warm-up"


class Cell(NamedTuple):
    """One case as one twin meets it."""

    case: Case
    twin: Twin
    managed: bool = False
    """Whether the client sees to its token, and has a connection and a token when the fault strikes."""

    def __str__(self) -> str:
        return f"{self.case}-{self.twin}{'-managed' if self.managed else ''}"


class Seen(NamedTuple):
    """What came of a cell."""

    result: Any
    error: str | None
    elapsed: float


class _Cold(Exception):
    pass


class Run:
    """One cell while it is played."""

    def __init__(self, cell: Cell, host: LoopThread, elsewhere: str, patience: float = 0.05) -> None:
        self.cell = cell
        self.patience = patience if cell.case.fault.silent else 5.0
        # Not where the deadline is what is tested.
        fixed = self._drips or cell.case.fault.name.startswith("429")
        self.deadline = DEADLINE if fixed or patience < PATIENCE else 9 * patience
        self.id = str(uuid4())
        self.stage = Stage(
            cell.case.fault,
            cell.case.kind,
            cell.case.position,
            host=host,
            truth=Truth(subscription_key=uuid4().hex),
            elsewhere=elsewhere,
            armed=not cell.managed,
        )
        self.truth = self.stage.truth
        self.bearer = self.truth.bearer()
        self.body = payload(self.id)
        self.seen: Seen | None = None
        self.client_shows: list[tuple[str, str]] = []
        if cell.case.kind in ("R", "U"):
            self.truth.ledger.create("requesttopay", self.id, self.body, "SUCCESSFUL")
        if cell.case.kind == "X":
            self.truth.ledger.create("invoice", self.id, self.body, "CREATED")

    @property
    def _drips(self) -> bool:
        fault, twin = self.cell.case.fault, self.cell.twin
        return "drip" in fault.name or (twin == "fast" and fault.name in ENDLESS)

    @property
    def canaries(self) -> list[str]:
        """What must not show anywhere."""
        tokens = [self.bearer[7:], *self.truth.tokens]
        return [
            self.truth.subscription_key,
            self.truth.api_key,
            self.truth.basic[6:],
            self.body["payer"]["partyId"],
            *tokens,
        ]

    def settings(self) -> Settings:
        """The same limits for all; a short timeout only where nothing else ends the fault."""
        return Settings(
            connect_timeout=self.patience,
            read_timeout=self.patience,
            read_deadline=self.deadline,
            token_deadline=self.deadline,
            write_deadline=self.deadline,
            backoff=0.01,
            ambiguous_wait=0.01,
            status_rate=1000.0,
            token_spacing=0.0,
        )

    def client(self) -> Any:
        """A client of the twin and the kind."""
        options: dict[str, Any] = {"base_url": self.stage.base_url, "verify": self.stage.trusted}
        options["settings"] = self.settings()
        blocking = self.cell.twin == "blocking"
        if self.cell.twin == "fast":
            options["transport"] = "fast"
        if self.cell.case.kind == "P":
            return (momopy.SyncClient if blocking else momopy.Client)(**options)
        if self.cell.managed:
            options |= {"api_user": self.truth.api_user, "api_key": self.truth.api_key}
        return (momopy.SyncCollection if blocking else momopy.Collection)(self.truth.subscription_key, **options)

    def begin(self, client: Any) -> Any:
        """Make the call: its result, or what to await for it."""
        bearer = None if self.cell.managed else self.bearer
        match self.cell.case.kind:
            case "T":
                return client.create_access_token(self.truth.basic)
            case "R":
                return client.get_payment_status(self.id, bearer)
            case "K":
                return client.request_to_pay(bearer, self.id, "sandbox", self.body)
            case "X":
                return client.cancel_invoice(self.id, self.id, authorization=bearer)
            case "U":
                return client.notify_payer(self.id, "hello", authorization=bearer)
            case "P":
                return client.create_api_key(self.truth.api_user, self.truth.subscription_key)

    def warmed(self, ok: bool) -> None:
        """Let the fault strike, now that the client has a token and a connection."""
        if not ok:
            raise _Cold
        self.stage.arm()

    def ended(self, client: Any, result: Any, start: float) -> None:
        """Note the result, and all that the client would show of itself now."""
        self.seen = Seen(result, None, time.monotonic() - start)
        self.client_shows = [("pickle", pickled(client)), *inside(client)]

    def failed(self, error: BaseException, start: float) -> None:
        """Note an exception, which there must never be."""
        text = f"{type(error).__name__}: {''.join(traceback.format_exception(error)[-3:])}"
        self.seen = Seen(None, NO_WARM_UP if isinstance(error, _Cold) else text, time.monotonic() - start)

    def complaints(self) -> Iterator[str]:
        """In what the cell went wrong."""
        stage, seen = self.stage, self.seen
        assert seen is not None
        unclosed = stage.server.settle(3.0)
        if unclosed:
            yield f"{unclosed} connections open after close"
        if seen.error is not None:
            yield seen.error if seen.error == NO_WARM_UP else f"raised {seen.error}"
            return
        right = self.right()
        yield from self._about_result(right, seen)
        yield from self._about_secrets(seen)
        yield from self._about_wire(right)
        yield from self._about_money(seen)
        if seen.elapsed > self.deadline + SLACK:
            yield f"took {seen.elapsed:.2f} s"

    def right(self) -> Expected:
        """What is right for the cell."""
        case, twin, managed = self.cell
        if twin == "fast" and case.fault.name in SWALLOWED:
            case = case._replace(fault=case.fault._replace(writing="M", reading="M"))
        return expected(case, Limits(DEADLINE, managed, twin != "blocking", ENDLESS if twin == "fast" else frozenset()))

    def _about_result(self, right: Expected, seen: Seen) -> Iterator[str]:
        ok, data = seen.result
        outcome = "ok" if ok else data["outcome"]
        if outcome not in right.outcomes:
            yield f"outcome {outcome} ({data}), right is {sorted(right.outcomes)}"
        elif not ok and outcome != "unknown" and right.codes is not None and data["code"] not in right.codes:
            yield f"code {data['code']}, right is {sorted(right.codes)}"
        if not ok and data["sent"] is False and len(self.stage.sends) + self.stage.unread:
            yield "said that nothing was sent, and it was"

    def _about_secrets(self, seen: Seen) -> Iterator[str]:
        ok = seen.result.ok
        # A token or a key that was asked for is the data itself, and a status answer names its payer.
        given = ok and self.cell.case.kind in ("T", "P")
        hidden = [canary for canary in self.canaries if canary != self.body["payer"]["partyId"]]
        for how, text in shown(seen.result, with_data=not given):
            if any(canary in text for canary in (hidden if ok and how in HANDED_ON else self.canaries)):
                yield f"a secret in the {how} of {seen.result!r}"
        if not ok:
            try:
                seen.result.unwrap()
            except momopy.HTTPException as exc:
                said = f"{exc!r} {exc} {vars(exc)} {pickled(exc)} {trace(exc)}"
                if any(canary in said for canary in self.canaries):
                    yield f"a secret in the exception {exc!r}"
        for where, text in self.client_shows:
            # The payer is remembered for the check of the echo; nothing shows it but a look into private dicts.
            if any(canary in text for canary in hidden):
                yield f"a secret in the client: {where}"

    def _about_wire(self, right: Expected) -> Iterator[str]:
        stage = self.stage
        least, most = right.sends
        count = len(stage.sends) + stage.unread
        if not least <= count <= most:
            yield f"{count} requests on the wire, right is {least} to {most}"
        ids = {(sent.headers.get("x-reference-id", "").lower(), sent.path) for sent in stage.sends}
        if len(ids) > 1:
            yield f"{len(ids)} ids in one call"
        if any(self.id not in look.path for look in stage.looks):
            yield "a look for something else"
        if self.cell.case.fault.where != "look" and right.sends[1] and not stage.struck and not self._spared:
            yield "the fault did not strike, so nothing was tested"

    @property
    def _spared(self) -> bool:
        # In second place the fault may wait for a request that is rightly never sent.
        return self.cell.case.position == "second"

    def _about_money(self, seen: Seen) -> Iterator[str]:
        if self.cell.case.kind != "K":
            return
        made = sum(entry.reference_id == self.id for entry in self.truth.ledger.entries)
        ok, data = seen.result
        if ok and made != 1:
            yield f"told that it was made, and {made} were"
        if not ok and data["outcome"] not in ("unknown", "conflict", "mismatch") and made:
            yield f"told {data['outcome']}, and it was made"


async def _play_awaited(run: Run, gate: asyncio.Semaphore) -> None:
    async with gate:
        client = run.client()
        start = time.monotonic()
        try:
            if run.cell.managed:
                run.warmed((await client.get_account_balance()).ok)
                start = time.monotonic()
            run.ended(client, await run.begin(client), start)
        except BaseException as error:
            run.failed(error, start)
        await client.aclose()


def _play_blocking(run: Run) -> None:
    client = run.client()
    start = time.monotonic()
    try:
        if run.cell.managed:
            run.warmed(client.get_account_balance().ok)
            start = time.monotonic()
        run.ended(client, run.begin(client), start)
    except BaseException as error:
        run.failed(error, start)
    client.close()


def _play(runs: Sequence[Run]) -> None:
    waiting = [run for run in runs if run.cell.twin != "blocking"]
    if waiting:

        async def all_of_them() -> None:
            gate = asyncio.Semaphore(AT_ONCE)
            await asyncio.gather(*(_play_awaited(run, gate) for run in waiting))
            if any(run.cell.twin == "fast" and run.stage.trusted for run in waiting):
                # aiohttp does not wait for the end of TLS; a loop that ends at once leaves a ResourceWarning.
                await asyncio.sleep(0.05)

        asyncio.run(all_of_them())
    blocked = [run for run in runs if run.cell.twin == "blocking"]
    if blocked:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(_play_blocking, blocked))


class _Overheard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{self.format(record)} {record.__dict__}")


@contextlib.contextmanager
def overheard() -> Iterator[list[str]]:
    """Everything that any logger says at DEBUG meanwhile, and that anybody prints."""
    root = logging.getLogger()
    names = ["", "momopy", "httpx", "httpcore", "aiohttp", "asyncio"]
    levels = {name: logging.getLogger(name).level for name in names}
    handler = _Overheard()
    root.addHandler(handler)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            yield handler.lines
    finally:
        handler.lines += printed.getvalue().splitlines()
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def cells_of(fault: Fault, twin: Twin) -> list[Cell]:
    """Every kind of operation in every position; with a token of the client's own where there can be one."""
    of_fault = cases([fault])
    return [Cell(case, twin) for case in of_fault] + [
        Cell(case, twin, managed=True) for case in of_fault if case.kind not in ("T", "P")
    ]


def play(cells: Sequence[Cell], host: LoopThread) -> dict[str, list[str]]:
    """Play cells, several at once, and return what went wrong, by cell."""
    wrong = _play_once(cells, host, 0.05)
    for cell in cells:
        complaints = wrong.get(str(cell), [])
        if complaints and all(HURRY.match(complaint) for complaint in complaints):
            del wrong[str(cell)]
            wrong |= _play_once([cell], host, PATIENCE)
    return wrong


def _play_once(cells: Sequence[Cell], host: LoopThread, patience: float) -> dict[str, list[str]]:
    with contextlib.ExitStack() as stack:
        trap = stack.enter_context(FaultServer(lambda request: [Send(Answer(200).encode())], host=host))
        runs = [Run(cell, host, trap.base_url, patience) for cell in cells]
        lines = stack.enter_context(overheard())
        for run in runs:
            stack.enter_context(run.stage)
        _play(runs)
        wrong = {str(run.cell): list(run.complaints()) for run in runs}
    said = "\n".join(lines)
    for run in runs:
        if any(canary in said for canary in run.canaries):
            found = next(canary for canary in run.canaries if canary in said)
            line = next(line for line in lines if found in line)
            wrong[str(run.cell)].append(f"a secret in the log: {line[:300]}")
    if not lines:
        wrong["all"] = ["nothing was logged, so the log was not tested"]
    if trap.connections:
        wrong["all"] = ["a redirect was followed"]
    return {cell: complaints for cell, complaints in wrong.items() if complaints}
