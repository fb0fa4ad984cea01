"""A Redis server of each test's own, and worker processes."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from momopy.stores import FileStore, MemoryStore, RedisStore
from tests.tokens.conftest import anyio_backend, clock, desk, merchant

__all__ = ["anyio_backend", "clock", "desk", "merchant"]

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a-password-of-redis"
BINARY = shutil.which("redis-server")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RedisServer:
    """Debian's redis-server, on loopback, without a memory of earlier runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        from redis import ConnectionError as NotThere
        from redis import Redis

        options = {
            "port": self.port,
            "bind": "127.0.0.1",
            "save": "",
            "appendonly": "no",
            "dir": self.folder,
            "requirepass": PASSWORD,
        }
        arguments = [text for name, value in options.items() for text in (f"--{name}", str(value))]
        assert BINARY is not None
        self.process = subprocess.Popen(
            [BINARY, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + 20
        with Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return
                except NotThere:
                    assert time.monotonic() < end, "redis-server does not answer"
                    time.sleep(0.02)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    if BINARY is None:
        pytest.skip("redis-server is not installed (Debian: apt-get install redis-server)")
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture(params=["memory", "file", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path):
    """Each of the stores in turn."""
    match request.param:
        case "memory":
            yield MemoryStore()
        case "file":
            yield FileStore(tmp_path / "tokens")
        case _:
            made = RedisStore(request.getfixturevalue("redis_server").url)
            yield made
            made._client.close()


class Workers:
    """Processes that wait for a word to begin."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.running: list[subprocess.Popen[str]] = []

    def start(self, count: int, *arguments: str) -> list[subprocess.Popen[str]]:
        """Start so many; they begin at `go`."""
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.stores.worker", *arguments],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for _ in range(count)
        ]
        self.running += started
        for worker in started:
            assert worker.stdout is not None
            line = worker.stdout.readline()
            assert line == "ready\n", line + worker.stdout.read()
        return started

    def go(self, workers: list[subprocess.Popen[str]]) -> None:
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()

    def outcomes(self, workers: list[subprocess.Popen[str]]) -> list[str]:
        """The last word of each."""
        return [worker.communicate(timeout=60)[0].strip() for worker in workers]


@pytest.fixture
def workers() -> Iterator[Workers]:
    import os

    made = Workers(dict(os.environ))
    yield made
    for worker in made.running:
        worker.kill()
        worker.communicate()
