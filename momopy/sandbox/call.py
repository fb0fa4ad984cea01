"""A request that has passed the common checks, and what its handler may do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from momopy.sandbox import errors
from momopy.sandbox.exchange import Answer, Later, Refused, Request, json_answer
from momopy.sandbox.outcomes import ONGOING, Course, Fate, Refusal
from momopy.sandbox.records import Kind, Token, Transaction
from momopy.sandbox.results import status_document
from momopy.sandbox.world import World


@attrs.define(kw_only=True)
class Call:
    """What a handler is given."""

    world: World
    request: Request
    params: dict[str, str]
    product: str = "collection"
    api_user: str = ""
    token: Token | None = None
    reference_id: str = ""
    callback_url: str | None = None
    body: Any = None
    form: dict[str, str] = attrs.field(factory=dict)

    def is_used(self, kind: Kind, reference_id: str) -> bool:
        """Whether an id stands for something already."""
        store = self.world.store
        return self._remembered(kind, reference_id) is not None or (kind, reference_id) in store.burned

    def refuse_duplicate(self, kind: Kind) -> None:
        """Refuse the call when its id is used."""
        if self.is_used(kind, self.reference_id):
            raise Refused(errors.DUPLICATE)

    def _remembered(self, kind: Kind, reference_id: str) -> Transaction | None:
        record = self.world.store.find(kind, reference_id)
        memory = self.world.switches.id_memory
        if record is None or (memory is not None and record.created_at + memory <= self.world.clock.now()):
            return None
        return record

    def known(self, kind: Kind) -> Transaction:
        """The transaction that the path names; refuses the call when there is none to be seen."""
        record = self._remembered(kind, self.params["reference_id"])
        if record is None or record.visible_at > self.world.clock.now():
            raise Refused(errors.NOT_FOUND)
        return record

    def status(self, kind: Kind) -> Answer:
        """The status answer for the transaction that the path names."""
        record, mode = self.known(kind), self.world.outbox.mode
        called_back = record.final and record.callback_url is not None
        # The callback may be out while a GET does not agree yet.
        if called_back and mode.early and self.world.clock.now() < record.changed_at + mode.early:
            record = attrs.evolve(record, status="PENDING", reason=None, details=dict(record.details))
            record.details.pop("financialTransactionId", None)
        return json_answer(200, status_document(record, self.world.switches))

    def refuse_currency(self, currency: str) -> None:
        """Refuse the call when its currency is not the sandbox's."""
        if currency != self.world.options.currency:
            raise Refused(errors.platform(500, "INVALID_CURRENCY"))

    def fate(self, table: dict[str, Fate], key: str, otherwise: Course) -> Fate:
        """What becomes of a transaction, by its payer; one who is held decides by hand."""
        return ONGOING if self.world.holds(key) else table.get(key, otherwise)

    def accept(
        self,
        kind: Kind,
        fate: Fate,
        body: dict[str, Any],
        details: dict[str, str] | None = None,
    ) -> Answer | Later:
        """Create the transaction, unless its id is used or its fate is to be refused."""
        world = self.world
        self.refuse_duplicate(kind)
        if isinstance(fate, Refusal):
            if world.switches.doomed == "answer":
                raise Refused(errors.platform(fate.status, fate.code))
            course = Course("FAILED", fate.code)
        else:
            course = fate

        def create() -> Answer:
            world.create(
                kind,
                self.reference_id,
                self.api_user,
                body,
                course,
                self.callback_url,
                details,
            )
            return Answer(202)

        if world.switches.atomic_duplicates:
            return create()
        return Later(world.switches.duplicate_window, create)


Handler = Callable[[Call], Answer | Later]
