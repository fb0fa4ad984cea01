"""`kill -9` at 14 points: nothing is lost, nothing is paid twice, and every payment's end is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from momopy.sandbox import Sandbox
from tests.journal.campaign import HALVES, Half, run
from tests.journal.crashing import POINTS
from tests.journal.nursery import Nursery
from tests.journal.places import Place

REPETITIONS = 5


@pytest.mark.parametrize("place", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("half", HALVES)
def test_nothing_is_lost_and_nothing_paid_twice(sandbox: Sandbox, place: Place, half: Half, nursery: Nursery) -> None:
    campaign = run(sandbox, place, half, nursery, REPETITIONS)
    assert not campaign.wrong
    assert len(POINTS) == 14
    assert len(campaign.orders) == 14 * REPETITIONS
    counts = campaign.counts
    # Each way of ending was seen: else the points would not lie where they should.
    assert counts["never begun"] == 2 * REPETITIONS
    assert min(counts["successful"], counts["failed"], counts["not_created"], counts["resumed"]) > 0


def test_the_check_finds_a_journal_that_forgets(sandbox: Sandbox, tmp_path: Path, nursery: Nursery) -> None:
    campaign = run(sandbox, Place("sqlite", str(tmp_path / "journal")), "blocking", nursery, 1, forgetful=True)
    assert any("says never begun, the service SUCCESSFUL" in each for each in campaign.wrong)
