"""The compartment of an endpoint: what leaves it and what it takes in."""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork
from hnsemu.domain.facts import Route
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import Direction
from hnsemu.domain.tracing.compartments import receive, send
from hnsemu.domain.tracing.flows import Flows
from hnsemu.domain.tracing.locations import InStack, IntoEndpoint, OnSwitch, OutOfEndpoint
from hnsemu.domain.tracing.model import Arrival, ArrivalKind, Reason, Result
from hnsemu.domain.tracing.steps import Walk
from tests.domain.tracing.walks import end_of, results, walk_on
from tests.domain.worlds import (
    acl,
    guid,
    host_endpoint,
    network,
    node,
    packet,
    pod,
    remote,
    sdn_route,
    wfp_proxy,
)

OVERLAY = network(Mode.OVERLAY, "10.244.1.0/24")
NAT = network(Mode.NAT, "172.16.0.0/24")


def leaving(
    endpoint: PlumbedEndpoint, destination: str, on: PlumbedNetwork = OVERLAY, *, length: int = 60
) -> tuple[Walk, OutOfEndpoint]:
    host = node(on, pods=[endpoint])
    source = str(endpoint.addresses[0])
    sent = replace(packet(source, destination), length=length)
    return walk_on(host), OutOfEndpoint(host, endpoint, sent)


def entering(
    endpoint: PlumbedEndpoint,
    on: PlumbedNetwork = OVERLAY,
    *,
    vlan: int = 0,
    release: str = "ws2025",
    destination: str = "",
) -> tuple[Walk, IntoEndpoint]:
    host = node(on, pods=[endpoint], release=release)
    sent = replace(packet("10.9.9.9", destination or str(endpoint.addresses[0])), vlan=vlan)
    return walk_on(host), IntoEndpoint(host, on, endpoint, sent)


def client(**members: object) -> PlumbedEndpoint:
    return pod(OVERLAY, "client", "10.244.1.5", **members)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("endpoint", "destination", "length", "reason"),
    [
        pytest.param(client(attached=False), "10.9.9.9", 60, Reason.NOT_ATTACHED, id="no cable"),
        pytest.param(client(), "10.244.1.5", 60, Reason.DELIVERED_TO_ENDPOINT, id="to itself"),
        pytest.param(client(mtu=1400), "10.9.9.9", 1401, Reason.TOO_BIG, id="beyond the MTU"),
        pytest.param(
            client(others=(wfp_proxy(15001),)), "10.9.9.9", 60, Reason.DELIVERED_TO_PROXY,
            id="to a proxy",
        ),
        pytest.param(
            client(acls=(acl("Block", "Out", host=True),)), "10.9.9.9", 60, Reason.BLOCKED_BY_RULE,
            id="blocked by the firewall",
        ),
        pytest.param(
            client(acls=(acl("Block", "Out"),)), "10.9.9.9", 60, Reason.BLOCKED_BY_RULE,
            id="blocked by the port",
        ),
        pytest.param(
            client(acls=(acl("Allow", "Out", remote_addresses="10.8.0.0/16"),)), "10.9.9.9", 60,
            Reason.BLOCKED_BY_DEFAULT, id="allowed by no rule",
        ),
    ],
)  # fmt: skip
def test_a_packet_that_does_not_get_out(
    endpoint: PlumbedEndpoint, destination: str, length: int, reason: Reason
) -> None:
    walk, at = leaving(endpoint, destination, length=length)
    assert end_of(send, walk, at).reason is reason


@pytest.mark.parametrize(
    ("destination", "hop"), [("10.244.1.6", None), ("10.9.9.9", ip_address("10.244.1.1"))]
)
def test_the_subnet_is_on_link_and_the_rest_behind_its_gateway(
    destination: str, hop: object
) -> None:
    endpoint = client(vlan=7)
    walk, at = leaving(endpoint, destination)
    out = send(walk, at)
    assert isinstance(out, OnSwitch)
    assert out.next_hop == hop
    assert (out.packet.source_mac, out.packet.vlan) == (endpoint.endpoint.mac_address, 7)
    assert results(walk)[0] == ("Route", Result.ROUTE)


@pytest.mark.parametrize(
    ("routes", "hop"),
    [
        ([Route("10.244.1.2", "0.0.0.0/0")], "10.244.1.2"),
        ([Route("10.244.1.2", "0.0.0.0/0"), Route("10.244.1.3", "10.9.0.0/16")], "10.244.1.3"),
        ([Route("10.244.1.3", "10.9.0.0/16"), Route("10.244.1.2", "0.0.0.0/0")], "10.244.1.3"),
        ([Route("nonsense", "10.9.9.0/24"), Route("10.244.1.2", "0.0.0.0/0")], "10.244.1.2"),
        ([Route("10.244.1.9", "nonsense"), Route("10.244.1.2", "0.0.0.0/0")], "10.244.1.2"),
        ([Route("10.244.1.2", "10.8.0.0/16")], None),
    ],
    ids=["own route", "longest prefix", "in any order", "odd hop", "odd prefix", "no route"],
)
def test_routes_of_the_endpoint_replace_those_of_the_subnet(
    routes: Sequence[Route], hop: str | None
) -> None:
    walk, at = leaving(client(routes=routes), "10.9.9.9")
    if hop is None:
        assert end_of(send, walk, at).reason is Reason.NO_ROUTE
    else:
        assert getattr(send(walk, at), "next_hop", None) == ip_address(hop)


