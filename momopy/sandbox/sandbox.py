"""The running sandbox as a Python program sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Any

from momopy.sandbox.clock import Clock
from momopy.sandbox.server import ServerThread, bind
from momopy.sandbox.settings import Options, Switches
from momopy.sandbox.web import application
from momopy.sandbox.world import World


class Sandbox:
    """A local MoMo that is running."""

    def __init__(self, world: World, base_url: str) -> None:
        self._world = world
        self.base_url = base_url
        self.subscription_key = world.options.subscription_key or token_hex(16)
        self.api_user, self.api_key = world.provision("localhost")

    def __repr__(self) -> str:
        return f"<Sandbox {self.base_url}>"

    @property
    def target(self) -> str:
        """The target environment."""
        return self._world.options.target

    @property
    def currency(self) -> str:
        """The one currency."""
        return self._world.options.currency

    @property
    def switches(self) -> Switches:
        """The switches for what MTN leaves open; set them at any time."""
        return self._world.switches

    @property
    def clock(self) -> Clock:
        """The sandbox's own time."""
        return self._world.clock

    def env(self) -> dict[str, str]:
        """The environment variables with which a program finds this sandbox."""
        return {
            "MOMO_BASE_URL": self.base_url,
            "MOMO_SUBSCRIPTION_KEY": self.subscription_key,
            "MOMO_API_USER": self.api_user,
            "MOMO_API_KEY": self.api_key,
            "MOMO_TARGET_ENVIRONMENT": self.target,
        }

    def advance(self, seconds: float) -> None:
        """Move the sandbox's time on, and let everything happen that falls due."""
        with self._world.lock:
            self._world.clock.advance(seconds)
            self._world.settle()


@contextmanager
def run(*, host: str = "127.0.0.1", port: int = 0, **options: Any) -> Iterator[Sandbox]:
    """Run a local MoMo in a thread, on a free port unless one is given."""
    switches = options.pop("switches", None)
    world = World(Options(**options), switches)
    listener = bind(host, port)
    shown = f"[{host}]" if ":" in host else host
    sandbox = Sandbox(world, f"http://{shown}:{listener.getsockname()[1]}")
    server = ServerThread(application(world), listener)
    server.start()
    try:
        yield sandbox
    finally:
        server.stop()
