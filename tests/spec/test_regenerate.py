"""`./scripts/regenerate` makes the same tree anywhere, and `--check` sees each way of going stale."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from generate_clients import dropped, load_spec, read_tree
from regenerate import FOLDERS, TYPES

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("openapi", "generated", "momopy/awaited", "momopy/blocking", "scripts")
FILES = ("momopy/types.py", "pyproject.toml", "requirements/dev.txt")
ENDPOINT = "generated/momo_collection_api/api/request_to_pay/request_to_pay.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what regenerating reads and writes."""
    copy = tmp_path / "project"
    for name in SOURCES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    return copy


def regenerate(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(project / "scripts" / "regenerate.py"), *arguments],
        cwd=environment.pop("cwd", str(project)),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def derived(project: Path) -> dict[str, bytes]:
    tree = {f"{folder}/{path}": data for folder in FOLDERS for path, data in read_tree(project / folder).items()}
    return {**tree, TYPES: (project / TYPES).read_bytes()}


def state(project: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(project)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in project.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def refused(project: Path, *faults: str) -> None:
    before = state(project)
    run = regenerate(project, "--check")
    assert run.returncode == 1, run.stdout + run.stderr
    for fault in faults:
        assert fault in run.stderr
    told = [line for line in run.stderr.splitlines() if line.startswith(("changed", "missing", "extra"))]
    assert len(told) in (0, len(faults)), told
    assert state(project) == before, "--check changed something"


def test_what_is_committed_is_fresh() -> None:
    run = regenerate(ROOT, "--check")
    assert run.returncode == 0, run.stderr


def test_the_same_tree_is_made_anywhere(project: Path, tmp_path: Path) -> None:
    for folder in FOLDERS:
        shutil.rmtree(project / folder)
    (project / TYPES).unlink()
    # What a stranger's machine may have: other hashes, its own formatter settings, another working directory.
    workshop = tmp_path / "elsewhere"
    workshop.mkdir()
    (workshop / "ruff.toml").write_text('line-length = 40\n[format]\nquote-style = "single"\n', encoding="utf-8")
    surroundings = {"PYTHONHASHSEED": "7", "TMPDIR": str(workshop), "RUFF_LINE_LENGTH": "40", "LC_ALL": "C"}
    run = regenerate(project, cwd="/", **surroundings)
    assert run.returncode == 0, run.stderr
    first = derived(project)
    assert first == derived(ROOT)
    assert regenerate(project, PYTHONHASHSEED="8").stdout == "Nothing to do.\n"
    assert derived(project) == first


def test_regenerating_repairs_all_of_it(project: Path) -> None:
    wanted = derived(project)
    append(project / ENDPOINT, "\n")
    (project / "generated/momo_collection_api/py.typed").unlink()
    (project / "generated/momo_collection_api/models/orphan.py").touch()
    append(project / "momopy/blocking/collection.py", "\n")
    append(project / TYPES, "\n")
    assert regenerate(project).returncode == 0
    assert derived(project) == wanted


def test_a_changed_file_is_seen(project: Path) -> None:
    change(project / ENDPOINT, "/v1_0/requesttopay", "/v1_0/requesttopay/")
    append(project / "generated/momo_provisioning_api/client.py", "\n")
    refused(project, f"changed: {ENDPOINT}\n", "changed: generated/momo_provisioning_api/client.py\n")


def test_a_missing_file_is_seen(project: Path) -> None:
    names = [ENDPOINT, "generated/momo_provisioning_api/py.typed", "momopy/blocking/driver.py", TYPES]
    for name in names:
        (project / name).unlink()
    refused(project, *(f"missing: {name}\n" for name in names))


def test_an_extra_file_is_seen(project: Path) -> None:
    names = [
        "generated/momo_collection_api/api/token/orphan.py",
        "generated/notes.txt",
        "generated/.ruff_cache/x",
        "momopy/blocking/orphan.py",
    ]
    for name in names:
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).touch()
    refused(project, *(f"extra: {name}\n" for name in names))


def test_a_stale_twin_is_seen(project: Path) -> None:
    append(project / "momopy/awaited/accounts.py", "\n\nasync def later() -> None:\n    pass\n")
    append(project / "momopy/blocking/collection.py", "# more\n")
    refused(project, "changed: momopy/blocking/accounts.py\n", "changed: momopy/blocking/collection.py\n")


