"""What a client may answer to each case of the matrix, walked through the decision tables by hand.

This is a second reading of the tables, for tests: it shares nothing with the library but their wording. Where the
tables leave a choice open, every safe end is allowed; `ok` stands for `(True, ...)`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from .catalogue import FailureClass, Fault
from .stage import TARGETS, Case, Kind

ATTEMPTS: Final[dict[Kind, int]] = {"T": 3, "R": 3, "K": 4, "X": 3, "U": 3, "P": 3}
NETWORK: Final = frozenset({"CONNECTION", "NETWORK", "DEADLINE"})
CODES: Final = {
    "500 for the request": frozenset({"INVALID_CURRENCY"}),
    "500 for the account": frozenset({"NOT_ENOUGH_FUNDS"}),
    "redirect": frozenset({"REDIRECT"}),
    "401 token": frozenset({"AUTH"}),
    "401 subscription key": frozenset({"AUTH"}),
}


class Limits(NamedTuple):
    """What of a client's settings decides about the end of a call."""

    deadline: float = 0.9
    managed: bool = False
    """Whether the client can renew its token."""
    cuts: bool = True
    """Whether the client can break off the reading of headers; a blocking one cannot."""
    endless: frozenset[str] = frozenset()
    """Further faults that only the deadline ends."""


class Expected(NamedTuple):
    """The ends that are right."""

    outcomes: frozenset[str]
    codes: frozenset[str] | None
    """Of a failure that is not `unknown`; None where the tables name none."""
    sends: tuple[int, int]
    """At least and at most so many requests of the operation itself on the wire, those left unread included."""


class _Event(NamedTuple):
    """What an attempt meets, and whether the service has then acted."""

    what: FailureClass
    acts: bool
    struck: bool


class _Scene:
    """One case as the attempts of a call meet it."""

    def __init__(self, case: Case, limits: Limits, thrifty: bool) -> None:
        self.case, self.limits, self.thrifty = case, limits, thrifty
        self.fault: Fault = case.fault
        self.connects = case.fault.where in ("route", "handshake")
        self.looks = TARGETS[case.kind].look is not None
        self.created = False
        self.tainted = False
        self.renewed = False
        self.wire = 0

    @property
    def drips(self) -> bool:
        """Whether a struck request lasts until the deadline."""
        return "drip" in self.fault.name or self.fault.name in self.limits.endless

    def strikes(self, number: int) -> bool:
        """Whether the fault befalls this send."""
        position = self.case.position
        if self.fault.where == "look":
            return self.case.kind == "R" and self._due(number)
        if self.connects and position == "second" and self.looks:
            return False  # the second connection carries the look
        return self._due(number)

    def _due(self, number: int) -> bool:
        return self.case.position == "all" or number == (1 if self.case.position == "first" else 2)

    def send(self, number: int) -> _Event:
        """What the send with this number meets."""
        kind, fault = self.case.kind, self.fault
        if fault.where == "look" and self.looks and number == 1:
            event = _Event("A", True, False)
        elif self.case.position == "second" and number == 1 and (fault.where != "look" or kind == "R"):
            event = _Event("Q" if kind == "U" else "A", False, False)
        elif self.strikes(number):
            what = fault.writing if kind in ("K", "X", "U") else fault.reading
            event = _Event(what, fault.acted in ("yes", "late"), True)
        else:
            event = _Event("D" if kind == "K" and self.taken else "S", True, False)
        self.created = self.created or (event.acts and not self.burned)
        self.wire += not (event.struck and self.connects)
        return event

    @property
    def burned(self) -> bool:
        return self.fault.acted == "burned"

    @property
    def taken(self) -> bool:
        return self.created or (self.burned and self.case.position != "all" and self.wire > 0)

    def lied_to(self, number: int) -> bool:
        """Whether the look with this number does not get the truth."""
        if self.fault.where == "look":
            return self._due(number)
        if self.connects and self.case.position == "second":
            return number == 1
        return self.case.position == "all"

    def end(self, outcomes: str, codes: frozenset[str] | None = None, *, cut: bool = False) -> Expected:
        """An end here; `cut` when the deadline may have come before the last attempt."""
        return Expected(frozenset(outcomes.split()), codes, (min(1, self.wire) if cut else self.wire, self.wire))

    def refused(self, outcomes: str) -> Expected:
        """An end by a refusal that says why."""
        if self.tainted and self.case.kind in ("K", "X", "P"):
            outcomes = "unknown" if self.case.kind == "K" else f"{outcomes} unknown"
        if "429" in self.fault.name:
            return self.end(outcomes, frozenset({"RATE_LIMITED"}), cut=True)
        if self.fault.where == "handshake":
            return self.end(outcomes, frozenset({"TLS"}))
        return self.end(outcomes, CODES.get(self.fault.name))

    def waits(self, event: _Event) -> bool:
        """Whether a refusal is one after which the same is sent again."""
        if not event.struck:
            return True  # the 429 that comes before a fault in second place
        if self.fault.name == "401 token" and self.limits.managed and self.case.kind not in ("T", "P"):
            first, self.renewed = not self.renewed, True
            return first
        return self.fault.name == "429 after 0 s"


