"""Derives `momopy/types.py` from the specs: what the dicts hold that go in and come out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from generate_clients import PACKAGES, RegenerationError, load_spec

TARGET = "momopy/types.py"

# Where momopy hands out, or takes, something else than the wire carries: (schema, key or nothing) -> type.
NORMALISED = {
    # A bare string becomes the code, so that callers see one shape.
    ("Reason", ""): "ErrorReason",
    # "true" becomes True.
    ("BooleanResult", "result"): "bool",
    # Numbers are written as MTN wants them.
    ("Amount", ""): "str | int | Decimal",
}

# Keys that the wire may leave out and momopy does not: without them it gives no success (the `needs`
# of the operation), or it fills them in.
ALWAYS = {
    "BcAuthorizeResponse": ("auth_req_id",),
    "BooleanResult": ("result",),
    "ErrorReason": ("code", "message"),
    "Balance": ("availableBalance",),
    "InvoiceResult": ("status",),
    "Oauth2Token": ("access_token",),
    "PaymentResult": ("status",),
    "PreApprovalResult": ("status",),
    "RequestToPayResult": ("status",),
}

# No `from __future__ import annotations`: with it `__required_keys__` names the NotRequired ones as well.
HEADER = '''\
"""What goes into a call and what comes out of it, as dicts with known keys.

Written by scripts/regenerate from openapi/collection.yaml and openapi/provisioning.yaml; a change made
here is lost. An answer may have more keys than these, and lists of values are open: new ones appear.
"""

from decimal import Decimal
from typing import Literal, NotRequired, TypedDict


class Accepted(TypedDict):
    """A create that the service took in. It is no money yet: ask for the state, or wait for it."""

    reference_id: str
    """Names the payment in every later call."""
    status: Literal["PENDING"] | str
    replayed: NotRequired[bool]
    """The service knew this reference id already, and for the same request."""


class Empty(TypedDict):
    """An answer without a body."""
'''
OWN_NAMES = ("Accepted", "Empty")

SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
INDENT = "    "
WIDTH = 105
REFERENCE = "#/components/schemas/"


class Key(NamedTuple):
    """One key of a TypedDict."""

    name: str
    type: str
    required: bool
    description: str


class Schemas:
    """The schemas of one spec, and the Python types that they become."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._schemas: dict[str, dict[str, Any]] = spec["components"]["schemas"]
        self._used: list[str] = []
        for path in spec["paths"].values():
            for operation in path.values():
                self._use_all(list(_contents(operation)))

    def _use_all(self, node: Any) -> None:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and reference.startswith(REFERENCE):
                self._use(reference.removeprefix(REFERENCE))
            node = list(node.values())
        if isinstance(node, list):
            for entry in node:
                self._use_all(entry)

    def _use(self, name: str) -> None:
        schema = self._schemas[name]
        # What a schema is made of comes first: the file is read from top to bottom.
        if name not in self._used:
            self._use_all(schema)
            if schema.get("type") == "object" and name not in self._used:
                self._used.append(name)

    def classes(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of every class."""
        for name in self._used:
            yield name, _class_text(name, self._schemas[name]["description"], list(self._keys(name)))

    def _keys(self, name: str) -> Iterator[Key]:
        schema = self._schemas[name]
        required = (*schema.get("required", ()), *ALWAYS.get(name, ()))
        for key, value in schema["properties"].items():
            python = NORMALISED.get((name, key)) or self._type(value)
            yield Key(key, python, key in required, value.get("description") or self._described(value))

    def _described(self, schema: dict[str, Any]) -> str:
        target = self._schemas.get(schema.get("$ref", "").removeprefix(REFERENCE), {})
        # A class shows its own description where the cursor is on its name.
        return "" if target.get("type") == "object" else str(target.get("description", ""))

    def _type(self, schema: dict[str, Any]) -> str:
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(REFERENCE)
            target = self._schemas[name]
            return name if target.get("type") == "object" else NORMALISED.get((name, "")) or self._type(target)
        for union in ("oneOf", "anyOf"):
            if union in schema:
                return " | ".join(self._type(member) for member in schema[union])
        if "x-extensible-enum" in schema:
            values = ", ".join(f'"{value}"' for value in schema["x-extensible-enum"])
            return f"Literal[{values}] | str"
        if schema.get("type") == "array":
            return f"list[{self._type(schema['items'])}]"
        try:
            return SCALARS[schema["type"]]
        except KeyError:
            raise RegenerationError(f"{TARGET}: no type for the schema {schema}") from None


def _contents(operation: dict[str, Any]) -> Iterator[Any]:
    """Yield what the body and the successful answers of an operation hold."""
    yield operation.get("requestBody", {}).get("content")
    for status, response in operation["responses"].items():
        if str(status).startswith("2"):
            yield response.get("content")


def _class_text(name: str, description: str, keys: list[Key]) -> str:
    lines = [f"class {name}(TypedDict):", *_docstring(description), ""]
    for key in keys:
        lines.append(f"    {key.name}: {key.type if key.required else f'NotRequired[{key.type}]'}")
        if key.description:
            lines += _docstring(key.description)
    return "\n".join(lines) + "\n"


def _docstring(text: str) -> list[str]:
    words = " ".join(text.split())
    if len(words) <= WIDTH:
        return [f'    """{words}"""']
    summary, _, rest = words.partition(". ")
    return [
        f'    """{summary}.',
        "",
        *textwrap.wrap(rest, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT),
        f'{INDENT}"""',
    ]


def derive_types(root: Path) -> str:
    """Return the unformatted text of `momopy/types.py`."""
    texts: dict[str, str] = {}
    for spec in PACKAGES:
        for name, text in Schemas(load_spec(root, spec)).classes():
            if name in OWN_NAMES or texts.setdefault(name, text) != text:
                raise RegenerationError(f"{TARGET}: two different classes are called {name}")
    names = sorted([*texts, *OWN_NAMES])
    public = "__all__ = [" + ", ".join(f'"{name}"' for name in names) + "]\n"
    before, after = HEADER.split("\n\n\n", 1)
    return "\n\n\n".join([f"{before}\n\n{public}", after, *texts.values()])
