"""Kills workers with SIGKILL, starts anew with nothing but the journal, and holds it against the service's ledger."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from momopy.sandbox import run as run_sandbox
from tests.journal import campaign, postgres
from tests.journal.crashing import POINTS
from tests.journal.nursery import Nursery
from tests.journal.places import Place

# One journal and one service for so many repetitions: then they start anew, as tables do not grow for ever.
ROUND = 5
SHOWN = ("successful", "failed", "not_created", "never begun", "resumed", "replayed")


def places(ending: ExitStack) -> Iterator[Place]:
    """A file, and a database where the machine has one."""
    folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="crash-")))
    yield Place("sqlite", str(folder))
    if postgres.programs() is None:
        print("PostgreSQL is not on this machine: SQLite only.", file=sys.stderr)
        return
    yield Place("postgresql", ending.enter_context(postgres.cluster()))


def fresh(place: Place) -> Place:
    """A journal with nothing in it."""
    name = f"j_{uuid.uuid4().hex}"
    return place._replace(where=f"{place.where}/{name}") if place.kind == "sqlite" else place._replace(table=name)


def crash(place: Place, half: campaign.Half, nursery: Nursery, repetitions: int) -> tuple[Counter[str], list[str]]:
    """The counts of all rounds, and what went wrong."""
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for start in range(0, repetitions, ROUND):
        with run_sandbox() as sandbox:
            ended = campaign.run(sandbox, fresh(place), half, nursery, min(ROUND, repetitions - start))
        counts.update(ended.counts)
        counts["orders"] += len(ended.orders)
        wrong += ended.wrong
    return counts, wrong


def main() -> int:
    """Run it and print a table; 0 when nothing was lost and nothing paid twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repetitions", nargs="?", type=int, default=25, help="of each point, default 25")
    repetitions = parser.parse_args().repetitions
    everything: list[str] = []
    total = 0
    print(f"{len(POINTS)} points, {repetitions} times each")
    print(f"{'journal':<11} {'half':<9} {'orders':>6} {'killed':>6} " + " ".join(f"{name:>11}" for name in SHOWN))
    started = time.monotonic()
    with ExitStack() as ending:
        nursery = ending.enter_context(Nursery())
        for place in places(ending):
            for half in campaign.HALVES:
                counts, wrong = crash(place, half, nursery, repetitions)
                everything += wrong
                total += counts["orders"]
                row = " ".join(f"{counts[name]:>11}" for name in SHOWN)
                print(f"{place.kind:<11} {half:<9} {counts['orders']:>6} {counts['killed']:>6} {row}", flush=True)
    for each in everything:
        print(f"wrong: {each}")
    print(f"{total} orders in {time.monotonic() - started:.0f} s: {len(everything)} lost, paid twice or told wrong")
    return 1 if everything else 0


if __name__ == "__main__":
    sys.exit(main())
