"""What `import momopy` costs: nothing that a user did not ask for is loaded with it."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = [
    "aiohttp",
    "click",
    "dotenv",
    "jinja2",
    "momo_collection_api",
    "momo_provisioning_api",
    "momopy.callbacks",
    "momopy.cli",
    "momopy.environment",
    "momopy.fast",
    "momopy.journal",
    "momopy.sandbox",
    "momopy.stores.file",
    "momopy.stores.redis",
    "opentelemetry",
    "phonenumbers",
    "pytest",
    "redis",
    "sqlalchemy",
    "sqlite3",
    "starlette",
    "uvicorn",
]

# httpx itself loads click where it is installed, for a command of its own.
PROGRAM = """
import json, sys
{first}
before = set(sys.modules)
import momopy
{then}
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def _loaded(first: str = "", then: str = "") -> set[str]:
    program = PROGRAM.format(first=first, then=then)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout))


def test_import_is_light():
    """A program that imports momopy for an exception pays for no HTTP and no event loop."""
    loaded = _loaded()
    assert "momopy" in loaded
    assert sorted(name for name in (*HEAVY, "asyncio", "httpx", "ssl") if name in loaded) == []


def test_clients_load_nothing_heavy():
    """Extras, the folders beside the core and the generated clients wait until they are used."""
    loaded = _loaded("import httpx", "momopy.Client, momopy.Collection, momopy.SyncClient, momopy.SyncCollection")
    assert "momopy.awaited.collection" in loaded
    assert sorted(name for name in HEAVY if name in loaded) == []


def test_import_says_nothing_and_warns_of_nothing():
    """Neither stdout nor stderr, with every warning an error."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import momopy"], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_everything_public_is_there():
    """`from momopy import *` gives what `__all__` names, sorted for the reader."""
    import momopy

    names = momopy.__all__
    assert all(hasattr(momopy, name) for name in names)
    assert len(set(names)) == len(names)
