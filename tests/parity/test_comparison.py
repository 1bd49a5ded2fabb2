"""Values that HNS chose are compared by what they are, all others by their value."""

from typing import Any

import pytest

from hnsemu.parity.comparison import outcome

ID, OTHER = "11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555"
NETWORK = {
    "name": "net",
    "call": "HcnCreateNetwork",
    "document": {"Name": "hnsemu-parity-a", "Subnet": "10.213.0.0/24", "Mac": "00-15-5D-00-00-01"},
}


def compared(there: Any, here: Any, **members: Any) -> list[tuple[str, Any, Any]]:
    """Return what differs between two answers to one call, without what is expected to."""
    case = {"section": "Networks", "row": "a row", "steps": [NETWORK], **members}
    results = (
        [{"call": "HcnCreateNetwork", "hresult": "0x0", "answer": it}] for it in (there, here)
    )
    found = outcome(case, *results).findings
    return [(item.member, item.there, item.here) for item in found if not item.reason]


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ({"ID": ID, "Uses": [ID]}, {"ID": OTHER, "Uses": [OTHER]}),
        ({"ID": ID, "Uses": [ID.upper()]}, {"ID": OTHER, "Uses": [OTHER]}),
        ({"IpAddress": "10.213.0.17"}, {"IpAddress": "10.213.0.200"}),
        ({"Prefix": "172.20.0.0/20"}, {"Prefix": "172.24.16.0/20"}),
        ({"Prefix": "fd12::/64"}, {"Prefix": "fd34:1::/64"}),
        ({"MacAddress": "00-15-5D-AA-00-01"}, {"MacAddress": "00-15-5d-bb-00-01"}),
        ({"Mac": "00:15:5d:00:00:01"}, {"Mac": "00:15:5D:00:00:01"}),
        ({"LastUpdateTime": 133000000000000000}, {"LastUpdateTime": 5}),
        ({"Made": "2026-01-02T03:04:05.6Z"}, {"Made": "2025-01-02T03:04:05Z"}),
        ({"Search": ["corp.example"]}, {"Search": ["example.internal"]}),
        ({"ServerList": ["10.0.0.1", "10.0.0.2"]}, {"ServerList": ["10.0.0.10"]}),
        ({"DNSSuffix": "corp.example"}, {}),
        ({"NetworkAdapterName": "Ethernet0"}, {"NetworkAdapterName": "Ethernet"}),
        ({"Health": {"Extra": 1}, "CompartmentId": 2}, {"CompartmentId": 3}),
    ],
)
def test_what_hns_chose_is_compared_by_what_it_is(there: Any, here: Any) -> None:
    assert compared(there, here) == []


@pytest.mark.parametrize(
    ("there", "here", "found"),
    [
        ({"Type": "NAT"}, {}, ("answer.Type", "NAT", None)),
        ({}, {"Flags": 0}, ("answer.Flags", None, 0)),
        ({"Flags": False}, {"Flags": 0}, ("answer.Flags", False, 0)),
        ({"A": []}, {"A": None}, ("answer.A", [], None)),
        ({"A": [1]}, {"A": [1, 2]}, ("answer.A", [1], [1, 2])),
        ({"ID": ID, "Uses": ID}, {"ID": ID, "Uses": OTHER}, ("answer.Uses", "<id of net>", "<id>")),
        (
            {"S": "10.213.0.0/24"},
            {"S": "10.9.0.0/24"},
            ("answer.S", "10.213.0.0/24", "<address>/24"),
        ),
        (
            {"P": "172.20.0.0/20"},
            {"P": "172.20.0.0/24"},
            ("answer.P", "<address>/20", "<address>/24"),
        ),
        (
            {"M": "00-15-5D-00-00-01"},
            {"M": "00-15-5D-00-00-02"},
            ("answer.M", "00-15-5d-00-00-01", "<mac>"),
        ),
        ("text", {}, ("answer", "text", {})),
        ({"S": {"A": 1}}, {"S": {"A": 2}}, ("answer.S.A", 1, 2)),
    ],
)
def test_other_values_differ(there: Any, here: Any, found: tuple[str, Any, Any]) -> None:
    assert compared(there, here) == [found]


def test_the_order_of_members_counts_where_the_row_is_about_it() -> None:
    there, here = {"A": {"X": 1, "Y": 2}, "B": 1}, {"B": 1, "A": {"Y": 2, "X": 1}}
    assert compared(there, here) == []
    assert compared(there, here, order=True) == [
        ("order of members", ["A", "B"], ["B", "A"]),
        ("order of A", ["X", "Y"], ["Y", "X"]),
    ]


def test_a_step_that_was_played_on_one_host_only_is_no_difference_of_its_own() -> None:
    steps: list[dict[str, Any]] = [NETWORK, {"call": "HcnQueryNetworkProperties", "of": "net"}]
    case = {"section": "Networks", "row": "a row", "steps": steps}
    error = {"call": "HcnCreateNetwork", "hresult": "0x803b0010"}
    skipped = {"call": "HcnQueryNetworkProperties", "skipped": "the step net made nothing"}
    played = [{"call": step["call"], "hresult": "0x00000000"} for step in steps]
    findings = outcome(case, [error, skipped], played).findings
    assert [(item.step, item.member, bool(item.reason)) for item in findings] == [
        ("1 (net)", "hresult", False),
        ("2 (HcnQueryNetworkProperties)", "skipped", True),
    ]


def test_a_case_that_was_not_played_is_no_difference() -> None:
    case = {"section": "Networks", "row": "a row", "steps": [NETWORK]}
    skipped = [{"call": "HcnCreateNetwork", "skipped": "computenetwork.dll is missing"}]
    played = [{"call": "HcnCreateNetwork", "hresult": "0x00000000"}]
    assert outcome(case, skipped, played).unplayed == "computenetwork.dll is missing"
    assert outcome(case, None, []).unplayed == "the recording ended before it"
    assert not outcome(case, skipped, played).differs
