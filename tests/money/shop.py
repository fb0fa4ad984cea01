"""A shop that is in a hurry: what its customers do with each answer, in one place for both twins and all policies."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from momopy.settings import Settings

from .history import Event, fingerprint

PRESSES: Final = 2
"""A customer who is told that it failed presses *pay* once more."""
ROUNDS: Final = 400
HORIZON: Final = 4.0
DEADLINE: Final = 3.5

# A tenth of the defaults, as the latest copies are a tenth as late, and no limit on a server whose cap this is not.
SETTINGS: Final = Settings(
    connect_timeout=2.0,
    read_timeout=0.4,
    read_deadline=DEADLINE,
    token_deadline=DEADLINE,
    write_deadline=DEADLINE,
    backoff=0.05,
    ambiguous_wait=0.1,
    status_rate=1e6,
    horizon=HORIZON,
    token_spacing=0.01,
    # 30 % is no outage: the quota would turn the half of the run into "try again later".
    retry_quota=10**9,
)


class Order(NamedTuple):
    """One thing to be paid."""

    name: str
    body: dict[str, Any]


class Ask(NamedTuple):
    """What the shop wants done."""

    verb: Literal["pay", "reconcile", "resume", "sleep"]
    reference_id: str = ""
    body: dict[str, Any] | None = None
    seconds: float = 0.0
    """To sleep, or after which the customer runs away."""


Told: TypeAlias = Literal["ok", "fail", "unknown"]
Shopper: TypeAlias = Generator[Ask, "tuple[Told, float]", None]
Tell: TypeAlias = Callable[[Event], None]


def orders(count: int, seed: int, start: int = 0) -> Iterator[Order]:
    """Orders, of which two in a hundred are in a currency that the service refuses."""
    rng = random.Random(seed)
    for number in range(start, start + count):
        body = {
            "amount": f"{rng.randrange(1, 100_000) / 100:.2f}",
            "currency": "USD" if rng.random() < 0.02 else "EUR",
            "externalId": f"order-{number}",
            "payer": {"partyIdType": "MSISDN", "partyId": f"4673312{rng.randrange(10_000):04d}"},
            "payerMessage": "thanks",
            "payeeNote": "note",
        }
        yield Order(f"order-{number}", body)


def shopper(order: Order, tell: Tell, rng: random.Random, runs_away: float = 0.0) -> Shopper:
    """One order's way to its end."""
    paid = fingerprint(order.body)
    for _ in range(PRESSES):
        reference_id = str(uuid.UUID(int=rng.getrandbits(128), version=4))

        def note(verb: Any, elapsed: float = 0.0, reference_id: str = reference_id) -> None:
            tell(Event(verb, order.name, reference_id, paid, time.monotonic(), elapsed))

        note("invoke")
        patience = rng.uniform(0, 0.02) if rng.random() < runs_away else 0.0
        told, longest = yield Ask("pay", reference_id, order.body, patience)
        if told == "unknown":
            note("unknown", longest)
        rounds = 0
        while told == "unknown" and rounds < ROUNDS:
            rounds += 1
            # Seldom at the end: a burned id stays unknown until the horizon.
            yield Ask("sleep", seconds=rng.uniform(0.02, 0.06) * min(2**rounds, 16))
            verb: Literal["reconcile", "resume"] = "resume" if rng.random() < 0.1 else "reconcile"
            told, elapsed = yield Ask(verb, reference_id, order.body)
            longest = max(longest, elapsed)
        if told == "unknown":
            return
        note(told, longest)
        if told == "ok":
            return


def understood(result: Any) -> Told:
    """What a shop makes of momopy's answer."""
    ok, data = result
    if ok:
        return "ok"
    # Another payment under this id is nothing to press *pay* again for.
    return "unknown" if data["outcome"] in ("unknown", "conflict", "mismatch", "pending", "error") else "fail"


async def _ask(client: Any, ask: Ask) -> Told:
    call = getattr(client, "request_to_pay" if ask.verb == "pay" else ask.verb)
    arguments = {"body": ask.body}
    if not ask.seconds:
        return understood(await call(uuid=ask.reference_id, **arguments))
    try:
        return understood(await asyncio.wait_for(call(uuid=ask.reference_id, **arguments), ask.seconds))
    except TimeoutError:
        return "unknown"


Answerer: TypeAlias = Callable[[Ask], Awaitable[Told]]


async def follow(story: Shopper, answer: Answerer) -> None:
    """Go one shopper's way, awaited."""
    told: tuple[Told, float] | None = None
    while True:
        try:
            ask = story.send(told) if told is not None else next(story)
        except StopIteration:
            return
        start = time.monotonic()
        if ask.verb == "sleep":
            await asyncio.sleep(ask.seconds)
            told = "unknown", 0.0
        else:
            told = await answer(ask), time.monotonic() - start


async def awaited(some: Iterator[Order], answer: Answerer, tell: Tell, seed: int, workers: int, away: float) -> None:
    """Serve all orders with so many shoppers at once."""

    async def work(number: int) -> None:
        rng = random.Random(seed * 1000 + number)
        for order in some:
            await follow(shopper(order, tell, rng, away), answer)

    await asyncio.gather(*(work(number) for number in range(workers)))


def answering(client: Any) -> Answerer:
    """Answer by momopy's awaited twin."""
    return lambda ask: _ask(client, ask)


def _follow_blocking(story: Shopper, client: Any) -> None:
    told: tuple[Told, float] | None = None
    while True:
        try:
            ask = story.send(told) if told is not None else next(story)
        except StopIteration:
            return
        start = time.monotonic()
        if ask.verb == "sleep":
            time.sleep(ask.seconds)
            told = "unknown", 0.0
        else:
            call = client.request_to_pay if ask.verb == "pay" else getattr(client, ask.verb)
            told = understood(call(uuid=ask.reference_id, body=ask.body)), time.monotonic() - start


def threaded(some: list[Order], client: Any, tell: Tell, seed: int, workers: int) -> None:
    """Serve all orders with so many threads."""

    def work(number: int) -> None:
        rng = random.Random(seed * 1000 + number)
        for order in some[number::workers]:
            _follow_blocking(shopper(order, tell, rng), client)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))
