"""`hnsemu …`: the service, and its command-line client."""

import gc
import sys

from hnsemu import __version__
from hnsemu.cli.commands import help_text


def main() -> None:
    """Run the command line."""
    words = sys.argv[1:]
    if words in (["--help"], ["-h"]):
        sys.stdout.write(help_text())
    elif words in (["--version"], ["-V"]):
        sys.stdout.write(f"hnsemu {__version__}\n")
    else:
        gc.disable()  # what is loaded lasts; a command that may run for long enables it
        from hnsemu.cli.app import cli  # noqa: PLC0415 (loads Typer, see commands.py)

        cli()
