from http import HTTPStatus
from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.oauth_2_token import Oauth2Token
from ...models.oauth_2_token_request import Oauth2TokenRequest
from ...types import Response


def _get_kwargs(
    *,
    body: Oauth2TokenRequest,
    x_target_environment: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["X-Target-Environment"] = x_target_environment

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/oauth2/token/",
    }

    _kwargs["data"] = body.to_dict()
    headers["Content-Type"] = "application/x-www-form-urlencoded"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Oauth2Token | None:
    if response.status_code == 200:
        response_200 = Oauth2Token.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = cast(Any, None)
        return response_400

    if response.status_code == 401:
        response_401 = cast(Any, None)
        return response_401

    if response.status_code == 403:
        response_403 = cast(Any, None)
        return response_403

    if response.status_code == 429:
        response_429 = cast(Any, None)
        return response_429

    if response.status_code == 500:
        response_500 = cast(Any, None)
        return response_500

    if 500 <= response.status_code <= 599:
        response_5xx = cast(Any, None)
        return response_5xx

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any | Oauth2Token]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: Oauth2TokenRequest,
    x_target_environment: str,
) -> Response[Any | Oauth2Token]:
    """A token that stands for an account holder's consent

    Args:
        x_target_environment (str):
        body (Oauth2TokenRequest): What an OAuth2 token is asked for with. The first one needs
            `auth_req_id`, those that follow need `refresh_token`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Oauth2Token]
    """

    kwargs = _get_kwargs(
        body=body,
        x_target_environment=x_target_environment,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: Oauth2TokenRequest,
    x_target_environment: str,
) -> Any | Oauth2Token | None:
    """A token that stands for an account holder's consent

    Args:
        x_target_environment (str):
        body (Oauth2TokenRequest): What an OAuth2 token is asked for with. The first one needs
            `auth_req_id`, those that follow need `refresh_token`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Oauth2Token
    """

    return sync_detailed(
        client=client,
        body=body,
        x_target_environment=x_target_environment,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: Oauth2TokenRequest,
    x_target_environment: str,
) -> Response[Any | Oauth2Token]:
    """A token that stands for an account holder's consent

    Args:
        x_target_environment (str):
        body (Oauth2TokenRequest): What an OAuth2 token is asked for with. The first one needs
            `auth_req_id`, those that follow need `refresh_token`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Oauth2Token]
    """

    kwargs = _get_kwargs(
        body=body,
        x_target_environment=x_target_environment,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: Oauth2TokenRequest,
    x_target_environment: str,
) -> Any | Oauth2Token | None:
    """A token that stands for an account holder's consent

    Args:
        x_target_environment (str):
        body (Oauth2TokenRequest): What an OAuth2 token is asked for with. The first one needs
            `auth_req_id`, those that follow need `refresh_token`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Oauth2Token
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            x_target_environment=x_target_environment,
        )
    ).parsed
