"""What a call is, as data: its operation, the kind of operation that decides about repeats, and its request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, Literal, NamedTuple, TypeVar

from momopy.failure import Outcome
from momopy.secret import Secret
from momopy.wire import Shape

T = TypeVar("T")


class Kind(NamedTuple):
    """How an operation may be repeated. `attempts` and `deadline` name fields of `Settings`."""

    name: str
    attempts: str
    deadline: str
    ambiguous: Literal["repeat", "look", "stop"]
    """What follows an attempt that may have been sent: the same again, a status call first, or nothing."""
    refused: Outcome
    """The outcome when the call is known to have made nothing."""
    lost: Outcome
    """The outcome when that is not known."""
    keyed: bool = False
    """The service knows the call by its reference id."""


TOKEN: Final = Kind("token", "token_attempts", "token_deadline", "repeat", "error", "error")
READ: Final = Kind("read", "read_attempts", "read_deadline", "repeat", "error", "error")
CREATE: Final = Kind("create", "create_attempts", "write_deadline", "look", "not_created", "unknown", keyed=True)
CANCEL: Final = Kind("cancel", "cancel_attempts", "write_deadline", "look", "not_created", "unknown")
UNKEYED: Final = Kind("unkeyed", "read_attempts", "write_deadline", "stop", "not_created", "unknown")
# Each call makes a new key and ends the old one, so a repeat is safe and the newest answer counts.
PROVISION: Final = Kind("provision", "token_attempts", "write_deadline", "repeat", "not_created", "error")


class Operation(NamedTuple):
    """One operation of the service."""

    name: str
    """MTN's name for it."""
    route: str
    """The path as a template, which a log may show."""
    kind: Kind
    success: tuple[int, ...]
    shape: Shape
    needs: tuple[str, ...] = ()
    """Keys that an answer must hold as texts to be one."""
    status_of: str = ""
    """For a status call: the method that makes what it asks about. MTN caps these calls at 10 a second."""
    settled: tuple[str, ...] | None = None
    """For a cancellation: the statuses in which the cancelled thing shows it."""


class Call(Generic[T]):
    """One call of one operation: everything that is sent, but for a managed token."""

    __slots__ = (
        "authorization",
        "begun",
        "body",
        "expected",
        "headers",
        "look",
        "made_by",
        "managed",
        "method",
        "operation",
        "recorded",
        "reference_id",
        "replay",
        "settling",
        "subscription_key",
        "tainted",
        "target",
        "timeout",
        "until",
        "url",
    )

    def __init__(
        self,
        operation: Operation,
        method: str,
        url: str,
        headers: list[tuple[bytes, bytes]],
        body: bytes | None,
        authorization: Secret | None,
        reference_id: str | None = None,
    ) -> None:
        self.operation = operation
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.authorization = authorization
        self.reference_id = reference_id
        self.managed = False
        """The driver adds a bearer token of its own."""
        self.expected: dict[str, str] = {}
        """What a status answer must repeat."""
        self.look: Callable[[], Call[Any]] | None = None
        """Makes the status call that tells what became of this one."""
        self.replay: Any = {}
        """The data of a success that was learnt by looking."""
        self.tainted = False
        """An earlier call with the same id may have been carried out."""
        self.settling = False
        """Our own 202 is so young that a 404 proves nothing."""
        self.made_by: str | None = None
        """For a creation: the method that makes it, such as `request_to_pay`."""
        self.begun = 0.0
        """Seconds since the epoch, as the journal has it."""
        self.recorded = ""
        """For a status call: the state in which the journal holds what it asks about."""
        self.target = ""
        """The target environment of a creation."""
        self.timeout: float | None = None
        """Seconds for the whole call, repeats included; None takes the kind's deadline."""
        self.until = 0.0
        """Seconds after the start at which no attempt may still run; the procedure sets it."""
        self.subscription_key: Secret | None = None
        """The key of this call, where the client has none of its own."""

    def __repr__(self) -> str:
        return f"<Call {self.operation.name} {self.reference_id or ''}>"
