"""Rebuilds what is derived: the generated packages, the types, the blocking twins.

With --check it changes nothing and fails where something is stale.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from derive_twins import TWINS, derive_twins
from derive_types import TARGET as TYPES
from derive_types import derive_types
from generate_clients import RegenerationError, generate, read_tree

ROOT = Path(__file__).resolve().parent.parent
# Nothing but what is derived may be in these.
FOLDERS = ("generated", TWINS)


def main(arguments: list[str]) -> int:
    """Regenerate, or check; return the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: regenerate [--check]", file=sys.stderr)
        return 2
    try:
        wanted = build(ROOT)
    except RegenerationError as error:
        print(error, file=sys.stderr)
        return 1
    faults = differences(wanted, present(ROOT))
    if arguments:
        for fault in faults:
            print(fault, file=sys.stderr)
        if faults:
            print("Stale. Run ./scripts/regenerate and commit what it changes.", file=sys.stderr)
        return 1 if faults else 0
    write(ROOT, wanted)
    print("\n".join(faults) or "Nothing to do.")
    return 0


def build(root: Path) -> dict[str, bytes]:
    """Return what every derived file should hold, by its path below the root."""
    with tempfile.TemporaryDirectory() as workshop:
        wanted = {f"generated/{path}": content for path, content in generate(root, Path(workshop)).items()}
    for path, text in (derive_twins(root) | {TYPES: derive_types(root)}).items():
        wanted[path] = formatted(root, path, text)
    return wanted


def formatted(root: Path, path: str, text: str) -> bytes:
    """Return a text as ruff leaves it: imports sorted, the unused ones gone."""
    ruff = [str(Path(sys.executable).parent / "ruff")]
    named = ["--quiet", "--no-cache", "--stdin-filename", path, "-"]
    for command in (["check", "--select", "I,F401", "--fix", *named], ["format", *named]):
        run = subprocess.run([*ruff, *command], input=text, cwd=root, capture_output=True, text=True, check=False)
        if run.returncode:
            raise RegenerationError(f"{path}: ruff complains\n{run.stdout[:2000]}{run.stderr}")
        text = run.stdout
    return text.encode()


def present(root: Path) -> dict[str, bytes]:
    """Return what the derived files hold now, those included that should not be there."""
    found = {f"{folder}/{path}": data for folder in FOLDERS for path, data in read_tree(root / folder).items()}
    if (root / TYPES).exists():
        found[TYPES] = (root / TYPES).read_bytes()
    return found


def differences(wanted: dict[str, bytes], found: dict[str, bytes]) -> list[str]:
    """Tell in one line each what is missing, changed, or there without being wanted."""
    return [
        *(f"missing: {path}" for path in sorted(wanted.keys() - found.keys())),
        *(f"changed: {path}" for path in sorted(wanted.keys() & found.keys()) if wanted[path] != found[path]),
        *(f"extra: {path}" for path in sorted(found.keys() - wanted.keys())),
    ]


def write(root: Path, wanted: dict[str, bytes]) -> None:
    """Bring the derived files to what is wanted."""
    found = present(root)
    for path in found.keys() - wanted.keys():
        (root / path).unlink()
    for path, content in wanted.items():
        if found.get(path) != content:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
