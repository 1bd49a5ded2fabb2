"""What a plain policy list may hold, and what queries find policy lists by."""

import pytest

from hnsemu.domain.policylists import PolicyList, PolicyListKind, check_policies, properties
from hnsemu.domain.query import matches
from hnsemu.errors import HnsError, Hr

BALANCER = PolicyList(
    key=1,
    id="a335d997-4160-44f9-9f72-1087a2cba45e",
    kind=PolicyListKind.LOAD_BALANCER,
    network="93c59a4b-f5c0-42aa-be09-e7480de1ff3d",
    references=("028abaed-7ff6-4fdc-992c-d3b004936be0",),
    source_vip="100.244.206.66",
    flags=1,
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param({"ID": "A335D997-4160-44F9-9F72-1087A2CBA45E"}, True, id="id"),
        pytest.param({"ID": ""}, False, id="an empty id finds nothing"),
        pytest.param(
            {"HostComputeNetwork": "93C59A4B-F5C0-42AA-BE09-E7480DE1FF3D", "Flags": 1},
            True,
            id="network and flags",
        ),
        pytest.param({"SourceVIP": "100.244.206.67"}, False, id="another address"),
        pytest.param(
            {"References": ["/endpoints/028abaed-7ff6-4fdc-992c-d3b004936be0"]},
            True,
            id="whole lists",
        ),
    ],
)
def test_a_query_matches_by_the_names_of_both_dialects(
    wanted: dict[str, object], *, found: bool
) -> None:
    assert matches(wanted, properties(BALANCER)) is found


def test_policies_of_a_known_type_are_valid_in_any_case() -> None:
    check_policies(['{"Type": "ELB", "InternalPort": 80}', '{"Type": "Route"}'])


@pytest.mark.parametrize(
    ("policies", "hr", "named"),
    [
        pytest.param([], Hr.HCN_E_INVALID_POLICY, "Policies is missing", id="none"),
        pytest.param(
            ['{"Type": "ELB"}', "[]"], Hr.HCN_E_INVALID_POLICY, "Policies[1]", id="no object"
        ),
        pytest.param(['{"Type": "LBE"}'], Hr.HCN_E_INVALID_POLICY_TYPE, "'LBE'", id="unknown type"),
        pytest.param(
            ['{"VIPs": []}'], Hr.HCN_E_INVALID_POLICY_TYPE, "Policies[0].Type", id="no type"
        ),
    ],
)
def test_policies_that_cannot_be_read_are_refused(policies: list[str], hr: Hr, named: str) -> None:
    with pytest.raises(HnsError) as refusal:
        check_policies(policies)
    assert refusal.value.hr is hr
    assert named in refusal.value.detail
