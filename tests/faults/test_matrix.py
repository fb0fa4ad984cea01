"""The fault matrix: every fault, with every kind of operation, in every position, as each twin meets it.

A cell is right when the outcome, the code, the requests on the wire, their one id, the time, the log, the connections
and the ledger are, and nothing was raised. What is right is read from the tables a second time (`expected`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from momopy.result import Refused, Result, Success, refused_value

from . import matrix
from .catalogue import BY_NAME, FAULTS, Fault
from .matrix import TWINS, Cell, Run, Seen, Twin, cells_of, play
from .server import LoopThread
from .stage import Case


@pytest.fixture(scope="module")
def host() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread


def test_the_matrix_has_all_its_cells() -> None:
    cells = [cell for fault in FAULTS for twin in TWINS for cell in cells_of(fault, twin)]
    assert len({str(cell) for cell in cells}) == len(cells) == len(FAULTS) * len(TWINS) * (6 + 4) * 3


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "_"))
def test_momopy_answers_rightly(fault: Fault, twin: Twin, host: LoopThread) -> None:
    assert not play(cells_of(fault, twin), host)


class TestTheJudge:
    """A judge that finds nothing wrong with anything would make the matrix worthless."""

    @staticmethod
    def complaints(host: LoopThread, name: str, result: Result[Any], elapsed: float = 0.0, made: int = 1) -> str:
        run = Run(Cell(Case(BY_NAME[name], "K", "first"), "awaited"), host, "http://127.0.0.1:9")
        for _ in range(made):
            run.truth.ledger.create("requesttopay", run.id, run.body, "SUCCESSFUL", atomic=False)
        run.seen = Seen(result, None, elapsed)
        with run.stage:
            return " | ".join(run.complaints())

    @staticmethod
    def failure(outcome: Any, **others: Any) -> Refused:
        failure = refused_value("amount", "is none").data
        return Refused({**failure, "outcome": outcome, "code": "X", "message": "no", "sent": "maybe", **others})

    def test_a_wrong_outcome(self, host: LoopThread) -> None:
        assert "outcome not_created" in self.complaints(host, "silence", self.failure("not_created"))

    def test_a_wrong_code(self, host: LoopThread) -> None:
        assert "code X" in self.complaints(host, "redirect", self.failure("not_created"), made=0)

    def test_a_payment_denied(self, host: LoopThread) -> None:
        assert "and it was made" in self.complaints(host, "redirect", self.failure("not_created"))

    def test_a_payment_invented(self, host: LoopThread) -> None:
        assert "told that it was made, and 0 were" in self.complaints(host, "silence", Success({}), made=0)

    def test_a_payment_made_twice(self, host: LoopThread) -> None:
        assert "told that it was made, and 2 were" in self.complaints(host, "silence", Success({}), made=2)

    def test_a_call_that_takes_too_long(self, host: LoopThread) -> None:
        assert "took 9.00 s" in self.complaints(host, "silence", Success({}), elapsed=9.0)

    def test_too_few_requests(self, host: LoopThread) -> None:
        assert "0 requests on the wire" in self.complaints(host, "silence", Success({}))

    def test_a_fault_that_never_struck(self, host: LoopThread) -> None:
        assert "nothing was tested" in self.complaints(host, "silence", Success({}))

    def test_a_secret_that_is_shown_or_held(self, host: LoopThread, monkeypatch: pytest.MonkeyPatch) -> None:
        class Leaky:
            def __init__(self, run: Run) -> None:
                self.key = run.truth.api_key

            async def request_to_pay(self, *args: object) -> Refused:
                print(self.key)
                return TestTheJudge.failure("unknown", message=self.key)

            async def aclose(self) -> None:
                pass

        monkeypatch.setattr(Run, "client", lambda run: Leaky(run))
        cell = Cell(Case(BY_NAME["silence"], "K", "first"), "awaited")
        (complaints,) = play([cell], host).values()
        said = " | ".join(complaints)
        for place in ("the data of", "the pickle of", "the exception", "the client: Leaky.key", "the log"):
            assert f"a secret in {place}" in said

    def test_an_exception_and_a_secret(self, host: LoopThread, monkeypatch: pytest.MonkeyPatch) -> None:
        class Leaky:
            def __init__(self, run: Run) -> None:
                self.run = run

            async def request_to_pay(self, *args: object) -> object:
                matrix.logging.getLogger("momopy").debug("sending %s", self.run.truth.subscription_key)
                raise KeyError("amount")

            async def aclose(self) -> None:
                pass

        monkeypatch.setattr(Run, "client", lambda run: Leaky(run))
        cell = Cell(Case(BY_NAME["silence"], "K", "first"), "awaited")
        (complaints,) = play([cell], host).values()
        assert complaints[0].startswith("raised KeyError")
        assert "a secret in the log" in complaints[1]
