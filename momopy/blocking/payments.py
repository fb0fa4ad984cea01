# Derived from momopy/awaited/payments.py by scripts/regenerate; a change made here is lost.
"""Payments asked for, withdrawals, and what became of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from momopy import creations, operations, types
from momopy.blocking.base import Base, Progress
from momopy.creations import OperationName
from momopy.result import Result, Settled
from momopy.secret import Secret, hidden


class Payments(Base):
    """Money that moves between a customer and the merchant."""

    def request_to_pay(
        self,
        authorization: str | Secret | None = None,
        uuid: str | UUID | None = None,
        target: str | None = None,
        body: types.RequestToPay | None = None,
        callback: str | Secret | None = None,
    ) -> Result[types.Accepted]:
        """Ask a customer's wallet for a payment.

        RequesttoPay: `POST /collection/v1_0/requesttopay`. Accepted is not paid: `wait_for_payment` or
        `get_payment_status` tells. When the outcome is `unknown`, money may have moved: never start a second
        payment on it, call `reconcile`.

        Args:
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            uuid: The reference id, a UUID version 4; by default a new one. The same id never pays twice.
            target: The target environment; by default the client's.
            body: `amount` (text, int or Decimal), `currency` (ISO 4217), `payer`, and more.
            callback: The URL to be called at the payment's end; by default the client's.

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
        return self._create(creations.REQUEST_TO_PAY, authorization, uuid, target, body, callback)

    def get_payment_status(
        self, uuid: str | UUID, authorization: str | Secret | None = None, target: str | None = None
    ) -> Result[types.RequestToPayResult]:
        """Read how a request to pay stands.

        RequesttoPayTransactionStatus: `GET /collection/v1_0/requesttopay/{referenceId}`.

        Args:
            uuid: The reference id of the payment.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` with `status` (`PENDING`, `SUCCESSFUL`, `FAILED`, or another that is not final),
            `amount`, `reason` and more, or `(False, failure)`, which never means that the payment failed.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return self._status(creations.REQUEST_TO_PAY, uuid, authorization, target)

    def notify_payer(
        self,
        uuid: str | UUID,
        message: str,
        language: str | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[dict[str, Any]]:
        """Send the payer a message about a payment that was made.

        RequesttoPayDeliveryNotification: `POST /collection/v1_0/requesttopay/{referenceId}/deliverynotification`.

        Args:
            uuid: The reference id of the payment.
            message: At most 160 characters.
            language: ISO 639 code of the message's language.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, {})`, or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return self._call(operations.notify_payer, uuid, message, language, authorization, target)

    def withdraw(
        self,
        authorization: str | Secret | None = None,
        uuid: str | UUID | None = None,
        target: str | None = None,
        body: types.RequestToPay | None = None,
        callback: str | Secret | None = None,
    ) -> Result[types.Accepted]:
        """Ask a customer to withdraw money to the merchant.

        RequestToWithdraw-V2: `POST /collection/v2_0/requesttowithdraw`. Accepted is not done:
        `wait_for_withdraw` or `get_withdraw_status` tells.

        Args:
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            uuid: The reference id, a UUID version 4; by default a new one.
            target: The target environment; by default the client's.
            body: `amount` (text, int or Decimal), `currency` (ISO 4217), `payer`, and more.
            callback: The URL to be called at the withdrawal's end; by default the client's.

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
        return self._create(creations.WITHDRAW, authorization, uuid, target, body, callback)

    def get_withdraw_status(
        self,
        authorization: str | Secret | None = None,
        uuid: str | UUID | None = None,
        target: str | None = None,
    ) -> Result[types.RequestToPayResult]:
        """Read how a withdrawal stands.

        RequestToWithdrawTransactionStatus: `GET /collection/v1_0/requesttowithdraw/{referenceId}`.

        Args:
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            uuid: The reference id of the withdrawal; it must be given.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` with `status`, `amount`, `reason` and more, or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return self._status(creations.WITHDRAW, uuid, authorization, target)

    def wait_for_payment(
        self,
        uuid: str | UUID,
        timeout: float = 300.0,
        progress: Progress | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.RequestToPayResult]:
        """Wait until the payment has ended.

        RequesttoPayTransactionStatus: `GET /collection/v1_0/requesttopay/{referenceId}`.
        It is asked after 2, 3, 5 and 8 seconds, then every 10, and after five minutes every 30. A lost
        status call is survived; an unknown status is not taken for final.

        Args:
            uuid: The reference id of the payment.
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
        return self._wait(creations.REQUEST_TO_PAY, timeout, progress, uuid, authorization, target)

    def wait_for_withdraw(
        self,
        uuid: str | UUID,
        timeout: float = 300.0,
        progress: Progress | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.RequestToPayResult]:
        """Wait until the withdrawal has ended.

        RequestToWithdrawTransactionStatus: `GET /collection/v1_0/requesttowithdraw/{referenceId}`.
        It is asked after 2, 3, 5 and 8 seconds, then every 10, and after five minutes every 30. A lost
        status call is survived; an unknown status is not taken for final.

        Args:
            uuid: The reference id of the withdrawal.
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
        return self._wait(creations.WITHDRAW, timeout, progress, uuid, authorization, target)

    def reconcile(
        self,
        uuid: str | UUID,
        body: Any = None,
        *,
        operation: OperationName | None = None,
        age: float | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[dict[str, Any]]:
        """Find out by reading alone what became of something whose outcome is unknown.

        The status call of the operation, such as `GET /collection/v1_0/requesttopay/{referenceId}`.

        Args:
            uuid: The reference id.
            body: What was sent; with it, an answer about another payment is recognised.
            operation: The method that was called, such as `withdraw`; by default the one that this client or its
                journal remembers, else `request_to_pay`.
            age: Seconds since it was begun; by default what this client or its journal remembers. Only after the
                horizon (`Settings.horizon`, 15 minutes) is a payment that the service does not know presumed never
                made.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` with the status answer when it was made and has not failed. `(False, failure)` else:
            `failed` with the reason's code, `not_found` when it is presumed never made, or `unknown` still.

        Raises:
            InvalidArgument: `operation` is none, or not the one that was begun under this id.
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidTarget: `target` cannot be one, or does not fit the host.
            InvalidBody: `body` is no dict.
        """
        authorization = hidden(authorization)
        return self._reconcile(operation, age, uuid, authorization, target, body)

    def reconcile_open(self, limit: int = 100, lease: float = 60.0) -> list[Settled]:
        """Settle what the journal has open: what a crash, or an `unknown` outcome, left without an end.

        To be called at the start of a program, and now and then. Each entry is taken by one worker alone, and
        settled by `reconcile`: by the status call of its operation, nothing is sent again.

        Args:
            limit: How many entries to take at most: those that were not taken for longest first.
            lease: Seconds after which others may take them, should this worker die. What is not settled by then is
                left to them.

        Returns:
            An entry each with its `reference_id`, the `operation` that began it, and `result`, what `reconcile`
            returned for it. Entries whose end is not known yet stay open.

        Raises:
            MissingArgument: The client has no journal.
            InvalidArgument: `limit` or `lease` is no such number.
        """
        return self._settle_open(limit, lease)

    def resume(
        self,
        uuid: str | UUID,
        body: Any,
        *,
        operation: OperationName | None = None,
        callback: str | Secret | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.Accepted]:
        """Send something again whose outcome is unknown, under the same reference id, on purpose.

        The same wire call as the operation's. The customer's phone may ring a second time; the id keeps the
        money from moving twice.

        Args:
            uuid: The reference id.
            body: What was sent.
            operation: The method that was called, such as `withdraw`; by default the one that this client or its
                journal remembers, else `request_to_pay`.
            callback: The URL to be called at its end; by default the client's.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, {"reference_id": ..., "status": ...})`, with `"replayed": True` when it had been made
            before, or `(False, failure)`.

        Raises:
            InvalidArgument: `operation` is none, or not the one that was begun under this id.
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
        return self._resume(operation, authorization, uuid, target, body, callback)
