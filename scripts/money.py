"""Sells through bad weather: orders over TCP, three requests in ten disturbed, a ledger that the server alone keeps.

Half of the orders are paid by the awaited twin, a quarter each by 64 threads and over the fast transport. The checker
of `tests/money` says whether anybody was charged twice or told something untrue; it ends with 1 when anybody was.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from money.policies import POLICIES
from money.run import Outcome, Way, run, run_policy
from money.weather import KINDS

SHARES: tuple[tuple[Way, float], ...] = (("awaited", 0.5), ("threads", 0.25), ("fast", 0.25))


def main() -> int:
    """Run, print the figures, and tell whether all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("orders", nargs="?", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--history", type=Path, help="write all events, entries and requests there, as JSON lines")
    options = parser.parse_args()
    well = True
    for way, share in SHARES:
        outcome = run(way, round(options.orders * share), options.seed)
        told(way, outcome)
        well = well and not outcome.report.violations
        if options.history is not None:
            keep(options.history, way, outcome)
    for name, policy in POLICIES.items():
        outcome = run_policy(policy, max(1500, options.orders // 50), options.seed)
        told(f"wrong on purpose: {name}", outcome)
        well = well and bool(outcome.report.violations)
    print("all is well" if well else "ALL IS NOT WELL")
    return 0 if well else 1


def told(name: str, outcome: Outcome) -> None:
    """Print the figures of one run."""
    report, hit = outcome.report, outcome.hit
    print(f"{name}: {report.orders} orders, {outcome.requests} requests, {report.per_order:.2f} for each order")
    print(f"  {outcome.told['ok']} paid, {outcome.told['fail']} refused, {report.settled} unknown for a while")
    kinds = [hit[kind] for kind in KINDS if hit[kind]]
    print(f"  {hit.total()} faults of {len(kinds)} kinds, the rarest {min(kinds)} times; {outcome.seconds:.0f} s")
    print(f"  wrong: {report.counts() or 'nothing'}", flush=True)
    for rule, found in report.violations.items():
        if not name.startswith("wrong on purpose"):
            print(f"    {rule}: {', '.join(found[:5])}")


def keep(path: Path, way: Way, outcome: Outcome) -> None:
    """Append a history to a file."""
    with path.open("a") as lines:
        for entry in chain(*outcome.history):
            lines.write(json.dumps({"way": way, "what": type(entry).__name__, **entry._asdict()}) + "\n")


if __name__ == "__main__":
    sys.exit(main())
