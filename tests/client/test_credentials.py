"""Credentials: `Client` and its helpers, the environment, and programs that were written for mobilemoney.py."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

import momopy
from momopy.sandbox import Sandbox
from tests.client.twins import PAYMENT, Both, Twin
from tests.specified import Sent

pytestmark = pytest.mark.anyio

# The example that mobilemoney.py publishes: its import changed, its results shown, a withdraw after it.
PROGRAM = """
import momopy, asyncio

body = {"amount": "5", "currency": "EUR", "externalId": "45464546454",
        "payer": {"partyIdType": "MSISDN", "partyId": "87937389"},
        "payerMessage": "BUY THING", "payeeNote": "THANKS"}

async def main():
    key = "..."
    user = momopy.Client(); user.is_sandbox()
    uuid = user.get_reference_id()
    created = await user.create_api_user(uuid, key)
    ok, details = await user.get_api_user(uuid, key)
    ok, api_key = await user.create_api_key(uuid, key)
    collect = user.collection(key)
    ok, token = await collect.create_access_token(user.basic_token(uuid, api_key["apiKey"]))
    bearer = user.bearer_token(token["access_token"])
    ok, answer = await collect.request_to_pay(bearer, user.get_reference_id(), details["targetEnvironment"], body)
    print(created == (True, {}), ok, answer["status"])
    ok, answer = await collect.withdraw(bearer, user.get_reference_id(), details["targetEnvironment"], body)
    print(ok, answer["status"])

