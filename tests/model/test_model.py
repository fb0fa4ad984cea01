"""No sequence of faults makes the procedure say what is not so; every wrong procedure is found out."""

from __future__ import annotations

from types import ModuleType

import pytest

from momopy import procedure

from . import plan, second
from .check import LEGACIES, Bounds, Figures, Violation, check, settings_for, walk_for
from .mutants import MUTANTS, Mutant, made, source
from .tree import Broken, Tree
from .world import FIFTEEN, FOUR, SENDS, State, World


@pytest.mark.parametrize(("name", "bounds"), [pytest.param(*world, id=world[0]) for world in plan.short()])
def test_nobody_is_told_what_is_not_so(name: str, bounds: Bounds) -> None:
    figures = check(bounds)
    assert figures.histories > 20
    # Where every fault can befall every send, most ends are open ones, and that is right.
    assert sum(figures.ends.values()) == figures.histories


@pytest.mark.parametrize("name", ["create, resumed", "cancel", "cancel, resumed", "unkeyed"])
def test_nothing_is_called_unknown_that_could_be_known(name: str) -> None:
    figures = check(dict(plan.worlds(2, 2))[name])
    assert figures.unknown
    assert figures.needless == 0


def test_of_a_fresh_create_only_a_foreign_answer_heard_twice_leaves_more_open_than_it_must() -> None:
    bounds = dict(plan.worlds(2, 2))["create"]
    walk = walk_for(bounds)
    for start in bounds.starts:
        walk.walk(walk.tree.root, start, [])
    unknown = [end for end in walk.stories if not end.result.ok and end.result.data["outcome"] == "unknown"]
    for end in unknown:
        strays = [label for label in end.labels if label.startswith("stray")]
        assert end.truths == 3 or len(strays) > len(set(strays)), end.labels


def test_every_end_that_a_create_can_have_is_reached() -> None:
    ends = check(dict(plan.worlds(2, 2))["create"]).ends
    assert set(ends) == {"ok", "not_created", "unknown", "conflict"}
    failed = check(Bounds("create", 2, starts=plan.FRESH["create"], status="FAILED")).ends
    assert failed["failed"]


def test_the_world_keeps_to_its_rules() -> None:
    world = World("create")
    assert len(FIFTEEN) == 15
    assert len(FOUR) == 4
    accepted, label = world.send(State(), "ok")
    assert (accepted.done, label) == (1, "202")
    assert world.send(accepted, "ok") == (accepted, "409")
    late, label = world.send(State(), "late by 1")
    assert (late.done, late.late, label) == (0, (1,), "lost")
    looked, label = world.look(late, "truth")
    assert (looked.done, label) == (1, "404")
    burned, label = world.send(State(), "burned")
    assert world.send(burned, "ok")[1] == "409"
    assert world.in_the_end(world.send(burned, "late after the return")[0]).done == 0
    after = world.send(State(), "late after the return")[0]
    assert after.done == 0
    assert world.in_the_end(after).done == 1
    assert world.send(State(), "gateway replay") == (State(done=1, reached=True), "409")


def test_each_fault_of_the_model_is_met_in_some_world() -> None:
    met = {fault for _, bounds in plan.short() for fault in bounds.faults}
    assert met == set(SENDS)


def _caught(module: ModuleType) -> AssertionError | None:
    conditions = dict(plan.conditions(2, 1))
    cut = [conditions["create, every payment FAILED"], conditions["create, slow, the deadline near"]]
    wide = [bounds for name, bounds in plan.wide(2, 1) if name.endswith("a send")]
    for bounds in [*dict(plan.worlds(2, 2)).values(), *cut, *wide]:
        try:
            check(bounds, module)
        except AssertionError as wrong:
            return wrong
    return None


@pytest.mark.parametrize("mutant", [pytest.param(mutant, id=mutant.name) for mutant in MUTANTS])
def test_a_wrong_procedure_is_found_out(mutant: Mutant) -> None:
    wrong = _caught(made(mutant, source()))
    assert wrong is not None, "the model check does not see the difference"


@pytest.mark.parametrize("mutant", [pytest.param(mutant, id=mutant.name) for mutant in second.MUTANTS])
def test_a_wrong_memory_is_found_out(mutant: Mutant) -> None:
    worlds = list(second.worlds(memory=made(mutant, second.source())))
    with pytest.raises(Violation):
        [check(bounds) for _, bounds in worlds]


def test_a_second_call_is_believed_only_after_one_that_made_nothing() -> None:
    assert [first for first in second.STARTS if not second.is_tainted(first)] == ["refused"]


def test_an_unchanged_copy_of_the_procedure_passes() -> None:
    module = made(Mutant("nothing", "RENEW: Final = Renew()", "RENEW: Final = Renew()"), source())
    assert module is not procedure
    assert check(dict(plan.worlds(2, 2))["create"], module) == check(dict(plan.worlds(2, 2))["create"])


def test_a_resumed_create_is_never_said_not_to_be_made() -> None:
    figures = check(Bounds("create", 2, starts=LEGACIES, tainted=True))
    assert set(figures.ends) == {"ok", "unknown"}


def test_a_procedure_that_goes_on_for_ever_is_noticed() -> None:
    def decide(call: object, settings: object) -> object:
        while True:
            yield call

    module = ModuleType("endless")
    module.__dict__.update({**vars(procedure), "decide": decide})
    node = (tree := Tree("create", settings_for(Bounds("create")), procedure=module)).root
    for _ in range(4):
        node = tree.follow(node, "lost")
    with pytest.raises(Broken, match="does not end"):
        tree.follow(node, "lost")


def test_figures_add_up() -> None:
    total, one = Figures(), check(Bounds("token", 1))
    total.add(one)
    total.add(one)
    assert total.histories == 2 * one.histories
    assert total.ends["ok"] == 2 * one.ends["ok"]
