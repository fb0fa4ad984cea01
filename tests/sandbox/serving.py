"""A sandbox in a process of its own, as `momopy sandbox` serves it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Served(NamedTuple):
    """The process, and the environment variables that it printed."""

    process: subprocess.Popen[str]
    env: dict[str, str]

    @property
    def port(self) -> str:
        """The port that it listens on."""
        return self.env["MOMO_BASE_URL"].rpartition(":")[2]


@contextmanager
def served(*arguments: str) -> Iterator[Served]:
    """A sandbox that has printed its variables; it is killed in the end."""
    command = [sys.executable, "-u", "-m", "momopy.sandbox", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            env: dict[str, str] = {}
            said = ""
            while "MOMO_TARGET_ENVIRONMENT" not in env:
                line = process.stdout.readline()
                assert line, said
                said += line
                if line.startswith("export "):
                    name, _, value = line.removeprefix("export ").strip().partition("=")
                    env[name] = value
            yield Served(process, env)
        finally:
            process.kill()
