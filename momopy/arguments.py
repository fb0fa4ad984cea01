"""Checks what a program sets a client up with: a mistake in it is named before anything is sent."""

from __future__ import annotations

import inspect
from typing import Any, Final

from momopy.errors import InvalidArgument, wrong_type
from momopy.settings import Settings

_MAY_BE_ZERO: Final = frozenset(
    "backoff backoff_limit ambiguous_wait retry_after_limit retry_quota retry_cost timeout_cost keepalive horizon "
    "settle_window token_advisory token_mandatory token_pause token_spacing slow_poll_after".split()
)


def seconds(value: object, parameter: str) -> float:
    """Return a number of seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_type(InvalidArgument, parameter, "must be a number of seconds")
    if not 0 <= value < float("inf"):
        raise InvalidArgument(parameter, "must be a number of seconds that is not negative")
    return value


def count(value: object, parameter: str) -> int:
    """Return a number of things."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_type(InvalidArgument, parameter, "must be an int")
    if value < 1:
        raise InvalidArgument(parameter, "must be at least 1")
    return value


def flag(value: object, parameter: str) -> bool:
    """Return True or False: the text "false" is true, and these decide about money."""
    if not isinstance(value, bool):
        raise wrong_type(InvalidArgument, parameter, "must be True or False")
    return value


def listener(value: object, parameter: str, *, awaited: bool = False) -> Any:
    """Return what can be called, or None; a coroutine function only where somebody awaits it."""
    if value is None:
        return None
    if not callable(value):
        raise wrong_type(InvalidArgument, parameter, "must be a function")
    if not awaited and inspect.iscoroutinefunction(value):
        raise wrong_type(InvalidArgument, parameter, "must be a plain function: nobody awaits it")
    return value


def methods(value: object, parameter: str, *names: str) -> Any:
    """Return what has these methods, or None."""
    if value is None:
        return None
    missing = [name for name in names if not callable(getattr(value, name, None))]
    if missing:
        raise wrong_type(InvalidArgument, parameter, f"must have the methods {', '.join(names)}")
    return value


def settings(value: object, timeout: object = None) -> Settings:
    """Return settings whose numbers can be kept, all deadlines being `timeout` where it is given."""
    if not isinstance(value, Settings):
        raise wrong_type(InvalidArgument, "settings", "must be momopy.Settings(...)")
    for name, number in value._asdict().items():
        for each in number if isinstance(number, tuple) else (number,):
            if isinstance(each, bool) or not isinstance(each, int | float):
                raise wrong_type(InvalidArgument, f"settings.{name}", "must be a number")
            if not (0 < each < float("inf") or (each == 0 and name in _MAY_BE_ZERO)):
                raise InvalidArgument(f"settings.{name}", "must be more than 0")
    if timeout is None:
        return value
    deadline = seconds(timeout, "timeout")
    if deadline == 0:
        raise InvalidArgument("timeout", "must be more than 0 seconds")
    return value._replace(read_deadline=deadline, token_deadline=deadline, write_deadline=deadline)
