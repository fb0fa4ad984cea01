"""A journal in any database of SQLAlchemy's, for the workers of many hosts (extra `sql`)."""

from __future__ import annotations

import contextlib
import os
import random
import time
import weakref
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from momopy.errors import InvalidArgument, wrong_type
from momopy.journal import Entry, JournalError, State
from momopy.journal.rules import BEFORE, ENDED, OPEN, begin_again

try:
    import sqlalchemy as sa
    from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
except ImportError:
    raise InvalidArgument("journal", "needs the extra sql: pip install 'momopy-collection[sql]'") from None

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

# Seconds to reach the database: a payment waits for it.
_PATIENCE: Final = 5
_ATTEMPTS: Final = 100


class SQLJournal:
    """Keeps a journal in a table: one for all the workers that share the database.

    The table is made when it is needed and missing. It is as durable as a commit of the database is.

    Args:
        engine: The URL, such as `postgresql+psycopg://user@host/shop`, or a blocking `sqlalchemy.Engine` of the
            program's own; make that with `hide_parameters=True`, or its errors show numbers of wallets.
        table: The name of the table.
    """

    def __init__(self, engine: str | sa.URL | Engine, *, table: str = "momopy_journal") -> None:
        self._owns = not isinstance(engine, sa.Engine)
        self._engine = engine if isinstance(engine, sa.Engine) else _connect(engine)
        if self._engine.dialect.is_async:
            raise InvalidArgument("engine", "must be a blocking one: an awaited client calls it in a thread")
        self._entries = _table(table)
        self._ready = False
        _journals.add(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._engine.dialect.name} {self._entries.name}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections of an engine that was made of a URL."""
        if self._owns:
            self._engine.dispose()

    def begin(self, entry: Entry) -> bool:
        """Keep an entry before its first byte is sent; see `Journal.begin`."""
        entries = self._entries
        for _ in range(_ATTEMPTS):
            with contextlib.suppress(IntegrityError), self._transaction() as connection:
                connection.execute(sa.insert(entries).values(**entry._asdict(), looked=0.0, claimed_until=0.0))
                return True
            with self._transaction() as connection:
                found = _find(connection, entries, entry.reference_id)
                if found is None:
                    continue  # it was purged in between
                kept, is_new = begin_again(found, entry)
                if kept == found:
                    return is_new
                # Where the database locks no rows, another may have changed it after it was read.
                changed = connection.execute(
                    sa.update(entries)
                    .where(entries.c.reference_id == found.reference_id)
                    .where(entries.c.state == found.state, entries.c.begun == found.begun)
                    .values(**kept._asdict())
                )
                if changed.rowcount:
                    return is_new
            time.sleep(random.uniform(0, 0.01))  # noqa: S311 - so that the same workers do not meet again
        raise JournalError("others kept changing the entry")

    def end(self, reference_id: str, state: State, begun: float | None = None) -> None:
        """Note a state; an end that is known is never changed again. See `Journal.end`."""
        entries = self._entries
        statement = sa.update(entries).where(entries.c.reference_id == reference_id, entries.c.state.in_(BEFORE[state]))
        if begun is not None:
            statement = statement.where(entries.c.begun == begun)
        with self._transaction() as connection:
            connection.execute(statement.values(state=state))

    def find(self, reference_id: str) -> Entry | None:
        """Return an entry."""
        with self._transaction() as connection:
            return _find(connection, self._entries, reference_id)

    def open(self, account: str | None = None) -> list[Entry]:
        """Return all entries whose end is not known, the oldest first."""
        entries = self._entries
        statement = _fields(entries).where(entries.c.state.in_(OPEN)).order_by(entries.c.begun)
        if account is not None:
            statement = statement.where(entries.c.account == account)
        with self._transaction() as connection:
            return [Entry(*row) for row in connection.execute(statement)]

    def claim(self, account: str, limit: int, lease: float) -> list[Entry]:
        """Return open entries that nobody else has claimed, and claim them for so many seconds."""
        while True:
            found, claimed = self._try_to_claim(account, limit, lease)
            # Others may have been the first with all of these; there may be more behind them.
            if claimed or not found:
                return claimed

    def _try_to_claim(self, account: str, limit: int, lease: float) -> tuple[int, list[Entry]]:
        entries = self._entries
        now = time.time()
        wanted = (
            sa.select(*_columns(entries), entries.c.claimed_until)
            .where(entries.c.state.in_(OPEN), entries.c.account == account, entries.c.claimed_until <= now)
            .order_by(entries.c.looked, entries.c.begun)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        claimed = []
        with self._transaction() as connection:
            rows = connection.execute(wanted).all()
            for row in rows:
                *fields, claimed_until = row
                entry = Entry(*fields)
                # Where the database locks no rows, the first to write has it.
                taken = connection.execute(
                    sa.update(entries)
                    .where(entries.c.reference_id == entry.reference_id, entries.c.claimed_until == claimed_until)
                    .values(claimed_until=now + lease, looked=now)
                )
                if taken.rowcount:
                    claimed.append(entry)
        return len(rows), claimed

    def release(self, reference_ids: list[str]) -> None:
        """Give claimed entries back."""
        entries = self._entries
        with self._transaction() as connection:
            connection.execute(
                sa.update(entries).where(entries.c.reference_id.in_(reference_ids)).values(claimed_until=0.0)
            )

    def purge(self, before: float) -> int:
        """Forget what has ended and was begun before this time (seconds since the epoch); return how many."""
        entries = self._entries
        with self._transaction() as connection:
            return connection.execute(
                sa.delete(entries).where(entries.c.state.in_(ENDED), entries.c.begun < before)
            ).rowcount

    def _transaction(self) -> contextlib.AbstractContextManager[Connection]:
        if not self._ready:
            self._make()
        return self._engine.begin()

    def _make(self) -> None:
        try:
            self._entries.metadata.create_all(self._engine)
        except SQLAlchemyError:
            # Another worker may have made it at this moment.
            if not sa.inspect(self._engine).has_table(self._entries.name):
                raise
        self._ready = True


def _table(name: str) -> sa.Table:
    table = sa.Table(
        name,
        sa.MetaData(),
        sa.Column("reference_id", sa.String(36), primary_key=True),
        sa.Column("account", sa.String(128), nullable=False),
        sa.Column("operation", sa.String(64), nullable=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("begun", sa.Double, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("looked", sa.Double, nullable=False),
        sa.Column("claimed_until", sa.Double, nullable=False),
    )
    is_open = table.c.state.in_(OPEN)
    sa.Index(
        f"{name}_open",
        table.c.account,
        table.c.looked,
        table.c.begun,
        postgresql_where=is_open,
        sqlite_where=is_open,
    )
    return table


def _columns(entries: sa.Table) -> list[sa.Column[Any]]:
    return [entries.c[name] for name in Entry._fields]


def _fields(entries: sa.Table) -> sa.Select[Any]:
    return sa.select(*_columns(entries))


def _find(connection: Connection, entries: sa.Table, reference_id: str) -> Entry | None:
    row = connection.execute(_fields(entries).where(entries.c.reference_id == reference_id)).first()
    return None if row is None else Entry(*row)


def _connect(url: str | sa.URL) -> Engine:
    if not isinstance(url, str | sa.URL):
        raise wrong_type(InvalidArgument, "engine", "must be a URL or a blocking sqlalchemy.Engine")
    try:
        made = sa.make_url(url)
    except ArgumentError:
        made = None
    if made is None:
        # Raised outside, so that no text with a password in it comes along as the context.
        raise InvalidArgument("engine", "must be a URL such as postgresql+psycopg://user@host/name")
    options: dict[str, Any] = {}
    if made.get_driver_name() in ("psycopg", "psycopg2"):
        options["connect_args"] = {"connect_timeout": _PATIENCE}
    # A connection that the database has closed meanwhile must not cost a payment.
    return sa.create_engine(made, pool_pre_ping=True, hide_parameters=True, **options)


_journals: weakref.WeakSet[SQLJournal] = weakref.WeakSet()


def _after_fork() -> None:
    # The connections are the parent's: left alone, not closed.
    for journal in list(_journals):
        journal._engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
