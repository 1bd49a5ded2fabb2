"""Follows a page: writes the files that its blocks show, and runs the commands in between.

A block whose first line is a comment with a file's name is that file. In what a command prints, `…`
stands for anything; lines that the page does not show are passed over.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"(?:#!.*\n)?(?:#|//) (\S+\.\w+)\n")
_COMMAND = re.compile(r"^\$ (.+\n(?:> .*\n)*)((?:(?!\$ ).*\n)*)", re.MULTILINE)
_SPECIAL = str.maketrans({"[": "[[]", "*": "[*]", "?": "[?]", "…": "*"})


@dataclass
class Reader:
    """Somebody who does what a section says, in a folder."""

    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    patience: int = 100

    def follow(self, page: str, heading: str) -> None:
        """Do what a section says; fail where something else is printed than it shows."""
        text = (ROOT / "docs" / page).read_text()
        section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
        blocks = _BLOCK.findall(section)
        assert blocks, heading
        for language, block in blocks:
            if language == "console":
                for command, output in _COMMAND.findall(block):
                    self.run(command.replace("\n> ", "\n"), output)
            else:
                name = _FILE.match(block)
                assert name, f"a block without a file: {block}"
                file = self.folder / name[1]
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(block)

    def run(self, command: str, expected: str) -> None:
        """Run a command and compare what it prints with what the page shows."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=self.folder,
            env={**os.environ, "PATH": path, **self.variables},
            timeout=self.patience,
        )
        lines = iter(done.stdout.splitlines())
        for line in expected.splitlines():
            pattern = line.translate(_SPECIAL)
            assert any(fnmatchcase(printed, pattern) for printed in lines), (
                f"$ {command}{done.stdout}\ndoes not print, in this order: {line}"
            )
