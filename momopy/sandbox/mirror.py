"""What keeps a sandbox's state for a later run."""

from __future__ import annotations

from typing import Protocol, TypeAlias

from momopy.sandbox.records import ApiUser, Burned, Consent, Delivery, Notification, Token, Transaction

Record: TypeAlias = ApiUser | Token | Transaction | Consent | Notification | Burned | Delivery


class Mirror(Protocol):
    """Keeps everything for a later run: each record as it changes, and a few notes."""

    def put(self, record: Record) -> None:
        """Keep the record, new or changed."""

    def drop(self, record: Record) -> None:
        """Forget the record."""

    def clear(self) -> None:
        """Forget all records."""

    def records(self) -> list[Record]:
        """All records that are kept, in the order in which they were made."""
        ...

    def note(self, name: str, value: str | None = None) -> str | None:
        """Write down a value, or read one that was written down."""
