"""The URL of a request, which is put together rather than parsed, is the one that httpx would have parsed."""

from __future__ import annotations

import httpx
import pytest

from momopy import operations
from momopy.calls import Call
from momopy.requests import Wire
from momopy.settings import DEFAULT


@pytest.fixture(autouse=True)
def sent() -> None:
    """Nothing is sent here, and what is made need not be as the specs say."""


@pytest.mark.parametrize("base", ["https://sandbox.momodeveloper.mtn.com", "http://127.0.0.1:8080", "http://[::1]:80/"])
@pytest.mark.parametrize(
    "target",
    [
        "/collection/token/",
        "/collection/v1_0/requesttopay/2f4b1f7c-5c1a-4b52-8f2c-0f0f0f0f0f0f",
        "/collection/v1_0/accountholder/email/a%40b.example%2Fc/active",
        "/collection/v1_0/x?from=1&to=a%20b",
        "/collection/v1_0/x?",
    ],
)
def test_a_url_is_what_httpx_makes_of_it(base: str, target: str) -> None:
    call = Call(operations.GET_BALANCE, "GET", target, [], None, None)
    url = Wire(base, None, DEFAULT).request(call, None, 5.0).url
    expected = httpx.URL(base.rstrip("/") + target)
    assert url == expected
    assert (url.raw_path, url.netloc, url.path) == (target.encode(), expected.netloc, expected.path)
