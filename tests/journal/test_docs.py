"""The programs of docs/journal.md run as they stand, but for the places."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

import momopy
from momopy.sandbox import Sandbox
from tests.client.twins import payment

PROGRAMS = re.findall(
    r"```python\n(.*?)```", (Path(__file__).parents[2] / "docs" / "journal.md").read_text(), re.DOTALL
)


@pytest.fixture
def momo(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A local MoMo that programs find in their environment."""
    for name, value in sandbox.env().items():
        monkeypatch.setenv(name, value)
    return sandbox


def test_on_one_host(momo: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from momopy.journal import SQLiteJournal

    with SQLiteJournal(tmp_path / "journal") as journal, momopy.SyncCollection.from_env(journal=journal) as client:
        reference_id = client.request_to_pay(body=payment()).unwrap()["reference_id"]
        names: dict[str, Any] = {}
        exec(PROGRAMS[0].replace("/var/lib/shop/momo.journal", str(tmp_path / "journal")), names)
        names["momo"].close()
        names["momo"]._records._journal.close()
        assert capsys.readouterr().out.startswith(f"{reference_id} request_to_pay (True, ")
        assert journal.open() == []


@pytest.mark.anyio
async def test_on_many_hosts(momo: Sandbox, database: str) -> None:
    names: dict[str, Any] = {}
    program = PROGRAMS[1].replace("postgresql+psycopg://shop@db/shop", database)
    exec(f"async def main():\n{textwrap.indent(program, '    ')}\n    return momo, found", names)
    client, found = await names["main"]()
    assert found == []
    await client.aclose()
    client._records._journal.close()
