"""Every program in README.md runs as it stands, and every command in it is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from momopy.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PROGRAMS = [text for language, text in BLOCKS if language == "python" and "def test_" not in text]
TESTS = [text for language, text in BLOCKS if language == "python" and "def test_" in text]
COMMANDS = [line for language, text in BLOCKS if language == "sh" for line in text.splitlines()]

# What each program prints, in the order of the page.
PRINTS = [
    ["'status': 'PENDING'", "SUCCESSFUL"],
    ["'status': 'PENDING'", "SUCCESSFUL"],
    ["1000\n"],
    ["(True, {'reference_id'"],
    [""],
    ["'status': 'PENDING'})\n(True, {'reference_id'"],
    ["amount has more decimals than EUR, which has 2\n"],
    ["FAILED\nThe payer said no on the phone.\npayer\nnew id\n"],
    ["1000\n"],
    ["12\n"],
]


def _heading(program: str) -> str:
    return re.findall(r"^#+ (.*)$", PAGE[: PAGE.index(program)], re.MULTILINE)[-1]


def _run(
    sandbox: Sandbox, *command: str, cwd: Path, flags: tuple[str, ...] = ("-W", "error")
) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOMO_")}
    return subprocess.run(
        [sys.executable, *flags, *command],
        env=kept | sandbox.env(),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_page_has_what_it_promises():
    """The programs below are found: an empty list would pass every test."""
    assert len(PROGRAMS) == len(PRINTS) >= 10
    assert len(TESTS) == 1


@pytest.mark.parametrize(("program", "prints"), [*zip(PROGRAMS, PRINTS, strict=True)], ids=[*map(_heading, PROGRAMS)])
def test_program_runs(momo_sandbox: Sandbox, tmp_path: Path, program: str, prints: list[str]):
    """It ends well, prints what the page says, and nothing to stderr."""
    (tmp_path / "pay.py").write_text(program)
    # The program that other people's users have never closed anything, of which Python says nothing unless asked.
    closes = "with " in program or "MockTransport" in program
    run = _run(momo_sandbox, "pay.py", cwd=tmp_path, flags=("-W", "error") if closes else ())
    assert (run.returncode, run.stderr) == (0, "")
    for text in prints:
        assert text in run.stdout


def test_tests_pass(momo_sandbox: Sandbox, tmp_path: Path):
    """The tests that the page shows pass in a project of its own."""
    (tmp_path / "test_shop.py").write_text(TESTS[0])
    run = _run(momo_sandbox, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path)
    assert run.returncode == 0, run.stdout
    assert "2 passed" in run.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_command_exists(command: str):
    """A script is there and can be run; a subcommand of momopy is known."""
    first, *arguments = command.partition("#")[0].split()
    if first.startswith("./"):
        assert os.access(ROOT / first, os.X_OK)
    elif first == "momopy":
        run = subprocess.run(
            [sys.executable, "-m", "momopy.cli", *arguments, "--help"], capture_output=True, check=False
        )
        assert run.returncode == 0
    else:
        assert first in {"python3", "python", "pip", "."}


def test_every_public_method_is_named():
    """A reader of the table finds all that a client can do."""
    import momopy

    methods = {name for name in dir(momopy.Collection) if not name.startswith("_")}
    assert {name for name in methods - {"isActive", "aclose", "from_env"} if f"`{name}`" not in PAGE} == set()


def test_every_extra_and_outcome_is_named():
    """The tables are complete."""
    from importlib import metadata
    from typing import get_args

    from momopy.failure import Outcome

    for name in [*metadata.metadata("momopy-collection").get_all("Provides-Extra"), *get_args(Outcome)]:
        assert f"| `{name}` |" in PAGE
