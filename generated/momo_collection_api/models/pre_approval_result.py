from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.error_reason import ErrorReason
    from ..models.party_result import PartyResult


T = TypeVar("T", bound="PreApprovalResult")


@_attrs_define
class PreApprovalResult:
    """The state of a request for a standing permission.

    Attributes:
        payer (PartyResult | Unset): One side of a payment, as an answer tells it.
        payer_currency (str | Unset):
        payer_message (str | Unset):
        status (str | Unset): SUCCESSFUL and FAILED are final.
        expiration_date_time (int | str | Unset): MTN declares a number and describes a date.
        reason (ErrorReason | str | Unset): Why it failed. Declared as an object by MTN, and sent as the bare code by
            the real service.
    """

    payer: PartyResult | Unset = UNSET
    payer_currency: str | Unset = UNSET
    payer_message: str | Unset = UNSET
    status: str | Unset = UNSET
    expiration_date_time: int | str | Unset = UNSET
    reason: ErrorReason | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.error_reason import ErrorReason

        payer: dict[str, Any] | Unset = UNSET
        if not isinstance(self.payer, Unset):
            payer = self.payer.to_dict()

        payer_currency = self.payer_currency

        payer_message = self.payer_message

        status = self.status

        expiration_date_time: int | str | Unset
        if isinstance(self.expiration_date_time, Unset):
            expiration_date_time = UNSET
        else:
            expiration_date_time = self.expiration_date_time

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
        if payer is not UNSET:
            field_dict["payer"] = payer
        if payer_currency is not UNSET:
            field_dict["payerCurrency"] = payer_currency
        if payer_message is not UNSET:
            field_dict["payerMessage"] = payer_message
        if status is not UNSET:
            field_dict["status"] = status
        if expiration_date_time is not UNSET:
            field_dict["expirationDateTime"] = expiration_date_time
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.error_reason import ErrorReason
        from ..models.party_result import PartyResult

        d = dict(src_dict)
        _payer = d.pop("payer", UNSET)
        payer: PartyResult | Unset
        if isinstance(_payer, Unset):
            payer = UNSET
        else:
            payer = PartyResult.from_dict(_payer)

        payer_currency = d.pop("payerCurrency", UNSET)

        payer_message = d.pop("payerMessage", UNSET)

        status = d.pop("status", UNSET)

        def _parse_expiration_date_time(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            return cast(int | str | Unset, data)

        expiration_date_time = _parse_expiration_date_time(
            d.pop("expirationDateTime", UNSET)
        )

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

        pre_approval_result = cls(
            payer=payer,
            payer_currency=payer_currency,
            payer_message=payer_message,
            status=status,
            expiration_date_time=expiration_date_time,
            reason=reason,
        )

        pre_approval_result.additional_properties = d
        return pre_approval_result

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
