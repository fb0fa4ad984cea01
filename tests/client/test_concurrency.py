"""One client in many event loops, threads and processes; callers that go away."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import momopy
from momopy.sandbox import Sandbox
from tests.client.test_faults_of_old import echoing
from tests.client.twins import PAYMENT, QUICK, Twin, payment
from tests.faults.server import FaultServer
from tests.specified import Sent

NUMBERS = [str(46733100000 + index) for index in range(40)]


def awaited(sandbox: Sandbox) -> momopy.Collection:
    return momopy.Collection(
        sandbox.subscription_key,
        api_user=sandbox.api_user,
        api_key=sandbox.api_key,
        base_url=sandbox.base_url,
        settings=QUICK,
    )


async def a_few_calls(client: momopy.Collection, count: int = 5) -> list[Any]:
    results = await asyncio.gather(*[client.request_to_pay(body=payment(number)) for number in NUMBERS[:count]])
    await client.aclose()
    return results


def test_several_event_loops_one_after_another(sandbox: Sandbox, sent: list[Sent]) -> None:
    client = awaited(sandbox)
    for _ in range(3):
        assert all(asyncio.run(a_few_calls(client)))
    gc.collect()  # what a loop left open would warn here, and a warning is an error
    assert len(sandbox.payments()) == 15
    assert sum(one.path == "/collection/token/" for one in sent) == 1, "the token outlives an event loop"


def test_event_loops_in_four_threads(sandbox: Sandbox, sent: list[Sent]) -> None:
    client = awaited(sandbox)
    with ThreadPoolExecutor(4) as pool:
        rounds = [pool.submit(asyncio.run, a_few_calls(client, 10)) for _ in range(4)]
        results = [result for done in rounds for result in done.result(30)]
    gc.collect()
    assert all(results)
    assert len({result.data["reference_id"] for result in results}) == 40
    assert sum(one.path == "/collection/token/" for one in sent) == 1


def test_threads_share_a_blocking_client(sandbox: Sandbox, sent: list[Sent]) -> None:
    ready = threading.Barrier(16)
    with momopy.SyncCollection(
        "key", api_user=sandbox.api_user, api_key=sandbox.api_key, base_url=sandbox.base_url
    ) as client:

        def work(_: int) -> list[str]:
            ready.wait(10)
            ids = [str(uuid4()) for _ in range(20)]
            for one in ids:
                made = client.request_to_pay(uuid=one, body=payment(externalId=one))
                assert made == (True, {"reference_id": one, "status": "PENDING"})
            return ids

        with ThreadPoolExecutor(16) as pool:
            ids = {one for ids in pool.map(work, range(16)) for one in ids}
    assert len(ids) == 320
    assert {(one.reference_id, one.external_id) for one in sandbox.payments()} == {(one, one) for one in ids}
    assert sum(one.path == "/collection/token/" for one in sent) == 1


FORK = """
import asyncio, os, sys
from concurrent.futures import ThreadPoolExecutor
import momopy

# Each answer names what it was asked for: one that belongs to the other process would show.
def blocking(client, first):
    for number in range(first, first + 40):
        data = client.get_basic_user_info(str(number), "Bearer x").unwrap()
        assert data["given_name"] == str(number), data

async def awaited(client, first):
    for number in range(first, first + 40):
        data = (await client.get_basic_user_info(str(number), "Bearer x")).unwrap()
        assert data["given_name"] == str(number), data
    await client.aclose()

def child_of(run):
    child = os.fork()
    if child == 0:
        status = 1
        try:
            # In a thread: the event loop of this one is the parent's, and is left alone.
            with ThreadPoolExecutor(1) as pool:
                pool.submit(run).result()
            status = 0
        finally:
            os._exit(status)
    return child

async def fork(client):
    # In the midst of an event loop, with a connection of it kept alive.
    await client.get_basic_user_info("46733100000", "Bearer x")
    child = child_of(lambda: asyncio.run(awaited(client, 46733300000)))
    await awaited(client, 46733200000)
    return child

if sys.argv[1] == "blocking":
    with momopy.SyncCollection("key", base_url=sys.argv[2]) as client:
        blocking(client, 46733100000)
        child = child_of(lambda: blocking(client, 46733300000))
        blocking(client, 46733200000)
