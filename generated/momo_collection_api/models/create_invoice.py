from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.party import Party


T = TypeVar("T", bound="CreateInvoice")


@_attrs_define
class CreateInvoice:
    """A bill. Without an amount, a currency and somebody who is to pay there is none.

    Attributes:
        amount (str): A decimal number above 0, as text. Several currencies have no minor unit.
        currency (str): ISO 4217 code. The sandbox knows EUR alone.
        intended_payer (Party): One side of a payment.
        external_id (str | Unset): The caller's own name for it. It is all that a callback can be told by.
        validity_duration (str | Unset): Whole seconds, as text.
        payee (Party | Unset): One side of a payment.
        description (str | Unset): At most 160 characters, without `'` and `&`, which MTN answers with 400. An empty one
            was refused in production: leave the key out.
    """

    amount: str
    currency: str
    intended_payer: Party
    external_id: str | Unset = UNSET
    validity_duration: str | Unset = UNSET
    payee: Party | Unset = UNSET
    description: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        amount = self.amount

        currency = self.currency

        intended_payer = self.intended_payer.to_dict()

        external_id = self.external_id

        validity_duration = self.validity_duration

        payee: dict[str, Any] | Unset = UNSET
        if not isinstance(self.payee, Unset):
            payee = self.payee.to_dict()

        description = self.description

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "amount": amount,
                "currency": currency,
                "intendedPayer": intended_payer,
            }
        )
        if external_id is not UNSET:
            field_dict["externalId"] = external_id
        if validity_duration is not UNSET:
            field_dict["validityDuration"] = validity_duration
        if payee is not UNSET:
            field_dict["payee"] = payee
        if description is not UNSET:
            field_dict["description"] = description

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.party import Party

        d = dict(src_dict)
        amount = d.pop("amount")

        currency = d.pop("currency")

        intended_payer = Party.from_dict(d.pop("intendedPayer"))

        external_id = d.pop("externalId", UNSET)

        validity_duration = d.pop("validityDuration", UNSET)

        _payee = d.pop("payee", UNSET)
        payee: Party | Unset
        if isinstance(_payee, Unset):
            payee = UNSET
        else:
            payee = Party.from_dict(_payee)

        description = d.pop("description", UNSET)

        create_invoice = cls(
            amount=amount,
            currency=currency,
            intended_payer=intended_payer,
            external_id=external_id,
            validity_duration=validity_duration,
            payee=payee,
            description=description,
        )

        create_invoice.additional_properties = d
        return create_invoice

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
