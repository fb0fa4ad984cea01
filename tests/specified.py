"""Holds every request of momopy's against the specs: as a local MoMo reads it, and as it is made for any other server.

A server that fails on purpose, or a transport of a test's, need not read what it is sent; what is made for them is
looked at before it leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

SPECS: Final = Path(__file__).resolve().parents[1] / "openapi"

# What HTTP itself and the two credentials put on a request; every other header has to be in the spec.
_OF_HTTP: Final = {
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "authorization",
    "ocp-apim-subscription-key",
}


_UUID4: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ONE_UUID4: Final = "00000000-0000-4000-8000-000000000000"
# MTN declares the header as any text, and a client has no business to send it anything but the name of a language.
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_SECRET: Final = re.compile(r"((?:Basic|Bearer) |)[!-~]+")


class Sent(NamedTuple):
    """One request as the server read it; the names of headers are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class _Operation(NamedTuple):
    name: str
    method: str
    path: re.Pattern[str]
    headers: frozenset[str]
    has_body: bool


def load(name: str) -> dict[str, Any]:
    """A spec as it is written."""
    document: dict[str, Any] = yaml.safe_load((SPECS / f"{name}.yaml").read_text(encoding="utf-8"))
    return document


def operations(name: str) -> dict[str, tuple[str, str]]:
    """The operations of a spec: method and path by name."""
    return {
        entry["operationId"]: (method, path)
        for path, item in load(name)["paths"].items()
        for method, entry in item.items()
        if isinstance(entry, dict) and "operationId" in entry
    }


@cache
def _described(name: str) -> tuple[Any, list[_Operation]]:
    from openapi_core import OpenAPI

    document = load(name)
    declared = document["components"].get("parameters", {})
    root = "/collection" if name == "collection" else ""
    found = []
    for path, item in document["paths"].items():
        for method, entry in item.items():
            if not isinstance(entry, dict) or "operationId" not in entry:
                continue
            parameters = [
                declared[parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
                for parameter in [*item.get("parameters", ()), *entry.get("parameters", ())]
            ]
            pattern = re.compile(re.escape(root) + re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path)))
            headers = frozenset(one["name"].lower() for one in parameters if one["in"] == "header")
            found.append(_Operation(entry["operationId"], method.upper(), pattern, headers, "requestBody" in entry))
    return OpenAPI.from_dict(document), found


def _operation(sent: Sent) -> tuple[Any, _Operation] | None:
    openapi, described = _described("collection" if sent.path.startswith("/collection/") else "provisioning")
    for operation in described:
        if operation.method == sent.method and operation.path.fullmatch(sent.path):
            return openapi, operation
    return None


class _Request:
    """The request as openapi-core wants to see it."""

    host_url = "http://127.0.0.1"

    def __init__(self, sent: Sent) -> None:
        from openapi_core.datatypes import RequestParameters
        from werkzeug.datastructures import Headers, ImmutableMultiDict

        self.path = sent.path
        self.method = sent.method.lower()
        self.content_type = sent.headers.get("content-type", "")
        self.body = sent.body or None
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(), header=Headers(list(sent.headers.items())), cookie=ImmutableMultiDict()
        )


def violations(sent: Sent) -> tuple[str, ...]:
    """What of a request is not as the spec says."""
    # Thousands of requests differ in an id or a token alone: each kind is looked at once.
    headers = {name: _UUID4.sub(_ONE_UUID4, value) for name, value in sent.headers.items() if name != "host"}
    for name in ("authorization", "ocp-apim-subscription-key"):
        if name in headers and (secret := _SECRET.fullmatch(headers[name])):
            headers[name] = secret[1] + "secret"
    body = _UUID4.sub(_ONE_UUID4, sent.body.decode("latin-1")).encode("latin-1")
    return _violations(sent.method, _UUID4.sub(_ONE_UUID4, sent.path), sent.query, tuple(sorted(headers.items())), body)


@lru_cache(maxsize=4096)
def _violations(
    method: str, path: str, query: str, headers: tuple[tuple[str, str], ...], body: bytes
) -> tuple[str, ...]:
    sent = Sent(method, path, query, dict(headers), body)
    found = _operation(sent)
    if found is None:
        return (f"{method} of a path that no operation has",)
    openapi, operation = found
    wrong = [*_by_spec(openapi, sent)]
    wrong += [f"a header that it has not: {name}" for name in sent.headers.keys() - _OF_HTTP - operation.headers]
    if "language" in sent.headers and _LANGUAGE.fullmatch(sent.headers["language"]) is None:
        wrong.append("a Language that is none")
    if query:
        wrong.append("a query that it has not")
    if not operation.has_body:
        if body or "content-type" in sent.headers:
            wrong.append("a body that it has not")
        if (length := sent.headers.get("content-length")) != ("0" if method == "POST" else None):
            wrong.append(f"a Content-Length of {length}")
    return tuple(f"{operation.name}: {text}" for text in wrong)


def _by_spec(openapi: Any, sent: Sent) -> list[str]:
    from openapi_core.exceptions import OpenAPIError

    try:
        openapi.validate_request(_Request(sent))
    except OpenAPIError as error:
        reasons = [str(reason).splitlines()[0] for reason in getattr(error.__cause__, "schema_errors", ())]
        return [" ".join([str(error).partition(": Value")[0], *reasons])]
    return []


def watch(received: Callable[[Sent], None], made: Callable[[Sent], None]) -> None:
    """Have every request that a local MoMo of this process reads, and every one that momopy makes, from now on."""
    from momopy.requests import Wire
    from momopy.sandbox import app

    read, make = app.read_request, Wire.request

    def request(wire: Any, call: Any, *rest: Any) -> Any:
        built = make(wire, call, *rest)
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in built.headers.raw}
        made(Sent(built.method, built.url.path, built.url.query.decode(), headers, call.body or b""))
        return built

    async def read_request(scope: Any, receive: Any) -> Any:
        request = await read(scope, receive)
        if request is not None and request.headers.get("user-agent", "").startswith("momopy/"):
            received(Sent(request.method, request.path, request.query, dict(request.headers), request.body))
        return request

    app.read_request = read_request
    Wire.request = request  # type: ignore[method-assign]
