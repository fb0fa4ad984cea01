"""What a person is told: MTN's own reason where momopy has none, and never what is private."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest

import momopy
from momopy import reasons, wire
from tests.client.twins import QUICK, Twin

pytestmark = pytest.mark.anyio

ID = "7f6a2a3e-5d0c-4f5e-9a55-6a5b3a1c9f10"
SILENT = reasons.REASONS["FAILED"].sentence
REASON = {
    "a known code": ("APPROVAL_REJECTED", "APPROVAL_REJECTED", "The payer said no on the phone."),
    "a known code and a sentence": (
        {"code": "EXPIRED", "message": "x"}, "EXPIRED", reasons.REASONS["EXPIRED"].sentence,
    ),
    "a new code and a sentence": ({"code": "NEW_ONE", "message": "KYC missing"}, "NEW_ONE", "KYC missing"),
    "a new code alone": ("NEW_ONE", "NEW_ONE", "MTN gave a code that is not in its published list."),
    "a sentence alone": ({"message": "Payer was asleep"}, "FAILED", "Payer was asleep"),
    "a sentence for a code": ("The payer was asleep", "FAILED", "The payer was asleep"),
    "nothing": (None, "FAILED", SILENT),
    "an empty text": ("", "FAILED", SILENT),
    "an empty object": ({}, "FAILED", SILENT),
    "a number": (5, "FAILED", SILENT),
}  # fmt: skip


@pytest.mark.parametrize("case", REASON)
async def test_a_failed_payment_says_why(twin: Twin, case: str):
    reason, code, message = REASON[case]
    answer = {"status": "FAILED", "externalId": ID} | ({} if case == "nothing" else {"reason": reason})
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    client = twin.at("http://127.0.0.1:9", transport=transport, settings=QUICK)
    ok, failure = await client.wait_for_payment(ID, authorization="Bearer abc")
    assert (ok, failure["outcome"], failure["code"], failure["message"]) == (False, "failed", code, message)
    status = await client.get_payment_status(ID, "Bearer abc")
    if case != "nothing":
        assert set(status.data["reason"]) == {"code", "message"}


PRIVATE = {
    "Denied at https://api.example/x?key=1 for you": "https",
    "header Authorization: Bearer abc123 refused": "abc123",
    "mail joe@shop.example": "joe",
    "+256 772 123 456 has no wallet": "772",
    "call 077-212-3456 first": "212",
    "key=deadbeefcafe1234 is none": "deadbeef",
    "Basic dXNlcjprZXk= is none": "dXNl",
    "number 256772123456": "256772",
}


@pytest.mark.parametrize("sentence", PRIVATE)
async def test_what_is_private_is_not_handed_on(twin: Twin, sentence: str):
    body = {"code": "SOME_CODE", "message": sentence}
    transport = httpx.MockTransport(lambda _: httpx.Response(403, json=body))
    client = twin.at("http://127.0.0.1:9", transport=transport, settings=QUICK)
    result = await client.get_account_balance("Bearer abc")
    assert PRIVATE[sentence] not in json.dumps(result.data) + repr(result)
    assert "..." in result.data["message"]


def test_ordinary_sentences_stay_as_they_are():
    for sentence in (
        "Rate limit is exceeded. Try again in 52 seconds.",
        "Access to target environment is forbidden.",
        "Duplicated reference id. Creation of resource failed.",
        "The amount 12.50 EUR is too high (limit 500).",
    ):
        assert wire.printable(sentence) == sentence


async def test_a_printed_failure_has_its_sentence(twin: Twin):
    client = twin.at("http://127.0.0.1:9", settings=QUICK._replace(read_attempts=1))
    result = await client.get_account_balance("Bearer abc")
    assert result.data["message"] in repr(result)


@pytest.mark.parametrize("body", [b"{}", b'{"statusCode": 401, "message": "x"}', b'{"availableBalance": 1e999}'])
async def test_a_balance_without_money_in_it_is_none(twin: Twin, body: bytes):
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    client = twin.at("http://127.0.0.1:9", transport=transport, settings=QUICK)
    for call in (client.get_account_balance("Bearer abc"), client.get_account_balance_in("EUR", "Bearer abc")):
        result = await call
        assert (result.ok, result.data["code"]) == (False, "BAD_RESPONSE")


def test_every_code_of_momopys_own_is_explained():
    """Whatever word the library puts into `code` has a row: an unlisted one would be blamed on MTN."""
    package = Path(momopy.__file__).parent
    found: set[str] = set()
    for name in ("procedure", "journeys", "result", "awaited/records"):
        text = (package / f"{name}.py").read_text()
        found |= set(re.findall(r'(?:Verdict\(\s*"\w+",|"code":|explain\(|code or) "([A-Z_]+)"', text))
    assert {"VALIDATION", "CONNECTION", "JOURNAL", "PENDING", "DEADLINE", "TLS", "SERVER"} <= found
    assert found - set(reasons.REASONS) == set()
    assert reasons.explain("HTTP_405").who != "mtn"
