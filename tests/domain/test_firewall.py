"""Firewall rules: DNS for NAT and ICS networks, one per port published through WinNAT.

Source: dataplane.md sections 5.1 [D] and 7.5 [O], [M].
"""

from dataclasses import replace

from hnsemu.domain.firewall import FirewallRule, compartment_rules, network_rules, port_rules
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import NatInstance, Network
from hnsemu.domain.policies.portmapping import PortMapping
from hnsemu.domain.winnat import NatRule
from tests.domain import worlds
from tests.domain.worlds import acl, pod

NAT = Network(
    1, "aaaa", "nat", Mode.NAT, "nat", nat=NatInstance("WinNAT", "", "", "172.16.0.0", "", 16)
)
ICS = replace(NAT, key=2, id="bbbb", name="wsl", mode=Mode.ICS)
BRIDGE = Network(3, "cccc", "cbr0", Mode.L2BRIDGE, "L2Bridge")


def published(endpoint: str, internal: int, protocol: int = 6) -> NatRule:
    """Return a published port."""
    return NatRule(1, "WinNAT", 0, endpoint, "aaaa", PortMapping(protocol, internal, 8080), "")


def test_nat_lets_dns_in_on_its_own_interface() -> None:
    name = "HNS Container Networking - DNS (UDP-In) - AAAA - 0"
    rule = FirewallRule(name, "UDP", 53, "vEthernet (nat)", "aaaa", place="network-aaaa-0")
    assert list(network_rules([NAT])) == [rule]


def test_ics_lets_dns_in_over_tcp_too() -> None:
    assert [(rule.protocol, rule.local_port) for rule in network_rules([ICS])] == [
        ("UDP", 53),
        ("TCP", 53),
    ]
    assert list(network_rules([ICS]))[1].display_name.startswith(
        "HNS Container Networking - ICS DNS (TCP-In)"
    )


def test_networks_without_nat_open_nothing() -> None:
    assert list(network_rules([BRIDGE])) == []


def test_published_ports_are_opened_where_the_container_listens() -> None:
    ports = [published("e1", 80), published("e2", 53, 17), published("e1", 443)]
    opened = port_rules(ports, {"e2": 3})
    assert [(rule.display_name[-10:], rule.protocol, rule.local_port) for rule in opened] == [
        ("n - E1 - 0", "TCP", 80),
        ("n - E2 - 3", "UDP", 53),
        ("n - E1 - 1", "TCP", 443),
    ]
    assert {rule.interface for rule in opened} == {""}


WEB = pod(
    worlds.network(Mode.NAT, "172.16.0.0/24"),
    "web",
    "172.16.0.5",
    acls=(
        acl("Block", "In", 200, host=True, name="deny", protocols="6", local_ports="80"),
        acl("Allow", "Out", 100, host=True, name=""),
        acl("Block", "Out", name="switch"),
    ),
)


def test_host_acls_stand_in_the_compartment_of_their_endpoint() -> None:
    network = worlds.network(Mode.NAT, "172.16.0.0/24")
    out, inward = compartment_rules(network, [WEB])
    assert out.display_name == f"HNS ACL - Allow-Out-100 - {WEB.id.upper()}"
    assert (out.direction, out.action, out.protocol, out.priority) == (
        "Outbound",
        "Allow",
        "Any",
        100,
    )
    assert (inward.direction, inward.action, inward.protocol) == ("Inbound", "Block", "6")
    assert (inward.compartment, inward.match.local_ports) == (2, "80")


def test_a_nameless_acl_is_called_by_its_place() -> None:
    network = worlds.network(Mode.NAT, "172.16.0.0/24")
    nameless = replace(WEB.policies.acls[1], policy=worlds.ref("ACL", position=4))
    endpoint = pod(network, "web", "172.16.0.5", acls=(nameless,))
    (rule,) = compartment_rules(network, [endpoint])
    assert rule.display_name.startswith("HNS ACL - ACL 4 - ")


def test_without_a_compartment_there_are_no_rules() -> None:
    network = worlds.network(Mode.NAT, "172.16.0.0/24")
    unplugged = pod(network, "web", "172.16.0.5", attached=False, acls=WEB.policies.acls)
    far = worlds.remote(network, "172.16.0.9", "10.0.0.9")
    assert list(compartment_rules(network, [unplugged, far])) == []
