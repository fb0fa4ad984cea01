"""The command `momopy`. Needs click: the extra `cli` or `sandbox`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command."""
    try:
        from momopy.cli.commands import momopy
    except ImportError as missing:
        if missing.name != "click":
            raise
        sys.exit("The command momopy needs click: install momopy-collection[cli] or momopy-collection[sandbox]")
    momopy()
