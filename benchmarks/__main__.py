"""Runs the rows in rounds, each contender of each row in a process of its own, and writes the report."""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks import report
from benchmarks.rows import ROWS, SLOW, Row
from benchmarks.server import Server, Site, environment

ROOT = Path(__file__).resolve().parent.parent
_IMPORT = """
import time
def held():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
rss, wall, cpu = held(), time.perf_counter(), time.process_time()
{statement}
print(time.perf_counter() - wall, time.process_time() - cpu, held(), rss)
"""

Rounds: TypeAlias = dict[tuple[str, str], list[dict[str, Any]]]
"""By the row's title and the contender's name, one measurement a round."""


def run_one(server: Server, row: Row, contender: str, calls: int) -> dict[str, Any]:
    """Measure one contender in one row."""
    site = server.sites[row.scheme]
    task = {
        "url": site.url,
        "ca": site.ca,
        "contender": contender,
        "operation": row.operation,
        "at_once": row.at_once,
        "calls": calls,
        "warm": 0
        if row.operation == "both"
        else min(calls, max(50 if contender not in SLOW else 5, min(row.at_once, 1000))),
    }
    before = server.connections()
    command = [sys.executable, "-m", "benchmarks.worker", json.dumps(task)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(site, ROOT), capture_output=True, text=True, check=False, timeout=600
    )
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        told = {"failed": f"exit {done.returncode}"}
    told["connections"] = server.connections() - before - 1
    told["calls"] = calls
    return told


def imports(rounds: int) -> dict[str, list[list[float]]]:
    """Import httpx and momopy in fresh interpreters by turns: seconds of wall and of CPU, KiB after and before."""
    found: dict[str, list[list[float]]] = defaultdict(list)
    env = environment(Site("", None), ROOT)
    for number in range(rounds + 1):
        for statement in report.IMPORTS:
            done = subprocess.run(
                [sys.executable, "-c", _IMPORT.format(statement=statement)],
                env=env,
                capture_output=True,
                text=True,
                check=True,
            )
            if number:  # the first time compiles
                found[statement].append([float(value) for value in done.stdout.split()])
    return found


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--short", action="store_true", help="three rounds")
    size.add_argument("--tiny", action="store_true", help="one round of a few calls; writes nothing")
    parser.add_argument("--only", default="", help="rows whose title contains this; writes nothing")
    options = parser.parse_args()
    # An end from outside ends nginx too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    rounds = 1 if options.tiny else 3 if options.short else 5
    rows = [row for row in ROWS if options.only in row.title]
    found: Rounds = defaultdict(list)
    started = time.time()
    with Server() as server:
        for number in range(rounds):
            for row in rows:
                if row.heavy and number >= max(1, rounds // 2):
                    continue
                order = list(row.contenders)
                random.shuffle(order)  # nobody is always the one after the slowest
                for contender in order:
                    calls = min(row.calls, SLOW.get(contender, row.calls), 3 if options.tiny else row.calls)
                    told = run_one(server, row, contender, calls)
                    found[row.title, contender].append(told)
                    print(f"{number + 1}/{rounds}  {row.title}  {contender}  {report.brief(told)}", file=sys.stderr)
        loaded = imports(1 if options.tiny else 4 * rounds) if not options.only else {}
        versions = report.versions(server.version())
    text = report.document(rows, found, loaded, versions, rounds, time.time() - started)
    print(text)
    if not options.tiny and not options.only:
        report.write(ROOT / "docs", text, rows, found)
    failed = [
        f"{title}: {name}: {told}"
        for (title, name), tolds in found.items()
        if name.startswith("momopy")
        for told in tolds
        if "failed" in told or told["errors"]
    ]
    print("\n".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
