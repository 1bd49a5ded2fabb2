"""The switch: to an endpoint, to the host, to the router, or out by the uplink."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork
from hnsemu.domain.facts import VSwitch
from hnsemu.domain.interfaces import DISABLE_HOST_PORT
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import Outer, Packet
from hnsemu.domain.tracing.locations import (
    InStack,
    IntoEndpoint,
    IntoHost,
    IntoRouter,
    Location,
    OnSwitch,
    OnUnderlay,
    OutOfHost,
)
from hnsemu.domain.tracing.model import Reason, Result
from hnsemu.domain.tracing.steps import End
from hnsemu.domain.tracing.switching import (
    enter_host,
    enter_router,
    first_local,
    forward,
    gateway_of,
    leave_host,
    own_addresses,
    port_of_host,
    uplink,
)
from hnsemu.domain.vfp.container_port import container_port
from hnsemu.domain.vfp.loadbalancers import PRESERVE_DIP
from hnsemu.domain.vfp.model import EncapTo, LocalTo
from tests.domain.tracing.walks import end_of, results, translated, walk_on
from tests.domain.worlds import (
    VSID,
    Node,
    adapter,
    balancer,
    host_endpoint,
    network,
    node,
    packet,
    pod,
    remote,
    switch,
)

OVERLAY = network(Mode.OVERLAY, "10.244.1.0/24")
BRIDGE = network(Mode.L2BRIDGE, "10.1.0.0/24")
NAT = network(Mode.NAT, "172.16.0.0/24")
WEB = pod(OVERLAY, "web", "10.244.1.6")
NODE, PEER = ip_address("10.0.0.4"), ip_address("10.0.0.9")


def on_switch(
    on: PlumbedNetwork, *pods: PlumbedEndpoint, to: str, hop: str = "", **members: object
) -> OnSwitch:
    sent = packet(str(on.network.subnets[0].network[5]), to)
    return OnSwitch(node(on, pods=pods), on, None, sent, next_hop=ip_address(hop) if hop else None,
                    **members)  # type: ignore[arg-type]  # fmt: skip


def forwarded(at: OnSwitch) -> Location:
    assert isinstance(at.host, Node)
    return forward(walk_on(at.host), at)


GATEWAY = host_endpoint(BRIDGE, "gateway", "10.1.0.2")


@pytest.mark.parametrize(
    ("at", "name"),
    [
        pytest.param(on_switch(OVERLAY, WEB, to="10.244.1.6"), "web", id="its receiver"),
        pytest.param(
            on_switch(OVERLAY, WEB, to="10.96.0.10", local=LocalTo("", WEB.id)), "web",
            id="the backend that VFP found",
        ),
        pytest.param(
            on_switch(BRIDGE, GATEWAY, to="10.9.9.9", hop="10.1.0.2"), "gateway",
            id="a gateway of the host",
        ),
    ],
)  # fmt: skip
def test_a_frame_goes_to_the_endpoint_it_is_for(at: OnSwitch, name: str) -> None:
    into = forwarded(at)
    assert isinstance(into, IntoEndpoint)
    assert into.endpoint.endpoint.name == name


def test_a_frame_for_another_vlan_goes_to_the_router_outside() -> None:
    other = pod(BRIDGE, "other", "10.1.0.6", vlan=8)
    near = on_switch(BRIDGE, other, to="10.1.0.6", hop="10.1.0.1")
    assert isinstance(forwarded(near), OnUnderlay)
    assert isinstance(forwarded(replace(near, next_hop=None)), IntoEndpoint)


def test_a_gateway_that_is_no_endpoint_of_the_host_is_outside() -> None:
    container = pod(BRIDGE, "container", "10.1.0.2")
    assert isinstance(
        forwarded(on_switch(BRIDGE, container, to="10.9.9.9", hop="10.1.0.2")), OnUnderlay
    )


def test_l2tunnel_sends_even_neighbours_round_by_the_physical_host() -> None:
    tunnel = network(Mode.L2TUNNEL, "10.1.0.0/24")
    at = on_switch(tunnel, pod(tunnel, "web", "10.1.0.6"), to="10.1.0.6")
    assert isinstance(at.host, Node)
    walk = walk_on(at.host)
    forward(walk, at)
    assert results(walk) == [("Switch", Result.FORWARD), ("Underlay", Result.FORWARD)]


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        pytest.param(on_switch(OVERLAY, to="10.244.1.99"), Reason.NO_SUCH_PORT, id="nobody there"),
        pytest.param(on_switch(NAT, to="172.16.0.99"), Reason.NO_SUCH_PORT, id="nor on NAT"),
        pytest.param(
            on_switch(OVERLAY, to="10.244.1.5"), Reason.SAME_SOURCE_AND_DESTINATION, id="to itself"
        ),
    ],
)
def test_a_frame_for_nobody_is_dropped(at: OnSwitch, reason: Reason) -> None:
    assert isinstance(at.host, Node)
    assert end_of(forward, walk_on(at.host), at).reason is reason


def test_the_vnic_of_the_host_takes_what_is_for_the_gateway() -> None:
    for at in (on_switch(NAT, to="172.16.0.1"), on_switch(NAT, to="10.9.9.9", hop="172.16.0.1")):
        into = forwarded(at)
        assert isinstance(into, InStack)
        assert into.origin is NAT


def test_an_external_switch_leads_to_the_host_or_out() -> None:
    into = forwarded(on_switch(BRIDGE, to="10.0.0.4"))
    assert isinstance(into, IntoHost)
    out = forwarded(on_switch(BRIDGE, to="10.9.9.9", hop="10.1.0.1"))
    assert isinstance(out, OnUnderlay)
    assert out.is_routed
    near = forwarded(on_switch(BRIDGE, to="10.1.0.99"))
    assert isinstance(near, OnUnderlay)
    assert not near.is_routed


@pytest.mark.parametrize("on", [None, switch("bare", Mode.L2BRIDGE, adapters=())])
def test_nothing_leaves_without_an_adapter(on: VSwitch | None) -> None:
    host = node(BRIDGE)
    with pytest.raises(End) as ending:
        uplink(walk_on(host), host, on, packet("10.1.0.5", "10.9.9.9"))
    assert ending.value.reason is Reason.NO_UPLINK


def encapsulated(to: str, vni: int = VSID, inner: str = "10.244.1.6") -> Packet:
    return replace(packet("10.244.2.7", inner), outer=Outer(PEER, ip_address(to), vni))


def test_vxlan_for_the_node_itself_goes_to_its_port() -> None:
    host = node(OVERLAY, pods=[WEB])
    into = forward(walk_on(host), OnSwitch(host, OVERLAY, WEB, encapsulated("10.0.0.4")))
    assert isinstance(into, IntoHost)


@pytest.mark.parametrize("by_route", [True, False, None])
def test_other_vxlan_leaves_by_the_uplink(by_route: bool | None) -> None:  # noqa: FBT001
    host = node(OVERLAY, pods=[WEB])
    encap = None if by_route is None else EncapTo(PEER, NODE, VSID, by_route=by_route)
    out = forward(
        walk_on(host), OnSwitch(host, OVERLAY, WEB, encapsulated("10.0.0.9"), encap=encap)
    )
    assert isinstance(out, OnUnderlay)
    assert out.by_route is bool(by_route)


REPLY = packet("10.9.9.9", "10.0.0.4", 40000, source_port=80)


def test_a_reply_comes_back_to_the_port_that_translated_it() -> None:
    host = node(OVERLAY, pods=[WEB])
    flows = translated("node-1", container_port(host, OVERLAY, WEB), "10.244.1.6", "10.0.0.4")
    back = forward(walk_on(host, flows=flows), OnSwitch(host, OVERLAY, None, REPLY))
    assert isinstance(back, IntoEndpoint)
    assert back.endpoint is WEB


def test_a_reply_comes_back_to_the_host_port_that_translated_it() -> None:
    host = node(OVERLAY, pods=[WEB])
    (on,) = host.switches
    own = port_of_host(host, on)
    assert own is not None
    flows = translated("node-1", own, "10.244.1.6", "10.0.0.4")
    back = forward(walk_on(host, flows=flows), OnSwitch(host, OVERLAY, None, REPLY))
    assert isinstance(back, IntoHost)
    assert back.switch is on


# The host's own port


def test_without_a_port_of_its_own_the_host_uses_the_adapter() -> None:
    hostless = network(Mode.L2BRIDGE, "10.1.0.0/24", flags=DISABLE_HOST_PORT)
    host = node(hostless)
    (on,) = host.switches
    sent = packet("10.0.0.4", "10.9.9.9")
    assert isinstance(leave_host(walk_on(host), OutOfHost(host, on, sent)), OnUnderlay)
    assert isinstance(enter_host(walk_on(host), IntoHost(host, on, sent)), InStack)
    assert isinstance(enter_host(walk_on(host), IntoHost(host, None, sent)), InStack)


BALANCING = node(OVERLAY, pods=[WEB], services=[balancer([WEB], "10.96.0.10")])
FAR = remote(OVERLAY, "10.244.2.7", "10.0.0.9")


@pytest.mark.parametrize(
    ("host", "to", "kind"),
    [
        pytest.param(node(OVERLAY, pods=[WEB]), "10.9.9.9", OnUnderlay, id="out"),
        pytest.param(
            BALANCING,
            "10.96.0.10",
            IntoEndpoint,
            id="to a backend here",
        ),
        pytest.param(
            node(OVERLAY, pods=[FAR], services=[balancer([FAR], "10.96.0.10")]),
            "10.96.0.10",
            OnUnderlay,
            id="to a backend elsewhere",
        ),
        pytest.param(node(OVERLAY, pods=[WEB]), "10.0.0.4", InStack, id="to the host itself"),
        pytest.param(
            node(
                OVERLAY,
                pods=[WEB, replace(WEB)],
                services=[balancer([WEB], "10.96.0.10", mapping_flags=PRESERVE_DIP)],
            ),
            "10.96.0.10",
            IntoEndpoint,
            id="to a backend that sees the service address",
        ),
    ],
)
def test_what_the_host_sends_passes_its_port(host: Node, to: str, kind: type) -> None:
    (on,) = host.switches
    assert isinstance(leave_host(walk_on(host), OutOfHost(host, on, packet("10.0.0.77", to))), kind)


def test_a_backend_on_another_switch_is_not_behind_this_one() -> None:
    host = node(OVERLAY, network(Mode.L2BRIDGE, "10.1.0.0/24"), pods=[pod(BRIDGE, "x", "10.1.0.5")])
    on = host.switches[0]
    out = leave_host(walk_on(host), OutOfHost(host, on, packet("10.0.0.4", "10.1.0.5")))
    assert isinstance(out, OnUnderlay)


@pytest.mark.parametrize(
    ("host", "to", "kind"),
    [
        pytest.param(node(OVERLAY, pods=[WEB]), "10.0.0.4", InStack, id="for the host"),
        pytest.param(
            BALANCING,
            "10.96.0.10",
            OutOfHost,
            id="for a service",
        ),
    ],
)
def test_what_comes_to_the_host_enters_or_turns_round(host: Node, to: str, kind: type) -> None:
    (on,) = host.switches
    assert isinstance(enter_host(walk_on(host), IntoHost(host, on, packet("10.9.9.9", to))), kind)


def test_a_reply_that_the_host_port_translates_back_goes_on() -> None:
    host = node(OVERLAY, pods=[WEB])
    (on,) = host.switches
    own = port_of_host(host, on)
    assert own is not None
    flows = translated("node-1", own, "10.244.1.6", "10.0.0.4")
    into = enter_host(walk_on(host, flows=flows), IntoHost(host, on, REPLY))
    assert isinstance(into, OutOfHost)
    assert isinstance(leave_host(walk_on(host), into), IntoEndpoint)


# The distributed router


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        pytest.param(encapsulated("10.0.0.4", 5000), Reason.WRONG_VSID, id="an unknown VSID"),
        pytest.param(
            encapsulated("10.0.0.4", inner="10.244.1.99"), Reason.NO_SUCH_PORT, id="nobody"
        ),
    ],
)
def test_the_router_drops_what_is_for_nobody(sent: Packet, reason: Reason) -> None:
    host = node(OVERLAY, pods=[WEB])
    assert end_of(enter_router, walk_on(host), IntoRouter(host, sent)).reason is reason


def test_the_router_hands_packets_to_endpoints() -> None:
    host = node(network(Mode.OVERLAY, "10.245.1.0/24"), OVERLAY, pods=[WEB])
    into = enter_router(walk_on(host), IntoRouter(host, encapsulated("10.0.0.4")))
    assert isinstance(into, IntoEndpoint)
    assert into.endpoint is WEB
    assert into.packet.outer is None


def test_an_endpoint_of_another_subnet_is_in_another_vsid() -> None:
    first, second = (
        subnet.id
        for subnet in network(Mode.OVERLAY, "10.244.1.0/24", "10.244.2.0/24").network.subnets
    )
    both = network(
        Mode.OVERLAY, "10.244.1.0/24", "10.244.2.0/24", vsids={first: VSID, second: 5000}
    )
    host = node(both, pods=[pod(both, "web", "10.244.1.6")])
    end = end_of(enter_router, walk_on(host), IntoRouter(host, encapsulated("10.0.0.4", 5000)))
    assert end.reason is Reason.WRONG_VSID


def test_the_router_brings_translated_replies_back() -> None:
    host = node(OVERLAY, pods=[WEB])
    flows = translated("node-1", container_port(host, OVERLAY, WEB), "10.244.1.6", "10.0.0.4")
    sent = replace(REPLY, outer=Outer(PEER, NODE, VSID))
    back = enter_router(walk_on(host, flows=flows), IntoRouter(host, sent))
    assert isinstance(back, IntoEndpoint)


# Addresses


def test_the_host_has_the_addresses_of_adapters_vnics_and_endpoints() -> None:
    host = node(NAT, BRIDGE, pods=[GATEWAY, WEB], adapters=[adapter(), adapter("Wi-Fi", "")])
    assert {str(address) for address in own_addresses(host)} == {
        "10.0.0.4",
        "172.16.0.1",
        "10.1.0.2",
    }


@pytest.mark.parametrize(
    ("on", "gateway"),
    [
        (NAT, "172.16.0.1"),
        (network(Mode.INTERNAL, "172.17.0.0/24"), "172.17.0.1"),
        (network(Mode.INTERNAL, "172.17.0.0/24", gateway=False), None),
        (BRIDGE, None),
    ],
    ids=["NAT", "Internal", "without a gateway", "without a vNIC"],
)
def test_the_vnic_of_the_host_has_the_gateway_address(
    on: PlumbedNetwork, gateway: str | None
) -> None:
    assert gateway_of(on) == (ip_address(gateway) if gateway else None)


def test_remote_endpoints_are_not_local() -> None:
    assert first_local([FAR, WEB]) is WEB
    assert first_local([FAR]) is None


def test_a_switch_that_is_not_external_has_no_port_of_the_host() -> None:
    host = node(NAT)
    assert port_of_host(host, host.switches[0]) is None
