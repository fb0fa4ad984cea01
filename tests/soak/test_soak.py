"""One virtual hour of the soak; `./scripts/soak` runs three days."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "soak.py"


def test_an_hour_of_payments_leaves_nothing_behind() -> None:
    """3,600 payments with lost requests and callbacks: all ends known and right, nothing grows."""
    run = subprocess.run([sys.executable, str(SCRIPT), "1"], capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "told wrong: 0" in run.stdout