def expected(case: Case, limits: Limits = Limits()) -> Expected:  # noqa: B008
    """What is right for this case: every end that one reading of the tables or another leads to."""
    every = [_read_tables(_Scene(reading, limits, thrifty)) for reading in _readings(case) for thrifty in (True, False)]
    codes = [found.codes for found in every]
    return Expected(
        frozenset().union(*(found.outcomes for found in every)),
        None if None in codes else frozenset().union(*(found or () for found in codes)),
        (min(found.sends[0] for found in every), max(found.sends[1] for found in every)),
    )


def _readings(case: Case) -> list[Case]:
    """The case, with its fault as each way of reading an answer sees it."""
    fault = case.fault
    if case.kind in ("T", "R", "P") and fault.name in ("byte order mark", "wrong content type"):
        # The JSON is there and whole: to take it is as good as to ask again.
        return [case, case._replace(fault=fault._replace(reading="ok"))]
    if case.kind == "T" and fault.name == "deep nest":
        # 200 KB: within the limit of other answers, beyond that of a token's.
        return [case._replace(fault=fault._replace(reading="big"))]
    if case.kind == "T" and fault.reading in ("C", "B", "D"):
        # No such answer fits a token request: as final as a refusal, or as unclear as any 500.
        return [case, case._replace(fault=fault._replace(reading="Q"))]
    return [case]


def _read_tables(scene: _Scene) -> Expected:
    case, limits = scene.case, scene.limits
    match case.kind:
        case "K":
            found = _create(scene)
        case "X":
            found = _cancel(scene)
        case "U":
            found = _unkeyed(scene)
        case "P":
            found = _key(scene)
        case _:
            found = _read(scene)
    if (scene.drips and case.fault.writing == "M") or (scene.drips and case.kind not in ("K", "X", "U")):
        # One such request uses the deadline up, unless a client cuts it sooner: both are right.
        given_up = (
            {"unknown"} if case.kind in ("K", "X", "U") else {"error", "unknown"} if case.kind == "P" else {"error"}
        )
        if not limits.cuts and case.fault.name == "headers drip":
            given_up.add("ok")  # the answer is there in the end, and says that it was done
        low = 2 if case.position == "second" else 1
        return Expected(found.outcomes | given_up, None, (min(low, found.sends[0]), max(low, found.sends[1])))
    return found


def _create(scene: _Scene) -> Expected:
    looked = 0
    attempt = number = 0
    while attempt < ATTEMPTS["K"]:
        attempt, number = attempt + 1, number + 1
        event = scene.send(number)
        match event.what:
            case "S" | "ok":
                return scene.end("ok")
            case "N":
                continue
            case "tls" | "C":
                tainted = scene.tainted and event.what == "tls"
                return scene.end("unknown") if tainted else _untainted(scene).refused("not_created")
            case "Q" if scene.waits(event):
                attempt -= scene.fault.name == "401 token"
                continue
            case "Q" | "B":
                return scene.refused("not_created")
            case "D":
                return _compare(scene, looked)
        scene.tainted = True
        looked += 1
        if not scene.lied_to(looked):
            if scene.created and scene.fault.acted != "late":
                return scene.end("ok")
        elif scene.fault.name == "foreign echo":
            later = _compare(scene, looked)
            return Expected(later.outcomes | {"conflict", "mismatch"}, None, (1, 2))
        elif scene.fault.name == "unknown status word":
            return scene.end("ok")
        elif scene.fault.writing == "tls":
            return Expected(frozenset({"ok", "unknown"}), None, (1, 2))
    if scene.tainted:
        return scene.end("unknown", cut=True)
    if scene.fault.writing == "Q":
        return scene.refused("not_created")
    return scene.end("not_created", NETWORK, cut=True)


