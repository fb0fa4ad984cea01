"""For all tests: one event loop library, and every request to a local MoMo held against the specs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.specified import Sent, violations, watch

_sent: list[Sent] = []
watch(_sent.append)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop that momopy is made for."""
    return "asyncio"


@pytest.fixture(autouse=True)
def sent() -> Iterator[list[Sent]]:
    """What momopy sent to a local MoMo in this test; a request that is not as the specs say fails it."""
    _sent.clear()
    yield _sent
    wrong = sorted({violation for one in _sent for violation in violations(one)})
    assert not wrong, "momopy sent what its specs do not allow:\n" + "\n".join(wrong)
