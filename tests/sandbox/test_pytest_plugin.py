"""The fixtures, as a user's project meets them: in a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def pytest_in(folder: Path, tests: str, conftest: str = "", *arguments: str) -> str:
    (folder / "test_shop.py").write_text(tests)
    (folder / "conftest.py").write_text(conftest)
    command = [sys.executable, "-m", "pytest", "-p", "momopy.pytest_plugin", "-q", "-rs", "-W", "error", *arguments]
    # The plugin must be found once: by this name, or by its entry point where the project is installed.
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def test_each_test_has_a_sandbox_of_its_own(tmp_path: Path) -> None:
    said = pytest_in(
        tmp_path,
        """
import httpx, pytest

seen = []

@pytest.mark.parametrize("_", range(3))
def test_isolated(momo_sandbox, momo_sandbox_session, _):
    assert momo_sandbox.requests() == []
    answer = httpx.post(
        momo_sandbox.base_url + "/collection/token/",
        auth=(momo_sandbox.api_user, momo_sandbox.api_key),
        headers={"Ocp-Apim-Subscription-Key": momo_sandbox.subscription_key},
    )
    assert answer.status_code == 200
    assert len(momo_sandbox.requests()) == 1
    seen.append((momo_sandbox.api_user, momo_sandbox_session.base_url))

def test_shared():
    assert len({user for user, _ in seen}) == 3
    assert len({url for _, url in seen}) == 1
""",
    )
    assert "4 passed" in said, said


@pytest.mark.parametrize("missing", ["starlette", "uvicorn", "jinja2"])
def test_without_the_extra_the_test_is_skipped_by_name_and_others_run(tmp_path: Path, missing: str) -> None:
    said = pytest_in(
        tmp_path,
        "def test_needs_it(momo_sandbox): pass\ndef test_other(): pass\n",
        f"import sys\nsys.modules['{missing}'] = None\n",
    )
    assert "1 passed, 1 skipped" in said, said
    assert "momopy-collection[sandbox]" in said


def test_the_plugin_loads_nothing_heavy(tmp_path: Path) -> None:
    said = pytest_in(
        tmp_path,
        """
import sys

def test_light():
    heavy = ("starlette", "uvicorn", "jinja2", "momopy.sandbox")
    assert [name for name in heavy if name in sys.modules] == []
""",
    )
    assert "1 passed" in said, said
