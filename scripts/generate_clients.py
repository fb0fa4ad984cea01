"""Makes the generated packages from the specs, and tells what the generator left out."""

from __future__ import annotations

import ast
import copy
import fnmatch
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import yaml

PACKAGES = {"collection.yaml": "momo_collection_api", "provisioning.yaml": "momo_provisioning_api"}
OVERLAY = "generator-overlay.yaml"
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})

# `--isolated`: a ruff.toml in a parent folder or in somebody's home would change the output.
FORMATTERS = [
    "ruff check . --isolated --target-version py311 --fix --extend-select=I",
    "ruff format . --isolated --target-version py311",
]

README = """\
# What the generator makes of `openapi/`

Made by `./scripts/regenerate`; what is changed here by hand is lost.

| package | from | SHA-256 of the spec |
|---|---|---|
{rows}

Generator: {generator}. Formatter: {formatter}.

The packages need httpx and attrs and nothing of momopy. Their clients have no timeout unless one is
given (`Client(base_url, timeout=httpx.Timeout(30))`), and the subscription key is a header of the
client's: `headers={{"Ocp-Apim-Subscription-Key": "..."}}`.
"""


class RegenerationError(Exception):
    """Something that a person has to put right before anything can be regenerated."""


class Operation(NamedTuple):
    """One operation, told by what goes over the wire: names of path parameters do not."""

    method: str
    path: str
    statuses: frozenset[str]


