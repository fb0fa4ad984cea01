"""A client for the MTN MoMo Collection API, awaited (`Collection`) and blocking (`SyncCollection`)."""

from typing import TYPE_CHECKING, Any

from momopy.errors import (
    Conflict,
    ConnectionFailed,
    HTTPException,
    InvalidArgument,
    InvalidBaseURL,
    InvalidBasicToken,
    InvalidBearerToken,
    InvalidBody,
    InvalidCallback,
    InvalidData,
    InvalidSubscriptionKey,
    InvalidTarget,
    InvalidUniqueIDVersion,
    MissingArgument,
    MissingCredentials,
    Misuse,
    MomoException,
    MomoServerError,
    NotFound,
    OutcomeUnknown,
    PaymentFailed,
    PaymentPending,
    Unauthorized,
)
from momopy.failure import Failure
from momopy.markets import MARKETS, Market, TargetName
from momopy.observe import Attempt, Ending
from momopy.reasons import Reason, explain
from momopy.result import Refused, Result, Success
from momopy.secret import Secret
from momopy.settings import Settings
from momopy.stores import TokenStore
from momopy.version import __version__

if TYPE_CHECKING:
    from momopy.awaited.client import Client
    from momopy.awaited.collection import Collection
    from momopy.blocking.client import SyncClient
    from momopy.blocking.collection import SyncCollection

__all__ = [
    "MARKETS",
    "Attempt",
    "Client",
    "Collection",
    "Conflict",
    "ConnectionFailed",
    "Ending",
    "Failure",
    "HTTPException",
    "InvalidArgument",
    "InvalidBaseURL",
    "InvalidBasicToken",
    "InvalidBearerToken",
    "InvalidBody",
    "InvalidCallback",
    "InvalidData",
    "InvalidSubscriptionKey",
    "InvalidTarget",
    "InvalidUniqueIDVersion",
    "Market",
    "MissingArgument",
    "MissingCredentials",
    "Misuse",
    "MomoException",
    "MomoServerError",
    "NotFound",
    "OutcomeUnknown",
    "PaymentFailed",
    "PaymentPending",
    "Reason",
    "Refused",
    "Result",
    "Secret",
    "Settings",
    "Success",
    "SyncClient",
    "SyncCollection",
    "TargetName",
    "TokenStore",
    "Unauthorized",
    "__version__",
    "explain",
]

# Loaded when they are asked for: each brings httpx along, the awaited ones asyncio too, and a program that
# imports momopy for an exception or in one of its commands pays for neither.
_CLIENTS = {
    "Client": "momopy.awaited.client",
    "Collection": "momopy.awaited.collection",
    "SyncClient": "momopy.blocking.client",
    "SyncCollection": "momopy.blocking.collection",
}

if not TYPE_CHECKING:  # a checker that saw it would take any name for one of momopy's

    def __getattr__(name: str) -> Any:
        module = _CLIENTS.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        found = globals()[name] = getattr(import_module(module), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
