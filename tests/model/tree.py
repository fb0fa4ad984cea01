"""The real generator as a tree: what it does next after everything that it may hear.

What it does depends on what it hears and on nothing else, so each sequence of answers is played to it once, however
many histories of the world sound like that.
"""

from __future__ import annotations

from collections.abc import Generator
from types import ModuleType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from momopy import procedure as real
from momopy.calls import Call
from momopy.settings import Settings

from .subjects import Kind, heard, subject

Does: TypeAlias = Literal["send", "look", "wait", "renew", "end"]

# Far beyond the looks in a row of any story.
_ENDLESS: Final = 20


class Broken(AssertionError):
    """The procedure broke a rule of its own, whatever the world was like."""


class Clock(NamedTuple):
    """How long things take, in seconds."""

    answer: float = 0.1
    silence: float = 0.5
    longest_waits: bool = True


QUICK: Final = Clock()
SLOW: Final = Clock(answer=12.0, silence=30.0)


class Node:
    """What the procedure does after one sequence of answers."""

    __slots__ = (
        "at",
        "children",
        "cost",
        "does",
        "label",
        "live",
        "looks",
        "parent",
        "renewed",
        "result",
        "sends",
        "shut",
        "truths",
    )

    def __init__(self, parent: Node | None, label: str, at: float) -> None:
        self.parent = parent
        self.label = label
        self.at = at
        self.does: Does = "end"
        self.result: Any = None
        self.looks = 0
        """Status calls since the last send, this one not included."""
        self.sends = 0
        """Sends so far, one that is due here included."""
        self.renewed = (0, 0)
        """Renewals for the sends of the call, and for the status calls since the last send."""
        self.cost = 0
        self.shut = False
        """The deadline has passed, so that a call would not leave the client."""
        self.children: dict[str, Node] = {}
        self.live: Generator[Any, Any, Any] | None = None
        self.truths = 0
        """At an end: 1 for a world in which it was done, 2 for one in which it was not."""

    @property
    def labels(self) -> tuple[str, ...]:
        """All that was heard up to here."""
        return () if self.parent is None else (*self.parent.labels, self.label)


class Tree:
    """The procedure for one call, grown as far as it is asked for."""

    def __init__(
        self,
        kind: Kind,
        settings: Settings,
        *,
        procedure: ModuleType = real,
        managed: bool = True,
        tainted: bool = False,
        clock: Clock = QUICK,
    ) -> None:
        self.kind = kind
        self.settings = settings
        self.procedure = procedure
        self.managed = managed
        self.tainted = tainted
        self.clock = clock
        self.nodes = 0
        self._call: Call[Any] = self._subject()
        self.limit: int = getattr(settings, self._call.operation.kind.attempts)
        self.deadline: float = getattr(settings, self._call.operation.kind.deadline)
        self.root = self._plant()

    def _subject(self) -> Call[Any]:
        call = subject(self.kind)
        call.managed = call.managed and self.managed
        call.tainted = self.tainted
        return call

    def follow(self, node: Node, label: str) -> Node:
        """The node after hearing `label` at this one."""
        child = node.children.get(label)
        if child is None:
            child = node.children[label] = self._grow(node, label)
        return child

    def _plant(self) -> Node:
        call = self._subject()
        generator = self.procedure.decide(call, self.settings)
        root = Node(None, "", 0.0)
        self._enter(root, generator, next(generator), None, call)
        return root

    def _grow(self, parent: Node, label: str) -> Node:
        self.nodes += 1
        if parent.live is not None:
            generator, parent.live = parent.live, None
            return self._step(generator, parent, label)
        # Generators cannot be copied: the story is told again from its beginning.
        node = self._plant()
        for earlier in (*parent.labels, label):
            assert node.live is not None
            generator, node.live = node.live, None
            node = self._step(generator, node, earlier)
        node.parent = parent
        return node

    def _step(self, generator: Generator[Any, Any, Any], parent: Node, label: str) -> Node:
        at, told = parent.at, heard(label, self.procedure) if parent.does in ("send", "look") else None
        if parent.does == "wait":
            told = label == "granted"
            at += parent.result.most if self.clock.longest_waits else parent.result.least
            at = at if told else parent.at
        elif parent.shut:
            pass
        elif parent.does in ("send", "look"):
            at += self.clock.silence if label == "lost" else self.clock.answer
            if at >= self.deadline:
                # The driver cuts an attempt at the deadline; what it would have heard is lost.
                at = self.deadline
                told = told if label != "lost" else heard("deadline", self.procedure)
        node = Node(parent, label, at)
        node.looks = 0 if parent.does == "send" else parent.looks + (parent.does == "look")
        node.sends = parent.sends
        node.renewed = (parent.renewed[0], 0 if parent.does == "send" else parent.renewed[1])
        try:
            step = generator.send((at, told))
        except StopIteration as end:
            node.result = end.value
            return node
        if label == "dry":
            raise Broken(f"it goes on without a quota after {node.labels}")
        self._enter(node, generator, step, parent, None)
        return node

    def _enter(
        self, node: Node, generator: Generator[Any, Any, Any], step: Any, parent: Node | None, call: Call[Any] | None
    ) -> None:
        node.live = generator
        if isinstance(step, Call):
            own = step.operation is self._call.operation
            node.does = "send" if own else "look"
            node.sends += own
            if node.sends > self.limit + 1 or node.looks > _ENDLESS:  # one more for a token that was refused
                raise Broken(f"it does not end: {node.labels}")
            node.shut = node.at >= self.deadline
            if call is not None and step is not call:
                raise Broken("the first step is not the call")
            if step.reference_id != self._call.reference_id or (own and step.body != self._call.body):
                raise Broken(f"another id or body after {node.labels}")
            if step.until > self.deadline:
                raise Broken(f"a call beyond the deadline after {node.labels}")
        elif isinstance(step, self.procedure.Wait):
            node.does, node.result, node.cost = "wait", step, step.cost
            if not 0 <= step.least <= step.most:
                raise Broken(f"a wait from {step.least} to {step.most} after {node.labels}")
            if node.at + step.most > self.deadline + 1e-9:
                raise Broken(f"a wait past the deadline after {node.labels}")
        elif step is self.procedure.RENEW:
            node.does = "renew"
            assert parent is not None
            node.renewed = (node.renewed[0] + (parent.does == "send"), node.renewed[1] + (parent.does == "look"))
            if not self.managed or max(node.renewed) > 1:
                raise Broken(f"the token is renewed again after {node.labels}")
        else:
            raise Broken(f"an unknown step {step!r} after {node.labels}")
