"""VLANs, VSIDs and what else isolates and encapsulates."""

import pytest

from hnsemu.domain.facts import Policy
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.isolation import encap_overhead, router_mac, vlan
from tests.policies.judged import (
    Carry,
    on_endpoint,
    on_network,
    on_subnet,
    policy,
    refusal,
    seen_of_endpoint,
    seen_of_network,
)


@pytest.mark.parametrize(
    ("carry", "stored"),
    [
        (on_endpoint, policy("VLAN")),
        (on_endpoint, policy("VLAN", IsolationId=4095)),
        (on_network, policy("VxlanPort")),
        (on_network, policy("DrMacAddress")),
        (on_network, policy("SourceMacAddress", SourceMacAddress="00:15")),
        (on_network, policy("ProviderAddress", ProviderAddress="here")),
    ],
)
def test_what_cannot_be_is_refused(carry: Carry, stored: Policy) -> None:
    assert refusal(carry, stored) is Hr.HCN_E_INVALID_POLICY


@pytest.mark.parametrize(
    ("carry", "stored"),
    [
        (on_endpoint, policy("VLAN", IsolationId=4094)),
        (on_network, policy("VxlanPort", Port=8472)),
        (on_network, policy("DrMacAddress", Address="00:15:5d:aa:bb:03")),
        (on_network, policy("SourceMacAddress")),
        (on_network, policy("ProviderAddress", ProviderAddress="10.0.0.4/24")),
        (on_network, policy("ProviderAddress")),
        (on_subnet, policy("VLAN", IsolationId=0)),
        (on_subnet, policy("VLAN", IsolationId=4094)),
        (on_subnet, policy("VSID", IsolationId=4096)),
        (on_subnet, policy("VSID", IsolationId=0xFFFFFF)),
    ],
)
def test_what_can_be_is_accepted(carry: Carry, stored: Policy) -> None:
    assert carry(stored, None) == (stored,)


@pytest.mark.parametrize(
    ("stored", "bounds"),
    [
        (policy("VLAN"), "0 and 4094$"),
        (policy("VLAN", IsolationId=4095), "0 and 4094$"),
        (policy("VSID", IsolationId=4095), "4096 and 16777215; Windows keeps the numbers below"),
        (policy("VSID", IsolationId=0x1000000), "4096 and 16777215"),
    ],
)
def test_numbers_of_subnets_have_bounds(stored: Policy, bounds: str) -> None:
    with pytest.raises(
        HnsError, match=f"{stored.type}: IsolationId .* between {bounds}"
    ) as refused:
        on_subnet(stored)
    assert refused.value.hr is Hr.HCN_E_INVALID_POLICY


def test_the_first_policy_of_a_type_counts() -> None:
    stored = [policy("VLAN", IsolationId=5), policy("VLAN", IsolationId=6)]
    assert (vlan(stored), vlan([policy("VLAN")]), vlan([])) == (5, 0, 0)
    assert encap_overhead([policy("EncapOverhead", Overhead=50)]) == 50
    assert encap_overhead([policy("EncapOverhead")]) == encap_overhead([]) == 0
    assert router_mac([policy("DrMacAddress", Address="00-15")]) == "00-15"
    assert router_mac([policy("DrMacAddress")]) == router_mac([]) == ""


def test_the_data_plane_sees_where_packets_are_wrapped() -> None:
    stored = policy("ProviderAddress", ProviderAddress="10.0.0.5")
    assert seen_of_endpoint(stored).provider_address == "10.0.0.5"
    assert seen_of_endpoint(policy("ProviderAddress")).provider_address == ""
    mac = policy("SourceMacAddress", SourceMacAddress="00-15-5D-AA-BB-03")
    seen = seen_of_network(policy("VxlanPort", Port=8472), mac)
    assert (seen.vxlan_port, seen.source_mac) == (8472, "00-15-5D-AA-BB-03")
    assert (seen_of_network().vxlan_port, seen_of_network().source_mac) == (4789, "")
    assert seen_of_network(policy("SourceMacAddress")).source_mac == ""