def test_an_endpoint_whose_prefix_is_none_has_no_subnet() -> None:
    odd = client()
    bare = replace(odd.endpoint, ip_configurations=(
        replace(odd.endpoint.ip_configurations[0], ip_address="nonsense"),))  # fmt: skip
    walk, at = leaving(replace(odd, endpoint=bare), "10.244.1.6")
    assert getattr(send(walk, at), "next_hop", None) == ip_address("10.244.1.1")


@pytest.mark.parametrize(
    ("on", "endpoint", "mac"),
    [
        (OVERLAY, client(), "00-15-5D-00-00-DD"),
        (NAT, pod(NAT, "client", "172.16.0.5"), "00-15-5D-00-00-AA"),
        (
            network(Mode.L2BRIDGE, "10.1.0.0/24"),
            pod(network(Mode.L2BRIDGE, "10.1.0.0/24"), "client", "10.1.0.5"),
            "",
        ),
    ],
    ids=["the router's", "the vNIC's", "of a router outside"],
)
def test_frames_for_the_gateway_have_the_mac_that_arp_gives(
    on: PlumbedNetwork, endpoint: PlumbedEndpoint, mac: str
) -> None:
    walk, at = leaving(endpoint, "10.9.9.9", on)
    out = send(walk, at)
    assert isinstance(out, OnSwitch)
    assert out.packet.destination_mac == mac


def test_nobody_is_sent_to_attach_what_stands_for_an_endpoint_elsewhere() -> None:
    """HNS refuses that."""
    walk, at = leaving(remote(OVERLAY, "10.244.2.7", "10.0.0.5"), "10.9.9.9")
    end = end_of(send, walk, at)
    assert end.reason is Reason.NOT_ATTACHED
    assert end.text.endswith("it stands for one elsewhere; send from the host that has that one")


def test_an_sdn_route_names_the_next_hop() -> None:
    endpoint = client()
    policies = replace(endpoint.policies, routes=(sdn_route("10.9.0.0/16", "10.244.1.2"),))
    walk, at = leaving(replace(endpoint, policies=policies), "10.9.9.9")
    out = send(walk, at)
    assert isinstance(out, OnSwitch)
    assert out.next_hop == ip_address("10.244.1.2")


@pytest.mark.parametrize(
    ("endpoint", "vlan", "release", "reason"),
    [
        pytest.param(client(), 0, "ws2025", Reason.DELIVERED_TO_ENDPOINT, id="delivered"),
        pytest.param(client(vlan=7), 7, "ws2025", Reason.DELIVERED_TO_ENDPOINT, id="in its VLAN"),
        pytest.param(client(vlan=7), 8, "ws2025", Reason.WRONG_VLAN, id="in another VLAN"),
        pytest.param(client(attached=False), 0, "ws2025", Reason.NOT_ATTACHED, id="no cable"),
        pytest.param(client(), 0, "ws2016", Reason.BLOCKED_BY_DEFAULT, id="closed by default"),
        pytest.param(
            client(acls=(acl("Block", "In", host=True),)), 0, "ws2025", Reason.BLOCKED_BY_RULE,
            id="blocked",
        ),
        pytest.param(
            client(others=(wfp_proxy(0, 15003),)), 0, "ws2025", Reason.DELIVERED_TO_PROXY,
            id="to a proxy",
        ),
    ],
)  # fmt: skip
def test_a_packet_in_front_of_an_endpoint(
    endpoint: PlumbedEndpoint, vlan: int, release: str, reason: Reason
) -> None:
    walk, at = entering(endpoint, vlan=vlan, release=release)
    end = end_of(receive, walk, at)
    assert end.reason is reason


def test_who_receives_is_told() -> None:
    walk, at = entering(client(acls=(acl("Allow", "In", host=True),)))
    end = end_of(receive, walk, at)
    assert end.arrival == Arrival(ArrivalKind.ENDPOINT, guid("client"), "node-1")
    assert ("WFP", Result.ALLOW) in results(walk)


def test_an_endpoint_of_the_host_hands_on_what_is_not_for_itself() -> None:
    gateway = host_endpoint(OVERLAY, "gateway", "10.244.1.2")
    walk, at = entering(gateway, destination="10.9.0.1")
    assert isinstance(receive(walk, at), InStack)
    walk, at = entering(gateway)
    assert end_of(receive, walk, at).reason is Reason.DELIVERED_TO_ENDPOINT


def test_a_known_flow_passes_a_closed_firewall() -> None:
    endpoint = client()
    walk, at = entering(endpoint, release="ws2016")
    sent = packet("10.244.1.5", "10.9.9.9", 40000, source_port=80)
    walk.flows = Flows()
    walk.flows.remember(("node-1", f"WFP {endpoint.id}"), Direction.OUT, sent, sent)
    assert end_of(receive, walk, at).reason is Reason.DELIVERED_TO_ENDPOINT


def test_a_network_without_switch_is_called_so() -> None:
    bare = replace(OVERLAY, network=replace(OVERLAY.network, vswitch=None))
    walk, at = entering(client(), bare, vlan=9)
    assert end_of(receive, walk, at).reason is Reason.WRONG_VLAN
    assert walk.steps[-1].where == "switch"
