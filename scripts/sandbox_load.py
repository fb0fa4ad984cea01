"""Loads the local MoMo, in a process of its own, and prints the figures.

    scripts/sandbox-load [--connections 64] [--seconds 30] [--races 10000]

First a mix of payments, status queries and balances: no answer may be wrong, and memory must be flat
once the number of records that are kept is reached. Then two clients use the same id at the same
instant, again and again: exactly one 202 each time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import sys
import time
import uuid
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx

from momopy.sandbox import run

KEEP = 5000
BODY = {
    "amount": "5",
    "currency": "EUR",
    "externalId": "1",
    "payer": {"partyIdType": "MSISDN", "partyId": "46733123499"},
    "payerMessage": "load",
    "payeeNote": "load",
}


def serve(pipe: Connection) -> None:
    """The sandbox, until the pipe says something."""
    with run(keep=KEEP) as sandbox:
        pipe.send(sandbox.env())
        pipe.recv()


def resident(pid: int) -> float:
    """Megabytes of memory that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


class Client:
    """One connection that speaks HTTP/1.1 by hand: an HTTP library would be the slower of the two."""

    def __init__(self, env: dict[str, str], bearer: str) -> None:
        url = httpx.URL(env["MOMO_BASE_URL"])
        self._address = (url.host, url.port)
        self._headers = (
            f"Host: {url.host}:{url.port}\r\nOcp-Apim-Subscription-Key: {env['MOMO_SUBSCRIPTION_KEY']}\r\n"
            f"Authorization: Bearer {bearer}\r\nX-Target-Environment: sandbox\r\n"
        )
        self._body = json.dumps(BODY).encode()

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(*self._address)

    async def close(self) -> None:
        """Disconnect."""
        self._writer.close()
        await self._writer.wait_closed()

    async def get(self, path: str) -> tuple[int, bytes]:
        """A GET below /collection."""
        self._writer.write(f"GET /collection/v1_0/{path} HTTP/1.1\r\n{self._headers}\r\n".encode())
        return await self._answer()

    async def pay(self, reference: str) -> tuple[int, bytes]:
        """A request to pay."""
        head = (
            f"POST /collection/v1_0/requesttopay HTTP/1.1\r\n{self._headers}X-Reference-Id: {reference}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(self._body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + self._body)
        return await self._answer()

    async def _answer(self) -> tuple[int, bytes]:
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line[15:])
        return int(head[9:12]), await self._reader.readexactly(length)


async def load(env: dict[str, str], bearer: str, options: argparse.Namespace, pid: int) -> dict[str, Any]:
    """Many clients at once for a time."""
    end = time.monotonic() + options.seconds
    times: list[float] = []
    wrong: list[str] = []
    memory: list[float] = []

    async def one() -> None:
        client = Client(env, bearer)
        await client.open()
        while time.monotonic() < end:
            reference = str(uuid.uuid4())
            for name in ("pay", "status", "balance"):
                begun = time.perf_counter()
                if name == "pay":
                    status, body = await client.pay(reference)
                    right = status == 202 and body == b""
                elif name == "status":
                    status, body = await client.get(f"requesttopay/{reference}")
                    right = status == 200 and json.loads(body)["status"] == "SUCCESSFUL"
                else:
                    status, body = await client.get("account/balance")
                    right = status == 200 and json.loads(body)["currency"] == "EUR"
                times.append(time.perf_counter() - begun)
                if not right:
                    wrong.append(f"{name}: {status}")
        await client.close()

    async def watch() -> None:
        while time.monotonic() < end:
            memory.append(resident(pid))
            await asyncio.sleep(1)

    begun = time.monotonic()
    await asyncio.gather(watch(), *(one() for _ in range(options.connections)))
    elapsed = time.monotonic() - begun
    times.sort()
    half = memory[len(memory) // 2 :] or memory
    return {
        "connections": options.connections,
        "requests": len(times),
        "per second": round(len(times) / elapsed),
        "median ms": round(times[len(times) // 2] * 1000, 1),
        "99th percentile ms": round(times[len(times) * 99 // 100] * 1000, 1),
        "wrong answers": len(wrong),
        "memory MB at half time": round(half[0], 1),
        "memory MB at the end": round(half[-1], 1),
    }


async def race(env: dict[str, str], bearer: str, count: int) -> dict[str, Any]:
    """Two clients use the same id at the same instant."""
    pair = [Client(env, bearer), Client(env, bearer)]
    for client in pair:
        await client.open()
    outcomes: dict[str, int] = {}
    for _ in range(count):
        reference = str(uuid.uuid4())
        answers = await asyncio.gather(*(client.pay(reference) for client in pair))
        key = " and ".join(str(status) for status in sorted(status for status, _ in answers))
        outcomes[key] = outcomes.get(key, 0) + 1
    for client in pair:
        await client.close()
    return {"races": count, **outcomes}


def main() -> int:
    """Run both, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--races", type=int, default=10_000)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,))
    server.start()
    assert server.pid is not None
    env = ours.recv()
    token = httpx.post(
        f"{env['MOMO_BASE_URL']}/collection/token/",
        auth=(env["MOMO_API_USER"], env["MOMO_API_KEY"]),
        headers={"Ocp-Apim-Subscription-Key": env["MOMO_SUBSCRIPTION_KEY"]},
        trust_env=False,
    ).json()["access_token"]
    figures = asyncio.run(load(env, token, options, server.pid))
    races = asyncio.run(race(env, token, options.races))
    ours.send("end")
    server.join(10)
    for name, value in {**figures, **races}.items():
        print(f"{name:>24}  {value}")
    grown = figures["memory MB at the end"] - figures["memory MB at half time"]
    failed = figures["wrong answers"] or races.get("202 and 409") != options.races or grown > 5
    print("on", os.cpu_count(), "cores,", sys.version.split()[0])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
