"""Kills workers at every point, starts anew, settles, and holds the journal against the service's own ledger."""

from __future__ import annotations

import asyncio
import signal
import time
import uuid
from collections import Counter
from typing import Any, Final, Literal, NamedTuple

import momopy
from momopy.sandbox import Sandbox
from tests.journal.crashing import LEASE, POINTS, QUICK, Credentials
from tests.journal.nursery import Nursery
from tests.journal.places import Place

Half = Literal["awaited", "blocking"]
HALVES: Final[tuple[Half, ...]] = ("awaited", "blocking")

# One who pays at once, one who refuses at once, and one who takes his time.
PROMPT, UNWILLING, SLOW = "87937389", "46733123451", "46733123453"
# The horizon, brought as near as a test can bear.
_NEAR: Final = QUICK._replace(horizon=1.0)
_WAITING: Final = "while waiting for the payment's end"
_RECONCILING: Final = "while reconciling"


class Order(NamedTuple):
    """One thing that a shop wants to be paid for, once."""

    number: str
    reference_id: str
    point: str
    body: dict[str, Any]
    resumes: bool
    """What the shop does with it if nobody knows its end: send it again, or wait for the horizon."""


class Campaign:
    """Runs of one half of the client on one journal, and what came of them."""

    def __init__(self, sandbox: Sandbox, place: Place, half: Half, nursery: Nursery) -> None:
        self._sandbox = sandbox
        self._place = place
        self._half = half
        self._nursery = nursery
        self._credentials = Credentials(sandbox.subscription_key, sandbox.api_user, sandbox.api_key, sandbox.base_url)
        self.orders: list[Order] = []
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()

    def crash(self, repetitions: int, *, forgetful: bool = False) -> None:
        """Kill a worker at each point, so many times."""
        for repetition in range(repetitions):
            for point in POINTS:
                number = uuid.uuid4().hex
                payer = SLOW if point == _WAITING else (PROMPT, SLOW, UNWILLING)[repetition % 3]
                body = {
                    "amount": f"{repetition + 1}.50",
                    "currency": "EUR",
                    "externalId": number,
                    "payer": {"partyIdType": "MSISDN", "partyId": payer},
                    "payerMessage": "order",
                    "payeeNote": "order",
                }
                order = Order(number, str(uuid.uuid4()), point, body, repetition % 2 == 0)
                self.orders.append(order)
                self._kill(order, forgetful=forgetful)

    def _kill(self, order: Order, *, forgetful: bool) -> None:
        job = {
            "place": list(self._place),
            "credentials": list(self._credentials),
            "point": order.point,
            "awaited": self._half == "awaited",
            "reference_id": order.reference_id,
            "body": order.body,
            "forgetful": forgetful,
        }
        jobs = [job]
        if order.point == _RECONCILING:
            jobs = [{**job, "point": "after the request"}, {**job, "settles": True}]
        for each in jobs:
            # On a machine that is too busy the lease may be over before the worker comes to anything.
            for _ in range(5 if each.get("settles") else 1):
                ((ended, _),) = self._nursery.run("tests.journal.crashing:pay", each)
                if ended == -signal.SIGKILL:
                    break
            self.counts["killed"] += ended == -signal.SIGKILL
            if ended != -signal.SIGKILL and not forgetful:
                self.wrong.append(f"{order.point}: the worker was not killed but ended with {ended}")

    def settle(self) -> None:
        """Start anew with nothing but the journal and the shop's own orders."""
        asyncio.run(self._settle()) if self._half == "awaited" else self._settle_blocking()

    async def _settle(self) -> None:
        credentials = self._credentials._asdict()
        with self._place.open() as journal:
            async with momopy.Collection(**credentials, settings=QUICK, journal=journal) as client:
                self._note("at the start", await client.reconcile_open(1000))
                self._payers_decide()
                for order in self._unsettled(journal):
                    if order.resumes:
                        self._resumed(order, await client.resume(order.reference_id, order.body))
            async with momopy.Collection(**credentials, settings=_NEAR, journal=journal) as client:
                for _ in self._until_settled(journal):
                    self._note("later", await client.reconcile_open(1000, LEASE))
            self._check(journal)

    def _settle_blocking(self) -> None:
        credentials = self._credentials._asdict()
        with self._place.open() as journal:
            with momopy.SyncCollection(**credentials, settings=QUICK, journal=journal) as client:
                self._note("at the start", client.reconcile_open(1000))
                self._payers_decide()
                for order in self._unsettled(journal):
                    if order.resumes:
                        self._resumed(order, client.resume(order.reference_id, order.body))
            with momopy.SyncCollection(**credentials, settings=_NEAR, journal=journal) as client:
                for _ in self._until_settled(journal):
                    self._note("later", client.reconcile_open(1000, LEASE))
            self._check(journal)

    def _note(self, when: str, settled: list[momopy.Settled]) -> None:
        ledger = self._ledger()
        for each in settled:
            result = each.result
            if result.ok:
                continue
            self.counts[f"{when}: {result.data['outcome']}"] += 1
            if result.data["outcome"] == "not_found" and each.reference_id in ledger:
                self.wrong.append(f"{each.reference_id}: told not made, and was")

    def _resumed(self, order: Order, result: momopy.Result[Any]) -> None:
        replayed = result.ok and result.data.get("replayed", False)
        self.counts["replayed" if replayed else "resumed"] += 1
        if not result.ok and result.data["outcome"] not in ("failed", "unknown"):
            self.wrong.append(f"{order.point}: resumed, and told {result.data['outcome']}")

    def _payers_decide(self) -> None:
        """Those who take their time pay, while nobody is looking."""
        self._sandbox.hold(SLOW)
        for payment in self._sandbox.payments("requesttopay"):
            if payment.status == "PENDING":
                self._sandbox.approve(payment.reference_id)

    def _unsettled(self, journal: Any) -> list[Order]:
        still = {each.reference_id for each in journal.open()}
        return [order for order in self.orders if order.reference_id in still]

    def _until_settled(self, journal: Any) -> Any:
        """Now and then, until the horizon is over and all is known; a bound keeps it from going on for ever."""
        end = time.monotonic() + 30
        while journal.open() and time.monotonic() < end:
            time.sleep(LEASE)
            self._payers_decide()
            yield None

    def _ledger(self) -> dict[str, str]:
        return {each.reference_id: each.status for each in self._sandbox.payments("requesttopay")}

    def _check(self, journal: Any) -> None:
        ledger = self._ledger()
        made = Counter(each.external_id for each in self._sandbox.payments("requesttopay"))
        for order in self.orders:
            entry = journal.find(order.reference_id)
            state, status = entry.state if entry else "never begun", ledger.get(order.reference_id)
            self.counts[state] += 1
            if made[order.number] > 1:
                self.wrong.append(f"{order.point}: paid {made[order.number]} times")
            fits = {"successful": status == "SUCCESSFUL", "failed": status == "FAILED"}.get(state, status is None)
            if state in ("begun", "unknown", "accepted") or not fits:
                self.wrong.append(f"{order.point}: the journal says {state}, the service {status}")


def run(
    sandbox: Sandbox, place: Place, half: Half, nursery: Nursery, repetitions: int, *, forgetful: bool = False
) -> Campaign:
    """Crash, start anew, settle and check."""
    campaign = Campaign(sandbox, place, half, nursery)
    campaign.crash(repetitions, forgetful=forgetful)
    campaign.settle()
    return campaign
