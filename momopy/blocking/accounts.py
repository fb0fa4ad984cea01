# Derived from momopy/awaited/accounts.py by scripts/regenerate; a change made here is lost.
"""Tokens, balances and account holders."""

from __future__ import annotations

from typing import Literal, TypeAlias

from momopy import operations, types
from momopy.blocking.base import Base
from momopy.result import Result
from momopy.secret import Secret, hidden

HolderType: TypeAlias = Literal["msisdn", "email", "party_code"]


class Accounts(Base):
    """What the merchant and the customers have."""

    def create_access_token(self, authorization: str | Secret | None = None) -> Result[types.AccessToken]:
        """Fetch an access token.

        CreateAccessToken: `POST /collection/token/`. It lives 3600 seconds; a client with an `api_user` and
        `api_key` sees to its tokens by itself.

        Args:
            authorization: A Basic token `"Basic ..."`; by default that of the client's credentials.

        Returns:
            `(True, data)` with `access_token`, `token_type` and `expires_in` (seconds), or `(False, failure)`.

        Raises:
            InvalidBasicToken: `authorization` is no Basic token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
        """
        authorization = hidden(authorization)
        return self._call(operations.create_access_token, authorization)

    def get_account_balance(
        self, authorization: str | Secret | None = None, target: str | None = None
    ) -> Result[types.Balance]:
        """Read the balance of the merchant's account.

        GetAccountBalance: `GET /collection/v1_0/account/balance`.

        Args:
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` with `availableBalance` and `currency` (ISO 4217), or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return self._call(operations.get_account_balance, authorization, target)

    def get_account_balance_in(
        self, currency: str, authorization: str | Secret | None = None, target: str | None = None
    ) -> Result[types.Balance]:
        """Read the balance of the merchant's account in one currency.

        GetAccountBalanceInSpecificCurrency: `GET /collection/v1_0/account/balance/{currency}`.

        Args:
            currency: ISO 4217, such as `"EUR"`.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` with `availableBalance` and `currency`, or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return self._call(operations.get_account_balance_in, currency, authorization, target)

    def get_basic_user_info(
        self, msisdn: str, authorization: str | Secret | None = None, target: str | None = None
    ) -> Result[types.BasicUserInfo]:
        """Read who holds a wallet.

        GetBasicUserinfo: `GET /collection/v1_0/accountholder/msisdn/{msisdn}/basicuserinfo`.

        Args:
            msisdn: The number of the wallet, international digits.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, data)` with `given_name`, `family_name`, `birthdate`, `locale`, `gender` and `status`,
            or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return self._call(operations.get_basic_user_info, msisdn, authorization, target)

    def is_active(
        self,
        account: str,
        account_type: HolderType = "msisdn",
        authorization: str | Secret | None = None,
        target: str | None = None,
    ) -> Result[types.BooleanResult]:
        """Tell whether a wallet exists and is active. `isActive` is its second name.

        ValidateAccountHolderStatus: `GET /collection/v1_0/accountholder/{type}/{id}/active`.

        Args:
            account: A number, an e-mail address or a party code.
            account_type: Which of the three.
            authorization: A bearer token `"Bearer ..."`; by default one that the client sees to.
            target: The target environment; by default the client's.

        Returns:
            `(True, {"result": bool})`, or `(False, failure)`.

        Raises:
            InvalidBearerToken: `authorization` is no bearer token.
            MissingCredentials: `authorization` is left out, and the client has no API user and key.
            InvalidTarget: `target` cannot be one, or does not fit the host.
        """
        authorization = hidden(authorization)
        return self._call(operations.is_active, account, account_type, authorization, target)

    isActive = is_active  # noqa: N815 - the documented name
