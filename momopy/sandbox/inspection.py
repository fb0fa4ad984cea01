"""Looking inside a running sandbox, and the assertions that make a test short."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Literal, overload

import attrs

from momopy.sandbox.records import Consent, Delivery, Kind, Notification, Token, Transaction
from momopy.sandbox.reqlog import Received
from momopy.sandbox.world import World

COLLECTING: tuple[Kind, ...] = ("requesttopay", "requesttowithdraw", "invoice", "payment")


@attrs.frozen(kw_only=True)
class Payment:
    """A payment, withdraw, invoice, bill payment or pre-approval as it stands at this moment."""

    kind: Kind
    reference_id: str
    status: str
    reason: str | None
    amount: str | None
    currency: str
    payer: str | None = attrs.field(repr=False)
    external_id: str | None
    body: dict[str, Any] = attrs.field(repr=False)
    details: dict[str, str] = attrs.field(repr=False)
    callback_url: str | None = attrs.field(repr=False)
    created_at: float
    changed_at: float


def payment_view(record: Transaction) -> Payment:
    """What a transaction shows of itself."""
    body = record.body
    money = body.get("money", body)
    return Payment(
        kind=record.kind,
        reference_id=record.reference_id,
        status=record.status,
        reason=record.reason,
        amount=money.get("amount"),
        currency=money.get("currency") or body.get("payerCurrency", ""),
        payer=(body.get("payer") or body.get("intendedPayer") or {}).get("partyId"),
        external_id=body.get("externalId") or body.get("externalTransactionId"),
        body=dict(body),
        details=dict(record.details),
        callback_url=record.callback_url,
        created_at=record.created_at,
        changed_at=record.changed_at,
    )


class Inspection:
    """What there is to see, safe to call from any thread."""

    _world: World

    @contextmanager
    def _settled(self) -> Iterator[World]:
        with self._world.lock:
            self._world.settle()
            yield self._world

    def payments(self, kind: Kind | None = None) -> list[Payment]:
        """All transactions of a kind, oldest first; without a kind, all of them."""
        with self._settled() as world:
            return [payment_view(record) for record in world.store.transactions(kind)]

    def payment(self, reference_id: object, kind: Kind | None = None) -> Payment:
        """The transaction with this id, of any kind unless one is named; LookupError when there is none."""
        with self._settled():
            return payment_view(self._find(reference_id, kind))

    def _find(self, reference_id: object, kind: Kind | None = None) -> Transaction:
        wanted = str(reference_id).lower()
        kinds = (kind,) if kind is not None else (*COLLECTING, "preapproval")
        for each in kinds:
            record = self._world.store.find(each, wanted)
            if record is not None:
                return record
        raise LookupError(f"no {kind or 'transaction'} with the id {wanted}")

    def requests(self, operation: str | None = None) -> list[Received]:
        """The latest 1,000 requests, oldest first, secrets masked; `operation` is MTN's name of one."""
        with self._world.lock:
            entries = list(self._world.requests.entries)
        return [entry for entry in entries if operation is None or _is(entry, operation)]

    def callbacks(self, reference_id: object = None) -> list[Delivery]:
        """The latest 1,000 deliveries that were tried, oldest first."""
        with self._world.lock:
            log = [attrs.evolve(entry) for entry in self._world.outbox.log]
        wanted = None if reference_id is None else str(reference_id).lower()
        return [entry for entry in log if wanted in (None, entry.reference_id)]

    def tokens(self) -> list[Token]:
        """The tokens made, oldest first; those that ended too."""
        with self._world.lock:
            return [attrs.evolve(token) for token in self._world.store.tokens.values()]

    def notifications(self, reference_id: object = None) -> list[Notification]:
        """The delivery notifications, oldest first."""
        wanted = None if reference_id is None else str(reference_id).lower()
        with self._world.lock:
            return [
                attrs.evolve(entry) for entry in self._world.store.notifications if wanted in (None, entry.reference_id)
            ]

    def consents(self) -> list[Consent]:
        """The account holders who were asked for consent, oldest first."""
        with self._settled() as world:
            return [attrs.evolve(consent) for consent in world.store.consents.values()]

    @property
    def balance(self) -> Decimal:
        """What the account holds."""
        with self._settled() as world:
            return Decimal(world.balance())

    def wait_for_callback(self, reference_id: object = None, *, count: int = 1, timeout: float = 5.0) -> Delivery:
        """Wait until so many callbacks were tried, and return the last of them. Seconds are real ones."""
        self._wait(lambda: len(self.callbacks(reference_id)) >= count, timeout, f"{count} callbacks")
        return self.callbacks(reference_id)[count - 1]

    def wait_for_request(self, operation: str, *, count: int = 1, timeout: float = 5.0) -> Received:
        """Wait until so many requests for an operation came, and return the last of them."""
        self._wait(lambda: len(self.requests(operation)) >= count, timeout, f"{count} requests for {operation}")
        return self.requests(operation)[count - 1]

    def _wait(self, done: Callable[[], bool], timeout: float, what: str) -> None:
        changed = threading.Event()

        def wake(_: object) -> None:
            changed.set()

        watchers: list[list[Callable[[Any], None]]] = [self._world.on_change, self._world.requests.listeners]
        with self._world.lock:
            for watcher in watchers:
                watcher.append(wake)
        deadline = time.monotonic() + timeout
        try:
            while not done():
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"waited {timeout} seconds in vain for {what}")
                changed.wait(left)
                changed.clear()
        finally:
            with self._world.lock:
                for watcher in watchers:
                    watcher.remove(wake)

    # None when there must be none. To a checker the int of the second may be 0, too, and the two contradict each other.
    @overload
    def assert_collected(  # type: ignore[overload-overlap]
        self,
        amount: object = None,
        currency: str | None = None,
        *,
        payer: str | None = None,
        external_id: str | None = None,
        reference_id: object = None,
        kind: Kind = "requesttopay",
        times: Literal[0],
    ) -> None: ...

    @overload
    def assert_collected(
        self,
        amount: object = None,
        currency: str | None = None,
        *,
        payer: str | None = None,
        external_id: str | None = None,
        reference_id: object = None,
        kind: Kind = "requesttopay",
        times: int = 1,
    ) -> Payment: ...

    def assert_collected(
        self,
        amount: object = None,
        currency: str | None = None,
        *,
        payer: str | None = None,
        external_id: str | None = None,
        reference_id: object = None,
        kind: Kind = "requesttopay",
        times: int = 1,
    ) -> Payment | None:
        """Exactly so many payments like this one succeeded (one, unless said otherwise); the last is returned."""
        wanted = {
            "amount": None if amount is None else Decimal(str(amount)),
            "currency": currency,
            "payer": payer,
            "external_id": external_id,
            "reference_id": None if reference_id is None else str(reference_id).lower(),
        }
        payments = self.payments(kind)
        found = [payment for payment in payments if payment.status == "SUCCESSFUL" and _like(payment, wanted)]
        if len(found) != times:
            asked = [name for name, value in wanted.items() if value is not None]
            raise AssertionError(
                f"{len(found)} of {len(payments)} {kind} succeeded with the {', '.join(asked) or 'wish'} asked for, "
                f"not {times}; there are {[_shown(payment) for payment in payments]}"
            )
        return found[-1] if found else None

    def assert_nothing_collected(self) -> None:
        """No payment, withdraw, invoice or bill payment succeeded."""
        found = [_shown(each) for each in self.payments() if each.kind in COLLECTING and each.status == "SUCCESSFUL"]
        if found:
            raise AssertionError(f"collected: {found}")

    def assert_requested(self, operation: str, times: int | None = None) -> list[Received]:
        """An operation, by MTN's name, was asked for (so many times); the requests are returned."""
        found = self.requests(operation)
        if not found if times is None else len(found) != times:
            raise AssertionError(f"{operation} was asked for {len(found)} times")
        return found


def _is(entry: Received, operation: str) -> bool:
    return entry.operation is not None and entry.operation.lower() == operation.lower()


def _like(payment: Payment, wanted: dict[str, Any]) -> bool:
    for name, value in wanted.items():
        given = getattr(payment, name)
        if name == "amount" and given is not None:
            given = Decimal(given)
        if value is not None and given != value:
            return False
    return True


def _shown(payment: Payment) -> str:
    reason = f" ({payment.reason})" if payment.reason else ""
    return f"{payment.kind} {payment.amount or ''} {payment.currency} {payment.status}{reason}"
