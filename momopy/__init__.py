"""A client for the MTN MoMo Collection API, awaited (`Collection`) and blocking (`SyncCollection`)."""

from momopy.awaited.client import Client
from momopy.awaited.collection import Collection
from momopy.blocking.client import SyncClient
from momopy.blocking.collection import SyncCollection
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
from momopy.markets import MARKETS, Market, TargetName
from momopy.observe import Attempt, Ending
from momopy.reasons import Reason, explain
from momopy.result import Failure, Refused, Result, Success
from momopy.secret import Secret
from momopy.settings import Settings
from momopy.stores import TokenStore
from momopy.version import __version__

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
