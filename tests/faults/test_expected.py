"""The second reading of the tables is itself read against what is true on the server."""

from __future__ import annotations

import pytest

from .catalogue import BY_NAME, FAULTS
from .expected import ATTEMPTS, Limits, expected
from .stage import Case, Kind, Position, cases

ALL = cases(FAULTS)


def test_the_matrix_is_whole() -> None:
    groups = {group: sum(fault.group == group for fault in FAULTS) for group in {fault.group for fault in FAULTS}}
    # Section by section as planned; a fault with several variants has a row for each.
    assert groups == {"connect": 10, "send": 6, "no answer": 6, "broken answer": 16, "body": 16, "meaning": 27}
    assert len({str(case) for case in ALL}) == len(ALL) == len(FAULTS) * 6 * 3


@pytest.mark.parametrize("limits", [Limits(), Limits(managed=True)], ids=["given", "managed"])
def test_no_expectation_contradicts_the_ledger(limits: Limits) -> None:
    for case in ALL:
        right = expected(case, limits)
        assert right.outcomes
        assert 0 <= right.sends[0] <= right.sends[1] <= ATTEMPTS[case.kind] + 1, case
        if case.kind != "K":
            continue
        if case.fault.acted in ("yes", "late"):
            assert "not_created" not in right.outcomes, case
        if case.fault.acted == "no" and case.position == "all" and case.fault.where != "look":
            assert "ok" not in right.outcomes, case
        if case.fault.acted == "burned":
            assert right.outcomes == {"unknown"}, case


@pytest.mark.parametrize(
    ("name", "kind", "position", "outcomes", "sends"),
    [
        ("refused port", "K", "first", "ok", (1, 1)),
        ("refused port", "K", "all", "not_created", (0, 0)),
        ("certificate expired", "K", "first", "not_created", (0, 0)),
        ("certificate expired", "R", "second", "error", (1, 1)),
        ("silence", "K", "first", "ok", (1, 1)),
        ("silence", "K", "second", "ok", (2, 2)),
        ("silence", "K", "all", "unknown", (1, 4)),
        ("silence", "U", "first", "unknown", (1, 1)),
        ("silence", "U", "second", "unknown", (2, 2)),
        ("silence", "R", "second", "ok", (3, 3)),
        ("silence", "P", "first", "ok", (2, 2)),
        ("closed as we send", "K", "first", "ok", (2, 2)),
        ("half body, stalls", "K", "all", "ok", (1, 1)),
        ("deep nest", "K", "all", "ok", (1, 1)),
        ("deep nest", "R", "all", "error", (1, 3)),
        ("deep nest", "T", "all", "error", (1, 1)),
        ("50 MB", "R", "first", "error", (1, 1)),
        ("redirect", "K", "first", "not_created", (1, 1)),
        ("redirect", "K", "second", "unknown", (2, 2)),
        ("403", "K", "second", "unknown", (2, 2)),
        ("429 after 0 s", "K", "first", "ok", (2, 2)),
        ("429 after 31 s", "K", "first", "not_created", (1, 1)),
        ("429 after 31 s", "K", "second", "unknown", (1, 2)),
        ("500 for the request", "K", "second", "not_created", (2, 2)),
        ("500 for the account", "K", "first", "not_created", (1, 1)),
        ("500 for the account", "K", "second", "unknown", (2, 2)),
        ("500 unclear", "K", "first", "ok", (1, 1)),
        ("409 at once", "K", "first", "ok", (1, 1)),
        ("409 at once", "K", "all", "unknown", (1, 1)),
        ("burned id", "K", "first", "unknown", (2, 2)),
        ("lagging 404", "K", "first", "ok", (2, 2)),
        ("lagging 404", "K", "all", "unknown", (1, 2)),
        ("lagging 404", "X", "all", "ok", (1, 3)),
        ("unknown status word", "K", "all", "ok", (1, 1)),
        ("lagging 404", "T", "second", "ok", (1, 1)),
    ],
)
def test_the_tables_say(name: str, kind: Kind, position: Position, outcomes: str, sends: tuple[int, int]) -> None:
    right = expected(Case(BY_NAME[name], kind, position))
    assert (right.outcomes, right.sends) == (frozenset(outcomes.split()), sends)


def test_a_token_is_renewed_once_and_no_more() -> None:
    fault = BY_NAME["401 token"]
    ends: tuple[tuple[Position, str], ...] = (("first", "ok"), ("all", "not_created"))
    for position, outcome in ends:
        right = expected(Case(fault, "K", position), Limits(managed=True))
        assert (right.outcomes, right.sends) == (frozenset({outcome}), (2, 2))
    assert expected(Case(fault, "K", "first")).sends == (1, 1)
    assert expected(Case(fault, "K", "all")).codes == frozenset({"AUTH"})
