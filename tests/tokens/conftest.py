"""The desk, the clock and a merchant of each test."""

from __future__ import annotations

import pytest

from tests.tokens.desk import Clock, Credentials, Desk


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the token manager."""
    clock = Clock()
    monkeypatch.setattr("momopy.awaited.driver._now", clock.now)
    monkeypatch.setattr("momopy.blocking.driver._now", clock.now)
    return clock


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def merchant() -> Credentials:
    return Credentials()