else:
    child = asyncio.run(fork(momopy.Collection("key", base_url=sys.argv[2])))
_, status = os.waitpid(child, 0)
print(os.waitstatus_to_exitcode(status))
"""


def run_program(program: str, tmp_path: Path, *arguments: str, env: dict[str, str] | None = None) -> Any:
    script = tmp_path / "program.py"
    script.write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", script, *arguments],
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("half", ["awaited", "blocking"])
def test_a_fork_does_not_share_its_parents_connection(half: str, tmp_path: Path) -> None:
    with FaultServer(echoing) as running:
        assert run_program(FORK, tmp_path, half, running.base_url) == (0, "0\n", "")
        assert running.connections == 2


CLEAN = """
import asyncio, gc
import momopy

BODY = {"amount": "5", "currency": "EUR", "payer": {"partyIdType": "MSISDN", "partyId": "46733123499"}}

async def main():
    async with momopy.Collection.from_env() as client:
        results = await asyncio.gather(*[client.request_to_pay(body=BODY) for _ in range(5)])
        await client.get_account_balance("Bearer wrong")
    client = momopy.Collection.from_env()
    results.append(await client.get_account_balance())
    await client.aclose()
    return results

results = asyncio.run(main())
with momopy.SyncCollection.from_env() as client:
    results.append(client.request_to_pay(body=BODY))
client = momopy.SyncCollection.from_env()
results.append(client.get_account_balance())
client.close()
del client
gc.collect()
print(all(results), len(results))
"""


def test_nothing_stays_open_after_the_end(sandbox: Sandbox, tmp_path: Path) -> None:
    assert run_program(CLEAN, tmp_path, env=sandbox.env()) == (0, "True 8\n", "")


@pytest.mark.anyio
async def test_a_caller_that_goes_away_in_mid_call(sandbox: Sandbox) -> None:
    mine = str(uuid4())
    async with awaited(sandbox) as client:
        assert (await client.get_account_balance()).ok
        sandbox.fault("delay", seconds=0.1, path="RequesttoPay")
        task = asyncio.create_task(client.request_to_pay(uuid=mine, body=PAYMENT))
        await asyncio.sleep(0.03)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as gone:
            await task
        assert mine in " ".join(gone.value.__notes__), "whoever is cancelled is told what to reconcile"
        # The next answers belong to the next questions.
        for number in NUMBERS[:10]:
            one = str(uuid4())
            assert (await client.request_to_pay(uuid=one, body=payment(number))).data["reference_id"] == one
        assert (await client.get_account_balance()).data.keys() == {"availableBalance", "currency"}
    # The end of the client waits for what its callers began.
    assert mine in {one.reference_id for one in sandbox.payments()}
    async with awaited(sandbox) as client:
        assert (await client.reconcile(mine, PAYMENT)).ok


@pytest.mark.anyio
async def test_many_callers_that_go_away_cost_no_place(sandbox: Sandbox) -> None:
    settings = QUICK._replace(max_concurrency=3)
    async with momopy.Collection("key", base_url=sandbox.base_url, settings=settings) as client:
        sandbox.fault("delay", seconds=0.02, times=30)
        for _ in range(30):
            task = asyncio.create_task(client.get_account_balance("Bearer x"))
            await asyncio.sleep(0.001)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        sandbox.clear_faults()
        results = await asyncio.gather(*[client.get_account_balance("Bearer x") for _ in range(6)])
    assert {result.data["http_status"] for result in results} == {401}


@pytest.mark.anyio
async def test_a_thundering_herd_fetches_one_token(twin: Twin, sandbox: Sandbox, sent: list[Sent]) -> None:
    client = twin.managed(sandbox)
    if twin.awaited:
        results = await asyncio.gather(*[client.get_account_balance() for _ in range(50)])
    else:
        with ThreadPoolExecutor(16) as pool:
            results = [done.result() for done in [pool.submit(client.client.get_account_balance) for _ in range(50)]]
    assert all(results)
    assert sum(one.path == "/collection/token/" for one in sent) == 1
