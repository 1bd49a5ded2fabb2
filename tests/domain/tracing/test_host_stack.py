"""The stack of the host: published ports, node ports, routes and source NAT."""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.dataplane import PlumbedNetwork
from hnsemu.domain.interfaces import DISABLE_HOST_PORT
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import SCTP, Direction
from hnsemu.domain.tracing.flows import Flows
from hnsemu.domain.tracing.host_stack import handle, source_of_host
from hnsemu.domain.tracing.locations import (
    InStack,
    IntoEndpoint,
    Location,
    OnUnderlay,
    OutOfEndpoint,
    OutOfHost,
)
from hnsemu.domain.tracing.model import Reason, Result
from tests.domain.tracing.walks import end_of, results, walk_on
from tests.domain.worlds import (
    Node,
    adapter,
    balancer,
    host_endpoint,
    network,
    node,
    packet,
    pod,
    port_mapping,
    published,
    ref,
    remote_route,
)

NAT = network(Mode.NAT, "172.16.0.0/24")
BRIDGE = network(Mode.L2BRIDGE, "10.1.0.0/24")
OVERLAY = network(
    Mode.OVERLAY,
    "10.244.1.0/24",
    remote_routes=(remote_route("nonsense", "10.0.0.9"), remote_route("10.244.2.0/24", "10.0.0.9")),
)
ROUTED = replace(OVERLAY, host_route=ref("HostRoute", owner="Network"))
WEB = pod(NAT, "web", "172.16.0.5")
POD = pod(OVERLAY, "pod", "10.244.1.5")
OUTSIDE, NODE = "10.9.9.9", "10.0.0.4"


def handled(host: Node, to: str, port: int = 80, **members: object) -> Location:
    at = InStack(host, packet(OUTSIDE, to, port), **members)  # type: ignore[arg-type]
    return handle(walk_on(host), at)


def refusal(host: Node, to: str, port: int = 80, **members: object) -> Reason:
    at = InStack(host, packet(OUTSIDE, to, port), **members)  # type: ignore[arg-type]
    return end_of(handle, walk_on(host), at).reason


# For the host itself


def test_the_host_receives_what_is_for_it() -> None:
    assert refusal(node(NAT), NODE) is Reason.DELIVERED_TO_HOST
    assert refusal(node(NAT), "172.16.0.1") is Reason.DELIVERED_TO_HOST


PUBLISHING = node(NAT, pods=[WEB], ports=[published(WEB, 8080, 80)])


def test_a_published_port_leads_to_its_container() -> None:
    walk = walk_on(PUBLISHING)
    into = handle(walk, InStack(PUBLISHING, packet(OUTSIDE, NODE, 8080)))
    assert isinstance(into, IntoEndpoint)
    assert (str(into.packet.destination), into.packet.destination_port) == ("172.16.0.5", 80)
    assert results(walk)[:2] == [("WinNAT", Result.REWRITE), ("WFP", Result.ALLOW)]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (published(WEB, 8080, 80, vip="10.0.0.77"), Reason.DELIVERED_TO_HOST),
        (published(WEB, 8080, 80, engine="VFP"), Reason.DELIVERED_TO_HOST),
        (replace(published(WEB, 8080, 80), internal_address=""), Reason.NO_NAT_MAPPING),
        (replace(published(WEB, 8080, 80), internal_address="172.16.0.99"), Reason.NO_SUCH_PORT),
    ],
    ids=["on another address", "on the switch", "of no address", "of an endpoint that went"],
)
def test_other_published_ports_lead_nowhere(rule: object, reason: Reason) -> None:
    assert refusal(node(NAT, pods=[WEB], ports=[rule]), NODE, 8080) is reason  # type: ignore[list-item]


def test_a_published_ipv6_port_is_for_ipv6() -> None:
    rule = published(WEB, 8080, 80)
    six = replace(rule, mapping=replace(rule.mapping, ipv6=True))
    assert refusal(node(NAT, pods=[WEB], ports=[six]), NODE, 8080) is Reason.DELIVERED_TO_HOST


@pytest.mark.parametrize(("release", "reaches"), [("ws1803", False), ("ws2019", True)])
def test_a_host_reaches_its_own_published_ports_from_1809_on(release: str, reaches: bool) -> None:  # noqa: FBT001
    host = replace(PUBLISHING, release=node(release=release).release)
    if reaches:
        assert isinstance(handled(host, NODE, 8080, is_own=True), IntoEndpoint)
    else:
        assert refusal(host, NODE, 8080, is_own=True) is Reason.NO_NAT_MAPPING


