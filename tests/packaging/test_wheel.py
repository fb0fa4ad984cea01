"""What a user installs: made as a release is, the source archive first and the wheel from it."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from email import message_from_string
from importlib import metadata
from pathlib import Path

import pytest

import momopy

ROOT = Path(__file__).parents[2]
PACKAGES = {"momopy", "momo_collection_api", "momo_provisioning_api"}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> zipfile.ZipFile:
    (path,) = dist.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def _metadata(wheel: zipfile.ZipFile):
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_string(wheel.read(name).decode())


def test_nothing_lands_beside_the_three_packages(wheel: zipfile.ZipFile):
    """No `tests`, `generated` or `client` gets into a user's site-packages."""
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES


def test_every_tracked_source_is_in_it(wheel: zipfile.ZipFile):
    """A module that the project has, a user has."""
    sources = {
        path.relative_to(base).as_posix()
        for base, package in [(ROOT, "momopy"), *((ROOT / "generated", name) for name in PACKAGES - {"momopy"})]
        for path in (base / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert sources <= set(wheel.namelist())
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} <= sources


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_each_package_is_typed(wheel: zipfile.ZipFile, package: str):
    """Without this file a type checker takes all of it for Any."""
    assert f"{package}/py.typed" in wheel.namelist()


def test_licence_and_requirements_are_stated(wheel: zipfile.ZipFile):
    """The licence's text is in it, and nothing is required beyond the three that the core imports."""
    (licence,) = (name for name in wheel.namelist() if name.endswith(".dist-info/licenses/LICENSE"))
    assert wheel.read(licence) == (ROOT / "LICENSE").read_bytes()
    said = _metadata(wheel)
    assert said["License-Expression"] == "MIT"
    assert said["Requires-Python"] == ">=3.11"
    needed = [line for line in said.get_all("Requires-Dist") if "extra ==" not in line]
    assert sorted(line.split(">")[0].split("<")[0] for line in needed) == ["attrs", "httpcore", "httpx"]


def test_wheel_is_pure_and_named_as_the_distribution(dist: Path):
    """One wheel for all platforms, under the name that is ours."""
    (path,) = dist.glob("*.whl")
    assert path.name == f"momopy_collection-{momopy.__version__}-py3-none-any.whl"


def test_source_archive_holds_what_a_rebuild_needs(dist: Path):
    """The specs travel with the source, and the tests stay at home."""
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"openapi/collection.yaml", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"} <= names
    assert not any(name.startswith(("tests/", "scripts/", ".")) for name in names - {".gitignore"})


def test_version_is_the_same_everywhere(wheel: zipfile.ZipFile):
    """`momopy.__version__`, the installed metadata, the wheel and the changelog agree."""
    assert momopy.__version__ == metadata.version("momopy-collection") == _metadata(wheel)["Version"]
    assert f"\n## [{momopy.__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def test_entry_points_can_be_loaded():
    """The command and the pytest plugin are where the metadata says."""
    points = {point.name: point for point in metadata.distribution("momopy-collection").entry_points}
    assert {(point.group, point.name) for point in points.values()} <= {
        ("console_scripts", "momopy"),
        ("pytest11", "momopy"),
    }
    (command,) = metadata.entry_points(group="console_scripts", name="momopy")
    (plugin,) = metadata.entry_points(group="pytest11", name="momopy")
    assert callable(command.load())
    assert plugin.load().__name__ == "momopy.pytest_plugin"


def test_the_page_never_names_the_other_distribution():
    """`momopy` on the package index is somebody else's: nobody is told to install it."""
    pages = [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").rglob("*"),
        *ROOT.glob("momopy/**/*.py"),
    ]
    for page in pages:
        if page.is_file() and page.suffix in {".md", ".py"}:
            text = page.read_text()
            assert "install momopy " not in text.replace("\n", " ").replace("`", " "), page
            assert "install momopy[" not in text, page
