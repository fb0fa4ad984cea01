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


# What a careful reader tries next with the page's shop: a slow database, and a MoMo that does not answer.
HARDER = """
import time

import momopy
import pytest
from test_shop import shop

ORDER = {"amount": "12.50", "number": "46733123499"}


class SlowOrders(dict):
    def __setitem__(self, name, order):
        time.sleep(0.5)
        super().__setitem__(name, order)

    def setdefault(self, name, order):
        time.sleep(0.5)
        return super().setdefault(name, order)


def test_the_callback_finds_an_order_that_is_stored_slowly(shop, momo_sandbox, module):
    module.orders = SlowOrders()
    assert shop.post("/orders/order-1", json=ORDER).status_code == 202
    assert momo_sandbox.wait_for_callback().status == 200
    # Not asked for: only the callback can have told.
    assert module.orders["order-1"]["status"] == "SUCCESSFUL"


@pytest.mark.parametrize("kind", ["lost_answer", "cut"])
def test_an_unknown_outcome_is_pending_and_paid_once(shop, momo_sandbox, module, kind):
    module.momo.close()
    module.momo = momopy.SyncCollection.from_env(timeout=0.5)
    momo_sandbox.callback_mode.send = False
    momo_sandbox.fault(kind, times=None, method="POST", path="requesttopay")
    momo_sandbox.fault("status", status=503, times=None, method="GET", path="requesttopay")
    unknown = shop.post("/orders/order-1", json=ORDER)
    assert (unknown.status_code, unknown.json) == (202, {"status": "PENDING"})
    assert module.orders["order-1"]["unknown"]
    assert shop.get("/orders/order-1").json == {"status": "PENDING"}
    momo_sandbox.clear_faults()
    for _ in range(3):
        assert shop.post("/orders/order-1", json=ORDER).status_code == 202
    assert shop.get("/orders/order-1").json == {"status": "SUCCESSFUL"}
    momo_sandbox.assert_collected("12.50", "EUR", times=1)


def test_a_wrong_number_can_be_corrected(shop, momo_sandbox):
    assert shop.post("/orders/order-1", json=ORDER | {"number": "none"}).status_code == 502
    assert shop.get("/orders/order-1").status_code == 404
    assert shop.post("/orders/order-1", json=ORDER).status_code == 202


@pytest.fixture
def module(shop):
    import sys

    return sys.modules["shop"]
"""


def pytest_in(folder: Path) -> str:
    """What pytest prints in a folder that holds the files of the page."""
    assert sorted(FILES) == ["shop.py", "test_shop.py"]
    for name, text in FILES.items():
        (folder / name).write_text(text)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")]),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
    }
    command = [sys.executable, "-m", "pytest", "-p", "momopy.pytest_plugin", "-q", "-W", "error", "--rootdir", "."]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout + done.stderr


def test_the_shop_and_its_test(tmp_path: Path) -> None:
    printed = pytest_in(tmp_path)
    assert "4 passed" in printed, printed


def test_the_shop_is_careful(tmp_path: Path) -> None:
    (tmp_path / "test_harder.py").write_text(HARDER)
    printed = pytest_in(tmp_path)
    assert "8 passed" in printed, printed


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
