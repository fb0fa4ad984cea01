"""Balances, account holders and what is known of them."""

from __future__ import annotations

from momopy.sandbox import errors
from momopy.sandbox.call import Call
from momopy.sandbox.exchange import Answer, Refused, json_answer
from momopy.sandbox.outcomes import HOLDERS, Refusal
from momopy.sandbox.shapes import currency, party_fits

_ACTIVE_TYPES = {"msisdn": "MSISDN", "email": "EMAIL", "party_code": "PARTY_CODE"}
# The portal's list; every known client writes msisdn.
_INFO_TYPES = {"msisdn": "MSISDN", "email": "EMAIL", "alias": "ALIAS", "id": "ID"}


def get_balance(call: Call) -> Answer:
    """`GET /v1_0/account/balance`."""
    return json_answer(
        200,
        {
            "availableBalance": call.world.balance(),
            "currency": call.world.options.currency,
        },
    )


def get_balance_in(call: Call) -> Answer:
    """`GET /v1_0/account/balance/{currency}`."""
    wanted = call.params["currency"]
    if not currency(wanted, call.world.switches):
        return errors.BAD_REQUEST
    call.refuse_currency(wanted)
    return get_balance(call)


def _holder(call: Call, types: dict[str, str]) -> bool:
    kind = types.get(call.params["type"].lower())
    party_id = call.params["id"]
    if kind is None or not party_fits(kind, party_id):
        raise Refused(errors.BAD_REQUEST)
    fate = HOLDERS.get(party_id.lower(), True)
    if isinstance(fate, Refusal):
        raise Refused(errors.platform(fate.status, fate.code))
    return fate


def is_active(call: Call) -> Answer:
    """`GET /v1_0/accountholder/{type}/{id}/active`."""
    return json_answer(200, {"result": _holder(call, _ACTIVE_TYPES)})


SAND_BOX = {
    "given_name": "Sand",
    "family_name": "Box",
    "birthdate": "1976-08-13",
    "locale": "sv_SE",
    "gender": "MALE",
}


def get_basic_user_info(call: Call) -> Answer:
    """`GET /v1_0/accountholder/{type}/{id}/basicuserinfo`."""
    active = _holder(call, _INFO_TYPES)
    return json_answer(200, {**SAND_BOX, "status": "ACTIVE" if active else "INACTIVE"})


def get_user_info(call: Call) -> Answer:
    """`GET /oauth2/v1_0/userinfo`, for a token that an account holder consented to."""
    holder = call.token.account_holder if call.token is not None else None
    if holder is None:
        return errors.WRONG_TOKEN
    return json_answer(
        200,
        {
            "sub": holder,
            "name": "Sand Box",
            **SAND_BOX,
            "middle_name": "Grain",
            "email": "sand.box@example.com",
            "email_verified": True,
            "phone_number": holder,
            "phone_number_verified": True,
            "address": "1 Beach Road, Shoreville",
            "updated_at": 1_700_000_000,
            "status": "ACTIVE",
            "active": True,
            "credit_score": "500",
            "country_of_birth": "SE",
            "region_of_birth": "Skåne",
            "city_of_birth": "Malmö",
            "occupation": "Builder",
            "employer_name": "Castle Works",
            "identification_type": "PASS",
            "identification_value": "S4ND80X",
        },
    )
