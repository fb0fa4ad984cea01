"""The state in one SQLite file, so that a restart loses no payment."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import attrs

from momopy.sandbox.records import ApiUser, Change, Consent, Notification, Token, Transaction
from momopy.sandbox.store import Record

# Raised when a record takes a shape that an older file cannot have.
VERSION = 1
_KINDS: dict[str, type[Record]] = {kind.__name__: kind for kind in (ApiUser, Token, Transaction, Consent, Notification)}


def _key(record: Record) -> str:
    match record:
        case ApiUser():
            return record.id
        case Token():
            return record.value
        case Transaction():
            return f"{record.serial:012}"
        case Consent():
            return record.auth_req_id
        case Notification():
            return f"{record.at:020.6f} {record.reference_id}"


def _load(kind: str, document: dict[str, Any]) -> Record:
    if kind == "Transaction":
        document["changes"] = [Change(**change) for change in document["changes"]]
    return _KINDS[kind](**document)


class StateFile:
    """A mirror of the store in a file. Each change is on disk before the answer goes out."""

    def __init__(self, path: str) -> None:
        # The file holds keys and tokens, if only of a sandbox: nobody else reads it.
        Path(path).touch(mode=0o600)
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._prepare(path)
        except BaseException:
            self._database.close()
            raise

    def _prepare(self, path: str) -> None:
        try:
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError:
            raise ValueError(f"{path} is no state file of a sandbox") from None
        if version not in (0, VERSION):
            raise ValueError(f"{path} was written by another version of momopy")
        self._database.execute("PRAGMA journal_mode = WAL")
        # A power cut may lose the last moments, the end of the process loses nothing.
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS records (kind TEXT, key TEXT, document TEXT, PRIMARY KEY (kind, key)) "
            "WITHOUT ROWID"
        )
        self._database.execute("CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        self._database.execute(f"PRAGMA user_version = {VERSION}")

    def put(self, record: Record) -> None:
        """Write a record, new or changed."""
        self._database.execute(
            "INSERT OR REPLACE INTO records VALUES (?, ?, ?)",
            (type(record).__name__, _key(record), json.dumps(attrs.asdict(record))),
        )

    def drop(self, record: Record) -> None:
        """Forget a record."""
        self._database.execute("DELETE FROM records WHERE kind = ? AND key = ?", (type(record).__name__, _key(record)))

    def clear(self) -> None:
        """Forget all records."""
        self._database.execute("DELETE FROM records")

    def records(self) -> list[Record]:
        """All records, transactions in the order in which they were made."""
        rows = self._database.execute("SELECT kind, document FROM records ORDER BY kind, key").fetchall()
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
