"""A place for each test's journal, a local MoMo, and both halves of the client."""

from __future__ import annotations

import importlib.util
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from momopy.sandbox import Sandbox, run
from tests.client.twins import Twin
from tests.journal import postgres
from tests.journal.nursery import Nursery
from tests.journal.places import KINDS, Place

MakePlace = Callable[[str], Place]


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """The URL of a PostgreSQL of the tests' own."""
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not on this machine (Debian's package postgresql)")
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed")
    with postgres.cluster() as url:
        yield url


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where this test's journal lies: a file, a file through SQLAlchemy, a table of PostgreSQL."""
    if request.param == "sqlite":
        return Place("sqlite", str(tmp_path / "journal"))
    if request.param == "sqlalchemy-sqlite":
        return Place(request.param, f"sqlite:///{tmp_path}/journal.db")
    return Place(request.param, request.getfixturevalue("database"), f"j_{uuid.uuid4().hex}")


@pytest.fixture
def opened() -> Iterator[Callable[[Place], Any]]:
    """Opens journals that are closed at the end of the test."""
    with ExitStack() as ending:
        yield lambda place: ending.enter_context(place.open())


@pytest.fixture
def journal(place: Place, opened: Callable[[Place], Any]) -> Any:
    """A journal at that place."""
    return opened(place)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A local MoMo of this test's own, on a free port."""
    with run(seed=7) as running:
        yield running


@pytest.fixture(params=["awaited", "blocking"])
async def twin(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[Twin]:
    """One half of the library, then the other."""
    half = Twin(request.param)
    yield half
    await half.close()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Makes processes quickly, for tests that need several, or that kill them."""
    with Nursery() as made:
        yield made
