"""A journal in one file of SQLite, with the standard library alone: for the processes and threads of one host."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from momopy.journal import Entry, JournalError, State
from momopy.journal.rules import BEFORE, ENDED, OPEN, begin_again

# Seconds for which a writer waits for the others.
_PATIENCE: Final = 5.0
_VERSION: Final = 1
_SCHEMA: Final = (
    """CREATE TABLE entries (
        reference_id TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        operation TEXT NOT NULL,
        target TEXT NOT NULL,
        body TEXT NOT NULL,
        begun REAL NOT NULL,
        state TEXT NOT NULL,
        looked REAL NOT NULL DEFAULT 0,
        claimed_until REAL NOT NULL DEFAULT 0
    ) WITHOUT ROWID""",
    "CREATE INDEX open_entries ON entries (account, looked, begun) WHERE state IN ('begun', 'unknown', 'accepted')",
    f"PRAGMA user_version = {_VERSION}",
)
_FIELDS: Final = ", ".join(Entry._fields)
_OPEN: Final = ", ".join(f"'{state}'" for state in OPEN)
_ENDED: Final = ", ".join(f"'{state}'" for state in ENDED)


class SQLiteJournal:
    """Keeps a journal in a file: durable at each step, safe from many threads and processes of one host.

    The file is made when it is needed, for its owner alone (0600). It must lie on a disk of this host: SQLite cannot
    share one over a network. One that others can read is refused, and then nothing is sent.

    Args:
        path: The file, such as `/var/lib/shop/momo.journal`; its folder must exist.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path).expanduser()
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)
        self._lock = threading.Lock()
        _journals.add(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._path}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; it is opened anew when the journal is used again."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    def begin(self, entry: Entry) -> bool:
        """Keep an entry before its first byte is sent; see `Journal.begin`."""
        with self._transaction() as connection:
            found = _find(connection, entry.reference_id)
            kept, is_new = (entry, True) if found is None else begin_again(found, entry)
            if kept != found:
                connection.execute(
                    f"INSERT OR REPLACE INTO entries ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                    kept,
                )
        return is_new

    def end(self, reference_id: str, state: State, begun: float | None = None) -> None:
        """Note a state; an end that is known is never changed again. See `Journal.end`."""
        before = BEFORE[state]
        marks = ", ".join("?" * len(before))
        with self._transaction() as connection:
            connection.execute(
                f"UPDATE entries SET state = ? WHERE reference_id = ? AND state IN ({marks})"  # noqa: S608
                " AND (? IS NULL OR begun = ?)",
                (state, reference_id, *before, begun, begun),
            )

    def find(self, reference_id: str) -> Entry | None:
        """Return an entry."""
        with self._connected() as connection:
            return _find(connection, reference_id)

    def open(self, account: str | None = None) -> list[Entry]:
        """Return all entries whose end is not known, the oldest first."""
        with self._connected() as connection:
            rows = connection.execute(
                f"SELECT {_FIELDS} FROM entries WHERE state IN ({_OPEN})"  # noqa: S608
                " AND (? IS NULL OR account = ?) ORDER BY begun",
                (account, account),
            ).fetchall()
        return [Entry(*row) for row in rows]

    def claim(self, account: str, limit: int, lease: float) -> list[Entry]:
        """Return open entries that nobody else has claimed, and claim them for so many seconds."""
        now = time.time()
        with self._transaction() as connection:
            rows = connection.execute(
                f"SELECT {_FIELDS} FROM entries WHERE state IN ({_OPEN})"  # noqa: S608
                " AND account = ? AND claimed_until <= ? ORDER BY looked, begun LIMIT ?",
                (account, now, limit),
            ).fetchall()
            connection.executemany(
                "UPDATE entries SET claimed_until = ?, looked = ? WHERE reference_id = ?",
                [(now + lease, now, row[0]) for row in rows],
            )
        return [Entry(*row) for row in rows]

    def release(self, reference_ids: list[str]) -> None:
        """Give claimed entries back."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE entries SET claimed_until = 0 WHERE reference_id = ?", [(each,) for each in reference_ids]
            )

    def purge(self, before: float) -> int:
        """Forget what has ended and was begun before this time (seconds since the epoch); return how many."""
        with self._transaction() as connection:
            return connection.execute(
                f"DELETE FROM entries WHERE state IN ({_ENDED}) AND begun < ?",  # noqa: S608
                (before,),
            ).rowcount

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            connection = self._connection
            if connection is not None and self._identity() != self._file:
                # Somebody removed or replaced the file: what is written into the old one would be lost with it.
                self._connection = None
                connection.close()
                connection = None
            if connection is None:
                connection = self._connection = self._open()
            yield connection

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, and on the disk when it is left."""
        with self._connected() as connection:
            # To read first and to write later in one transaction fails where another wrote in between.
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    def _identity(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return (0, 0)
        return (found.st_dev, found.st_ino)

    def _open(self) -> sqlite3.Connection:
        self._make()
        connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            _set_up(connection)
            self._file = self._identity()
        except BaseException:
            connection.close()
            raise
        return connection

    def _make(self) -> None:
        try:
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            # Looked at without opening it: to close a file ends the locks that SQLite holds on it in this process.
            found = self._path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise JournalError(f"{self._path} is no file") from None
            if sys.platform != "win32" and found.st_mode & 0o077:
                raise JournalError(f"{self._path} is open to others: chmod 600") from None


def _find(connection: sqlite3.Connection, reference_id: str) -> Entry | None:
    row = connection.execute(
        f"SELECT {_FIELDS} FROM entries WHERE reference_id = ?",  # noqa: S608
        (reference_id,),
    ).fetchone()
    return None if row is None else Entry(*row)


def _set_up(connection: sqlite3.Connection) -> None:
    """Make a connection durable, and the tables where they are missing."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError:
            # SQLite does not wait for a lock here, though another process may be doing the same at this moment.
            if time.monotonic() >= end:
                raise
            time.sleep(0.01)
    connection.execute("PRAGMA synchronous = FULL")
    # On macOS fsync alone leaves the data in the disk's cache.
    connection.execute("PRAGMA fullfsync = 1")
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION:
        raise JournalError("the file was written by a later version")
    if version == 0:
        for statement in _SCHEMA:
            connection.execute(statement)
    connection.execute("COMMIT")


_journals: weakref.WeakSet[SQLiteJournal] = weakref.WeakSet()
# A connection must not be used, nor closed, in another process than the one that opened it.
_left_behind: list[sqlite3.Connection | None] = []


def _after_fork() -> None:
    for journal in list(_journals):
        _left_behind.append(journal._connection)
        journal._connection = None
        journal._lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
