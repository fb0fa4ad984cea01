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
from momopy.result import Refused, Result, Settled, Success
from momopy.secret import Secret
from momopy.settings import Settings
from momopy.stores import TokenStore
from momopy.version import __version__

if TYPE_CHECKING:
    from momopy import journal as journal
    from momopy import otel as otel
    from momopy import sandbox as sandbox
    from momopy import types as types
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
    "Settled",
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

# Parts that few programs need, for those that write momopy.sandbox.run() after a mere import of momopy.
_PARTS = frozenset({"journal", "otel", "sandbox", "types"})

if not TYPE_CHECKING:  # a checker that saw it would take any name for one of momopy's

    def __getattr__(name: str) -> Any:
        from importlib import import_module

        if name in _PARTS:
            return import_module(f"momopy.{name}")
        if name not in _CLIENTS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(_CLIENTS[name]), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_PARTS})
