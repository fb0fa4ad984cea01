"""Runs clients that were not written here against the local MoMo, and reports operation by operation.

    scripts/sandbox-peers [--folder DIR]

They are installed into a folder of their own (a temporary one, unless one is named to be used again)
and changed in nothing but their address. What fails through a peer's own fault is named below with
the reason; anything else that fails, and any such fault that is gone, makes this script fail.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import attrs

from momopy.sandbox import Switches, run

DRIVERS = Path(__file__).resolve().parent / "peers"


@attrs.frozen
class Peer:
    """One client, its driver, and what is its own fault."""

    package: str
    version: str
    driver: str
    switches: dict[str, Any] = attrs.field(factory=dict)
    because: str = ""
    """Why it needs a switch."""
    own_faults: dict[str, str] = attrs.field(factory=dict)


_SENDS_A_BODY = "it sends a body with the token request, which MTN documents as a 400"
_NO_CONSENT = "it asks with the access token of the API user; nobody consented"
PEERS = (
    Peer("mtn-momo-client", "2.0.1", "drive_mtn_momo_client.py"),
    Peer("momo-openapi", "0.1.2", "drive_momo_openapi.py"),
    Peer("mtnmomo", "3.0.1", "drive_mtnmomo.py", {"token_body": "ignore"}, _SENDS_A_BODY),
    Peer(
        "mobilemoney.py",
        "0.1.2",
        "drive_mobilemoney.py",
        {"token_body": "ignore"},
        _SENDS_A_BODY,
        {
            "get_withdraw_status": "AttributeError before anything is sent: it reads is_Live, which is called isLive",
            "isActive": "the same AttributeError",
            "ask_user_info": _NO_CONSENT,
        },
    ),
    Peer("mtn-momo", "2.0.0", "drive_mtn_momo.cjs"),
    Peer(
        "mobilemoney.js",
        "0.0.4",
        "drive_mobilemoney.cjs",
        own_faults={
            "withdraw": "TypeError before anything is sent: it makes a GET of it, with a body",
            "getWithdrawStatus": "there is no withdraw, see there",
            "isActive": "it asks for {accountHolderIdType}/{accountHolderId}, as written: nothing is filled in",
            "askUserInfo": _NO_CONSENT,
        },
    ),
)


def install(folder: Path) -> dict[str, list[str]]:
    """Install each Python peer into an environment of its own, all npm peers into one; how to run them."""
    runners: dict[str, list[str]] = {}
    npm = []
    for peer in PEERS:
        if peer.driver.endswith(".cjs"):
            npm.append(f"{peer.package}@{peer.version}")
            runners[peer.package] = ["node"]
            continue
        # Of its own, for they pin requests and click to versions that exclude each other.
        environment = folder / peer.package
        python = environment / "bin" / "python"
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
            # mobilemoney.py imports requests and does not say so.
            wanted = [f"{peer.package}=={peer.version}", "requests"]
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, *wanted], check=True)
        runners[peer.package] = [str(python)]
    if not (folder / "node_modules").exists():
        (folder / "package.json").write_text("{}")
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *npm]
        subprocess.run(command, cwd=folder, check=True)
    return runners


def drive(peer: Peer, runner: list[str], folder: Path) -> list[dict[str, Any]]:
    """Run one peer; a report for each operation."""
    with run(switches=Switches(**peer.switches)) as sandbox:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environment |= {**sandbox.env(), "NODE_PATH": str(folder / "node_modules")}
        done = subprocess.run(
            [*runner, str(DRIVERS / peer.driver)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    reports = [json.loads(line[8:]) for line in done.stdout.splitlines() if line.startswith("#report ")]
    if done.returncode:
        reports.append({"operation": "(the driver itself)", "ok": False, "error": done.stderr.strip()[-300:]})
    return reports


def show(peer: Peer, reports: list[dict[str, Any]]) -> int:
    """Print what a peer did; how many surprises there were."""
    kind = "npm" if peer.driver.endswith(".cjs") else "Python"
    print(f"\n{peer.package} {peer.version} ({kind})")
    if peer.because:
        settings = ", ".join(f"{name}={value}" for name, value in peer.switches.items())
        print(f"  with {settings}: {peer.because}")
    surprises = 0
    for report in reports:
        reason = peer.own_faults.get(report["operation"])
        if report["ok"]:
            surprises += reason is not None
            print(f"  works    {report['operation']}" + (" (a fault of its own is gone)" if reason else ""))
        elif reason is not None:
            print(f"  its own  {report['operation']}: {reason}")
        else:
            surprises += 1
            print(f"  FAILS    {report['operation']}: {report['error']}")
    missing = peer.own_faults.keys() - {report["operation"] for report in reports}
    for operation in missing:
        surprises += 1
        print(f"  MISSING  {operation}")
    return surprises if reports else 1


def main() -> int:
    """Install, drive and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where the peers are installed, to be used again")
    options = parser.parse_args()
    missing = [program for program in ("node", "npm") if shutil.which(program) is None]
    if missing:
        print(f"the npm peers need {' and '.join(missing)}, which this machine does not have")
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        runners = install(folder.resolve())
        surprises = sum(show(peer, drive(peer, runners[peer.package], folder.resolve())) for peer in PEERS)
    print(f"\n{'all as expected' if not surprises else f'{surprises} surprises'}")
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(main())
