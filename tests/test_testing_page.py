"""docs/testing.md: what it shows of calls, faults and time happens; its table has every preset."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hnsemu.domain.fault_presets import PRESETS
from tests.e2e.servers import serving
from tests.waiting import PATIENCE

PAGE = Path(__file__).resolve().parents[1] / "docs" / "testing.md"
_SECTIONS = ("Journal and verify", "Faults", "Time")
_KINDS = {".py", ".yml"}
_COMMAND = re.compile(r"^\$ (.*(?:\n> .*)*)\n((?:[^$].*\n)*)", re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    """Return the commands of the three sections, in order, each with what it prints."""
    text = "".join(part for part in _sections() if part.startswith(_SECTIONS))
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    found = [command for block in blocks for command in _COMMAND.findall(block)]
    return [(command.replace("\n> ", "\n"), printed) for command, printed in found]


def _sections() -> list[str]:
    return re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)


def test_every_block_does_what_it_shows(database_url: str) -> None:
    with serving(database_url) as server:
        authority = server.url.removeprefix("http://")
        commands_first = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        variables = {**os.environ, "HNSEMU_URL": server.url, "PATH": commands_first}
        for command, printed in commands():
            ran = subprocess.run(
                ["bash", "-o", "pipefail", "-c", command.replace("localhost:8420", authority)],
                capture_output=True,
                text=True,
                env=variables,
                timeout=PATIENCE,
                check=False,
            )
            assert (ran.stdout, ran.stderr, ran.returncode) == (printed, "", 0), command


@pytest.mark.parametrize(
    ("section", "language", "count"),
    [("With Testcontainers", "python", 1), ("In GitHub", "yaml", 2)],
)
def test_blocks_are_parts_of_the_examples_that_are_run(
    section: str, language: str, count: int
) -> None:
    (text,) = [part for part in _sections() if part.startswith(section)]
    blocks = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    examples = [
        file.read_text()
        for file in (PAGE.parents[1] / "examples").rglob("*")
        if file.suffix in _KINDS
    ]
    found = [block for block in blocks if any(block in example for example in examples)]
    assert (len(found), found) == (count, blocks)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_in_the_table(name: str) -> None:
    preset = PRESETS[name]
    assert f"| `{name}` | {preset.about} | {preset.source} |" in PAGE.read_text()
