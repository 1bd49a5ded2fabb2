"""Commands that do something on Windows and are refused here: each row of docs/docker.md."""

import re
import shlex
from pathlib import Path

import pytest

from tests.e2e.docker.conftest import Docker

PAGE = Path(__file__).resolve().parents[3] / "docs" / "docker.md"
_ROW = re.compile(r"^\| `docker ([^`]+)` \| `([^`]+)` \|$", re.MULTILINE)


def _table() -> list[tuple[str, str]]:
    section = PAGE.read_text().partition("\n## Where it departs from dockerd\n")[2]
    section = section.partition("\n| Command | Answer |\n")[2].partition("\n\n")[0]
    rows: list[tuple[str, str]] = _ROW.findall(section)
    assert len(rows) == section.count("\n| `")
    return rows


@pytest.mark.parametrize(("command", "answer"), _table())
def test_a_command_is_refused_with_a_sentence(
    docker: Docker,
    command: str,
    answer: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM nanoserver\n")
    (tmp_path / "app.log").write_text("started\n")
    assert docker("pull", "-q", "nanoserver").code == 0
    assert docker("create", "--name", "web", "nanoserver").code == 0
    refused = docker(*shlex.split(command))
    assert refused.code != 0
    assert answer in refused.err
    assert docker("ps", "-aq").lines == docker("ps", "-aq", "--filter", "name=web").lines


@pytest.mark.parametrize("command", ["cp nobody:/app.log .", "export -o web.tar nobody"])
def test_a_container_that_is_not_there_is_missed_first(docker: Docker, command: str) -> None:
    assert "No such container: nobody" in docker(*shlex.split(command)).err
