"""The whole application: MTN's paths, and the sandbox's own under `/_sandbox`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

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
HINT = f'<!doctype html><title>A local MoMo</title><p>A local MoMo. <a href="{OWN_PATH}/">The payer\'s phone</a>'


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


def _by_a_person(scope: Scope) -> bool:
    """Whether a browser opens an address by hand: no program says that it navigates to HTML."""
    headers = dict(scope["headers"])
    return b"text/html" in headers.get(b"accept", b"") and headers.get(b"sec-fetch-mode") == b"navigate"


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
        if path == "/" and _by_a_person(scope):
            await HTMLResponse(HINT, 404)(scope, receive, send)
        elif path == OWN_PATH or path.startswith(f"{OWN_PATH}/"):
            await own(scope, receive, send)
        else:
            await product(scope, receive, send)

    return app
