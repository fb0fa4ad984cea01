"""Misuse with secrets as plain texts, as the documentation hands them in: no frame of momopy's shows one."""

from __future__ import annotations

import asyncio
import inspect
import traceback
from collections.abc import Callable
from typing import Any

import pytest

import momopy
from tests.canary import calls, secrets
from tests.canary.secrets import (
    ACCESS_TOKEN,
    API_KEY,
    API_USER,
    AUTH_REQ_ID,
    BASIC,
    CALLBACK,
    CALLBACK_TOKEN,
    OAUTH2_TOKEN,
    SUBSCRIPTION_KEY,
)
from tests.canary.service import Service
from tests.canary.test_canary import HOST, QUICK, TWINS

BEARER = f"Bearer {ACCESS_TOKEN}"
CONSENTED = f"Bearer {OAUTH2_TOKEN}"
OPTIONS: dict[str, Any] = {"api_user": API_USER, "api_key": API_KEY, "base_url": HOST, "callback": CALLBACK}

CALLS: dict[str, Callable[[Any], Any]] = {
    "target": lambda c: c.get_account_balance(BEARER, "Not A Target"),
    "bearer token": lambda c: c.get_account_balance(f"Bear {ACCESS_TOKEN}"),
    "bearer token with a line end": lambda c: c.get_account_balance(f"{BEARER}\nX: y"),
    "Basic token": lambda c: c.create_access_token(f"Basic {BASIC} {BASIC}"),
    "Basic token for a bearer": lambda c: c.is_active("46733123450", "msisdn", f"Basic {BASIC}"),
    "id": lambda c: c.get_payment_status("no-uuid", BEARER),
    "no id": lambda c: c.get_withdraw_status(BEARER),
    "body": lambda c: c.request_to_pay(BEARER, body=["no dict"]),
    "id of a payment": lambda c: c.request_to_pay(BEARER, "no-uuid", "sandbox", calls.BODY, CALLBACK),
    "callback": lambda c: c.request_to_pay(body=calls.BODY, callback=f"nowhere/{CALLBACK_TOKEN}"),
    "callback of a withdrawal": lambda c: c.withdraw(BEARER, body=calls.BODY, callback=f"ftp://x/{CALLBACK_TOKEN}"),
    "callback of an invoice": lambda c: c.create_invoice(body=calls.INVOICE, callback=f"nowhere/{CALLBACK_TOKEN}"),
    "target of a bill": lambda c: c.create_payment(calls.BILL, None, BEARER, "Not A Target"),
    "id of an approval": lambda c: c.request_pre_approval(calls.APPROVAL, "no-uuid", BEARER),
    "id of a cancellation": lambda c: c.cancel_invoice("no-uuid", "order-8", authorization=BEARER),
    "id of a note": lambda c: c.notify_payer("no-uuid", "thanks", None, BEARER),
    "waiting": lambda c: c.wait_for_payment("no-uuid", 1, authorization=BEARER),
    "reconcile": lambda c: c.reconcile("no-uuid", calls.BODY, authorization=BEARER),
    "resume": lambda c: c.resume("no-uuid", calls.BODY, authorization=BEARER),
    "operation": lambda c: c.reconcile(calls.ID, calls.BODY, authorization=BEARER, operation="nothing"),
    "consent": lambda c: c.ask_user_info(f"Bear {OAUTH2_TOKEN}"),
    "target of a consent": lambda c: c.ask_user_info(CONSENTED, "Not A Target"),
    "both ways of a consent": lambda c: c.create_oauth2_token(AUTH_REQ_ID, refresh_token=OAUTH2_TOKEN),
    "target of a refresh": lambda c: c.create_oauth2_token(refresh_token=OAUTH2_TOKEN, target="Not A Target"),
    "target of an exchange": lambda c: c.create_oauth2_token(AUTH_REQ_ID, target="Not A Target"),
}
MAKES: dict[str, Callable[[Any], Any]] = {
    "subscription key": lambda kind: kind(f"{SUBSCRIPTION_KEY} x", **OPTIONS),
    "API key": lambda kind: kind(SUBSCRIPTION_KEY, **{**OPTIONS, "api_key": f"{API_KEY}\n\x00"}),
    "no API user": lambda kind: kind(SUBSCRIPTION_KEY, api_key=API_KEY),
    "API user": lambda kind: kind(SUBSCRIPTION_KEY, **{**OPTIONS, "api_user": "x"}),
    "base URL": lambda kind: kind(SUBSCRIPTION_KEY, **{**OPTIONS, "base_url": "nowhere"}),
    "target of a client": lambda kind: kind(SUBSCRIPTION_KEY, **OPTIONS, target="Not A Target"),
    "callback of a client": lambda kind: kind(SUBSCRIPTION_KEY, **{**OPTIONS, "callback": f"no/{CALLBACK_TOKEN}"}),
    "timeout": lambda kind: kind(SUBSCRIPTION_KEY, **OPTIONS, timeout=-1),
    "transport": lambda kind: kind(SUBSCRIPTION_KEY, **OPTIONS, transport="none"),
    "proxy": lambda kind: kind(SUBSCRIPTION_KEY, **OPTIONS, proxy=f"ftp://user:{API_KEY}@host"),
    "verify": lambda kind: kind(SUBSCRIPTION_KEY, **OPTIONS, verify=False),
    "from_env": lambda kind: kind.from_env(subscription_key=f"{SUBSCRIPTION_KEY} x", **OPTIONS),
}
PROVISIONING: dict[str, Callable[[Any], Any]] = {
    "user": lambda c: c.create_api_user("no-uuid", SUBSCRIPTION_KEY, "shop.example"),
    "key for a user": lambda c: c.create_api_user(API_USER, f"{SUBSCRIPTION_KEY} x", "shop.example"),
    "details": lambda c: c.get_api_user("no-uuid", SUBSCRIPTION_KEY),
    "key": lambda c: c.create_api_key("no-uuid", SUBSCRIPTION_KEY),
    "key for a key": lambda c: c.create_api_key(API_USER, f"{SUBSCRIPTION_KEY}\n{SUBSCRIPTION_KEY}"),
    "Basic token of a user": lambda c: c.basic_token("no-uuid", API_KEY),
    "Basic token of a key": lambda c: c.basic_token(API_USER, f"{API_KEY}\x00"),
    "bearer": lambda c: c.bearer_token(f"{ACCESS_TOKEN} x"),
    "client": lambda c: c.collection(f"{SUBSCRIPTION_KEY} x"),
    "client with a key": lambda c: c.collection(SUBSCRIPTION_KEY, api_user="x", api_key=API_KEY),
}


