"""One contender, one row, in a process of its own. Prints what it took as JSON on the real standard output."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import sys
import threading
import time
import warnings
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from benchmarks import contenders, share
from benchmarks.server import Site


def peak_memory() -> int:
    """KiB that this process has held at most. getrusage counts what its parent held before exec, too."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


class Tally:
    """Counts the calls that failed, by the name of what was raised."""

    def __init__(self) -> None:
        self.errors: Counter[str] = Counter()

    def blocking(self, operation: Callable[[str], None], keys: list[str]) -> None:
        """Call one after the other."""
        for key in keys:
            try:
                operation(key)
            except Exception as exc:
                self.errors[type(exc).__name__] += 1

    async def awaited(self, operation: Callable[[str], Awaitable[None]], key: str) -> None:
        """Call once."""
        try:
            await operation(key)
        except Exception as exc:
            self.errors[type(exc).__name__] += 1


class Watch:
    """What passes between its start and its stop."""

    def __init__(self) -> None:
        # What was loaded for good is walked over now, not at a random moment of the 600 to 5,000 calls that follow.
        gc.collect()
        self._rss = peak_memory()
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def stop(self, calls: int, tally: Tally) -> dict[str, Any]:
        """Microseconds for each call, KiB in all."""
        cpu, wall = time.process_time() - self._cpu, time.perf_counter() - self._wall
        peak = peak_memory()
        return {
            "cpu": cpu / calls * 1e6,
            "wall": wall / calls * 1e6,
            "peak": peak,
            "grown": peak - self._rss,
            "errors": dict(tally.errors),
        }


def blocking(operation: Callable[[str], None], threads: int, calls: int, warm: int) -> dict[str, Any]:
    """Measure calls from some threads."""
    tally = Tally()
    keys = [contenders.new_key() for _ in range(calls)]

    def spread(keys: list[str]) -> None:
        if threads == 1:
            tally.blocking(operation, keys)
            return
        running = [
            threading.Thread(target=tally.blocking, args=(operation, keys[at::threads])) for at in range(threads)
        ]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()

    spread([contenders.new_key() for _ in range(warm)])
    tally.errors.clear()
    watch = Watch()
    spread(keys)
    return watch.stop(calls, tally)


async def awaited(operation: Callable[[str], Awaitable[None]], tasks: int, calls: int, warm: int) -> dict[str, Any]:
    """Measure calls by some tasks at once: they begin together, and the next ones when all are done."""
    tally = Tally()
    keys = [contenders.new_key() for _ in range(calls)]

    async def spread(keys: list[str]) -> None:
        if tasks == 1:
            for key in keys:
                await tally.awaited(operation, key)
            return
        for at in range(0, len(keys), tasks):
            await asyncio.gather(*[tally.awaited(operation, key) for key in keys[at : at + tasks]])

    await spread([contenders.new_key() for _ in range(warm)])
    tally.errors.clear()
    watch = Watch()
    await spread(keys)
    return watch.stop(calls, tally)


def measure(task: dict[str, Any]) -> dict[str, Any]:
    """Do what a row asks for."""
    site = Site(task["url"], task["ca"])
    name, operation, at_once = task["contender"], task["operation"], task["at_once"]
    calls, warm = task["calls"], task["warm"]
    makers = {**contenders.BLOCKING, **share.BLOCKING}
    if name in makers:
        return blocking(makers[name](site)[operation], at_once, calls, warm)
    maker = {**contenders.AWAITED, **share.AWAITED}[name]

    async def main() -> dict[str, Any]:
        return await awaited((await maker(site))[operation], at_once, calls, warm)

    # mobilemoney.py takes the event loop when it is imported.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop.run_until_complete(main())


def main() -> None:
    """Some peers print what they send and receive: only the result may reach the terminal."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    out = os.dup(1)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    try:
        told = measure(json.loads(sys.argv[1]))
    except Exception as exc:
        told = {"failed": f"{type(exc).__name__}: {exc}"[:200]}
    os.write(out, json.dumps(told).encode())
    # Connections that a contender leaves open are its own affair.
    os._exit(0)


if __name__ == "__main__":
    main()
