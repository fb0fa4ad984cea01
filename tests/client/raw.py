"""Servers that answer every request with the same bytes, and every method of the client to try on them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from momopy import Settings
from tests.client.stages import BILL, INVOICE, PRE_APPROVAL
from tests.client.twins import PAYMENT, Both, Twin
from tests.faults.server import FaultServer
from tests.faults.steps import Answer, Send, Step

JSON = (("Content-Type", "application/json"),)
# What is repeated is repeated at once; what takes time has enough of it, however busy the machine is.
BRISK = Settings(backoff=0.001, ambiguous_wait=0.001, token_spacing=0.001, status_rate=5000.0)
# For a server that stays silent: then it is the client that has to end it.
IMPATIENT = BRISK._replace(read_timeout=0.1, read_deadline=0.3, write_deadline=0.3, token_deadline=0.3)
ID = str(uuid4())
BEARER = {"authorization": "Bearer eyJ.eyJ.x", "target": "sandbox"}
BASIC = "Basic " + "dXNlcjprZXk="
KEY = "0123456789abcdef"

# Every method that sends something, with credentials of the caller's.
CALLS: dict[str, dict[str, Any]] = {
    "create_access_token": {"authorization": BASIC},
    "get_account_balance": {**BEARER},
    "get_account_balance_in": {"currency": "EUR", **BEARER},
    "get_basic_user_info": {"msisdn": "46733123499", **BEARER},
    "is_active": {"account": "46733123499", **BEARER},
    "isActive": {"account": "46733123499", **BEARER},
    "ask_user_info": {**BEARER},
    "authorize": {"login_hint": "46733123499", "scope": "profile", **BEARER},
    "create_oauth2_token": {"auth_req_id": "x", "authorization": BASIC, "target": "sandbox"},
    "request_to_pay": {"uuid": ID, "body": PAYMENT, **BEARER},
    "get_payment_status": {"uuid": ID, **BEARER},
    "notify_payer": {"uuid": ID, "message": "tea", **BEARER},
    "withdraw": {"uuid": ID, "body": PAYMENT, **BEARER},
    "get_withdraw_status": {"uuid": ID, **BEARER},
    "create_invoice": {"uuid": ID, "body": INVOICE, **BEARER},
    "get_invoice_status": {"uuid": ID, **BEARER},
    "cancel_invoice": {"uuid": ID, "external_id": "order 7", **BEARER},
    "create_payment": {"uuid": ID, "body": BILL, **BEARER},
    "get_bill_payment_status": {"uuid": ID, **BEARER},
    "request_pre_approval": {"uuid": ID, "body": PRE_APPROVAL, **BEARER},
    "get_pre_approval_status": {"uuid": ID, **BEARER},
    "get_approved_pre_approvals": {"account": "46733123499", **BEARER},
    "cancel_pre_approval": {"pre_approval_id": ID, **BEARER},
    "wait_for_payment": {"uuid": ID, "timeout": 0, **BEARER},
    "wait_for_withdraw": {"uuid": ID, "timeout": 0, **BEARER},
    "wait_for_invoice": {"uuid": ID, "timeout": 0, **BEARER},
    "wait_for_bill_payment": {"uuid": ID, "timeout": 0, **BEARER},
    "wait_for_pre_approval": {"uuid": ID, "timeout": 0, **BEARER},
    "reconcile": {"uuid": ID, "body": PAYMENT, **BEARER},
    "resume": {"uuid": ID, "body": PAYMENT, **BEARER},
}
PROVISIONING: dict[str, dict[str, Any]] = {
    "create_api_user": {"uuid": ID, "subscription_key": KEY},
    "get_api_user": {"uuid": ID, "subscription_key": KEY},
    "create_api_key": {"uuid": ID, "subscription_key": KEY},
}
CREATES = {
    "request_to_pay",
    "withdraw",
    "create_invoice",
    "create_payment",
    "request_pre_approval",
    "resume",
    "create_api_user",
}


def as_json(document: Any, status: int = 200, content_type: str = "application/json") -> list[Step]:
    """An answer of JSON."""
    return [Send(Answer(status, json.dumps(document).encode(), (("Content-Type", content_type),)).encode())]


@contextmanager
def server(*steps: Step) -> Iterator[FaultServer]:
    """A server that plays these to every request."""
    with FaultServer(lambda _: steps) as running:
        yield running
        assert running.errors == []


async def all_of_them(twin: Twin, base_url: str, settings: Settings = BRISK) -> dict[str, Any]:
    """What every method gives, all called at once: each by a client of its own, so that none spares another one."""
    calls = []
    for name, arguments in CALLS.items():
        calls.append((name, twin.at(base_url, settings=settings), arguments))
    for name, arguments in PROVISIONING.items():
        calls.append((name, twin.provisioner(base_url, settings=settings), arguments))
    results = await asyncio.gather(*[called(twin, client, name, arguments) for name, client, arguments in calls])
    return {name: result for (name, _, _), result in zip(calls, results, strict=True)}


async def called(twin: Twin, client: Both, name: str, arguments: dict[str, Any]) -> Any:
    """What one method gives; a blocking one is called in a thread, or nothing would be at once."""
    if twin.awaited:
        return await getattr(client, name)(**arguments)
    return await asyncio.to_thread(getattr(client.client, name), **arguments)
