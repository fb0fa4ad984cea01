"""A store in files: for scripts that a timer starts, and for the worker processes of one host."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import stat
import sys
import tempfile
import time
import weakref
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from momopy.stores import LockNotGained, StoreRefused

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    # flock and not lockf: the latter's locks belong to a whole process and end when any of its
    # descriptors of the file is closed, so that two threads would not hold each other off.
    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


_LIMIT = 1 << 16
# Seconds after which nobody writes a file any more that was begun.
_ABANDONED = 60.0
_BUSY = frozenset({errno.EAGAIN, errno.EACCES, errno.EDEADLK})
# Those that there are: a link is not followed, a pipe in the place of a file is not waited for.
_SAFELY = 0
for _flag in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_BINARY"):
    _SAFELY |= getattr(os, _flag, 0)


class FileStore:
    """Keeps tokens in a folder of its own, one file for each set of credentials.

    The folder is made when it is needed, for its owner alone (0700, its files 0600). A folder or file that others
    can read, that somebody else owns, or that is a link is refused: every method then raises `StoreRefused`, and a
    client goes on without the store and logs the reason.

    Args:
        folder: The folder, such as `~/.cache/momopy`. The one above it must exist, and nothing else belongs in it.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = Path(folder).expanduser()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._folder}>"

    def get(self, key: str) -> str | None:
        """Return the text, or None where there is none, its lifetime is over or the file holds something else."""
        self._prepare()
        path = self._path(key, "token")
        try:
            descriptor = _open(path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(_LIMIT)
        try:
            entry = json.loads(content)
            value, until = entry["value"], float(entry["until"])
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return None
        return value if isinstance(value, str) and time.time() < until else None

    def set(self, key: str, value: str, lifetime: float) -> None:
        """Keep a text for so many seconds. A reader sees the text before it or this one, never a part."""
        self._prepare()
        path = self._path(key, "token")
        content = json.dumps({"until": time.time() + lifetime, "value": value}).encode()
        self._sweep(path)
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=path.stem[:8] + ".", suffix=".new")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise

    def lock(self, key: str, timeout: float) -> AbstractContextManager[object]:
        """Make a lock that holds the other processes and threads off."""
        return _Held(self, self._path(key, "lock"), timeout)

    def _sweep(self, path: Path) -> None:
        """Remove what writers that were killed left beside a file."""
        for left in self._folder.glob(f"{path.stem[:8]}.*.new"):
            with contextlib.suppress(OSError):
                if time.time() - left.lstat().st_mtime > _ABANDONED:
                    left.unlink()

    def _path(self, key: str, kind: str) -> Path:
        # A key names credentials; a hash of it can be no path and no name that a file cannot have.
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.{kind}"

    def _prepare(self) -> None:
        try:
            self._folder.mkdir(mode=0o700)
        except FileExistsError:
            pass
        except FileNotFoundError:
            raise StoreRefused(f"{self._folder.parent} does not exist: make it first") from None
        _check(self._folder.lstat(), self._folder, stat.S_ISDIR, "folder")


class _Held:
    def __init__(self, store: FileStore, path: Path, timeout: float) -> None:
        self._store = store
        self._path = path
        self._timeout = timeout
        self._descriptor = -1
        _locks.add(self)

    def __enter__(self) -> None:
        self._store._prepare()
        end = time.monotonic() + self._timeout
        pause = 0.002
        self._descriptor = _open(self._path, os.O_RDWR | os.O_CREAT)
        try:
            while True:
                try:
                    _try_lock(self._descriptor)
                    return
                except OSError as exc:
                    if exc.errno not in _BUSY:
                        raise
                if time.monotonic() >= end:
                    raise LockNotGained(f"another process held the lock for {self._timeout:g} seconds")
                time.sleep(pause)
                pause = min(2 * pause, 0.05)
        except BaseException:
            self._close()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._descriptor < 0:
            return  # in a child of the process that holds it
        try:
            # A child that is just being forked may have a copy of the descriptor, with the same lock.
            _unlock(self._descriptor)
        finally:
            self._close()

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    # An awaiting task that is cancelled while a thread waits for the lock leaves it to nobody.
    __del__ = _close


_locks: weakref.WeakSet[_Held] = weakref.WeakSet()


def _after_fork() -> None:
    # The copies of the descriptors would hold the locks of a parent that is killed for as long as the child lives.
    for lock in list(_locks):
        lock._close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _open(path: Path, flags: int) -> int:
    """Open a file that is the user's own and nobody else's to read."""
    try:
        descriptor = os.open(path, flags | _SAFELY, 0o600)
    except OSError as exc:
        if exc.errno == errno.ELOOP:
            raise StoreRefused(f"{path} is a link") from None
        raise
    try:
        _check(os.fstat(descriptor), path, stat.S_ISREG, "file")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _check(found: os.stat_result, path: Path, is_kind: object, kind: str) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise StoreRefused(f"{path} is a link")
    if not is_kind(found.st_mode):  # type: ignore[operator]
        raise StoreRefused(f"{path} is no {kind}")
    if sys.platform == "win32":
        return  # who may read it is not in its mode there
    if found.st_uid != os.geteuid():
        raise StoreRefused(f"{path} belongs to another user")
    if found.st_mode & 0o077:
        raise StoreRefused(f"{path} is open to others: chmod {'700' if kind == 'folder' else '600'}")
