"""What a sandbox is started with, and the switches for what MTN leaves open."""

from __future__ import annotations

from typing import Literal

import attrs

from momopy.sandbox import checks


@attrs.define(kw_only=True)
class Switches:
    """What MTN leaves open. Each can be set at any time: `sandbox.switches.get_lag = 2`."""

    atomic_duplicates: bool = attrs.field(default=True, validator=checks.flag())
    """False: two requests with the same id at the same instant are both accepted."""
    duplicate_window: float = attrs.field(default=0.05, validator=checks.seconds(3600))
    """Real seconds between the look for a duplicate and the creation, when that is not atomic."""
    duplicates_first: bool = attrs.field(default=False, validator=checks.flag())
    """True: a used id answers 409 before the body is looked at."""
    burn_on_500: bool = attrs.field(default=False, validator=checks.flag())
    """True: a create that was answered 500 has used its id up."""
    id_memory: float | None = attrs.field(default=None, validator=checks.seconds(optional=True))
    """Seconds after which an id is forgotten; None: never."""
    get_lag: float = attrs.field(default=0.0, validator=checks.seconds())
    """Seconds after a 202 in which a status GET still answers 404."""
    doomed: Literal["answer", "reason"] = attrs.field(default="answer", validator=checks.one_of("answer", "reason"))
    """The numbers that nobody measured: refused with their code, or accepted and then FAILED with it."""
    reason_shape: Literal["string", "object"] = attrs.field(
        default="string", validator=checks.one_of("string", "object")
    )
    """How `reason` arrives: bare, as measured, or as the documented object."""
    message_limit: int = attrs.field(default=160, validator=checks.whole(1))
    """The longest payerMessage and payeeNote; another page of MTN's says 128."""
    refuse_empty_messages: bool = attrs.field(default=False, validator=checks.flag())
    """True: an empty payerMessage or payeeNote is answered 400, as reported from production."""
    new_key_ends_tokens: bool = attrs.field(default=False, validator=checks.flag())
    """True: a new API key makes the tokens of the older one invalid."""
    ip_callback_hosts: bool = attrs.field(default=False, validator=checks.flag())
    """True: a callback host may be an IP address, which MTN refuses."""
    https_callbacks: bool = attrs.field(default=False, validator=checks.flag())
    """True: a callback URL must begin with https, as in production; the sandbox itself calls back by http too."""
    delayed_after: float | None = attrs.field(default=None, validator=checks.seconds(optional=True))
    """Seconds that a delayed success takes; None: drawn from what was measured."""
    consent_after: float | None = attrs.field(default=0.0, validator=checks.seconds(optional=True))
    """Seconds until an account holder gives consent; None: never, until it is given by hand."""
    status_cap: int | None = attrs.field(default=None, validator=checks.whole(1, optional=True))
    """The most status GETs in a real second; beyond it 429. MTN's is 10; None: no cap."""
    token_body: Literal["refuse", "ignore"] = attrs.field(default="refuse", validator=checks.one_of("refuse", "ignore"))
    """A body on /token/: 400, as documented, or no matter, as clients in use suggest."""
    token_lifetime: int = attrs.field(default=3600, validator=checks.whole(1))
    """Seconds that a token lives."""


@attrs.frozen(kw_only=True)
class Options:
    """What does not change while a sandbox runs."""

    subscription_key: str | None = attrs.field(default=None, repr=False)
    """The one key of the Collection product; None: any key is accepted."""
    product_keys: dict[str, str] = attrs.field(factory=dict, repr=False)
    """Keys of other products, by name: their API users get no token for Collection."""
    currency: str = attrs.field(default="EUR", validator=checks.currency())
    target: str = "sandbox"
    speed: float = 1.0
    seed: int | None = None
    state: str | None = None
    allow_callbacks_to: tuple[str, ...] = ()
    """Hosts beside loopback that callbacks may be sent to."""
    keep: int = attrs.field(default=50_000, validator=checks.whole(1))
    """How many records of a kind are kept; the oldest that are final make room."""
