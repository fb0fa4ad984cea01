"""Reads a client's arguments from environment variables."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from momopy.errors import InvalidArgument, MissingCredentials, Misuse
from momopy.markets import SANDBOX
from momopy.secret import Secret

VARIABLES: Final = {
    "subscription_key": "MOMO_SUBSCRIPTION_KEY",
    "api_user": "MOMO_API_USER",
    "api_key": "MOMO_API_KEY",
    "target": "MOMO_TARGET_ENVIRONMENT",
    "base_url": "MOMO_BASE_URL",
    "callback": "MOMO_CALLBACK_URL",
}
_NEEDED: Final = ("subscription_key", "api_user", "api_key")
_SECRET: Final = ("subscription_key", "api_key")


def read(dotenv: str | os.PathLike[str] | bool, options: dict[str, Any]) -> dict[str, Any]:
    """Complete a constructor's arguments from the environment; what is given already wins."""
    # No local variable here holds a secret in clear: a traceback may show them.
    arguments = _found(dotenv) | options
    missing = [VARIABLES[name] for name in _NEEDED if not arguments.get(name)]
    if missing:
        raise MissingCredentials(
            ", ".join(missing), "is not set in the environment" if len(missing) == 1 else "are not set"
        )
    # Whoever names a live target in the environment of a program means it.
    if "live" not in options and arguments.get("target", SANDBOX) != SANDBOX and "target" not in options:
        arguments["live"] = True
    return arguments


@contextmanager
def naming(options: Mapping[str, Any]) -> Iterator[None]:
    """Let an error about a value that is not among these options name the variable that it came from."""
    try:
        yield
    except Misuse as error:
        variable = VARIABLES.get(error.parameter)
        if variable is None or error.parameter in options:
            raise
        raise type(error)(variable, error.rule) from None


def text(variable: str, variables: Mapping[str, str | None] = os.environ) -> str | None:
    """The text of a variable; None for one that is not set, empty, or nothing but spaces."""
    return (variables.get(variable) or "").strip() or None


def _found(dotenv: str | os.PathLike[str] | bool) -> dict[str, Any]:
    kept = _dotenv(dotenv) if dotenv else {}
    found: dict[str, Any] = {}
    for name, variable in VARIABLES.items():
        value = text(variable) or text(variable, kept)
        if value is not None:
            found[name] = Secret(value) if name in _SECRET else value
    return found


def _dotenv(where: str | os.PathLike[str] | bool) -> dict[str, str | None]:
    try:
        from dotenv import dotenv_values, find_dotenv
    except ImportError:
        raise InvalidArgument("dotenv", "needs the extra env: pip install 'momopy-collection[env]'") from None
    path = find_dotenv(usecwd=True) if isinstance(where, bool) else os.fspath(where)
    if not path:
        return {}
    if not Path(path).is_file():
        raise InvalidArgument("dotenv", "is no file")
    try:
        # A key with a dollar sign in it is a key, and not the name of another variable.
        return dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError):
        pass
    # Raised outside: the error that was caught holds the file's bytes.
    raise InvalidArgument("dotenv", "cannot be read as a text file in UTF-8")
