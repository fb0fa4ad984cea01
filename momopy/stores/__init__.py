"""Where workers share a token: the protocol, and the stores that keep it.

`MemoryStore` shares inside one process, `FileStore` between the processes of one user, `RedisStore` (extra `redis`)
between hosts. Any object with the three methods of `TokenStore` will do as well.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

from momopy.errors import MomoException

if TYPE_CHECKING:
    from momopy.stores.file import FileStore
    from momopy.stores.memory import MemoryStore
    from momopy.stores.redis import RedisStore

__all__ = ["FileStore", "LockNotGained", "MemoryStore", "RedisStore", "StoreError", "StoreRefused", "TokenStore"]


class StoreError(MomoException):
    """A store cannot do what it should. Its text never holds what is kept."""


class StoreRefused(StoreError):
    """The place where tokens would be kept is not safe; the text says why."""


class LockNotGained(StoreError, TimeoutError):
    """Another worker held the lock all the time."""


class TokenStore(Protocol):
    """Keeps one text under a key. Its methods may block: clients of both kinds call them in threads of momopy's own.

    A store that fails raises. The client then looks after itself, and for half a minute passes the store over; it
    does the same where the store takes more than half of the time that a call has.
    """

    def get(self, key: str) -> str | None:
        """Return the text, or None where there is none or its lifetime is over."""
        ...

    def set(self, key: str, value: str, lifetime: float) -> None:
        """Keep a text for so many seconds."""

    def lock(self, key: str, timeout: float) -> AbstractContextManager[object]:
        """Make a lock that holds the other workers off.

        To enter it is to wait for them, at most `timeout` seconds, and to raise when that was too short.
        It may be left in another thread than it was entered in.
        """
        ...


_MODULES: Final = {"FileStore": "file", "MemoryStore": "memory", "RedisStore": "redis"}


def __getattr__(name: str) -> Any:
    # Loaded when asked for: `import momopy` needs the protocol only.
    if name in _MODULES:
        return getattr(import_module(f"momopy.stores.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
