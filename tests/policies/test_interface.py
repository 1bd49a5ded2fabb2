"""Adapters, switches, interfaces and ports: what policies must say, and what they choose."""

import pytest

from hnsemu.domain.facts import Policy
from hnsemu.domain.switch import SwitchRequest
from hnsemu.errors import Hr
from hnsemu.policies.interface import port_name, switch_request, wanted_extensions
from tests.policies.judged import on_endpoint, on_network, policy, refusal, seen_of_endpoint

LAYER = "404947ac-fc8f-4229-a4b5-595b9161f3a8"


def test_a_cap_is_a_number() -> None:
    assert refusal(on_endpoint, policy("QOS")) is Hr.HCN_E_INVALID_POLICY
    cap = policy("QOS", MaximumOutgoingBandwidthInBytes=0)
    assert on_endpoint(cap) == (cap,)


@pytest.mark.parametrize(
    "stored",
    [
        policy("LayerConstraint"),
        policy("NeighborDiscovery", TargetIpPrefix="10.0.0.0/40"),
        policy("NeighborDiscovery", SenderIpAddress="here"),
        policy("NeighborDiscovery", SenderMacAddress="00:15"),
    ],
)
def test_what_cannot_be_is_refused(stored: Policy) -> None:
    assert refusal(on_network, stored) is Hr.HCN_E_INVALID_POLICY


@pytest.mark.parametrize(
    "stored",
    [
        policy("LayerConstraint", LayerId=LAYER),
        policy("NeighborDiscovery"),
        policy("NeighborDiscovery", TargetIpPrefix="10.0.0.0/8", SenderIpAddress="10.0.0.1"),
        policy("NeighborDiscovery", SenderMacAddress="00-15-5D-AA-BB-03"),
    ],
)
def test_what_can_be_is_accepted(stored: Policy) -> None:
    assert on_network(stored) == (stored,)


def test_the_switch_is_chosen_by_adapter_address_and_layer() -> None:
    stored = [
        policy("NetAdapterName", NetworkAdapterName="Ethernet, Ethernet 2,"),
        policy("ProviderAddress", ProviderAddress="10.0.0.4/24"),
        policy("LayerConstraint", LayerId=LAYER),
        policy("HostRoute"),
    ]
    chosen = SwitchRequest(("Ethernet", "Ethernet 2"), "10.0.0.4", LAYER, True)
    assert switch_request(stored, is_isolated=True) == chosen
    empty = [policy("NetAdapterName", NetworkAdapterName=""), policy("ProviderAddress")]
    assert switch_request(empty, is_isolated=False) == SwitchRequest((), "", "", False)


def test_extensions_are_switched_on_or_off() -> None:
    stored = [
        policy("VSwitchExtension", ExtensionID=LAYER, Enable=True),
        policy("VSwitchExtension"),
    ]
    assert wanted_extensions([*stored, policy("HostRoute")]) == ((LAYER, True), ("", False))


def test_a_port_is_named_by_the_first_policy() -> None:
    assert port_name([policy("VLAN"), policy("PortName", Name="a"), policy("PortName")]) == "a"
    assert port_name([policy("PortName")]) == port_name([]) == ""


def test_the_data_plane_sees_what_the_port_is_set_to() -> None:
    seen = seen_of_endpoint(
        policy("QOS", MaximumOutgoingBandwidthInBytes=9),
        policy("QOS", MaximumOutgoingBandwidthInBytes=10),
        policy("InterfaceParameters", Mtu=1400),
        policy("Iov", IovOffloadWeight=100),
        policy("InterfaceConstraint", InterfaceIndex=12),
    )
    assert (seen.bandwidth, seen.mtu, seen.iov_weight, seen.interface_index) == (9, 1400, 100, 12)
    bare = seen_of_endpoint(
        policy("QOS"), policy("InterfaceParameters"), policy("Iov"), policy("InterfaceConstraint")
    )
    assert (bare.bandwidth, bare.mtu, bare.iov_weight, bare.interface_index) == (0, 0, 0, 0)
