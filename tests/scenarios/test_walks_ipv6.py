"""IPv6 packets walk as IPv4 ones do, on networks that have IPv6."""

import pytest

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.hosts import AdapterDefinition, HostDefinition
from hnsemu.domain.networks import Network
from hnsemu.domain.releases import RELEASES
from hnsemu.domain.tracing.model import ArrivalKind, Reason, Verdict
from hnsemu.host import SeededSource
from hnsemu.services import hosts
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.scenarios.lab import Json, Lab, acl, change_of, policy, stations


@pytest.fixture(params=["ws2022", "ws2025"])
def lab(request: pytest.FixtureRequest, database: Database) -> Lab:
    return Lab(database, request.param)


@pytest.fixture
def bridge(lab: Lab) -> Network:
    return lab.network("node-1", "L2Bridge", "fd00:1::/64", "fd00:1::1")


def test_pods_reach_each_other(lab: Lab, bridge: Network) -> None:
    lab.pod("node-1", bridge, "client", "fd00:1::5")
    web = lab.pod("node-1", bridge, "web", "fd00:1::6")
    walk = lab.trace("node-1", "client", "fd00:1::6", 80)
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == web.id
    assert str(walk.sent) == "TCP [fd00:1::5]:40000 > [fd00:1::6]:80"
    assert walk.reply is not None
    assert walk.reply.verdict is Verdict.DELIVERED
    ping = lab.trace("node-1", "client", "fd00:1::6", Protocol="ICMP")
    assert (ping.sent.protocol, ping.sent.icmp_type) == (58, 128)
    assert ping.verdict is Verdict.DELIVERED


def test_acls_of_one_family_leave_the_other_alone(lab: Lab, bridge: Network) -> None:
    lab.pod("node-1", bridge, "client", "fd00:1::5")
    six = acl("Block", "In", 100, RemoteAddresses="fd00:1::/64")
    lab.pod("node-1", bridge, "shut", "fd00:1::6", six)
    assert lab.trace("node-1", "client", "fd00:1::6", 80).reason is Reason.BLOCKED_BY_RULE
    four = acl("Block", "In", 100, RemoteAddresses="10.0.0.0/8")
    lab.pod("node-1", bridge, "open", "fd00:1::7", four)
    assert lab.trace("node-1", "client", "fd00:1::7", 80).verdict is Verdict.DELIVERED
    every = acl("Block", "In", 100)
    lab.pod("node-1", bridge, "closed", "fd00:1::8", every)
    assert lab.trace("node-1", "client", "fd00:1::8", 80).reason is Reason.BLOCKED_BY_RULE


def test_a_service_has_its_own_family(lab: Lab, bridge: Network) -> None:
    lab.pod("node-1", bridge, "client", "fd00:1::5")
    web = lab.pod("node-1", bridge, "web", "fd00:1::6")
    lab.balancer("node-1", [web], "fd00:96::10", 80, 8080, Flags=3)
    walk = lab.trace("node-1", "client", "fd00:96::10", 80)
    assert change_of(walk, "LB_DSR") == {
        "Destination": ("fd00:96::10", "fd00:1::6"),
        "DestinationPort": ("80", "8080"),
    }
    assert walk.reply is not None
    assert str(walk.reply.packet.source) == "fd00:96::10"


OUTSIDE = "2001:db8::9"


def dual_host(lab: Lab, number: int, *, gateway6: str = "fd00:10::1") -> str:
    """Make node-<number>, whose adapter is 10.0.0.<number> and fd00:10::<number>."""
    name = f"node-{number}"
    adapter = AdapterDefinition(
        "Ethernet",
        address=f"10.0.0.{number}/24",
        gateway="10.0.0.1",
        address6=f"fd00:10::{number}/64",
        gateway6=gateway6,
    )
    definition = HostDefinition(release=RELEASES[lab.release], adapters=(adapter,))
    lab.hosts[name] = Hns(lab.database, name, SeededSource(number))
    hosts.ensure_host(lab.hosts[name], definition)
    return name


