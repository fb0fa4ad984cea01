"""Where the name `localhost` leads, port by port: a fault of connecting is an address to which it leads.

All of 127/8 is the loopback interface on Linux, so each such fault has an address there and nothing leaves the host.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any, Self, TypeAlias

NAME = "localhost"

HERE = "127.0.0.1"
NOBODY = "127.0.0.2"
"""Nothing listens here: the connection is refused."""
FULL = "127.0.0.3"
"""A `FullBacklog` is here: the connection is neither taken nor refused."""
UNREACHABLE = "127.255.255.255"
"""A broadcast address: ENETUNREACH at once."""

Route: TypeAlias = Callable[[], str]

_routes: dict[int, Route] = {}


def no_such_name() -> str:
    """What a resolver says of a name that does not exist."""
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def no_resolver() -> str:
    """What a resolver says when nobody answers it, after a while."""
    time.sleep(0.05)
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


@contextlib.contextmanager
def routed(port: int, route: Route) -> Iterator[None]:
    """Inside, `route` says at each look-up of `localhost` with this port where it leads."""
    _install()
    _routes[port] = route
    try:
        yield
    finally:
        del _routes[port]


def _install() -> None:
    if getattr(socket.getaddrinfo, "routes", None) is _routes:
        return
    system = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        route = _routes.get(int(port)) if host in (NAME, NAME.encode()) and str(port).isdigit() else None
        if route is None:
            return system(host, port, *args, **kwargs)
        return system(route(), port, *args, **kwargs)

    getaddrinfo.routes = _routes  # type: ignore[attr-defined]
    # Left in place: without routes it is the system's own, and cases may overlap in time.
    socket.getaddrinfo = getaddrinfo


class FullBacklog:
    """A listener whose queue is full: the kernel drops further attempts to connect without a word."""

    def __init__(self, address: str, port: int) -> None:
        self._sockets = [socket.socket()]
        self._sockets[0].bind((address, port))
        self._sockets[0].listen(0)
        for _ in range(3):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex((address, port))
            self._sockets.append(filler)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for sock in self._sockets:
            sock.close()
