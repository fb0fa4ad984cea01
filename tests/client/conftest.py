"""A local MoMo for each test, and both halves of the client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from momopy.sandbox import Sandbox, run
from tests.client.twins import Twin


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A local MoMo of this test's own, on a free port."""
    with run(seed=7) as running:
        yield running


@pytest.fixture(params=["awaited", "blocking"])
async def twin(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[Twin]:
    """One half of the library, then the other."""
    half = Twin(request.param)
    yield half
    await half.close()
