# Derived from momopy/awaited/consent.py by scripts/regenerate; a change made here is lost.
"""User information that a customer has to consent to."""

from __future__ import annotations

from typing import Literal

from momopy import operations, types
from momopy.blocking.base import Base
from momopy.errors import InvalidArgument
from momopy.result import Result
from momopy.secret import Secret, hidden


class Consent(Base):
    """What a customer consents to share."""

    def ask_user_info(
        self,
        authorization: str | Secret | None = None,
        target: str | None = None,
        *,
        msisdn: str | None = None,
        scope: str | None = None,
        timeout: float = 300.0,
    ) -> Result[types.UserInfo]:
        """Read what a customer consented to share.

        GetUserInfoWithConsent: `GET /collection/oauth2/v1_0/userinfo`. With `msisdn` and `scope`, the whole
        way: the consent is asked for (bc-authorize), waited for at the pace that the service gives, its token
        fetched (CreateOauth2Token) and used. That takes a client with an `api_user` and `api_key`.

        Args:
            authorization: A bearer token `"Bearer ..."` from `create_oauth2_token`.
            target: The target environment; by default the client's.
            msisdn: The number of the customer, in the place of `authorization`.
            scope: What is asked for, separated by spaces, such as `"profile"`.
            timeout: Seconds to wait for the consent, at most. A lost answer ends nothing before.

        Returns:
            `(True, data)` with the fields of UserInfo, or `(False, failure)`; its outcome is `pending` when
            the customer had not answered in time.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidTarget: `target` cannot be one, or does not fit the host.
            InvalidArgument: `authorization` is given together with `msisdn` or `scope`.
            MissingArgument: Neither `authorization` nor `msisdn` and `scope` are given.
        """
        authorization = hidden(authorization)
        if msisdn is None and scope is None:
            return self._call(operations.get_user_info, authorization, target)
        if authorization is not None:
            raise InvalidArgument("authorization", "must not be given together with msisdn and scope")
        return self._consent(msisdn, scope, target, timeout)

    def authorize(
        self,
        login_hint: str,
        scope: str,
        access_type: Literal["online", "offline"] = "online",
        consent_valid_in: int | None = None,
        client_notification_token: str | Secret | None = None,
        scope_instruction: str | None = None,
        callback: str | Secret | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.BcAuthorizeResponse]:
        """Ask a customer for consent to share what a scope covers.

        bc-authorize: `POST /collection/v1_0/bc-authorize`.

        Args:
            login_hint: The customer's number, or `ID:{msisdn}/MSISDN`.
            scope: What is asked for, separated by spaces, such as `"profile"`.
            access_type: `offline` brings a refresh token.
            consent_valid_in: Seconds for which the consent shall hold.
            client_notification_token: A token that the service's notification will bear.
            scope_instruction: Base64, passed on as it is.
            callback: The URL to be called when the customer has answered; by default the client's.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` with `auth_req_id`, `interval` and `expires_in` (seconds), or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidTarget: `target` cannot be one, or does not fit the host.
            InvalidCallback: `callback` cannot be one.
        """
        authorization = hidden(authorization)
        callback = hidden(callback)
        client_notification_token = hidden(client_notification_token)
        return self._call(
            operations.authorize,
            login_hint,
            scope,
            access_type,
            consent_valid_in,
            client_notification_token,
            scope_instruction,
            callback,
            authorization,
            target,
        )

    def create_oauth2_token(
        self,
        auth_req_id: str | Secret | None = None,
        refresh_token: str | Secret | None = None,
        grant_type: str | None = None,
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.Oauth2Token]:
        """Fetch the token that stands for a customer's consent.

        CreateOauth2Token: `POST /collection/oauth2/token/`. While the customer has not answered, the failure's
        code is AUTHORIZATION_PENDING.

        Args:
            auth_req_id: From `authorize`.
            refresh_token: From an earlier token, in the place of `auth_req_id`.
            grant_type: By default the one that belongs to what is given.
            authorization: A Basic token `"Basic ..."`; by default that of the client's credentials.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` with `access_token`, `expires_in` (seconds) and more, or `(False, failure)`.

        Raises:
            InvalidBasicToken: `authorization` is no Basic token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidTarget: `target` cannot be one, or does not fit the host.
            MissingArgument: Neither `auth_req_id` nor `refresh_token` is given.
        """
        authorization = hidden(authorization)
        refresh_token = hidden(refresh_token)
        auth_req_id = hidden(auth_req_id)
        return self._call(operations.create_oauth2_token, auth_req_id, refresh_token, grant_type, authorization, target)
