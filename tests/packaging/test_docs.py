"""The pages under docs/ say what the tables of the library say, and lead where they say."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import momopy
from momopy import settings
from momopy.markets import MARKETS
from momopy.reasons import REASONS

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "examples" / "README.md"]
REFERENCE = (ROOT / "docs" / "reference.md").read_text()
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text()
WHO = {"payer": "the payer", "merchant": "you", "mtn": "MTN", "nobody": "nobody"}


def test_every_code_is_explained_as_the_library_does():
    """The table of codes is that of `momopy.explain`, row by row."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*) \| (.*) \| (.*) \|$", REFERENCE, re.MULTILINE)
    assert rows == [(code, one.sentence, WHO[one.who], one.retry_helps) for code, one in REASONS.items()]


def test_every_country_is_listed():
    """The table of countries is that of `momopy.MARKETS`, row by row."""
    rows = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \| `(.*)` \|$", REFERENCE, re.MULTILINE)
    assert [row for row in rows if row[0].islower()] == [
        (one.target, one.country, ", ".join(one.currencies), one.hosts[0]) for one in MARKETS.values()
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path):
    """Each link to a file of the project finds it."""
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", page.read_text()) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_setting_is_listed_with_its_default_and_its_meaning():
    """The table of limits is that of `momopy.Settings`, row by row."""
    source = next(node for node in ast.parse(inspect.getsource(settings)).body if isinstance(node, ast.ClassDef))
    fields = [
        (node.target.id, text.value.value) for node, text in zip(source.body[1::2], source.body[2::2], strict=True)
    ]  # type: ignore[attr-defined]
    rows = re.findall(r"^\| `(\w+)` \| ([\d.,\s]+) \| (.*) \|$", CONFIGURATION, re.MULTILINE)
    assert rows == [
        (name, _written(getattr(settings.DEFAULT, name)), " ".join(meaning.split())) for name, meaning in fields
    ]
    assert [name for name, _ in fields] == list(settings.Settings._fields)


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"{each:g}" for each in value)
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


@pytest.mark.parametrize("kind", [momopy.Collection, momopy.SyncCollection])
def test_every_argument_of_a_client_is_listed(kind: type):
    """The first table names what the constructor takes, and its docstring does, too."""
    table = CONFIGURATION.partition("\n## The limits")[0]
    listed = [
        name for row in re.findall(r"^\| (`.*`) \| ", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    ]
    taken = [name for name in inspect.signature(kind).parameters if name != "self"]
    assert listed == taken
    described = re.findall(r"^ +(\w+): ", kind.__doc__ or "", re.MULTILINE)
    assert [name for name in taken if name not in described] == []


def test_every_public_name_is_on_a_page():
    """Whoever reads the README and the pages meets each name of `momopy`."""
    pages = "".join(page.read_text() for page in PAGES)
    assert [name for name in momopy.__all__ if not re.search(rf"\b{name}\b", pages)] == []
