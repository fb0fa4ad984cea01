"""Which worlds are walked through: in the short form with every test run, in the long form by scripts/model-check."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from . import second
from .check import LEGACIES, Bounds, Figures, check
from .subjects import KINDS, Kind
from .tree import SLOW
from .world import FIFTEEN, FOUR, MORE, MORE_LOOKS, State

# Before the first send the id may also be another payment's, or the request one that can never do; an invoice may
# have been paid.
FRESH: Final[dict[Kind, tuple[State, ...]]] = {
    "create": (State(), State(taken=True), State(bad=True)),
    "cancel": (State(), State(burned=True)),
}
WIDE: Final = (*FIFTEEN, *MORE)
WIDE_LOOKS: Final = (*FOUR, *MORE_LOOKS)


def _besides(kind: Kind) -> tuple[str, ...]:
    # An answer without a body names nothing: that it is no stray is seen to where connections are kept.
    strays = () if kind == "unkeyed" else ("stray", "bare", "200 no token")
    return ("404", *strays)


def worlds(sends: int = 4, looks: int = 2) -> Iterator[tuple[str, Bounds]]:
    """The fifteen faults of a send and the four of a look, for each kind, fresh and resumed."""
    for kind in KINDS:
        settles = kind in ("create", "cancel")
        faults = tuple(FIFTEEN) if settles else (*FIFTEEN, *_besides(kind))
        bounds = Bounds(kind, sends, looks, faults, dry_quota=False)
        yield kind, replace(bounds, starts=FRESH.get(kind, bounds.starts))
        if settles:
            yield f"{kind}, resumed", replace(bounds, starts=LEGACIES, tainted=True)
        if kind == "create":
            other = replace(bounds, faults=(*faults, "condemned"), starts=LEGACIES, tainted=True)
            yield "create, resumed as another request", other


def conditions(sends: int = 3, looks: int = 2) -> Iterator[tuple[str, Bounds]]:
    """The same under conditions that cut a call short, and with what else a service and a gateway may say."""
    for name, bounds in worlds(sends, looks):
        yield f"{name}, the quota dry at any wait", replace(bounds, dry_quota=True)
        yield f"{name}, slow, the deadline near", replace(bounds, sends=max(sends, 4), clock=SLOW)
        yield f"{name}, a token of the caller's", replace(bounds, managed=False)
    for status in ("FAILED", "PENDING", "ONGOING"):
        yield f"create, every payment {status}", Bounds("create", sends, looks, starts=FRESH["create"], status=status)


def wide(sends: int = 2, looks: int = 2) -> Iterator[tuple[str, Bounds]]:
    """Every answer that the tables name, to a send and to a look."""
    for name, bounds in worlds(sends, looks):
        settles = bounds.kind in ("create", "cancel")
        yield (
            f"{name}, all answers to a send",
            replace(bounds, faults=WIDE if settles else (*WIDE, *_besides(bounds.kind))),
        )
        if settles:
            yield f"{name}, all answers to a look", replace(bounds, look_faults=WIDE_LOOKS)


def short() -> Iterator[tuple[str, Bounds]]:
    """What every test run walks through."""
    yield from worlds(3, 2)
    yield from second.worlds(3, 2)
    yield from (world for world in wide(2, 1) if not (world[1].tainted and len(world[1].look_faults) > len(FOUR)))
    yield from conditions(2, 2)


def long() -> Iterator[tuple[str, Bounds]]:
    """What the figures in docs/reliability.md are of."""
    yield from worlds(4, 2)
    yield from second.worlds(4, 2)
    yield from wide(2, 1)
    yield from conditions(3, 2)


def run(world: tuple[str, Bounds]) -> tuple[str, Figures | str, float]:
    """Walk through one world: its figures, or what was wrong, and the seconds that it took."""
    name, bounds = world
    began = time.monotonic()
    try:
        return name, check(bounds), time.monotonic() - began
    except AssertionError as wrong:
        return name, f"{type(wrong).__name__}: {wrong}", time.monotonic() - began
