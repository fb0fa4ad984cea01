from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_key import ApiKey
from ...types import Response


def _get_kwargs(
    reference_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1_0/apiuser/{reference_id}/apikey".format(
            reference_id=quote(str(reference_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | ApiKey | None:
    if response.status_code == 201:
        response_201 = ApiKey.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = cast(Any, None)
        return response_400

    if response.status_code == 401:
        response_401 = cast(Any, None)
        return response_401

    if response.status_code == 403:
        response_403 = cast(Any, None)
        return response_403

    if response.status_code == 404:
        response_404 = cast(Any, None)
        return response_404

    if response.status_code == 411:
        response_411 = cast(Any, None)
        return response_411

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
) -> Response[Any | ApiKey]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    reference_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Any | ApiKey]:
    """A new key for an API user

     The request has no body and needs `Content-Length: 0`. A new key may end the tokens that an older
    one gave.

    Args:
        reference_id (str): A UUID of version 4.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ApiKey]
    """

    kwargs = _get_kwargs(
        reference_id=reference_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    reference_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Any | ApiKey | None:
    """A new key for an API user

     The request has no body and needs `Content-Length: 0`. A new key may end the tokens that an older
    one gave.

    Args:
        reference_id (str): A UUID of version 4.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ApiKey
    """

    return sync_detailed(
        reference_id=reference_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    reference_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Any | ApiKey]:
    """A new key for an API user

     The request has no body and needs `Content-Length: 0`. A new key may end the tokens that an older
    one gave.

    Args:
        reference_id (str): A UUID of version 4.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | ApiKey]
    """

    kwargs = _get_kwargs(
        reference_id=reference_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    reference_id: str,
    *,
    client: AuthenticatedClient | Client,
) -> Any | ApiKey | None:
    """A new key for an API user

     The request has no body and needs `Content-Length: 0`. A new key may end the tokens that an older
    one gave.

    Args:
        reference_id (str): A UUID of version 4.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | ApiKey
    """

    return (
        await asyncio_detailed(
            reference_id=reference_id,
            client=client,
        )
    ).parsed
