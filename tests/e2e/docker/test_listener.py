"""The real docker CLI at a port without a path, streams among it."""

import os
from pathlib import Path

from tests.e2e.docker.conftest import run_program
from tests.e2e.servers import serving
from tests.ports import free_port


def test_containers_run_and_answer(database_url: str, tmp_path: Path) -> None:
    port = str(free_port())
    environment = {
        **os.environ,
        "DOCKER_HOST": f"tcp://127.0.0.1:{port}",
        "DOCKER_CONFIG": str(tmp_path / "docker"),
    }
    with serving(database_url, "--docker-port", port) as server:
        started = run_program(["docker", "run", "-d", "--name", "web", "contoso/app"], environment)
        assert started.code == 0, started.err
        asked = run_program(["docker", "exec", "web", "hostname"], environment)
        assert asked.out == started.out[:12]
        assert server.get("/docker/containers/web/json").json()["Id"] == started.out
        assert server.stop() == 0
