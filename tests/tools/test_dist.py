"""The image is built where an engine for Linux containers answers, and asked who it is."""

import os
from pathlib import Path

import pytest

from hnsemu import __version__
from tools import dist

_DOCKER = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/called"
case $1 in version) echo {system};; run) echo {version};; esac
"""


def docker(folder: Path, system: str, version: str = __version__) -> None:
    """Write a docker command whose engine has containers of a system, and starts a version."""
    program = folder / "docker"
    program.write_text(_DOCKER.format(system=system, version=version))
    program.chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that comes first on the PATH."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def test_the_image_has_the_version_as_tag(folder: Path) -> None:
    docker(folder, "linux")
    assert dist.has_engine()
    assert dist.image_works()
    calls = (folder / "called").read_text().splitlines()
    assert calls[1:] == [
        f"build -t hnsemu:{__version__} -t hnsemu .",
        f"run --rm hnsemu:{__version__} version",
    ]


def test_an_image_of_another_version_is_noticed(folder: Path) -> None:
    docker(folder, "linux", "0.0.9")
    assert not dist.image_works()


@pytest.mark.parametrize("system", ["windows", ""])
def test_an_emulated_host_is_no_engine(folder: Path, system: str) -> None:
    docker(folder, system)
    assert not dist.has_engine()


def test_without_docker_there_is_no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not dist.has_engine()
