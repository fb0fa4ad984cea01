"""What a journal promises, held against each of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from momopy.journal import Entry, JournalError
from tests.journal.nursery import Nursery
from tests.journal.places import ACCOUNT, Place, entry

STATES = ("begun", "unknown", "accepted", "successful", "failed", "not_created")
OPEN = STATES[:3]


def test_an_entry_is_kept_as_it_was(journal: Any, place: Place, opened: Callable[[Place], Any]) -> None:
    first = entry()
    assert journal.begin(first) is True
    assert journal.find(first.reference_id) == first
    # Another worker, who has only what was written down.
    assert opened(place).find(first.reference_id) == first
    assert journal.find(entry().reference_id) is None


def test_an_id_that_is_there_is_no_new_one(journal: Any) -> None:
    first = entry()
    journal.begin(first)
    later = first._replace(begun=first.begun + 60, body="{}")
    assert journal.begin(later) is False
    # The first body may be the one that was carried out; the horizon counts from the copy that was sent last.
    assert journal.find(first.reference_id) == first._replace(begun=later.begun)


@pytest.mark.parametrize("state", ["unknown", "accepted"])
def test_an_open_entry_that_is_begun_again_keeps_its_state(journal: Any, state: Any) -> None:
    first = entry()
    journal.begin(first)
    journal.end(first.reference_id, state)
    assert journal.begin(first._replace(begun=first.begun + 1)) is False
    assert journal.find(first.reference_id) == first._replace(begun=first.begun + 1, state=state)


def test_what_was_not_created_can_be_begun_anew(journal: Any) -> None:
    first = entry()
    journal.begin(first)
    journal.end(first.reference_id, "not_created")
    again = first._replace(body='{"amount": "6"}', begun=first.begun + 60)
    assert journal.begin(again) is True
    assert journal.find(first.reference_id) == again
    assert journal.claim(ACCOUNT, 10, 60) == [again]


@pytest.mark.parametrize("state", ["successful", "failed"])
def test_what_has_ended_is_not_begun_anew(journal: Any, state: Any) -> None:
    first = entry()
    journal.begin(first)
    journal.end(first.reference_id, state)
    assert journal.begin(first._replace(begun=first.begun + 60, body="{}")) is False
    assert journal.find(first.reference_id) == first._replace(state=state)
    assert journal.claim(ACCOUNT, 10, 60) == []


@pytest.mark.parametrize("change", [{"operation": "withdraw"}, {"account": "another"}])
def test_an_id_stands_for_one_thing(journal: Any, change: dict[str, str]) -> None:
    first = entry()
    journal.begin(first)
    with pytest.raises(JournalError):
        journal.begin(first._replace(**change))
    assert journal.find(first.reference_id) == first


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_a_state_goes_on_and_never_back(journal: Any, before: Any, after: Any) -> None:
    first = entry()
    journal.begin(first)
    if before != "begun":
        journal.end(first.reference_id, before)
        assert journal.find(first.reference_id).state == before
    journal.end(first.reference_id, after)
    ends = before in OPEN and after in STATES[3:] and (before, after) != ("accepted", "not_created")
    goes_on = (before, after) in {("begun", "unknown"), ("begun", "accepted"), ("unknown", "accepted")}
    was_seen = before == "not_created" and after in ("accepted", "successful", "failed")
    assert journal.find(first.reference_id) == first._replace(state=after if ends or goes_on or was_seen else before)


def test_an_end_can_be_meant_for_one_beginning(journal: Any) -> None:
    first = entry()
    journal.begin(first)
    journal.begin(first._replace(begun=first.begun + 0.000_001))
    journal.end(first.reference_id, "not_created", first.begun)
    assert journal.find(first.reference_id).state == "begun"
    journal.end(first.reference_id, "not_created", first.begun + 0.000_001)
    assert journal.find(first.reference_id).state == "not_created"


def test_an_end_of_what_is_not_there_makes_nothing(journal: Any) -> None:
    first = entry()
    journal.end(first.reference_id, "successful")
    assert journal.find(first.reference_id) is None


def begin(journal: Any, count: int, **changes: Any) -> list[Entry]:
    made = [entry(begun=1_790_000_000.0 + number, **changes) for number in range(count)]
    for each in reversed(made):
        journal.begin(each)
    return made


def test_the_oldest_are_claimed_first(journal: Any) -> None:
    made = begin(journal, 5)
    assert journal.claim(ACCOUNT, 2, 60) == made[:2]
    assert journal.claim(ACCOUNT, 2, 60) == made[2:4]
    assert journal.claim(ACCOUNT, 2, 60) == made[4:]
    assert journal.claim(ACCOUNT, 2, 60) == []


def test_only_what_is_open_is_claimed(journal: Any) -> None:
    made = begin(journal, len(STATES))
    for each, state in zip(made, STATES, strict=True):
        journal.end(each.reference_id, state)
    got = journal.claim(ACCOUNT, 10, 60)
    assert [each.state for each in got] == list(OPEN)
    assert journal.open() == got


def test_only_ones_own_are_claimed(journal: Any) -> None:
    mine, theirs = begin(journal, 2), begin(journal, 2, account="another")
    assert journal.claim(ACCOUNT, 10, 60) == mine
    assert journal.open("another") == theirs
    assert len(journal.open()) == 4
    assert journal.claim("another", 10, 60) == theirs


def test_a_claim_ends_with_its_lease(journal: Any) -> None:
    made = begin(journal, 1)
    assert journal.claim(ACCOUNT, 1, 0.05) == made
    end = time.monotonic() + 20
    while not (got := journal.claim(ACCOUNT, 1, 60)):
        assert time.monotonic() < end
        time.sleep(0.01)
    assert got == made


def test_what_was_given_back_is_claimed_again_when_all_had_their_turn(journal: Any) -> None:
    made = begin(journal, 3)
    journal.release([each.reference_id for each in journal.claim(ACCOUNT, 2, 600)])
    assert journal.claim(ACCOUNT, 3, 600) == [made[2], *made[:2]]
    journal.release([])
    assert journal.claim(ACCOUNT, 3, 600) == []


def test_what_has_ended_can_be_forgotten(journal: Any) -> None:
    made = begin(journal, 4)
    for each in (made[0], made[1], made[3]):
        journal.end(each.reference_id, "successful")
    assert journal.purge(made[3].begun) == 2
    assert [each.reference_id for each in made if journal.find(each.reference_id)] == [
        made[2].reference_id,
        made[3].reference_id,
    ]


def test_eight_processes_never_claim_the_same(journal: Any, place: Place, nursery: Nursery) -> None:
    made = begin(journal, 240)
    nursery.run("tests.journal.claiming:claim_all")  # it has loaded all it needs, then
    job = {"place": list(place), "start": time.time() + 1.0, "limit": 3}
    ended = nursery.run("tests.journal.claiming:claim_all", *[job] * 8)
    assert [status for status, _ in ended] == [0] * 8
    got = [each for _, said in ended for each in said]
    assert len(got) == len(set(got)), "an entry was claimed twice"
    assert set(got) == {each.reference_id for each in made}
    assert sum(1 for _, said in ended if said) > 1, "one worker had them all, so that nothing was shown"


def test_eight_threads_begin_and_end_at_once(journal: Any) -> None:
    wrong: list[BaseException] = []
    contested = entry()
    new: list[bool] = []

    def work(number: int) -> None:
        try:
            for each in begin(journal, 8, account=f"{number}"):
                journal.end(each.reference_id, "successful")
            new.append(journal.begin(contested._replace(begun=contested.begun + number)))
        except BaseException as exc:
            wrong.append(exc)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert new.count(True) == 1, "one of them is the first"
    assert [each.reference_id for each in journal.open()] == [contested.reference_id]


def test_eight_workers_open_a_new_journal_at_once(place: Place, opened: Callable[[Place], Any]) -> None:
    wrong: list[BaseException] = []
    barrier = threading.Barrier(8)

    def work() -> None:
        try:
            journal = opened(place)
            barrier.wait()
            assert journal.begin(entry())
        except BaseException as exc:
            wrong.append(exc)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(opened(place).open()) == 8
