"""What the drivers of the Python peers share: one line of JSON for each operation."""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
import time
from collections.abc import Callable
from typing import Any

results: dict[str, Any] = {}


def step(name: str, work: Callable[[], Any]) -> Any:
    """Do one operation and report how it went; later steps go on."""
    report: dict[str, Any] = {"operation": name, "ok": True}
    value = None
    try:
        value = work()
        if inspect.isawaitable(value):
            value = asyncio.get_event_loop().run_until_complete(value)
    except BaseException as error:
        report |= {"ok": False, "error": f"{type(error).__name__}: {error}"[:300]}
    # The peers print to the terminal too; a mark tells the reports apart.
    sys.stdout.write(f"\n#report {json.dumps(report)}\n")
    sys.stdout.flush()
    return value


def expect(condition: object, what: str) -> None:
    """Fail the step when the peer's result is not what it should be."""
    if not condition:
        raise AssertionError(what)


def until(final: Callable[[], str], seconds: float = 20) -> str:
    """Ask for a status until it is final."""
    deadline = time.monotonic() + seconds
    while (status := final()) in ("PENDING", "CREATED") and time.monotonic() < deadline:
        time.sleep(0.2)
    return status
