"""IPv6 packets walk as IPv4 ones do, on networks that have IPv6."""

import pytest

from hnsemu.domain.networks import Network
from hnsemu.domain.tracing.model import Reason, Verdict
from hnsemu.storage.database import Database
from tests.scenarios.lab import Lab, acl, change_of


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
