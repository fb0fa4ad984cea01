"""A MoMo with bad weather on the way to it: a share of all requests is disturbed, and the ledger stays true."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from faults.catalogue import BY_NAME, Hit
from faults.server import Request
from faults.steps import Answer, Do, Finish, Hold, Pause, Reset, Send, Step
from faults.truth import Truth

from .history import Made, Sent, fingerprint

LATE: Final = 0.06
"""The longest that a copy takes to be acted upon after its connection ended: a tenth of what was planned for."""

Disturb: TypeAlias = Callable[[Hit, random.Random], Sequence[Step]]


def _named(name: str) -> Disturb:
    play = BY_NAME[name].play
    assert callable(play)
    return lambda hit, rng: play(hit)  # type: ignore[arg-type, call-arg, return-value]


def _answered(status: int, *, acted: bool) -> Disturb:
    def disturb(hit: Hit, rng: random.Random) -> Sequence[Step]:
        return [*([Do(hit.act)] if acted else []), Send(Answer(status).encode())]

    return disturb


def _late_after_reset(hit: Hit, rng: random.Random) -> Sequence[Step]:
    return [Reset(), Pause(rng.uniform(0, LATE)), Do(hit.act)]


def _late_after_502(hit: Hit, rng: random.Random) -> Sequence[Step]:
    return [Send(Answer(502).encode("Connection: close")), Finish(), Pause(rng.uniform(0, LATE)), Do(hit.act)]


def _lost(hit: Hit, rng: random.Random) -> Sequence[Step]:
    return [Reset()]


def _silent(hit: Hit, rng: random.Random) -> Sequence[Step]:
    return [Hold()]


_COMMON: Final = ("closed as we send", "half status line", "429 after 0 s", "401 token", "408", "HTML 503", "garbage")
CREATES: Final[dict[str, Disturb]] = {
    "lost, reset": _lost,
    "lost, silence": _silent,
    "made late, reset": _late_after_reset,
    "made late, 502": _late_after_502,
    "500, not made": _answered(500, acted=False),
    "502, not made": _answered(502, acted=False),
    "504, made": _answered(504, acted=True),
    **{
        name: _named(name)
        for name in (
            *_COMMON,
            "reset after",
            "closed after",
            "silence",
            "half headers",
            "half body, closed",
            "half chunk",
            "HTML 502",
            "500 unclear",
            "409 at once",
            "burned id",
            "unexpected 200",
            "stray second answer",
            "403",
            "404",
        )
    },
}
LOOKS: Final[dict[str, Disturb]] = {
    "lost, reset": _lost,
    "lost, silence": _silent,
    "500": _answered(500, acted=False),
    **{
        name: _named(name)
        for name in (
            *_COMMON,
            "lagging 404",
            "foreign echo",
            "unknown status word",
            "half body, closed",
            "half JSON",
            "invalid JSON",
            "stray second answer",
        )
    },
}
TOKENS: Final[dict[str, Disturb]] = {
    "lost, reset": _lost,
    **{name: _named(name) for name in ("HTML 503", "closed after", "half JSON")},
}
KINDS: Final = frozenset(
    [f"POST {name}" for name in CREATES] + [f"GET {name}" for name in LOOKS] + [f"token {name}" for name in TOKENS]
)


class Weather:
    """What the server does to each request; give `script` to a `FaultServer`."""

    def __init__(self, truth: Truth, seed: int, share: float = 0.3) -> None:
        self.truth = truth
        self.hit: Counter[str] = Counter()
        """How often each fault befell a request."""
        self.sent: list[Sent] = []
        self.renewals = 0
        self._rng = random.Random(seed)
        self._decks: dict[str, list[str]] = {}
        self._share = share

    def script(self, request: Request) -> Sequence[Step]:
        """Play the request's fate."""
        hit = Hit(request, self.truth, "http://127.0.0.1:9")
        path = request.path
        if request.verb == "POST" and path.endswith("/requesttopay"):
            kind, faults = "POST", CREATES
            self.sent.append(Sent("POST", request.headers["x-reference-id"]))
        elif "/requesttopay/" in path:
            kind, faults = "GET", LOOKS
            self.sent.append(Sent("GET", path.rpartition("/")[2]))
        else:
            kind, faults = "token", TOKENS
            self.renewals += 1
        if self._rng.random() >= self._share:
            return [Send(hit.act().encode())]
        name = self._draw(kind, list(faults))
        self.hit[f"{kind} {name}"] += 1
        return faults[name](hit, self._rng)

    def _draw(self, kind: str, names: list[str]) -> str:
        # Without putting back, as each fault has to strike often enough.
        deck = self._decks.setdefault(kind, [])
        if not deck:
            deck += self._rng.sample(names, len(names))
        return deck.pop()

    def made(self) -> list[Made]:
        """The ledger, once all is quiet."""
        return [
            Made(entry.reference_id, entry.payload["externalId"], fingerprint(entry.payload))
            for entry in self.truth.ledger.entries
            if entry.kind == "requesttopay"
        ]
