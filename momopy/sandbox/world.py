"""One sandbox: its settings, its time, its records, and what happens by itself as time passes."""

from __future__ import annotations

import heapq
import json
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs

from momopy.sandbox.clock import Clock
from momopy.sandbox.faults import Faults
from momopy.sandbox.mirror import Mirror
from momopy.sandbox.outbox import Outbox
from momopy.sandbox.outcomes import DELAYED, Course
from momopy.sandbox.records import Change, Consent, Delivery, Kind, Transaction
from momopy.sandbox.reqlog import RequestLog
from momopy.sandbox.settings import Options, Switches
from momopy.sandbox.store import Store

OPENING_BALANCE = Decimal(1000)


class World:
    """Everything that the rules work on. Whoever touches it holds `lock`."""

    def __init__(
        self,
        options: Options,
        switches: Switches | None = None,
        mirror: Mirror | None = None,
    ) -> None:
        self.options = options
        self.switches = switches or Switches()
        self.clock = Clock(options.speed)
        self.rng = random.Random(options.seed)  # noqa: S311 - its tokens open nothing but itself
        self.store = Store(options.keep, mirror)
        self.faults = Faults()
        self.requests = RequestLog()
        self.outbox = Outbox(self.switches, self.rng, mirror)
        self.lock = threading.RLock()
        self.held: set[str] = set()
        self.on_change: list[Callable[[str], None]] = []
        self._balance = OPENING_BALANCE
        self._looks: deque[float] = deque()
        self._due: list[tuple[float, int]] = []
        self._consents_due: list[tuple[float, str]] = []
        self._mirror = mirror
        self._switches_given = switches is not None
        self._kept = ""

    def resume(self, mirror: Mirror) -> None:
        """Take up what an earlier sandbox left: what was pending goes on, what fell due since happens now."""
        self._resume_rng(mirror)
        records = mirror.records()
        self.store.restore(record for record in records if not isinstance(record, Delivery))
        self.outbox.restore(record for record in records if isinstance(record, Delivery))
        self._resume_settings(mirror)
        self._resume_clock(mirror)
        for record in self.store.transactions():
            self.follow(record)
            if record.status == "SUCCESSFUL":
                self.credit(record)
        for consent in self.store.consents.values():
            self._follow_consent(consent)
        self.settle()
        self.keep()

    def _resume_rng(self, mirror: Mirror) -> None:
        # The same seed makes the same ids; each run of one file needs others, or they would be given twice.
        run = int(mirror.note("runs") or 0)
        if run and self.options.seed is not None:
            self.rng.seed(f"{self.options.seed} {run}")
        mirror.note("runs", str(run + 1))

    def _resume_settings(self, mirror: Mirror) -> None:
        noted = mirror.note("settings")
        if noted is None:
            return
        settings = json.loads(noted)
        self.held.update(settings["held"])
        targets: list[tuple[object, dict[str, Any]]] = [(self.outbox.mode, settings["callback_mode"])]
        if not self._switches_given:
            targets.append((self.switches, settings["switches"]))
        for target, values in targets:
            for name, value in values.items():
                setattr(target, name, value)

    def _resume_clock(self, mirror: Mirror) -> None:
        noted = mirror.note("clock")
        if noted is not None:
            now, real = json.loads(noted)
            self.clock.resume((now, real))
        # No record lies in the future: one that is written a moment before the clock is, when the process is killed.
        newest = max((record.changed_at for record in self.store.transactions()), default=0.0)
        self.clock.advance(max(0.0, newest - self.clock.now()))

    def keep(self) -> None:
        """Write down the time, and the settings when they are others than before."""
        if self._mirror is None:
            return
        self._mirror.note("clock", json.dumps(self.clock.snapshot()))
        settings = json.dumps(
            {
                "switches": attrs.asdict(self.switches),
                "callback_mode": attrs.asdict(self.outbox.mode),
                "held": sorted(self.held),
            }
        )
        if settings != self._kept:
            self._mirror.note("settings", settings)
            self._kept = settings

    def holds(self, party_id: str | None) -> bool:
        """Whether payments of this payer, or of nobody in particular, wait for a person to decide."""
        return party_id in self.held or "*" in self.held

    def create(
        self,
        kind: Kind,
        reference_id: str,
        api_user: str,
        body: dict[str, Any],
        course: Course,
        callback_url: str | None,
        details: dict[str, str] | None = None,
    ) -> Transaction:
        """Take in a transaction that goes this course."""
        now = self.clock.now()
        record = Transaction(
            serial=self.store.next_serial(),
            kind=kind,
            reference_id=reference_id,
            api_user=api_user,
            body=body,
            status=course.first,
            reason=course.reason,
            changes=self._changes(course, now),
            created_at=now,
            changed_at=now,
            visible_at=now + self.switches.get_lag,
            callback_url=callback_url,
            details=details or {},
        )
        if record.final:
            self._finish(record)
        self.store.add(record)
        self.follow(record)
        if record.final:
            self._tell_final(record)
        self.changed("transactions")
        return record

    def _changes(self, course: Course, now: float) -> list[Change]:
        changes = []
        for step in course.steps:
            seconds = self.rng.uniform(*step.after)
            if step.after == DELAYED and self.switches.delayed_after is not None:
                seconds = self.switches.delayed_after
            now += seconds
            changes.append(Change(at=now, status=step.status, reason=step.reason))
        return changes

    def follow(self, record: Transaction) -> None:
        """See to it that the next change of a transaction happens when its time comes."""
        if record.changes:
            heapq.heappush(self._due, (record.changes[0].at, record.serial))

    def conclude(self, record: Transaction, status: str, reason: str | None = None) -> None:
        """Give a transaction its final status now."""
        record.changes = []
        self._apply(record, Change(at=self.clock.now(), status=status, reason=reason))

    def _apply(self, record: Transaction, change: Change) -> None:
        record.status, record.reason, record.changed_at = (
            change.status,
            change.reason,
            change.at,
        )
        if record.final:
            self._finish(record)
        self.store.save(record)
        if record.final:
            self._tell_final(record)
        self.changed("transactions")

    def _finish(self, record: Transaction) -> None:
        if record.status == "SUCCESSFUL":
            record.details["financialTransactionId"] = str(self.rng.randrange(10**8, 10**10))
            self.credit(record)

    def credit(self, record: Transaction) -> None:
        """Add what a successful transaction collected to the balance."""
        if record.kind != "preapproval":
            money = record.body["money"] if record.kind == "payment" else record.body
            self._balance += Decimal(money["amount"])

    def balance(self) -> str:
        """What the account holds: 1000 to begin with, and all that was collected."""
        return format(self._balance.normalize(), "f")

    def _tell_final(self, record: Transaction) -> None:
        self.outbox.plan(record, record.changed_at)

    def over_the_cap(self) -> bool:
        """Count a status GET; whether it is one too many for this second."""
        cap = self.switches.status_cap
        if cap is None:
            return False
        now = time.monotonic()
        while self._looks and self._looks[0] <= now - 1:
            self._looks.popleft()
        if len(self._looks) >= cap:
            return True
        self._looks.append(now)
        return False

    def settle(self) -> None:
        """Let everything happen whose time has come."""
        now = self.clock.now()
        while self._due and self._due[0][0] <= now:
            _, serial = heapq.heappop(self._due)
            record = self.store.transaction(serial)
            if record is None or not record.changes or record.changes[0].at > now:
                continue
            self._apply(record, record.changes.pop(0))
            self.follow(record)
        self._settle_consents(now)

    def ask_consent(self, consent: Consent) -> None:
        """Ask an account holder, who may answer at once."""
        self.store.add(consent)
        self._follow_consent(consent)
        self._settle_consents(self.clock.now())
        self.changed("consents")

    def _follow_consent(self, consent: Consent) -> None:
        when = consent.next_change()
        if when is not None:
            heapq.heappush(self._consents_due, (when, consent.auth_req_id))

    def _settle_consents(self, now: float) -> None:
        while self._consents_due and self._consents_due[0][0] <= now:
            _, auth_req_id = heapq.heappop(self._consents_due)
            consent = self.store.consents.get(auth_req_id)
            when = None if consent is None else consent.next_change()
            if consent is None or when is None or when > now:
                continue
            consent.status = "EXPIRED" if when == consent.expires_at else "APPROVED"
            self.store.save(consent)
            self._follow_consent(consent)
            self.changed("consents")

    def real_seconds_to_next(self) -> float | None:
        """Real seconds until the next thing happens by itself; None when nothing will."""
        times = [due[0][0] for due in (self._due, self._consents_due) if due]
        callback = self.outbox.next_due()
        if callback is not None:
            times.append(callback)
        return self.clock.real_seconds_until(min(times)) if times else None

    def advance(self, seconds: float) -> None:
        """Move the time on, and let everything happen that falls due, in its order."""
        with self.lock:
            self.clock.advance(seconds)
            self.settle()
            self.changed("clock")

    def decide(self, record: Transaction, *, approve: bool, reason: str = "APPROVAL_REJECTED") -> None:
        """Let the payer approve or reject now."""
        if record.final:
            raise ValueError(f"the {record.kind} {record.reference_id} is {record.status} already")
        if approve:
            self.conclude(record, "SUCCESSFUL")
        else:
            self.conclude(record, "FAILED", reason)

    def answer_consent(self, auth_req_id: str, *, approve: bool) -> None:
        """Let an account holder answer now."""
        consent = self.store.consents.get(auth_req_id)
        if consent is None or consent.status != "PENDING":
            raise LookupError("no consent with this auth_req_id waits for an answer")
        consent.status = "APPROVED" if approve else "REJECTED"
        self.store.save(consent)
        self._follow_consent(consent)
        self.changed("consents")

    def reset(self) -> None:
        """Begin anew: no records, no faults, no callbacks, every switch as it was by default."""
        self.switches = Switches()
        self.store.clear()
        self.faults.clear()
        self.requests.entries.clear()
        self.outbox.end()
        self.outbox = Outbox(self.switches, self.rng, self._mirror)
        self.held.clear()
        self._due.clear()
        self._consents_due.clear()
        self._balance = OPENING_BALANCE
        self.changed("reset")

    def changed(self, what: str) -> None:
        """Tell those who watch that records of a kind, or settings, changed."""
        self.keep()
        for listener in self.on_change:
            listener(what)
