"""The two commands, and what they stand on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = sorted(path for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix)
SHELL = [*COMMANDS, *sorted((ROOT / "scripts" / "lib").glob("*.sh")), ROOT / ".ci" / "run"]


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.name)
def test_command_is_plain_shell_and_says_what_it_does(path: Path):
    """It can be run, by any POSIX shell, from any folder, and its second line is for the reader."""
    lines = path.read_text().splitlines()
    assert os.access(path, os.X_OK)
    assert lines[0] == "#!/bin/sh"
    assert re.match(r"# [A-Z]", lines[1])
    assert "set -eu" in lines
    assert 'cd "$(dirname "$0")/.."' in lines


@pytest.mark.parametrize("path", SHELL, ids=lambda path: path.name)
def test_shell_can_be_parsed(path: Path):
    """No script is broken in a branch that is seldom taken."""
    subprocess.run(["sh", "-n", str(path)], check=True)


def test_page_for_contributors_names_every_command():
    """A command that nobody knows of is none."""
    page = (ROOT / "CONTRIBUTING.md").read_text()
    assert [
        path.name for path in COMMANDS if f"`scripts/{path.name}`" not in page and f"`{path.name}`" not in page
    ] == []


def test_demo_goes_as_it_should(sent: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Every step in both twins, a payment that is watched, one rejected, one still pending, and two refusals."""
    import demo

    for name in [name for name in os.environ if name.startswith("MOMO_")]:
        monkeypatch.delenv(name)
    assert demo.main() == 0
    said = capsys.readouterr()
    assert said.err == ""
    # In this process, so that all it sends is held against the specs.
    assert len(sent) > 40
    _, *twins = re.split(r"^(?:Awaited|Blocking): .*$", said.out, flags=re.MULTILINE)
    assert len(twins) == 2
    for said in twins:
        steps = ["provision", "token", "balance", "account check", "request to pay", "paid", "rejected", "withdrawn"]
        assert all(f"\n  {step} " in said for step in steps)
        assert re.search(r"5 EUR from 46733123499: PENDING.*\n.*: PENDING\n.*phone\n.*: SUCCESSFUL\n", said)
        assert "APPROVAL_REJECTED: The payer said no on the phone." in said
        assert "still pending          outcome 'pending'" in said
        assert said.count("(False, {'outcome': 'not_created'") == 2


def test_demo_fails_when_a_step_does_not_go_well(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """The exit code tells, and the step that went wrong is named."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import demo

    monkeypatch.setattr(demo, "SAYS_NO", "46733123452")
    monkeypatch.setattr(demo, "DELAY", 0.0)
    assert demo.main() == 1
    assert "the payment failed for another reason" in capsys.readouterr().err


def _tools(folder: Path, **scripts: str) -> str:
    """A folder for PATH with nothing but these, and what a shell needs."""
    for name in ("sh", "grep", "env"):
        (folder / name).symlink_to(shutil.which(name))
    for name, text in scripts.items():
        path = folder / name.replace("_", "-")
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
    return str(folder)


def _programs(folder: Path, path: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shutil.which("sh"), "-euc", f". {ROOT}/scripts/lib/programs.sh; ensure_programs; echo and on"],
        env={"PATH": path, "LOG": str(folder / "log")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_root_on_debian_gets_what_is_missing(tmp_path: Path):
    """What is there already is not asked for again."""
    path = _tools(tmp_path, id="echo 0", apt_get='echo "$@" >>"$LOG"', initdb="", chromium="")
    assert _programs(tmp_path, path).stdout == "and on\n"
    assert (tmp_path / "log").read_text().splitlines() == [
        "update -qq",
        "install -y -qq --no-install-recommends redis-server",
    ]


def test_failing_to_install_is_not_the_end(tmp_path: Path):
    """The tests that need the program are skipped then."""
    path = _tools(tmp_path, id="echo 0", apt_get="exit 100", initdb="", chromium="")
    run = _programs(tmp_path, path)
    assert run.stdout == "and on\n"
    assert "the tests that need them are skipped" in run.stderr


def test_other_users_are_told_what_is_missing(tmp_path: Path):
    """Nothing is installed without the right to."""
    path = _tools(tmp_path, id="echo 1000", apt_get='echo "$@" >>"$LOG"', initdb="", redis_server="")
    run = _programs(tmp_path, path)
    assert run.stdout == "and on\n"
    assert run.stderr.endswith("skipped: chromium\n")
    assert not (tmp_path / "log").exists()


def test_nothing_is_asked_for_when_all_is_there(tmp_path: Path):
    """A second run is quiet."""
    path = _tools(tmp_path, id="echo 0", apt_get='echo "$@" >>"$LOG"', initdb="", redis_server="", chromium="")
    run = _programs(tmp_path, path)
    assert (run.stdout, run.stderr) == ("and on\n", "")
    assert not (tmp_path / "log").exists()


def test_python_of_a_version_is_found(tmp_path: Path):
    """The one that runs this is found by its version, and no other is taken for it."""
    version = "{}.{}".format(*sys.version_info)
    find = f". {ROOT}/scripts/lib/programs.sh; find_version"
    path = f"{tmp_path}:{os.environ['PATH']}"
    (tmp_path / f"python{version}").symlink_to(sys.executable)
    (tmp_path / "python3.9").symlink_to(sys.executable)
    found = subprocess.run(
        ["sh", "-c", f"{find} {version}"], env={"PATH": path, "HOME": "/"}, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == f"python{version}"
    other = subprocess.run(
        ["sh", "-c", f"{find} 3.9"], env={"PATH": path, "HOME": "/"}, capture_output=True, text=True, check=False
    )
    assert (other.returncode, other.stdout) == (1, "")
