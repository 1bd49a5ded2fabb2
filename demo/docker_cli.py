"""The real docker command line on an emulated host, where it is installed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable

import httpx

from demo.windows import RefusedError

HOST = "docker-cli"

COMMANDS = (
    "network create -d nat --subnet 10.70.0.0/24 --gateway 10.70.0.1 shop",
    "run -d --name db --network shop --ip 10.70.0.50 contoso/sql",
    "run -d --name web --network shop -p 8080:80 windows/servercore/iis",
    "ps --format table{{.Names}}\\t{{.Image}}\\t{{.Ports}}",
    "exec web ping -n 1 db",
    "run --rm windows/nanoserver:ltsc2025 curl http://10.70.0.50:1433",
)


def play(http: httpx.Client, show: Callable[[str, str], None]) -> bool:
    """Play the scene and show each command with its output; tell whether docker is installed.

    Raises: RefusedError when a command fails.
    """
    program = shutil.which("docker")
    if program is None:
        return False
    http.put(f"/emulator/hosts/{HOST}", json={"docker": True}).raise_for_status()
    address = str(http.base_url).rstrip("/").replace("http:", "tcp:")
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DOCKER_HOST": f"{address}/hosts/{HOST}/docker",
            "DOCKER_CONFIG": folder,
        }
        for command in COMMANDS:
            ended = subprocess.run(
                [program, *command.split()],
                check=False,
                capture_output=True,
                text=True,
                env=environment,
                timeout=300,
            )
            if ended.returncode != 0:
                raise RefusedError(f"docker {command}: {ended.stderr}")
            show(f"docker {command}", ended.stdout.strip())
    return True
