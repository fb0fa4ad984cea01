"""What every store promises."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from momopy.errors import MomoException
from momopy.stores import LockNotGained, TokenStore

LONG = 60.0


def test_it_keeps_texts_apart_by_their_keys(store: TokenStore) -> None:
    assert store.get("a") is None
    store.set("a", "first", LONG)
    store.set("b/../\u00e9\n", '{"header": "Bearer x"}', LONG)
    assert (store.get("a"), store.get("b/../\u00e9\n"), store.get("c")) == ("first", '{"header": "Bearer x"}', None)
    store.set("a", "second", LONG)
    assert store.get("a") == "second"


def test_a_text_is_gone_after_its_lifetime(store: TokenStore) -> None:
    store.set("a", "text", 0.15)
    store.set("b", "text", LONG)
    time.sleep(0.2)
    assert (store.get("a"), store.get("b")) == (None, "text")


def test_only_one_holds_the_lock(store: TokenStore) -> None:
    inside = most = total = 0

    def work(_: int) -> None:
        nonlocal inside, most, total
        with store.lock("a", 30):
            inside += 1
            most = max(most, inside)
            seen = total
            time.sleep(0.002)
            total = seen + 1
            inside -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(24)))
    assert (most, total) == (1, 24)


def test_locks_of_different_keys_do_not_meet(store: TokenStore) -> None:
    with store.lock("a", 1), store.lock("b", 1):
        pass


def test_the_lock_may_be_left_in_another_thread(store: TokenStore) -> None:
    for _ in range(2):
        lock = store.lock("a", 5)
        entering = threading.Thread(target=lock.__enter__)
        entering.start()
        entering.join()
        leaving = threading.Thread(target=lock.__exit__, args=(None, None, None))
        leaving.start()
        leaving.join()
    with store.lock("a", 5):
        pass


def test_waiting_for_the_lock_ends(store: TokenStore) -> None:
    with store.lock("a", 5):
        begun = time.monotonic()
        with pytest.raises(LockNotGained) as caught, store.lock("a", 0.2):
            pass
        assert time.monotonic() - begun < 5
    assert isinstance(caught.value, MomoException)
    with store.lock("a", 5):
        pass


def test_it_shows_nothing_of_what_it_keeps(store: TokenStore) -> None:
    store.set("a", "a-secret-text", LONG)
    shown = [repr(store), str(store), str(vars(store))]
    shown += [str(vars(value)) for value in vars(store).values() if hasattr(value, "__dict__")]
    assert "a-secret-text" not in str(shown)
    assert "a-password-of-redis" not in repr(store) + str(vars(store))
