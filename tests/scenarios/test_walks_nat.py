"""Packets on networks without VFP: NAT, ICS, Transparent, Internal and Private."""

import pytest

from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.domain.networks import Network
from hnsemu.domain.tracing.model import Reason, Verdict
from hnsemu.services.dataplane import vfp as data_plane
from hnsemu.storage.database import Database
from tests.scenarios.lab import Lab, acl, policy, stations

NODE_1 = "10.127.130.35"
PUBLISHED = policy("PortMapping", Protocol=6, InternalPort=80, ExternalPort=8080)


@pytest.fixture(params=["ws2019", "ws2022", "ws2025"])
def lab(request: pytest.FixtureRequest, database: Database) -> Lab:
    return Lab(database, request.param)


@pytest.fixture
def nat(lab: Lab) -> Network:
    return lab.network("node-1", "NAT", "172.30.0.0/20", "172.30.0.1")


def test_a_container_reaches_the_internet_through_winnat(lab: Lab, nat: Network) -> None:
    client = lab.pod("node-1", nat, "client", "172.30.0.5")
    for more in ({"port": 443}, {"port": 53, "Protocol": "UDP"}, {"Protocol": "ICMP"}):
        walk = lab.trace("node-1", "client", "93.184.216.34", **more)
        assert walk.reason is Reason.DELIVERED_TO_EXTERNAL
        assert str(walk.packet.source) == NODE_1
        assert "node-1 host stack rewrite" in stations(walk)
        assert walk.reply is not None
        assert walk.reply.delivered_to is not None
        assert walk.reply.delivered_to.id == client.id
        assert walk.reply.packet.destination_port == walk.sent.source_port


def test_winnat_translates_no_other_protocol(lab: Lab, nat: Network) -> None:
    lab.pod("node-1", nat, "client", "172.30.0.5")
    walk = lab.trace("node-1", "client", "93.184.216.34", Protocol=47)
    assert walk.reason is Reason.NO_NAT_PORTS


def test_containers_of_one_network_are_bridged(lab: Lab, nat: Network) -> None:
    lab.pod("node-1", nat, "client", "172.30.0.5")
    lab.pod("node-1", nat, "web", "172.30.0.6")
    walk = lab.trace("node-1", "client", "172.30.0.6", 80)
    assert walk.reason is Reason.DELIVERED_TO_ENDPOINT
    assert not any(step.stage == "WinNAT" for step in walk.steps)
    nobody = lab.trace("node-1", "client", "172.30.0.99", 80)
    assert nobody.reason is Reason.NO_SUCH_PORT


def test_a_published_port_keeps_the_client_and_opens_the_firewall(lab: Lab, nat: Network) -> None:
    web = lab.pod("node-1", nat, "web", "172.30.0.5", PUBLISHED)
    walk = lab.trace("node-1", {"External": True}, NODE_1, 8080, Source="203.0.113.9")
    assert walk.delivered_to is not None
    assert walk.delivered_to.id == web.id
    assert str(walk.packet) == "TCP 203.0.113.9:40000 > 172.30.0.5:80"
    stages = [step.stage for step in walk.steps]
    assert stages.index("WinNAT") < stages.index("WFP")
    assert walk.reply is not None
    assert str(walk.reply.packet) == f"TCP {NODE_1}:8080 > 203.0.113.9:40000"


def test_what_is_not_published_reaches_the_host_itself(lab: Lab, nat: Network) -> None:
    lab.pod("node-1", nat, "web", "172.30.0.5", PUBLISHED)
    walk = lab.trace("node-1", {"External": True}, NODE_1, 9090, Source="203.0.113.9")
    assert walk.reason is Reason.DELIVERED_TO_HOST
    direct = lab.trace("node-1", {"External": True}, "172.30.0.5", 80, Source="203.0.113.9")
    assert direct.reason is Reason.NO_ROUTE


@pytest.mark.parametrize(
    ("release", "prefix", "reason"),
    [
        ("ws2016", "172.16.16", Reason.NO_NAT_MAPPING),  # a slice of its one NAT prefix
        ("ws1803", "172.30.0", Reason.NO_NAT_MAPPING),
        ("ws2019", "172.30.0", Reason.DELIVERED_TO_ENDPOINT),
        ("ws2025", "172.30.0", Reason.DELIVERED_TO_ENDPOINT),
    ],
)
def test_the_host_reaches_its_published_ports_from_1809_on(
    release: str, prefix: str, reason: Reason, database: Database
) -> None:
    lab = Lab(database, release)
    made = lab.network("node-1", "NAT", f"{prefix}.0/20", f"{prefix}.1")
    lab.pod("node-1", made, "web", f"{prefix}.5", PUBLISHED)
    assert lab.trace("node-1", {"Host": True}, NODE_1, 8080).reason is reason


