"""A worker that claims entries until there are none left. Run in a process of its own."""

from __future__ import annotations

import random
import time

from tests.journal.places import ACCOUNT, Place


def claim_all(place: list[str], start: float, limit: int) -> list[str]:
    """What this worker got, claimed a few at a time from `start` on, so that all begin at once."""
    got: list[str] = []
    with Place(*place).open() as journal:
        journal.open(ACCOUNT)  # whatever is made at its first use is made by now
        time.sleep(max(0.0, start - time.time()))
        while claimed := journal.claim(ACCOUNT, limit, 600.0):
            got += [each.reference_id for each in claimed]
            # SQLite lets whoever comes at the right moment in, and has others wait for up to 100 ms.
            time.sleep(random.uniform(0.005, 0.03))
    return got