def test_stale_types_are_seen(project: Path) -> None:
    change(project / "openapi/collection.yaml", "maxDebitAmount: {type: string}", "maxDebitAmount: {type: integer}")
    model = "generated/momo_collection_api/models/pre_approval_details.py"
    refused(project, "changed: generated/README.md\n", f"changed: {model}\n", f"changed: {TYPES}\n")


def test_types_changed_by_hand_are_seen(project: Path) -> None:
    change(project / TYPES, "partyId: str", "partyId: int")
    refused(project, f"changed: {TYPES}")


def test_an_operation_that_the_generator_cannot_model_is_seen(project: Path) -> None:
    change(
        project / "openapi/collection.yaml",
        'content: {application/json: {schema: {$ref: "#/components/schemas/RequestToPay"}}}',
        "content: {text/plain: {schema: {type: string}}}",
    )
    refused(project, "the generator dropped the operation RequesttoPay\n", "Unsupported content type")


def test_a_response_that_the_generator_cannot_model_is_seen(project: Path) -> None:
    change(
        project / "openapi/collection.yaml",
        'content: {application/json: {schema: {$ref: "#/components/schemas/Balance"}}}',
        "content: {application/xml: {schema: {type: string}}}",
    )
    refused(project, "the generator dropped the response 200 of GetAccountBalance\n")


@pytest.mark.parametrize(
    ("way", "lost"),
    [
        (["get"], "the operation GetAccountBalance"),
        (["get", "responses", "500"], "the response 500 of GetAccountBalance"),
        (["get", "responses", "5XX"], "the response 5XX of GetAccountBalance"),
    ],
)
def test_what_disappears_without_a_warning_is_seen(project: Path, way: list[str], lost: str) -> None:
    # Here it is the overlay that takes it away from a generator that has nothing to complain of.
    entry = {"at": ["paths", "/v1_0/account/balance", *way], "action": "remove", "reason": "a test"}
    append(project / "openapi/generator-overlay.yaml", yaml.safe_dump([entry]))
    refused(project, f"openapi/collection.yaml:\nthe generator dropped {lost}\n")


def test_the_comparison_reads_the_generated_code_itself(project: Path) -> None:
    spec = load_spec(project, "collection.yaml")
    package = project / "generated/momo_collection_api"
    assert dropped(spec, package) == []
    (package / "api/token/create_access_token.py").unlink()
    change(project / ENDPOINT, "response.status_code == 409", "response.status_code == 410")
    assert dropped(spec, package) == [
        "the operation CreateAccessToken",
        "the response 409 of RequesttoPay",
    ]
    spec["paths"]["/v1_0/account/balance"]["get"]["responses"]["default"] = {"description": "any other"}
    assert "the response default of GetAccountBalance" in dropped(spec, package)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"at": ["paths", "/gone"], "action": "remove", "reason": "a test"}, "fits nothing"),
        ({"at": ["paths", "/token/"], "action": "remove"}, "needs an action and a reason"),
        ({"at": ["paths", "/token/"], "action": "rename", "reason": "a test"}, "needs an action and a reason"),
    ],
    ids=["unused", "no reason", "no such action"],
)
def test_an_overlay_that_cannot_be_right_is_refused(project: Path, entry: dict[str, object], complaint: str) -> None:
    append(project / "openapi/generator-overlay.yaml", yaml.safe_dump([entry]))
    refused(project, complaint)


def test_the_script_works_from_any_directory_and_refuses_other_words(project: Path, tmp_path: Path) -> None:
    # An environment that has all it needs, so that nothing is installed for a test.
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    python = venv / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    pins = [(project / name).read_bytes() for name in ("requirements/dev.txt", "pyproject.toml")]
    (venv / "installed").write_text(hashlib.sha256(b"".join(pins)).hexdigest() + "\n", encoding="utf-8")

    def script(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["/bin/sh", str(project / "scripts" / "regenerate"), *arguments]
        environment = {**os.environ, "VENV": str(venv)}
        return subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False)

    assert script("--check").returncode == 0
    (project / ENDPOINT).unlink()
    assert script("--check").returncode == 1
    assert script().returncode == 0
    assert (project / ENDPOINT).read_bytes() == (ROOT / ENDPOINT).read_bytes()
    run = script("--chekc")
    assert (run.returncode, run.stderr) == (2, "usage: regenerate [--check]\n")
