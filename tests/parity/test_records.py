"""What is read of a record, and how what is none is refused."""

import json
from typing import Any

import pytest

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
