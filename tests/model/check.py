"""Walks every history of a bounded world through the procedure, and holds each end against the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Final

from momopy import procedure as real
from momopy.settings import DEFAULT, Settings

from .subjects import KEY, Kind
from .tree import QUICK, Clock, Node, Tree
from .world import AFTER_RETURN, FIFTEEN, FOUR, State, World

# What each kind may say when it did not succeed.
OUTCOMES: Final[dict[Kind, frozenset[str]]] = {
    "create": frozenset({"not_created", "unknown", "conflict", "failed"}),
    "cancel": frozenset({"not_created", "unknown", "not_found", "conflict"}),
    "read": frozenset({"error", "not_found", "mismatch"}),
    "token": frozenset({"error", "not_found"}),
    "unkeyed": frozenset({"not_created", "unknown", "not_found", "conflict"}),
    "provision": frozenset({"not_created", "error", "not_found", "conflict"}),
}
# Each of these says that what was asked for has not happened and will not.
DENIALS: Final = frozenset({"not_created", "conflict", "not_found"})


class Violation(AssertionError):
    """A history in which the caller is told what is not so."""

    def __init__(self, wrong: str, path: Sequence[str], node: Node, state: State) -> None:
        super().__init__(f"{wrong}\n  history: {' > '.join(path)}\n  told:    {node.result!r}\n  world:   {state}")
        self.path = tuple(path)


@dataclass
class Figures:
    """What a run has seen."""

    histories: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    stories: int = 0
    """Different sequences of answers, that is, different things that the procedure was told."""
    needless: int = 0
    """Of the stories that end as unknown: those that only one truth fits."""
    unknown: int = 0
    """Stories that end as unknown."""

    def add(self, other: Figures) -> None:
        """Take in another run."""
        self.histories += other.histories
        self.ends += other.ends
        self.stories += other.stories
        self.needless += other.needless
        self.unknown += other.unknown


@dataclass(frozen=True)
class Bounds:
    """One world to be walked through, and how far."""

    kind: Kind
    sends: int = 4
    looks: int = 2
    """Status calls in a row; before a further one the quota is empty."""
    faults: tuple[str, ...] = tuple(FIFTEEN)
    look_faults: tuple[str, ...] = FOUR
    starts: tuple[State, ...] = (State(),)
    tainted: bool = False
    managed: bool = True
    status: str = "SUCCESSFUL"
    clock: Clock = QUICK
    dry_quota: bool = True
    """At any wait the quota may be empty."""


# What an earlier copy, of which nothing was heard, may have left behind.
LEGACIES: Final = (
    State(reached=True),
    State(reached=True, done=1),
    State(reached=True, burned=True),
    *(State(reached=True, late=(steps,)) for steps in (1, 2, AFTER_RETURN)),
)


def settings_for(bounds: Bounds, settings: Settings = DEFAULT) -> Settings:
    """The client's settings, with as many attempts as the bounds have sends."""
    return settings._replace(
        create_attempts=bounds.sends,
        cancel_attempts=bounds.sends,
        read_attempts=bounds.sends,
        token_attempts=bounds.sends,
    )


def check(bounds: Bounds, procedure: ModuleType = real) -> Figures:
    """Walk through everything within the bounds; raises at the first wrong end."""
    walk = walk_for(bounds, procedure)
    figures = Figures()
    for start in bounds.starts:
        figures.histories += walk.walk(walk.tree.root, start, [])
    figures.ends = walk.ends(bounds.starts)
    for end in walk.stories:
        figures.stories += 1
        if not end.result.ok and end.result.data["outcome"] == "unknown":
            figures.unknown += 1
            figures.needless += end.truths != 3
    return figures


def walk_for(bounds: Bounds, procedure: ModuleType = real) -> Walk:
    """A walk through these bounds that has not begun."""
    settings = settings_for(bounds)
    return Walk(
        bounds,
        Tree(
            bounds.kind,
            settings,
            procedure=procedure,
            managed=bounds.managed,
            tainted=bounds.tainted,
            clock=bounds.clock,
        ),
    )


