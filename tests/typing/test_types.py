"""What mypy and pyright make of programs that use momopy: right ones pass, each wrong line is an error."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

SNIPPETS = Path(__file__).with_name("snippets")
CACHE = SNIPPETS.parents[2] / ".mypy_cache" / "snippets"

# Messages by file and line.
Errors: TypeAlias = dict[str, dict[int, str]]


def run(*command: str | Path) -> str:
    done = subprocess.run(
        # Not from the root: momopy is to be found as users find it, installed and marked as typed.
        [sys.executable, "-m", *command], cwd=SNIPPETS, capture_output=True, text=True, timeout=300, check=False
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


def mypy() -> Errors:
    found: Errors = {"right.py": {}, "wrong.py": {}}
    output = run("mypy", "--strict", "--config-file=", "--output=json", f"--cache-dir={CACHE}", "right.py", "wrong.py")
    for line in output.splitlines():
        if line.startswith("{") and (entry := json.loads(line))["severity"] == "error":
            found.setdefault(entry["file"], {})[entry["line"]] = entry["message"]
    return found


def pyright() -> Errors:
    found: Errors = {"right.py": {}, "wrong.py": {}}
    report = json.loads(run("pyright", "--outputjson", "--pythonpath", sys.executable, "right.py", "wrong.py"))
    for entry in report["generalDiagnostics"]:
        if entry["severity"] == "error":
            found.setdefault(Path(entry["file"]).name, {})[entry["range"]["start"]["line"] + 1] = entry["message"]
    return found


def marked(file: str, mark: str) -> set[int]:
    lines = (SNIPPETS / file).read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if f"# {mark}" in line}


# One test for each checker: they are slow to start, and workers share nothing.
@pytest.mark.parametrize("checker", [mypy, pyright])
def test_right_use_passes_and_each_wrong_line_is_an_error(checker: Callable[[], Errors]) -> None:
    found = checker()
    assert found.keys() == {"right.py", "wrong.py"}, "nothing of momopy itself is complained of"
    other = "pyright" if checker is mypy else "mypy"
    beyond_it = marked("right.py", f"{other} alone")
    assert len(beyond_it) >= 3
    assert {line: text for line, text in found["right.py"].items() if line not in beyond_it} == {}
    assert found["right.py"].keys() == beyond_it, f"it sees through more now: the marks `{other} alone` can go"
    wrong = marked("wrong.py", "wrong")
    assert len(wrong) > 40
    assert wrong - found["wrong.py"].keys() == set(), "lines that it takes"
    assert {line: text for line, text in found["wrong.py"].items() if line not in wrong} == {}
