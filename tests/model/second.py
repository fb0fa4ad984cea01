"""A second call of one client under one id, as its memory lets it begin; and memories with one thought left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final, Literal, TypeAlias

from momopy import memory as real
from momopy.procedure import Story, Verdict
from momopy.result import Success
from momopy.settings import DEFAULT

from .check import LEGACIES, Bounds
from .mutants import Mutant
from .subjects import subject
from .world import FIFTEEN, State

First: TypeAlias = Literal["accepted", "live", "unknown", "left by its caller", "refused"]

# What the first call may have left behind. Of one that goes on, copies may arrive at any time.
STARTS: Final[dict[First, tuple[State, ...]]] = {
    "accepted": (State(reached=True, done=1),),
    "live": LEGACIES,
    "unknown": LEGACIES,
    "left by its caller": LEGACIES,
    "refused": (State(),),
}

MUTANTS: Final = (
    Mutant(
        "only an open id taints",
        "        return self.open or bool(self.live) or self.accepted is not None",
        "        return self.open",
    ),
    Mutant(
        "a call that goes on leaves no taint",
        "        return self.open or bool(self.live) or self.accepted is not None",
        "        return self.open or self.accepted is not None",
    ),
    Mutant(
        "what was accepted is done with",
        "        return self.open or bool(self.live) or self.accepted is not None",
        "        return self.open or bool(self.live)",
    ),
    Mutant(
        "a call whose caller left made nothing",
        '        elif result is None or result.data["outcome"] == "unknown":',
        '        elif result is not None and result.data["outcome"] == "unknown":',
    ),
    Mutant(
        "an unknown end is an end",
        '        elif result is None or result.data["outcome"] == "unknown":',
        "        elif result is None:",
    ),
)


def source() -> str:
    """The text of the real memory."""
    assert real.__file__ is not None
    return Path(real.__file__).read_text(encoding="utf-8")


def is_tainted(first: First, memory: ModuleType = real) -> bool:
    """Whether the second call under an id begins tainted."""
    remembered = memory.Memory()
    begun, again = subject("create"), subject("create")
    remembered.prepare(begun, 0.0, DEFAULT)
    story = Story(begun, 0.5)
    verdict = Verdict("unclear", "SERVER", "Unclear.")
    match first:
        case "accepted":
            remembered.end(begun, Success({"reference_id": begun.reference_id, "status": "PENDING"}), 1.0)
        case "unknown":
            remembered.end(begun, story.lost(verdict), 1.0)
        case "left by its caller":
            remembered.end(begun, None, 1.0)
        case "refused":
            remembered.end(begun, story.refused(verdict), 1.0)
        case "live":
            pass
    remembered.prepare(again, 2.0, DEFAULT)
    tainted: bool = again.tainted
    return tainted


def worlds(sends: int = 2, looks: int = 2, memory: ModuleType = real) -> Iterator[tuple[str, Bounds]]:
    """A second create, after each way in which the first may have gone."""
    for first, starts in STARTS.items():
        bounds = Bounds("create", sends, looks, tuple(FIFTEEN), starts=starts, tainted=is_tainted(first, memory))
        yield f"create, again after one that was {first}", bounds
