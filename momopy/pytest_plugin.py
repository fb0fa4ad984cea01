"""The fixtures `momo_sandbox` and `momo_sandbox_session`.

pytest loads this in every project that has momopy installed: nothing heavy is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from momopy.sandbox import Sandbox


def _sandbox() -> Iterator[Sandbox]:
    try:
        from momopy.sandbox import run
    except ImportError as missing:
        pytest.skip(str(missing))
    with run() as sandbox:
        yield sandbox


@pytest.fixture
def momo_sandbox() -> Iterator[Sandbox]:
    """A local MoMo of this test's own: a real server, with state that no other test sees."""
    yield from _sandbox()


@pytest.fixture(scope="session")
def momo_sandbox_session() -> Iterator[Sandbox]:
    """A local MoMo that all tests of the session share."""
    yield from _sandbox()
