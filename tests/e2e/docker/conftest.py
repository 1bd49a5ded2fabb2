"""The real docker CLI, each test on a host of its own."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.e2e.servers import Server
from tests.waiting import PATIENCE


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Return the lines of its output."""
        return self.out.splitlines()


Docker = Callable[..., Result]


def run_program(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    typed: str | None = None,
    folder: Path | None = None,
    patience: int = PATIENCE,
) -> Result:
    """Run a program to its end; `typed` is its input, and patience is in seconds."""
    ended = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        input=typed,
        cwd=folder,
        env=environment,
        timeout=patience,
    )
    return Result(ended.returncode, ended.stdout.strip(), ended.stderr.strip())


@pytest.fixture
def docker_host(server: Server, host: str) -> str:
    """Return DOCKER_HOST of a fresh host."""
    return f"{server.url.replace('http:', 'tcp:')}/hosts/{host}/docker"


@pytest.fixture
def docker_environment(docker_host: str, tmp_path: Path) -> dict[str, str]:
    """Return the environment of Docker's programs."""
    return {
        **os.environ,
        "DOCKER_HOST": docker_host,
        "DOCKER_CONFIG": str(tmp_path / "docker"),
        "DOCKER_CLI_HINTS": "false",
    }


@pytest.fixture
def docker(docker_environment: dict[str, str]) -> Docker:
    """Return a function that runs the docker CLI."""
    program = shutil.which("docker")
    assert program, "no docker CLI; install the package docker.io or docker-cli"

    def run(*arguments: str, typed: str | None = None) -> Result:
        return run_program([program, *arguments], docker_environment, typed=typed)

    return run


@pytest.fixture
def hns(client: httpx.Client, host: str) -> Callable[[str], object]:
    """Return a function that gets a view of the host, such as /v2/endpoints."""

    def get(path: str) -> object:
        answer = client.get(f"/hosts/{host}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    return get
