"""`make demo` plays every client to its end, on a real server."""

import subprocess
import sys

from tests.e2e.servers import PATIENCE


def test_no_client_of_the_demo_is_refused() -> None:
    played = subprocess.run(
        [sys.executable, "-m", "demo"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert played.returncode == 0, played.stdout + played.stderr
    assert "7 passed, 0 failed" in played.stdout
