"""Lint the OpenAPI document with Redocly and Spectral; rules and exceptions are in tests/sdk/lint.

python -m tools.lint_openapi

The exit code is 0 when neither finds anything. Nothing is sent to other machines.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.openapi import DOCUMENT
from tools.sdk.workshop import BUILD, PROGRAMS

_QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
_INSTALL = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock",
            "--ignore-scripts"]  # fmt: skip


def main() -> int:
    """Run both; return 1 when one of them finds something."""
    folder = BUILD / "lint"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(PROGRAMS / "lint", folder, dirs_exist_ok=True)
    subprocess.run(_INSTALL, cwd=folder, check=True)
    programs = folder / "node_modules" / ".bin"
    linters: tuple[list[str | Path], ...] = (
        [programs / "redocly", "lint", DOCUMENT, "--config", "redocly.yaml"],
        [programs / "spectral", "lint", DOCUMENT, "-r", "spectral.yaml", "--fail-severity=hint"],
    )
    codes = [
        subprocess.run(linter, cwd=folder, env={**os.environ, **_QUIET}, check=False).returncode
        for linter in linters
    ]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
