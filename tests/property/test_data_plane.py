"""The data plane agrees with a naive oracle on random worlds and packets: over 20,000 of them."""

from dataclasses import replace

import hypothesis
import pytest
from hypothesis import strategies as st

from app.domain.networks import Network
from app.domain.packet import Packet
from app.domain.plumbed import parse_address
from app.domain.tracing.asked import Asked
from app.domain.tracing.model import Trace
from app.domain.tracing.text import plain
from app.services.fabric import StoredFabric
from app.services.packet_trace import traced
from app.storage.engine import Database, Session, reads
from tests.property.oracle import Balancer, Datagram, Json, Node, Opinion, Pod, from_outside, judge
from tests.scenarios.lab import Lab, peered_overlays, policy

WORLDS = 60  # of each kind; each is asked for about 180 packets
OUTSIDE = "203.0.113.9"

_PREFIXES = ["10.244.1.5", "10.244.1.0/25", "10.244.1.6/31", "10.244.0.0/16", "10.244.2.7",
             "203.0.113.0/24", "0.0.0.0/0", "10.127.130.35", "172.30.0.5"]  # fmt: skip
_SETS = {"set-a": "10.244.1.5,10.244.2.0/24", "set-b": "10.244.1.0/25,203.0.113.9"}


def _lists(values: list[str], most: int = 2) -> st.SearchStrategy[str]:
    chosen = st.lists(st.sampled_from(values), max_size=most, unique=True)
    return st.one_of(st.just(""), chosen.map(",".join))


_PORTS = _lists(["80", "81", "70-90", "8080", "40000", "1-65535"])
_FIVE = {
    "Protocols": _lists(["6", "17", "1", "256"]),
    "LocalAddresses": _lists(_PREFIXES),
    "RemoteAddresses": _lists(_PREFIXES),
    "LocalPorts": _PORTS,
    "RemotePorts": st.one_of(st.just(""), _PORTS),
    "Priority": st.sampled_from([100, 200, 200, 300, 65000]),
}


def _cleaned(settings: Json) -> Json:
    """Leave out what is empty, as clients do."""
    return {name: value for name, value in settings.items() if value != ""}


def _acls(*, addresses: bool) -> st.SearchStrategy[Json]:
    named = _FIVE if addresses else {**_FIVE, "LocalAddresses": st.just("")}
    with_sets = st.fixed_dictionaries(
        {
            **named,
            "LocalAddresses": _lists([*_SETS, "set-n", "10.244.0.0/16"]),
            "RemoteAddresses": _lists([*_SETS, "set-n"]),
        }
    )
    plain = st.fixed_dictionaries(named)
    rest = st.fixed_dictionaries(
        {
            "Action": st.sampled_from(["Allow", "Allow", "Block"]),
            "Direction": st.sampled_from(["In", "Out"]),
            "RuleType": st.sampled_from(["Switch", "Switch", "Host", ""]),
        }
    )
    match = st.one_of(plain, plain, with_sets) if addresses else plain
    return st.tuples(match, rest).map(
        lambda both: policy("ACL", **_cleaned({**both[0], **both[1]}))
    )


_RULES = st.lists(
    st.fixed_dictionaries(
        {**_FIVE, "TierAclRuleAction": st.sampled_from(["Allow", "Block", "Pass"])}
    ).map(_cleaned),
    min_size=1,
    max_size=3,
)
_TIERS = st.fixed_dictionaries(
    {
        "Name": st.just("tier"),
        "Direction": st.sampled_from(["In", "Out"]),
        "Order": st.integers(1, 4),
        "TierAclRules": _RULES,
    }
).map(lambda settings: policy("TierAcl", **settings))
_NATS = st.fixed_dictionaries(
    {
        "Exceptions": st.lists(st.sampled_from(_PREFIXES), max_size=3, unique=True),
        "Destinations": st.one_of(
            st.just([]), st.lists(st.sampled_from(_PREFIXES[:5]), max_size=2, unique=True)
        ),
        "VirtualIP": st.sampled_from(["", "", "10.127.130.77"]),
    }
).map(lambda settings: policy("OutBoundNAT", **{k: v for k, v in settings.items() if v}))
_SHARED = st.fixed_dictionaries(
    {
        **_FIVE,
        "Action": st.sampled_from(["Allow", "Block"]),
        "Direction": st.sampled_from(["In", "Out"]),
        "RuleType": st.just("Switch"),
    }
).map(lambda settings: policy("NetworkACL", **_cleaned(settings)))


