"""Processes by the hundred: one that has loaded all it needs, and forks for each job. Run as a program it is that one.

A test runner has threads and must not be forked itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import traceback
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[2]


class Nursery:
    """The parent's end."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.journal.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def run(self, function: str, *jobs: dict[str, Any]) -> list[tuple[int, Any]]:
        """Call a function (`module:name`) with each job, in a process each, all at once.

        For each: how the process ended (0, or minus the signal that ended it), and what the function returned.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([function, jobs]), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, "the nursery is gone"
        return [(ended, json.loads(said) if said else None) for ended, said in json.loads(answer)]


def _child(function: str, job: dict[str, Any], out: int) -> None:
    status = 1
    try:
        module, _, name = function.partition(":")
        said = getattr(import_module(module), name)(**job)
        os.write(out, json.dumps(said).encode())
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _fork(function: str, job: dict[str, Any]) -> tuple[int, int]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _child(function, job, writing)
    os.close(writing)
    return pid, reading


def _collect(pid: int, reading: int) -> tuple[int, str]:
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said


def main() -> None:
    """Serve jobs until there are no more."""
    import_module("tests.journal.crashing").warm()
    import_module("tests.journal.claiming")
    with contextlib.suppress(ModuleNotFoundError):
        import_module("sqlalchemy.dialects.sqlite")
        import_module("sqlalchemy.dialects.postgresql.psycopg")
        import_module("psycopg")
    for line in sys.stdin:
        function, jobs = json.loads(line)
        born = [_fork(function, job) for job in jobs]
        print(json.dumps([_collect(*each) for each in born]), flush=True)


if __name__ == "__main__":
    main()