def bridged(lab: Lab, number: int, **members: str) -> tuple[Network, Endpoint]:
    """Return the l2bridge and the pod of a dual-stack host; the host is the pod's gateway."""
    name, gateway = dual_host(lab, number, **members), f"fd00:{number}::2"
    network = lab.network(name, "L2Bridge", f"fd00:{number}::/64", f"fd00:{number}::1")
    lab.gateway(name, network, gateway)
    return network, lab.pod(name, network, f"pod-{number}", f"fd00:{number}::5", gateway=gateway)


def test_a_pod_reaches_pods_and_nodes_elsewhere_and_the_outside(lab: Lab) -> None:
    bridged(lab, 11)
    _, there = bridged(lab, 12)
    walk = lab.trace("node-11", "pod-11", "fd00:12::5", 80)
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == there.id
    assert any(
        step.text == "fd00:12::5, via gateway fd00:10::1, through Ethernet" for step in walk.steps
    )
    node = lab.trace("node-11", "pod-11", "fd00:10::12", 443)
    assert node.delivered_to is not None
    assert (node.delivered_to.kind, node.delivered_to.host) == (ArrivalKind.HOST, "node-12")
    away = lab.trace("node-11", "pod-11", OUTSIDE, 443)
    assert away.reason is Reason.DELIVERED_TO_EXTERNAL
    for passed in (walk, node, away):
        assert passed.reply is not None
        assert passed.reply.verdict is Verdict.DELIVERED


def test_a_host_sends_from_its_own_address_of_the_family(lab: Lab) -> None:
    bridged(lab, 11)
    dual_host(lab, 12)
    walk = lab.trace("node-11", {"Host": True}, "fd00:10::12", 22)
    assert str(walk.sent.source) == "fd00:10::11"
    assert walk.reason is Reason.DELIVERED_TO_HOST


def test_without_a_gateway_of_ipv6_only_what_is_on_link_is_reached(lab: Lab) -> None:
    bridged(lab, 11, gateway6="")
    dual_host(lab, 12)
    assert lab.trace("node-11", "pod-11", "fd00:10::12", 22).verdict is Verdict.DELIVERED
    lost = lab.trace("node-11", "pod-11", OUTSIDE, 443)
    assert lost.reason is Reason.NO_ROUTE
    assert "none of its adapters has an IPv6 gateway" in lost.steps[-1].text


def test_a_node_port_of_ipv6_is_at_the_address_of_the_node(lab: Lab) -> None:
    _, web = bridged(lab, 11)
    lab.balancer("node-11", [web], "", 30080, 8080, MappingFlags=2, Flags=2)
    senders: list[tuple[Json, str]] = [
        ({"External": True}, OUTSIDE),
        ({"Host": True}, "fd00:10::11"),
    ]
    for sender, source in senders:
        walk = lab.trace("node-11", sender, "fd00:10::11", 30080, Source=source)
        assert walk.delivered_to is not None
        assert walk.delivered_to.id == web.id
        assert walk.packet.destination_port == 8080
    of_ipv4 = lab.trace("node-11", {"External": True}, "10.0.0.11", 30080, Source="10.9.9.9")
    assert of_ipv4.reason is Reason.DELIVERED_TO_HOST


def test_an_overlay_carries_ipv6_in_its_tunnel_of_ipv4(database: Database) -> None:
    lab = Lab(database, "ws2025")
    made = {}
    for number in (11, 12):
        name = dual_host(lab, number)
        made[number] = lab.network(
            name, "Overlay", f"fd00:{number}::/64", f"fd00:{number}::1", vsid=4096
        )
        lab.pod(name, made[number], f"pod-{number}", f"fd00:{number}::5")
    for own, other in ((11, 12), (12, 11)):
        route = policy("RemoteSubnetRoute", DestinationPrefix=f"fd00:{other}::/64",
                       IsolationId=4096, ProviderAddress=f"10.0.0.{other}",
                       DistributedRouterMacAddress=made[other].dr_mac)  # fmt: skip
        lab.add_policies(f"node-{own}", made[own], route)
    walk = lab.trace("node-11", "pod-11", "fd00:12::5", 80)
    assert change_of(walk, "VNET_ENCAP_LAYER")["OuterDestination"] == ("", "10.0.0.12")
    assert "node-12 compartment of endpoint pod-12 deliver" in stations(walk)
    assert walk.reply is not None
    assert walk.reply.reason is Reason.DELIVERED_TO_ENDPOINT
