from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.payment_result import PaymentResult
from ...types import Response


def _get_kwargs(
    x_reference_id: str,
    *,
    x_target_environment: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["X-Target-Environment"] = x_target_environment

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v2_0/payment/{x_reference_id}".format(
            x_reference_id=quote(str(x_reference_id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | PaymentResult | None:
    if response.status_code == 200:
        response_200 = PaymentResult.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = cast(Any, None)
        return response_404

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
) -> Response[Any | PaymentResult]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    x_reference_id: str,
    *,
    client: AuthenticatedClient | Client,
    x_target_environment: str,
) -> Response[Any | PaymentResult]:
    """The state of a bill payment

    Args:
        x_reference_id (str): A UUID of version 4.
        x_target_environment (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | PaymentResult]
    """

    kwargs = _get_kwargs(
        x_reference_id=x_reference_id,
        x_target_environment=x_target_environment,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    x_reference_id: str,
    *,
    client: AuthenticatedClient | Client,
    x_target_environment: str,
) -> Any | PaymentResult | None:
    """The state of a bill payment

    Args:
        x_reference_id (str): A UUID of version 4.
        x_target_environment (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | PaymentResult
    """

    return sync_detailed(
        x_reference_id=x_reference_id,
        client=client,
        x_target_environment=x_target_environment,
    ).parsed


async def asyncio_detailed(
    x_reference_id: str,
    *,
    client: AuthenticatedClient | Client,
    x_target_environment: str,
) -> Response[Any | PaymentResult]:
    """The state of a bill payment

    Args:
        x_reference_id (str): A UUID of version 4.
        x_target_environment (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | PaymentResult]
    """

    kwargs = _get_kwargs(
        x_reference_id=x_reference_id,
        x_target_environment=x_target_environment,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    x_reference_id: str,
    *,
    client: AuthenticatedClient | Client,
    x_target_environment: str,
) -> Any | PaymentResult | None:
    """The state of a bill payment

    Args:
        x_reference_id (str): A UUID of version 4.
        x_target_environment (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | PaymentResult
    """

    return (
        await asyncio_detailed(
            x_reference_id=x_reference_id,
            client=client,
            x_target_environment=x_target_environment,
        )
    ).parsed
