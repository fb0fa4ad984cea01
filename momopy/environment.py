"""Reads a client's arguments from environment variables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from momopy.errors import InvalidArgument, MissingCredentials
from momopy.markets import SANDBOX

VARIABLES: Final = {
    "subscription_key": "MOMO_SUBSCRIPTION_KEY",
    "api_user": "MOMO_API_USER",
    "api_key": "MOMO_API_KEY",
    "target": "MOMO_TARGET_ENVIRONMENT",
    "base_url": "MOMO_BASE_URL",
    "callback": "MOMO_CALLBACK_URL",
}
_NEEDED: Final = ("subscription_key", "api_user", "api_key")


def read(dotenv: str | bool, options: dict[str, Any]) -> dict[str, Any]:
    """Complete a constructor's arguments from the environment; what is given already wins."""
    variables: dict[str, str | None] = dict(os.environ)
    if dotenv:
        variables = _dotenv(dotenv) | variables
    found = {name: variables.get(variable) for name, variable in VARIABLES.items()}
    arguments = {name: value.strip() for name, value in found.items() if value and value.strip()} | options
    missing = [VARIABLES[name] for name in _NEEDED if not arguments.get(name)]
    if missing:
        raise MissingCredentials(
            ", ".join(missing), "not set in the environment" if len(missing) == 1 else "are not set"
        )
    # Whoever names a live target in the environment of a program means it.
    if "live" not in options and arguments.get("target", SANDBOX) != SANDBOX and "target" not in options:
        arguments["live"] = True
    return arguments


def _dotenv(where: str | bool) -> dict[str, str | None]:
    try:
        from dotenv import dotenv_values, find_dotenv
    except ImportError:
        raise InvalidArgument("dotenv", "needs the extra env: pip install 'momopy-collection[env]'") from None
    path = find_dotenv(usecwd=True) if where is True else str(where)
    if where is not True and not Path(path).is_file():
        raise InvalidArgument("dotenv", "is no file")
    return dotenv_values(path) if path else {}