def load_spec(root: Path, name: str) -> dict[str, Any]:
    """Return a spec as plain data, without shared parts."""
    document = yaml.safe_load((root / "openapi" / name).read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise RegenerationError(f"openapi/{name} is no OpenAPI document")
    # Through JSON, because YAML's aliases would let one change of the overlay reach several places.
    plain: dict[str, Any] = json.loads(json.dumps(document))
    return plain


def bend(root: Path, specs: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the specs as the generator gets them: with the overlay's changes."""
    entries = yaml.safe_load((root / "openapi" / OVERLAY).read_text(encoding="utf-8"))
    bent = copy.deepcopy(specs)
    for entry in entries:
        if not entry.get("reason") or entry.get("action") not in ("remove", "set"):
            raise RegenerationError(f"openapi/{OVERLAY}: {entry.get('at')} needs an action and a reason")
        if not sum(_change(spec, entry["at"], entry) for spec in bent.values()):
            raise RegenerationError(f"openapi/{OVERLAY}: {entry['at']} fits nothing in the specs any more")
    return bent


def _change(node: Any, way: list[str], entry: dict[str, Any]) -> int:
    if not isinstance(node, dict):
        return 0
    first, *rest = way
    keys = [key for key in node if key == first or fnmatch.fnmatchcase(key, first)]
    if rest:
        return sum(_change(node[key], rest, entry) for key in keys)
    for key in keys:
        if entry["action"] == "remove":
            del node[key]
        else:
            node[key] = entry["value"]
    return len(keys)


def generate(root: Path, workshop: Path) -> dict[str, bytes]:
    """Return every file that belongs into `generated/`, by its path below it."""
    specs = {name: load_spec(root, name) for name in PACKAGES}
    bent = bend(root, specs)
    config = workshop / "config.json"
    config.write_text(json.dumps({"post_hooks": FORMATTERS}), encoding="utf-8")
    files: dict[str, bytes] = {}
    for name, package in PACKAGES.items():
        source = workshop / name.replace(".yaml", ".json")
        source.write_text(json.dumps(bent[name]), encoding="utf-8")
        target = workshop / package
        complaint = _run_generator(source, config, target)
        lost = [f"the generator dropped {what}" for what in dropped(specs[name], target)] if target.exists() else []
        if complaint or lost:
            raise RegenerationError("\n".join([f"openapi/{name}:", *lost, complaint]).rstrip())
        # The generator writes none without a project around it, and type checkers ignore a package that has none.
        (target / "py.typed").touch()
        files.update({f"{package}/{path}": content for path, content in read_tree(target).items()})
    files["README.md"] = _readme(root).encode()
    return files


def _run_generator(source: Path, config: Path, target: Path) -> str:
    """Return what the generator complains of, or nothing."""
    tools = Path(sys.executable).parent
    environment = {key: value for key, value in os.environ.items() if not key.startswith("RUFF_")}
    # The generator skips a formatter that is not on the PATH, and says so with exit code 0.
    environment |= {"PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}", "RUFF_NO_CACHE": "true"}
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(source), "--meta", "none"]
    command += ["--config", str(config), "--output-path", str(target), "--fail-on-warning"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return f"{run.stdout}{run.stderr}" if run.returncode else ""


def _readme(root: Path) -> str:
    rows = [
        f"| `{package}` | `openapi/{name}` | `{hashlib.sha256((root / 'openapi' / name).read_bytes()).hexdigest()}` |"
        for name, package in PACKAGES.items()
    ]
    generator, formatter = (f"{tool} {version(tool)}" for tool in ("openapi-python-client", "ruff"))
    return README.format(rows="\n".join(rows), generator=generator, formatter=formatter)


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path; compiled Python is no part of a tree."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def dropped(spec: dict[str, Any], package: Path) -> list[str]:
    """Name the operations and responses of a spec that a generated package does not have.

    The generator leaves out what it cannot model, and only its warnings tell.
    """
    made = {(operation.method, operation.path): operation.statuses for operation in generated_operations(package)}
    lost = []
    for operation_id, operation in spec_operations(spec):
        statuses = made.get((operation.method, operation.path))
        if statuses is None:
            lost.append(f"the operation {operation_id}")
        else:
            missing = sorted(operation.statuses - statuses)
            lost += [f"the response {status} of {operation_id}" for status in missing]
    return lost


def spec_operations(spec: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    """Yield the operations of a spec with their ids."""
    for path, item in spec["paths"].items():
        for method in METHODS & item.keys():
            operation = item[method]
            statuses = frozenset(str(status) for status in operation["responses"])
            yield operation["operationId"], Operation(method, _nameless(path), statuses)


def generated_operations(package: Path) -> Iterator[Operation]:
    """Yield the operations that the modules of a generated package build and parse."""
    for module in sorted(package.glob("api/*/*.py")):
        functions = {
            node.name: node
            for node in ast.parse(module.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef)
        }
        if "_get_kwargs" in functions:
            kwargs = dict(_text_entries(functions["_get_kwargs"]))
            statuses = frozenset(_statuses(functions["_parse_response"]))
            yield Operation(kwargs["method"], _nameless(kwargs["url"]), statuses)


def _nameless(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path)


def _text_entries(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    # {"method": "get", "url": "..."} or {..., "url": "...".format(...)}
    for node in ast.walk(function):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                match key, value:
                    case ast.Constant(value=str(name)), ast.Constant(value=str(text)):
                        yield name, text
                    case ast.Constant(value=str(name)), ast.Call(
                        func=ast.Attribute(value=ast.Constant(value=str(text)))
                    ):
                        yield name, text


def _statuses(function: ast.FunctionDef) -> Iterator[str]:
    # `response.status_code == 202`, or `500 <= response.status_code <= 599` for 5XX
    for node in ast.walk(function):
        if isinstance(node, ast.Compare):
            numbers = [part.value for part in (node.left, *node.comparators) if isinstance(part, ast.Constant)]
            if len(numbers) == 1:
                yield str(numbers[0])
            elif len(numbers) == 2:
                yield f"{str(numbers[0])[0]}XX"
    # `default` is the parser's last word instead of `return None` for a status that nobody declared.
    if not any(isinstance(node, ast.Attribute) and node.attr == "UnexpectedStatus" for node in ast.walk(function)):
        yield "default"
