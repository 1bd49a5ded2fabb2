"""The commands of docs/testing.md do what the page says."""

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Hnsemu

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "testing.md").read_text()
SECTION = PAGE.partition("## Save a host and return to it\n")[2].partition("\n## ")[0]
FILES = {
    "network.yaml": "{Name: blue, Type: Private, SchemaVersion: {Major: 2, Minor: 0}}",
    "extra.yaml": "{Name: green, Type: Private, SchemaVersion: {Major: 2, Minor: 0}}",
}


def test_a_host_is_saved_and_brought_back_as_the_page_says(
    hnsemu: Hnsemu, own_host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    printed: list[str] = []
    for block in re.findall(r"```console\n(.*?)```", SECTION, re.DOTALL):
        for command in re.findall(r"^\$ (.+\n(?:[^$].*\n)*)", block, re.MULTILINE):
            line, _, expected = command.partition("\n")
            words = [own_host if word == "default" else word for word in shlex.split(line)[1:]]
            outcome = hnsemu(*words, HNSEMU_ON=own_host)
            assert outcome.exit_code == 0, (line, outcome.stderr)
            printed.append(outcome.stdout)
            if expected:
                assert outcome.stdout == expected.replace("default", own_host), line
    assert any("The network green" in text for text in printed)
    networks = hnsemu("networks", "list", HNSEMU_ON=own_host).stdout
    assert "blue" in networks
    assert "green" not in networks


def test_a_cluster_becomes_hosts_as_the_page_says(
    hnsemu: Hnsemu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    section = PAGE.partition("## Bring your own cluster\n")[2].partition("\n## ")[0]
    text = "".join(re.findall(r"```console\n(.*?)```", section, re.DOTALL))
    commands = re.findall(r"^\$ hnsemu (.+)\n((?:[^$].*\n)*)", text, re.MULTILINE)
    assert commands
    try:
        for line, expected in commands:
            outcome = hnsemu(*shlex.split(line))
            assert (outcome.stdout, outcome.stderr) == (expected, ""), line
            assert outcome.exit_code == (1 if "BLOCKED" in expected else 0), line
    finally:
        hnsemu("hosts", "delete", "win-1", "win-2")
