"""Pre-approvals: a customer lets later payments pass."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias
from uuid import UUID

from momopy import creations, operations, types
from momopy.awaited.base import Base, Progress
from momopy.result import Result
from momopy.secret import Secret, hidden

PreApprovalHolderType: TypeAlias = Literal["msisdn", "email", "id", "alias"]


class PreApprovals(Base):
    """What a customer has approved in advance."""

    async def request_pre_approval(
        self,
        uuid: str | UUID | None = None,
        body: types.PreApproval | None = None,
        callback: str | Secret | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.Accepted]:
        """Ask a customer to let later payments pass without being asked again.

        PreApproval: `POST /collection/v2_0/preapproval`.

        Args:
            uuid: The reference id, a UUID version 4; by default a new one.
            body: `payer`, `payerCurrency` (ISO 4217), `payerMessage` and `validityTime` (seconds).
            callback: The URL to be called when the customer has answered; by default the client's.
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
        return await self._create(creations.PRE_APPROVAL, authorization, uuid, target, body, callback)

    async def get_pre_approval_status(
        self, uuid: str | UUID, authorization: str | Secret | None = None, target: str | None = None
    ) -> Result[types.PreApprovalResult]:
        """Read how a request for pre-approval stands.

        GetPreApprovalStatus: `GET /collection/v2_0/preapproval/{referenceId}`.

        Args:
            uuid: The reference id of the request.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` with `status`, `expirationDateTime` and more, or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidUniqueIDVersion: `uuid` is no UUID version 4.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return await self._status(creations.PRE_APPROVAL, uuid, authorization, target)

    async def get_approved_pre_approvals(
        self,
        account: str,
        account_type: PreApprovalHolderType = "msisdn",
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[list[types.PreApprovalDetails]]:
        """List the pre-approvals that a customer has given.

        GetApprovedPreApprovals: `GET /collection/v1_0/preapprovals/{type}/{id}`.

        Args:
            account: The customer's number, e-mail address, id or alias.
            account_type: Which of the four.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` with a list, each entry with `preApprovalId`, `status` and more, or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return await self._call(operations.get_approved_pre_approvals, account, account_type, authorization, target)

    async def cancel_pre_approval(
        self, pre_approval_id: str, authorization: str | Secret | None = None, target: str | None = None
    ) -> Result[dict[str, Any]]:
        """End a pre-approval.

        CancelPreApproval: `DELETE /collection/v1_0/preapproval/{preapprovalid}`.

        Args:
            pre_approval_id: The `preApprovalId` from `get_approved_pre_approvals`.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, {})`, or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return await self._call(operations.cancel_pre_approval, pre_approval_id, authorization, target)

    async def wait_for_pre_approval(
        self,
        uuid: str | UUID,
        timeout: float = 300.0,
        progress: Progress | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.PreApprovalResult]:
        """Wait until the request for pre-approval has ended.

        GetPreApprovalStatus: `GET /collection/v2_0/preapproval/{referenceId}`.
        It is asked after 2, 3, 5 and 8 seconds, then every 10, and after five minutes every 30. A lost
        status call is survived; an unknown status is not taken for final.

        Args:
            uuid: The reference id of the request for pre-approval.
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
        return await self._wait(creations.PRE_APPROVAL, timeout, progress, uuid, authorization, target)
