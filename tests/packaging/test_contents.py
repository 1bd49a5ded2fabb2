"""What the wheel and the source distribution hold."""

import re
import shutil
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from hnsemu import __version__
from hnsemu.wine.places import DLLS, KEEPER, RECORDER
from tests.packaging.conftest import COMPILER, ROOT, Build, build

DLL_PATHS = {f"hnsemu/windows/{name}" for name in (*DLLS, KEEPER, RECORDER)}


@pytest.fixture
def without_compiler(tmp_path: Path) -> str:
    """Return a PATH with make on it, and no compiler of the DLLs."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "make").symlink_to(shutil.which("make") or "/bin/false")
    return str(programs)


@pytest.fixture
def image_context(tmp_path: Path) -> Path:
    """Return a folder with what the Dockerfile copies into its build."""
    folder = tmp_path / "context"
    folder.mkdir()
    for sources, target in re.findall(
        r"^COPY (?!--from)(.+) (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE
    ):
        for source in sources.split():
            to = folder / target if source != target else folder
            to.mkdir(exist_ok=True)
            copy_into(ROOT / source, to)
    return folder


def copy_into(source: Path, folder: Path) -> None:
    """Copy a file or a folder, without what earlier builds left there."""
    if source.is_dir():
        left = shutil.ignore_patterns("__pycache__", "*.dll", "*.exe")
        shutil.copytree(source, folder / source.name, ignore=left)
    else:
        shutil.copy2(source, folder)


def names(wheel: Path) -> set[str]:
    """Return the files of a wheel."""
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_brings_one_package_and_its_metadata(wheel: Build) -> None:
    assert {name.split("/")[0] for name in names(wheel.file)} == {
        "hnsemu",
        f"hnsemu-{__version__}.dist-info",
    }


def test_the_wheel_holds_every_module_and_migration(wheel: Build) -> None:
    modules = {str(path.relative_to(ROOT / "app")) for path in (ROOT / "app").rglob("*.py")}
    migrations = {f"hnsemu/{path.relative_to(ROOT)}" for path in ROOT.glob("migrations/**/*.py")}
    pages = {
        f"hnsemu/{path.relative_to(ROOT / 'app' / 'hnsemu')}"
        for kind in ("html", "css", "js", "svg")
        for path in ROOT.glob(f"app/hnsemu/pages/**/*.{kind}")
    }
    data = {
        "hnsemu/py.typed",
        "hnsemu/migrations/script.py.mako",
        "hnsemu/docs/fidelity.md",
        *pages,
    }
    assert modules | migrations | data <= names(wheel.file)


def test_the_wheel_holds_the_dlls_where_their_compiler_is_installed(wheel: Build) -> None:
    with ZipFile(wheel.file) as archive:
        beginnings = {name: archive.read(name)[:2] for name in DLL_PATHS}
    assert set(beginnings.values()) == {b"MZ"}  # what every Windows program begins with
    assert "DLLs" not in wheel.output


def test_the_build_says_that_the_wheel_has_no_dlls(checkout: Path, without_compiler: str) -> None:
    built = build(checkout, "wheel", without_compiler)
    assert "the wheel carries no DLLs" in built.output
    assert f"install make and {COMPILER}" in built.output
    assert not DLL_PATHS & names(built.file)


def test_the_build_says_that_the_dlls_are_of_an_earlier_build(
    checkout: Path, without_compiler: str
) -> None:
    for name in DLL_PATHS:
        (checkout / "app" / name).write_bytes(b"MZ")
    built = build(checkout, "wheel", without_compiler)
    assert "the wheel carries the DLLs of an earlier build" in built.output
    assert names(built.file) >= DLL_PATHS


def test_the_source_distribution_builds_the_same_wheel(
    sdist: Path, wheel: Build, tmp_path: Path, without_compiler: str
) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    rebuilt = build(tmp_path / f"hnsemu-{__version__}", "wheel", without_compiler)
    assert names(rebuilt.file) == names(wheel.file) - DLL_PATHS


def test_the_image_installs_all_but_the_dlls(
    image_context: Path, wheel: Build, without_compiler: str
) -> None:
    built = build(image_context, "wheel", without_compiler)
    assert names(built.file) == names(wheel.file) - DLL_PATHS
