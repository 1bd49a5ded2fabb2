"""Two states differ in objects and members that somebody sees."""

from typing import Any

import pytest

from hnsemu.domain.state.differences import differences

BLUE = {"id": "1", "name": "blue", "subnets": [{"prefix": "10.0.0.0/24", "cursor": 1}]}
POD = {"id": "2", "name": "pod", "network": "1"}
PORT = {"protocol": 6, "external_port": 8080, "endpoint": "2", "internal_port": 80}

TEXTS: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({}, {"networks": [BLUE]}, ["The network blue (1) was added."]),
    ({"networks": [BLUE]}, {}, ["The network blue (1) was removed."]),
    ({"networks": [BLUE]}, {"networks": [{**BLUE, "mac_cursor": 9, "updated": 5}]}, []),
    ({"networks": [BLUE]},
     {"networks": [{**BLUE, "subnets": [{"prefix": "10.0.0.0/24", "cursor": 7}]}]}, []),
    ({"endpoints": [POD]}, {"endpoints": [{**POD, "state": 2, "flags": 1}]},
     ["The endpoint pod (2) was changed: flags, state."]),
    ({"endpoints": [POD]}, {"endpoints": [{**POD, "counters": {"bytes_sent": 1}}]}, []),
    ({"nat_rules": [PORT]}, {"nat_rules": [{**PORT, "internal_port": 81}]},
     ["The published port 8080 of protocol 6 was changed: internal_port."]),
    ({}, {"accelnet_macs": [{"mac": "00-15-5D-00-00-01"}]},
     ["The accelnet MAC 00-15-5D-00-00-01 was added."]),
    ({"host": {"started": 1}}, {"host": {"started": 2}}, ["The host was changed: started."]),
    ({"docker": {"volumes": [{"name": "data"}]}}, {"docker": {}},
     ["The Docker volume data was removed."]),
    ({"notifications": [{"type": 1}]}, {"notifications": []}, []),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "texts"), TEXTS)
def test_a_difference_is_a_sentence(
    before: dict[str, Any], after: dict[str, Any], texts: list[str]
) -> None:
    assert [change.text for change in differences(before, after)] == texts


def test_a_changed_member_has_both_values() -> None:
    (change,) = differences({"endpoints": [POD]}, {"endpoints": [{**POD, "network": "3"}]})
    (member,) = change.members
    assert (member.member, member.before, member.after) == ("network", "1", "3")
