"""The long form of the model check: `python -m tests.model`, by way of scripts/model-check."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from . import plan
from .check import Figures


def main() -> int:
    """Walk through every world of the long form and print its figures; 1 if one of them has a wrong end."""
    parser = argparse.ArgumentParser(prog="model-check", description=__doc__)
    parser.add_argument("--sends", type=int, help="only the fifteen faults, with this many sends (default: all, 4)")
    parser.add_argument("--looks", type=int, default=2, help="status calls in a row (default: 2)")
    parser.add_argument("--short", action="store_true", help="what every test run walks through")
    options = parser.parse_args()
    worlds = list(plan.short() if options.short else plan.long())
    if options.sends:
        worlds = list(plan.worlds(options.sends, options.looks))
    began = time.monotonic()
    wrong = 0
    total = Figures()
    print(f"{'world':<46} {'histories':>15} {'told':>9} {'unknown':>9} {'needless':>8} {'seconds':>7}")
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        for name, found, seconds in pool.map(plan.run, worlds):
            if isinstance(found, str):
                wrong += 1
                print(f"{name}\n{found}", flush=True)
                continue
            total.add(found)
            columns = f"{found.histories:>15,} {found.stories:>9,} {found.unknown:>9,} {found.needless:>8,}"
            print(f"{name:<46} {columns} {seconds:>7.1f}", flush=True)
    took = time.monotonic() - began
    print(f"{len(worlds)} worlds, {total.histories:,} histories, {total.stories:,} different things told in them")
    print(", ".join(f"{end} {count:,}" for end, count in total.ends.most_common()))
    print(f"{wrong} of the worlds with a wrong end; {took:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
