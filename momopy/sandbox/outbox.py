"""The plan of the callbacks: what is sent, when, how often. `sender.py` sends it."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Iterable
from typing import Literal, NamedTuple

import attrs

from momopy.sandbox import checks
from momopy.sandbox.mirror import Mirror
from momopy.sandbox.records import Delivery, Transaction
from momopy.sandbox.results import callback_document
from momopy.sandbox.settings import Switches

KEPT_DELIVERIES = 1000
# A delivery that was answered 200 came again after 3 minutes (measured).
AGAIN_AFTER = 180.0
# How long a callback is held back for another one to overtake it, in sandbox seconds.
OVERTAKE_WITHIN = 5.0


@attrs.define(kw_only=True)
class CallbackMode:
    """How callbacks are sent. Each can be set at any time: `sandbox.callback_mode.copies = 2`."""

    send: bool = attrs.field(default=True, validator=checks.flag())
    """False: never."""
    method: Literal["POST", "PUT"] = attrs.field(default="POST", validator=checks.one_of("POST", "PUT"))
    delay: float = attrs.field(default=0.0, validator=checks.seconds())
    """Sandbox seconds between the end of the payment and its callback."""
    copies: int = attrs.field(default=1, validator=checks.whole(1, 100))
    """2: twice, at once."""
    order: Literal["as_made", "overtaken"] = attrs.field(
        default="as_made", validator=checks.one_of("as_made", "overtaken")
    )
    """`overtaken`: each callback waits until the next one has been sent."""
    repeat: Literal["once", "schedule", "again"] = attrs.field(
        default="once", validator=checks.one_of("once", "schedule", "again")
    )
    """`once`: no retry. `schedule`: while it is not answered 2xx, 20 times each second, 30 times every
    2 minutes, then hourly. `again`: once more, 3 minutes after it was answered 2xx."""
    lost: float = attrs.field(default=0.0, validator=checks.number(0, 1))
    """The rate at which callbacks are lost."""
    early: float = attrs.field(default=0.0, validator=checks.seconds())
    """Sandbox seconds for which a status GET still says PENDING after the callback."""


class _Due(NamedTuple):
    at: float
    order: int
    chain: list[Delivery]


class Outbox:
    """All callbacks of one sandbox."""

    def __init__(self, switches: Switches, rng: random.Random, mirror: Mirror | None = None) -> None:
        self.mode = CallbackMode()
        self.log: deque[Delivery] = deque()
        self._switches = switches
        self._rng = rng
        self._mirror = mirror
        self._due: list[_Due] = []
        self._order = itertools.count()
        self._held: list[Delivery] | None = None
        self._serials = itertools.count(1)
        self.in_flight = 0

    def restore(self, deliveries: Iterable[Delivery]) -> None:
        """Take in what the mirror knows already: what was sent, and what is still to be."""
        chains: dict[int, list[Delivery]] = {}
        known = list(deliveries)
        for delivery in known:
            if delivery.sent_at is None:
                chains.setdefault(delivery.chain, []).append(delivery)
        self.log.extend(
            sorted((each for each in known if each.sent_at is not None), key=lambda each: each.sent_at or 0)
        )
        for order, chain in chains.items():
            chain.sort(key=lambda delivery: delivery.place)
            heapq.heappush(self._due, _Due(chain[0].due_at, order, chain))
        self._serials = itertools.count(1 + max((delivery.serial for delivery in known), default=0))
        self._order = itertools.count(1 + max((delivery.chain for delivery in known), default=0))

    def end(self) -> None:
        """What is still under way is told to nobody any more."""
        self._mirror = None

    def plan(self, record: Transaction, now: float) -> None:
        """Plan what is sent now that a transaction is final."""
        mode = self.mode
        if record.callback_url is None or not mode.send or (mode.lost and self._rng.random() < mode.lost):
            return
        chain = [self._delivery(record, now + mode.delay) for _ in range(mode.copies)]
        if mode.order == "overtaken":
            if self._held is None:
                self._held = chain
                self._push(now + mode.delay + OVERTAKE_WITHIN, chain)
                return
            held, self._held = self._held, None
            chain = chain + held
            self._due = [due for due in self._due if due.chain is not held]
            heapq.heapify(self._due)
        self._push(now + mode.delay, chain)

    def _delivery(self, record: Transaction, due_at: float) -> Delivery:
        return Delivery(
            serial=next(self._serials),
            kind=record.kind,
            reference_id=record.reference_id,
            method=self.mode.method,
            url=record.callback_url or "",
            body=callback_document(record, self._switches),
            due_at=due_at,
        )

    def _push(self, at: float, chain: list[Delivery]) -> None:
        order = next(self._order)
        for place, delivery in enumerate(chain):
            delivery.due_at, delivery.chain, delivery.place = at, order, place
            self._save(delivery)
        heapq.heappush(self._due, _Due(at, order, chain))

    def _save(self, delivery: Delivery) -> None:
        if self._mirror is not None:
            self._mirror.put(delivery)

    def next_due(self) -> float | None:
        """When the next callback is to be sent, in the sandbox's time."""
        return self._due[0].at if self._due else None

    def take_due(self, now: float) -> list[list[Delivery]]:
        """The callbacks whose time has come; those in one list are sent one after the other."""
        chains = []
        while self._due and self._due[0].at <= now:
            chain = heapq.heappop(self._due).chain
            if chain is self._held:
                self._held = None
            chains.append(chain)
            self.in_flight += 1
        return chains

    def sent(self, delivery: Delivery, now: float, status: int | None, error: str | None) -> None:
        """Write down how a delivery went, and plan the next one where the mode wants it."""
        delivery.sent_at, delivery.status, delivery.error = now, status, error
        self._save(delivery)
        self.log.append(delivery)
        if len(self.log) > KEPT_DELIVERIES:
            oldest = self.log.popleft()
            if self._mirror is not None:
                self._mirror.drop(oldest)
        wait = self._wait_after(delivery)
        if wait is not None:
            following = attrs.evolve(
                delivery,
                serial=next(self._serials),
                attempt=delivery.attempt + 1,
                due_at=now + wait,
                sent_at=None,
                status=None,
                error=None,
            )
            self._push(now + wait, [following])

    def _wait_after(self, delivery: Delivery) -> float | None:
        taken = delivery.status is not None and 200 <= delivery.status < 300
        match self.mode.repeat:
            case "again":
                return AGAIN_AFTER if taken and delivery.attempt == 1 else None
            case "schedule" if not taken:
                if delivery.attempt <= 20:
                    return 1.0
                return 120.0 if delivery.attempt <= 50 else 3600.0
        return None
