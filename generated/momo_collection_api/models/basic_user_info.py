from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="BasicUserInfo")


@_attrs_define
class BasicUserInfo:
    """What anyone may learn about an account holder.

    Attributes:
        given_name (str | Unset):
        family_name (str | Unset):
        birthdate (str | Unset):
        locale (str | Unset):
        gender (str | Unset):
        status (str | Unset):
    """

    given_name: str | Unset = UNSET
    family_name: str | Unset = UNSET
    birthdate: str | Unset = UNSET
    locale: str | Unset = UNSET
    gender: str | Unset = UNSET
    status: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        given_name = self.given_name

        family_name = self.family_name

        birthdate = self.birthdate

        locale = self.locale

        gender = self.gender

        status = self.status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if given_name is not UNSET:
            field_dict["given_name"] = given_name
        if family_name is not UNSET:
            field_dict["family_name"] = family_name
        if birthdate is not UNSET:
            field_dict["birthdate"] = birthdate
        if locale is not UNSET:
            field_dict["locale"] = locale
        if gender is not UNSET:
            field_dict["gender"] = gender
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        given_name = d.pop("given_name", UNSET)

        family_name = d.pop("family_name", UNSET)

        birthdate = d.pop("birthdate", UNSET)

        locale = d.pop("locale", UNSET)

        gender = d.pop("gender", UNSET)

        status = d.pop("status", UNSET)

        basic_user_info = cls(
            given_name=given_name,
            family_name=family_name,
            birthdate=birthdate,
            locale=locale,
            gender=gender,
            status=status,
        )

        basic_user_info.additional_properties = d
        return basic_user_info

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
