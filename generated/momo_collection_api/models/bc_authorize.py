from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="BcAuthorize")


@_attrs_define
class BcAuthorize:
    """Whose consent is asked for, and to what. Without these three there is nothing to ask.

    Attributes:
        login_hint (str): `ID:{msisdn}/MSISDN`, for example `ID:256771234567/MSISDN`, or an id of another type.
        scope (str): Scopes with spaces between them.
        access_type (str):
        consent_valid_in (int | Unset): Seconds.
        client_notification_token (str | Unset):
        scope_instruction (str | Unset): Base64.
    """

    login_hint: str
    scope: str
    access_type: str
    consent_valid_in: int | Unset = UNSET
    client_notification_token: str | Unset = UNSET
    scope_instruction: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        login_hint = self.login_hint

        scope = self.scope

        access_type = self.access_type

        consent_valid_in = self.consent_valid_in

        client_notification_token = self.client_notification_token

        scope_instruction = self.scope_instruction

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "login_hint": login_hint,
                "scope": scope,
                "access_type": access_type,
            }
        )
        if consent_valid_in is not UNSET:
            field_dict["consent_valid_in"] = consent_valid_in
        if client_notification_token is not UNSET:
            field_dict["client_notification_token"] = client_notification_token
        if scope_instruction is not UNSET:
            field_dict["scope_instruction"] = scope_instruction

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        login_hint = d.pop("login_hint")

        scope = d.pop("scope")

        access_type = d.pop("access_type")

        consent_valid_in = d.pop("consent_valid_in", UNSET)

        client_notification_token = d.pop("client_notification_token", UNSET)

        scope_instruction = d.pop("scope_instruction", UNSET)

        bc_authorize = cls(
            login_hint=login_hint,
            scope=scope,
            access_type=access_type,
            consent_valid_in=consent_valid_in,
            client_notification_token=client_notification_token,
            scope_instruction=scope_instruction,
        )

        bc_authorize.additional_properties = d
        return bc_authorize

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
