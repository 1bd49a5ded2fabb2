"""Puts the DLLs that Windows programs call, and programs for Windows, into the wheel."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_COMPILER = "x86_64-w64-mingw32-gcc"


class ShimHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the DLLs of `shim/` where mingw-w64 is installed, and warns where it is not."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (the interface)
        """Build the DLLs, or say that the wheel goes without them.

        Raises: CalledProcessError when the compiler is installed and fails.
        """
        root = Path(self.root)
        if version == "editable":
            return  # `make shim` builds them into the checkout
        if (root / "shim").is_dir() and shutil.which(_COMPILER) and shutil.which("make"):
            subprocess.run(["make", "--silent", "--directory", root / "shim"], check=True)
        elif any((root / "app/hnsemu/windows").glob("*.dll")):
            self.app.display_warning(
                "hnsemu: the wheel carries the DLLs of an earlier build; "
                f"install make and {_COMPILER} to build them afresh"
            )
        else:
            self.app.display_warning(
                "hnsemu: the wheel carries no DLLs, so hnsemu-wine cannot run from it; "
                f"install make and {_COMPILER} (Debian: gcc-mingw-w64-x86-64) and build again"
            )
