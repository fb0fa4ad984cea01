"""Decides, from a history alone, whether anybody was charged wrongly or told something untrue. Pure, after the run."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from .history import Event, History

POSTS_PER_ID: Final = 40
"""Four of the call itself, and four more of each time that it is resumed."""
GETS_PER_ID: Final = 200


class Report(NamedTuple):
    """What the checker found, rule by rule, and how big the run was."""

    violations: dict[str, list[str]]
    orders: int
    requests: int
    settled: int
    """Orders that went through `unknown`."""

    @property
    def per_order(self) -> float:
        """Requests about payments, for each order."""
        return self.requests / max(1, self.orders)

    def counts(self) -> dict[str, int]:
        """How often each rule was broken."""
        return {rule: len(found) for rule, found in self.violations.items()}


def check(history: History, *, longest: float, mean_requests: float = 2.0) -> Report:
    """Hold a history against all rules; `longest` is what one call may take."""
    orders: dict[str, list[Event]] = defaultdict(list)
    for event in history.events:
        orders[event.order].append(event)
    violations: dict[str, list[str]] = defaultdict(list)
    for rule, what in [
        *_about_ledger(history, orders),
        *_about_wire(history),
        *(found for events in orders.values() for found in _about_order(events, longest)),
    ]:
        violations[rule].append(what)
    report = Report(
        violations,
        len(orders),
        len(history.sent),
        sum(any(event.verb == "unknown" for event in events) for events in orders.values()),
    )
    # How many orders a burned id befell, each of which is looked at until the horizon, is chance in a short run.
    if report.per_order > mean_requests + 3 * _standard_error(history, orders):
        violations["too many requests"].append(f"{report.per_order:.2f} for each order")
    return report


def _standard_error(history: History, orders: dict[str, list[Event]]) -> float:
    """How far the mean number of requests for an order may be off, as these orders are only a sample."""
    sent = Counter(reference_id for _, reference_id in history.sent)
    each = [sum(sent[key] for key in {event.reference_id for event in events}) for events in orders.values()]
    return statistics.stdev(each) / math.sqrt(len(each)) if len(each) > 1 else 0.0


def _about_ledger(history: History, orders: dict[str, list[Event]]) -> Iterator[tuple[str, str]]:
    made = {entry.reference_id: entry for entry in history.made}
    for order, count in Counter(entry.order for entry in history.made).items():
        if count > 1:
            yield "charged twice", order
    for reference_id, count in Counter(entry.reference_id for entry in history.made).items():
        if count > 1:
            yield "one id made twice", reference_id
    known = {event.reference_id for event in history.events}
    for entry in history.made:
        if entry.reference_id not in known:
            yield "made, and the client does not know it", entry.reference_id
    for events in orders.values():
        for event in events:
            entry = made.get(event.reference_id)
            if event.verb == "ok" and entry is None:
                yield "told ok, and never made", event.order
            elif event.verb == "ok" and entry is not None and entry.payload != event.payload:
                yield "told ok, and something else was made", event.order
            elif event.verb == "fail" and entry is not None:
                yield "told failed, and made", event.order


def _about_wire(history: History) -> Iterator[tuple[str, str]]:
    invoked = {event.reference_id for event in history.events if event.verb == "invoke"}
    sent = Counter(history.sent)
    for (verb, reference_id), count in sent.items():
        if reference_id not in invoked:
            yield "an id that no order has", reference_id
        if count > (POSTS_PER_ID if verb == "POST" else GETS_PER_ID):
            yield "too many requests", f"{count} x {verb} {reference_id}"


def _about_order(events: list[Event], longest: float) -> Iterator[tuple[str, str]]:
    """Read one order's story: invoke, its end, and a further invoke only after a failure that was final."""
    current: Event | None = None
    ended = True
    failed = True
    used: set[str] = set()
    for event in events:
        if event.elapsed > longest:
            yield "a call took too long", f"{event.order} {event.elapsed:.2f} s"
        if event.verb == "invoke":
            if not ended or not failed:
                yield "started anew while it was open or done", event.order
            if event.reference_id in used:
                yield "an id used for two tries", event.order
            used.add(event.reference_id)
            current, ended, failed = event, False, False
            continue
        if current is None or event.reference_id != current.reference_id:
            yield "an end of something else", event.order
            continue
        if ended:
            yield "ended twice", event.order
        if event.verb != "unknown":
            ended, failed = True, event.verb == "fail"
    if not ended:
        yield "still unknown", events[0].order
