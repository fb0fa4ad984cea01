"""The rules of the local MoMo know no socket, no server, no page and no file."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import momopy.sandbox

FOLDER = Path(momopy.sandbox.__file__).parent
# What may touch the outside, and with what.
EDGES = {
    "__init__": set(),
    "__main__": set(),
    "app": {"asyncio", "logging", "starlette", "time"},
    "clock": {"time"},
    "command": {"click", "signal"},
    "control": {"starlette"},
    "inspection": {"threading", "time"},
    "misbehave": {"asyncio", "http", "socket", "starlette", "struct"},
    "page": {"asyncio", "jinja2", "starlette"},
    "sender": {"asyncio", "httpx", "socket"},
    "reqlog": {"logging"},
    "server": {"asyncio", "logging", "socket", "starlette", "threading", "uvicorn"},
    "statefile": {"sqlite3"},
    "steering": {"click", "httpx"},
    "web": {"starlette"},
    "world": {"threading", "time"},
}
OUTSIDE = set().union(*EDGES.values())


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_only_the_edges_touch_the_outside(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    roots = {name.partition(".")[0] for name in imported}
    assert roots & OUTSIDE <= EDGES.get(path.stem, set())
    # A sandbox that used the client's own code would share its mistakes.
    ours = {name for name in imported if name.startswith("momopy.") and not name.startswith("momopy.sandbox")}
    assert ours <= {"momopy.markets"}


def test_no_file_is_long() -> None:
    for path in FOLDER.rglob("*"):
        if path.suffix in (".py", ".html", ".css", ".js"):
            assert len(path.read_text().splitlines()) <= 500, path
