"""The matrix: each cell is what a trace of its packet says."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork
from hnsemu.domain.facts import Policy, Route
from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import ICMP, TCP, Packet
from hnsemu.domain.tracing import ports
from hnsemu.domain.tracing.model import Reason, Verdict
from hnsemu.domain.tracing.question import Origin, OriginKind, TraceQuestion
from hnsemu.domain.tracing.reachability import Reachability, Target
from hnsemu.domain.tracing.trace import trace
from hnsemu.domain.tracing.walks import Service
from hnsemu.domain.vfp.container_port import container_port
from hnsemu.domain.vfp.model import VfpPort
from tests.domain.tracing.walks import walks_of_matrices
from tests.domain.worlds import (
    Node,
    acl,
    adapter,
    balancer,
    network,
    node,
    outbound_nat,
    pod,
    proxy,
    remote_route,
    sdn_route,
    tier,
    wfp_proxy,
    world,
)
from tests.work import is_linear

WEB_PORT, PING = Service(TCP, 80), Service(ICMP, 0)
BRIDGE = network(
    Mode.L2BRIDGE, "10.1.0.0/24", acls=(acl("Allow", "In", 900), acl("Allow", "Out", 900))
)
OVERLAY = network(
    Mode.OVERLAY, "10.244.1.0/24", remote_routes=(remote_route("10.244.2.0/24", "10.0.0.9"),)
)
NAT = network(Mode.NAT, "172.16.0.0/24")


def cells(
    host: Node,
    sources: Sequence[PlumbedEndpoint],
    targets: Sequence[Target],
    service: Service = WEB_PORT,
) -> list[list[tuple[Verdict, Reason, str]]]:
    found = Reachability(world(host), host.name, sources, targets)
    rows = list(found.rows(service))
    words = [
        (cell.verdict, cell.reason, cell.policy.id if cell.policy else "")
        for cell in found.outcomes
    ]
    return [[words[place] for place in row] for row in rows]


def traced(
    host: Node, source: PlumbedEndpoint, target: Target, service: Service
) -> tuple[Verdict, Reason]:
    assert target.address is not None
    own = source.address(target.address.version)
    if own is None:
        return Verdict.DROPPED, Reason.NO_ROUTE
    sent = Packet(service.protocol, own, target.address, 40000 if service.port else 0, service.port)
    question = TraceQuestion(Origin(OriginKind.ENDPOINT, source.id), sent)
    walk = trace(world(host), host.name, question)[0].trace
    return walk.verdict, walk.reason


def target(endpoint: PlumbedEndpoint) -> Target:
    return Target(endpoint.addresses[0], endpoint)


def stored(endpoint: PlumbedEndpoint, *policies: Policy) -> PlumbedEndpoint:
    """Return the endpoint with policies as its document has them: they tell kinds apart."""
    return replace(endpoint, endpoint=replace(endpoint.endpoint, policies=policies))


PODS = [
    pod(BRIDGE, "plain", "10.1.0.5"),
    pod(BRIDGE, "closed", "10.1.0.6", acls=(acl("Block", "In", name="deny"),)),
    pod(BRIDGE, "firewalled", "10.1.0.7", acls=(acl("Block", "In", host=True, name="wfp"),)),
    pod(BRIDGE, "mute", "10.1.0.8", acls=(acl("Block", "Out", name="mute"),)),
    pod(
        BRIDGE,
        "tiered",
        "10.1.0.9",
        tiers=(tier(1, acl("Block", "In", remote_addresses="10.1.0.5")),),
    ),
    pod(BRIDGE, "unplugged", "10.1.0.10", attached=False),
    pod(BRIDGE, "vlan", "10.1.0.11", vlan=7),
    pod(BRIDGE, "proxied", "10.1.0.12", others=(wfp_proxy(0, 15003),)),
    pod(BRIDGE, "six", "fd00::13"),
    stored(
        pod(BRIDGE, "routed", "10.1.0.14", nats=(outbound_nat(exceptions=["10.1.0.0/28"]),)),
        Policy("OutBoundNAT", '{"Exceptions": ["10.1.0.0/28"]}'),
    ),
]
ADAPTERS = [adapter(on=BRIDGE.network.vswitch), adapter("Wi-Fi", "")]
EVERYONE = node(BRIDGE, pods=PODS, adapters=ADAPTERS)


@pytest.mark.parametrize("service", [WEB_PORT, PING], ids=["TCP", "ping"])
def test_every_cell_is_what_a_trace_says(service: Service) -> None:
    targets = [*map(target, PODS), Target(ip_address("10.9.9.9")), Target(ip_address("10.0.0.4"))]
    found = cells(EVERYONE, PODS, targets, service)
    for source, row in zip(PODS, found, strict=True):
        for one, cell in zip(targets, row, strict=True):
            assert cell[:2] == traced(EVERYONE, source, one, service), (source.label, one)


@pytest.mark.parametrize(
    ("source", "receiver", "expected"),
    [
        ("plain", "plain", (Verdict.DELIVERED, Reason.DELIVERED_TO_ENDPOINT, "")),
        ("plain", "closed", (Verdict.BLOCKED, Reason.BLOCKED_BY_RULE, "deny")),
        ("plain", "firewalled", (Verdict.BLOCKED, Reason.BLOCKED_BY_RULE, "wfp")),
        ("mute", "closed", (Verdict.BLOCKED, Reason.BLOCKED_BY_RULE, "mute")),
        ("plain", "unplugged", (Verdict.DROPPED, Reason.NOT_ATTACHED, "Allow-Out-900")),
        ("plain", "six", (Verdict.DROPPED, Reason.NO_ROUTE, "")),
    ],
)
def test_a_cell_names_the_policy_that_decided(
    source: str, receiver: str, expected: tuple[Verdict, Reason, str]
) -> None:
    by_name = {endpoint.endpoint.name: endpoint for endpoint in PODS}
    assert cells(EVERYONE, [by_name[source]], [target(by_name[receiver])]) == [[expected]]


def test_a_target_without_address_is_nowhere() -> None:
    found = cells(EVERYONE, PODS[:1], [Target(None, pod(BRIDGE, "bare")), target(PODS[1])])
    assert found[0][0][:2] == (Verdict.DROPPED, Reason.NO_ROUTE)


def test_a_sender_behind_a_proxy_is_traced() -> None:
    redirected = pod(BRIDGE, "sidecar", "10.1.0.20", others=(wfp_proxy(15001),))
    host = node(BRIDGE, pods=[redirected, PODS[0]])
    assert cells(host, [redirected], [target(PODS[0])])[0][0][1] is Reason.DELIVERED_TO_PROXY


def test_a_sender_without_route_is_stopped_by_its_firewall_first() -> None:
    gatewayless = network(Mode.L2BRIDGE, "10.1.0.0/24", gateway=False)
    far = pod(network(Mode.OVERLAY, "10.244.1.0/24"), "far", "10.244.1.5")
    closed = pod(
        gatewayless, "closed", "10.1.0.5", acls=(acl("Block", "Out", host=True, name="wfp"),)
    )
    stuck = pod(gatewayless, "stuck", "10.1.0.6", acls=(acl("Block", "Out", name="vfp"),))
    host = node(gatewayless, OVERLAY, pods=[closed, stuck, far])
    assert cells(host, [closed, stuck], [target(far)]) == [
        [(Verdict.BLOCKED, Reason.BLOCKED_BY_RULE, "wfp")],
        [(Verdict.DROPPED, Reason.NO_ROUTE, "")],
    ]


def test_the_default_names_no_policy() -> None:
    container = pod(
        NAT, "web", "172.16.0.5", acls=(acl("Block", "In", host=True, remote_ports="9"),)
    )
    client = pod(NAT, "client", "172.16.0.6")
    host = node(NAT, pods=[container, client], release="ws2016")
    blocked = (Verdict.BLOCKED, Reason.BLOCKED_BY_DEFAULT, "")
    assert cells(host, [client], [target(container), Target(ip_address("172.16.0.5"))]) == [
        [blocked, blocked]
    ]


def test_a_bare_address_names_the_last_acl_that_a_trace_met() -> None:
    firewalled = pod(BRIDGE, "x", "10.1.0.5", acls=(acl("Allow", "In", host=True, name="wfp"),))
    host = node(BRIDGE, pods=[firewalled, PODS[4]])
    ((cell,),) = cells(host, [PODS[4]], [Target(ip_address("10.1.0.5"))])
    assert cell == (Verdict.DELIVERED, Reason.DELIVERED_TO_ENDPOINT, "wfp")


def with_routes(endpoint: PlumbedEndpoint) -> PlumbedEndpoint:
    """Return the endpoint with routes, a proxy and policies that name prefixes and itself."""
    own = str(endpoint.addresses[0])
    stored = replace(
        endpoint.endpoint,
        routes=(Route("10.244.1.1", "0.0.0.0/0"),),
        policies=(Policy("OutBoundNAT", f'{{"Destinations": ["{own}"]}}'), Policy("ACL", "{}")),
    )
    policies = replace(
        endpoint.policies,
        nats=(outbound_nat(destinations=[own, "10.9.0.0/16"]),),
        routes=(sdn_route("10.244.1.128/25"),),
        proxies=(proxy(own, 15001, "10.8.0.0/16", ["10.8.1.0/24"]),),
    )
    return replace(endpoint, endpoint=stored, policies=policies)


def test_endpoints_that_are_alike_are_told_apart_by_the_prefixes_on_the_way() -> None:
    pods = [with_routes(pod(OVERLAY, f"p{n}", f"10.244.1.{n}")) for n in (5, 6, 130, 131)]
    odd = replace(pods[0].endpoint.ip_configurations[0], ip_address="nonsense")
    pods[0] = replace(pods[0], endpoint=replace(pods[0].endpoint, ip_configurations=(odd,)))
    host = node(OVERLAY, pods=pods)
    found = cells(host, pods, [target(endpoint) for endpoint in pods])
    for source, row in zip(pods, found, strict=True):
        for endpoint, cell in zip(pods, row, strict=True):
            assert cell[:2] == traced(host, source, target(endpoint), WEB_PORT)


def test_a_host_acl_opens_what_is_closed_by_default() -> None:
    opened = pod(NAT, "web", "172.16.0.5", acls=(acl("Allow", "In", host=True, name="open"),))
    client = pod(NAT, "client", "172.16.0.6")
    host = node(NAT, pods=[opened, client], release="ws2016")
    received = (Verdict.DELIVERED, Reason.DELIVERED_TO_ENDPOINT, "open")
    assert cells(host, [client], [target(opened), Target(ip_address("172.16.0.5"))]) == [
        [received, received]
    ]


def test_a_matrix_in_blocks_is_the_same() -> None:
    targets = [*map(target, PODS), Target(ip_address("10.9.9.9")), Target(ip_address("10.1.0.6"))]
    whole, parts = (
        Reachability(world(EVERYONE), EVERYONE.name, PODS, targets, most_kept=most)
        for most in (1 << 20, 3 * len(targets))
    )
    assert list(whole.rows(WEB_PORT)) == list(parts.rows(WEB_PORT))
    assert whole.outcomes == parts.outcomes


def test_a_receiver_with_a_proxy_is_traced_by_its_bare_address_too() -> None:
    host = node(BRIDGE, pods=PODS)
    everyone = [target(endpoint) for endpoint in PODS]
    bare = [Target(one.address) for one in everyone]
    assert cells(host, PODS, everyone) == cells(host, PODS, bare)


def _crowd(size: int, *, bare: bool) -> Callable[[], object]:
    """Return the work of a matrix with a receiver for each sender."""
    acls = (acl("Block", "In", remote_addresses="10.1.0.0/28"), acl("Allow", "Out"))
    pods = [pod(BRIDGE, f"p{n}", f"10.1.{n // 200}.{n % 200 + 2}", acls=acls) for n in range(size)]
    targets = [Target(endpoint.addresses[0], None if bare else endpoint) for endpoint in pods]
    found = Reachability(world(node(BRIDGE, pods=pods)), "node-1", pods, targets)
    return lambda: [sum(row) for row in found.rows(WEB_PORT)]


@pytest.mark.parametrize("bare", [False, True], ids=["endpoints", "bare addresses"])
def test_work_grows_with_the_members_of_a_matrix_and_not_with_its_cells(*, bare: bool) -> None:
    assert is_linear(lambda size: _crowd(size, bare=bare), 60)


def test_each_port_is_compiled_once_for_all_addresses_of_load_balancers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled: list[str] = []

    def counted(host: Node, on: PlumbedNetwork, endpoint: PlumbedEndpoint) -> VfpPort:
        compiled.extend([endpoint.id] * bool(endpoint.policies.acls))  # others: walks without ACLs
        return container_port(host, on, endpoint)

    monkeypatch.setattr(ports, "container_port", counted)
    guarded = (acl("Allow", "In"), acl("Allow", "Out"))
    senders = [pod(OVERLAY, f"p{n}", f"10.244.1.{n}", acls=guarded) for n in range(2, 5)]
    proxied = (wfp_proxy(0, 15003),)  # where these decide, each packet is traced
    backends = [
        pod(OVERLAY, f"b{n}", f"10.244.1.{n}", acls=guarded, others=proxied) for n in (7, 8)
    ]
    pods = [*senders, *backends]
    vips = [f"10.96.0.{n}" for n in range(1, 6)]
    services = [balancer(backends, vip, flags=DIRECT_SERVER_RETURN) for vip in vips]
    host = node(OVERLAY, pods=pods, services=services)
    found = cells(host, senders, [Target(ip_address(vip)) for vip in vips])
    assert {verdict for row in found for verdict, _, _ in row} == {Verdict.DELIVERED}
    assert {sender.id for sender in senders} < set(compiled)
    assert len(compiled) == len(set(compiled))


def test_a_backend_is_walked_to_once_for_all_senders_that_draw_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    walked = walks_of_matrices(monkeypatch)
    refusing = (acl("Block", "In", remote_addresses="10.244.1.20/31"), acl("Allow", "In"))
    backends = [pod(OVERLAY, f"b{n}", f"10.244.1.{n}", acls=refusing) for n in (2, 3)]
    mute = (acl("Block", "Out", remote_addresses="10.244.1.2"), acl("Allow", "Out"))
    senders = [
        pod(OVERLAY, f"p{n}", f"10.244.1.{n}", acls=mute if n % 2 else ()) for n in range(20, 60)
    ]
    vip = Target(ip_address("10.96.0.1"))
    service = balancer(backends, "10.96.0.1", flags=DIRECT_SERVER_RETURN)
    host = node(OVERLAY, pods=[*backends, *senders], services=[service])
    found = cells(host, [*senders, *backends], [vip])
    assert len(walked) < 10
    assert [row[0][:2] for row in found] == [
        traced(host, source, vip, WEB_PORT) for source in [*senders, *backends]
    ]
    assert len({row[0][:2] for row in found}) > 1