def node_port(on: PlumbedNetwork, mapping_flags: int) -> Node:
    backend = pod(on, "backend", str(on.network.subnets[0].network[5]))
    return node(
        on, pods=[backend], services=[balancer([backend], "", 30080, mapping_flags=mapping_flags)]
    )


@pytest.mark.parametrize(
    ("host", "members", "kind"),
    [
        pytest.param(node_port(OVERLAY, 0), {}, OutOfHost, id="a node port"),
        pytest.param(node_port(OVERLAY, 0), {"is_balanced": True}, None, id="balanced already"),
        pytest.param(node_port(OVERLAY, 1), {}, None, id="an internal service"),
        pytest.param(node_port(NAT, 0), {}, None, id="of a network without VFP"),
        pytest.param(
            node_port(network(Mode.L2BRIDGE, "10.1.0.0/24", flags=DISABLE_HOST_PORT), 0), {}, None,
            id="without a host port",
        ),
    ],
)  # fmt: skip
def test_node_ports_are_balanced_by_the_host_port(
    host: Node, members: dict[str, bool], kind: type | None
) -> None:
    if kind is None:
        assert refusal(host, NODE, 30080, **members) is Reason.DELIVERED_TO_HOST
    else:
        assert isinstance(handled(host, NODE, 30080, **members), kind)


@pytest.mark.parametrize(
    ("mapping", "own", "kind"),
    [
        (port_mapping(30081, 80, routed=True), True, OutOfHost),
        (port_mapping(30081, 80, routed=True), False, None),
        (port_mapping(30081, 80), True, None),
        (port_mapping(30082, 80, routed=True), True, None),
    ],
    ids=["LocalRoutedVip", "from outside", "without the flag", "another port"],
)
def test_the_host_reaches_ports_that_are_routed_locally(
    mapping: object,
    own: bool,  # noqa: FBT001
    kind: type | None,
) -> None:
    backend = pod(OVERLAY, "backend", "10.244.1.5", published=(mapping,))
    host = node(OVERLAY, pods=[backend], ports=[published(backend, 30081, 80, engine="VFP")])
    if kind is None:
        assert refusal(host, NODE, 30081, is_own=own) is Reason.DELIVERED_TO_HOST
    else:
        assert isinstance(handled(host, NODE, 30081, is_own=own), kind)


# Routes


GATEWAY = host_endpoint(BRIDGE, "gateway", "10.1.0.2")


@pytest.mark.parametrize(
    ("host", "to", "kind"),
    [
        pytest.param(node(NAT, pods=[WEB]), "172.16.0.5", IntoEndpoint, id="into a NAT network"),
        pytest.param(node(BRIDGE, pods=[GATEWAY]), "10.1.0.9", OutOfEndpoint, id="by an endpoint"),
        pytest.param(node(BRIDGE, pods=[GATEWAY]), "10.8.8.8", OutOfHost, id="not by its endpoint"),
        pytest.param(node(ROUTED), "10.244.1.9", OutOfHost, id="into an overlay"),
        pytest.param(node(ROUTED), "10.244.2.9", OutOfHost, id="into its remote subnet"),
        pytest.param(node(OVERLAY), "10.244.2.9", OutOfHost, id="without HostRoute it goes out"),
        pytest.param(node(BRIDGE), "10.8.8.8", OutOfHost, id="out by the switch"),
        pytest.param(node(), "10.8.8.8", OnUnderlay, id="out by the adapter"),
        pytest.param(node(), "10.0.0.9", OnUnderlay, id="on-link"),
        pytest.param(
            node(network(Mode.L2BRIDGE, "10.0.0.0/24")),
            "10.0.0.99",
            OutOfHost,
            id="a bridge on the adapter's own subnet",
        ),
    ],
)
def test_the_host_routes_what_is_not_for_it(host: Node, to: str, kind: type) -> None:
    assert isinstance(handled(host, to), kind)


@pytest.mark.parametrize(
    ("host", "to", "reason"),
    [
        pytest.param(node(NAT, pods=[WEB]), "172.16.0.9", Reason.NO_SUCH_PORT, id="nobody on NAT"),
        pytest.param(node(OVERLAY), "10.244.1.9", Reason.NO_ROUTE, id="no HostRoute"),
        pytest.param(node(BRIDGE), "10.1.0.9", Reason.NO_ROUTE, id="no endpoint of its own"),
        pytest.param(
            node(adapters=[adapter(gateway="")]), "10.8.8.8", Reason.NO_ROUTE, id="no gateway"
        ),
        pytest.param(
            node(adapters=[adapter("Wi-Fi", "")]), "10.8.8.8", Reason.NO_ROUTE, id="no address"
        ),
        pytest.param(node(adapters=[]), "10.8.8.8", Reason.NO_ROUTE, id="adapter"),
    ],
)
def test_what_the_host_has_no_way_to_is_dropped(host: Node, to: str, reason: Reason) -> None:
    assert refusal(host, to) is reason


