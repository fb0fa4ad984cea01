from http import HTTPStatus
from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.bc_authorize import BcAuthorize
from ...models.bc_authorize_response import BcAuthorizeResponse
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: BcAuthorize,
    x_target_environment: str,
    x_callback_url: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["X-Target-Environment"] = x_target_environment

    if not isinstance(x_callback_url, Unset):
        headers["X-Callback-Url"] = x_callback_url

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1_0/bc-authorize",
    }

    _kwargs["data"] = body.to_dict()
    headers["Content-Type"] = "application/x-www-form-urlencoded"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | BcAuthorizeResponse | None:
    if response.status_code == 200:
        response_200 = BcAuthorizeResponse.from_dict(response.json())

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
) -> Response[Any | BcAuthorizeResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: BcAuthorize,
    x_target_environment: str,
    x_callback_url: str | Unset = UNSET,
) -> Response[Any | BcAuthorizeResponse]:
    """Ask an account holder for consent, on the holder's own phone

    Args:
        x_target_environment (str):
        x_callback_url (str | Unset):
        body (BcAuthorize): Whose consent is asked for, and to what. Without these three there is
            nothing to ask.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | BcAuthorizeResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        x_target_environment=x_target_environment,
        x_callback_url=x_callback_url,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: BcAuthorize,
    x_target_environment: str,
    x_callback_url: str | Unset = UNSET,
) -> Any | BcAuthorizeResponse | None:
    """Ask an account holder for consent, on the holder's own phone

    Args:
        x_target_environment (str):
        x_callback_url (str | Unset):
        body (BcAuthorize): Whose consent is asked for, and to what. Without these three there is
            nothing to ask.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | BcAuthorizeResponse
    """

    return sync_detailed(
        client=client,
        body=body,
        x_target_environment=x_target_environment,
        x_callback_url=x_callback_url,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: BcAuthorize,
    x_target_environment: str,
    x_callback_url: str | Unset = UNSET,
) -> Response[Any | BcAuthorizeResponse]:
    """Ask an account holder for consent, on the holder's own phone

    Args:
        x_target_environment (str):
        x_callback_url (str | Unset):
        body (BcAuthorize): Whose consent is asked for, and to what. Without these three there is
            nothing to ask.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | BcAuthorizeResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        x_target_environment=x_target_environment,
        x_callback_url=x_callback_url,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: BcAuthorize,
    x_target_environment: str,
    x_callback_url: str | Unset = UNSET,
) -> Any | BcAuthorizeResponse | None:
    """Ask an account holder for consent, on the holder's own phone

    Args:
        x_target_environment (str):
        x_callback_url (str | Unset):
        body (BcAuthorize): Whose consent is asked for, and to what. Without these three there is
            nothing to ask.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | BcAuthorizeResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            x_target_environment=x_target_environment,
            x_callback_url=x_callback_url,
        )
    ).parsed