def test_the_gateway_is_the_host(lab: Lab, nat: Network) -> None:
    lab.pod("node-1", nat, "client", "172.30.0.5")
    walk = lab.trace("node-1", "client", "172.30.0.1", 53, Protocol="UDP")
    assert walk.reason is Reason.DELIVERED_TO_HOST
    back = lab.trace("node-1", {"Host": True}, "172.30.0.5", 80)
    assert back.reason is Reason.DELIVERED_TO_ENDPOINT
    assert str(back.packet.source) == "172.30.0.1"


def test_switch_acls_and_outbound_nat_do_nothing_without_vfp(lab: Lab, nat: Network) -> None:
    lab.pod("node-1", nat, "client", "172.30.0.5", acl("Block", "Out", 1), policy("OutBoundNAT"))
    lab.pod("node-1", nat, "web", "172.30.0.6", acl("Block", "In", 1))
    assert lab.trace("node-1", "client", "172.30.0.6", 80).verdict is Verdict.DELIVERED


def test_host_acls_hold_on_networks_without_vfp(lab: Lab, nat: Network) -> None:
    lab.pod("node-1", nat, "client", "172.30.0.5")
    block = acl("Block", "In", 0, RuleType="Host", Protocols="6", LocalPorts="80")
    lab.pod("node-1", nat, "web", "172.30.0.6", block)
    blocked = lab.trace("node-1", "client", "172.30.0.6", 80)
    assert blocked.reason is Reason.BLOCKED_BY_RULE
    assert blocked.steps[-1].stage == "WFP"
    assert lab.trace("node-1", "client", "172.30.0.6", 81).verdict is Verdict.DELIVERED


def test_host_acls_need_process_isolation(lab: Lab, nat: Network) -> None:
    lab.pod("node-1", nat, "client", "172.30.0.5")
    block = acl("Block", "In", 0, RuleType="Host", Protocols="6", LocalPorts="80")
    guest = lab.pod("node-1", nat, "guest", "172.30.0.6", block, attached=False)
    lab.plug_in("node-1", guest, Attachment(SystemType.VIRTUAL_MACHINE, "a machine"))
    for port, protocol in ((80, "TCP"), (0, 47)):
        walk = lab.trace("node-1", "client", "172.30.0.6", port, Protocol=protocol)
        assert walk.verdict is Verdict.DELIVERED
    shown, _ = data_plane.show_vfp_port(lab.host("node-1"), guest.id)
    assert [(ref.type, why) for ref, why in shown.not_applied] == [
        ("ACL", "needs process isolation")
    ]


def test_an_endpoint_that_is_not_attached_neither_sends_nor_receives(
    lab: Lab, nat: Network
) -> None:
    lab.pod("node-1", nat, "client", "172.30.0.5")
    lab.pod("node-1", nat, "idle", "172.30.0.6", attached=False)
    assert lab.trace("node-1", "idle", "172.30.0.5", 80).reason is Reason.NOT_ATTACHED
    assert lab.trace("node-1", "client", "172.30.0.6", 80).reason is Reason.NOT_ATTACHED


def test_a_transparent_network_bridges_to_the_wire(lab: Lab) -> None:
    made = lab.network("node-1", "Transparent", "10.127.130.0/24", "10.127.130.1")
    lab.pod("node-1", made, "client", "10.127.130.200")
    lab.pod("node-1", made, "web", "10.127.130.201")
    assert lab.trace("node-1", "client", "10.127.130.201", 80).verdict is Verdict.DELIVERED
    outside = lab.trace("node-1", "client", "93.184.216.34", 443)
    assert outside.reason is Reason.DELIVERED_TO_EXTERNAL
    assert str(outside.packet.source) == "10.127.130.200"
    assert outside.reply is not None
    assert outside.reply.reason is Reason.DELIVERED_TO_ENDPOINT


def test_vlans_keep_endpoints_apart(database: Database) -> None:
    lab = Lab(database, "ws2025")
    made = lab.network("node-1", "Transparent", "10.127.130.0/24", "10.127.130.1")
    lab.pod("node-1", made, "red", "10.127.130.200", policy("VLAN", IsolationId=10))
    lab.pod("node-1", made, "blue", "10.127.130.201", policy("VLAN", IsolationId=20))
    lab.pod("node-1", made, "red too", "10.127.130.202", policy("VLAN", IsolationId=10))
    assert lab.trace("node-1", "red", "10.127.130.201", 80).reason is Reason.WRONG_VLAN
    assert lab.trace("node-1", "red", "10.127.130.202", 80).verdict is Verdict.DELIVERED


def test_a_private_network_has_no_way_out(lab: Lab) -> None:
    made = lab.network("node-1", "Private", "10.9.0.0/24", "10.9.0.1")
    lab.pod("node-1", made, "one", "10.9.0.5")
    lab.pod("node-1", made, "two", "10.9.0.6")
    assert lab.trace("node-1", "one", "10.9.0.6", 80).verdict is Verdict.DELIVERED
    assert lab.trace("node-1", "one", "8.8.8.8", 53).reason is Reason.NO_SUCH_PORT
