"""The same over a real connection: what the libraries below momopy log at DEBUG holds no secret either."""

from __future__ import annotations

import asyncio
import base64
import inspect
import io
import pickle
from typing import Any

import pytest

import momopy.sandbox
from tests.canary.calls import CALLS, Work
from tests.canary.secrets import CALLBACK_TOKEN, MSISDN, SUBSCRIPTION_KEY

# Calls that need an id of this sandbox's own, or that would wait, add nothing to what is sent.
OVER_THE_WIRE = [
    "get_account_balance",
    "get_account_balance_in",
    "get_basic_user_info",
    "is_active",
    "request_to_pay",
    "get_payment_status",
    "withdraw",
    "notify_payer",
    "create_invoice",
    "create_payment",
    "request_pre_approval",
    "get_approved_pre_approvals",
    "create_access_token",
    "reconcile",
]
FAULTS: list[dict[str, Any]] = [
    {},
    {"kind": "status", "status": 401},
    {"kind": "status", "status": 429, "retry_after": 4000},
    {"kind": "cut"},
    {"kind": "half"},
    {"kind": "html"},
    {"kind": "refuse"},
]
CALLBACK = f"http://localhost:9/hook/{CALLBACK_TOKEN}"
QUICK = momopy.Settings(
    backoff=1e-3, backoff_limit=1e-3, ambiguous_wait=1e-3, read_attempts=2, create_attempts=2, token_spacing=0.0
)


@pytest.mark.parametrize("twin", ["awaited", "fast", "blocking"])
def test_no_logger_tells_a_secret(twin: str, log: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    with momopy.sandbox.run(subscription_key=SUBSCRIPTION_KEY) as sandbox:
        options: dict[str, Any] = {
            "api_user": sandbox.api_user,
            "api_key": sandbox.api_key,
            "base_url": sandbox.base_url,
            "callback": CALLBACK,
            "settings": QUICK,
        }
        if twin == "fast":
            pytest.importorskip("aiohttp")
            options["transport"] = "fast"
        said: list[Any] = []
        if twin == "blocking":
            with momopy.SyncCollection(SUBSCRIPTION_KEY, **options) as client:
                for work, fault in _works():
                    _set(sandbox, fault)
                    said.append(work(client))
                sandbox.clear_faults()
                said.append(client.authorize(MSISDN, "profile"))
                said.append(client.create_oauth2_token(said[-1].data["auth_req_id"]))
        else:
            said = asyncio.run(_awaited(sandbox, options), debug=True)
        secrets = _secrets(sandbox, said)
    text = log.getvalue() + "".join(capfd.readouterr())
    assert "httpcore" in text or twin == "fast"
    assert "CreateAccessToken" in text
    leaks = {name for name, secret in secrets.items() if secret.lower() in text.lower()}
    assert not leaks
    assert MSISDN not in text
    shown = repr([*said, *(result.data for result in said if not result.ok)])
    assert not {name for name, secret in secrets.items() if secret in shown}
    assert MSISDN not in shown
    assert any(result.ok for result in said)
    assert any(not result.ok for result in said)
    assert all(isinstance(pickle.loads(pickle.dumps(result)), tuple) for result in said)


def _works() -> list[tuple[Work, dict[str, Any]]]:
    plain = [(CALLS[name], FAULTS[0]) for name in OVER_THE_WIRE]
    struck = [(CALLS[name], fault) for fault in FAULTS[1:] for name in ("get_basic_user_info", "request_to_pay")]
    return plain + struck


def _set(sandbox: Any, fault: dict[str, Any]) -> None:
    sandbox.clear_faults()
    if fault:
        sandbox.fault(**fault, times=None)


async def _awaited(sandbox: Any, options: dict[str, Any]) -> list[Any]:
    said: list[Any] = []
    async with momopy.Collection(SUBSCRIPTION_KEY, **options) as client:
        for work, fault in _works():
            _set(sandbox, fault)
            result = work(client)
            said.append(await result if inspect.isawaitable(result) else result)
        sandbox.clear_faults()
        said.append(await client.authorize(MSISDN, "profile"))
        said.append(await client.create_oauth2_token(said[-1].data["auth_req_id"]))
    return said


def _secrets(sandbox: Any, said: list[Any]) -> dict[str, str]:
    """The secrets that were on the wire; the tokens are the sandbox's own."""
    basic = base64.b64encode(f"{sandbox.api_user}:{sandbox.api_key}".encode()).decode()
    tokens = [result.data["access_token"] for result in said if result.ok and "access_token" in result.data]
    assert len(tokens) == 2
    return {
        "the subscription key": SUBSCRIPTION_KEY,
        "the API key": sandbox.api_key,
        "the Basic token": basic,
        "the access token": tokens[0],
        "the OAuth2 token": tokens[1],
        "the auth_req_id": next(r.data["auth_req_id"] for r in said if r.ok and "auth_req_id" in r.data),
        "the token in the callback URL": CALLBACK_TOKEN,
    }
