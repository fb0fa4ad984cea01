"""Six secrets, and the look for them in whatever a program may show."""

from __future__ import annotations

import base64
import json
import pickle
import traceback
import types
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

from momopy import Secret

API_USER = "3d6f0a52-9c1b-4e7d-8a35-5b2e9f4c7d10"
API_KEY = "ka51d09fe3b7c24860e1d95fa8b3c7246"
SUBSCRIPTION_KEY = "ks7e2b94c1f05d38a6b94e7d2c1f8053a"
ACCESS_TOKEN = "eyJ0eXAi.canary-access-token-" + "q7Rz" * 20 + ".Zk_9"
OAUTH2_TOKEN = "eyJ0eXAi.canary-oauth2-token-" + "w3Xb" * 20 + ".Tn-4"
AUTH_REQ_ID = "c8a4f1d7-6b3e-4925-b07d-1e5f9a2c6d83"
CALLBACK_TOKEN = "kc93e7d1a5b0f8264c3e7d1a5b0f82649"
BASIC = base64.b64encode(f"{API_USER}:{API_KEY}".encode()).decode()

SECRETS = {
    "the API key": API_KEY,
    "the subscription key": SUBSCRIPTION_KEY,
    "the access token": ACCESS_TOKEN,
    "the Basic token": BASIC,
    "the OAuth2 token": OAUTH2_TOKEN,
    "the auth_req_id": AUTH_REQ_ID,
    "the token in the callback URL": CALLBACK_TOKEN,
}
MSISDN = "46733123450"
CALLBACK = f"https://shop.example/hook/{CALLBACK_TOKEN}"


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="")
    yield base64.b64encode(secret.encode()).decode().rstrip("=")
    yield secret[:24]
    yield secret[-16:]


_NEEDLES = [(name, form.lower()) for name, secret in SECRETS.items() for form in _forms(secret)]


def found(text: str) -> set[str]:
    """The names of the secrets that a text holds, in whatever case or coding."""
    lowered = text.lower()
    return {name for name, form in _NEEDLES if form in lowered}


def pickled(value: Any) -> str:
    """A pickle as text; empty where the value refuses."""
    try:
        return pickle.dumps(value).decode("latin-1")
    except (TypeError, AttributeError, pickle.PicklingError):
        return ""


def shown(value: Any, *, with_data: bool = True) -> Iterator[tuple[str, str]]:
    """What a program may show of a result or a client; `with_data`: also what it holds by design."""
    yield "repr", repr(value)
    yield "str", str(value)
    yield "format", f"{value}"
    yield "old format", "%s %r" % (value, value)  # noqa: UP031 - a log's way
    if with_data:
        yield "pickle", pickled(value)
        if isinstance(value, tuple):
            yield "data", repr(value[1])
            yield "json", json.dumps(value[1])


def trace(exc: BaseException, skip: int = 1) -> str:
    """A traceback with all local variables, as error trackers send it, without the test's own frames."""
    traced = exc.__traceback__
    for _ in range(skip):
        traced = traced.tb_next if traced is not None else None
    return "".join(traceback.TracebackException(type(exc), exc, traced, capture_locals=True).format())


_PLAIN = (str, bytes, int, float, bool, type(None), UUID, type, types.ModuleType, types.FunctionType)


def inside(value: Any, depth: int = 6) -> Iterator[tuple[str, str]]:
    """The repr of everything that hangs on an object; a `Secret` is not opened, and no module is entered."""
    seen: set[int] = set()
    waiting = [(type(value).__name__, value, depth)]
    while waiting:
        path, one, left = waiting.pop()
        if id(one) in seen or isinstance(one, Secret):
            continue
        seen.add(id(one))
        yield path, repr(one)
        if left == 0 or isinstance(one, _PLAIN):
            continue
        if isinstance(one, dict):
            waiting += [(f"{path}[{key!r}]", inner, left - 1) for key, inner in one.items()]
        elif isinstance(one, list | tuple | set | frozenset):
            waiting += [(f"{path}[]", inner, left - 1) for inner in one]
        names = list(getattr(one, "__dict__", ()))
        names += [name for kind in type(one).__mro__ for name in _slots(kind)]
        for name in names:
            if (inner := getattr(one, name, None)) is not None:
                waiting.append((f"{path}.{name}", inner, left - 1))


def _slots(kind: type) -> tuple[str, ...]:
    slots = kind.__dict__.get("__slots__", ())
    slots = (slots,) if isinstance(slots, str) else tuple(slots)
    # Python writes __text in class Secret as _Secret__text.
    return tuple(f"_{kind.__name__}{name}" if name.startswith("__") else name for name in slots)
