from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="BcAuthorizeResponse")


@_attrs_define
class BcAuthorizeResponse:
    """The request for consent that is now with the account holder.

    Attributes:
        auth_req_id (str | Unset): Names the request where a token is asked for.
        interval (float | Unset): The least number of seconds between two tries.
        expires_in (float | Unset): Seconds.
    """

    auth_req_id: str | Unset = UNSET
    interval: float | Unset = UNSET
    expires_in: float | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        auth_req_id = self.auth_req_id

        interval = self.interval

        expires_in = self.expires_in

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if auth_req_id is not UNSET:
            field_dict["auth_req_id"] = auth_req_id
        if interval is not UNSET:
            field_dict["interval"] = interval
        if expires_in is not UNSET:
            field_dict["expires_in"] = expires_in

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        auth_req_id = d.pop("auth_req_id", UNSET)

        interval = d.pop("interval", UNSET)

        expires_in = d.pop("expires_in", UNSET)

        bc_authorize_response = cls(
            auth_req_id=auth_req_id,
            interval=interval,
            expires_in=expires_in,
        )

        bc_authorize_response.additional_properties = d
        return bc_authorize_response

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
