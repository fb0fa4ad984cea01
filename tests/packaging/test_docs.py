"""The pages under docs/ say what the tables of the library say, and lead where they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from momopy.markets import MARKETS
from momopy.reasons import REASONS

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "examples" / "README.md"]
REFERENCE = (ROOT / "docs" / "reference.md").read_text()
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
