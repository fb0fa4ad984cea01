"""The short form of scripts/sandbox-contract: schemathesis against the running server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_nothing_undocumented_is_answered() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "sandbox_contract.py"), "--cases", "3", "--least", "500"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "nothing undocumented" in done.stdout
