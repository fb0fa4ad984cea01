"""The file store: whose files they are, what is refused, and that nothing is ever read in part."""

from __future__ import annotations

import logging
import os
import stat
import sys
import time
from pathlib import Path

import pytest

from momopy.stores import FileStore, StoreRefused
from tests.stores.conftest import Workers
from tests.tokens.desk import Clock, Credentials, Desk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes and owners as POSIX has them")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tokens"


@pytest.fixture
def kept(folder: Path) -> FileStore:
    """A store with one text and its lock file."""
    store = FileStore(folder)
    store.set("key", "text", 60)
    with store.lock("key", 1):
        pass
    return store


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def the(folder: Path, suffix: str) -> Path:
    (path,) = folder.glob(f"*.{suffix}")
    return path


def test_folder_and_files_are_their_owners_alone(kept: FileStore, folder: Path) -> None:
    before = os.umask(0)
    try:
        kept.set("key", "more", 60)
        kept.set("other", "more", 60)
        with kept.lock("other", 1):
            pass
    finally:
        os.umask(before)
    assert mode(folder) == 0o700
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    assert len(list(folder.iterdir())) == 4


def test_the_constructor_touches_nothing(folder: Path) -> None:
    FileStore(folder)
    assert not folder.exists()


def test_a_file_is_written_beside_and_put_in_place(
    kept: FileStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: (steps.append("fsync"), fsync(descriptor))[1])
    monkeypatch.setattr(Path, "replace", lambda self, to: (steps.append("replace"), replace(self, to))[1])
    inode = the(folder, "token").stat().st_ino
    kept.set("key", "new", 60)
    assert steps == ["fsync", "replace"]
    assert the(folder, "token").stat().st_ino != inode


def test_a_write_that_fails_leaves_the_old_text_and_no_rest(
    kept: FileStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        kept.set("key", "new", 60)
    assert kept.get("key") == "text"
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("change", ["folder", "token", "lock"])
@pytest.mark.parametrize("bits", [0o040, 0o020, 0o004, 0o002, 0o011])
def test_what_others_may_open_is_refused(change: str, bits: int, kept: FileStore, folder: Path) -> None:
    path = folder if change == "folder" else the(folder, change)
    path.chmod(mode(path) | bits)
    with pytest.raises(StoreRefused, match=r"open to others: chmod [67]00"):
        _use(kept)


@pytest.mark.parametrize("change", ["folder", "token", "lock"])
def test_a_link_is_refused(change: str, kept: FileStore, folder: Path, tmp_path: Path) -> None:
    path = folder if change == "folder" else the(folder, change)
    elsewhere = path.rename(tmp_path / "elsewhere")
    path.symlink_to(elsewhere)
    with pytest.raises(StoreRefused, match="is a link"):
        _use(kept)


@pytest.mark.parametrize("change", ["folder", "token", "lock"])
def test_another_owner_is_refused(change: str, kept: FileStore, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder if change == "folder" else the(folder, change)
    if os.geteuid() == 0:
        os.chown(path, 12345, -1)
    else:  # only root can give a file away
        if change != "folder":
            pytest.skip("only root can make a file that belongs to somebody else")
        owner = os.geteuid() + 1
        monkeypatch.setattr(os, "geteuid", lambda: owner)
    with pytest.raises(StoreRefused, match="belongs to another user"):
        _use(kept)


def test_what_is_no_file_is_refused(kept: FileStore, folder: Path) -> None:
    path = the(folder, "token")
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(StoreRefused, match="is no file"):
        _use(kept)
    path.unlink()
    path.mkdir(0o700)
    with pytest.raises(StoreRefused, match="is no file"):
        kept.get("key")


def test_a_folder_that_has_no_place_says_what_to_do(
    tmp_path: Path, desk: Desk, merchant: Credentials, caplog: pytest.LogCaptureFixture
) -> None:
    store = FileStore(tmp_path / "not" / "there")
    with pytest.raises(StoreRefused, match=r"not does not exist: make it first"):
        store.get("key")
    assert merchant.blocking(desk, store=store).get_account_balance().ok
    assert f"{tmp_path / 'not'} does not exist: make it first" in caplog.text


def test_what_a_killed_writer_left_is_removed(kept: FileStore, folder: Path) -> None:
    stem = the(folder, "token").stem[:8]
    old, young, foreign = folder / f"{stem}.a.new", folder / f"{stem}.b.new", folder / "01234567.a.new"
    for path in (old, young, foreign):
        path.touch(0o600)
    for path in (old, foreign):
        os.utime(path, (time.time() - 100, time.time() - 100))
    kept.set("key", "new", 60)
    assert (old.exists(), young.exists(), foreign.exists()) == (False, True, True)
    assert kept.get("key") == "new"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_does_not_keep_the_lock_of_a_parent_that_is_killed(workers: Workers, folder: Path) -> None:
    running = workers.start(1, "hold-and-fork", str(folder))
    workers.go(running)
    assert running[0].stdout is not None
    child = int(running[0].stdout.readline())
    running[0].wait(10)
    try:
        with FileStore(folder).lock("key", 5):
            os.kill(child, 0)  # it lives
    finally:
        os.kill(child, 9)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_does_not_undo_the_lock_of_its_parent(workers: Workers, folder: Path) -> None:
    running = workers.start(1, "leave-in-child", str(folder))
    workers.go(running)
    assert workers.outcomes(running) == ["LockNotGained"]


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch(0o600)
    with pytest.raises(StoreRefused, match="is no folder"):
        FileStore(path).get("key")


def _use(store: FileStore) -> None:
    store.get("key")
    with store.lock("key", 1):
        store.set("key", "text", 60)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b"\xff\xfe", b"{}", b'{"value": "x"}', b'{"value": 1, "until": 9e99}', b"[" * 60_000],
    ids=range(9),
)
def test_a_spoiled_file_is_no_token(content: bytes, kept: FileStore, folder: Path) -> None:
    the(folder, "token").write_bytes(content)
    assert kept.get("key") is None
    kept.set("key", "new", 60)
    assert kept.get("key") == "new"


def test_a_client_goes_on_without_a_refused_store_and_says_why(
    kept: FileStore, folder: Path, clock: Clock, desk: Desk, merchant: Credentials, caplog: pytest.LogCaptureFixture
) -> None:
    folder.chmod(0o755)
    with caplog.at_level(logging.WARNING, "momopy"):
        assert merchant.blocking(desk, store=kept).get_account_balance().ok
    assert "is open to others: chmod 700" in caplog.text
    assert "StoreRefused" in caplog.text


def test_no_torn_file_in_1600_renewals_of_8_processes(workers: Workers, folder: Path) -> None:
    running = workers.start(8, "renewals", str(folder), "200")
    workers.go(running)
    assert workers.outcomes(running) == ["torn 0 lost 0"] * 8
    assert '"sum": 1600' in str(FileStore(folder).get("key"))


def test_a_process_that_dies_with_the_lock_leaves_it(workers: Workers, folder: Path) -> None:
    running = workers.start(1, "hold", str(folder))
    workers.go(running)
    assert workers.outcomes(running) == ["held"]
    with FileStore(folder).lock("key", 5):
        pass
