"""What is SQLAlchemy's own in its journal: engines and URLs, and what its errors may show."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from momopy.errors import InvalidArgument
from momopy.journal import SQLJournal
from tests.journal.places import entry


@pytest.mark.parametrize("url", ["", "no url", "://", "sqlite+nothing://"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises((InvalidArgument, sa.exc.NoSuchModuleError)):
        SQLJournal(url)


def test_a_url_that_cannot_be_read_is_not_shown() -> None:
    with pytest.raises(InvalidArgument) as caught:
        SQLJournal("postgresql//shop:geheim@host")
    assert caught.value.__context__ is None
    assert "geheim" not in str(caught.value)


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(TypeError):
        SQLJournal(5)  # type: ignore[arg-type]


def test_an_engine_of_the_programs_own_stays_open(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/db")
    with SQLJournal(engine) as journal:
        assert repr(journal) == "<SQLJournal sqlite momopy_journal>"
        journal.begin(entry())
        pool = engine.pool
    assert engine.pool is pool
    engine.dispose()


def test_an_error_of_the_database_shows_no_number(tmp_path: Path) -> None:
    with SQLJournal(f"sqlite:///{tmp_path}/db") as journal:
        journal.begin(entry())
        with journal._engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE momopy_journal"))
        with pytest.raises(sa.exc.OperationalError) as caught:
            journal.begin(entry(body='{"partyId": "46733123450"}'))
    assert "46733123450" not in str(caught.value)
    assert "46733123450" not in repr(caught.value)


def test_a_table_that_is_there_is_taken(tmp_path: Path) -> None:
    for _ in range(2):
        with SQLJournal(f"sqlite:///{tmp_path}/db", table="mine") as journal:
            assert journal.begin(entry())
            names = sa.inspect(journal._engine).get_table_names()
    assert names == ["mine"]


def test_a_connection_that_the_database_closed_is_made_anew(database: str) -> None:
    with SQLJournal(database, table=f"j_{uuid.uuid4().hex}") as journal:
        assert journal.begin(entry())
        other = sa.create_engine(database)
        with other.connect() as connection:
            connection.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            )
        other.dispose()
        assert journal.begin(entry())


def test_rows_that_others_hold_are_passed_over(database: str) -> None:
    table = f"j_{uuid.uuid4().hex}"
    impatient = f"{database}&options=-c%20lock_timeout%3D5000"  # to fail where it would wait for ever
    with SQLJournal(impatient, table=table) as journal:
        first, second = entry(begun=1.0), entry(begun=2.0)
        journal.begin(first)
        journal.begin(second)
        with journal._engine.begin() as connection:
            connection.execute(sa.text(f"SELECT 1 FROM {table} WHERE begun = 1 FOR UPDATE"))
            assert journal.claim(first.account, 10, 60) == [second]
        assert journal.claim(first.account, 10, 60) == [first]


_FORKING = """
import os, sys
from momopy.journal import Entry, SQLJournal
def entry(name): return Entry(name, "a", "request_to_pay", "sandbox", "{}", 1.0)
journal = SQLJournal(sys.argv[1], table=sys.argv[2])
journal.begin(entry("parent"))
pid = os.fork()
if pid == 0:
    for number in range(20):
        assert journal.begin(entry(f"child {number}"))
    os._exit(0)
for number in range(20):
    assert journal.begin(entry(f"parent {number}"))
assert os.waitpid(pid, 0)[1] == 0
print(len(journal.open()))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_connects_anew(database: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _FORKING, database, f"j_{uuid.uuid4().hex}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout == "41\n", ended.stderr
