"""What a sandbox is started with, and the switches for what MTN leaves open."""

from __future__ import annotations

from typing import Any, Literal

import attrs
from attrs import validators


def _not_negative(_: object, attribute: attrs.Attribute[Any], value: float | None) -> None:
    if value is not None and not value >= 0:
        raise ValueError(f"{attribute.name} is a number of seconds, 0 or more")


@attrs.define(kw_only=True)
class Switches:
    """What MTN leaves open. Each can be set at any time: `sandbox.switches.get_lag = 2`."""

    atomic_duplicates: bool = attrs.field(default=True, validator=validators.instance_of(bool))
    """False: two requests with the same id at the same instant are both accepted."""
    duplicate_window: float = attrs.field(default=0.05, validator=_not_negative)
    """Real seconds between the look for a duplicate and the creation, when that is not atomic."""
    duplicates_first: bool = attrs.field(default=False, validator=validators.instance_of(bool))
    """True: a used id answers 409 before the body is looked at."""
    burn_on_500: bool = attrs.field(default=False, validator=validators.instance_of(bool))
    """True: a create that was answered 500 has used its id up."""
    id_memory: float | None = attrs.field(default=None, validator=_not_negative)
    """Seconds after which an id is forgotten; None: never."""
    get_lag: float = attrs.field(default=0.0, validator=_not_negative)
    """Seconds after a 202 in which a status GET still answers 404."""
    doomed: Literal["answer", "reason"] = attrs.field(default="answer", validator=validators.in_(["answer", "reason"]))
    """The numbers that nobody measured: refused with their code, or accepted and then FAILED with it."""
    reason_shape: Literal["string", "object"] = attrs.field(
        default="string", validator=validators.in_(["string", "object"])
    )
    """How `reason` arrives: bare, as measured, or as the documented object."""
    message_limit: int = attrs.field(default=160, validator=validators.instance_of(int))
    """The longest payerMessage and payeeNote; another page of MTN's says 128."""
    refuse_empty_messages: bool = attrs.field(default=False, validator=validators.instance_of(bool))
    """True: an empty payerMessage or payeeNote is answered 400, as reported from production."""
    new_key_ends_tokens: bool = attrs.field(default=False, validator=validators.instance_of(bool))
    """True: a new API key makes the tokens of the older one invalid."""
    ip_callback_hosts: bool = attrs.field(default=False, validator=validators.instance_of(bool))
    """True: a callback host may be an IP address, which MTN refuses."""
    delayed_after: float | None = attrs.field(default=None, validator=_not_negative)
    """Seconds that a delayed success takes; None: drawn from what was measured."""
    consent_after: float | None = attrs.field(default=0.0, validator=_not_negative)
    """Seconds until an account holder gives consent; None: never, until it is given by hand."""
    status_cap: int | None = attrs.field(
        default=None, validator=validators.optional(validators.and_(validators.instance_of(int), validators.ge(1)))
    )
    """The most status GETs in a real second; beyond it 429. MTN's is 10; None: no cap."""
    token_body: Literal["refuse", "ignore"] = attrs.field(
        default="refuse", validator=validators.in_(["refuse", "ignore"])
    )
    """A body on /token/: 400, as documented, or no matter, as clients in use suggest."""
    token_lifetime: int = attrs.field(default=3600, validator=validators.instance_of(int))
    """Seconds that a token lives."""


@attrs.frozen(kw_only=True)
class Options:
    """What does not change while a sandbox runs."""

    subscription_key: str | None = attrs.field(default=None, repr=False)
    """The one key of the Collection product; None: any key is accepted."""
    product_keys: dict[str, str] = attrs.field(factory=dict, repr=False)
    """Keys of other products, by name: their API users get no token for Collection."""
    currency: str = "EUR"
    target: str = "sandbox"
    speed: float = 1.0
    seed: int | None = None
    state: str | None = None
    allow_callbacks_to: tuple[str, ...] = ()
    """Hosts beside loopback that callbacks may be sent to."""
    keep: int = 50_000
    """How many records of a kind are kept; the oldest that are final make room."""
