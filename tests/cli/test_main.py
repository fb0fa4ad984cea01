"""`python -m momopy`: what it loads, and what it says of itself."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from momopy.cli.commands import COMMANDS
from momopy.cli.commands import momopy as command

# What a list of the commands has no use for.
HEAVY = ["aiohttp", "asyncio", "httpx", "momo_collection_api", "momopy.awaited", "momopy.blocking", "momopy.sandbox"]


def module(*arguments: str, flags: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run it as a person does."""
    return subprocess.run(
        [sys.executable, *flags, "-m", "momopy", *arguments], capture_output=True, text=True, check=False
    )


def test_it_is_the_command() -> None:
    said = module("--version")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == CliRunner().invoke(command, ["--version"]).output
    assert module("no-such-command").returncode == 2


def test_the_list_of_commands_loads_none_of_them() -> None:
    program = f"""
import runpy, sys
sys.argv = ["momopy", "--help"]
try:
    runpy.run_module("momopy", run_name="__main__")
except SystemExit as end:
    assert end.code == 0, end.code
import json
print(json.dumps([name for name in {HEAVY} if name in sys.modules]))
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    *shown, loaded = said.stdout.splitlines()
    assert any(line.strip() == "Commands:" for line in shown)
    assert json.loads(loaded) == []


def test_to_import_it_runs_nothing() -> None:
    said = subprocess.run([sys.executable, "-c", "import momopy.__main__"], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


@pytest.mark.parametrize("name", ["", *sorted(COMMANDS)])
def test_a_python_without_docstrings_describes_it_too(name: str) -> None:
    arguments = [name, "--help"] if name else ["--help"]
    said = module(*arguments, flags=("-OO",))
    assert (said.returncode, said.stderr) == (0, "")
    described = said.stdout.split("\n\n")[1]
    assert described.startswith("  ")
    assert len(described.split()) >= 8
    if name != "sandbox":  # which has a longer text, with docstrings
        assert said.stdout == module(*arguments).stdout


@pytest.mark.parametrize("name", ["doctor", "provision"])
def test_every_option_is_explained(name: str) -> None:
    found = command.get_command(click.Context(command), name)
    assert found is not None
    options = [option for option in found.params if isinstance(option, click.Option)]
    assert len(options) >= 3
    assert [option.name for option in options if not option.help] == []
    assert "=True" not in found.get_help(click.Context(found))


def test_the_help_lists_every_command() -> None:
    shown = CliRunner().invoke(command, ["--help"], terminal_width=200).output
    for name, (_, text) in COMMANDS.items():
        assert f"{name} " in shown
        assert text in " ".join(shown.split())
