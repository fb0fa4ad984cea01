from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.party import Party


T = TypeVar("T", bound="RequestToPay")


@_attrs_define
class RequestToPay:
    """A payment to ask for, or a withdrawal. Without an amount, a currency and a payer there is none.

    Attributes:
        amount (str): A decimal number above 0, as text. Several currencies have no minor unit.
        currency (str): ISO 4217 code. The sandbox knows EUR alone.
        payer (Party): One side of a payment.
        external_id (str | Unset): The caller's own name for it. It is all that a callback can be told by.
        payer_message (str | Unset): At most 160 characters, without `'` and `&`, which MTN answers with 400. An empty
            one was refused in production: leave the key out.
        payee_note (str | Unset): At most 160 characters, without `'` and `&`, which MTN answers with 400. An empty one
            was refused in production: leave the key out.
    """

    amount: str
    currency: str
    payer: Party
    external_id: str | Unset = UNSET
    payer_message: str | Unset = UNSET
    payee_note: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        amount = self.amount

        currency = self.currency

        payer = self.payer.to_dict()

        external_id = self.external_id

        payer_message = self.payer_message

        payee_note = self.payee_note

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "amount": amount,
                "currency": currency,
                "payer": payer,
            }
        )
        if external_id is not UNSET:
            field_dict["externalId"] = external_id
        if payer_message is not UNSET:
            field_dict["payerMessage"] = payer_message
        if payee_note is not UNSET:
            field_dict["payeeNote"] = payee_note

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.party import Party

        d = dict(src_dict)
        amount = d.pop("amount")

        currency = d.pop("currency")

        payer = Party.from_dict(d.pop("payer"))

        external_id = d.pop("externalId", UNSET)

        payer_message = d.pop("payerMessage", UNSET)

        payee_note = d.pop("payeeNote", UNSET)

        request_to_pay = cls(
            amount=amount,
            currency=currency,
            payer=payer,
            external_id=external_id,
            payer_message=payer_message,
            payee_note=payee_note,
        )

        request_to_pay.additional_properties = d
        return request_to_pay

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
