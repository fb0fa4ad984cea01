"""Runs one target under atheris: `python -m tests.fuzz.run TARGET [options of libFuzzer]`, by way of scripts/fuzz."""

from __future__ import annotations

import sys


def main() -> None:
    """Fuzz the target that the first argument names; `--list` names them all."""
    if sys.argv[1:] == ["--list"]:
        from tests.fuzz.targets import TARGETS

        print(" ".join(TARGETS))
        return
    import atheris  # type: ignore[import-not-found]  # in an environment of its own

    with atheris.instrument_imports(include=["momopy", "tests.fuzz.targets"]):
        from tests.fuzz.targets import TARGETS
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