@st.composite
def carried(draw: st.DrawFn) -> tuple[Json, ...]:
    """Draw the policies of a pod behind VFP."""
    return (
        *draw(st.lists(_acls(addresses=True), max_size=4)),
        *draw(st.lists(_TIERS, max_size=2)),
        *draw(st.lists(_NATS, max_size=2)),
    )


@st.composite
def balancers(draw: st.DrawFn, backends: list[str], local: list[str]) -> list[Balancer]:
    """Draw load balancers: services with any backends, node ports with local ones."""
    several = st.lists(st.sampled_from(backends), min_size=1, max_size=3, unique=True)
    made = [
        Balancer("10.96.0.10", 6, 80, 8080, tuple(draw(several)), dsr=draw(st.booleans())),
        Balancer("10.96.0.11", 0, 0, 0, tuple(draw(several)), dsr=True),
        Balancer("", 6, 81, 80, (draw(st.sampled_from(local)),), dsr=True),
    ]
    return [each for each in made if draw(st.booleans())]


_BRIDGED = ["10.244.1.5", "10.244.1.6", "10.244.1.7"]
_FAR = ["10.244.2.7", "10.244.2.8"]


def settings_of(worlds: int) -> hypothesis.settings:
    """Return the settings of a test on so many random worlds, the same on every run."""
    return hypothesis.settings(
        max_examples=worlds,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )


@pytest.mark.parametrize("kind", ["L2Bridge", "Overlay"])
def test_vfp_agrees_with_the_oracle(kind: str, database: Database) -> None:
    lab, judged = Lab(database, "ws2025"), 0

    @settings_of(WORLDS)
    @hypothesis.given(data=st.data())
    def agree(data: st.DataObject) -> None:
        nonlocal judged
        lab.clear()
        judged += _judge_vfp(lab, vfp_world(lab, kind, data))

    agree()
    assert judged > 10_000


def test_winnat_agrees_with_the_oracle(database: Database) -> None:
    lab, judged = Lab(database, "ws2025"), 0

    @settings_of(WORLDS)
    @hypothesis.given(data=st.data())
    def agree(data: st.DataObject) -> None:
        nonlocal judged
        lab.clear()
        judged += _judge_nat(lab, nat_world(lab, data))

    agree()
    assert judged > 2_000


_BRIDGED = ["10.244.1.5", "10.244.1.6", "10.244.1.7"]
_FAR = ["10.244.2.7", "10.244.2.8"]
_TRIED = ((6, 80), (6, 81), (17, 80), (1, 0), (47, 0))


def vfp_world(lab: Lab, kind: str, data: st.DataObject) -> list[Node]:
    """Make two nodes with pods and policies; return them as the oracle sees them."""
    if kind == "Overlay":
        networks = peered_overlays(lab)
    else:
        one, two = (
            lab.network(f"node-{n}", kind, f"10.244.{n}.0/24", f"10.244.{n}.1") for n in (1, 2)
        )
        networks = (one, two)
    nodes = [
        Node(f"node-{n}", made.management_ip, kind, f"10.244.{n}.0/24")
        for n, made in enumerate(networks, 1)
    ]
    for node, made, addresses in zip(nodes, networks, (_BRIDGED, _FAR), strict=True):
        _carry_shared(lab, node, made, data)
        for address in addresses:
            policies = data.draw(carried())
            kept = lab.pod(node.name, made, address, address, *policies)
            node.pods.append(Pod(address, address, policies, kept.id))
    near, far = nodes
    if kind == "Overlay":
        near.peers, far.peers = {far.prefix: far.address}, {near.prefix: near.address}
    remotes = {each: lab.remote(near.name, networks[0], each, far.address) for each in _FAR}
    by_address = {pod.address: lab.endpoint(near.name, pod.id) for pod in near.pods} | remotes
    near.balancers = data.draw(balancers([*_BRIDGED, *_FAR], _BRIDGED))
    for each in near.balancers:
        lab.balancer(
            near.name,
            [by_address[address] for address in each.backends],
            each.vip,
            each.port,
            each.to,
            Flags=int(each.dsr),
            MappingFlags=1 if each.vip else 2,
            Protocol=each.protocol,
        )
    return nodes


def _carry_shared(lab: Lab, node: Node, made: Network, data: st.DataObject) -> None:
    sets = [
        policy("SetPolicy", Id=name, Name=name, PolicyType="IPSET", Values=values)
        for name, values in _SETS.items()
    ]
    nested = policy(
        "SetPolicy", Id="set-n", Name="set-n", PolicyType="NESTEDIPSET", Values="set-a,set-b"
    )
    shared = data.draw(st.lists(_SHARED, max_size=2))
    node.network_policies = [*sets, nested, *shared]
    lab.add_policies(node.name, made, *node.network_policies)


