"""The whole application: MTN's paths, and the sandbox's own under `/_sandbox`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Mount

from momopy.sandbox.app import Product

if TYPE_CHECKING:
    from momopy.sandbox.world import World

OWN_PATH = "/_sandbox"


def application(world: World) -> Starlette:
    """The ASGI application of one sandbox."""
    return Starlette(routes=[Mount("/", app=Product(world))])
