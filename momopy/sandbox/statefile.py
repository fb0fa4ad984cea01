"""The state in one SQLite file, so that a restart loses no payment."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import attrs

from momopy.sandbox.mirror import Record
from momopy.sandbox.records import ApiUser, Burned, Change, Consent, Delivery, Notification, Token, Transaction

# Raised when a record takes a shape that an older file cannot have.
VERSION = 2
_KINDS: dict[str, type[Record]] = {
    kind.__name__: kind for kind in (ApiUser, Burned, Consent, Delivery, Notification, Token, Transaction)
}


def _key(record: Record) -> str:
    match record:
        case ApiUser():
            return record.id
        case Token():
            return record.value
        case Transaction() | Notification() | Delivery():
            return str(record.serial)
        case Consent():
            return record.auth_req_id
        case Burned():
            return f"{record.kind} {record.reference_id}"


def _load(kind: str, document: dict[str, Any]) -> Record:
    if kind == "Transaction":
        document["changes"] = [Change(**change) for change in document["changes"]]
    return _KINDS[kind](**document)


class StateFile:
    """A mirror of a sandbox in a file of its own. Each change is on disk before the answer goes out."""

    def __init__(self, path: str) -> None:
        # The file holds keys and tokens, if only of a sandbox: nobody else reads it.
        Path(path).touch(mode=0o600)
        self._database = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            self._prepare(path)
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise ValueError(_refusal(path, error)) from None
        except BaseException:
            self._database.close()
            raise

    def _prepare(self, path: str) -> None:
        execute = self._database.execute
        # From the first write on the file is locked for others until it is closed, or the process has ended in
        # whatever way. Two sandboxes would write over each other's records.
        execute("PRAGMA locking_mode = EXCLUSIVE")
        execute("BEGIN EXCLUSIVE")
        (version,) = execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            raise ValueError(f"{path} was written by another version of momopy")
        # The rowid keeps the order in which the records were made.
        execute("CREATE TABLE IF NOT EXISTS records (kind TEXT, key TEXT, document TEXT, PRIMARY KEY (kind, key))")
        execute("CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        execute(f"PRAGMA user_version = {VERSION}")
        execute("COMMIT")
        execute("PRAGMA journal_mode = WAL")
        # A power cut may lose the last moments, the end of the process loses nothing.
        execute("PRAGMA synchronous = NORMAL")

    def put(self, record: Record) -> None:
        """Write a record, new or changed."""
        self._database.execute(
            "INSERT INTO records VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document",
            (type(record).__name__, _key(record), json.dumps(attrs.asdict(record))),
        )

    def drop(self, record: Record) -> None:
        """Forget a record."""
        self._database.execute("DELETE FROM records WHERE kind = ? AND key = ?", (type(record).__name__, _key(record)))

    def clear(self) -> None:
        """Forget all records."""
        self._database.execute("DELETE FROM records")

    def records(self) -> list[Record]:
        """All records, in the order in which they were made."""
        rows = self._database.execute("SELECT kind, document FROM records ORDER BY rowid").fetchall()
        return [_load(kind, json.loads(document)) for kind, document in rows]

    def note(self, name: str, value: str | None = None) -> str | None:
        """Write down a value, or read one that was written down."""
        if value is not None:
            self._database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))
            return value
        row = self._database.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _refusal(path: str, error: sqlite3.DatabaseError) -> str:
    # The lower eight bits say what it is, the others why.
    match error.sqlite_errorcode & 0xFF:
        case sqlite3.SQLITE_BUSY:
            return f"another sandbox that is running keeps its state in {path}"
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return f"{path} is no state file of a sandbox"
    return f"{path} cannot keep a state: {error}"
