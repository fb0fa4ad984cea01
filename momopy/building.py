"""Turns what the generated endpoints say of a request into a `Call`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlencode

from momopy.calls import Call, Operation
from momopy.errors import MissingArgument
from momopy.profile import Profile
from momopy.secret import Secret

if TYPE_CHECKING:
    from momo_collection_api.types import Unset

F = TypeVar("F", bound=Callable[..., Call[Any]])

_ROOT: Final = "/collection"
_ENCODE: Final = json.JSONEncoder(separators=(",", ":")).encode
_built_by: Final[dict[Callable[..., Call[Any]], Operation]] = {}


class Json(dict[str, Any]):
    """A checked body in the place of a generated model, which would copy each key twice to the same end."""

    def to_dict(self) -> dict[str, Any]:
        """Itself."""
        return self


def build(
    operation: Operation,
    request: Mapping[str, Any],
    authorization: Secret | None,
    reference_id: str | None = None,
    root: str = _ROOT,
) -> Call[Any]:
    """Turn what a generated endpoint says of a request into a call."""
    method: str = request["method"].upper()
    headers = [(name.encode("ascii"), value.encode("ascii")) for name, value in request.get("headers", {}).items()]
    body: bytes | None = None
    if "json" in request:
        body = _ENCODE(request["json"]).encode()
    elif "data" in request:
        body = urlencode(request["data"]).encode()
    elif method == "POST":
        body = b""
    return Call(operation, method, root + request["url"], headers, body, authorization, reference_id)


def bearer(
    operation: Operation,
    profile: Profile,
    authorization: str | Secret | None,
    request: Mapping[str, Any],
    reference_id: str | None = None,
) -> Call[Any]:
    """The same for a call with a bearer token: the caller's, or one that the driver adds."""
    token = profile.bearer_for(authorization)
    call = build(operation, request, token, reference_id)
    call.managed = token is None
    return call


def builds(operation: Operation) -> Callable[[F], F]:
    """Mark the function that builds the calls of an operation."""

    def mark(function: F) -> F:
        _built_by[function] = operation
        return function

    return mark


def built_by(function: Callable[..., Call[Any]]) -> Operation:
    """The operation whose calls a function builds."""
    return _built_by[function]


def given(value: object, parameter: str) -> Any:
    """An argument that must not be left out."""
    if value is None:
        raise MissingArgument(parameter, "is missing")
    return value


def revealed(callback: Secret | None) -> Unset | str:
    """A callback URL as the generated endpoints take it."""
    from momo_collection_api.types import UNSET

    return UNSET if callback is None else callback.reveal()
