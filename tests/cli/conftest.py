"""For the tests of the commands: nothing that they do in this process leaves the machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was to be looked up or called outside of this machine: refused, and the test fails."""
    called: list[str] = []
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def is_here(host: Any) -> bool:
        try:
            return host in (None, "localhost") or ip_address(host).is_loopback
        except ValueError:
            return False

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        if not is_here(host):
            called.append(str(host))
            raise socket.gaierror(socket.EAI_NONAME, "not from a test")
        return look_up(host, *args, **options)

    def connected(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
            called.append(str(address[0]))
            raise ConnectionRefusedError("not from a test")
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket.socket, "connect", connected)
    yield called
    assert called == [], "a test wanted to leave this machine"
