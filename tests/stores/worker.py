"""One worker process: `calls STORE TWIN N` makes N calls, `renewals STORE N` renews N times. Both say how it went."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

import momopy
from momopy.stores import FileStore, LockNotGained, RedisStore


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
    lock = store.lock("key", 5)
    lock.__enter__()
    print("held", flush=True)
    os.kill(os.getpid(), 9)
    return ""


def hold_and_fork(name: str) -> str:
    """Take the lock, fork, and die with it."""
    store = store_of(name)
    begin()
    lock = store.lock("key", 5)
    lock.__enter__()
    child = os.fork()
    if child == 0:
        os.closerange(0, 3)
        time.sleep(60)
        os._exit(0)
    time.sleep(0.2)
    print(child, flush=True)
    os.kill(os.getpid(), 9)
    return ""


def leave_in_child(name: str) -> str:
    """Take the lock, and leave it in a child."""
    store = store_of(name)
    begin()
    lock = store.lock("key", 5)
    lock.__enter__()
    child = os.fork()
    if child == 0:
        lock.__exit__(None, None, None)
        os._exit(0)
    os.waitpid(child, 0)
    try:
        store.lock("key", 0.1).__enter__()
    except LockNotGained as exc:
        return type(exc).__name__
    return "gained"


def begin() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


VERBS = {
    "calls": calls,
    "renewals": renewals,
    "hold": hold,
    "hold-and-fork": hold_and_fork,
    "leave-in-child": leave_in_child,
}
print(VERBS[sys.argv[1]](*sys.argv[2:]), flush=True)
