"""Each fault does on the wire what it says, seen with a plain httpx client and with a bare socket."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import pytest

from .catalogue import BY_NAME, FAULTS, HUGE, Fault
from .server import FaultServer, LoopThread
from .stage import POSITIONS, TARGETS, Kind, Stage, payload
from .steps import Answer, Finish, Hold, Send
from .truth import Truth

SHORT, LONG = 0.08, 5.0
PARSED = {"JSONDecodeError", "RecursionError", "ValueError", "UnicodeDecodeError"}
PLAIN = [fault for fault in FAULTS if fault.where != "look"]


@pytest.fixture(scope="module")
def host() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


def reading(fault: Fault) -> bool:
    """Whether the fault shows in a body: then a GET is the request to try it with."""
    return fault.group == "body" or fault.name == "short Content-Length" or fault.name.startswith(("half body", "HTML"))


def headers(stage: Stage, reference_id: str) -> dict[str, str]:
    return {
        "Ocp-Apim-Subscription-Key": stage.truth.subscription_key,
        "Authorization": stage.truth.bearer(),
        "X-Target-Environment": "sandbox",
        "X-Reference-Id": reference_id,
    }


def request(stage: Stage, reference_id: str) -> httpx.Request:
    path, auth = "/collection/v1_0/requesttopay", headers(stage, reference_id)
    if stage.kind == "R":
        stage.truth.ledger.create("requesttopay", reference_id, payload(reference_id), "SUCCESSFUL")
        return httpx.Request("GET", f"{stage.base_url}{path}/{reference_id}", headers=auth)
    return httpx.Request("POST", stage.base_url + path, json=payload(reference_id), headers=auth)


async def awaited(stage: Stage, sent: httpx.Request, timeout: float, limit: float) -> httpx.Response:
    verify: Any = stage.trusted or False
    with anyio.fail_after(limit):
        async with httpx.AsyncClient(timeout=timeout, trust_env=False, verify=verify) as client:
            return await client.send(sent)


def blocking(stage: Stage, sent: httpx.Request, timeout: float) -> httpx.Response:
    verify: Any = stage.trusted or False
    with httpx.Client(timeout=timeout, trust_env=False, verify=verify) as client:
        return client.send(sent)


def seen(stage: Stage, sent: httpx.Request, colour: str, limit: float = 10.0) -> tuple[str, httpx.Response | None]:
    """The name of what httpx raised or, if it did not, of what reading the body as JSON raised."""
    assert stage.fault is not None
    timeout = SHORT if stage.fault.silent else LONG
    try:
        if colour == "awaited":
            response = anyio.run(awaited, stage, sent, timeout, limit)
        else:
            response = blocking(stage, sent, timeout)
    except (httpx.HTTPError, TimeoutError) as error:
        return type(error).__name__, None
    try:
        response.json()
    except (ValueError, RecursionError) as error:
        return type(error).__name__, response
    return "", response


@pytest.mark.parametrize("colour", ["awaited", "blocking"])
@pytest.mark.parametrize("fault", [f for f in PLAIN if "drip" not in f.name], ids=lambda fault: fault.name)
def test_httpx_sees_the_fault(fault: Fault, colour: str, host: LoopThread) -> None:
    kind: Kind = "R" if reading(fault) else "K"
    reference_id = str(uuid.uuid4())
    with Stage(fault, kind, host=host) as stage:
        name, response = seen(stage, request(stage, reference_id), colour)
        assert stage.struck == 1
        assert stage.server.settle() == 0
        if fault.raises:
            assert name in fault.raises
        else:
            assert response is not None
        if name in PARSED - fault.raises:  # an answer without a body, or a page
            assert response is not None
            assert not response.content or response.content.startswith(b"<")
        if kind == "K" and fault.acted == "late":
            end = time.monotonic() + 2
            while not stage.truth.ledger.find("requesttopay", reference_id) and time.monotonic() < end:
                time.sleep(0.005)
        if kind == "K":
            made = stage.truth.ledger.find("requesttopay", reference_id)
            assert (made is not None) == (fault.acted in ("yes", "late"))
            assert (reference_id in stage.truth.ledger.burned) == (fault.acted == "burned")
        read = stage.sends + stage.looks
        assert bool(read) == (fault.where == "request")
        assert stage.unread == (fault.where == "unread")


@pytest.mark.parametrize("name", ["headers drip", "body drips"])
def test_no_timeout_of_httpx_ends_a_drip(name: str, host: LoopThread) -> None:
    with Stage(BY_NAME[name], "K", host=host) as stage:
        start = time.monotonic()
        # Only the deadline around it does, and that an awaited call alone can have.
        assert seen(stage, request(stage, str(uuid.uuid4())), "awaited", limit=0.4)[0] == "TimeoutError"
        assert time.monotonic() - start > SHORT
        assert stage.server.settle() == 0


@pytest.mark.parametrize("name", ["50 MB", "gzip bomb"])
def test_a_huge_body_is_taken_whole_by_httpx(name: str, host: LoopThread) -> None:
    with Stage(BY_NAME[name], "R", host=host) as stage, httpx.Client(timeout=5.0, trust_env=False) as client:
        sent = request(stage, str(uuid.uuid4()))
        response = client.send(sent, stream=True)
        total = sum(len(chunk) for chunk in response.iter_bytes(1 << 20))
        assert total == HUGE
        assert (response.num_bytes_downloaded < 200_000) == (name == "gzip bomb")


def test_what_a_fault_costs_when_the_client_leaves_early(host: LoopThread) -> None:
    with Stage(BY_NAME["50 MB"], "R", host=host) as stage, httpx.Client(timeout=5.0, trust_env=False) as client:
        with client.stream("GET", request(stage, "1" * 8).url, headers=headers(stage, str(uuid.uuid4()))) as response:
            next(response.iter_raw(1 << 16))
        assert stage.server.settle() == 0


def test_a_stray_answer_reaches_the_next_question(host: LoopThread) -> None:
    with Stage(BY_NAME["stray second answer"], "K", host=host) as stage, httpx.Client(trust_env=False) as client:
        assert client.send(request(stage, str(uuid.uuid4()))).status_code == 202
        other = str(uuid.uuid4())
        answer = client.get(f"{stage.base_url}/collection/v1_0/requesttopay/{other}", headers=headers(stage, other))
        assert answer.json() == {"status": "SUCCESSFUL", "stray": True}  # the truth is 404


@pytest.mark.parametrize(("name", "error"), [("closed while idle", ""), ("closed as we send", "RemoteProtocolError")])
def test_a_kept_connection_that_ends(name: str, error: str, host: LoopThread) -> None:
    with (
        Stage(BY_NAME[name], "K", host=host, armed=False) as stage,
        httpx.Client(timeout=LONG, trust_env=False) as client,
    ):
        assert client.send(request(stage, str(uuid.uuid4()))).status_code == 202
        stage.arm()
        got = ""
        try:
            client.send(request(stage, str(uuid.uuid4())))
        except httpx.HTTPError as failure:
            got = type(failure).__name__
        assert got == error
        time.sleep(0.03)  # the end of the connection has to arrive, or the next request runs into it
        assert [sent.ordinal for sent in stage.sends] == [2]  # it was the kept connection that ended
        assert client.send(request(stage, str(uuid.uuid4()))).status_code == 202
        assert stage.server.connections == 2


@pytest.mark.parametrize("name", ["lagging 404", "foreign echo", "unknown status word"])
def test_a_look_is_lied_to(name: str, host: LoopThread) -> None:
    reference_id = str(uuid.uuid4())
    with Stage(BY_NAME[name], "K", host=host) as stage, httpx.Client(timeout=LONG, trust_env=False) as client:
        assert client.send(request(stage, reference_id)).status_code == 503
        assert stage.truth.ledger.find("requesttopay", reference_id)
        url = f"{stage.base_url}/collection/v1_0/requesttopay/{reference_id}"
        lie, truth = (client.get(url, headers=headers(stage, reference_id)) for _ in range(2))
        assert truth.json()["status"] == "SUCCESSFUL"
        assert truth.json()["amount"] == "12.5"
        if name == "lagging 404":
            assert lie.status_code == 404
        elif name == "foreign echo":
            assert lie.json()["externalId"] != reference_id
        else:
            assert lie.json() == {**truth.json(), "status": "ONGOING"}


@pytest.mark.parametrize(
    "fault",
    [BY_NAME[name] for name in ("refused port", "certificate expired", "never reads", "silence")],
    ids=lambda f: f.name,
)
@pytest.mark.parametrize("position", POSITIONS)
def test_a_fault_strikes_where_it_is_told_to(fault: Fault, position: Any, host: LoopThread) -> None:
    with Stage(fault, "K", position, host=host) as stage:
        struck = []
        for _ in range(3):
            name, response = seen(stage, request(stage, str(uuid.uuid4())), "blocking")
            struck.append(response is None and name in fault.raises)
        assert struck == {"first": [True, False, False], "second": [False, True, False], "all": [True] * 3}[position]
        assert stage.struck == sum(struck)


def test_headers_that_httpx_refuses_are_never_sent(host: LoopThread) -> None:
    with Stage(None, "K", host=host) as stage, httpx.Client(trust_env=False) as client:
        for value, kind in (("a\nb", httpx.LocalProtocolError), ("\xe9", UnicodeEncodeError)):
            with pytest.raises(kind):
                client.get(stage.base_url, headers={"X-Reference-Id": value})
        with pytest.raises(httpx.InvalidURL):
            client.get(stage.base_url + "/\x00")
        assert stage.server.requests == []


def test_plain_text_on_the_tls_port_is_no_request(host: LoopThread) -> None:
    with Stage(BY_NAME["handshake stalls"], "K", "second", host=host) as stage:
        with pytest.raises(httpx.HTTPError):
            httpx.get(stage.base_url.replace("https", "http"), timeout=SHORT, trust_env=False)
        assert stage.server.requests == []
        assert stage.server.settle() == 0


def test_a_bare_socket_gets_the_bytes_of_the_script() -> None:
    def script(sent: Any) -> list[Any]:
        return [Send(b"one " + sent.body), Send(b" two"), Finish()] if sent.verb == "PUT" else [Hold()]

    with FaultServer(script) as server, socket.create_connection((server.address, server.port)) as sock:
        sock.sendall(b"PUT /a?b=c HTTP/1.1\r\nX-A: 1\r\nx-a: 2\r\ncontent-length: 4\r\n\r\nbo")
        sock.sendall(b"dy")
        sock.settimeout(2)
        assert b"".join(iter(lambda: sock.recv(100), b"")) == b"one body two"
        (request,) = server.requests
        assert request[:6] == ("PUT", "/a?b=c", {"x-a": "2", "content-length": "4"}, b"body", 1, 1)
        assert server.settle() == 0
        assert server.connections == 1
        assert server.errors == []


def test_open_connections_are_counted_and_dropped() -> None:
    threads = threading.active_count()
    with FaultServer(lambda sent: [Send(Answer(204).encode())]) as server, contextlib.ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(socket.create_connection((server.address, server.port)))
        end = time.monotonic() + 2
        while server.open_connections < 5 and time.monotonic() < end:
            time.sleep(0.005)
        assert server.settle(0.05) == 5
    assert server.open_connections == 0
    assert threading.active_count() == threads


def test_an_error_of_the_server_is_no_fault() -> None:
    def script(sent: Any) -> list[Any]:
        raise KeyError("a mistake in a test")

    with FaultServer(script) as server:
        with pytest.raises(httpx.HTTPError):
            httpx.get(server.base_url, trust_env=False)
        assert server.settle() == 0
        assert [type(error) for error in server.errors] == [KeyError]


def test_the_truth_refuses_strangers_and_remembers(host: LoopThread) -> None:
    truth = Truth()
    with (
        Stage(None, "K", host=host, truth=truth) as stage,
        httpx.Client(base_url=stage.base_url, trust_env=False) as client,
    ):
        key = {"Ocp-Apim-Subscription-Key": truth.subscription_key}
        assert client.post("/collection/token/").json()["statusCode"] == 401
        assert client.post("/collection/token/", headers={**key, "Authorization": "Basic eDp5"}).json() == {
            "error": "login_failed"
        }
        token = client.post("/collection/token/", headers={**key, "Authorization": truth.basic}).json()["access_token"]
        auth = {**key, "Authorization": f"Bearer {token}"}
        ids = [str(uuid.uuid4()) for _ in range(2)]
        for path, kind in (("v1_0/requesttopay", "requesttopay"), ("v2_0/invoice", "invoice")):
            url = f"/collection/{path}"
            assert client.get(f"{url}/{ids[0]}", headers=auth).json()["code"] == "RESOURCE_NOT_FOUND"
            for expected in (202, 409):
                sent = client.post(url, headers={**auth, "X-Reference-Id": ids[0]}, json=payload(ids[0]))
                assert sent.status_code == expected
            bad = client.post(
                url, headers={**auth, "X-Reference-Id": ids[1]}, json={**payload(ids[1]), "currency": "UGX"}
            )
            assert (bad.status_code, bad.json()["code"]) == (500, "INVALID_CURRENCY")
            assert client.get(f"{url}/{ids[0]}", headers=auth).json()["status"] == "SUCCESSFUL"
            assert [entry.reference_id for entry in truth.ledger.entries if entry.kind == kind] == [ids[0]]
        assert client.delete(f"/collection/v2_0/invoice/{ids[0]}", headers=auth).json() == {"externalId": ids[0]}
        assert client.get(f"/collection/v2_0/invoice/{ids[0]}", headers=auth).json()["status"] == "CANCELLED"
        renewed = client.post(f"/v1_0/apiuser/{truth.api_user}/apikey", headers=key)
        assert renewed.status_code == 201
        assert client.post("/collection/token/", headers={**key, "Authorization": truth.basic}).status_code == 401


def test_every_operation_of_the_catalogue_is_served(host: LoopThread) -> None:
    assert set(TARGETS) == {"T", "R", "K", "X", "U", "P"}
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    with Stage(None, "K", host=host) as stage, httpx.Client(base_url=stage.base_url, trust_env=False) as client:
        reference_id = str(uuid.uuid4())
        client.send(request(stage, reference_id))
        auth = headers(stage, str(uuid.uuid4()))
        for path in (
            "v1_0/account/balance",
            "v1_0/account/balance/EUR",
            "v1_0/accountholder/msisdn/46733123499/active",
            "v1_0/accountholder/msisdn/46733123499/basicuserinfo",
            "v1_0/preapprovals/msisdn/46733123499",
            "oauth2/v1_0/userinfo",
            f"v1_0/requesttopay/{reference_id}",
        ):
            assert client.get(f"/collection/{path}", headers=auth).status_code == 200, path
        for path in (
            "v1_0/requesttowithdraw",
            "v2_0/requesttowithdraw",
            "v2_0/payment",
            "v2_0/preapproval",
            "v2_0/invoice",
        ):
            created = {**auth, "X-Reference-Id": str(uuid.uuid4())}
            assert client.post(f"/collection/{path}", headers=created, json=payload("x")).status_code == 202, path
        notify = f"/collection/v1_0/requesttopay/{reference_id}/deliverynotification"
        assert client.post(notify, headers=auth, json={"notificationMessage": "hello"}).status_code == 200
        assert stage.truth.ledger.notified == [(reference_id, "hello")]
