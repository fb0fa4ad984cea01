"""A PostgreSQL of the tests' own, on a socket in a folder of its own, gone when they are over."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps them outside of PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: float(each.parent.name))
    found = shutil.which("initdb")
    candidates = [*([Path(found).parent] if found else []), *reversed(folders)]
    return next((each for each in candidates if (each / "initdb").exists() and (each / "postgres").exists()), None)


def _owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("there is no user to run PostgreSQL as")


@contextmanager
def cluster() -> Iterator[str]:
    """Run one; its URL for SQLAlchemy is given."""
    bin_, owner = programs(), _owner()
    assert bin_ is not None
    # A socket's path may hold 107 characters, which pytest's own folders exceed.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    log = (folder / "log").open("wb")
    server = None
    try:
        subprocess.run(
            [bin_ / "initdb", "-D", folder / "data", "-U", "shop", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            stdout=log,
            stderr=log,
            check=True,
            cwd=folder,
            **owner,
        )
        server = subprocess.Popen(
            [bin_ / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses="],
            stdout=log,
            stderr=log,
            cwd=folder,
            **owner,
        )
        _wait(folder, server)
        yield f"postgresql+psycopg://shop@/postgres?host={folder}"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(folder: Path, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    end = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(host=str(folder), user="shop", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > end or server.poll() is not None:
                raise
            time.sleep(0.05)
