"""A store in Redis, for the workers of many hosts (extra `redis`)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

from momopy.errors import InvalidArgument, wrong_type
from momopy.stores import LockNotGained

# A worker that is cut off from Redis must not keep a payment waiting.
_PATIENCE = 2.0
# The longest that a renewal may take with the defaults of `Settings`, and half as much again: a lock
# whose holder died must end by itself.
_LOCK_LIFETIME = 30.0


class RedisStore:
    """Keeps tokens in Redis, so that one renewal serves a whole fleet.

    While Redis is gone each process looks after itself; nothing fails for it.

    Args:
        client: The URL (`redis://`, `rediss://` or `unix://`), or a `redis.Redis` of the program's own, whose
            timeouts should be short.
        prefix: What the names of the keys begin with.
    """

    def __init__(self, client: str | Any, *, prefix: str = "momopy:token:") -> None:
        try:
            from redis import Redis
        except ImportError:
            raise InvalidArgument("client", "needs the extra redis: pip install 'momopy-collection[redis]'") from None
        if isinstance(client, str):
            client = _connect(client)
        elif not isinstance(client, Redis):
            raise wrong_type(InvalidArgument, "client", "must be a URL or a blocking redis.Redis")
        self._client: Any = client
        self._prefix = prefix

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def get(self, key: str) -> str | None:
        """Return the text, or None where there is none or its lifetime is over."""
        found = self._client.get(self._prefix + key)
        if isinstance(found, bytes):
            return found.decode("utf-8", "replace")
        return found if isinstance(found, str) else None

    def set(self, key: str, value: str, lifetime: float) -> None:
        """Keep a text for so many seconds."""
        self._client.set(self._prefix + key, value, px=max(1, int(lifetime * 1000)))

    def lock(self, key: str, timeout: float) -> AbstractContextManager[object]:
        """Make a lock that holds the other workers off."""
        # thread_local: an awaited client enters and leaves it in different threads.
        return _Held(
            self._client.lock(
                f"{self._prefix}{key}:lock",
                timeout=_LOCK_LIFETIME,
                sleep=0.05,
                blocking_timeout=timeout,
                thread_local=False,
            ),
            timeout,
        )


class _Held:
    def __init__(self, lock: Any, timeout: float) -> None:
        self._lock = lock
        self._timeout = timeout

    def __enter__(self) -> None:
        if not self._lock.acquire():
            raise LockNotGained(f"another worker held the lock for {self._timeout:g} seconds")

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lock.release()


def _connect(url: str) -> Any:
    from redis import ConnectionError as ConnectionLost
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    try:
        return Redis.from_url(
            url,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            # Once, since the connection may have gone idle; redis-py's own three repeats wait in between.
            retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionLost,)),
        )
    except ValueError:
        pass
    # Raised outside, so that no text with a password in it comes along as the context.
    raise InvalidArgument("client", "must be a URL such as redis://host:6379/0, rediss://... or unix://...")
