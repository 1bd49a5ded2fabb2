"""What the wheel needs beside Python files: the DLLs that Windows programs call."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_COMPILER = "x86_64-w64-mingw32-gcc"


class ShimHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the DLLs of `shim/` into the wheel where mingw-w64 is installed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (the interface)
        """Build the DLLs, or say that the wheel goes without them."""
        shim = Path(self.root) / "shim"
        if version == "editable":
            return  # `make shim` builds them into the checkout
        if not shim.is_dir() or not (shutil.which(_COMPILER) and shutil.which("make")):
            self.app.display_warning(
                f"hnsemu: the wheel carries no DLLs, so hnsemu-wine cannot run from it; "
                f"install make and {_COMPILER} (Debian: gcc-mingw-w64-x86-64) and build again"
            )
            return
        subprocess.run(["make", "--silent", "--directory", shim], check=True)
