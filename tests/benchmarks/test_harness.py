"""The benchmarks run: each contender of a row answers rightly, and the report has its figures. No time is asserted."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks import report, safety  # noqa: E402
from benchmarks.__main__ import run_one  # noqa: E402
from benchmarks.rows import ROWS, Row  # noqa: E402
from benchmarks.server import Server  # noqa: E402

pytestmark = pytest.mark.skipif(
    (shutil.which("nginx") or shutil.which("/usr/sbin/nginx")) is None or shutil.which("openssl") is None,
    reason="nginx and openssl are needed",
)

OURS = ("socket", "httpx.Client", "momopy.SyncCollection", "asyncio", "httpx.AsyncClient", "momopy.Collection")
FAST = ("aiohttp", "momopy.Collection, fast") if importlib.util.find_spec("aiohttp") else ()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def row(operation: str, scheme: str, at_once: int = 1) -> Row:
    return next(row for row in ROWS if (row.operation, row.scheme, row.at_once) == (operation, scheme, at_once))


@pytest.mark.parametrize("contender", OURS + FAST)
def test_a_contender_answers_rightly_over_tls(server: Server, contender: str) -> None:
    told = run_one(server, row("pay", "https"), contender, 4)
    assert told["errors"] == {}
    assert told["calls"] == 4
    assert told["connections"] >= 1


def test_every_answer_is_its_own_and_wrong_ones_are_counted(server: Server) -> None:
    assert run_one(server, row("status", "http", 100), "momopy.Collection", 200)["errors"] == {}
    # A contender that asks for one payment and expects another is found out.
    program = (
        "from benchmarks import contenders, worker; from benchmarks.server import Site\n"
        f"operation = contenders.raw_socket(Site({server.sites['http'].url!r}, None))['status']\n"
        "tally = worker.Tally()\n"
        "true = contenders._request; other = contenders.new_key()\n"
        "contenders._request = lambda site, method, path, *rest: true(site, method, path[:-36] + other, *rest)\n"
        "tally.blocking(operation, [contenders.new_key() for _ in range(3)])\n"
        "print(dict(tally.errors))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'WrongAnswer': 3}"


def test_the_report_holds_each_figure() -> None:
    rows = [row("pay", "http"), row("pay", "http", 100)]
    found: dict[tuple[str, str], list[dict[str, Any]]] = {
        (one.title, name): [
            {"cpu": 100.0 if "momopy" in name else 200.0, "wall": 300.0, "peak": 2048, "errors": {}, "calls": 5}
            | {"connections": 1}
        ]
        for one in rows
        for name in one.contenders
    }
    loaded = {statement: [[0.1, 0.05, 3072, 1024]] for statement in report.IMPORTS}
    loaded["import momopy"] = [[0.2, 0.1, 5120, 1024]]
    text = report.document(rows, found, loaded, "a box", 1, 60)
    assert "| **momopy.SyncCollection** | 100 | 0.50 | 300 | 1.00 | 1 / 5 | 2 | 0 of 5 |" in text
    assert "| Collection, CPU, pay / balance / status / pay over HTTPS | ≤ 0.65 | 0.50 |" in text
    assert "| `import momopy` | 200.0 | 100.0 | 2.00 | 4.0 | 2.00 |" in text
    assert report.plot(rows, found).count("<rect") == len(rows[1].contenders) + 1


def test_the_rows_can_be_described_to_a_process() -> None:
    assert len({row.title for row in ROWS}) == len(ROWS)
    for one in ROWS:
        assert json.loads(json.dumps(one._asdict()))["contenders"]


@pytest.mark.parametrize("twin", ["blocking", "awaited"])
def test_the_call_without_the_rules_is_one(twin: str, monkeypatch: pytest.MonkeyPatch):
    """The comparison puts parts of the driver out of the way by their names."""
    monkeypatch.setattr(safety, "ROUNDS", 1)
    with Server() as server:
        rules, bare = getattr(safety, twin)(server.sites["http"].url, 3)
    assert rules > 0
    assert bare > 0
