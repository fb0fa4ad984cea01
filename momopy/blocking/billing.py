# Derived from momopy/awaited/billing.py by scripts/regenerate; a change made here is lost.
"""Invoices, bill payments and top-ups."""

from __future__ import annotations

from uuid import UUID

from momopy import creations, operations, types
from momopy.blocking.base import Base, Progress
from momopy.result import Result
from momopy.secret import Secret, hidden


class Billing(Base):
    """What is billed."""

    def create_invoice(
        self,
        uuid: str | UUID | None = None,
        body: types.CreateInvoice | None = None,
        callback: str | Secret | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.Accepted]:
        """Send a customer an invoice.

        CreateInvoice: `POST /collection/v2_0/invoice`.

        Args:
            uuid: The reference id, a UUID version 4; by default a new one.
            body: `amount`, `currency` (ISO 4217), `intendedPayer`, `validityDuration` (seconds), and more.
            callback: The URL to be called at the invoice's end; by default the client's.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, {"reference_id": ..., "status": "PENDING"})`, or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidTarget: `target` cannot be one, or does not fit the host.
            InvalidCallback: `callback` cannot be one.
            InvalidBody: `body` is no dict.
            MissingArgument: `body` is left out.
        """
        authorization = hidden(authorization)
        callback = hidden(callback)
        return self._create(creations.INVOICE, authorization, uuid, target, body, callback)

    def get_invoice_status(
        self, uuid: str | UUID, authorization: str | Secret | None = None, target: str | None = None
    ) -> Result[types.InvoiceResult]:
        """Read how an invoice stands.

        GetInvoiceStatus: `GET /collection/v2_0/invoice/{referenceId}`.

        Args:
            uuid: The reference id of the invoice.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` with `status`, `invoiceId`, `expiryDateTime` and more, or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return self._status(creations.INVOICE, uuid, authorization, target)

    def cancel_invoice(
        self,
        uuid: str | UUID,
        external_id: str,
        cancellation: str | UUID | None = None,
        callback: str | Secret | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.CancelInvoiceResult]:
        """Take an invoice back.

        CancelInvoice: `DELETE /collection/v2_0/invoice/{referenceId}`.

        Args:
            uuid: The reference id of the invoice.
            external_id: The invoice's `externalId`.
            cancellation: A reference id for the cancellation itself; by default a new one.
            callback: The URL to be called when it is done; by default the client's.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, {"externalId": ...})`, or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidUniqueIDVersion: `uuid` or `cancellation` is no UUID version 4.
            InvalidTarget: `target` cannot be one, or does not fit the host.
            InvalidCallback: `callback` cannot be one.
        """
        authorization = hidden(authorization)
        callback = hidden(callback)
        return self._call(operations.cancel_invoice, uuid, external_id, cancellation, callback, authorization, target)

    def create_payment(
        self,
        uuid: str | UUID | None = None,
        body: types.CreatePayments | None = None,
        callback: str | Secret | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.Accepted]:
        """Pay a bill or a top-up of an external service provider.

        CreatePayments: `POST /collection/v2_0/payment`.

        Args:
            uuid: The reference id, a UUID version 4; by default a new one.
            body: `money` (`amount` and `currency`), `customerReference`, `serviceProviderUserName`, and more.
            callback: The URL to be called at the payment's end; by default the client's.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, {"reference_id": ..., "status": "PENDING"})`, or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidTarget: `target` cannot be one, or does not fit the host.
            InvalidCallback: `callback` cannot be one.
            InvalidBody: `body` is no dict.
            MissingArgument: `body` is left out.
        """
        authorization = hidden(authorization)
        callback = hidden(callback)
        return self._create(creations.PAYMENT, authorization, uuid, target, body, callback)

    def get_bill_payment_status(
        self, uuid: str | UUID, authorization: str | Secret | None = None, target: str | None = None
    ) -> Result[types.PaymentResult]:
        """Read how a bill payment stands.

        GetPaymentStatus: `GET /collection/v2_0/payment/{x-referenceId}`.

        Args:
            uuid: The reference id of the bill payment.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` with `status`, `financialTransactionId` and more, or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return self._status(creations.PAYMENT, uuid, authorization, target)

    def wait_for_invoice(
        self,
        uuid: str | UUID,
        timeout: float = 300.0,
        progress: Progress | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.InvoiceResult]:
        """Wait until the invoice has ended.

        GetInvoiceStatus: `GET /collection/v2_0/invoice/{referenceId}`.
        It is asked after 2, 3, 5 and 8 seconds, then every 10, and after five minutes every 30. A lost
        status call is survived; an unknown status is not taken for final.

        Args:
            uuid: The reference id of the invoice.
            timeout: Seconds to wait at most.
            progress: Called with each status answer.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` only when it is SUCCESSFUL. `(False, failure)` else: `failed` with the reason's code,
            `pending` when the time was over first, or what kept the client from learning it.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidArgument: `timeout` is no number of seconds, or `progress` no function.
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return self._wait(creations.INVOICE, timeout, progress, uuid, authorization, target)

    def wait_for_bill_payment(
        self,
        uuid: str | UUID,
        timeout: float = 300.0,
        progress: Progress | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.PaymentResult]:
        """Wait until the bill payment has ended.

        GetPaymentStatus: `GET /collection/v2_0/payment/{x-referenceId}`.
        It is asked after 2, 3, 5 and 8 seconds, then every 10, and after five minutes every 30. A lost
        status call is survived; an unknown status is not taken for final.

        Args:
            uuid: The reference id of the bill payment.
            timeout: Seconds to wait at most.
            progress: Called with each status answer.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` only when it is SUCCESSFUL. `(False, failure)` else: `failed` with the reason's code,
            `pending` when the time was over first, or what kept the client from learning it.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidArgument: `timeout` is no number of seconds, or `progress` no function.
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return self._wait(creations.PAYMENT, timeout, progress, uuid, authorization, target)
