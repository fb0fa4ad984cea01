"""The numbers that a program may set: how long, how often, how much."""

from __future__ import annotations

from typing import NamedTuple


class Settings(NamedTuple):
    """The limits of one client. Times are in seconds, sizes in bytes. docs/configuration.md has them in a table."""

    connect_timeout: float = 5.0
    """The longest that making a connection may take, TLS included."""
    read_timeout: float = 30.0
    """The longest silence of the service within an answer."""
    write_timeout: float = 10.0
    """The longest that the service may take no more of a request."""
    pool_timeout: float = 5.0
    """How long a transport of httpx's may wait for a free connection; with `transport="fast"`, for a new one."""

    read_deadline: float = 30.0
    """The longest that a call that only reads may take, its repeats included."""
    token_deadline: float = 20.0
    """The same for fetching a token."""
    write_deadline: float = 60.0
    """The same for a call that creates, cancels or provisions."""

    read_attempts: int = 3
    """How often a call that only reads is sent at most."""
    token_attempts: int = 3
    """The same for a token, and for a key of an API user."""
    create_attempts: int = 4
    """The same for a call that creates something."""
    cancel_attempts: int = 3
    """The same for a cancellation."""

    backoff: float = 0.5
    """The ceiling of the wait before the second attempt; it doubles with each further one."""
    backoff_limit: float = 8.0
    """What that ceiling rises to at most."""
    ambiguous_wait: float = 1.0
    """The least wait after an attempt whose fate is unclear, so that its first copy can land; it doubles, too."""
    retry_after_limit: float = 30.0
    """A longer wait than this, asked for by the service, is left to the caller."""

    retry_quota: int = 500
    """What all repeats of one client may cost at once; each answer that went well gives 1 back."""
    retry_cost: int = 5
    """What a repeat costs."""
    timeout_cost: int = 10
    """What a repeat costs after silence or a broken line."""

    first_polls: tuple[float, ...] = (2.0, 3.0, 5.0, 8.0)
    """While waiting: the pauses after the first status calls."""
    poll: float = 10.0
    """While waiting: the pause after each further one."""
    slow_poll_after: float = 300.0
    """When waiting goes on with longer pauses."""
    slow_poll: float = 30.0
    """While waiting: the longer pause."""
    status_rate: float = 8.0
    """Status calls a second from one client; MTN's cap is 10."""

    keepalive: float = 5.0
    """How long an idle connection is kept."""
    max_concurrency: int = 100
    """Calls on the wire at once; further ones wait their turn."""
    horizon: float = 900.0
    """After this long, a payment that the service does not know is presumed never to have been made."""
    settle_window: float = 30.0
    """A status of 404 this soon after our own 202 proves nothing."""

    body_limit: int = 1 << 20
    """The longest body of an answer that is read."""
    token_body_limit: int = 1 << 16
    """The same for a token's."""

    token_advisory: float = 600.0
    """How long before its end a token is renewed by one caller, while the others go on with it."""
    token_mandatory: float = 60.0
    """How long before its end nobody uses a token any more."""
    token_pause: float = 30.0
    """The pause after an early renewal that failed."""
    token_spacing: float = 1.0
    """The least time between two token requests for one API user."""


DEFAULT = Settings()
