from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.cancel_invoice import CancelInvoice
from ...models.cancel_invoice_result import CancelInvoiceResult
from ...types import UNSET, Response, Unset


def _get_kwargs(
    reference_id: str,
    *,
    body: CancelInvoice,
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
        "method": "delete",
        "url": "/v2_0/invoice/{reference_id}".format(
            reference_id=quote(str(reference_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | CancelInvoiceResult | None:
    if response.status_code == 200:
        response_200 = CancelInvoiceResult.from_dict(response.json())

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

    if response.status_code == 409:
        response_409 = cast(Any, None)
        return response_409

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
) -> Response[Any | CancelInvoiceResult]:
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
    body: CancelInvoice,
    x_reference_id: str,
    x_target_environment: str,
    x_callback_url: str | Unset = UNSET,
) -> Response[Any | CancelInvoiceResult]:
    """Take a bill back

     The path names the bill, the header is a new id for the cancellation itself.

    Args:
        reference_id (str): A UUID of version 4.
        x_reference_id (str): A UUID of version 4.
        x_target_environment (str):
        x_callback_url (str | Unset):
        body (CancelInvoice): Names the bill once more.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | CancelInvoiceResult]
    """

    kwargs = _get_kwargs(
        reference_id=reference_id,
        body=body,
        x_reference_id=x_reference_id,
        x_target_environment=x_target_environment,
        x_callback_url=x_callback_url,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    reference_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: CancelInvoice,
    x_reference_id: str,
    x_target_environment: str,
    x_callback_url: str | Unset = UNSET,
) -> Any | CancelInvoiceResult | None:
    """Take a bill back

     The path names the bill, the header is a new id for the cancellation itself.

    Args:
        reference_id (str): A UUID of version 4.
        x_reference_id (str): A UUID of version 4.
        x_target_environment (str):
        x_callback_url (str | Unset):
        body (CancelInvoice): Names the bill once more.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | CancelInvoiceResult
    """

    return sync_detailed(
        reference_id=reference_id,
        client=client,
        body=body,
        x_reference_id=x_reference_id,
        x_target_environment=x_target_environment,
        x_callback_url=x_callback_url,
    ).parsed


async def asyncio_detailed(
    reference_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: CancelInvoice,
    x_reference_id: str,
    x_target_environment: str,
    x_callback_url: str | Unset = UNSET,
) -> Response[Any | CancelInvoiceResult]:
    """Take a bill back

     The path names the bill, the header is a new id for the cancellation itself.

    Args:
        reference_id (str): A UUID of version 4.
        x_reference_id (str): A UUID of version 4.
        x_target_environment (str):
        x_callback_url (str | Unset):
        body (CancelInvoice): Names the bill once more.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | CancelInvoiceResult]
    """

    kwargs = _get_kwargs(
        reference_id=reference_id,
        body=body,
        x_reference_id=x_reference_id,
        x_target_environment=x_target_environment,
        x_callback_url=x_callback_url,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    reference_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: CancelInvoice,
    x_reference_id: str,
    x_target_environment: str,
    x_callback_url: str | Unset = UNSET,
) -> Any | CancelInvoiceResult | None:
    """Take a bill back

     The path names the bill, the header is a new id for the cancellation itself.

    Args:
        reference_id (str): A UUID of version 4.
        x_reference_id (str): A UUID of version 4.
        x_target_environment (str):
        x_callback_url (str | Unset):
        body (CancelInvoice): Names the bill once more.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | CancelInvoiceResult
    """

    return (
        await asyncio_detailed(
            reference_id=reference_id,
            client=client,
            body=body,
            x_reference_id=x_reference_id,
            x_target_environment=x_target_environment,
            x_callback_url=x_callback_url,
        )
    ).parsed
