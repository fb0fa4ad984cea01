"""A journal of what was begun: so that after a crash every payment whose end is not known is found and settled.

`SQLiteJournal` keeps it in one file, `SQLJournal` (extra `sql`) in any database of SQLAlchemy's. Any object with
the methods of `Journal` will do as well. A journal holds what was sent, numbers of wallets included.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol, TypeAlias

from momopy.errors import MomoException

if TYPE_CHECKING:
    from momopy.journal.sql import SQLJournal
    from momopy.journal.sqlite import SQLiteJournal

__all__ = ["Entry", "Journal", "JournalError", "SQLJournal", "SQLiteJournal", "State"]

State: TypeAlias = Literal["begun", "unknown", "accepted", "successful", "failed", "not_created"]
"""`begun`, `unknown` and `accepted` are open: the end is not known."""


class JournalError(MomoException):
    """A journal cannot do what it should. Its text never holds what is kept."""


class Entry(NamedTuple):
    """One thing that was begun."""

    reference_id: str
    account: str
    """Whose it is: a name for host and API user that tells neither."""
    operation: str
    """The method that began it, such as `request_to_pay`."""
    target: str
    body: str
    """The JSON that was sent."""
    begun: float
    """Seconds since the epoch, when it was begun last: the same id may be sent again."""
    state: State = "begun"

    def __repr__(self) -> str:
        return f"<Entry {self.operation} {self.reference_id} {self.state}>"


class Journal(Protocol):
    """Keeps entries durably. Its methods may block; an awaited client calls them in a thread.

    A journal that cannot `begin` raises, and nothing is sent.
    """

    def begin(self, entry: Entry) -> bool:
        """Keep an entry before its first byte is sent; True when nothing of its id can have been made before.

        An id that is there already is begun again:

        * one that ended as `not_created` becomes this entry, as if it were new (True);
        * an open one keeps its state and body, and gets the new time (False);
        * one that ended otherwise stays as it is (False);
        * one that stands for another operation or account raises.
        """
        ...

    def end(self, reference_id: str, state: State, begun: float | None = None) -> None:
        """Note a state that is further on than the one before: begun, unknown, accepted, then the end.

        An end is never changed again, but for `not_created`, which is a presumption and gives way to what was seen;
        what was accepted is never `not_created`. With `begun`, the state is noted only where the entry was begun
        then, and not again since.
        """

    def find(self, reference_id: str) -> Entry | None:
        """Return an entry."""

    def claim(self, account: str, limit: int, lease: float) -> list[Entry]:
        """Return open entries that nobody else has claimed, and claim them for so many seconds.

        Those that were not claimed for longest come first, and of these the oldest, so that each has its turn.
        """
        ...

    def release(self, reference_ids: list[str]) -> None:
        """Give claimed entries back."""


_MODULES: Final = {"SQLJournal": "sql", "SQLiteJournal": "sqlite"}


if not TYPE_CHECKING:  # a checker that saw it would take any name for one of this package's

    def __getattr__(name: str) -> Any:
        if name in _MODULES:
            return getattr(import_module(f"momopy.journal.{_MODULES[name]}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
