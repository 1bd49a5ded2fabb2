"""parity plan and check: what a real host answered, beside what an emulated one answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from hnsemu.parity.playing import played
from hnsemu.parity.records import Machine
from hnsemu.testing.parity import asking, host_of
from tests.cli.conftest import Hnsemu

_SERVER_2022 = {"build": 20348, "product": "server", "edition": "ServerDatacenter", "hns": None}


def _record(hnsemu: Hnsemu) -> dict[str, Any]:
    """Return what a Windows Server 2022 that is as hnsemu thinks answers to the whole plan."""
    plan = json.loads(hnsemu("parity", "plan", "--risk", "host").stdout)
    with host_of(Machine(20348, is_server=True, edition="", hns=None), "") as api:
        results = [played(case, asking(api)) for case in plan["cases"]]
        for noun in ("endpoints", "loadbalancers", "sdnroutes"):
            assert api.get(f"/v2/{noun}") == []  # a case removes what it made
        assert [network["Name"] for network in api.get("/v2/networks")] == ["nat"]
    return {
        "kind": "hnsemu-parity-record",
        "format": 1,
        "machine": _SERVER_2022,
        "plan": plan,
        "results": results,
    }


def test_a_record_is_compared_row_by_row(
    hnsemu: Hnsemu, server_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HNSEMU_URL", server_url)
    record = _record(hnsemu)
    file = tmp_path / "record.json"
    file.write_text(json.dumps(record))
    same = hnsemu("parity", "check", str(file))
    lines = same.stdout.splitlines()
    assert all(line.startswith("equal ") for line in lines[:-1])
    count = len(record["plan"]["cases"])
    assert lines[-1] == f"build 20348: {count} equal, 0 different, 0 not played"
    assert same.exit_code == 0

    newer = hnsemu("parity", "check", "-", "--release", "ws2025", stdin=file.read_text())
    assert newer.exit_code == 1
    _, _, found = newer.stdout.partition("A policy type, flag or feature that the release lacks")
    assert found.splitlines()[1].strip() == (
        'step 2 (HcnCreateEndpoint): hresult: "0x803b000e" there, "0x00000000" here'
    )

    del record["results"][-1]
    record["results"][0][0] = {"call": "HNSCall", "skipped": "vmcompute.dll is missing"}
    cut = hnsemu("parity", "check", "-", "-o", "json", stdin=json.dumps(record))
    reasons = [row["unplayed"] for row in json.loads(cut.stdout)]
    assert [reasons[0], reasons[-1]] == [
        "vmcompute.dll is missing",
        "the recording ended before it",
    ]
    assert not any(reasons[1:-1])
    assert cut.exit_code == 0


def test_a_record_without_names_and_addresses_of_its_machine_tells_the_same(
    hnsemu: Hnsemu, server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HNSEMU_URL", server_url)
    record = _record(hnsemu)
    text = json.dumps(record)
    assert "example.internal" in text  # the resolver of the host
    anonymous = hnsemu("hosts", "anonymise", "-", stdin=text).stdout
    assert "example.internal" not in anonymous
    identity = record["results"][2][0]["answer"]["ID"]
    assert identity in text
    assert identity not in anonymous
    assert json.loads(anonymous)["plan"] == record["plan"]
    checked = hnsemu("parity", "check", "-", stdin=anonymous)
    assert (checked.exit_code, " 0 different, 0 not played" in checked.stdout) == (0, True)


def test_a_file_that_is_no_record_is_refused_in_a_sentence(hnsemu: Hnsemu, tmp_path: Path) -> None:
    assert hnsemu("parity", "check", str(tmp_path / "none")).stderr == (
        f"hnsemu: cannot read {tmp_path / 'none'}: No such file or directory\n"
    )
    refused = hnsemu("parity", "check", "-", stdin="{")
    assert refused.stderr == "hnsemu: -: line 1: the record is not complete JSON; was it cut off?\n"
    assert refused.exit_code == 2
    plan = hnsemu("parity", "plan").stdout
    refused = hnsemu("parity", "check", "-", stdin=plan)
    assert "this is no record" in refused.stderr
    old = hnsemu("parity", "check", "-", "--release", "ws1999", stdin=_empty(plan))
    assert old.exit_code == 2
    assert "release" in old.stderr


def _empty(plan: str) -> str:
    record = {"kind": "hnsemu-parity-record", "format": 1, "machine": _SERVER_2022}
    return json.dumps(record | {"plan": json.loads(plan), "results": []})


def test_a_checkout_without_the_program_says_how_to_get_it(
    hnsemu: Hnsemu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hnsemu.testing.parity.FOLDER", str(tmp_path))
    lacking = hnsemu("parity", "program")
    assert (lacking.exit_code, lacking.stdout) == (2, "")
    assert "run `make shim`" in lacking.stderr
