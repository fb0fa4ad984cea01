"""The kept inputs of the fuzz targets, each tried again, whole and cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from .targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_kept_inputs_do_no_harm(name: str) -> None:
    kept = sorted((CORPUS / name).iterdir())
    assert len(kept) >= 5
    for path in kept:
        data = path.read_bytes()
        for end in {len(data), len(data) // 2, max(0, len(data) - 1)}:
            TARGETS[name](data[:end])


def test_a_target_that_raises_is_noticed() -> None:
    with pytest.raises(TypeError):
        TARGETS["status_answer"]("text is not bytes")  # type: ignore[arg-type]
