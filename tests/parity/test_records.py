"""What is read of a record, and how what is none is refused."""

import json
from typing import Any

import pytest

from hnsemu.domain.releases import RELEASES, Release
from hnsemu.errors import HnsError
from hnsemu.parity.records import LARGEST, Machine, read_record
from tests.parity.test_plans import hns, plan

MACHINE = {"build": 20348, "product": "server", "edition": "ServerDatacenter"}
VERSION = {"Success": True, "Output": {"Major": 13, "Minor": 3}}
RESULT = {"call": "HNSCall", "hresult": "0x00000000", "answer": {}}


def record(**members: Any) -> dict[str, Any]:
    """Return a record of one call."""
    whole = {"kind": "hnsemu-parity-record", "format": 1, "machine": MACHINE | {"hns": VERSION}}
    return whole | {"plan": plan(hns("GET", "/globals")), "results": [[RESULT]]} | members


def test_a_record_says_on_which_windows_it_was_made() -> None:
    text = json.dumps(record())
    for content in (text.encode(), text.encode("utf-16")):  # as PowerShell may have saved it
        assert read_record(content).machine == Machine(20348, True, "ServerDatacenter", (13, 3))


@pytest.mark.parametrize(
    ("machine", "release"),
    [
        (Machine(20348, True, "", (13, 3)), "ws2022"),
        (Machine(17763, True, "", (9, 1)), "ws2019-rtm"),
        (Machine(17763, True, "", (9, 5)), "ws2019"),
        (Machine(17763, True, "", None), "ws2019"),
        (Machine(26200, False, "", (15, 4)), "win11"),
        (Machine(10240, False, "", None), "win10-1709"),
    ],
)
def test_the_nearest_release_is_that_of_the_build_and_the_line(
    machine: Machine, release: str
) -> None:
    assert machine.release().name == release


@pytest.mark.parametrize("known", RELEASES.values(), ids=lambda release: release.name)
def test_a_machine_of_a_known_release_is_of_that_release(known: Release) -> None:
    machine = Machine(known.build, not known.is_client, "", known.hns)
    found = machine.release()
    same_line = [other for other in RELEASES.values() if other.build == known.build]
    assert found.name in {other.name for other in same_line if other.is_client == known.is_client}
    assert (found.build, found.hns) == (known.build, known.hns)
    assert found.schema == max(other.schema for other in same_line)


@pytest.mark.parametrize(
    ("build", "is_server", "hns"),
    [
        (22000, False, (14, 3)),
        (22631, False, (15, 1)),
        (25398, True, (15, 2)),
        (26100, False, (15, 4)),
        (26200, False, (15, 5)),
        (26100, True, (16, 0)),
        (17763, True, (9, 9)),
    ],
)
def test_a_machine_between_or_behind_known_releases_is_emulated_with_its_versions(
    build: int,
    is_server: bool,  # noqa: FBT001 (a value of the table)
    hns: tuple[int, int],
) -> None:
    found = Machine(build, is_server, "", hns).release()
    assert (found.build, found.hns) == (build, hns)


def test_a_machine_that_no_windows_is_is_refused_in_a_sentence() -> None:
    with pytest.raises(HnsError) as refusal:
        Machine(26100, True, "", (9, 5)).release()
    assert "give versions and build of one Windows" in refusal.value.detail


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (json.dumps(record())[:-9].encode(), "not complete JSON; was it cut off?"),
        (b"", "not complete JSON"),
        (b"\xff\xfe\x00", "neither UTF-8 nor UTF-16"),
        (b"[" * 100_000, "values that no answer of HNS has"),
        (b" " * (LARGEST + 1), "more than 16 MiB"),
    ],
)
def test_a_file_that_is_no_record_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(HnsError) as refusal:
        read_record(content)
    assert sentence in refusal.value.detail


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"kind": "state"}, "this is no record: its `kind` is not hnsemu-parity-record"),
        ({"format": 2}, "the record has format 2, this hnsemu reads 1"),
        ({"machine": None}, "`machine` of the record is missing"),
        ({"machine": {"build": "20348", "product": "server"}}, "needs `build`, a number"),
        ({"machine": {"build": 20348, "product": "toaster"}}, "needs `build`, a number"),
        ({"plan": None}, "this is no plan"),
        ({"plan": plan({"call": "HcnFormatDisk"})}, "no plan may call 'HcnFormatDisk'"),
        ({"plan": plan(hns("GET", "/networks/${net}"))}, "makes an object named 'net'"),
        ({"results": {}}, "`results` of the record is no list"),
        ({"results": [[RESULT], [RESULT]]}, "`results` of the record is no list"),
        ({"results": [[]]}, "case 1: the record has not a result for each step"),
        ({"results": [[RESULT | {"call": "HcnOpenNetwork"}]]}, "of another call than its step"),
        ({"results": [[{"call": "HNSCall"}]]}, "has neither `hresult` nor `skipped`"),
    ],
)
def test_a_record_with_a_wrong_member_is_refused(members: dict[str, Any], sentence: str) -> None:
    with pytest.raises(HnsError) as refusal:
        read_record(json.dumps(record(**members)).encode())
    assert sentence in refusal.value.detail
