"""Texts, JSON, HTTP and events of the shim, under the sanitizers for addresses and behaviour."""

import subprocess
from pathlib import Path


def test_the_portable_parts_hold_under_the_sanitizers(portable: Path) -> None:
    ran = subprocess.run([portable], capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
