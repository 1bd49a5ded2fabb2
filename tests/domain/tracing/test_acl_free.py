"""A fabric without access control: everything else is the host's own."""

from ipaddress import ip_address

from hnsemu.domain.network_types import Mode
from hnsemu.domain.tracing.acl_free import AclFreeFabric
from tests.domain.worlds import (
    acl,
    host_endpoint,
    network,
    node,
    outbound_nat,
    packet,
    pod,
    tier,
    world,
)

BRIDGE = network(Mode.L2BRIDGE, "10.1.0.0/24", acls=(acl("Block", "In"),))
WEB = pod(
    BRIDGE,
    "web",
    "10.1.0.5",
    acls=(acl("Block", "Out"),),
    tiers=(tier(1, acl("Block", "In")),),
    nats=(outbound_nat(),),
)
GATEWAY = host_endpoint(BRIDGE, "gateway", "10.1.0.2")
FABRIC = AclFreeFabric(world(node(BRIDGE, pods=[WEB, GATEWAY])))
HOST = FABRIC.host("node-1")


def test_endpoints_have_no_acls_and_tiers_wherever_they_are_found() -> None:
    found = [
        HOST.endpoint(WEB.id),
        next(iter(HOST.endpoints(BRIDGE.id))),
        HOST.endpoints_at(BRIDGE.id, ip_address("10.1.0.5"))[0],
        FABRIC.host_with_endpoint(ip_address("10.1.0.5"))[1],
    ]
    assert all(endpoint is found[0] for endpoint in found)
    assert (found[0].policies.acls, found[0].policies.tiers) == ((), ())
    assert found[0].policies.nats == WEB.policies.nats


def test_networks_have_no_acls() -> None:
    assert [network.acls for network in HOST.networks] == [()]
    assert HOST.network(BRIDGE.id).acls == ()


def test_the_rest_is_the_hosts() -> None:
    assert (HOST.name, HOST.release.name) == ("node-1", "ws2025")
    assert [endpoint.id for endpoint in HOST.endpoints_of_host()] == [GATEWAY.id]
    assert HOST.published(packet("10.9.9.9", "10.0.0.4")) == []


def test_what_is_not_there_is_not_there() -> None:
    assert HOST.endpoint("nobody") is None
    assert FABRIC.host_with_endpoint(ip_address("10.9.9.9")) is None
    assert FABRIC.hosts_with_address(ip_address("10.0.0.4")) == [HOST]