def test_an_overlay_without_switch_leads_nowhere() -> None:
    bare = replace(ROUTED, network=replace(ROUTED.network, vswitch=None))
    assert isinstance(handled(node(bare), "10.244.1.9"), OnUnderlay)


def test_an_adapter_on_the_subnet_is_better_than_one_with_a_gateway() -> None:
    two = [adapter(gateway="10.0.0.1"), adapter("Ethernet 2", "10.5.0.4", "")]
    host = node(adapters=two)
    walk = walk_on(host)
    handle(walk, InStack(host, packet(OUTSIDE, "10.5.0.9")))
    assert "Ethernet 2" in walk.steps[-1].text


# Source NAT


@pytest.mark.parametrize(
    ("sent", "port"),
    [(packet("172.16.0.5", OUTSIDE), True), (packet("172.16.0.5", OUTSIDE, 0, 1), False)],
    ids=["TCP", "ICMP"],
)
def test_what_leaves_a_nat_network_gets_the_hosts_address(sent: object, port: bool) -> None:  # noqa: FBT001
    host = node(NAT, pods=[WEB])
    out = handle(walk_on(host), InStack(host, sent, origin=NAT))  # type: ignore[arg-type]
    assert isinstance(out, OnUnderlay)
    assert out.packet.source == ip_address(NODE)
    assert (out.packet.source_port in range(49152, 65536)) is port


def test_a_nat_network_without_an_instance_is_translated_too() -> None:
    bare = replace(NAT, network=replace(NAT.network, nat=None))
    host = node(bare)
    out = handle(walk_on(host), InStack(host, packet("172.16.0.5", OUTSIDE), origin=bare))
    assert isinstance(out, OnUnderlay)
    assert out.packet.source == ip_address(NODE)


def test_other_protocols_are_not_translated() -> None:
    host = node(NAT)
    at = InStack(host, packet("172.16.0.5", OUTSIDE, 80, SCTP), origin=NAT)
    assert end_of(handle, walk_on(host), at).reason is Reason.NO_NAT_PORTS


def test_what_leaves_an_internal_network_keeps_its_address() -> None:
    internal = network(Mode.INTERNAL, "172.17.0.0/24")
    host = node(internal)
    out = handle(walk_on(host), InStack(host, packet("172.17.0.5", OUTSIDE), origin=internal))
    assert isinstance(out, OnUnderlay)
    assert str(out.packet.source) == "172.17.0.5"


def test_a_reply_is_translated_back_by_its_session() -> None:
    host, flows = node(NAT, pods=[WEB]), Flows()
    inside, outside = packet("172.16.0.5", OUTSIDE), packet(NODE, OUTSIDE, source_port=50000)
    flows.remember(("node-1", "WinNAT"), Direction.OUT, inside, outside)
    reply = packet(OUTSIDE, NODE, 50000, source_port=80)
    walk = walk_on(host, flows=flows)
    into = handle(walk, InStack(host, reply))
    assert isinstance(into, IntoEndpoint)
    assert into.packet.flow == inside.reply_flow
    assert results(walk)[0] == ("WinNAT", Result.FLOW)


def test_a_session_may_lead_to_the_host_itself() -> None:
    host, flows = node(NAT, pods=[WEB]), Flows()
    inside, outside = packet(NODE, OUTSIDE), packet("10.0.0.77", OUTSIDE, source_port=50000)
    flows.remember(("node-1", "WinNAT"), Direction.OUT, inside, outside)
    at = InStack(host, packet(OUTSIDE, "10.0.0.77", 50000, source_port=80))
    assert end_of(handle, walk_on(host, flows=flows), at).reason is Reason.DELIVERED_TO_HOST


# The address of the host's own packets


@pytest.mark.parametrize(
    ("networks", "pods", "to", "source"),
    [
        ([NAT], [], "172.16.0.5", "172.16.0.1"),
        ([BRIDGE], [GATEWAY], "10.1.0.9", "10.1.0.2"),
        ([NAT, BRIDGE], [GATEWAY], OUTSIDE, NODE),
        ([], [], "fd00::9", None),
    ],
    ids=["its vNIC's", "its endpoint's", "its adapter's", "none"],
)
def test_the_host_sends_from_the_address_nearest_to_the_receiver(
    networks: Sequence[PlumbedNetwork], pods: Sequence[object], to: str, source: str | None
) -> None:
    host = node(*networks, pods=pods)  # type: ignore[arg-type]
    expected = ip_address(source) if source else None
    assert source_of_host(host, ip_address(to)) == expected
