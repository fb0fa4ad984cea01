"""The whole application: MTN's paths, and the sandbox's own under `/_sandbox`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from momopy.sandbox.app import Product
from momopy.sandbox.control import control_routes
from momopy.sandbox.page import page_routes

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from momopy.sandbox.sandbox import Sandbox
    from momopy.sandbox.world import World

# No path of MTN's begins so.
OWN_PATH = "/_sandbox"


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


def application(sandbox: Sandbox, world: World) -> ASGIApp:
    """The ASGI application of one sandbox."""
    product = Product(world)
    own = Starlette(
        routes=[*page_routes(sandbox, world), *control_routes(sandbox)],
        exception_handlers={HTTPException: _refused},
    )

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        # MTN's paths do not go through Starlette's routing and middleware: they must answer fast.
        path: str = scope["path"]
        if path == OWN_PATH or path.startswith(f"{OWN_PATH}/"):
            await own(scope, receive, send)
        else:
            await product(scope, receive, send)

    return app
