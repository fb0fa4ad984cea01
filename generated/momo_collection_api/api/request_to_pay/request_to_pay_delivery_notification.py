from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.delivery_notification import DeliveryNotification
from ...types import UNSET, Response, Unset


def _get_kwargs(
    reference_id: str,
    *,
    body: DeliveryNotification,
    x_target_environment: str,
    notification_message: str | Unset = UNSET,
    language: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["X-Target-Environment"] = x_target_environment

    if not isinstance(notification_message, Unset):
        headers["notificationMessage"] = notification_message

    if not isinstance(language, Unset):
        headers["Language"] = language

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1_0/requesttopay/{reference_id}/deliverynotification".format(
            reference_id=quote(str(reference_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | None:
    if response.status_code == 200:
        return None

    if response.status_code == 400:
        return None

    if response.status_code == 401:
        return None

    if response.status_code == 403:
        return None

    if response.status_code == 404:
        return None

    if response.status_code == 409:
        return None

    if response.status_code == 429:
        return None

    if response.status_code == 500:
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
    reference_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: DeliveryNotification,
    x_target_environment: str,
    notification_message: str | Unset = UNSET,
    language: str | Unset = UNSET,
) -> Response[Any]:
    """Tell the payer of a request to pay what he has bought

    Args:
        reference_id (str): A UUID of version 4.
        x_target_environment (str):
        notification_message (str | Unset):
        language (str | Unset):
        body (DeliveryNotification): A message to the payer.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any]
    """

    kwargs = _get_kwargs(
        reference_id=reference_id,
        body=body,
        x_target_environment=x_target_environment,
        notification_message=notification_message,
        language=language,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


async def asyncio_detailed(
    reference_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: DeliveryNotification,
    x_target_environment: str,
    notification_message: str | Unset = UNSET,
    language: str | Unset = UNSET,
) -> Response[Any]:
    """Tell the payer of a request to pay what he has bought

    Args:
        reference_id (str): A UUID of version 4.
        x_target_environment (str):
        notification_message (str | Unset):
        language (str | Unset):
        body (DeliveryNotification): A message to the payer.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any]
    """

    kwargs = _get_kwargs(
        reference_id=reference_id,
        body=body,
        x_target_environment=x_target_environment,
        notification_message=notification_message,
        language=language,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)
