"""The numbers that a program may set: how long, how often, how much."""

from __future__ import annotations

from typing import NamedTuple


class Settings(NamedTuple):
    """The limits of one client. Times are in seconds, sizes in bytes."""

    connect_timeout: float = 5.0
    read_timeout: float = 30.0
    write_timeout: float = 10.0
    pool_timeout: float = 5.0
    """How long a transport of httpx's may wait for a free connection; with `transport="fast"`, for a new one, the
    look-up of the host's name included."""

    read_deadline: float = 30.0
    """The longest that a reading call may take, its repeats included."""
    token_deadline: float = 20.0
    write_deadline: float = 60.0
    """The same for a call that creates, cancels or provisions."""

    read_attempts: int = 3
    token_attempts: int = 3
    create_attempts: int = 4
    cancel_attempts: int = 3

    backoff: float = 0.5
    """The ceiling of the wait before the second attempt; it doubles up to `backoff_limit`."""
    backoff_limit: float = 8.0
    ambiguous_wait: float = 1.0
    """The least wait after an attempt whose fate is unclear, so that its first copy can land; it doubles."""
    retry_after_limit: float = 30.0
    """A longer wait than this, asked for by the service, is handed to the caller."""

    retry_quota: int = 500
    """Tokens in the bucket that all repeats of one client draw on."""
    retry_cost: int = 5
    timeout_cost: int = 10

    first_polls: tuple[float, ...] = (2.0, 3.0, 5.0, 8.0)
    """While waiting: the pauses after the first status calls."""
    poll: float = 10.0
    """The pause after each further one, for `slow_poll_after` seconds."""
    slow_poll_after: float = 300.0
    slow_poll: float = 30.0
    """The pause after that."""
    status_rate: float = 8.0
    """Status calls a second from one client; MTN's cap is 10."""
    keepalive: float = 5.0
    """How long an idle connection is kept."""
    max_concurrency: int = 100
    """Calls on the wire at once; further ones wait their turn."""
    horizon: float = 900.0
    """After this long, a payment that the service does not know is presumed never to have been made."""
    settle_window: float = 30.0
    """A status of 404 this soon after our own 202 proves nothing (MTN, measured)."""

    body_limit: int = 1 << 20
    token_body_limit: int = 1 << 16

    token_advisory: float = 600.0
    """Seconds before its end at which one caller renews the token while the others go on."""
    token_mandatory: float = 60.0
    """Seconds before its end from which nobody uses the token any more."""
    token_pause: float = 30.0
    """Between two tries of an advisory renewal that failed."""
    token_spacing: float = 1.0
    """Between two token requests for one API user."""


DEFAULT = Settings()
