"""Firewall rules: DNS for NAT and ICS networks, one per port published through WinNAT.

Source: dataplane.md section 7.5 [O], [M].
"""

from dataclasses import replace

from hnsemu.domain.firewall import FirewallRule, rules
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import NatInstance, Network
from hnsemu.domain.policies.portmapping import PortMapping
from hnsemu.domain.winnat import NatRule

NAT = Network(
    1, "aaaa", "nat", Mode.NAT, "nat", nat=NatInstance("WinNAT", "", "", "172.16.0.0", "", 16)
)
ICS = replace(NAT, key=2, id="bbbb", name="wsl", mode=Mode.ICS)
BRIDGE = Network(3, "cccc", "cbr0", Mode.L2BRIDGE, "L2Bridge")


def published(endpoint: str, internal: int, protocol: int = 6, engine: str = "WinNAT") -> NatRule:
    """Return a published port."""
    return NatRule(1, engine, 0, endpoint, "aaaa", PortMapping(protocol, internal, 8080), "")


def test_nat_lets_dns_in_on_its_own_interface() -> None:
    name = "HNS Container Networking - DNS (UDP-In) - AAAA - 0"
    assert rules([NAT], []) == (FirewallRule(name, "UDP", 53, "vEthernet (nat)", "aaaa"),)


def test_ics_lets_dns_in_over_tcp_too() -> None:
    assert [(each.protocol, each.local_port) for each in rules([ICS], [])] == [
        ("UDP", 53),
        ("TCP", 53),
    ]
    assert rules([ICS], [])[1].display_name.startswith(
        "HNS Container Networking - ICS DNS (TCP-In)"
    )


def test_networks_without_nat_open_nothing() -> None:
    assert rules([BRIDGE], [published("e1", 80, engine="VFP")]) == ()


def test_published_ports_are_opened_where_the_container_listens() -> None:
    made = rules([], [published("e1", 80), published("e2", 53, 17), published("e1", 443)])
    assert [(each.display_name[-10:], each.protocol, each.local_port) for each in made] == [
        ("n - E1 - 0", "TCP", 80),
        ("n - E2 - 0", "UDP", 53),
        ("n - E1 - 1", "TCP", 443),
    ]
    assert {each.interface for each in made} == {""}
