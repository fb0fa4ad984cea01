"""One worker process: `calls STORE TWIN N` makes N calls, `renewals STORE N` renews N times. Both say how it went."""

from __future__ import annotations

import asyncio
import json
import os
import sys

import momopy
from momopy.stores import FileStore, RedisStore


def store_of(name: str):
    return RedisStore(name) if name.startswith("redis") else FileStore(name)


def calls(name: str, twin: str, count: str) -> str:
    """Make so many calls with a token that the workers share."""
    store = store_of(name)
    if twin == "blocking":
        with momopy.SyncCollection.from_env(store=store) as client:
            begin()
            results = [client.get_account_balance() for _ in range(int(count))]
    else:

        async def work() -> list[object]:
            async with momopy.Collection.from_env(store=store) as client:
                begin()
                return list(await asyncio.gather(*(client.get_account_balance() for _ in range(int(count)))))

        results = asyncio.run(work())
    return f"{sum(result.ok for result in results)} of {len(results)}"


def renewals(name: str, count: str) -> str:
    """Write, under the lock, texts of changing length; read all the time, and look for parts of texts."""
    store = store_of(name)
    begin()
    torn = lost = 0
    for number in range(int(count)):
        with store.lock("key", 60):
            before = store.get("key")
            sum_before = json.loads(before)["sum"] if before else 0
            store.set("key", json.dumps({"sum": sum_before + 1, "pad": "x" * (number * 37 % 5000), "end": True}), 60)
        for _ in range(3):
            text = store.get("key")
            if text is None:
                lost += 1
            elif not json.loads(text)["end"]:
                torn += 1
    return f"torn {torn} lost {lost}"


def hold(name: str) -> str:
    """Take the lock and die with it."""
    store = store_of(name)
    begin()
    store.lock("key", 5).__enter__()
    print("held", flush=True)
    os.kill(os.getpid(), 9)
    return ""


def begin() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


print({"calls": calls, "renewals": renewals, "hold": hold}[sys.argv[1]](*sys.argv[2:]), flush=True)
