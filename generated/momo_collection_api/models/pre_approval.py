from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.party import Party


T = TypeVar("T", bound="PreApproval")


@_attrs_define
class PreApproval:
    """A standing permission to ask for. Without a payer and a currency there is none.

    Attributes:
        payer (Party): One side of a payment.
        payer_currency (str): ISO 4217 code. The sandbox knows EUR alone.
        payer_message (str | Unset): At most 160 characters, without `'` and `&`, which MTN answers with 400. An empty
            one was refused in production: leave the key out.
        validity_time (int | Unset): Seconds.
    """

    payer: Party
    payer_currency: str
    payer_message: str | Unset = UNSET
    validity_time: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        payer = self.payer.to_dict()

        payer_currency = self.payer_currency

        payer_message = self.payer_message

        validity_time = self.validity_time

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "payer": payer,
                "payerCurrency": payer_currency,
            }
        )
        if payer_message is not UNSET:
            field_dict["payerMessage"] = payer_message
        if validity_time is not UNSET:
            field_dict["validityTime"] = validity_time

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.party import Party

        d = dict(src_dict)
        payer = Party.from_dict(d.pop("payer"))

        payer_currency = d.pop("payerCurrency")

        payer_message = d.pop("payerMessage", UNSET)

        validity_time = d.pop("validityTime", UNSET)

        pre_approval = cls(
            payer=payer,
            payer_currency=payer_currency,
            payer_message=payer_message,
            validity_time=validity_time,
        )

        pre_approval.additional_properties = d
        return pre_approval

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
