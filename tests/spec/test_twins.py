"""The blocking half is the awaited one with other names, whoever derives it."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import derive_twins
import pytest
from derive_twins import Rules, derive
from derive_twins import derive_twins as derive_all
from generate_clients import RegenerationError

RULES = Rules(
    modules={"awaited": "blocking"},
    names={"Shop": "SyncShop", "aclose": "close", "__aenter__": "__enter__", "__aexit__": "__exit__"},
    dropped=("async", "await"),
)
ROOT = Path(__file__).resolve().parents[2]

SAMPLE = '''\
"""Sells what Shop has; awaited is what it sells."""

from momopy import wire
from momopy.awaited.shelf import (
    Shelf,  # async, await, Shop
)


class Shop(Shelf):
    awaited = "await the Shop"

    async def __aenter__(self) -> "Shop":
        return self

    async def __aexit__(self, *args: object) -> None:
        await self.aclose()

    async def sell(self, awaited: int) -> str:
        async with self.till as till:
            async for coin in till:
                print(f"await {coin}, Shop {awaited}")
        return (
            await
            self.wrap(awaited, key=await self.key())
        )
'''
TWIN = '''\
# Derived from momopy/awaited/shop.py by scripts/regenerate; a change made here is lost.
"""Sells what Shop has; awaited is what it sells."""

from momopy import wire
from momopy.blocking.shelf import (
    Shelf,  # async, await, Shop
)


class SyncShop(Shelf):
    awaited = "await the Shop"

    def __enter__(self) -> "Shop":
        return self

    def __exit__(self, *args: object) -> None:
        self.close()

    def sell(self, awaited: int) -> str:
        with self.till as till:
            for coin in till:
                print(f"await {coin}, Shop {awaited}")
        return (
            self.wrap(awaited, key=self.key())
        )
'''


def test_names_are_renamed_and_texts_and_comments_are_not() -> None:
    assert derive(SAMPLE, "momopy/awaited/shop.py", RULES).text == TWIN


def test_every_use_of_a_rule_is_counted() -> None:
    used = derive(SAMPLE, "shop", RULES).used
    assert used == {
        "module awaited": 1,
        "Shop": 1,
        "aclose": 1,
        "__aenter__": 1,
        "__aexit__": 1,
        "async": 5,
        "await": 3,
    }
    assert used.keys() == RULES.all()


@pytest.mark.parametrize(
    "text",
    ['f"{await x()}"', 'f"{Shop}"', 'f"""a\n{await x()}"""', 'rF"{x.aclose}"', 'f"{x:>{await width()}}"'],
)
def test_an_f_string_that_would_need_a_rule_is_refused(text: str) -> None:
    with pytest.raises(RegenerationError, match=r"shop:2: (await|Shop|aclose) inside an f-string"):
        derive(f"async def f():\n    return {text}\n", "shop", RULES)


@pytest.mark.parametrize("text", ['f"{x} await"', 'f"{x!r:>5}"', '"{await x}"', 'f"{awaiting}"'])
def test_other_f_strings_are_left_alone(text: str) -> None:
    assert derive(f"y = {text}\n", "shop", RULES).text.splitlines()[1] == f"y = {text}"


def test_a_rule_that_nothing_needs_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {**derive_twins.NAMES, "AsyncShop": "Shop"}
    monkeypatch.setattr(derive_twins, "RULES", derive_twins.RULES._replace(names=names))
    with pytest.raises(RegenerationError, match="no source needs the rules AsyncShop"):
        derive_all(ROOT)


def test_the_derived_half_awaits_nothing() -> None:
    for path in (ROOT / "momopy" / "blocking").glob("*.py"):
        coloured = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
        assert not [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, coloured)], path


@pytest.mark.parametrize("name", ["Collection", "Client"])
def test_the_public_twins_have_the_same_methods_parameters_and_docstrings(name: str) -> None:
    import momopy

    awaited, blocking = getattr(momopy, name), getattr(momopy, f"Sync{name}")
    renamed = {"aclose": "close"}
    ours = {renamed.get(key, key): getattr(awaited, key) for key in dir(awaited) if not key.startswith("_")}
    theirs = {key: getattr(blocking, key) for key in dir(blocking) if not key.startswith("_")}
    assert ours.keys() == theirs.keys()
    for key, method in ours.items():
        assert inspect.getdoc(method) == inspect.getdoc(theirs[key]), key
        if callable(method):
            parameters = inspect.signature(method).parameters
            assert [(p.name, p.kind, p.default) for p in parameters.values()] == [
                (p.name, p.kind, p.default) for p in inspect.signature(theirs[key]).parameters.values()
            ], key
    assert awaited.__doc__ == blocking.__doc__


def test_no_docstring_of_the_sources_speaks_of_one_half_only() -> None:
    for path in (ROOT / "momopy" / "awaited").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                text = (ast.get_docstring(node) or "").lower()
                assert not [word for word in ("await", "async", "blocking") if word in text], (path.name, node.name)
