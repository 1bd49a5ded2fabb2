"""The GitHub Action and the workflows of examples/github: their steps do what they say."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.e2e.github import ROOT, Runner
from tests.e2e.servers import serving
from tests.waiting import PATIENCE

EXAMPLES = ROOT / "examples" / "github"
CREATE = (
    """curl -sf "$HNSEMU_URL/v2/networks" -d '{"Name": "pods", "Type": "L2Bridge"}' -o /dev/null"""
)


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runner]:
    """Return a machine on which hnsemu is installed already; its service ends with the test."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    folder, temp = tmp_path / "work", tmp_path / "temp"
    folder.mkdir()
    temp.mkdir()
    yield Runner(folder, temp, frozenset({"install"}))
    pid = temp / "hnsemu" / "pid"
    if pid.exists():
        with suppress(ProcessLookupError):
            os.kill(int(pid.read_text()), signal.SIGTERM)


def test_the_action_starts_a_host_of_the_release_for_the_commands(runner: Runner) -> None:
    succeeded, outputs = runner.action(ROOT, {"run": CREATE, "release": "ws2019", "host": "cni"})
    assert succeeded, runner.output
    assert outputs["url"].endswith("/hosts/cni")
    assert httpx.get(f"{outputs['url']}/host", timeout=PATIENCE).json()["Release"] == "ws2019"
    assert outputs["docker-host"] == f"{outputs['url'].replace('http', 'tcp', 1)}/docker"
    assert (
        httpx.get(f"{outputs['emulator']}/requests", timeout=PATIENCE).json()["requests"][0][
            "status"
        ]
        == 201
    )
    assert runner.artifacts == {}


def test_the_action_uploads_the_journal_of_commands_that_fail(runner: Runner) -> None:
    succeeded, _ = runner.action(ROOT, {"run": f"{CREATE}\nexit 1", "journal": "calls"})
    assert not succeeded
    assert operations(runner.artifacts["calls"] / "ci.json") == ["HcnCreateNetwork"]
    assert "hnsemu ready on " in (runner.artifacts["calls"] / "service.log").read_text()


def test_a_job_with_several_hosts_keeps_all_journals(runner: Runner) -> None:
    _, first = runner.action(ROOT, {"host": "one"})
    succeeded, second = runner.action(ROOT, {"run": f"{CREATE}\nexit 1", "host": "two"})
    assert not succeeded
    assert second["url"] == first["url"].replace("/one", "/two")
    kept = runner.artifacts["hnsemu-journal"]
    assert operations(kept / "one.json") == []
    assert operations(kept / "two.json") == ["HcnCreateNetwork"]


def test_the_action_says_why_there_is_no_host(runner: Runner) -> None:
    succeeded, outputs = runner.action(ROOT, {"release": "ws1999"})
    assert (succeeded, outputs["url"]) == (False, "")
    assert "ws1999" in runner.output


def test_the_action_says_why_there_is_no_service(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HNSEMU_DATABASE_URL", "sqlite:////missing/hns.db")
    monkeypatch.setenv("HNSEMU_WORKERS", "none")
    assert not runner.action(ROOT, {})[0]
    assert "hnsemu did not start:" in runner.output
    assert "HNSEMU_WORKERS" in runner.output


@pytest.mark.parametrize("code", [0, 1])
def test_the_workflow_with_the_action(runner: Runner, code: int) -> None:
    program(runner.folder, code)
    assert runner.job((EXAMPLES / "action.yml").read_text()) == (code == 0), runner.output
    uploaded = [operations(folder / "ci.json") for folder in runner.artifacts.values()]
    assert uploaded == [["HcnCreateNetwork"]] * code


@pytest.mark.parametrize("code", [0, 1])
def test_the_workflow_with_a_service_container(
    runner: Runner, database_url: str, code: int
) -> None:
    program(runner.folder, code)
    with serving(database_url) as server:
        workflow = (EXAMPLES / "service-container.yml").read_text()
        assert runner.job(workflow.replace("http://localhost:8420", server.url)) == (code == 0)
        assert (
            httpx.get(f"{server.url}/hosts/ci/host", timeout=PATIENCE).json()["Release"] == "ws2022"
        )
    uploaded = [operations(folder / "ci.json") for folder in runner.artifacts.values()]
    assert uploaded == [["HcnCreateNetwork"]] * code


def program(folder: Path, code: int) -> None:
    """Write somebody's tests, which end with a code."""
    script = folder / "test.sh"
    script.write_text(f"#!/bin/sh\n{CREATE}\nexit {code}\n")
    script.chmod(0o755)


def operations(journal: Path) -> list[str]:
    """Return the operations of a journal that was uploaded."""
    calls = json.loads(journal.read_text())["requests"]
    return [call["operation"] for call in calls]
