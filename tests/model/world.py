"""What the procedure meets: a service with a ledger, and faults that choose what becomes of each request.

A fault says three things: whether the request reaches the service (now, later, or never), what the service then
does, and what the client hears. Copies that are late are carried out after the answers to the next one or two
requests, or only after the client has returned.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple, TypeAlias

from .subjects import Kind

AFTER_RETURN: Final = 99


class State(NamedTuple):
    """The service, and what of the client's is still on its way to it."""

    done: int = 0
    """How often it was carried out."""
    burned: bool = False
    """The id is used up, or the invoice paid: what was asked for can no longer be done."""
    late: tuple[int, ...] = ()
    """After so many more requests each late copy arrives."""
    reached: bool = False
    """Something of the client's has left it."""
    strays: int = 0
    """Answers of other calls that the client has got; each is another one."""
    taken: bool = False
    """The id belongs to another payment."""
    shown: int = -1
    """Which of the foreign answers is that payment's; to the client its first is like any other."""
    bad: bool = False
    """The request is one that the service refuses for what it holds, each time."""


Meeting: TypeAlias = tuple[State, str]
Send: TypeAlias = Callable[["World", State], Meeting]
Truth: TypeAlias = Literal["done", "not done"]


class World:
    """The service for one kind of operation; `status` is what an existing payment shows."""

    def __init__(self, kind: Kind, status: str = "SUCCESSFUL") -> None:
        self.kind = kind
        self.status = status

    def carry_out(self, state: State) -> Meeting:
        """Let one copy of the request arrive."""
        state = state._replace(reached=True)
        if self.kind == "create":
            if state.burned or state.taken or state.done:
                return state, "409"
            return (state, "permanent") if state.bad else (state._replace(done=1), "202")
        if self.kind == "cancel":
            if state.burned or state.done:
                return state, "404"
            return state._replace(done=1), "200 cancelled"
        if self.kind == "read":
            return state, f"own {self.status}"
        done = state._replace(done=state.done + 1)
        if self.kind == "provision":
            return done, f"201 key {done.done}"
        return done, {"token": "200 token", "unkeyed": "200 empty"}[self.kind]

    def passed(self, state: State) -> State:
        """One more request has been answered: late copies come nearer, and those that are due arrive."""
        if not state.late:
            return state
        left = tuple(steps - (steps != AFTER_RETURN) for steps in state.late)
        state = state._replace(late=tuple(sorted(steps for steps in left if steps)))
        for _ in range(left.count(0)):
            state, _ = self.carry_out(state)
        return state

    def in_the_end(self, state: State) -> State:
        """After the last late copy has arrived."""
        for _ in state.late:
            state, _ = self.carry_out(state)
        return state._replace(late=())

    def send(self, state: State, fault: str) -> Meeting:
        """One request of the operation itself meets a fault."""
        after, label = SENDS[fault](self, state)
        return self.passed_but_new(after, state), label

    def passed_but_new(self, after: State, before: State) -> State:
        """As `passed`, for all copies but the one that has only just been delayed."""
        new = list(after.late)
        for steps in before.late:
            new.remove(steps)
        aged = self.passed(after._replace(late=before.late))
        return aged._replace(late=tuple(sorted((*aged.late, *new))))

    def look(self, state: State, fault: str) -> Meeting:
        """One status call meets a fault."""
        if fault == "stray":
            return self.passed(state._replace(strays=state.strays + 1)), f"stray {state.strays}"
        if fault == "truth" and state.taken and state.shown < 0:
            state = state._replace(shown=state.strays, strays=state.strays + 1)
        label = {"truth": self.truth, "lag": self.lag}[fault](state) if fault in ("truth", "lag") else fault
        return self.passed(state), label

    def truth(self, state: State) -> str:
        """What a true status answer says."""
        if self.kind == "cancel":
            return "invoice CANCELED" if state.done else "invoice EXPIRED" if state.burned else "invoice CREATED"
        if state.taken:
            return f"stray {state.shown}"
        return f"own {self.status}" if state.done else "404"

    def lag(self, state: State) -> str:
        """What it says when it knows nothing yet of what has just been done."""
        return "invoice CREATED" if self.kind == "cancel" else "404"


def _never(label: str) -> Send:
    return lambda world, state: (state, label)


def _answered(label: str) -> Send:
    """The gateway answers and the service hears nothing."""
    return lambda world, state: (state._replace(reached=True), label)


def _behind(label: str) -> Send:
    """The service carries it out, and the client hears something else."""
    return lambda world, state: (world.carry_out(state)[0], label)


def _late(label: str, steps: int) -> Send:
    return lambda world, state: (state._replace(reached=True, late=tuple(sorted((*state.late, steps)))), label)


def _replayed(world: World, state: State) -> Meeting:
    """The gateway loses the answer and repeats the request, and the client hears what the second copy got."""
    if world.kind in ("create", "cancel"):
        return world.carry_out(world.carry_out(state)[0])
    return state._replace(reached=True), "409"


def _burned(world: World, state: State) -> Meeting:
    state = state._replace(reached=True)
    return (state if state.done else state._replace(burned=True)), "5xx"


def _refusing(label: str) -> Send:
    """The service refuses it for the state of an account, unless it knows the id already."""

    def meet(world: World, state: State) -> Meeting:
        done = state.done or state.burned or state.taken
        if world.kind in ("create", "cancel") and done:
            return world.carry_out(state)
        return state._replace(reached=True), label

    return meet


FIFTEEN: Final[dict[str, Send]] = {
    "ok": lambda world, state: world.carry_out(state),
    "never sent": _never("unsent"),
    "lost before": _answered("lost"),
    "lost after": _behind("lost"),
    "late by 1": _late("lost", 1),
    "late by 2": _late("lost", 2),
    "late after the return": _late("lost", AFTER_RETURN),
    "5xx before": _answered("5xx"),
    "5xx after": _behind("5xx"),
    "5xx late": _late("5xx", AFTER_RETURN),
    "429": _answered("429"),
    "401": _answered("401"),
    "403": _answered("403"),
    "gateway replay": _replayed,
    "burned": _burned,
}
MORE: Final[dict[str, Send]] = {
    **{label: _answered(label) for label in ("302", "400", "401 key", "404 gateway", "405", "429 bare", "429 long")},
    **{label: _never(label) for label in ("tls", "unsendable", "no token")},
    "408 before": _answered("408"),
    "408 after": _behind("408"),
    "502 after": _behind("502"),
    "503 in 20 s, before": _answered("503 in 20 s"),
    "503 in 20 s, after": _behind("503 in 20 s"),
    "503 in 20 s, late": _late("503 in 20 s", 1),
    "portal, before": _answered("200 portal"),
    "portal, after": _behind("200 portal"),
    "refused for an account": _refusing("business"),
    "refused for the request": _refusing("400"),
}
SENDS: Final[dict[str, Send]] = {
    **FIFTEEN,
    **MORE,
    "stray": lambda world, state: (
        state._replace(reached=True, strays=state.strays + 1),
        f"stray {state.strays}",
    ),
    **{label: _answered(label) for label in ("404", "bare", "200 no token")},
    # Said of another body or callback than the one that an earlier call sent, before anybody looks at the id.
    "condemned": _answered("permanent"),
}

FOUR: Final = ("truth", "lost", "lag", "stray")
MORE_LOOKS: Final = ("5xx", "401", "403", "429", "404 gateway", "200 portal", "bare", "no token", "unsent")
