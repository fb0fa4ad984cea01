from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ApiUser")


@_attrs_define
class ApiUser:
    """An API user.

    Attributes:
        provider_callback_host (str):
        target_environment (str):
    """

    provider_callback_host: str
    target_environment: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider_callback_host = self.provider_callback_host

        target_environment = self.target_environment

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "providerCallbackHost": provider_callback_host,
                "targetEnvironment": target_environment,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        provider_callback_host = d.pop("providerCallbackHost")

        target_environment = d.pop("targetEnvironment")

        api_user = cls(
            provider_callback_host=provider_callback_host,
            target_environment=target_environment,
        )

        api_user.additional_properties = d
        return api_user

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
