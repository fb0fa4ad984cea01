"""Plays every cell of the fault matrix so many times over, and prints what went wrong; ends with 1 when anything did.

`./scripts/test` plays each cell once. What shows one time in ten, shows here.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from faults.catalogue import FAULTS
from faults.matrix import TWINS, cells_of, play
from faults.server import LoopThread


def main() -> int:
    """Play, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("times", nargs="?", type=int, default=5)
    options = parser.parse_args()
    start = time.monotonic()
    played = 0
    wrong: list[str] = []
    with LoopThread() as host:
        for turn in range(options.times):
            for fault in FAULTS:
                for twin in TWINS:
                    cells = cells_of(fault, twin)
                    played += len(cells)
                    for cell, complaints in play(cells, host).items():
                        wrong += complaints
                        print(f"{cell}: {'; '.join(complaints)}")
            print(
                f"{turn + 1} times: {len(FAULTS)} faults, {played} cells in {time.monotonic() - start:.0f} s, "
                f"{len(wrong)} complaints",
                flush=True,
            )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
