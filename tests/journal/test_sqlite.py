"""What is SQLite's own in its journal: the file, its mode, durability, forks."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from momopy.journal import JournalError, SQLiteJournal
from tests.journal.places import ACCOUNT, entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def journal(path: Path) -> Iterator[SQLiteJournal]:
    with SQLiteJournal(path) as journal:
        yield journal


def test_nothing_is_touched_before_it_is_needed(path: Path) -> None:
    assert repr(SQLiteJournal(path)) == f"<SQLiteJournal {path}>"
    assert not path.exists()


def test_it_is_its_owners_alone(journal: SQLiteJournal, path: Path) -> None:
    mask = os.umask(0)
    try:
        journal.begin(entry())
    finally:
        os.umask(mask)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert modes["journal"] == 0o600
    assert set(modes.values()) == {0o600}
    assert len(modes) == 3, "the file, and the two that SQLite keeps beside it"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_one_that_others_can_read_is_refused(journal: SQLiteJournal, path: Path, mode: int) -> None:
    path.touch(mode=0o600)
    path.chmod(mode)
    with pytest.raises(JournalError, match="chmod 600"):
        journal.begin(entry())
    assert path.read_bytes() == b""


def test_what_is_no_file_is_refused(journal: SQLiteJournal, path: Path) -> None:
    path.mkdir()
    with pytest.raises(JournalError, match="is no file"):
        journal.begin(entry())


def test_one_of_a_later_version_is_refused(path: Path) -> None:
    path.touch(mode=0o600)
    later = sqlite3.connect(path)
    later.execute("PRAGMA user_version = 2")
    later.close()
    with SQLiteJournal(path) as journal, pytest.raises(JournalError, match="later version"):
        journal.begin(entry())


def test_a_commit_is_on_the_disk(journal: SQLiteJournal) -> None:
    with journal._connected() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_file_that_was_removed_is_made_anew(journal: SQLiteJournal, path: Path) -> None:
    journal.begin(entry())
    for each in path.parent.iterdir():
        each.unlink()
    second = entry()
    assert journal.begin(second)
    with SQLiteJournal(path) as another:
        assert another.open() == [second]


def test_what_fails_in_the_middle_leaves_nothing_behind(journal: SQLiteJournal) -> None:
    def fail() -> None:
        with journal._transaction() as connection:
            connection.execute("DELETE FROM entries")
            raise ZeroDivisionError

    first = entry()
    with pytest.raises(ZeroDivisionError):
        fail()
    assert journal.begin(first)
    with pytest.raises(ZeroDivisionError):
        fail()
    assert journal.find(first.reference_id) == first


def test_it_can_be_used_again_after_it_was_closed(journal: SQLiteJournal) -> None:
    first = entry()
    journal.begin(first)
    journal.close()
    assert journal.claim(ACCOUNT, 1, 60) == [first]


_FORKING = """
import os, sys
from momopy.journal import Entry, SQLiteJournal
def entry(name): return Entry(name, "a", "request_to_pay", "sandbox", "{}", 1.0)
journal = SQLiteJournal(sys.argv[1])
journal.begin(entry("parent"))
with journal._lock:  # as if another thread were at it
    pid = os.fork()
    if pid == 0:
        assert journal._connection is None
        assert journal.begin(entry("child")) and not journal.begin(entry("parent"))
        os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
assert {each.reference_id for each in journal.open()} == {"parent", "child"}
print("both")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_opens_its_own(path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _FORKING, path], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stdout == "both\n", ended.stderr
