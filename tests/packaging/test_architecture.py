"""Which module may import which: decisions stay apart from sockets and clocks."""

from __future__ import annotations

import ast
import graphlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "momopy"

# Values in, values out: no clock, no socket, no thread, no file, no chance.
PURE = set(
    """arguments bodies building calls creations errors failure journeys markets operations phones procedure
    profile provisioning reasons result secret settings types urls values version wire""".split()
)
# The same, but for `tokens`, which holds locks and is asked for the name of a token by `profile`.
PURE_MAY_USE = PURE | {"tokens"}
HARMLESS = set(
    """__future__ base64 collections collections.abc contextlib decimal email.utils functools hashlib hmac inspect
    ipaddress json math re types
    typing unicodedata urllib.parse uuid zlib phonenumbers momo_collection_api momo_provisioning_api""".split()
)

# The only modules of the core that may touch these. `blocking` is derived from `awaited`.
EDGES = {
    "asyncio": {"fast", "network", "runtime"},
    "httpcore": {"network"},
    "httpx": {"awaited.driver", "fast", "faults", "network", "requests", "runtime", "transports"},
    "logging": {"observe"},
    "os": {
        "awaited.client",
        "environment",
        "generated",
        "limits",
        "memory",
        "runtime",
        "tokens",
        "transports",
        "workers",
    },
    "random": {"awaited.driver"},
    "socket": {"network"},
    "ssl": {"fast", "faults", "network", "transports"},
    "subprocess": set(),
    "threading": {"generated", "limits", "memory", "runtime", "tokens", "workers"},
    "time": {"awaited.base", "awaited.driver", "awaited.records", "network", "otel", "runtime"},
}

# Loaded when they are asked for, and unknown to the core but for the places that ask.
FOLDERS = ("cli", "journal", "sandbox", "stores")


def _imports(nodes: Iterable[ast.AST], *, lazy: bool) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _imports(node.orelse, lazy=lazy)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not lazy:
            continue
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a module stands"
            for alias in node.names:
                yield f"{node.module}.{alias.name}" if node.module.startswith("momopy") else node.module
        else:
            yield from _imports(ast.iter_child_nodes(node), lazy=lazy)


def _name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


SOURCES = {_name(path): ast.parse(path.read_text()).body for path in sorted(PACKAGE.rglob("*.py"))}
CORE = sorted(name for name in SOURCES if name.split(".")[0] not in {*FOLDERS, "pytest_plugin", "__init__", "__main__"})


def _own(imported: str) -> str:
    """The module of ours that an import names, whether it names the module or something in it."""
    name = imported.removeprefix("momopy").removeprefix(".")
    while name not in SOURCES and "." in name:
        name = name.rpartition(".")[0]
    return name if name in SOURCES else "__init__"


def _ours(name: str, *, lazy: bool) -> set[str]:
    found = {_own(one) for one in _imports(SOURCES[name], lazy=lazy) if one.split(".")[0] == "momopy"}
    return found - {name}


def _others(name: str) -> set[str]:
    return {one for one in _imports(SOURCES[name], lazy=True) if one.split(".")[0] != "momopy"}


def test_the_pure_modules_are_there():
    """A module that moved is named by its new name."""
    assert sorted(PURE - set(SOURCES)) == []


@pytest.mark.parametrize("name", sorted(PURE))
def test_pure_module_stays_pure(name: str):
    """What decides about money can be run millions of times by a checker, without a clock or a socket."""
    others = {one for one in _others(name) if one.split(".")[0] not in HARMLESS}
    assert others - HARMLESS == set()
    assert _ours(name, lazy=True) - PURE_MAY_USE == set()
    text = (PACKAGE / f"{name}.py").read_text()
    assert not re.search(r"\b(?:__import__|import_module|importlib)\b", text), "an import that this test cannot see"


@pytest.mark.parametrize("name", CORE)
def test_only_the_edges_touch_the_world(name: str):
    """Clocks, sockets, threads and the environment have few doors."""
    written = name.replace("blocking", "awaited")
    touched = {one.split(".")[0] for one in _others(name)}
    assert {world for world in touched & set(EDGES) if written not in EDGES[world]} == set()


@pytest.mark.parametrize("name", CORE)
def test_folders_are_loaded_when_asked_for(name: str):
    """No module of the core imports a folder beside it at its top; `stores` is a Protocol until it is used."""
    folders = {one.split(".")[0] for one in _ours(name, lazy=False)} & set(FOLDERS)
    assert folders <= {"stores"}


def test_the_twins_do_not_know_each_other():
    """The blocking half runs without the awaited one, and the other way round."""
    for name in CORE:
        other = {"awaited": "blocking", "blocking": "awaited"}.get(name.split(".")[0])
        assert not [one for one in _ours(name, lazy=True) if other and one.split(".")[0] == other], name


def test_the_local_momo_shares_only_the_markets():
    """A mistake in momopy must not be made by the service that its tests run against as well."""
    for name in SOURCES:
        if name.split(".")[0] == "sandbox":
            shared = {one for one in _ours(name, lazy=True) if one.split(".")[0] != "sandbox"}
            assert shared <= {"markets", "version"}, name


def test_nothing_goes_in_circles():
    """Each module can be read after those that it imports."""
    graph = {name: _ours(name, lazy=False) - {"__init__"} for name in SOURCES if name != "__init__"}
    list(graphlib.TopologicalSorter(graph).static_order())


def test_files_are_short_enough_to_be_read():
    """What people write stays below 500 lines a file."""
    written = [
        path
        for folder in ("momopy", "scripts", "tests", "examples", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if "blocking" not in path.parts and path != PACKAGE / "types.py"
    ]
    assert len(written) > 50
    assert [path.name for path in written if len(path.read_text().splitlines()) > 500] == []
