"""Five ways to repeat a payment that are in use, and wrong: the checker has to find each of them out."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple, TypeAlias

import httpx

from .shop import Ask, Told

ATTEMPTS: Final = 4
PATH: Final = "/collection/v1_0/requesttopay"
REPEATED: Final = frozenset({408, 409, 429, 500, 502, 503, 504, 599})


class Caller(NamedTuple):
    """Plain httpx, and a token for each request."""

    client: httpx.AsyncClient
    headers: dict[str, str]
    token: Callable[[], str]
    rng: random.Random

    async def post(self, reference_id: str, body: dict[str, Any] | None) -> int | None:
        """The status; None for no answer."""
        headers = {**self.headers, "Authorization": self.token(), "X-Reference-Id": reference_id}
        try:
            return (await self.client.post(PATH, json=body, headers=headers)).status_code
        except httpx.HTTPError:
            return None

    async def get(self, reference_id: str) -> int | None:
        """The status of the status call; None for no answer."""
        headers = {**self.headers, "Authorization": self.token()}
        try:
            return (await self.client.get(f"{PATH}/{reference_id}", headers=headers)).status_code
        except httpx.HTTPError:
            return None

    async def pause(self, attempt: int) -> None:
        """Back off, as everybody does."""
        await asyncio.sleep(self.rng.uniform(0, 0.02) * 2**attempt)


Policy: TypeAlias = Callable[[Caller, Ask], Awaitable[Told]]


async def new_id_for_each_try(caller: Caller, ask: Ask) -> Told:
    """The id is made inside of what is repeated."""
    reference_id = ask.reference_id
    for attempt in range(ATTEMPTS):
        status = await caller.post(reference_id, ask.body)
        if status == 202:
            return "ok"
        reference_id = str(uuid.UUID(int=caller.rng.getrandbits(128), version=4))
        await caller.pause(attempt)
    return "fail"


async def an_error_is_a_failure(caller: Caller, ask: Ask) -> Told:
    """One try; whatever is not a success has failed."""
    return "ok" if await caller.post(ask.reference_id, ask.body) == 202 else "fail"


async def the_usual_table(caller: Caller, ask: Ask) -> Told:
    """The same id, repeated for lost connections, 408, 409, 429 and 5xx; what is left has failed."""
    for attempt in range(ATTEMPTS):
        status = await caller.post(ask.reference_id, ask.body)
        if status == 202:
            return "ok"
        if status is not None and status not in REPEATED:
            return "fail"
        await caller.pause(attempt)
    return "fail"


async def a_409_is_a_success(caller: Caller, ask: Ask) -> Told:
    """The same, but an id that is taken means that an earlier try made it."""
    for attempt in range(ATTEMPTS):
        status = await caller.post(ask.reference_id, ask.body)
        if status in (202, 409):
            return "ok"
        if status is not None and status not in REPEATED:
            return "fail"
        await caller.pause(attempt)
    return "fail"


async def a_404_settles_it(caller: Caller, ask: Ask) -> Told:
    """The same, and at the end a status call: what is not there was never made."""
    for attempt in range(ATTEMPTS):
        status = await caller.post(ask.reference_id, ask.body)
        if status in (202, 409):
            return "ok"
        if status is not None and status not in REPEATED:
            break
        await caller.pause(attempt)
    for attempt in range(ATTEMPTS):
        status = await caller.get(ask.reference_id)
        if status in (200, 404):
            return "ok" if status == 200 else "fail"
        await caller.pause(attempt)
    return "unknown"


POLICIES: Final[dict[str, Policy]] = {
    "a new id for each try": new_id_for_each_try,
    "an error is a failure": an_error_is_a_failure,
    "the usual table": the_usual_table,
    "a 409 is a success": a_409_is_a_success,
    "a 404 settles it": a_404_settles_it,
}
