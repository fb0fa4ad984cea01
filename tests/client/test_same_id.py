"""What a client says of an id that it has used before, or that another of its calls is busy with."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

import momopy
from tests.client.raw import BEARER, BRISK, called
from tests.client.twins import PAYMENT, Twin
from tests.faults.server import FaultServer, Request
from tests.faults.steps import Answer, Pause, Reset, Send, Step

pytestmark = pytest.mark.anyio

# One copy of each create, and one look after a lost one.
ONCE = BRISK._replace(create_attempts=1)
# Waits and looks end soon, and so does what silence or a 404 may still mean.
SOON = ONCE._replace(horizon=0.2, settle_window=0.1, first_polls=(0.05, 0.05), poll=0.05)


def says(status: int, document: Any = None, **headers: str) -> list[Step]:
    body = b"" if document is None else json.dumps(document).encode()
    return [
        Send(Answer(status, body, tuple((name.replace("_", "-"), text) for name, text in headers.items())).encode())
    ]


ACCEPTED = says(202)
LOST: list[Step] = [Reset()]
BROKEN = says(500, {})
ABSENT = says(404, {"code": "RESOURCE_NOT_FOUND", "message": "x"})
FORBIDDEN = says(403, {"statusCode": 403, "message": "x"})
LIMITED = says(429, {"statusCode": 429, "message": "x"}, Retry_After="60")
BAD_CALLBACK = says(500, {"code": "INVALID_CALLBACK_URL_HOST", "message": "x"})
NO_MONEY = says(500, {"code": "NOT_ENOUGH_FUNDS", "message": "x"})


def shown(status: str) -> list[Step]:
    return says(200, {**PAYMENT, "status": status})


class Service:
    """Answers creates with one list after another, status calls with another; the last of each stays."""

    def __init__(self, *posts: list[Step], looks: Sequence[list[Step]] = (BROKEN,)) -> None:
        self.posts, self.looks = list(posts), list(looks)

    def __call__(self, request: Request) -> Sequence[Step]:
        left = self.posts if request.verb == "POST" else self.looks
        return left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def serving(*posts: list[Step], looks: Sequence[list[Step]] = (BROKEN,)) -> Iterator[FaultServer]:
    with FaultServer(Service(*posts, looks=looks)) as server:
        yield server
        assert server.errors == []


def new() -> dict[str, Any]:
    return {"uuid": str(uuid4()), "body": PAYMENT, **BEARER}


def sent(server: FaultServer, verb: str = "POST") -> list[str]:
    return [request.path for request in server.requests if request.verb == verb]


async def arrived(server: FaultServer, count: int) -> None:
    async with asyncio.timeout(20):
        while len(server.requests) < count:  # noqa: ASYNC110 - another thread's
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("refusal", [LIMITED, FORBIDDEN, BAD_CALLBACK], ids=["429", "403", "a permanent code"])
async def test_a_refused_repeat_says_nothing_of_what_was_accepted(twin: Twin, refusal: list[Step]) -> None:
    with serving(ACCEPTED, refusal) as server:
        client, call = twin.at(server.base_url, settings=ONCE), new()
        assert await client.request_to_pay(**call)
        again = await client.request_to_pay(**call)
        assert again.data["outcome"] == "unknown"
        assert again.data["sent"] is True
        # Of another id the same refusal is the last word.
        assert (await client.request_to_pay(**new())).data["outcome"] == "not_created"


async def test_what_was_accepted_is_looked_for_when_its_repeat_is_refused(twin: Twin) -> None:
    with serving(ACCEPTED, NO_MONEY, looks=[shown("SUCCESSFUL")]) as server:
        client, call = twin.at(server.base_url, settings=ONCE), new()
        assert await client.request_to_pay(**call)
        again = await client.request_to_pay(**call)
        assert again == (True, {"reference_id": call["uuid"], "status": "SUCCESSFUL", "replayed": True})


@pytest.mark.parametrize("method", ["resume", "request_to_pay"])
async def test_a_code_about_another_request_settles_nothing(twin: Twin, method: str) -> None:
    with serving(BROKEN, BAD_CALLBACK) as server:
        client, call = twin.at(server.base_url, settings=ONCE), new()
        assert (await client.request_to_pay(**call)).data["outcome"] == "unknown"
        again = await getattr(client, method)(**call, callback="https://shop.example/new")
        assert (again.data["outcome"], again.data["code"]) == ("unknown", "INVALID_CALLBACK_URL_HOST")
        assert len(sent(server)) == 2


@pytest.mark.parametrize("method", ["reconcile", "resume"])
async def test_a_body_that_cannot_be_checked_leaves_open_what_was_begun(twin: Twin, method: str) -> None:
    bad = {**PAYMENT, "amount": 5.0}
    with serving(BROKEN) as server:
        client, call = twin.at(server.base_url, settings=ONCE), new()
        fresh = await client.request_to_pay(**{**call, "body": bad})
        assert (fresh.data["outcome"], fresh.data["field"]) == ("not_created", "amount")
        assert (await client.request_to_pay(**call)).data["outcome"] == "unknown"
        count = len(server.requests)
        told = await getattr(client, method)(**{**call, "body": bad})
        assert (told.data["outcome"], told.data["field"], told.data["sent"]) == ("unknown", "amount", "maybe")
        assert len(server.requests) == count


async def test_what_was_accepted_is_never_presumed_unmade(twin: Twin) -> None:
    with serving(ACCEPTED, looks=[ABSENT]) as server:
        client, call = twin.at(server.base_url, settings=SOON), new()
        assert await client.request_to_pay(**call)
        await asyncio.sleep(0.3)
        assert (await client.reconcile(**call)).data["outcome"] == "unknown"


@pytest.mark.parametrize("how", ["get_payment_status", "wait_for_payment", "reconcile"])
async def test_what_was_seen_is_never_presumed_unmade(twin: Twin, how: str) -> None:
    with serving(BROKEN, looks=[BROKEN, shown("PENDING"), ABSENT]) as server:
        client, call = twin.at(server.base_url, settings=SOON), new()
        assert (await client.request_to_pay(**call)).data["outcome"] == "unknown"
        timeout = {"timeout": 0} if how == "wait_for_payment" else {}
        seen = await getattr(client, how)(call["uuid"], **timeout, **BEARER)
        assert seen.ok or seen.data["outcome"] == "pending"
        await asyncio.sleep(0.3)
        assert (await client.reconcile(**call)).data["outcome"] == "unknown"


async def test_what_was_not_seen_is_presumed_unmade_after_the_horizon(twin: Twin) -> None:
    with serving(BROKEN, looks=[BROKEN, ABSENT]) as server:
        client, call = twin.at(server.base_url, settings=SOON), new()
        assert (await client.request_to_pay(**call)).data["outcome"] == "unknown"
        assert (await client.reconcile(**call)).data["outcome"] == "unknown"
        await asyncio.sleep(0.3)
        assert (await client.reconcile(**call)).data["outcome"] == "not_found"


async def test_the_end_of_an_older_call_does_not_settle_a_younger_one(twin: Twin) -> None:
    slow = [Pause(0.8), *FORBIDDEN]
    with serving(slow, LOST, FORBIDDEN) as server:
        client, call = twin.at(server.base_url, settings=ONCE), new()
        older = asyncio.create_task(called(twin, client, "request_to_pay", call))
        await arrived(server, 1)
        younger = await called(twin, client, "request_to_pay", call)
        assert younger.data["outcome"] == "unknown"
        assert (await older).data["outcome"] == "unknown"
        third = await client.request_to_pay(**call)
        assert (third.data["outcome"], third.data["code"]) == ("unknown", "FORBIDDEN")


async def test_a_refusal_is_not_believed_while_another_call_has_the_id_made(twin: Twin) -> None:
    with serving([Pause(0.6), *LIMITED], ACCEPTED) as server:
        client, call = twin.at(server.base_url, settings=ONCE), new()
        refused = asyncio.create_task(called(twin, client, "request_to_pay", call))
        await arrived(server, 1)
        assert await called(twin, client, "request_to_pay", call)
        assert (await refused).data["outcome"] == "unknown"


async def test_a_wait_does_not_take_a_404_for_the_end_of_what_may_still_be_made(twin: Twin) -> None:
    settings = SOON._replace(horizon=900.0)
    with serving(BROKEN, looks=[BROKEN, ABSENT]) as server:
        client, call = twin.at(server.base_url, settings=settings), new()
        assert (await client.request_to_pay(**call)).data["outcome"] == "unknown"
        waited = await client.wait_for_payment(call["uuid"], timeout=0.5, **BEARER)
        assert waited.data["outcome"] == "error"
        # Of an id that this client has not begun, it is an answer.
        waited = await client.wait_for_payment(str(uuid4()), timeout=0.5, **BEARER)
        assert waited.data["outcome"] == "not_found"


async def test_an_id_is_settled_as_what_it_was_begun_as(twin: Twin) -> None:
    with serving(BROKEN, ACCEPTED, looks=[ABSENT]) as server:
        client, call = twin.at(server.base_url, settings=ONCE), new()
        assert (await client.withdraw(**call)).data["outcome"] == "unknown"
        assert await client.resume(**call)
        assert (await client.reconcile(**call)).data["outcome"] == "unknown"
        assert set(sent(server)) == {"/collection/v2_0/requesttowithdraw"}
        assert set(sent(server, "GET")) == {f"/collection/v1_0/requesttowithdraw/{call['uuid']}"}
        count = len(server.requests)
        for method in ("resume", "reconcile"):
            with pytest.raises(momopy.InvalidArgument, match="withdraw"):
                await getattr(client, method)(**call, operation="request_to_pay")
        assert len(server.requests) == count


async def test_an_id_of_two_methods_needs_a_name(twin: Twin) -> None:
    with serving(ACCEPTED) as server:
        client, call = twin.at(server.base_url, settings=ONCE), new()
        assert await client.withdraw(**call)
        assert await client.request_to_pay(**call)
        count = len(server.requests)
        with pytest.raises(momopy.MissingArgument, match="request_to_pay and withdraw"):
            await client.resume(**call)
        assert len(server.requests) == count


async def test_an_answer_without_a_caller_is_noted(caplog: pytest.LogCaptureFixture, anyio_backend: str) -> None:
    caplog.set_level(logging.DEBUG)
    with serving([Pause(0.4), *ACCEPTED], FORBIDDEN, looks=[ABSENT]) as server:
        call = new()
        async with momopy.Collection("0123456789abcdef", base_url=server.base_url, settings=SOON) as client:
            task = asyncio.create_task(client.request_to_pay(**call))
            await arrived(server, 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as left:
                await task
            assert call["uuid"] in left.value.__notes__[0]
            assert (await client.request_to_pay(**call)).data["outcome"] == "unknown"
            await asyncio.sleep(0.8)
            assert f"{call['uuid']}: 202, after its caller had gone" in caplog.text
            # It is known to be there now: no horizon makes it unmade.
            assert (await client.reconcile(**call)).data["outcome"] == "unknown"
