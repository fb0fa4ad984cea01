"""Where the journals of a test lie: the same tests run over each of them."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from momopy.journal import Entry, SQLiteJournal, SQLJournal

KINDS = ("sqlite", "sqlalchemy-sqlite", "postgresql")
ACCOUNT = "a-client"


class Place(NamedTuple):
    """One journal's place, which any number of workers may open."""

    kind: str
    where: str
    table: str = "momopy_journal"

    def open(self) -> Any:
        """Open it as one worker does."""
        if self.kind == "sqlite":
            return SQLiteJournal(self.where)
        return SQLJournal(self.where, table=self.table)


def entry(reference_id: str | None = None, **changes: Any) -> Entry:
    """An entry of a request to pay."""
    made = Entry(
        reference_id or str(uuid.uuid4()),
        ACCOUNT,
        "request_to_pay",
        "sandbox",
        '{"amount": "5", "note": "it\'s 100 % \\"paid\\"; ça va? \N{SNOWMAN}"}',
        1_790_000_000.123_456_7,
    )
    return made._replace(**changes)
