"""What the sandbox remembers. No repr shows a phone number, a key or a token."""

from __future__ import annotations

import json
from typing import Any, Literal, TypeAlias

import attrs

from momopy.sandbox.outcomes import FINAL

Kind: TypeAlias = Literal["requesttopay", "requesttowithdraw", "invoice", "payment", "preapproval"]


@attrs.define(kw_only=True)
class ApiUser:
    """An API user, scoped to the product whose subscription key made it."""

    id: str
    callback_host: str
    product: str
    api_key: str | None = attrs.field(default=None, repr=False)


@attrs.define(kw_only=True)
class Token:
    """An access token, or an OAuth2 token that an account holder consented to."""

    value: str = attrs.field(repr=False)
    api_user: str
    product: str
    made_at: float
    expires_at: float
    scope: str | None = None
    account_holder: str | None = attrs.field(default=None, repr=False)
    refresh_token: str | None = attrs.field(default=None, repr=False)


@attrs.define(kw_only=True)
class Change:
    """The status that a transaction takes at a time."""

    at: float
    status: str
    reason: str | None = None


@attrs.define(kw_only=True)
class Transaction:
    """A payment, withdraw, invoice, bill payment or pre-approval."""

    serial: int
    kind: Kind
    reference_id: str
    api_user: str
    body: dict[str, Any] = attrs.field(repr=False)
    status: str
    reason: str | None = None
    changes: list[Change] = attrs.field(factory=list, repr=False)
    created_at: float
    changed_at: float
    visible_at: float
    callback_url: str | None = attrs.field(default=None, repr=False)
    details: dict[str, str] = attrs.field(factory=dict, repr=False)

    @property
    def final(self) -> bool:
        """Whether the status will not change any more."""
        return self.status in FINAL


@attrs.define(kw_only=True)
class Consent:
    """An account holder who was asked for consent by bc-authorize."""

    auth_req_id: str = attrs.field(repr=False)
    api_user: str
    account_holder: str = attrs.field(repr=False)
    scope: str
    access_type: str
    status: Literal["PENDING", "APPROVED", "REJECTED", "USED", "EXPIRED"] = "PENDING"
    asked_at: float
    answers_at: float | None
    expires_at: float

    def next_change(self) -> float | None:
        """When its status changes by itself; None when it will not any more."""
        if self.status in ("USED", "EXPIRED"):
            return None
        if self.status == "PENDING" and self.answers_at is not None:
            return min(self.answers_at, self.expires_at)
        return self.expires_at


@attrs.define(kw_only=True)
class Notification:
    """A delivery notification that was sent for a payment."""

    serial: int
    reference_id: str
    message: str = attrs.field(repr=False)
    language: str | None
    at: float


@attrs.define(kw_only=True)
class Burned:
    """An id that was used up without a transaction."""

    kind: Kind
    reference_id: str


@attrs.define(kw_only=True)
class Delivery:
    """One callback, to be sent or sent."""

    serial: int
    kind: Kind
    reference_id: str
    """Known to the sandbox only: the callback does not carry it."""
    method: str
    url: str = attrs.field(repr=False)
    body: dict[str, Any] = attrs.field(repr=False)
    attempt: int = 1
    due_at: float
    sent_at: float | None = None
    status: int | None = None
    """What the listener answered; None when it did not."""
    error: str | None = None
    chain: int = attrs.field(default=0, repr=False)
    """Deliveries of one chain are sent one after the other, by their place in it."""
    place: int = attrs.field(default=0, repr=False)

    def payload(self) -> bytes:
        """The body as it is sent."""
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()
