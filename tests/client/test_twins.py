"""The two halves have the same methods, parameters, defaults, annotations and docstrings."""

from __future__ import annotations

import inspect
import pydoc
import re
from typing import Any

import pytest

import momopy

PAIRS = [(momopy.Collection, momopy.SyncCollection), (momopy.Client, momopy.SyncClient)]
# Awaited name, blocking name: all that may differ.
NAMES = [
    ("SyncCollection", "Collection"),
    ("SyncClient", "Client"),
    ("SyncTransport", "Transport"),
    ("Sync", ""),
    ("__aenter__", "__enter__"),
    ("__aexit__", "__exit__"),
    ("aclose", "close"),
]


def neutral(text: str) -> str:
    """A text with the names of the awaited half and of the blocking one made the same."""
    for one, other in NAMES:
        text = text.replace(one, other)
    return text


def members(kind: type) -> dict[str, Any]:
    return {
        neutral(name): inspect.getattr_static(kind, name)
        for name in dir(kind)
        if not name.startswith("_") or name in ("__init__", "__aenter__", "__enter__", "__aexit__", "__exit__")
    }


def function(member: Any) -> Any:
    return member.__func__ if isinstance(member, classmethod | staticmethod) else member


@pytest.mark.parametrize(("awaited", "blocking"), PAIRS)
def test_no_half_lacks_a_method(awaited: type, blocking: type) -> None:
    assert members(awaited).keys() == members(blocking).keys()
    assert neutral(awaited.__name__) == neutral(blocking.__name__)
    assert awaited.__doc__
    assert neutral(awaited.__doc__) == neutral(blocking.__doc__ or "")


@pytest.mark.parametrize(
    ("awaited", "blocking", "name"),
    [(awaited, blocking, name) for awaited, blocking in PAIRS for name in sorted(members(awaited))],
)
def test_a_method_is_the_same_in_both_halves(awaited: type, blocking: type, name: str) -> None:
    one, other = members(awaited)[name], members(blocking)[name]
    assert type(one) is type(other)
    one, other = function(one), function(other)
    first, second = inspect.signature(one), inspect.signature(other)
    assert list(first.parameters) == list(second.parameters)
    for parameter in first.parameters.values():
        twin = second.parameters[parameter.name]
        assert parameter.kind is twin.kind
        assert parameter.default == twin.default
        assert neutral(str(parameter.annotation)) == neutral(str(twin.annotation))
    assert neutral(str(first.return_annotation)) == neutral(str(second.return_annotation))
    assert neutral(one.__doc__ or "") == neutral(other.__doc__ or "")
    assert not inspect.iscoroutinefunction(other)


PUBLIC = [(kind, name) for pair in PAIRS for kind in pair for name in dir(kind) if not name.startswith("_")]


@pytest.mark.parametrize(("kind", "name"), PUBLIC)
def test_every_public_method_says_what_it_gives(kind: type, name: str) -> None:
    method = function(inspect.getattr_static(kind, name))
    doc = inspect.getdoc(method)
    assert doc, name
    first = doc.splitlines()[0]
    assert first.endswith((".", "name."))
    # The same words serve both halves.
    assert not re.search(r"\b(await|awaits|async|coroutine|blocking|blocks)\b", doc)
    for parameter in inspect.signature(method).parameters.values():
        if parameter.name not in ("self", "cls", "options"):
            assert parameter.annotation is not inspect.Parameter.empty
            assert f"{parameter.name}:" in doc or name in ("basic_token", "bearer_token"), parameter.name
    assert inspect.signature(method).return_annotation is not inspect.Signature.empty


@pytest.mark.parametrize(("awaited", "blocking"), PAIRS)
def test_help_shows_both(awaited: type, blocking: type) -> None:
    texts = [pydoc.render_doc(kind, renderer=pydoc.plaintext) for kind in (awaited, blocking)]
    for kind, text in zip((awaited, blocking), texts, strict=True):
        assert f"class {kind.__name__}" in text
        for name in dir(kind):
            if not name.startswith("_") and callable(getattr(kind, name)):
                assert re.search(rf"\b{name}\b", text), name
    assert "async request_to_pay(" in texts[0] or awaited is momopy.Client
    assert "async" not in texts[1]
    assert "authorization: 'str | Secret | None' = None" in texts[1] or blocking is momopy.SyncClient


# A name here is a promise; one that is missing is a promise broken.
SURFACE = [
    "MARKETS", "Attempt", "Client", "Collection", "Conflict", "ConnectionFailed", "Ending", "Failure",
    "HTTPException", "InvalidArgument", "InvalidBaseURL", "InvalidBasicToken", "InvalidBearerToken", "InvalidBody",
    "InvalidCallback", "InvalidData", "InvalidSubscriptionKey", "InvalidTarget", "InvalidUniqueIDVersion", "Market",
    "MissingArgument", "MissingCredentials", "Misuse", "MomoException", "MomoServerError", "NotFound",
    "OutcomeUnknown", "PaymentFailed", "PaymentPending", "Reason", "Refused", "Result", "Secret", "Settings",
    "Settled", "Success", "SyncClient", "SyncCollection", "TargetName", "TokenStore", "Unauthorized", "__version__",
    "explain",
]  # fmt: skip


def test_the_public_surface() -> None:
    assert set(momopy.__all__) == set(SURFACE)
    assert len(momopy.__all__) == len(SURFACE)
    # As ruff sorts: constants, classes, the rest.
    assert momopy.__all__ == sorted(momopy.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    for name in momopy.__all__:
        assert getattr(momopy, name) is not None
        assert "generated" not in repr(getattr(momopy, name))