asyncio.run(main())
"""
BLOCKING = (
    PROGRAM.replace("await ", "")
    .replace("async def", "def")
    .replace("momopy.Client", "momopy.SyncClient")
    .replace("asyncio.run(main())", "main()")
)


@pytest.mark.parametrize("program", [PROGRAM, BLOCKING], ids=["awaited", "blocking"])
def test_a_program_written_for_mobilemoney_runs(
    program: str, sandbox: Sandbox, tmp_path: Path, sent: list[Sent]
) -> None:
    script = tmp_path / "shop.py"
    script.write_text(program, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MOMO_")}
    done = subprocess.run(
        [sys.executable, script],
        env={**environment, "MOMO_BASE_URL": sandbox.base_url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["True True PENDING", "True PENDING"]
    assert [(one.kind, one.status) for one in sandbox.payments()] in (
        [("requesttopay", "SUCCESSFUL"), ("requesttowithdraw", "SUCCESSFUL")],
        [("requesttowithdraw", "SUCCESSFUL"), ("requesttopay", "SUCCESSFUL")],
    )
    assert [one.path.rpartition("/")[2] for one in sent if one.body] == [
        "apiuser",
        "requesttopay",
        "requesttowithdraw",
    ]
    assert next(one for one in sent if one.path.endswith("requesttowithdraw")).path.startswith("/collection/v2_0/")


async def provision(twin: Twin, sandbox: Sandbox) -> tuple[Both, str, str]:
    user = twin.provisioner(sandbox.base_url)
    api_user = user.client.get_reference_id()
    assert await user.create_api_user(api_user, "key") == (True, {})
    made = (await user.create_api_key(api_user, "key")).unwrap()
    return user, api_user, made["apiKey"]


async def test_from_nothing_to_a_payment(twin: Twin, sandbox: Sandbox) -> None:
    user, api_user, api_key = await provision(twin, sandbox)
    assert user.client.is_sandbox() is True
    details = (await user.get_api_user(api_user, "key")).unwrap()
    assert details == {"providerCallbackHost": "localhost", "targetEnvironment": "sandbox"}
    collection = twin.keep(user.client.collection("key", api_user=api_user, api_key=api_key))
    assert isinstance(collection.client, twin.Collection)
    assert (await collection.request_to_pay(body=PAYMENT)).ok


async def test_the_helpers_of_a_client(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.provisioner(sandbox.base_url).client
    ids = {client.get_reference_id() for _ in range(100)}
    assert len(ids) == 100
    assert {UUID(one).version for one in ids} == {4}
    user = uuid4()
    wanted = "Basic " + b64encode(f"{user}:secret".encode()).decode()
    assert client.basic_token(user, "secret") == wanted
    assert client.basic_token(str(user).upper(), momopy.Secret("secret")) == wanted
    assert client.bearer_token("eyJ.a.b") == "Bearer eyJ.a.b"
    assert client.bearer_token(momopy.Secret("eyJ")) == "Bearer eyJ"
    assert repr(client) == f"<{twin.Client.__name__} at {sandbox.base_url}>"


async def test_an_api_user_may_name_a_host_or_a_url(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.provisioner(sandbox.base_url)
    for given in ("shop.example", "https://shop.example/momo?x=1"):
        user = uuid4()
        assert (await client.create_api_user(user, "key", given)).ok
        assert (await client.get_api_user(user, "key")).data["providerCallbackHost"] == "shop.example"


async def test_an_api_user_of_mtn_has_no_address_for_its_callbacks(twin: Twin, sandbox: Sandbox) -> None:
    sandbox.switches.ip_callback_hosts = True
    client, user = twin.provisioner(sandbox.base_url), uuid4()
    assert (await client.create_api_user(user, "key", "http://192.0.2.7:8000/momo")).ok
    assert (await client.get_api_user(user, "key")).data["providerCallbackHost"] == "192.0.2.7"
    heard: list[httpx.Request] = []

    def listen(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        return httpx.Response(201)

    client = twin.provisioner("https://momo.invalid", allow_custom_host=True, transport=httpx.MockTransport(listen))
    for given in ("192.0.2.7", "https://192.0.2.7/momo", "[2001:db8::1]"):
        with pytest.raises(momopy.InvalidCallback, match="url_callback: must be a host name, not an IP address"):
            await client.create_api_user(user, "key", given)
    assert heard == []
    assert (await client.create_api_user(user, "key", "shop.example")).ok
    assert len(heard) == 1


async def test_an_api_user_that_exists_already(twin: Twin, sandbox: Sandbox) -> None:
    client = twin.provisioner(sandbox.base_url)
    user = uuid4()
    assert (await client.create_api_user(user, "key", "shop.example")).ok
    again = await client.create_api_user(user, "key", "shop.example")
    assert again.ok, again
    other = await client.create_api_user(user, "key", "other.example")
    assert (other.ok, other.data["outcome"], other.data["http_status"]) == (False, "conflict", 409)


async def test_the_host_comes_from_the_environment(
    twin: Twin, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOMO_BASE_URL", sandbox.base_url)
    client = twin.keep(twin.Client())
    assert (await client.create_api_user(uuid4(), "key")).ok
    monkeypatch.delenv("MOMO_BASE_URL")
    assert repr(twin.Client()) == f"<{twin.Client.__name__} at https://sandbox.momodeveloper.mtn.com>"


VARIABLES = ("SUBSCRIPTION_KEY", "API_USER", "API_KEY", "TARGET_ENVIRONMENT", "BASE_URL", "CALLBACK_URL")


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in VARIABLES:
        monkeypatch.delenv(f"MOMO_{name}", raising=False)
    return monkeypatch


async def test_a_client_from_the_environment(
    twin: Twin, sandbox: Sandbox, bare_environment: pytest.MonkeyPatch, sent: list[Sent]
) -> None:
    for name, value in sandbox.env().items():
        bare_environment.setenv(name, value)
    bare_environment.setenv("MOMO_CALLBACK_URL", "http://localhost:9/cb")
    client = twin.keep(twin.Collection.from_env())
    assert (await client.request_to_pay(body=PAYMENT)).ok
    assert sent[-1].headers["x-callback-url"] == "http://localhost:9/cb"
    assert sent[-1].headers["x-target-environment"] == "sandbox"
    assert sent[-1].headers["ocp-apim-subscription-key"] == sandbox.subscription_key
    # What is given wins over what the environment says.
    other = twin.keep(twin.Collection.from_env(callback="http://localhost:9/mine"))
    assert (await other.request_to_pay(body=PAYMENT)).ok
    assert sent[-1].headers["x-callback-url"] == "http://localhost:9/mine"


def test_every_variable_that_is_missing_is_named(bare_environment: pytest.MonkeyPatch) -> None:
    for kind in (momopy.Collection, momopy.SyncCollection):
        with pytest.raises(momopy.MissingCredentials) as raised:
            kind.from_env()
        for name in ("MOMO_SUBSCRIPTION_KEY", "MOMO_API_USER", "MOMO_API_KEY"):
            assert name in str(raised.value)
        bare_environment.setenv("MOMO_SUBSCRIPTION_KEY", "key")
        with pytest.raises(momopy.MissingCredentials) as raised:
            kind.from_env()
        assert "MOMO_SUBSCRIPTION_KEY" not in str(raised.value)
        bare_environment.delenv("MOMO_SUBSCRIPTION_KEY")


async def test_defaults_of_the_environment(twin: Twin, bare_environment: pytest.MonkeyPatch) -> None:
    bare_environment.setenv("MOMO_SUBSCRIPTION_KEY", "key")
    bare_environment.setenv("MOMO_API_USER", str(uuid4()))
    bare_environment.setenv("MOMO_API_KEY", "secret\n")
    assert repr(twin.Collection.from_env()).endswith("sandbox at https://sandbox.momodeveloper.mtn.com>")
    # Naming a live target in a program's environment is consent to real money.
    bare_environment.setenv("MOMO_TARGET_ENVIRONMENT", "mtnrwanda")
    assert repr(twin.Collection.from_env()).endswith("mtnrwanda at https://proxy.momoapi.mtn.co.rw>")
    bare_environment.setenv("MOMO_BASE_URL", "https://sandbox.momodeveloper.mtn.com")
    with pytest.raises(momopy.InvalidTarget):
        twin.Collection.from_env()


async def test_a_dotenv_file_when_asked_for(
    twin: Twin, bare_environment: pytest.MonkeyPatch, sandbox: Sandbox, tmp_path: Path
) -> None:
    pytest.importorskip("dotenv")
    file = tmp_path / "shop.env"
    file.write_text("".join(f"{name}={value}\n" for name, value in sandbox.env().items()), encoding="utf-8")
    with pytest.raises(momopy.MissingCredentials):
        twin.Collection.from_env()
    client = twin.keep(twin.Collection.from_env(dotenv=str(file)))
    assert (await client.get_account_balance()).ok
    with pytest.raises(momopy.InvalidArgument):
        twin.Collection.from_env(dotenv=str(tmp_path / "none.env"))


@pytest.mark.parametrize("kind", [momopy.Client, momopy.SyncClient])
def test_the_parameters_that_mobilemoney_has(kind: Any) -> None:
    documented = {
        "is_sandbox": "self",
        "create_api_user": "self uuid subscription_key url_callback",
        "get_api_user": "self uuid subscription_key",
        "create_api_key": "self uuid subscription_key",
        "get_reference_id": "self",
        "basic_token": "self api_user api_key",
        "bearer_token": "self token",
    }
    for name, parameters in documented.items():
        assert list(inspect.signature(getattr(kind, name)).parameters) == parameters.split()
    assert list(inspect.signature(kind.collection).parameters)[:2] == ["self", "subscription_key"]


@pytest.mark.parametrize("kind", [momopy.Collection, momopy.SyncCollection])
def test_the_constructor(kind: Any) -> None:
    parameters = inspect.signature(kind).parameters
    assert next(iter(parameters)) == "subscription_key"
    for name in ("api_user", "api_key", "target", "base_url", "timeout", "transport"):
        assert parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["target"].default == "sandbox"
    assert {parameters[name].default for name in ("api_user", "api_key", "base_url", "transport")} == {None}


async def test_a_context_ends_the_connections(twin: Twin, sandbox: Sandbox) -> None:
    options = {"api_user": sandbox.api_user, "api_key": sandbox.api_key, "base_url": sandbox.base_url}
    if twin.awaited:
        async with momopy.Collection("key", **options) as client, momopy.Client(sandbox.base_url) as user:
            assert (await client.get_account_balance()).ok
            assert (await user.create_api_user(uuid4(), "key")).ok
        # A client that was closed opens new connections when it is used again.
        assert (await client.get_account_balance()).ok
        await client.aclose()
        await client.aclose()
    else:
        with momopy.SyncCollection("key", **options) as blocking, momopy.SyncClient(sandbox.base_url) as user_too:
            assert blocking.get_account_balance().ok
            assert user_too.create_api_user(uuid4(), "key").ok
        assert blocking.get_account_balance().ok
        blocking.close()
        blocking.close()


def test_a_constructor_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a constructor did I/O")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    for kind in (momopy.Collection, momopy.SyncCollection):
        kind("key", api_user=uuid4(), api_key="secret")
    for client in (momopy.Client, momopy.SyncClient):
        client("http://127.0.0.1:9").collection("key")
