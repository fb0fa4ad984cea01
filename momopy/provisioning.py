"""The provisioning operations of the sandbox: an API user, and a key for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from momopy import values
from momopy.building import Json, build
from momopy.calls import CREATE, PROVISION, READ, Call, Operation
from momopy.profile import known_id
from momopy.secret import Secret

if TYPE_CHECKING:
    from momopy import types

CREATE_API_USER: Final = Operation("CreateApiUser", "/v1_0/apiuser", CREATE, (201,), "empty")
GET_API_USER: Final = Operation("GetApiUser", "/v1_0/apiuser/{referenceId}", READ, (200,), "object")
CREATE_API_KEY: Final = Operation(
    "CreateApiKey", "/v1_0/apiuser/{referenceId}/apikey", PROVISION, (201,), "object", ("apiKey",)
)

# MTN asks for a host and has no default; a user without callbacks never hears of it again.
_NO_CALLBACKS: Final = "localhost"


def _with_key(call: Call[Any], subscription_key: str | Secret) -> Call[Any]:
    # Joined into the request later than the other headers, so that no header list holds it in clear.
    call.subscription_key = Secret(values.subscription_key(subscription_key))
    return call


def create_api_user(
    uuid: object, subscription_key: str | Secret, url_callback: str | None = None, *, local: bool = False
) -> Call[dict[str, Any]]:
    """`POST /v1_0/apiuser`, of a local MoMo or of MTN."""
    from momo_provisioning_api.api.api_user import create_api_user as endpoint

    key = known_id(uuid)
    host = _NO_CALLBACKS if url_callback is None else values.callback_host(url_callback, local=local)
    body = Json({"providerCallbackHost": host})
    request = endpoint._get_kwargs(body=cast(Any, body), x_reference_id=key)
    call = _with_key(build(CREATE_API_USER, request, None, key, root=""), subscription_key)
    call.expected = {"providerCallbackHost": host}
    call.look = partial(get_api_user, key, Secret(subscription_key))
    return call


def get_api_user(uuid: object, subscription_key: str | Secret) -> Call[types.ApiUser]:
    """`GET /v1_0/apiuser/{referenceId}`."""
    from momo_provisioning_api.api.api_user import get_api_user as endpoint

    key = known_id(uuid)
    return _with_key(build(GET_API_USER, endpoint._get_kwargs(key), None, key, root=""), subscription_key)


def create_api_key(uuid: object, subscription_key: str | Secret) -> Call[types.ApiKey]:
    """`POST /v1_0/apiuser/{referenceId}/apikey`."""
    from momo_provisioning_api.api.api_user import create_api_key as endpoint

    key = known_id(uuid)
    return _with_key(build(CREATE_API_KEY, endpoint._get_kwargs(key), None, key, root=""), subscription_key)
