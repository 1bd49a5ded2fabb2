"""The demo, played to its end."""

import subprocess
import sys

from tests.waiting import PATIENCE


def play() -> str:
    """Return what the demo prints; a client that is refused fails the test."""
    played = subprocess.run(
        [sys.executable, "-m", "demo"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert played.returncode == 0, played.stdout + played.stderr
    return played.stdout
