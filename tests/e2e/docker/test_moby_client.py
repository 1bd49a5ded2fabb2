"""Moby's own client for Go: networks, a container's life, commands in it; see moby/main.go."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.waiting import PATIENCE

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]

pytestmark = pytest.mark.timeout(600)  # the program is built, from the Go module proxy


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the path of the program that uses the client."""
    toolchain = subprocess.run(
        [ROOT / "tools" / "go-toolchain"], check=True, capture_output=True, text=True
    )
    built = str(tmp_path_factory.mktemp("moby") / "moby")
    subprocess.run(
        ["go", "build", "-buildvcs=false", "-o", built, "."],
        check=True,
        cwd=HERE / "moby",
        env={**os.environ, "PATH": f"{toolchain.stdout.strip()}:{os.environ['PATH']}"},
    )
    return built


def test_mobys_client_meets_no_surprise(program: str, docker_environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [program],
        check=False,
        capture_output=True,
        text=True,
        env=docker_environment,
        timeout=PATIENCE,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.splitlines()[-1] == "network gone"
