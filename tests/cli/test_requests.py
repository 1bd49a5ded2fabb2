"""requests, verify and faults: what programs called, and how calls fail."""

import json

import pytest

from tests.cli.conftest import SCHEMA, Hnsemu


@pytest.fixture
def on(hnsemu: Hnsemu, own_host: str) -> dict[str, str]:
    """Return the variables that lead to a host whose journal is on."""
    variables = {"HNSEMU_ON": own_host}
    assert hnsemu("requests", "journal", "on", **variables).stdout == "on\n"
    return variables


def create(hnsemu: Hnsemu, on: dict[str, str], name: str) -> int:
    """Create a network; return the exit code."""
    document = json.dumps({"Name": name, "Type": "L2Bridge", "SchemaVersion": SCHEMA})
    return hnsemu("networks", "create", "-f", "-", stdin=document, **on).exit_code


def test_calls_are_listed_and_cleared(hnsemu: Hnsemu, on: dict[str, str]) -> None:
    assert create(hnsemu, on, "pods") == 0
    head, row = hnsemu("requests", "list", **on).stdout.splitlines()
    assert head.split() == ["NUMBER", "TIME", "MS", "OPERATION", "STATUS", "HRESULT", "PATH"]
    assert row.split()[3:] == ["HcnCreateNetwork", "201", "0x00000000", "/v2/networks"]
    (call,) = json.loads(hnsemu("requests", "list", "--operation", "*", "-o", "json", **on).stdout)
    assert call["created"][0]["kind"] == "network"
    assert hnsemu("requests", "clear", **on).exit_code == 0
    assert hnsemu("requests", "list", **on).stderr == "no calls\n"


def test_a_list_says_that_the_journal_is_off(hnsemu: Hnsemu, own_host: str) -> None:
    assert "the journal is off" in hnsemu("requests", "list", HNSEMU_ON=own_host).stderr


def test_a_verification_names_what_came_nearest(hnsemu: Hnsemu, on: dict[str, str]) -> None:
    assert create(hnsemu, on, "pods") == 0
    words = ("verify", "--operation", "HcnCreateNetwork")
    yes = hnsemu(*words, "--name", "pod?", "--count", "1", **on)
    assert (yes.exit_code, yes.stdout) == (0, "yes: expected exactly 1 call, seen 1\n")
    no = hnsemu(*words, "--request", '{"Name": "web"}', "--at-least", "1", **on)
    assert no.exit_code == 1
    assert no.stdout.splitlines() == [
        "no: expected at least 1 call, seen 0",
        "call 1 HcnCreateNetwork is near:",
        '  request.Name: expected "web", found "pods"',
    ]
    assert hnsemu("verify", "--operation", "HcnDelete*", "--never", **on).exit_code == 0
    assert hnsemu("verify", "--count", "1", "--never", **on).exit_code == 4
    assert hnsemu("verify", "--request", "{", **on).exit_code == 2


def test_faults_are_added_listed_and_cleared(hnsemu: Hnsemu, on: dict[str, str]) -> None:
    number = hnsemu("faults", "add", "access-denied", "--times", "1", **on).stdout.strip()
    assert create(hnsemu, on, "pods") == 4
    assert create(hnsemu, on, "pods") == 0
    _, row = hnsemu("faults", "list", **on).stdout.splitlines()
    assert row.split()[0] == number
    assert row.split()[-3:] == ["access-denied", "2", "1"]
    other = hnsemu("faults", "add", "--hresult", "E_FAIL", "--operation", "HcnDelete*", **on)
    assert hnsemu("faults", "clear", number, **on).exit_code == 0
    (fault,) = json.loads(hnsemu("faults", "list", "-o", "json", **on).stdout)
    assert fault["id"] == int(other.stdout)
    assert hnsemu("faults", "clear", **on).exit_code == 0
    assert hnsemu("faults", "list", **on).stderr == "no faults\n"


def test_presets_are_listed(hnsemu: Hnsemu) -> None:
    assert "hang " in hnsemu("faults", "presets").stdout
    assert hnsemu("faults", "add", "never-seen").exit_code == 4
