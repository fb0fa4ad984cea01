"""What every call returns: a tuple `(ok, data)` that cannot be taken for a success when it is none."""

from __future__ import annotations

from typing import Any, Generic, Literal, NamedTuple, NoReturn, Self, TypeAlias, TypeVar

from momopy.errors import raise_failure
from momopy.failure import Failure

T = TypeVar("T")

# What a repr may show: never a name, a number, a balance or a token.
_SHOWN = frozenset(
    "status code outcome reference_id http_status sent retryable retry_after field attempts elapsed result".split()
)


# momopy's own sentence, or MTN's without what is private in it.
_SHOWN_OF_FAILURE = _SHOWN | {"message"}


def _shown(data: Any, allowed: frozenset[str] = _SHOWN) -> str:
    if isinstance(data, dict):
        pairs = (f"{key!r}: {value!r}" if key in allowed else f"{key!r}: ..." for key, value in data.items())
        return "{" + ", ".join(pairs) + "}"
    return f"[{len(data)} entries]" if isinstance(data, list) else "..."


class Success(tuple[Literal[True], T], Generic[T]):
    """`(True, data)`: the service did what was asked."""

    __slots__ = ()

    def __new__(cls, data: T) -> Self:
        """Make it of the data."""
        return tuple.__new__(cls, (True, data))

    def __getnewargs__(self) -> tuple[T]:
        return (self[1],)

    @property
    def ok(self) -> Literal[True]:
        """True."""
        return True

    @property
    def data(self) -> T:
        """What the service answered."""
        return self[1]

    def unwrap(self) -> T:
        """Return the data."""
        return self[1]

    def __bool__(self) -> Literal[True]:
        return True

    def __repr__(self) -> str:
        return f"(True, {_shown(self[1])})"


# The open end is for pyright alone (1.1.414): it takes a tuple of a known length for true whatever its
# __bool__ says, and what follows `if not result:` would be unreachable to it.
class Refused(tuple[Literal[False], Failure, *tuple[Any, ...]]):
    """`(False, failure)`: it was not done, or nobody knows."""

    __slots__ = ()

    def __new__(cls, failure: Failure) -> Self:
        """Make it of a failure."""
        return tuple.__new__(cls, (False, failure))

    def __getnewargs__(self) -> tuple[Failure]:
        return (self[1],)

    @property
    def ok(self) -> Literal[False]:
        """False."""
        return False

    @property
    def data(self) -> Failure:
        """Why it was not done."""
        return self[1]

    def unwrap(self) -> NoReturn:
        """Raise the failure as an exception of its kind (`momopy.HTTPException` and below)."""
        raise_failure(self[1])

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return f"(False, {_shown(self[1], _SHOWN_OF_FAILURE)})"


Result: TypeAlias = Success[T] | Refused


class Settled(NamedTuple):
    """What `reconcile_open` found of one thing that was begun."""

    reference_id: str
    operation: str
    """The method that began it."""
    result: Success[dict[str, Any]] | Refused


def refused_value(field: str, rule: str, reference_id: str | None = None, *, may_exist: bool = False) -> Refused:
    """The failure for a value that MTN would refuse; nothing was sent, unless by an earlier call that `may_exist`."""
    message = f"{field} {rule}"
    if may_exist:
        message += "; what was sent under this reference id before may have been carried out"
    return Refused(
        {
            "outcome": "unknown" if may_exist else "not_created",
            "code": "VALIDATION",
            "message": message,
            "http_status": None,
            "reference_id": reference_id,
            "sent": "maybe" if may_exist else False,
            "retryable": False,
            "retry_after": None,
            "field": field,
            "attempts": 0,
            "elapsed": 0.0,
        }
    )
