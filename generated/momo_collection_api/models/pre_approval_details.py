from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PreApprovalDetails")


@_attrs_define
class PreApprovalDetails:
    """A standing permission.

    Attributes:
        pre_approval_id (str):
        to_fri (str):
        from_fri (str):
        from_currency (str):
        created_time (str):
        status (str):
        message (str):
        approved_time (str | Unset):
        expiry_time (str | Unset):
        frequency (str | Unset):
        start_date (str | Unset):
        last_used_date (str | Unset):
        offer (str | Unset):
        external_id (str | Unset):
        max_debit_amount (str | Unset):
    """

    pre_approval_id: str
    to_fri: str
    from_fri: str
    from_currency: str
    created_time: str
    status: str
    message: str
    approved_time: str | Unset = UNSET
    expiry_time: str | Unset = UNSET
    frequency: str | Unset = UNSET
    start_date: str | Unset = UNSET
    last_used_date: str | Unset = UNSET
    offer: str | Unset = UNSET
    external_id: str | Unset = UNSET
    max_debit_amount: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        pre_approval_id = self.pre_approval_id

        to_fri = self.to_fri

        from_fri = self.from_fri

        from_currency = self.from_currency

        created_time = self.created_time

        status = self.status

        message = self.message

        approved_time = self.approved_time

        expiry_time = self.expiry_time

        frequency = self.frequency

        start_date = self.start_date

        last_used_date = self.last_used_date

        offer = self.offer

        external_id = self.external_id

        max_debit_amount = self.max_debit_amount

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "preApprovalId": pre_approval_id,
                "toFri": to_fri,
                "fromFri": from_fri,
                "fromCurrency": from_currency,
                "createdTime": created_time,
                "status": status,
                "message": message,
            }
        )
        if approved_time is not UNSET:
            field_dict["approvedTime"] = approved_time
        if expiry_time is not UNSET:
            field_dict["expiryTime"] = expiry_time
        if frequency is not UNSET:
            field_dict["frequency"] = frequency
        if start_date is not UNSET:
            field_dict["startDate"] = start_date
        if last_used_date is not UNSET:
            field_dict["lastUsedDate"] = last_used_date
        if offer is not UNSET:
            field_dict["offer"] = offer
        if external_id is not UNSET:
            field_dict["externalId"] = external_id
        if max_debit_amount is not UNSET:
            field_dict["maxDebitAmount"] = max_debit_amount

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        pre_approval_id = d.pop("preApprovalId")

        to_fri = d.pop("toFri")

        from_fri = d.pop("fromFri")

        from_currency = d.pop("fromCurrency")

        created_time = d.pop("createdTime")

        status = d.pop("status")

        message = d.pop("message")

        approved_time = d.pop("approvedTime", UNSET)

        expiry_time = d.pop("expiryTime", UNSET)

        frequency = d.pop("frequency", UNSET)

        start_date = d.pop("startDate", UNSET)

        last_used_date = d.pop("lastUsedDate", UNSET)

        offer = d.pop("offer", UNSET)

        external_id = d.pop("externalId", UNSET)

        max_debit_amount = d.pop("maxDebitAmount", UNSET)

        pre_approval_details = cls(
            pre_approval_id=pre_approval_id,
            to_fri=to_fri,
            from_fri=from_fri,
            from_currency=from_currency,
            created_time=created_time,
            status=status,
            message=message,
            approved_time=approved_time,
            expiry_time=expiry_time,
            frequency=frequency,
            start_date=start_date,
            last_used_date=last_used_date,
            offer=offer,
            external_id=external_id,
            max_debit_amount=max_debit_amount,
        )

        pre_approval_details.additional_properties = d
        return pre_approval_details

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
