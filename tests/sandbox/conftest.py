"""A sandbox whose time stands still until a test moves it, a shop, and a listener for callbacks."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from momopy.sandbox import Sandbox, run
from tests.sandbox.shop import Shop


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox of this test's own; its clock is moved by hand."""
    with run(speed=0, seed=7) as running:
        yield running


@pytest.fixture
def shop(sandbox: Sandbox) -> Iterator[Shop]:
    """A merchant's program that talks to the sandbox."""
    with Shop(sandbox) as client:
        yield client


class Listener:
    """Receives callbacks on loopback and remembers them."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.statuses: list[int] = []
        self.extra: dict[str, str] = {}
        self.came = threading.Condition()
        self.closing = threading.Event()
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["content-length"]))
                status = listener.statuses.pop(0) if listener.statuses else 200
                with listener.came:
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    listener.received.append((self.command, headers, json.loads(content)))
                    listener.came.notify_all()
                # A path that ends with a number wants its answer so many seconds later.
                _, _, pause = self.path.rpartition("/")
                if pause.isdigit():
                    listener.closing.wait(int(pause))
                self.send_response(status)
                for name, value in listener.extra.items():
                    self.send_header(name, value)
                self.send_header("content-length", "0")
                self.end_headers()

            do_PUT = do_POST

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_port}/callback"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def wait(self, count: int) -> list[dict[str, Any]]:
        """The bodies, when so many have come."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.received) >= count, 5), f"{len(self.received)} of {count} came"
        return [document for _, _, document in self.received]

    def close(self) -> None:
        """Stop listening."""
        self.closing.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A shop's callback listener on loopback."""
    running = Listener()
    yield running
    running.close()
