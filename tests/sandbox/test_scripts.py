"""The load script in its short form; the peers script needs packages from elsewhere and is run by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_load_script_finds_no_wrong_answer() -> None:
    arguments = ["--connections", "16", "--seconds", "1", "--races", "200"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "sandbox_load.py"), *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = dict(line.strip().split("  ", 1) for line in done.stdout.splitlines() if "  " in line.strip())
    assert lines["wrong answers"].strip() == "0", done.stdout + done.stderr
    assert lines["202 and 409"].strip() == "200"
    assert int(lines["requests"]) > 100
