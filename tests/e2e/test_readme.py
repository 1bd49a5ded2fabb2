"""The README's commands and recipe do what it shows."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.servers import serving

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()
PROGRAMS = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

# What differs from run to run: ids, MACs and the addresses that HNS chooses.
_CHOSEN = [
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE), "ID"),
    (re.compile(r"\b00-15-5D(-[0-9A-F]{2}){3}\b"), "MAC"),
    (re.compile(r"\b172\.16\.\d+\.\d+(?!/)\b"), "ADDRESS"),
    (re.compile(r"  +"), "  "),  # columns are as wide as what is in them
]


@dataclass(frozen=True)
class Step:
    """A command of the README and the answer under it."""

    command: str
    answer: str


def masked(text: str) -> str:
    """Return a text without what differs from run to run."""
    for pattern, name in _CHOSEN:
        text = pattern.sub(name, text)
    return text.strip()


def steps(readme: str) -> Iterator[Step]:
    """Yield the commands of the section, those of blocks `console` with their answers."""
    _, _, section = readme.partition("## Five commands")
    section, _, _ = section.partition("\n## ")
    for language, block in re.findall(r"```(sh|console)\n(.*?)```", section, re.DOTALL):
        if language == "sh":
            yield Step(block, "")
            continue
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, answer = part.partition("\n")
            yield Step(command, answer)


def test_every_command_answers_as_shown(tmp_path: Path) -> None:
    shown = list(steps(README))
    with serving("sqlite://", "--ephemeral") as server:
        script = "\n".join(f"{step.command}\nprintf '\\0'" for step in shown)
        done = subprocess.run(
            ["bash"],
            input=script.replace("localhost:8420", server.url.removeprefix("http://")),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=tmp_path,
            env={"PATH": PROGRAMS, "HNSEMU_URL": server.url},
        )
    answers = done.stdout.split("\0")
    assert sum(bool(step.answer) for step in shown) == 5
    for step, answer in zip(shown, answers, strict=False):
        assert masked(answer) == masked(step.answer), step.command


def test_the_test_in_the_readme_passes(tmp_path: Path) -> None:
    (recipe,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (tmp_path / "test_host.py").write_text(recipe)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": PROGRAMS},
    )
    assert "1 passed" in done.stdout, done.stdout
