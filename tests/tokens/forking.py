"""Forks with a token in hand, and with another thread in the middle of a renewal. Run by a test, in a process of its
own: a test runner with threads is not a thing to fork."""

from __future__ import annotations

import asyncio
import os
import threading
import time

from momopy.stores import MemoryStore
from tests.tokens.desk import Credentials, Desk

ID = "0b4e2c8a-7a43-4c0a-9d5b-3f0a1c2d3e4f"


def in_child(work) -> None:
    """Run this in a child and wait for it."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return
        time.sleep(0.01)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    print("the child hangs", flush=True)


def main() -> None:
    desk, merchant = Desk(), Credentials()
    client = merchant.blocking(desk)
    assert client.get_account_balance().ok

    def use() -> None:
        result = client.get_account_balance()
        print("warm", len(desk.asked), result.ok, flush=True)

    in_child(use)

    desk, merchant = Desk(), Credentials()
    hold = True
    desk.token_ready = lambda: not hold
    client = merchant.blocking(desk)
    leader = threading.Thread(target=client.get_account_balance)
    leader.start()
    while not desk.asked:
        time.sleep(0.001)
    cache = client._driver._tokens

    def take_over() -> None:
        nonlocal hold
        hold = False
        desk.guard = threading.Lock()
        result = client.get_account_balance()
        print("locked", len(desk.asked), result.ok, flush=True)

    with cache._lock:  # as if another thread were just looking
        in_child(take_over)
    hold = False
    leader.join()

    store = MemoryStore()
    assert Credentials().blocking(desk, store=store).get_account_balance().ok
    later = Credentials().blocking(desk, store=store)

    def share() -> None:
        # With threads of its own: those that the parent began for stores stayed behind.
        assert later.get_account_balance().ok
        end = time.monotonic() + 10
        while len(store._kept) < 2 and time.monotonic() < end:
            time.sleep(0.005)
        print("kept", len(store._kept), flush=True)

    in_child(share)

    def take() -> None:
        with store.lock("key", 10):
            print("taken", flush=True)

    # As if other threads were just about it.
    with store.lock("key", 10), store._guard:
        in_child(take)

    awaited = merchant.awaited(desk)
    for limiter, ask in (
        (client._driver._status_limiter, lambda: client.get_payment_status(ID)),
        (awaited._driver._status_limiter, lambda: asyncio.run(awaited.get_payment_status(ID))),
    ):

        def limited(ask=ask) -> None:
            ask()
            print("limited", flush=True)

        with limiter._lock:
            in_child(limited)


main()
