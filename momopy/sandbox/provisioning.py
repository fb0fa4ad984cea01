"""The sandbox's own provisioning: API users and their keys."""

from __future__ import annotations

from momopy.sandbox import errors
from momopy.sandbox.call import Call
from momopy.sandbox.credentials import new_api_key
from momopy.sandbox.exchange import Answer, Refused, json_answer
from momopy.sandbox.records import ApiUser
from momopy.sandbox.shapes import callback_host


def create_api_user(call: Call) -> Answer:
    """`POST /v1_0/apiuser`."""
    world = call.world
    host = call.body["providerCallbackHost"]
    if not callback_host(host, world.switches):
        return errors.BAD_REQUEST
    if call.reference_id in world.store.users:
        return errors.DUPLICATE
    world.store.add(ApiUser(id=call.reference_id, callback_host=host, product=call.product))
    world.changed("users")
    return Answer(201)


def _user(call: Call) -> ApiUser:
    user = call.world.store.users.get(call.params["reference_id"])
    if user is None or user.product != call.product:
        raise Refused(errors.NOT_FOUND)
    return user


def get_api_user(call: Call) -> Answer:
    """`GET /v1_0/apiuser/{reference_id}`."""
    user = _user(call)
    return json_answer(
        200,
        {
            "providerCallbackHost": user.callback_host,
            "targetEnvironment": call.world.options.target,
        },
    )


def create_api_key(call: Call) -> Answer:
    """`POST /v1_0/apiuser/{reference_id}/apikey`."""
    user = _user(call)
    user.api_key = new_api_key(call.world.rng)
    call.world.store.save(user)
    if call.world.switches.new_key_ends_tokens:
        call.world.store.end_tokens_of(user.id)
    return json_answer(201, {"apiKey": user.api_key})
