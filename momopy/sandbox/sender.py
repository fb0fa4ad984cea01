"""Sends the callbacks: to loopback or to hosts allowed by name, without redirects, within two seconds."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

import httpx

from momopy.sandbox.outbox import Outbox
from momopy.sandbox.records import Delivery
from momopy.sandbox.world import World

# Documented: a listener has two seconds.
TIMEOUT = 2.0
IDLE = 3600.0


class NotAllowed(Exception):
    """A callback's target is neither loopback nor allowed by name."""


def allowed(address: str, host: str, names: Collection[str]) -> bool:
    """Whether a callback to this host, found at this address, may be sent."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if found.is_loopback:
        return True
    # Cloud metadata and its like are never a shop, whatever name leads there.
    if found.is_link_local or found.is_unspecified or found.is_multicast or found in _UNIQUE_LOCAL:
        return False
    return host.lower() in names


_UNIQUE_LOCAL = ipaddress.ip_network("fd00::/8")


class Sender:
    """Waits for callbacks to fall due, and sends them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._names = frozenset(name.lower() for name in world.options.allow_callbacks_to)
        self._wakeup = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._transports: dict[str, httpx.AsyncHTTPTransport] = {}

    def _waker(self) -> Callable[[], None]:
        """A function that any thread may call when something new may be due."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            # The loop is closed when the sandbox has ended.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._wakeup.set)

        return wake

    async def run(self) -> None:
        """Send until cancelled."""
        wake = self._waker()
        with self._world.lock:
            self._world.on_change.append(lambda _: wake())
        try:
            while True:
                self._wakeup.clear()
                with self._world.lock:
                    self._world.settle()
                    # A reset takes another outbox: what is under way belongs to the old one.
                    outbox = self._world.outbox
                    chains = outbox.take_due(self._world.clock.now())
                    wait = self._world.real_seconds_to_next()
                for chain in chains:
                    task = asyncio.create_task(self._send_all(chain, outbox))
                    self._sending.add(task)
                    task.add_done_callback(self._sending.discard)
                # Not wait_for: before Python 3.12 it swallows a cancellation that meets the wakeup.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(IDLE if wait is None else min(wait, IDLE)):
                        await self._wakeup.wait()
        finally:
            for task in self._sending:
                task.cancel()
            await asyncio.gather(*self._sending, return_exceptions=True)
            for transport in self._transports.values():
                await transport.aclose()

    async def _send_all(self, chain: list[Delivery], outbox: Outbox) -> None:
        try:
            for delivery in chain:
                status, error = await self._send(delivery)
                with self._world.lock:
                    outbox.sent(delivery, self._world.clock.now(), status, error)
                    self._world.changed("callbacks")
        finally:
            with self._world.lock:
                outbox.in_flight -= 1
                self._world.changed("callbacks")

    async def _send(self, delivery: Delivery) -> tuple[int | None, str | None]:
        try:
            async with asyncio.timeout(TIMEOUT):
                return await self._post(delivery), None
        except TimeoutError:
            return None, "no answer within 2 seconds"
        except NotAllowed:
            return None, "the host is neither loopback nor allowed by name"
        except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
            return None, type(error).__name__

    async def _post(self, delivery: Delivery) -> int:
        parts = urlsplit(delivery.url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        addresses = await self._addresses(host, port)
        failure: Exception = NotAllowed()
        for address in addresses:
            try:
                return await self._post_to(delivery, address, host)
            except httpx.ConnectError as error:
                # `localhost` is both ::1 and 127.0.0.1, and a shop often listens on one of them only.
                failure = error
        raise failure

    async def _addresses(self, host: str, port: int) -> list[str]:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not all(allowed(address, host, self._names) for address in addresses):
            raise NotAllowed
        return addresses

    async def _post_to(self, delivery: Delivery, address: str, host: str) -> int:
        url = httpx.URL(delivery.url)
        payload = delivery.payload()
        # The address that was checked is the one that is called: a name can change between two looks.
        request = httpx.Request(
            delivery.method,
            url.copy_with(host=address),
            headers={
                "host": url.netloc.decode("ascii"),
                "content-type": "application/json; charset=utf-8",
                "content-length": str(len(payload)),
                "connection": "close",
            },
            content=payload,
            extensions={"sni_hostname": host, "timeout": dict.fromkeys(("connect", "read", "write", "pool"), TIMEOUT)},
        )
        response = await self._transport(url.scheme).handle_async_request(request)
        await response.aclose()
        return response.status_code

    def _transport(self, scheme: str) -> httpx.AsyncHTTPTransport:
        if scheme not in self._transports:
            # Certificates are loaded for https only: it takes longer than a whole test.
            self._transports[scheme] = httpx.AsyncHTTPTransport(verify=scheme == "https", trust_env=False)
        return self._transports[scheme]
