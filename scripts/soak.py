"""Runs one payment a second for days of virtual time, and holds memory, files, threads and tasks flat.

The service is played in memory: tokens end after an hour, one request in fifty is lost before or after it was
carried out, one callback in ten never comes and one in ten comes twice. What takes the time is momopy itself.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import resource
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx

import momopy
from momopy.awaited import driver

KEY = "0123456789abcdef"
BODY: dict[str, Any] = {"amount": "5", "currency": "EUR", "payer": {"partyIdType": "MSISDN", "partyId": "46733123999"}}
# What a growing leak of one object per payment would pass at once, and the allocator's own play does not.
MOST_GROWTH = 5 * 1024 * 1024
EPOCH = 1_800_000_000.0


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next thing to do."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def time(self) -> float:
        """Virtual seconds."""
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self.now = max(self.now, self._scheduled[0].when())  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


class World(httpx.AsyncBaseTransport):
    """The service, and the network that loses one request in fifty."""

    def __init__(self, loop: VirtualLoop, seed: int, called_back: Callable[[str], Awaitable[None]]) -> None:
        self.loop = loop
        self.chance = random.Random(seed)
        self.payments: dict[str, dict[str, Any]] = {}
        self.called_back = called_back
        self.token = ("", -1.0)
        self.counts: Counter[str] = Counter()
        self.callbacks: set[asyncio.Task[None]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer after a moment, or not at all."""
        self.counts[request.method] += 1
        await asyncio.sleep(self.chance.uniform(0.05, 0.4))
        fate = self.chance.random()
        if fate < 0.01:
            raise httpx.ReadError("before")
        answer = self.answer(request)
        if fate < 0.02:
            raise httpx.ReadTimeout("after")
        return answer

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Carry a request out."""
        now = self.loop.time()
        if request.url.path.endswith("/token/"):
            self.counts["tokens"] += 1
            self.token = (f"token{self.counts['tokens']}", now + 3600)
            return reply(200, access_token=self.token[0], token_type="access_token", expires_in=3600)
        if request.headers["authorization"] != f"Bearer {self.token[0]}" or now > self.token[1]:
            self.counts["stale tokens"] += 1
            return reply(401, statusCode=401, message="Unauthorized")
        if request.method == "POST":
            return self.create(request.headers["x-reference-id"], request.read(), now)
        payment = self.payments.get(request.url.path.rpartition("/")[2])
        if payment is None:
            return reply(404, code="RESOURCE_NOT_FOUND", message="Requested resource was not found.")
        done = now >= payment["ends"]
        status = "SUCCESSFUL" if done and payment["good"] else "FAILED" if done else "PENDING"
        reason = {"reason": "EXPIRED"} if status == "FAILED" else {}
        return reply(200, **payment["body"], status=status, **reason)

    def create(self, key: str, body: bytes, now: float) -> httpx.Response:
        """Make a payment, once."""
        if key in self.payments:
            return reply(409, code="RESOURCE_ALREADY_EXIST", message="Duplicated reference id.")
        self.counts["created"] += 1
        ends = now + self.chance.expovariate(1 / 20)
        self.payments[key] = {"body": json.loads(body), "ends": ends, "good": self.chance.random() < 0.9}
        fate = self.chance.random()
        for _ in range(0 if fate < 0.1 else 2 if fate < 0.2 else 1):
            task = self.loop.create_task(self.call_back(key, ends - now + self.chance.uniform(0, 5)))
            self.callbacks.add(task)
            task.add_done_callback(self.callbacks.discard)
        return httpx.Response(202)

    async def call_back(self, key: str, delay: float) -> None:
        """Tell the shop, some time after the end."""
        await asyncio.sleep(delay)
        self.counts["callbacks"] += 1
        await self.called_back(key)


def reply(http_status: int, /, **content: Any) -> httpx.Response:
    """A JSON answer."""
    return httpx.Response(http_status, json=content)


class Shop:
    """Begins a payment a second, and learns each one's end by callback or by asking."""

    def __init__(self, loop: VirtualLoop, seed: int) -> None:
        self.loop = loop
        self.world = World(loop, seed, self.called_back)
        self.ends: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.waiting: dict[str, asyncio.Event] = {}
        # The limiter is MTN's concern: 8 status calls a second are enough for one payment a second.
        self.client = momopy.Collection(
            KEY,
            api_user="6ab5a09d-53e3-4e60-9dd7-f2fa1a8e6a2c",
            api_key=KEY,
            base_url="http://127.0.0.1:9",
            transport=self.world,
        )

    async def called_back(self, key: str) -> None:
        """A callback proves nothing: it only says when to ask."""
        event = self.waiting.get(key)
        if event is not None:
            event.set()

    async def sell(self) -> None:
        """One payment, from its beginning to its known end."""
        key = momopy.Client(base_url="http://127.0.0.1:9").get_reference_id()
        event = self.waiting[key] = asyncio.Event()
        try:
            result: Any = await self.client.request_to_pay(uuid=key, body=BODY)  # type: ignore[arg-type]
            if not result.ok and result.data["outcome"] == "unknown":
                self.ends["was unknown"] += 1
                result = await self.client.resume(key, BODY)
            if result.ok:
                try:
                    async with asyncio.timeout(300):
                        await event.wait()
                except TimeoutError:
                    self.ends["no callback"] += 1
                result = await self.client.wait_for_payment(key, timeout=900)
            self.check(key, result)
        finally:
            del self.waiting[key]
            self.world.payments.pop(key, None)

    def check(self, key: str, result: Any) -> None:
        """Hold what the client says against what the service knows."""
        payment = self.world.payments.get(key)
        outcome = "SUCCESSFUL" if result.ok else result.data["outcome"]
        self.ends[outcome] += 1
        truth = "not_created" if payment is None else "SUCCESSFUL" if payment["good"] else "failed"
        if outcome != truth:
            self.wrong.append(f"{key}: {outcome} for {truth} {result!r}")

    async def run(self, seconds: int, sample: Callable[[int], None]) -> None:
        """Sell for so many virtual seconds."""
        sales: set[asyncio.Task[None]] = set()
        for second in range(seconds):
            sale = self.loop.create_task(self.sell())
            sales.add(sale)
            sale.add_done_callback(sales.discard)
            if second % 3600 == 0:
                sample(second)
            await asyncio.sleep(1)
        await asyncio.gather(*sales)
        await asyncio.gather(*self.world.callbacks)
        await self.client.aclose()


