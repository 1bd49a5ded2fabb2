"""`hnsemu wrap` around real commands."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hnsemu.testing import Host, Service
from tests.waiting import PATIENCE

WRAP = [sys.executable, "-m", "hnsemu.cli", "wrap"]
PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
_CREATE = (
    """curl -sf $HNSEMU_URL/v2/networks -d '{"Name": "pods", "Type": "Private"}' -o /dev/null"""
)


@pytest.fixture(autouse=True)
def running(hns_server: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Let commands use the service of this run."""
    monkeypatch.setenv("HNSEMU_URL", hns_server.url)
    monkeypatch.setenv("PATH", PATH)
    return hns_server


def wrap(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run `hnsemu wrap` to its end."""
    return subprocess.run(
        [*WRAP, *words], capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def hosts(service: Service) -> list[str]:
    """Return the hosts of the service that commands had."""
    names = [host["name"] for host in service.api.get("/emulator/hosts")]
    return [name for name in names if name.startswith(("sh-", "true-", "sleep-", "missing-"))]


def test_the_command_has_a_host_that_is_gone_afterwards(running: Service) -> None:
    done = wrap("--", "sh", "-c", "curl -sf $HNSEMU_URL/host; echo $DOCKER_HOST >&2")
    assert done.returncode == 0, done.stderr
    assert '"Release":"ws2025"' in done.stdout
    assert done.stderr.startswith(f"{running.url.replace('http', 'tcp')}/hosts/sh-")
    assert hosts(running) == []


def test_the_command_has_a_service_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HNSEMU_URL")
    done = wrap("--release", "ws2019", "sh", "-c", "curl -sf $HNSEMU_URL/host; exit 3")
    assert done.returncode == 3
    assert '"Release":"ws2019"' in done.stdout


def test_commands_of_hnsemu_find_the_host_in_the_address(running: Service) -> None:
    script = f"unset HNSEMU_ON; {_CREATE}; hnsemu networks list; hnsemu requests list -o json"
    done = wrap("--", "sh", "-c", script)
    assert "pods" in done.stdout, done.stderr
    assert '"operation": "HcnCreateNetwork"' in done.stdout
    assert "pods" not in str(running.api.get("/v2/networks"))


def test_what_the_command_left_behind_is_listed() -> None:
    done = wrap("--", "sh", "-c", _CREATE)
    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert lines[0] == "hnsemu: the command left objects behind:"
    assert lines[1].startswith("  network pods (")
    assert lines[1].endswith("made by call 1, HcnCreateNetwork")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["sh", "-c", "exit 7"], 7),
        (["sh", "-c", "kill -TERM $$"], 143),
        (["missing-command"], 127),
        (["/dev/null"], 126),
    ],
)
def test_the_exit_code_is_that_of_the_command(command: list[str], code: int) -> None:
    assert wrap("--", *command).returncode == code


def test_a_command_that_fails_is_followed_by_its_calls() -> None:
    done = wrap("--", "sh", "-c", f"{_CREATE}; exit 1")
    lines = done.stderr.splitlines()
    assert lines[0] == "hnsemu: the command ended with 1; its calls:"
    assert lines[1].split()[:3] == ["1", "201", "HcnCreateNetwork"]


def test_a_command_that_removes_its_host_keeps_its_code() -> None:
    done = wrap("--", "sh", "-c", "curl -sfX DELETE $HNSEMU_EMULATOR; exit 4")
    assert done.returncode == 4
    assert "the journal cannot be read: " in done.stderr


def test_the_host_is_made_of_a_state(host: Host, tmp_path: Path) -> None:
    host.v2.post("/networks", {"Name": "blue", "Type": "Private"})
    file = tmp_path / "state.yaml"
    file.write_text(host.emulator.get("/state", format="yaml"))
    assert "blue" in wrap("--state", str(file), "--", "hnsemu", "networks", "list").stdout


def test_calls_of_the_command_fail_by_a_fault() -> None:
    done = wrap("--fault", "access-denied", "--", "sh", "-c", _CREATE)
    assert done.returncode == 22  # curl's, for a refusal
    assert "0x80070005  HcnCreateNetwork" in done.stderr


def test_the_host_is_kept(running: Service) -> None:
    done = wrap("--keep", "--", "true")
    assert done.stderr.startswith(f"hnsemu: the host stays at {running.url}/hosts/true-")
    (name,) = hosts(running)
    running.api.delete(f"/emulator/hosts/{name}")


def test_a_service_of_its_own_is_kept_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HNSEMU_URL")
    with subprocess.Popen(
        [*WRAP, "--keep", "--", "true"], stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        url = process.stderr.readline().removesuffix(" until Ctrl-C\n").split()[-1]
        shown = subprocess.check_output(["curl", "-sf", f"{url}/host"], text=True)
        process.send_signal(signal.SIGINT)
        assert process.wait(100) == 0
    assert '"Release"' in shown


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_the_command_gets_signals_and_decides(running: Service, number: signal.Signals) -> None:
    name = number.name.removeprefix("SIG")
    script = f"trap 'echo got {name}; exit 5' {name}; echo ready; while :; do sleep 0.1; done"
    with subprocess.Popen(
        [*WRAP, "--", "bash", "-c", script], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == f"got {name}\n"
        assert process.wait(100) == 5
    assert hosts(running) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--release", "ws1999", "--", "true"], "ws1999"),
        (["--state", "missing.yaml", "--", "true"], "missing.yaml"),
        (["--fault", "nonsense", "--", "true"], "nonsense"),
    ],
)
def test_what_cannot_be_prepared_runs_nothing(
    running: Service, words: list[str], sentence: str
) -> None:
    done = wrap(*words)
    assert (done.returncode, done.stdout) == (125, "")
    assert sentence in done.stderr
    assert hosts(running) == []


def test_options_of_the_command_are_its_own() -> None:
    assert wrap("echo", "--release", "-n").stdout == "--release -n\n"
    assert wrap("--releases", "ws2022", "--", "true").returncode == 2
