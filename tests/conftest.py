"""For all tests: one event loop library, and every request of momopy's held against the specs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.specified import Sent, violations, watch

_sent: list[Sent] = []
_made: list[Sent] = []
watch(_sent.append, _made.append)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop that momopy is made for."""
    return "asyncio"


@pytest.fixture(autouse=True)
def sent() -> Iterator[list[Sent]]:
    """What momopy sent to a local MoMo in this test; a request that is not as the specs say fails it."""
    _sent.clear()
    _made.clear()
    yield _sent
    # Those that were made for other servers, and for such as do not read all that they are sent, are held to it too.
    wrong = sorted({violation for one in [*_sent, *_made] for violation in violations(one)})
    assert not wrong, "momopy sent what its specs do not allow:\n" + "\n".join(wrong)


@pytest.fixture
def made(sent: list[Sent]) -> list[Sent]:
    """What momopy made in this test, for whatever server or transport."""
    return _made
