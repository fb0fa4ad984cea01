"""How the commands put into words what the library and the service say."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from typing import Any, Final

from momopy.failure import Failure

SEE_LOCAL: Final = "Is the local MoMo running? It is started by: momopy sandbox"
_ARGUMENT: Final = re.compile(r"\b(allow_[a-z_]+)=True")


def in_options(rule: str) -> str:
    """A rule of the library with an option of the command where it names an argument of Python."""
    return _ARGUMENT.sub(lambda found: "--" + found[1].replace("_", "-"), rule)


def said(data: Mapping[str, Any], key: str) -> str | None:
    """The text that the service gave here; None where it gave none, or what a terminal should not be shown."""
    # Every field is optional on the wire, and none is sure to be text.
    text = data.get(key)
    return text if isinstance(text, str) and text and text.isprintable() else None


def wait(failure: Failure) -> str:
    """What to do where there were too many calls."""
    seconds = failure["retry_after"]
    long = f"{math.ceil(seconds)} seconds" if seconds else "a minute"
    return f"Wait {long}; MTN counts all calls of the subscription."


def authorities() -> str | None:
    """The variable that names the authorities to trust in the place of momopy's own, where one is set."""
    return next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)), None)
