"""The wire between hosts: who has an address, and what is outside."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.dataplane import PlumbedNetwork
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import Outer, Packet
from hnsemu.domain.tracing.locations import IntoEndpoint, IntoHost, IntoRouter, OnUnderlay
from hnsemu.domain.tracing.model import Arrival, ArrivalKind, Reason
from hnsemu.domain.tracing.underlay import carry
from hnsemu.domain.vfp.container_port import container_port
from tests.domain.tracing.walks import end_of, translated, walk_on
from tests.domain.worlds import VSID, adapter, balancer, network, node, packet, pod

OVERLAY = network(Mode.OVERLAY, "10.244.1.0/24")
FAR_OVERLAY = network(Mode.OVERLAY, "10.244.2.0/24", name="far")
BRIDGE = network(Mode.L2BRIDGE, "10.1.0.0/24")
CLIENT = pod(OVERLAY, "client", "10.244.1.5")
HOME = node(OVERLAY, pods=[CLIENT])
WEB, DB = pod(FAR_OVERLAY, "web", "10.244.2.7"), pod(BRIDGE, "db", "10.1.0.5", vlan=7)
PEER = node(FAR_OVERLAY, BRIDGE, pods=[WEB, DB], name="node-2", address="10.0.0.9")


def vxlan(to: str, inner: str = "10.244.2.7", vni: int = VSID) -> Packet:
    outer = Outer(ip_address("10.0.0.4"), ip_address(to), vni)
    return replace(packet("10.244.1.5", inner), outer=outer)


def test_a_packet_for_a_host_goes_to_its_port() -> None:
    into = carry(walk_on(HOME, PEER), OnUnderlay(HOME, packet("10.0.0.4", "10.0.0.9")))
    assert isinstance(into, IntoHost)
    assert into.host is PEER
    assert into.switch is PEER.switches[0]


def test_a_host_whose_adapter_is_free_has_no_switch() -> None:
    bare = node(name="node-2", address="10.0.0.9")
    into = carry(walk_on(HOME, bare), OnUnderlay(None, packet("10.8.8.8", "10.0.0.9")))
    assert isinstance(into, IntoHost)
    assert into.switch is None


@pytest.mark.parametrize(("by_route", "kind"), [(False, IntoRouter), (True, IntoHost)])
def test_vxlan_goes_to_the_router_unless_a_route_sent_it(by_route: bool, kind: type) -> None:  # noqa: FBT001
    at = OnUnderlay(HOME, vxlan("10.0.0.9"), by_route=by_route)
    assert isinstance(carry(walk_on(HOME, PEER), at), kind)


@pytest.mark.parametrize(
    ("sent", "host"),
    [
        (vxlan("10.0.0.9"), "node-3"),
        (vxlan("10.0.0.9", "10.244.2.99"), "node-2"),
        (vxlan("10.0.0.9", vni=5000), "node-2"),
        (packet("10.8.8.8", "10.0.0.9"), "node-2"),
    ],
    ids=["who has the receiver", "nobody has it", "in no such VSID", "without VXLAN"],
)
def test_of_hosts_with_one_address_the_first_is_meant_unless_another_has_the_receiver(
    sent: Packet, host: str
) -> None:
    twin = node(name="node-2", address="10.0.0.9")
    third = replace(PEER, name="node-3")
    into = carry(walk_on(HOME, twin, third), OnUnderlay(HOME, sent))
    assert isinstance(into, IntoHost | IntoRouter)
    assert into.host.name == host


@pytest.mark.parametrize(("routed", "vlan"), [(True, 7), (False, 0)])
def test_the_underlay_bridges_and_routes_to_endpoints(routed: bool, vlan: int) -> None:  # noqa: FBT001
    at = OnUnderlay(HOME, packet("10.0.0.4", "10.1.0.5"), is_routed=routed)
    into = carry(walk_on(HOME, PEER), at)
    assert isinstance(into, IntoEndpoint)
    assert (into.endpoint.endpoint.name, into.packet.vlan) == ("db", vlan)


@pytest.mark.parametrize(
    ("sent", "id_"),
    [(packet("10.0.0.4", "93.184.216.34"), "93.184.216.34"), (vxlan("10.0.0.99"), "10.0.0.99")],
    ids=["a packet", "VXLAN"],
)
def test_the_rest_is_outside(sent: Packet, id_: str) -> None:
    end = end_of(carry, walk_on(HOME, PEER), OnUnderlay(HOME, sent))
    assert end.arrival == Arrival(ArrivalKind.EXTERNAL, id_)


@pytest.mark.parametrize(
    ("mapping_flags", "reply", "reason"),
    [
        (1, False, Reason.NO_ROUTE),
        (0, False, Reason.NO_ROUTE),
        (16, False, Reason.DELIVERED_TO_EXTERNAL),
        (1, True, Reason.DELIVERED_TO_EXTERNAL),
    ],
    ids=["internal", "of a cluster", "of a cloud's balancer too", "a reply"],
)
def test_nobody_outside_has_a_vip_that_is_not_external(
    mapping_flags: int,
    reply: bool,  # noqa: FBT001
    reason: Reason,
) -> None:
    service = balancer([CLIENT], "10.96.0.10", 443, mapping_flags=mapping_flags, name="shop")
    host = node(OVERLAY, pods=[CLIENT], services=[service])
    at = OnUnderlay(host, packet("10.0.0.4", "10.96.0.10"))
    end = end_of(carry, walk_on(host, is_reply=reply), at)
    assert end.reason is reason
    assert ("load balancer shop, which answers TCP 443 only" in str(end)) is not reply


@pytest.mark.parametrize(
    ("on", "reply", "reason"),
    [
        (OVERLAY, False, Reason.NO_ROUTE),
        (OVERLAY, True, Reason.NO_RETURN_ROUTE),
        (network(Mode.TRANSPARENT, "10.244.1.0/24"), False, Reason.DELIVERED_TO_EXTERNAL),
    ],
)
def test_networks_that_the_underlay_does_not_know_are_not_routed(
    on: PlumbedNetwork,
    reply: bool,  # noqa: FBT001
    reason: Reason,
) -> None:
    walk = walk_on(node(on), is_reply=reply)
    at = OnUnderlay(None, packet("10.8.8.8", "10.244.1.99"))
    assert end_of(carry, walk, at).reason is reason


def test_a_reply_to_a_virtual_ip_comes_back_to_who_translated_to_it() -> None:
    flows = translated("node-1", container_port(HOME, OVERLAY, CLIENT), "10.244.1.5", "10.0.0.77")
    reply = packet("10.9.9.9", "10.0.0.77", 40000, source_port=80)
    back = carry(walk_on(HOME, PEER, flows=flows), OnUnderlay(None, reply))
    assert isinstance(back, IntoEndpoint)
    assert back.endpoint is CLIENT


def test_a_reply_to_the_hosts_address_comes_back_to_the_port_that_translated() -> None:
    flows = translated("node-1", container_port(HOME, OVERLAY, CLIENT), "10.244.1.5", "10.0.0.4")
    reply = packet("10.9.9.9", "10.0.0.4", 40000, source_port=80)
    back = carry(walk_on(HOME, flows=flows), OnUnderlay(None, reply))
    assert isinstance(back, IntoEndpoint)


def test_an_adapter_without_address_is_nobodys() -> None:
    mute = node(name="node-2", adapters=[adapter("Wi-Fi", "")])
    end = end_of(carry, walk_on(HOME, mute), OnUnderlay(HOME, packet("10.0.0.4", "10.0.0.9")))
    assert end.reason is Reason.DELIVERED_TO_EXTERNAL
