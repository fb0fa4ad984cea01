"""The whole way of a consent: the pace of its polls, what ends it, and that a lost answer does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from itertools import chain, repeat
from typing import Any

import pytest

import momopy
from momopy import journeys, operations
from momopy.calls import Call
from momopy.procedure import Fault, Heard
from momopy.profile import Profile
from momopy.settings import DEFAULT
from momopy.wire import Answer, read
from tests.client.raw import BRISK, ID, as_json
from tests.client.twins import Twin
from tests.client.virtual import Course, follow
from tests.faults import steps
from tests.faults.server import FaultServer, Request
from tests.faults.steps import Reset, Send, Step

NUMBER = "46733123499"
PROFILE = Profile("0123456789abcdef", api_user=ID, api_key="abcdef0123456789")
TOKEN = Answer(200, payload={"access_token": "eyJ.eyJ.x", "token_type": "Bearer", "expires_in": 3600})
PERSON = {"sub": NUMBER, "name": "Sand Box"}


def said(word: str) -> Answer:
    return read(400, [], json.dumps({"error": word}).encode())


WAITING = said("authorization_pending")


def consented(polls: Iterator[Heard], timeout: float = 300.0, **asked: Any) -> Course:
    """The way of one consent, whose polls hear these one after the other."""

    def service(call: Call[Any], _: float) -> Heard:
        if call.operation is operations.AUTHORIZE:
            return Answer(200, payload={"auth_req_id": "a1", "interval": 5, "expires_in": 3600, **asked})
        if call.operation is operations.GET_USER_INFO:
            return Answer(200, payload=dict(PERSON))
        return next(polls)

    journey = journeys.consent(
        operations.authorize(PROFILE, NUMBER, "profile"),
        partial(operations.create_oauth2_token, PROFILE),
        partial(operations.get_user_info, PROFILE),
        DEFAULT,
        timeout,
    )
    return follow(journey, service)


def polls_of(course: Course) -> list[float]:
    return course.times("CreateOauth2Token")


@pytest.mark.parametrize(
    ("interval", "pause"),
    [(5, 5), (7.5, 7.5), (1, 1), (60, 60), (0, 1), (-3, 1), (0.01, 1), (61, 60), (10**9, 60), (float("inf"), 60)]
    + [(odd, 5) for odd in (None, "7", True, float("nan"), [7])],
)
def test_it_is_asked_after_at_the_interval_of_the_service_within_bounds(interval: Any, pause: float) -> None:
    course = consented(chain([WAITING, WAITING], repeat(TOKEN)), interval=interval)
    assert course.result == (True, PERSON)
    assert polls_of(course) == [0.0, pause, 2 * pause]


def test_slow_down_makes_each_further_pause_longer() -> None:
    slow = said("slow_down")
    course = consented(chain([WAITING, slow, WAITING, slow, WAITING], repeat(TOKEN)))
    assert polls_of(course) == [0.0, 5.0, 15.0, 25.0, 40.0, 55.0]
    assert course.result == (True, PERSON)
    course = consented(repeat(slow), timeout=1000)
    pauses = [later - sooner for sooner, later in zip(polls_of(course), polls_of(course)[1:], strict=False)]
    assert pauses[:11] == [10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0]
    assert max(pauses) == 60.0
    assert (course.result.data["outcome"], course.result.data["code"]) == ("pending", "SLOW_DOWN")


@pytest.mark.parametrize(
    ("expires_in", "timeout", "end"),
    [
        (3600, 300, 300),
        (30, 300, 30),
        (30.0, 7, 7),
        (0, 300, 1),
        (-5, 300, 1),
        (10**12, 10_000, 3600),
        (float("inf"), 10_000, 3600),
        (None, 100, 100),
        ("30", 100, 100),
        (float("nan"), 100, 100),
    ],
)
def test_it_ends_with_the_request_for_consent_or_with_the_callers_patience(
    expires_in: Any, timeout: float, end: float
) -> None:
    course = consented(repeat(WAITING), timeout, expires_in=expires_in)
    assert course.end == end
    assert course.result.data["outcome"] == "pending"
    assert course.result.data["code"] == "AUTHORIZATION_PENDING"
    assert course.result.data["retryable"] is True


UNCLEAR = [
    Fault("lost", "ReadError"),
    Fault("deadline", "TimeoutError"),
    Answer(503, "SERVICE_UNAVAILABLE"),
    Answer(502),
    Answer(500, "INTERNAL_PROCESSING_ERROR"),
    Answer(200, payload=None),
    Answer(200, payload={"token_type": "Bearer"}),
]
UNMADE = [Fault("unsent", "ConnectError"), Answer(429, retry_after=2.0)]


@pytest.mark.parametrize("answer", UNCLEAR + UNMADE, ids=str)
def test_a_poll_that_is_lost_ends_nothing(answer: Heard) -> None:
    # What proves that nothing was done is repeated within a call, as often as a reading one.
    once = repeat(answer, DEFAULT.read_attempts if answer in UNMADE else 1)
    course = consented(chain([WAITING], once, [WAITING], repeat(TOKEN)))
    assert course.result == (True, PERSON)
    assert course.times("GetUserInfoWithConsent")


@pytest.mark.parametrize("answer", UNCLEAR, ids=str)
def test_a_consent_whose_token_was_lost_is_used_up(answer: Heard) -> None:
    course = consented(chain([answer], repeat(said("invalid_grant"))))
    assert polls_of(course) == [0.0, 5.0]
    assert (course.result.data["outcome"], course.result.data["code"]) == ("not_created", "INVALID_GRANT")


@pytest.mark.parametrize("answer", UNCLEAR + UNMADE, ids=str)
def test_polls_that_are_all_lost_end_with_the_callers_patience(answer: Heard) -> None:
    course = consented(repeat(answer), timeout=60)
    assert 60 <= course.end <= 70
    assert course.result.data["outcome"] == "pending"
    assert course.result.data["retryable"] is True


def test_the_service_may_ask_for_a_longer_pause() -> None:
    course = consented(chain([Answer(429, retry_after=45.0)], repeat(TOKEN)))
    assert polls_of(course) == [0.0, 45.0]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (said("access_denied"), "ACCESS_DENIED"),
        (said("expired_token"), "EXPIRED_TOKEN"),
        (said("invalid_grant"), "INVALID_GRANT"),
        (read(401, [], b'{"error": "login_failed"}'), "AUTH"),
        (Answer(403), "FORBIDDEN"),
        (Answer(400), "BAD_REQUEST"),
        (Answer(302), "REDIRECT"),
        (Fault("tls", "ConnectError"), "TLS"),
    ],
    ids=str,
)
def test_a_refusal_ends_it_at_once(answer: Heard, code: str) -> None:
    course = consented(chain([WAITING], repeat(answer)))
    assert course.end == 5.0
    assert (course.result.data["outcome"], course.result.data["code"]) == ("not_created", code)


class Service:
    """Answers the polls in this order, and all further ones as the last; it asks for a pause of one second."""

    def __init__(self, *polls: list[Step]) -> None:
        self.polls = list(polls)

    def __call__(self, request: Request) -> list[Step]:
        if request.path.endswith("/bc-authorize"):
            return as_json({"auth_req_id": "a1", "interval": 1, "expires_in": 3600})
        if request.path == "/collection/oauth2/token/":
            return self.polls.pop(0) if len(self.polls) > 1 else self.polls[0]
        if request.path.endswith("/userinfo"):
            return as_json(PERSON) if request.headers["authorization"] == "Bearer eyJ.eyJ.x" else as_json({}, 401)
        return as_json({"access_token": "eyJ.eyJ.own", "token_type": "access_token", "expires_in": 3600})


UNAVAILABLE: list[Step] = [Send(steps.Answer(503).encode())]
GIVEN = as_json(TOKEN.payload)
USED_UP = as_json({"error": "invalid_grant"}, 400)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("polls", "code"),
    [([UNAVAILABLE, [Reset()], GIVEN], None), ([[Reset()], USED_UP], "INVALID_GRANT")],
    ids=["token", "used up"],
)
async def test_a_lost_poll_over_tcp(polls: list[list[Step]], code: str | None, twin: Twin) -> None:
    with FaultServer(Service(*polls)) as server:
        client = twin.at(server.base_url, api_user=ID, api_key="abcdef0123456789", settings=BRISK)
        result = await client.ask_user_info(msisdn=NUMBER, scope="profile", timeout=60)
        assert result == (True, PERSON) if code is None else result.data["code"] == code
        asked = [request.path for request in server.requests]
        assert asked.count("/collection/oauth2/token/") == len(polls)
        assert asked.count("/collection/v1_0/bc-authorize") == 1
        assert server.errors == []


@pytest.mark.anyio
@pytest.mark.parametrize("more", [{"msisdn": NUMBER, "scope": "profile"}, {"msisdn": NUMBER}, {"scope": "profile"}])
async def test_a_token_and_a_number_contradict_each_other(more: dict[str, str], twin: Twin) -> None:
    with FaultServer(Service(GIVEN)) as server:
        client = twin.at(server.base_url, api_user=ID, api_key="abcdef0123456789", settings=BRISK)
        with pytest.raises(momopy.InvalidArgument, match="authorization"):
            await client.ask_user_info("Bearer eyJ.eyJ.x", **more)
        assert server.requests == []
