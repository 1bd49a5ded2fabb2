"""`hnsemu-record.exe` as an owner of a Windows machine runs it, against hnsemu itself."""

import json
import os
import signal
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from hnsemu.cli.app import cli
from tests.shim.test_wine import COMMAND, environment
from tests.waiting import PATIENCE

Record = Callable[..., "subprocess.Popen[str]"]

DOCUMENT = {
    "SchemaVersion": {"Major": 2, "Minor": 0},
    "Name": "hnsemu-parity-net",
    "Type": "NAT",
}
NETWORK = {"name": "net", "call": "HcnCreateNetwork", "document": DOCUMENT}
PLUGINS = {"call": "HNSCall", "method": "GET", "path": "/plugins"}


@pytest.fixture
def host(url: str) -> str:
    """Return the name of an emulated host that is the test's own."""
    name = f"record-{uuid.uuid4().hex[:8]}"
    assert httpx.put(f"{url}/emulator/hosts/{name}", timeout=PATIENCE).status_code == 201
    return name


@pytest.fixture
def record(url: str, host: str, tmp_path: Path) -> Record:
    """Return what starts the program in a folder of the test's own, by hnsemu-wine."""

    def start(*arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [*COMMAND, hnsemu("parity", "program")[1].strip(), *arguments],
            cwd=tmp_path,
            env=environment(HNSEMU_URL=f"{url}/hosts/{host}"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,  # as a terminal has one, for Ctrl-C
        )

    return start


def run(record: Record, *arguments: str) -> tuple[int, str, str]:
    """Run the program to its end; return its exit code and what it wrote."""
    with record(*arguments) as process:
        said, complained = process.communicate(timeout=PATIENCE)
    return process.returncode, said, complained


def hnsemu(*words: str, **variables: str) -> tuple[int, str]:
    """Run a command of hnsemu; return its exit code and what it printed."""
    result = CliRunner().invoke(cli, words, env=variables, catch_exceptions=False)
    return result.exit_code, result.stdout


def plan_of(*steps: Any) -> str:
    """Return a plan with one case."""
    case = {"section": "Networks", "row": 'a "row"', "risk": "own", "steps": list(steps)}
    return json.dumps({"kind": "hnsemu-parity-plan", "format": 1, "cases": [case]})


def networks(url: str, host: str) -> list[str]:
    """Return the names of the networks of a host."""
    return [
        network["Name"]
        for network in httpx.get(f"{url}/hosts/{host}/v2/networks", timeout=PATIENCE).json()
    ]


def test_the_whole_plan_finds_no_difference_to_hnsemu_itself(
    record: Record, url: str, host: str, tmp_path: Path
) -> None:
    _, plan = hnsemu("parity", "plan", "--risk", "host")
    (tmp_path / "plan.json").write_bytes(plan.encode("utf-16"))  # as PowerShell's > writes it
    state = httpx.get(f"{url}/emulator/hosts/{host}/state", timeout=PATIENCE).json()
    code, said, complained = run(record, "plan.json")
    assert (code, complained) == (0, "")
    assert "Endpoints: PrefixLength: any\n" in said
    left = httpx.get(f"{url}/emulator/hosts/{host}/state", timeout=PATIENCE).json()
    assert left["networks"] == state["networks"]
    assert networks(url, host) == ["nat"]

    written = tmp_path / "record.json"
    code, shown = hnsemu("parity", "check", str(written), HNSEMU_URL=url)
    lines = shown.splitlines()
    assert all(line.startswith("equal ") for line in lines[:-1]), shown
    count = len(json.loads(plan)["cases"])
    assert lines[-1] == f"build 26100: {count} equal, 0 different, 0 not played"
    assert code == 0

    changed = json.loads(written.read_text())
    (number,) = [
        number
        for number, case in enumerate(changed["plan"]["cases"])
        if case["row"] == "Unknown backend 0x803B0002"
    ]
    changed["results"][number][0]["hresult"] = "0x80070490"
    written.write_text(json.dumps(changed))
    code, shown = hnsemu("parity", "check", str(written), HNSEMU_URL=url)
    assert code == 1
    row, finding = (line for line in shown.splitlines()[:-1] if not line.startswith("equal "))
    assert row == "differs     Policy lists: Unknown backend 0x803B0002"
    assert finding.split(": ", 1) == [
        "            step 1 (HcnCreateLoadBalancer)",
        'hresult: "0x80070490" there, "0x803b0002" here',
    ]


def test_a_dry_run_prints_every_call_and_makes_none(
    record: Record, url: str, host: str, tmp_path: Path
) -> None:
    httpx.put(f"{url}/emulator/hosts/{host}/journal", json={}, timeout=PATIENCE).raise_for_status()
    (tmp_path / "plan.json").write_text(plan_of(NETWORK, PLUGINS))
    code, said, _ = run(record, "--dry-run", "plan.json")
    assert code == 0
    document = json.dumps(DOCUMENT, separators=(",", ":"))
    assert said.splitlines()[1:] == [
        'own: Networks: a "row"',
        f"   1 HcnCreateNetwork {document}, HcnQueryNetworkProperties, HcnCloseNetwork",
        "   2 HNSCall GET /plugins",
        "     then, for what was made:",
        "     HcnDeleteNetwork ${net}",
    ]
    assert (
        httpx.get(f"{url}/emulator/hosts/{host}/requests", timeout=PATIENCE).json()["requests"]
        == []
    )
    assert not (tmp_path / "record.json").exists()


def test_ctrl_c_removes_what_was_made_and_writes_what_was_answered(
    record: Record, url: str, host: str, tmp_path: Path
) -> None:
    faults = f"{url}/emulator/hosts/{host}/faults"
    fault = {"match": {"operation": "HNSCall GET /plugins"}, "then": {"hang": True}}
    number = httpx.post(faults, json=fault, timeout=PATIENCE).json()["id"]
    (tmp_path / "plan.json").write_text(plan_of(NETWORK, PLUGINS, PLUGINS))
    with record("plan.json", "r.json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        while (
            httpx.get(faults, timeout=PATIENCE).json()[0]["hits"] == 0
        ):  # until the second step hangs
            assert process.poll() is None
        assert networks(url, host) == ["nat", "hnsemu-parity-net"]
        os.killpg(process.pid, signal.SIGINT)
        assert "stopping" in process.stderr.readline()
        httpx.delete(f"{faults}/{number}", timeout=PATIENCE)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert networks(url, host) == ["nat"]
    written = json.loads((tmp_path / "r.json").read_text())
    first, second, third = written["results"][0]
    assert first["hresult"] == "0x00000000"
    assert second["hresult"] != "0x00000000"
    assert third["skipped"] == "it was stopped by Ctrl-C"
    assert (written["stopped"], written["leftovers"]) == (True, [])


def test_networks_of_a_run_that_was_killed_are_removed(record: Record, url: str, host: str) -> None:
    for name in ("hnsemu-parity-net", "mine"):
        left = {**DOCUMENT, "Name": name}
        httpx.post(
            f"{url}/hosts/{host}/v2/networks", json=left, timeout=PATIENCE
        ).raise_for_status()
    code, said, _ = run(record, "--remove-leftovers")
    assert (code, said) == (0, "removing network hnsemu-parity-net\n")
    assert networks(url, host) == ["nat", "mine"]


@pytest.mark.parametrize(
    ("content", "arguments", "code", "sentence"),
    [
        ("", ["none.json"], 2, "none.json: the file cannot be opened."),
        ("{", ["plan.json"], 2, "plan.json: it is not complete JSON; was it cut off"),
        (" " * (5 << 20), ["plan.json"], 2, "it has more than 4 MiB, which no plan has."),
        (plan_of(NETWORK), ["plan.json", "plan.json"], 2, "plan.json: it exists already"),
        ("", [], 2, "--dry-run            print every call and make none"),
    ],
)
def test_what_cannot_be_played_is_refused_in_a_sentence(
    record: Record, tmp_path: Path, content: str, arguments: list[str], code: int, sentence: str
) -> None:
    (tmp_path / "plan.json").write_text(content)
    ended, _, complained = run(record, *arguments)
    assert ended == code
    assert sentence in complained


def test_a_user_who_is_no_administrator_is_told_what_to_do(
    record: Record, url: str, host: str, tmp_path: Path
) -> None:
    fault = {"match": {"operation": "*"}, "then": {"hresult": "0x80070005"}}
    httpx.post(
        f"{url}/emulator/hosts/{host}/faults", json=fault, timeout=PATIENCE
    ).raise_for_status()
    (tmp_path / "plan.json").write_text(plan_of(NETWORK))
    code, _, complained = run(record, "plan.json")
    assert code == 3
    assert 'open the Command Prompt with "Run as administrator"' in complained
