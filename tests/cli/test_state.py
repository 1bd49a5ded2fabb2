"""state and snapshots: a host goes to a file and comes back, or is kept by name."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SCHEMA, Hnsemu


@pytest.mark.parametrize("text", ["json", "yaml"])
def test_a_host_goes_to_a_file_and_comes_back(
    hnsemu: Hnsemu, own_host: str, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "state"
    assert hnsemu("state", "export", str(file), "-o", text, HNSEMU_ON="node").exit_code == 0
    imported = hnsemu("state", "import", str(file), HNSEMU_ON=own_host)
    assert (imported.exit_code, imported.stdout) == (0, f"{own_host}\n")
    listed = hnsemu("endpoints", "list", HNSEMU_ON=own_host).stdout
    assert listed == hnsemu("endpoints", "list", HNSEMU_ON="node").stdout
    printed = hnsemu("state", "export", "-o", text, HNSEMU_ON="node").stdout
    assert printed.strip() == file.read_text().strip()


def test_a_file_that_is_no_state_is_refused(hnsemu: Hnsemu, own_host: str, tmp_path: Path) -> None:
    refused = hnsemu("state", "import", "-", stdin="format: 7", HNSEMU_ON=own_host)
    assert refused.exit_code == 4
    assert "format: 7 is newer than 1" in refused.stderr
    assert hnsemu("state", "import", str(tmp_path / "none")).exit_code == 2
    assert hnsemu("state", "export", str(tmp_path / "no" / "file")).exit_code == 2


def test_the_states_of_all_hosts_are_a_stream(hnsemu: Hnsemu, own_host: str) -> None:
    lines = hnsemu("state", "export", "--all", "-o", "json").stdout.splitlines()
    assert own_host in {json.loads(line)["name"] for line in lines}
    assert hnsemu("state", "import", "-", "--all", stdin='{"name": 1}').exit_code == 4


def test_who_takes_one_state_for_all_or_all_for_one_is_told(hnsemu: Hnsemu, own_host: str) -> None:
    one = hnsemu("state", "export", "-o", "json", HNSEMU_ON=own_host).stdout
    refused = hnsemu("state", "import", "-", "--all", stdin=one)
    assert (refused.exit_code, "is the state of one host" in refused.stderr) == (4, True)
    assert "without --all" in refused.stderr
    named = json.dumps({"name": own_host, "state": json.loads(one)})
    for stream, said in (
        (named, "this is the state of a service"),
        (f"{named}\n{named}\n", "the body has several documents"),
    ):
        refused = hnsemu("state", "import", "-", stdin=stream, HNSEMU_ON=own_host)
        assert (refused.exit_code, said in refused.stderr) == (4, True), refused.stderr
        assert "--all" in refused.stderr


def test_a_snapshot_is_saved_compared_restored_and_deleted(hnsemu: Hnsemu, own_host: str) -> None:
    on = {"HNSEMU_ON": own_host}
    assert hnsemu("snapshots", "save", "clean", **on).stdout == "clean\n"
    document = json.dumps({"Name": "extra", "Type": "Private", "SchemaVersion": SCHEMA})
    guid = hnsemu("networks", "create", "-f", "-", stdin=document, **on).stdout.strip()
    texts = hnsemu("snapshots", "diff", "clean", **on).stdout.splitlines()
    assert f"The network extra ({guid}) was added." in texts
    changes = json.loads(hnsemu("snapshots", "diff", "clean", "-o", "json", **on).stdout)
    assert [change["text"] for change in changes] == texts
    hnsemu("snapshots", "save", "dirty", **on)
    back = hnsemu("snapshots", "diff", "dirty", "clean", **on).stdout
    assert f"The network extra ({guid}) was removed." in back
    assert hnsemu("snapshots", "restore", "clean", **on).exit_code == 0
    assert hnsemu("snapshots", "diff", "clean", **on).stdout == ""
    heads, *rows = hnsemu("snapshots", "list", **on).stdout.splitlines()
    assert heads.split() == ["NAME", "CREATED", "NETWORKS", "ENDPOINTS", "SIZE"]
    assert [row.split()[0] for row in rows] == ["clean", "dirty"]
    listed = json.loads(hnsemu("snapshots", "list", "-o", "json", **on).stdout)
    assert [snapshot["name"] for snapshot in listed] == ["clean", "dirty"]
    assert hnsemu("snapshots", "delete", "clean", "dirty", **on).stdout == "clean\ndirty\n"
    assert hnsemu("snapshots", "restore", "clean", **on).exit_code == 5


@pytest.mark.parametrize("words", [[], ["node", "--all"], ["--all", "-f", "x"]])
def test_a_reset_of_all_hosts_is_asked_for(hnsemu: Hnsemu, words: list[str]) -> None:
    assert hnsemu("hosts", "reset", *words).exit_code == 2
