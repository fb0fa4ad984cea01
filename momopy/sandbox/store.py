"""Where the records live while the sandbox runs: dictionaries, mirrored to a file when there is one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from momopy.sandbox.mirror import Mirror, Record
from momopy.sandbox.records import ApiUser, Burned, Consent, Kind, Notification, Token, Transaction


class Store:
    """All records of one sandbox. Only the world's lock makes it safe to share."""

    def __init__(self, keep: int, mirror: Mirror | None = None) -> None:
        self._keep = keep
        self._mirror = mirror
        self._begin()

    def _begin(self) -> None:
        self.users: dict[str, ApiUser] = {}
        self.tokens: dict[str, Token] = {}
        self.refresh_tokens: dict[str, Token] = {}
        self.consents: dict[str, Consent] = {}
        self.notifications: deque[Notification] = deque()
        self.burned: dict[tuple[Kind, str], Burned] = {}
        self._transactions: dict[int, Transaction] = {}
        self._newest: dict[tuple[Kind, str], Transaction] = {}
        self._serial = 0

    def restore(self, records: Iterable[Record]) -> None:
        """Take in records that the mirror knows already."""
        mirror, self._mirror = self._mirror, None
        try:
            for record in records:
                self.add(record)
        finally:
            self._mirror = mirror

    def clear(self) -> None:
        """Forget everything."""
        if self._mirror is not None:
            self._mirror.clear()
        self._begin()

    def next_serial(self) -> int:
        """A number that no transaction and no notification has yet."""
        self._serial += 1
        return self._serial

    def add(self, record: Record) -> None:
        """Take in a new record, and let the oldest of its kind go when there are too many."""
        match record:
            case Transaction():
                self._add_transaction(record)
            case Token():
                self.tokens[record.value] = record
                if record.refresh_token is not None:
                    self.refresh_tokens[record.refresh_token] = record
                if len(self.tokens) > self._keep:
                    self._drop_token(next(iter(self.tokens.values())))
            case ApiUser():
                self.users[record.id] = record
                if len(self.users) > self._keep:
                    self._forget(self.users.pop(next(iter(self.users))))
            case Consent():
                self.consents[record.auth_req_id] = record
                if len(self.consents) > self._keep:
                    self._forget(self.consents.pop(next(iter(self.consents))))
            case Notification():
                self._serial = max(self._serial, record.serial)
                self.notifications.append(record)
                if len(self.notifications) > self._keep:
                    self._forget(self.notifications.popleft())
            case Burned():
                self.burned[record.kind, record.reference_id] = record
                if len(self.burned) > self._keep:
                    self._forget(self.burned.pop(next(iter(self.burned))))
        self.save(record)

    def save(self, record: Record) -> None:
        """Tell the mirror that a record changed."""
        if self._mirror is not None:
            self._mirror.put(record)

    def _forget(self, record: Record) -> None:
        if self._mirror is not None:
            self._mirror.drop(record)

    def burn(self, kind: Kind, reference_id: str) -> None:
        """Use an id up without a transaction."""
        self.add(Burned(kind=kind, reference_id=reference_id))

    def _add_transaction(self, record: Transaction) -> None:
        self._serial = max(self._serial, record.serial)
        self._transactions[record.serial] = record
        self._newest[record.kind, record.reference_id] = record
        if len(self._transactions) > self._keep:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        # A final one goes first; the look is short, or each creation would walk over all that wait.
        oldest = next(iter(self._transactions.values()))
        for _, candidate in zip(range(100), self._transactions.values(), strict=False):
            if candidate.final:
                oldest = candidate
                break
        del self._transactions[oldest.serial]
        if self._newest.get((oldest.kind, oldest.reference_id)) is oldest:
            del self._newest[oldest.kind, oldest.reference_id]
        self._forget(oldest)

    def _drop_token(self, token: Token) -> None:
        del self.tokens[token.value]
        if token.refresh_token is not None:
            self.refresh_tokens.pop(token.refresh_token, None)
        self._forget(token)

    def end_refresh_token(self, token: Token) -> None:
        """A refresh token is good for one use."""
        if token.refresh_token is not None:
            self.refresh_tokens.pop(token.refresh_token, None)
            token.refresh_token = None
            self.save(token)

    def end_tokens_of(self, api_user: str) -> None:
        """Make every token of this API user invalid."""
        for token in [token for token in self.tokens.values() if token.api_user == api_user]:
            self._drop_token(token)

    def find(self, kind: Kind, reference_id: str) -> Transaction | None:
        """The newest transaction of this kind with this id."""
        return self._newest.get((kind, reference_id))

    def transaction(self, serial: int) -> Transaction | None:
        """The transaction with this number."""
        return self._transactions.get(serial)

    def transactions(self, kind: Kind | None = None) -> Iterator[Transaction]:
        """All transactions of a kind, oldest first."""
        return (record for record in self._transactions.values() if kind is None or record.kind == kind)
