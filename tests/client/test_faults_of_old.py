"""The faults of the library whose interface momopy carries on: none of them is here.

mobilemoney.py 0.1.2 was read and run against a loopback server in 2026-11; 27 faults were found.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

import momopy
from momopy.sandbox import Sandbox
from tests.client.raw import BRISK, CALLS, as_json, server
from tests.client.stages import CALLBACK, INVOICE, Stage, consent_token
from tests.client.twins import PAYMENT, Twin, basic, payment
from tests.faults.server import FaultServer, Request
from tests.faults.steps import Answer, Finish, Pause, Send, Step
from tests.specified import Sent

pytestmark = pytest.mark.anyio

EXTRAS = (
    "aiohttp click django dotenv fastapi flask httpx_aiohttp jinja2 multipart opentelemetry phonenumbers redis "
    "requests sqlalchemy starlette uvicorn yaml"
)

BARE_IMPORT = f"""
import sys
for name in {EXTRAS!r}.split():
    sys.modules[name] = None
import momopy
momopy.Collection("key"), momopy.SyncCollection("key"), momopy.Client(), momopy.SyncClient()
kept_out = ("momopy.sandbox", "momopy.cli", "momopy.callbacks", "momo_collection_api", "momo_provisioning_api")
heavy = [name for name in sys.modules if name.startswith(kept_out)]
print(heavy)
"""


def test_a_clean_install_can_be_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BARE_IMPORT], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


async def test_the_two_methods_that_always_raised(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    made = (await client.withdraw(body=PAYMENT)).unwrap()["reference_id"]
    assert (await client.get_withdraw_status(uuid=made)).unwrap()["status"] == "SUCCESSFUL"
    assert await client.isActive("46733123499") == (True, {"result": True})
    assert await client.isActive("46733123451", "msisdn") == (True, {"result": False})


def echoing(request: Request) -> list[Step]:
    """Answers with the number that the path names, sooner or later."""
    number = request.path.split("/")[5]
    document = json.dumps({"given_name": number, "asked": request.path}).encode()
    pause = random.choice((0.0, 0.001, 0.02))
    return [Pause(pause), Send(Answer(200, document, (("Content-Type", "application/json"),)).encode())]


async def test_200_parallel_calls_whose_answers_are_never_swapped(twin: Twin) -> None:
    numbers = [str(46733100000 + index) for index in range(200)]
    with FaultServer(echoing) as running:
        client = twin.at(running.base_url)
        if twin.awaited:
            results = await asyncio.gather(*[client.get_basic_user_info(number, "Bearer x") for number in numbers])
        else:
            ask = client.client.get_basic_user_info
            with ThreadPoolExecutor(50) as pool:
                results = list(pool.map(lambda number: ask(number, "Bearer x"), numbers))
        assert running.connections <= 100
    assert [result.data["given_name"] for result in results] == numbers


async def test_parallel_payments_keep_to_themselves(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox, settings=BRISK)
    amounts = [str(1 + index) for index in range(40)]

    def pay(amount: str) -> Any:
        return client.client.request_to_pay(body=payment(amount=amount, externalId=f"order {amount}"))

    def look(result: Any) -> Any:
        return client.client.get_payment_status(result.data["reference_id"])

    if twin.awaited:
        paid = await asyncio.gather(*map(pay, amounts))
        seen = await asyncio.gather(*map(look, paid))
    else:
        with ThreadPoolExecutor(20) as pool:
            paid = list(pool.map(pay, amounts))
            seen = list(pool.map(look, paid))
    assert len({result.data["reference_id"] for result in paid}) == 40
    assert [(result.data["amount"], result.data["externalId"]) for result in seen] == [
        (amount, f"order {amount}") for amount in amounts
    ]


async def test_a_dead_network_is_neither_printed_nor_swallowed(twin: Twin, capfd: pytest.CaptureFixture[str]) -> None:
    with server(Finish()) as running:
        result = await twin.at(running.base_url, settings=BRISK).get_account_balance("Bearer x")
    assert (result.ok, result.data["code"], result.data["sent"]) == (False, "CONNECTION", "maybe")
    assert capfd.readouterr() == ("", "")


CONTENT_TYPES = [
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "text/plain",
    "text/html",
    "x",
    "",
]


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
async def test_json_is_read_whatever_it_is_called(content_type: str, twin: Twin) -> None:
    with server(*as_json({"code": "PAYER_NOT_FOUND", "message": "m"}, 500, content_type)) as running:
        refused = await twin.at(running.base_url).request_to_pay("Bearer x", body=PAYMENT)
    assert (refused.ok, refused.data["code"], refused.data["http_status"]) == (False, "PAYER_NOT_FOUND", 500)
    with server(*as_json({"availableBalance": "1,5 é", "currency": "EUR"}, 200, content_type)) as running:
        read = await twin.at(running.base_url).get_account_balance("Bearer x")
    assert read == (True, {"availableBalance": "1,5 é", "currency": "EUR"})


async def test_nothing_is_ever_printed(twin: Twin, sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    # Without this, pytest's own handler would take what logging would write to a terminal by itself.
    root, handlers = logging.getLogger(), logging.getLogger().handlers[:]
    root.handlers.clear()
    try:
        client = twin.managed(sandbox)
        made = (await client.request_to_pay(body=PAYMENT)).unwrap()
        await client.get_payment_status(made["reference_id"])
        await client.request_to_pay(uuid=made["reference_id"], body=payment("46733123499"))
        await client.request_to_pay(body=payment("46733123462"))
        await client.get_account_balance("Bearer wrong")
        await client.request_to_pay(body=payment("not a number"))
        with pytest.raises(momopy.InvalidUniqueIDVersion):
            await client.get_payment_status("x")
    finally:
        root.handlers[:] = handlers
    assert capfd.readouterr() == ("", "")


async def test_a_failure_is_false(twin: Twin, sandbox: Sandbox) -> None:
    result = await twin.managed(sandbox).get_account_balance("Bearer wrong")
    assert result[0] is False
    assert not result


async def test_a_get_has_no_body_and_the_token_call_an_empty_one(
    twin: Twin, sandbox: Sandbox, sent: list[Sent]
) -> None:
    client = twin.managed(sandbox)
    assert (await client.get_account_balance()).ok
    # A busy machine may have one of them sent twice.
    tokens = [one for one in sent if one.path == "/collection/token/"]
    balances = [one for one in sent if one.path != "/collection/token/"]
    assert tokens
    assert balances
    for token in tokens:
        assert (token.body, token.headers["content-length"]) == (b"", "0")
        assert "content-type" not in token.headers
    for balance in balances:
        assert balance.body == b""
        assert not {"content-length", "content-type", "transfer-encoding"} & balance.headers.keys()


async def test_no_header_stands_for_an_absent_callback(twin: Twin, sandbox: Sandbox, sent: list[Sent]) -> None:
    client = twin.managed(sandbox)
    for body, call in ((PAYMENT, client.request_to_pay), (PAYMENT, client.withdraw), (INVOICE, client.create_invoice)):
        assert (await call(body=body)).ok
        assert not [name for name in sent[-1].headers if "callback" in name]
        assert (await call(body=body, callback=CALLBACK)).ok
        assert sent[-1].headers["x-callback-url"] == CALLBACK


@pytest.mark.parametrize("value", ["../x?y=1", "EUR/../..", "..", "%2e%2e", "a/b", "46733123499#", "a\r\nb", ""])
async def test_a_path_cannot_be_left(value: str, twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    for result in (
        await client.get_account_balance_in(value),
        await client.get_basic_user_info(value),
        await client.isActive(value),
        await client.isActive(value, "party_code"),
        await client.get_approved_pre_approvals(value, "alias"),
        await client.cancel_pre_approval(value),
    ):
        assert (result.ok, result.data["code"], result.data["sent"]) == (False, "VALIDATION", False)
    with pytest.raises(momopy.InvalidUniqueIDVersion):
        await client.get_payment_status(value)
    assert sandbox.requests() == []


async def test_what_stands_in_a_path_is_quoted(twin: Twin, sandbox: Sandbox, sent: list[Sent]) -> None:
    client = twin.managed(sandbox)
    await client.get_approved_pre_approvals("a b+c@d;é", "alias")
    assert sent[-1].path == "/collection/v1_0/preapprovals/alias/a%20b%2Bc%40d%3B%C3%A9"


async def test_an_id_may_be_written_in_any_way(twin: Twin, sandbox: Sandbox, sent: list[Sent]) -> None:
    client = twin.managed(sandbox)
    for give in (str.upper, UUID, lambda text: UUID(text).hex, str):
        one = str(uuid4())
        assert (await client.request_to_pay(uuid=give(one), body=PAYMENT)).data["reference_id"] == one
        assert sent[-1].headers["x-reference-id"] == one
        assert (await client.get_payment_status(give(one))).ok
        assert sent[-1].path.endswith(one)


async def test_nothing_is_live_unless_it_is_meant(twin: Twin) -> None:
    assert "sandbox.momodeveloper.mtn.com" in repr(twin.Collection("key"))
    with pytest.raises(momopy.InvalidTarget):
        twin.Collection("key", target="mtnuganda")
    with pytest.raises(momopy.InvalidTarget):
        twin.Collection("key", base_url="https://proxy.momoapi.mtn.com")


async def test_one_connection_serves_many_calls(twin: Twin) -> None:
    with server(*as_json({"availableBalance": "1", "currency": "EUR"})) as running:
        client = twin.at(running.base_url)
        for _ in range(10):
            assert (await client.get_account_balance("Bearer x")).ok
        assert (len(running.requests), running.connections) == (10, 1)
        assert "close" not in running.requests[0].headers.get("connection", "")


async def test_every_request_has_all_its_timeouts(twin: Twin) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(503)

    for name, arguments in CALLS.items():
        client = twin.at("http://127.0.0.1:9", transport=httpx.MockTransport(answer), settings=BRISK)
        before = len(seen)
        await getattr(client, name)(**arguments)
        assert len(seen) > before, name
    for request in seen:
        timeout = request.extensions["timeout"]
        assert timeout.keys() >= {"connect", "read", "write", "pool"}
        assert all(0 < timeout[name] <= 30 for name in ("connect", "read", "write", "pool"))
    assert all(0 < seconds < 120 for name, seconds in momopy.Settings()._asdict().items() if name.endswith("_timeout"))


async def test_there_is_a_status_call_for_payments(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    made = (await client.request_to_pay(body=PAYMENT)).unwrap()["reference_id"]
    assert (await client.get_payment_status(made)).unwrap()["status"] == "SUCCESSFUL"


async def test_user_info_can_be_reached(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    bearer = await consent_token(Stage(sandbox, client))
    assert (await client.ask_user_info(bearer, "sandbox")).unwrap()["sub"] == "46733123499"


@pytest.mark.parametrize("package", ["momopy", "momo_collection_api", "momo_provisioning_api"])
def test_the_types_are_there_for_those_who_install_it(package: str) -> None:
    assert (resources.files(package) / "py.typed").is_file()


async def test_tls_is_always_checked_and_the_environment_left_alone(
    twin: Twin, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(momopy.InvalidArgument):
        twin.Collection("key", verify=False)
    # A proxy of the environment's would be shown every secret.
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await twin.managed(sandbox).get_account_balance()).ok


async def test_an_answer_is_not_kept_on_the_client(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    first = await client.get_account_balance()
    first.data["availableBalance"] = "changed by the caller"
    assert (await client.get_account_balance()).data["availableBalance"] == "1000"
    body = payment(externalId="mine")
    before = json.dumps(body)
    assert (await client.request_to_pay(body=body)).ok
    assert json.dumps(body) == before, "the caller's dict is the caller's"


async def test_nine_methods_that_can_all_be_called(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.managed(sandbox)
    made = (await client.withdraw(body=PAYMENT)).unwrap()["reference_id"]
    results = [
        await client.create_access_token(basic(sandbox)),
        await client.get_account_balance(),
        await client.get_account_balance_in("EUR"),
        await client.get_basic_user_info("46733123499"),
        await client.ask_user_info(msisdn="46733123499", scope="profile"),
        await client.request_to_pay(body=PAYMENT),
        await client.get_withdraw_status(uuid=made),
        await client.withdraw(body=PAYMENT),
        await client.isActive("46733123499"),
    ]
    assert all(results), results
    assert all(isinstance(result, tuple) for result in results)
    assert inspect.iscoroutinefunction(client.client.isActive) is twin.awaited
