from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.error_reason import ErrorReason
    from ..models.party_result import PartyResult


T = TypeVar("T", bound="RequestToPayResult")


@_attrs_define
class RequestToPayResult:
    """The state of a request to pay or of a withdrawal.

    Attributes:
        amount (str | Unset): As a number the same as in the request: 12.50 comes back as 12.5.
        currency (str | Unset):
        external_id (str | Unset):
        payer (PartyResult | Unset): One side of a payment, as an answer tells it.
        payer_message (str | Unset):
        payee_note (str | Unset):
        financial_transaction_id (str | Unset): MTN's id of the movement of money.
        status (str | Unset): SUCCESSFUL and FAILED are final.
        reason (ErrorReason | str | Unset): Why it failed. Declared as an object by MTN, and sent as the bare code by
            the real service.
    """

    amount: str | Unset = UNSET
    currency: str | Unset = UNSET
    external_id: str | Unset = UNSET
    payer: PartyResult | Unset = UNSET
    payer_message: str | Unset = UNSET
    payee_note: str | Unset = UNSET
    financial_transaction_id: str | Unset = UNSET
    status: str | Unset = UNSET
    reason: ErrorReason | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.error_reason import ErrorReason

        amount = self.amount

        currency = self.currency

        external_id = self.external_id

        payer: dict[str, Any] | Unset = UNSET
        if not isinstance(self.payer, Unset):
            payer = self.payer.to_dict()

        payer_message = self.payer_message

        payee_note = self.payee_note

        financial_transaction_id = self.financial_transaction_id

        status = self.status

        reason: dict[str, Any] | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        elif isinstance(self.reason, ErrorReason):
            reason = self.reason.to_dict()
        else:
            reason = self.reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if amount is not UNSET:
            field_dict["amount"] = amount
        if currency is not UNSET:
            field_dict["currency"] = currency
        if external_id is not UNSET:
            field_dict["externalId"] = external_id
        if payer is not UNSET:
            field_dict["payer"] = payer
        if payer_message is not UNSET:
            field_dict["payerMessage"] = payer_message
        if payee_note is not UNSET:
            field_dict["payeeNote"] = payee_note
        if financial_transaction_id is not UNSET:
            field_dict["financialTransactionId"] = financial_transaction_id
        if status is not UNSET:
            field_dict["status"] = status
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.error_reason import ErrorReason
        from ..models.party_result import PartyResult

        d = dict(src_dict)
        amount = d.pop("amount", UNSET)

        currency = d.pop("currency", UNSET)

        external_id = d.pop("externalId", UNSET)

        _payer = d.pop("payer", UNSET)
        payer: PartyResult | Unset
        if isinstance(_payer, Unset):
            payer = UNSET
        else:
            payer = PartyResult.from_dict(_payer)

        payer_message = d.pop("payerMessage", UNSET)

        payee_note = d.pop("payeeNote", UNSET)

        financial_transaction_id = d.pop("financialTransactionId", UNSET)

        status = d.pop("status", UNSET)

        def _parse_reason(data: object) -> ErrorReason | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_reason_type_0 = ErrorReason.from_dict(data)

                return componentsschemas_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ErrorReason | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        request_to_pay_result = cls(
            amount=amount,
            currency=currency,
            external_id=external_id,
            payer=payer,
            payer_message=payer_message,
            payee_note=payee_note,
            financial_transaction_id=financial_transaction_id,
            status=status,
            reason=reason,
        )

        request_to_pay_result.additional_properties = d
        return request_to_pay_result

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