def _untainted(scene: _Scene) -> _Scene:
    # What is refused for what the request holds was refused to every earlier copy of it, too.
    scene.tainted = False
    return scene


def _compare(scene: _Scene, looked: int) -> Expected:
    """After a 409: the end is what the following looks say."""
    if scene.lied_to(looked + 1):
        wrong = scene.fault.name == "foreign echo"
        return scene.end("conflict mismatch unknown" if wrong else "unknown", cut=True)
    return scene.end("ok" if scene.created else "unknown", cut=scene.fault.acted == "late")


def _cancel(scene: _Scene) -> Expected:
    looked = 0
    for number in range(1, ATTEMPTS["X"] + 1):
        event = scene.send(number)
        unread = event.struck and scene.fault.reading not in ("S", "ok")
        match event.what:
            case "S" | "ok":
                # The status line says that it is done; a client that wants the body looks.
                lies = unread and scene.lied_to(looked + 1)
                return Expected(frozenset({"ok", "unknown"} if lies else {"ok"}), None, (1, ATTEMPTS["X"]))
            case "N":
                continue
            case "tls":
                return scene.refused("not_created error")
            case "Q" if scene.waits(event):
                continue
            case "Q" | "C" | "B":
                return scene.refused("not_created error not_found")
            case "D":
                return scene.end("ok not_created error conflict unknown", cut=True)
        if scene.fault.name == "unexpected 200" and event.struck:
            return Expected(frozenset({"ok", "unknown"}), None, (1, ATTEMPTS["X"]))
        scene.tainted = True
        looked += 1
        if scene.created and not scene.lied_to(looked) and scene.fault.acted != "late":
            return scene.end("ok")
        if scene.connects and scene.lied_to(looked) and scene.fault.writing == "tls":
            return Expected(frozenset({"ok", "unknown"}), None, (1, 2))
    if scene.tainted:
        return scene.end("unknown error", cut=True)
    if scene.fault.writing == "Q":
        return scene.refused("not_created error")
    return scene.end("not_created error", NETWORK, cut=True)


def _unkeyed(scene: _Scene) -> Expected:
    for number in range(1, ATTEMPTS["U"] + 1):
        event = scene.send(number)
        match event.what:
            case "S" | "ok":
                unread = event.struck and scene.fault.reading not in ("S", "ok")
                return scene.end("ok unknown" if unread else "ok")
            case "N":
                continue
            case "tls":
                return scene.refused("not_created error")
            case "Q" if scene.waits(event):
                continue
            case "Q" | "C" | "B" | "D":
                return scene.refused("not_created error not_found conflict")
            case _:
                return scene.end("ok unknown" if scene.fault.name == "unexpected 200" else "unknown")
    return scene.end("not_created error", None if scene.fault.writing == "Q" else NETWORK, cut=True)


def _read(scene: _Scene) -> Expected:
    kind = scene.case.kind
    bad = 0
    for number in range(1, ATTEMPTS[kind] + 1):
        event = scene.send(number)
        match event.what:
            case "S" | "ok":
                wrong = event.struck and scene.fault.name == "foreign echo"
                return scene.end("ok mismatch" if wrong else "ok")
            case "tls":
                return scene.refused("error")
            case "big":
                return scene.end("error", frozenset({"BAD_RESPONSE"}))
            case "Q" if scene.waits(event):
                continue
            case "Q" | "B" | "C" | "D" if kind == "R" or event.what == "Q":
                return scene.refused("error not_found conflict" if kind == "R" else "error not_found")
            case "bad":
                bad += 1
                if kind == "T" and bad == 2 and scene.thrifty:
                    return scene.end("error", frozenset({"BAD_RESPONSE"}))
    return scene.end("error", cut=True)


def _key(scene: _Scene) -> Expected:
    repeated = 0
    for number in range(1, ATTEMPTS["P"] + 1):
        event = scene.send(number)
        match event.what:
            case "S" | "ok":
                return scene.end("ok")
            case "N":
                continue
            case "tls":
                return scene.refused("not_created error")
            case "Q" if scene.waits(event):
                continue
            case "Q" | "C" | "B" | "D":
                return scene.refused("not_created error not_found conflict")
            case "big":
                return scene.end("error unknown")
        scene.tainted = True
        repeated += 1
        # A further repeat does no harm either: the newest key counts.
        if repeated == 2 and scene.thrifty:
            return scene.end("error unknown", cut=True)
    return scene.end("not_created error" if not scene.tainted else "unknown error", cut=True)
