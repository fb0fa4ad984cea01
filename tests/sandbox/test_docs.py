"""The steps and every line of code of docs/sandbox.md, as a reader would run them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest

import momopy
import momopy.sandbox
from momopy.sandbox import CallbackMode, Sandbox, Switches, outcomes, run
from momopy.sandbox.faults import KINDS, PRESETS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sandbox.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
FILES = {block.split("\n", 1)[0].removeprefix("# "): block for block in BLOCKS if block.startswith("# ")}
FRAGMENTS = [block for block in BLOCKS if not block.startswith("# ")]
LINES = re.findall(r"^\|.*\| `([^`]*[(=][^`]*)` \|$", PAGE, re.MULTILINE)
LINES = [line for line in LINES if line.startswith(("pay(", "momo.", "sandbox."))]


def test_the_shop_and_its_test(tmp_path: Path) -> None:
    assert sorted(FILES) == ["shop.py", "test_shop.py"]
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")]),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
    }
    command = [sys.executable, "-m", "pytest", "-p", "momopy.pytest_plugin", "-q", "-W", "error", "--rootdir", "."]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert "3 passed" in done.stdout, done.stdout + done.stderr


def namespace(sandbox: Sandbox) -> dict[str, Any]:
    """What the page says its lines of code use."""
    names: dict[str, Any] = {"momopy": momopy, "sandbox": sandbox}
    exec(next(block for block in FRAGMENTS if "def pay(" in block), names)
    names["momo"].close()
    # Some of the numbers make a careful client try again for a minute.
    names["momo"] = momopy.SyncCollection(**sandbox.credentials(), timeout=0.5)
    return names


def test_the_longer_pieces(capsys: pytest.CaptureFixture[str]) -> None:
    with run(speed=0) as sandbox:
        names: dict[str, Any] = {"momopy": momopy, "sandbox": sandbox}
        for block in FRAGMENTS:
            exec(block, names)
        names["momo"].close()
    assert "http://127.0.0.1:" in capsys.readouterr().out


@pytest.mark.parametrize("line", LINES)
def test_every_line_in_a_table(line: str) -> None:
    with run(speed=0) as sandbox:
        names = namespace(sandbox)
        try:
            exec(line, names)
        finally:
            names["momo"].close()


def test_the_page_names_every_switch_fault_mode_and_number() -> None:
    for settings in (Switches, CallbackMode):
        for field in attrs.fields(settings):
            assert f".{field.name} = " in PAGE, field.name
    for name in (*KINDS, *PRESETS):
        assert f'sandbox.fault("{name}"' in PAGE, name
    for number in outcomes.PAYMENTS_BY_PAYER:
        assert f'pay("{number}")' in PAGE, number
    for holder in outcomes.HOLDERS:
        assert holder in PAGE, holder
    for amount in outcomes.BILLS_BY_AMOUNT:
        assert amount in PAGE
    assert len(LINES) > 60