class Walk:
    """A walk with a memory: two histories that sound the same and leave the same world go on the same."""

    def __init__(self, bounds: Bounds, tree: Tree) -> None:
        self.bounds = bounds
        self.tree = tree
        self.world = World(bounds.kind, bounds.status)
        self.stories: set[Node] = set()
        self._known: dict[tuple[Node, State], dict[str, int]] = {}
        self._sends: dict[State, tuple[tuple[str, State, str], ...]] = {}
        self._looks: dict[State, tuple[tuple[str, State, str], ...]] = {}

    def ends(self, starts: Iterable[State]) -> Counter[str]:
        """How the histories end, counted."""
        total: Counter[str] = Counter()
        for start in starts:
            total.update(self._known[self.tree.root, start])
        return total

    def walk(self, node: Node, state: State, path: list[str]) -> int:
        """Walk through everything from here on; returns the number of histories."""
        return sum(self._walk(node, state, path).values())

    def _walk(self, node: Node, state: State, path: list[str]) -> dict[str, int]:
        known = self._known.get((node, state))
        if known is not None:
            return known
        if node.does == "end":
            told = judged(self, node, state, path)
            self.stories.add(node)
            return {told: 1}
        total: dict[str, int] = {}
        for name, after, label in self._meetings(node, state):
            path.append(name)
            for told, count in self._walk(self.tree.follow(node, label), after, path).items():
                total[told] = total.get(told, 0) + count
            path.pop()
        self._known[node, state] = total
        return total

    def _meetings(self, node: Node, state: State) -> Iterable[tuple[str, State, str]]:
        bounds, world = self.bounds, self.world
        if node.does == "renew":
            return (("renewed", state, "renewed"),)
        if node.does == "wait":
            granted = ("wait", state, "granted")
            dry = ("dry quota", state, "dry")
            if node.looks >= bounds.looks and node.cost:
                return (dry,)
            return (granted, dry) if bounds.dry_quota and node.cost else (granted,)
        if node.shut:
            return (("deadline", state, "unsent"),)
        known, faults, meet = (
            (self._sends, bounds.faults, world.send)
            if node.does == "send"
            else (self._looks, bounds.look_faults, world.look)
        )
        if state not in known:
            known[state] = tuple((f"{node.does}: {name}", *meet(state, name)) for name in faults)
        return known[state]


def judged(walk: Walk, node: Node, state: State, path: list[str]) -> str:
    """Hold one end against the truth; returns what the caller was told."""
    bounds, result = walk.bounds, node.result
    final = walk.world.in_the_end(state)
    node.truths |= 1 if final.done else 2
    told = "ok" if result.ok else result.data["outcome"]
    wrong = _untrue(bounds, told, node, state, final, walk.world)
    if wrong is None and not result.ok:
        wrong = _inexact(walk, told, result.data, state, node)
    if wrong is not None:
        raise Violation(wrong, path, node, final)
    return str(told)


def _untrue(bounds: Bounds, told: str, node: Node, state: State, final: State, world: World) -> str | None:
    """What the end says of the ledger."""
    kind, data = bounds.kind, node.result.data
    if told == "ok":
        return _unproven(kind, data, node, final, world)
    if told not in OUTCOMES[kind]:
        return f"a {kind} cannot end as {told}"
    if told in DENIALS and kind != "read" and final.done:
        return "told that it was not done, but it was"
    if told == "failed" and not (final.done and world.status == "FAILED"):
        return "told that it failed, but it did not"
    if told == "conflict" and kind == "create" and not state.taken:
        return "told that the id belongs to another payment, but it does not"
    if told == "mismatch" and not state.strays:
        return "told of a mismatch, but the answer was its own"
    if kind == "unkeyed" and final.done > 1:
        return "done twice"
    return None


def _unproven(kind: Kind, data: Any, node: Node, final: State, world: World) -> str | None:
    match kind:
        case "create":
            if data["reference_id"] != KEY:
                return "another id"
            if data["status"] == "FAILED":
                return "told that it went well, but it failed"
            if data.get("replayed") and data["status"] != world.status:
                return "a status that it never had"
        case "cancel":
            if data != {"externalId": "order-7"}:
                return "other data"
        case "read":
            return None if data["externalId"] == "order-7" else "another payment's status"
        case "provision":
            if data["apiKey"] != f"key-{node.label.removeprefix('201 key ')}":
                return "another key than the last that was heard of"
        case "unkeyed":
            if final.done > 1:
                return "done twice"
        case "token":
            if data["access_token"] != "abc":
                return "no token"
    return None if final.done else "told that it was done, but it was not"


def _inexact(walk: Walk, told: str, failure: Any, state: State, node: Node) -> str | None:
    """What the failure says of itself."""
    tree = walk.tree
    if failure["sent"] is False and state.reached:
        return "told that nothing was sent, but it was"
    if failure["sent"] is True and not state.reached:
        return "told that it was sent, but nothing was"
    if not 0 <= failure["attempts"] <= tree.limit:
        return "more attempts than there may be"
    if failure["elapsed"] > tree.deadline + 1e-6:
        return "longer than the deadline"
    if failure["retryable"] and told in ("conflict", "failed"):
        return "told that the same again may help"
    if failure["reference_id"] != tree._call.reference_id:
        return "another id"
    return None
