"""Where workers share a token: the protocol, and the stores that keep it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class TokenStore(Protocol):
    """Keeps one text under a key. Its methods may block; an awaited client calls them in a thread.

    A store that fails raises; the client then looks after itself.
    """

    def get(self, key: str) -> str | None:
        """Return the text, or None where there is none or its lifetime is over."""

    def set(self, key: str, value: str, lifetime: float) -> None:
        """Keep a text for so many seconds."""

    def lock(self, key: str, timeout: float) -> AbstractContextManager[object]:
        """Hold off the other workers for at most `timeout` seconds. It may be left in another thread than entered."""
