from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.pre_approval_result import PreApprovalResult
from ...types import Response


def _get_kwargs(
    reference_id: str,
    *,
    x_target_environment: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["X-Target-Environment"] = x_target_environment

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v2_0/preapproval/{reference_id}".format(
            reference_id=quote(str(reference_id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | PreApprovalResult | None:
    if response.status_code == 200:
        response_200 = PreApprovalResult.from_dict(response.json())

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
) -> Response[Any | PreApprovalResult]:
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
    x_target_environment: str,
) -> Response[Any | PreApprovalResult]:
    """The state of a request for a standing permission

    Args:
        reference_id (str): A UUID of version 4.
        x_target_environment (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | PreApprovalResult]
    """

    kwargs = _get_kwargs(
        reference_id=reference_id,
        x_target_environment=x_target_environment,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    reference_id: str,
    *,
    client: AuthenticatedClient | Client,
    x_target_environment: str,
) -> Any | PreApprovalResult | None:
    """The state of a request for a standing permission

    Args:
        reference_id (str): A UUID of version 4.
        x_target_environment (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | PreApprovalResult
    """

    return sync_detailed(
        reference_id=reference_id,
        client=client,
        x_target_environment=x_target_environment,
    ).parsed


async def asyncio_detailed(
    reference_id: str,
    *,
    client: AuthenticatedClient | Client,
    x_target_environment: str,
) -> Response[Any | PreApprovalResult]:
    """The state of a request for a standing permission

    Args:
        reference_id (str): A UUID of version 4.
        x_target_environment (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | PreApprovalResult]
    """

    kwargs = _get_kwargs(
        reference_id=reference_id,
        x_target_environment=x_target_environment,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    reference_id: str,
    *,
    client: AuthenticatedClient | Client,
    x_target_environment: str,
) -> Any | PreApprovalResult | None:
    """The state of a request for a standing permission

    Args:
        reference_id (str): A UUID of version 4.
        x_target_environment (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | PreApprovalResult
    """

    return (
        await asyncio_detailed(
            reference_id=reference_id,
            client=client,
            x_target_environment=x_target_environment,
        )
    ).parsed