def _trace(exc: BaseException) -> str:
    """The traceback from the first frame of momopy's on, with all local variables."""
    traced = exc.__traceback__
    while traced is not None and traced.tb_frame.f_globals.get("__name__", "").split(".")[0] != "momopy":
        traced = traced.tb_next
    return "".join(traceback.TracebackException(type(exc), exc, traced, capture_locals=True).format())


def _misuse(work: Callable[[], Any]) -> str:
    """What the exception of this shows."""

    async def awaited() -> Any:
        made = work()
        return await made if inspect.isawaitable(made) else made

    with pytest.raises(momopy.Misuse) as caught:
        asyncio.run(awaited())
    text = _trace(caught.value)
    assert "momopy/" in text
    return text + repr(caught.value) + secrets.pickled(caught.value)


@TWINS
@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_is_misused_shows_no_secret(name: str, twin: str) -> None:
    kind = momopy.Collection if twin == "awaited" else momopy.SyncCollection
    client = kind(SUBSCRIPTION_KEY, **OPTIONS, settings=QUICK, transport=Service())
    assert not secrets.found(_misuse(lambda: CALLS[name](client)))


@TWINS
@pytest.mark.parametrize("name", MAKES)
def test_a_constructor_that_is_misused_shows_no_secret(name: str, twin: str) -> None:
    kind = momopy.Collection if twin == "awaited" else momopy.SyncCollection
    assert not secrets.found(_misuse(lambda: MAKES[name](kind)))


@TWINS
@pytest.mark.parametrize("name", PROVISIONING)
def test_provisioning_that_is_misused_shows_no_secret(name: str, twin: str) -> None:
    kind = momopy.Client if twin == "awaited" else momopy.SyncClient
    client = kind(HOST, transport=Service(), settings=QUICK)
    assert not secrets.found(_misuse(lambda: PROVISIONING[name](client)))
