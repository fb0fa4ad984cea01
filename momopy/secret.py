"""A text that shows itself to nobody by accident."""

from __future__ import annotations

import hmac
from typing import NoReturn, overload


class Secret:
    """Holds a secret; `reveal()` is the only way to its text."""

    __slots__ = ("__text",)

    def __init__(self, text: str | Secret) -> None:
        self.__text = text.reveal() if isinstance(text, Secret) else text

    def reveal(self) -> str:
        """Return the text."""
        return self.__text

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format("***", spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        # With surrogatepass, since the error of a text that is no Unicode would hold it.
        mine, theirs = self.__text.encode(errors="surrogatepass"), other.__text.encode(errors="surrogatepass")
        return hmac.compare_digest(mine, theirs)

    # A hash of the text would tell two secrets apart in a log.
    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled; reveal() it where that is meant")

    # From Python 3.11 on every object has one, which would hand the text out.
    __getstate__ = __reduce__


@overload
def hidden(value: None) -> None: ...
@overload
def hidden(value: str | Secret) -> Secret: ...
def hidden(value: str | Secret | None) -> Secret | None:
    """A secret that came as text, out of sight: a traceback may show local variables.

    What is no text stays what it is, to be refused by whoever needs one.
    """
    return Secret(value) if isinstance(value, str) else value