def measure() -> dict[str, int]:
    """What a leak would show in."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "memory": pages * resource.getpagesize(),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "threads": threading.active_count(),
        "tasks": len(asyncio.all_tasks()),
    }


def main() -> int:
    """Run, print the figures, and fail where something grew or somebody was told wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("hours", nargs="?", type=int, default=72)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    loop = VirtualLoop()
    vars(driver)["time"] = SimpleNamespace(monotonic=loop.time, time=lambda: EPOCH + loop.time())
    shop = Shop(loop, arguments.seed)
    samples: list[dict[str, int]] = []
    started = time.monotonic()

    def sample(second: int) -> None:
        samples.append(measure())
        if second % 21600 == 0:
            print(f"{second // 3600:4d} h  {json.dumps(samples[-1])}", flush=True)

    asyncio.set_event_loop(loop)
    loop.run_until_complete(shop.run(arguments.hours * 3600, sample))
    loop.close()
    # The first hours fill the caches that are bounded by design, such as the memory of 4,096 payments.
    settled = samples[min(4, len(samples) - 1) :]
    growth = {name: settled[-1][name] - settled[0][name] for name in settled[0]}
    print(f"{arguments.hours} virtual hours in {time.monotonic() - started:.0f} s, seed {arguments.seed}")
    print(f"ends: {dict(shop.ends)}")
    print(f"the service: {dict(shop.world.counts)}")
    print(f"growth after the fourth hour: {growth}")
    print(f"told wrong: {len(shop.wrong)} {shop.wrong[:3]}")
    flat = growth["memory"] < MOST_GROWTH and growth["files"] <= 0 and growth["threads"] <= 0 and growth["tasks"] < 60
    return 0 if flat and not shop.wrong else 1


if __name__ == "__main__":
    sys.exit(main())
