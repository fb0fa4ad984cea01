"""Loads the generated packages, by one thread at a time.

Python 3.11 gives up with a deadlock, or hands out half a module, where two threads import two modules of a package
whose `__init__` imports both; the first calls of a pool of threads did so (measured).
"""

from __future__ import annotations

import importlib
import os
import threading

_lock = threading.Lock()
_is_loaded = False


def load() -> None:
    """Load what the modules of all operations import; to be called before any of them is."""
    global _is_loaded
    if not _is_loaded:
        with _lock:
            for package in ("momo_collection_api", "momo_provisioning_api"):
                importlib.import_module(f"{package}.models")
            _is_loaded = True


def _after_fork() -> None:
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