def _judge_vfp(lab: Lab, nodes: list[Node]) -> int:
    near, far = nodes
    addresses = (*_BRIDGED, *_FAR, "10.244.1.99", "10.244.2.99", "10.96.0.10", "10.96.0.11",
                 near.address, far.address, "93.184.216.34")  # fmt: skip
    judged = 0
    for pod in near.pods:
        asked = [
            Datagram(protocol, pod.address, address, 40000 if port else 0, port)
            for address in addresses
            for protocol, port in _TRIED
        ]
        for packet, walk in zip(asked, _traces(lab, near, pod, asked), strict=True):
            _compare(judge(nodes, pod, near, _as_chosen(packet, walk), walk.backend), walk, nodes)
        judged += len(asked)
    outside = [Datagram(6, OUTSIDE, near.address, 40000, port) for port in (80, 81, 82)]
    for packet, walk in zip(outside, _traces(lab, near, None, outside), strict=True):
        _compare(from_outside(nodes, packet, walk.backend), walk, nodes)
    return judged + len(outside)


def nat_world(lab: Lab, data: st.DataObject) -> Node:
    """Make a node with a NAT network and published ports; return it as the oracle sees it."""
    made = lab.network("node-1", "NAT", "172.30.0.0/20", "172.30.0.1")
    node = Node("node-1", "10.127.130.35", "NAT", "172.30.0.0/20")
    for n in (5, 6, 7):
        policies = [
            *data.draw(st.lists(_acls(addresses=False), max_size=3)),
            *([policy("PortMapping", Protocol=6, InternalPort=80, ExternalPort=8000 + n)]
              if data.draw(st.booleans()) else []),
        ]  # fmt: skip
        address = f"172.30.0.{n}"
        kept = lab.pod("node-1", made, address, address, *policies)
        node.pods.append(Pod(address, address, tuple(policies), kept.id))
    return node


def _judge_nat(lab: Lab, node: Node) -> int:
    addresses = ("172.30.0.5", "172.30.0.6", "172.30.0.99", "172.30.0.1", node.address,
                 "93.184.216.34")  # fmt: skip
    judged = 0
    for pod in node.pods:
        asked = [
            Datagram(protocol, pod.address, address, 40000 if port else 0, port)
            for address in addresses
            for protocol, port in (*_TRIED, (6, 8005), (6, 8006))
        ]
        for packet, walk in zip(asked, _traces(lab, node, pod, asked), strict=True):
            _compare(judge([node], pod, node, packet, ""), walk, [node])
        judged += len(asked)
    outside = [Datagram(6, OUTSIDE, node.address, 40000, 8000 + n) for n in (5, 6, 7, 8)]
    for packet, walk in zip(outside, _traces(lab, node, None, outside), strict=True):
        _compare(from_outside([node], packet, ""), walk, [node])
    return judged + len(outside)


def _traces(lab: Lab, node: Node, pod: Pod | None, asked: list[Datagram]) -> list[Trace]:
    """Trace many packets in one transaction."""

    @reads
    def walk(session: Session) -> list[Trace]:
        fabric = StoredFabric(session)
        return [traced(session, fabric, _asked(pod, each))[0].trace for each in asked]

    return walk(lab.host(node.name))


def _asked(pod: Pod | None, packet: Datagram) -> Asked:
    source, destination = parse_address(packet.source), parse_address(packet.destination)
    assert source is not None
    assert destination is not None
    sent = Packet(
        protocol=packet.protocol,
        source=source,
        destination=destination,
        source_port=packet.sport,
        destination_port=packet.port,
        icmp_type=8 if packet.protocol == 1 else None,
    )
    return Asked(sent, source, endpoint=pod.id if pod else "")


def _as_chosen(packet: Datagram, walk: Trace) -> Datagram:
    """Return the packet with the port that NAT chose, which the oracle leaves open."""
    return replace(packet, new_port=walk.packet.source_port)


def _compare(expected: Opinion, walk: Trace, nodes: list[Node]) -> None:
    told = f"{walk.sent}\n{expected}\n{plain(walk)}\n{nodes}"
    assert walk.reason.value == expected.reason, told
    if not expected.receiver:
        return
    arrival = walk.delivered_to
    assert arrival is not None
    assert expected.receiver == (arrival.id or arrival.host), told
    got = walk.packet
    assert (str(got.source), str(got.destination), got.destination_port) == (
        expected.source,
        expected.destination,
        expected.port,
    ), told
    kept = got.source_port == walk.sent.source_port
    assert kept or not expected.source_port_kept, told
    if walk.sent.source_port and not expected.source_port_kept:
        assert got.source_port in range(49152, 65536), told
