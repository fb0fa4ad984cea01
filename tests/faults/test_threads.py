"""Many threads on one blocking client, from its first call on."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

import momopy

from .server import LoopThread
from .stage import Stage, payload

FIRST_CALLS = """
import random, sys, threading, time
import momopy

class Slow:
    # A disk that takes its time, so that the imports of the threads meet.

    def find_spec(self, name, path, target=None):
        if name.startswith("momo_"):
            time.sleep(random.uniform(0, 0.003))

sys.meta_path.insert(0, Slow())
collection = momopy.SyncCollection("0" * 32, base_url="http://127.0.0.1:9", timeout=0.5)
gate = threading.Barrier(12)
token = "Bearer " + "x" * 20
key = "2b2b1e07-2b7c-4a6e-9a5e-0e6d2c4c0a01"
calls = [
    lambda: collection.get_payment_status(key, token),
    lambda: collection.cancel_invoice(key, "x", authorization=token),
    lambda: collection.notify_payer(key, "hello", authorization=token),
    lambda: collection.get_account_balance(token),
    lambda: collection.create_invoice(body={}, authorization=token),
    lambda: momopy.SyncClient("http://127.0.0.1:9").get_api_user(key, "0" * 32),
] * 2
wrong = []

def work(call):
    gate.wait()
    time.sleep(random.uniform(0, 0.05))
    try:
        call()
    except Exception as error:
        wrong.append(repr(error))

threads = [threading.Thread(target=work, args=(call,)) for call in calls]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit("; ".join(wrong) or 0)
"""


@pytest.fixture(scope="module")
def host() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


@pytest.mark.parametrize("_", range(3))  # each of them finds an unguarded import in three of four runs
def test_first_calls_of_many_threads_at_once(_: int) -> None:
    ran = subprocess.run([sys.executable, "-c", FIRST_CALLS], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_64_threads_get_their_own_answers(host: LoopThread) -> None:
    with Stage(None, "K", host=host) as stage:
        truth = stage.truth
        with momopy.SyncCollection(truth.subscription_key, base_url=stage.base_url) as client:
            bearer = truth.bearer()
            limited = client.get_account_balance(bearer)  # the status limiter is no part of this
            assert limited.ok
            gate = threading.Barrier(64)

            def work(number: int) -> list[str]:
                gate.wait()
                wrong = []
                for turn in range(100):
                    key = str(uuid4())
                    result = client.request_to_pay(bearer, key, "sandbox", payload(key))
                    if result != (True, {"reference_id": key, "status": "PENDING"}):
                        wrong.append(f"{number} {turn} {result}")
                return wrong

            with ThreadPoolExecutor(64) as pool:
                assert [line for lines in pool.map(work, range(64)) for line in lines] == []
        made = [entry.reference_id for entry in truth.ledger.entries if entry.kind == "requesttopay"]
        assert len(made) == len(set(made)) == 6400
        assert stage.server.settle() == 0
