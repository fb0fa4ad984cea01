"""Every script of examples/ runs against a local MoMo, and says what a reader expects of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from momopy.sandbox import Sandbox

EXAMPLES = Path(__file__).parents[2] / "examples"

# script, arguments, exit code, what it prints
RUNS = [
    ("pay.py", [], 0, ["SUCCESSFUL", "Paid: 5 EUR"]),
    ("pay.py", ["46733123451", "7"], 1, ["FAILED", "Not paid: The payer said no on the phone."]),
    ("pay.py", ["46733123499", "free"], 1, ["Not asked for: amount"]),
    ("pay_blocking.py", [], 0, ["SUCCESSFUL", "Paid: 5 EUR"]),
    ("pay_blocking.py", ["46733123452"], 1, ["FAILED", "Not paid: The payer did not approve in time"]),
    ("withdraw.py", [], 0, ["Withdrawn: 20 EUR"]),
    ("withdraw.py", ["46733123455"], 1, ["not_created: The payer has no wallet under this number. Reference "]),
    ("invoice.py", ["46733123499", "0.1"], 0, ["taken back"]),
    ("invoice.py", ["56733123453"], 0, ["paid: 25 EUR"]),
    ("invoice.py", ["46733123451"], 0, ["not paid: The payer said no on the phone."]),
    ("pre_approval.py", [], 0, [": APPROVED", "Ended."]),
    ("pre_approval.py", ["46733123451"], 1, ["failed: The payer said no on the phone."]),
    ("balance.py", [], 0, [" account  1000 EUR", "     EUR  1000 EUR"]),
    ("balance.py", ["EUR", "XXX"], 1, ["     EUR  1000 EUR", "     XXX  "]),
    ("user_info.py", [], 0, ["given_name ", "family_name ", "birthdate "]),
]


@pytest.mark.parametrize(("script", "arguments", "code", "says"), RUNS)
def test_script_runs_and_prints(momo_sandbox: Sandbox, script: str, arguments: list[str], code: int, says: list[str]):
    """A script ends with the exit code that its outcome deserves, and nothing goes to stderr."""
    momo_sandbox.set_speed(100)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOMO_")}
    run = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / script), *arguments],
        env=kept | momo_sandbox.env(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.stderr == ""
    assert run.returncode == code, run.stdout
    for text in says:
        assert text in run.stdout


def test_every_example_is_run():
    """A new example has a row above, or a test in test_shops.py."""
    shops = {path.name for path in EXAMPLES.glob("shop_*.py")}
    tested = (Path(__file__).parent / "test_shops.py").read_text()
    assert {path.name for path in EXAMPLES.glob("*.py")} == {script for script, *_ in RUNS} | shops
    assert all(f'"{Path(name).stem}"' in tested for name in shops)


def test_the_page_of_examples_names_each():
    """A reader of examples/README.md finds all of them."""
    page = (EXAMPLES / "README.md").read_text()
    assert all(f"`{path.name}`" in page for path in EXAMPLES.glob("*.py"))
