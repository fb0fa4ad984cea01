from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.request_to_pay import RequestToPay
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: RequestToPay,
    x_reference_id: str,
    x_target_environment: str,
    x_callback_url: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["X-Reference-Id"] = x_reference_id

    headers["X-Target-Environment"] = x_target_environment

    if not isinstance(x_callback_url, Unset):
        headers["X-Callback-Url"] = x_callback_url

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1_0/requesttopay",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | None:
    if response.status_code == 202:
        return None

    if response.status_code == 400:
        return None

    if response.status_code == 401:
        return None

    if response.status_code == 403:
        return None

    if response.status_code == 409:
        return None

    if response.status_code == 429:
        return None

    if response.status_code == 500:
        return None

    if response.status_code == 503:
        return None

    if 500 <= response.status_code <= 599:
        return None

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: RequestToPay,
    x_reference_id: str,
    x_target_environment: str,
    x_callback_url: str | Unset = UNSET,
) -> Response[Any]:
    """Ask a payer for money

     The payer has five minutes to approve. Payments that are already doomed are accepted as well.

    Args:
        x_reference_id (str): A UUID of version 4.
        x_target_environment (str):
        x_callback_url (str | Unset):
        body (RequestToPay): A payment to ask for, or a withdrawal. Without an amount, a currency
            and a payer there is none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any]
    """

    kwargs = _get_kwargs(
        body=body,
        x_reference_id=x_reference_id,
        x_target_environment=x_target_environment,
        x_callback_url=x_callback_url,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: RequestToPay,
    x_reference_id: str,
    x_target_environment: str,
    x_callback_url: str | Unset = UNSET,
) -> Response[Any]:
    """Ask a payer for money

     The payer has five minutes to approve. Payments that are already doomed are accepted as well.

    Args:
        x_reference_id (str): A UUID of version 4.
        x_target_environment (str):
        x_callback_url (str | Unset):
        body (RequestToPay): A payment to ask for, or a withdrawal. Without an amount, a currency
            and a payer there is none.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any]
    """

    kwargs = _get_kwargs(
        body=body,
        x_reference_id=x_reference_id,
        x_target_environment=x_target_environment,
        x_callback_url=x_callback_url,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)
