"""`scripts/lib/environment.sh` makes the environment once, and again when the pins change."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Stands for a Python that has pip: it notes what it is asked to do, and makes a copy of itself as an environment.
PYTHON = """\
#!/bin/sh
case "$1 $2" in
"-m venv")
    echo "venv $3" >>"$LOG"
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    ;;
"-m pip")
    shift 2
    echo "pip $*" >>"$LOG"
    exit "${PIP_EXIT:-0}"
    ;;
*) exec "%s" "$@" ;;
esac
"""


class Machine:
    """A project with its pins, and a Python that is not the machine's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "scripts" / "lib").mkdir(parents=True)
        (folder / "requirements").mkdir()
        shutil.copy(ROOT / "scripts/lib/environment.sh", folder / "scripts/lib/environment.sh")
        (folder / "requirements/dev.txt").write_text("tool==1\n", encoding="utf-8")
        (folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
        self.python = folder / "my python"
        self.python.write_text(PYTHON % sys.executable, encoding="utf-8")
        self.python.chmod(0o755)
        self.log = folder / "log"

    def ensure(self, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run what every script runs first, and stop where it fails."""
        return subprocess.run(
            ["/bin/sh", "-euc", ". scripts/lib/environment.sh; ensure_environment; echo ready"],
            cwd=self.folder,
            # A run on another Python names its own folder for the environment.
            env={**os.environ, "VENV": "", "PYTHON": str(self.python), "LOG": str(self.log), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self) -> list[str]:
        """What was asked of that Python since the last look."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


PINNED = "pip install --quiet --disable-pip-version-check -r requirements/dev.txt"
PROJECT = "pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e ."


def test_an_environment_is_made_once(machine: Machine) -> None:
    run = machine.ensure()
    assert (run.returncode, run.stdout) == (0, "ready\n"), run.stderr
    assert machine.done() == ["venv .venv", PINNED, PROJECT]
    assert machine.ensure().stdout == "ready\n"
    assert machine.done() == []


@pytest.mark.parametrize("name", ["requirements/dev.txt", "pyproject.toml"])
def test_other_pins_are_installed_into_it(machine: Machine, name: str) -> None:
    machine.ensure()
    machine.done()
    with (machine.folder / name).open("a", encoding="utf-8") as file:
        file.write("# another\n")
    assert machine.ensure().returncode == 0
    assert machine.done() == [PINNED, PROJECT]


def test_a_failed_installation_is_tried_again(machine: Machine) -> None:
    run = machine.ensure(PIP_EXIT="1")
    assert (run.returncode, run.stdout) == (1, "")
    assert machine.done() == ["venv .venv", PINNED]
    assert machine.ensure().stdout == "ready\n"
    assert machine.done() == [PINNED, PROJECT]


def test_another_folder_can_be_named(machine: Machine) -> None:
    assert machine.ensure(VENV=".venv-other").returncode == 0
    assert machine.done()[0] == "venv .venv-other"
    assert not (machine.folder / ".venv").exists()


def test_a_python_that_is_too_old_is_refused(machine: Machine) -> None:
    machine.python.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    run = machine.ensure()
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == "Python 3.11 or newer is needed; PYTHON=/path/to/python names one.\n"
