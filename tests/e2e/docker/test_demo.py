"""The demo's scene of the docker command line."""

import subprocess
import sys

from tests.e2e.servers import PATIENCE


def test_the_demo_plays_the_docker_command_line() -> None:
    played = subprocess.run(
        [sys.executable, "-m", "demo"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert played.returncode == 0, played.stdout + played.stderr
    assert "can be reached; nothing runs there to answer" in played.stdout
