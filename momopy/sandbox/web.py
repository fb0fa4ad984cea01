"""The whole application: MTN's paths, and the sandbox's own under `/_sandbox`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette

from momopy.sandbox.app import Product

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from momopy.sandbox.world import World

# No path of MTN's begins so.
OWN_PATH = "/_sandbox"


def application(world: World) -> ASGIApp:
    """The ASGI application of one sandbox."""
    product = Product(world)
    own = Starlette(routes=[])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        # MTN's paths do not go through Starlette's routing and middleware: they must answer fast.
        path: str = scope["path"]
        if path == OWN_PATH or path.startswith(f"{OWN_PATH}/"):
            await own(scope, receive, send)
        else:
            await product(scope, receive, send)

    return app
