"""Builds the wheel, installs it into an empty environment, and collects a payment from there in both twins.

The environment holds what the wheel declares and nothing else; a local MoMo runs outside of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from momopy.sandbox import run

ROOT = Path(__file__).resolve().parent.parent

PROGRAM = """
import asyncio, importlib.metadata, sys
from pathlib import Path

import momo_collection_api, momo_provisioning_api, momopy

def needs(name, found):
    if name not in found:
        found.add(name)
        for line in importlib.metadata.requires(name) or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                needs(requirement.name.lower().replace("_", "-"), found)
    return found

from pip._vendor.packaging.requirements import Requirement

declared = needs("momopy-collection", {"pip", "setuptools"})
installed = {d.metadata["Name"].lower().replace("_", "-") for d in importlib.metadata.distributions()}
assert installed <= declared, installed - declared
for module in (momopy, momo_collection_api, momo_provisioning_api):
    assert Path(module.__file__).is_relative_to(sys.prefix), module.__file__
    assert (Path(module.__file__).parent / "py.typed").is_file()

body = {"amount": "5", "currency": "EUR", "payer": {"partyIdType": "MSISDN", "partyId": "46733123499"}}

async def awaited():
    async with momopy.Collection.from_env() as collection:
        accepted = (await collection.request_to_pay(body=body)).unwrap()
        return (await collection.wait_for_payment(accepted["reference_id"])).unwrap()["status"]

def blocking():
    with momopy.SyncCollection.from_env() as collection:
        accepted = collection.request_to_pay(body=body).unwrap()
        return collection.wait_for_payment(accepted["reference_id"]).unwrap()["status"]

assert asyncio.run(awaited()) == blocking() == "SUCCESSFUL"
print(f"momopy {momopy.__version__} on Python {sys.version.split()[0]} with nothing but", *sorted(declared - {"pip"}))
"""

TYPED = """
import momopy

def pay(collection: momopy.SyncCollection) -> str:
    result = collection.get_account_balance()
    if result.ok:
        return result.data["availableBalance"]
    reveal_type(result.data)
    return result.data["code"]
"""


def main() -> int:
    """Check the wheel; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place / "dist"), str(ROOT))
        (wheel,) = (place / "dist").glob("*.whl")
        _run(sys.executable, "-m", "venv", str(place / "venv"))
        python = str(place / "venv" / "bin" / "python")
        pins = str(ROOT / "requirements" / "dev.txt")
        _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", pins, str(wheel))
        with run() as sandbox:
            print(_run(python, "-c", PROGRAM, cwd=place, variables=sandbox.env()), end="")
        (place / "user.py").write_text(TYPED)
        said = _run(sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "user.py", cwd=place)
        if "momopy.failure.Failure" not in said:
            sys.exit(f"A type checker does not see the types of the installed wheel:\n{said}")
        print("A type checker sees the types of the installed wheel.")
    return 0


def _run(*command: str, cwd: Path = ROOT, variables: dict[str, str] | None = None) -> str:
    # Nothing of this environment may help the other one.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE", "MOMO_"))}
    done = subprocess.run(command, cwd=cwd, env=kept | (variables or {}), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:6])} ... failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
