"""Builds of a copy of the checkout, so that nothing is written into the checkout itself.

Without a network: the compiler is a stand-in, and an environment borrows the dependencies of the
one that runs the tests. With HNSEMU_TEST_DIST naming a folder of distributions (`make dist`), it is
they that are tried, and the compiler and the dependencies are the real ones.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DIST = os.environ.get("HNSEMU_TEST_DIST", "")
COMPILER = "x86_64-w64-mingw32-gcc"
_SENT = ("app", "deploy", "docs", "migrations", "shim")
_STAND_IN = """#!/bin/sh
while [ $# -gt 0 ]; do [ "$1" = -o ] && printf MZ > "$2"; shift; done
"""


@dataclass(frozen=True)
class Build:
    """A distribution, and what its build printed."""

    file: Path
    output: str


@dataclass(frozen=True)
class Environment:
    """A virtual environment with hnsemu in it and nothing of this checkout."""

    folder: Path

    def command(self, name: str) -> str:
        """Return the path of a program of the environment."""
        return str(self.folder / "bin" / name)

    def run(
        self, name: str, *arguments: str, cwd: Path, **variables: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a program of the environment to its end."""
        return subprocess.run(
            [self.command(name), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=cwd,
            env={"PATH": os.environ["PATH"], **variables},
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of the files that the distributions are built from."""
    return copy_of_checkout(tmp_path / "checkout")


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the source distribution."""
    if DIST:
        return distribution("tar.gz")
    folder = tmp_path_factory.mktemp("sdist")
    return build(copy_of_checkout(folder / "checkout"), "sdist", os.environ["PATH"]).file


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return the wheel, built where the compiler of the DLLs is installed."""
    if DIST:
        return Build(distribution("whl"), "")
    folder = tmp_path_factory.mktemp("wheel")
    return build(copy_of_checkout(folder / "checkout"), "wheel", compiler_path(folder))


@pytest.fixture(scope="session")
def environment(wheel: Build, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment into which the wheel was installed."""
    return installed(tmp_path_factory.mktemp("installed") / "env", wheel.file)


def distribution(kind: str) -> Path:
    """Return the one distribution of a kind that `make dist` has built."""
    (file,) = Path(DIST).glob(f"*.{kind}")
    return file


def copy_of_checkout(to: Path) -> Path:
    """Copy what is built from, without what earlier builds left there."""
    to.mkdir()
    for name in _SENT:
        shutil.copytree(
            ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__", "*.dll", "*.exe")
        )
    for file in ROOT.iterdir():
        if file.is_file():
            shutil.copy2(file, to)
    return to


def build(source: Path, target: str, path: str) -> Build:
    """Build a wheel or a source distribution with `path` as the PATH."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", "dist"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=source,
        env={"PATH": path},
    )
    assert done.returncode == 0, done.stdout
    (file,) = (source / "dist").iterdir()
    return Build(file, done.stdout)


def compiler_path(folder: Path) -> str:
    """Return a PATH on which the compiler of the DLLs is found."""
    if DIST:
        assert shutil.which(COMPILER), f"install {COMPILER}"
        return os.environ["PATH"]
    return stand_in_path(folder)


def stand_in_path(folder: Path) -> str:
    """Return a PATH on which the compiler of the DLLs is one that writes no code."""
    compiler = folder / "bin" / COMPILER
    compiler.parent.mkdir()
    compiler.write_text(_STAND_IN)
    compiler.chmod(0o755)
    return f"{compiler.parent}:{os.environ['PATH']}"


def installed(folder: Path, distribution: Path, path: str = os.environ["PATH"]) -> Environment:
    """Make an environment and install a distribution into it, with `path` as the PATH."""
    _run([sys.executable, "-m", "venv", *([] if DIST else ["--without-pip"]), str(folder)])
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    options = ["-c", str(ROOT / "constraints.txt")]
    if not DIST:
        borrowed = sysconfig.get_path("purelib")  # a .pth inside it has no effect from here
        (packages,) = folder.glob("lib/*/site-packages")
        (packages / "borrowed.pth").write_text(f"{borrowed}\n")
        options = ["--no-deps", "--no-build-isolation", "--ignore-installed"]
    _run([*pip, "install", "-q", *options, str(distribution)], PATH=path)
    return Environment(folder)


def add(environment: Environment, *packages: str) -> None:
    """Install packages that hnsemu does not bring; a borrowed environment has them."""
    if DIST:
        pip = [sys.executable, "-m", "pip", "--python", environment.command("python")]
        _run([*pip, "install", "-q", "-c", str(ROOT / "constraints.txt"), *packages])


def _run(command: Sequence[str], **variables: str) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **variables}
    )
    assert done.returncode == 0, done.stdout + done.stderr
