"""Random worlds: hosts with policies of every kind, made by the service and told to the oracle."""

import hypothesis
from hypothesis import strategies as st

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.networks import Network
from hnsemu.storage.database import Database
from tests.property.world import Balancer, Json, Node, Pod
from tests.scenarios.lab import Lab, peered_overlays, policy

BRIDGED = ["10.244.1.5", "10.244.1.6", "10.244.1.7"]
FAR = ["10.244.2.7", "10.244.2.8"]
SERVICES = "10.96.0.0/12"
VIRTUAL_IP = "10.127.130.77"
ELSEWHERE = "10.0.0.9"  # a VTEP that is not emulated

_PREFIXES = ["10.244.1.5", "10.244.1.0/25", "10.244.1.6/31", "10.244.0.0/16", "10.244.2.7",
             "203.0.113.0/24", "0.0.0.0/0", "10.127.130.35", "172.30.0.5"]  # fmt: skip
_SETS = {"set-a": "10.244.1.5,10.244.2.0/24", "set-b": "10.244.1.0/25,203.0.113.9"}
_LOCAL_ROUTED_VIP, _PRESERVE_DIP = 2, 8


def worlds_on(database: Database, worlds: int) -> int:
    """Return how many of so many random worlds to make in a database.

    PostgreSQL gets three: they would be the same worlds, and what is judged is decided without a
    database. Three show that they are read as from SQLite.
    """
    return worlds if database.is_sqlite else min(worlds, 3)


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


def _lists(values: list[str], most: int = 2) -> st.SearchStrategy[str]:
    chosen = st.lists(st.sampled_from(values), max_size=most, unique=True)
    return st.one_of(st.just(""), chosen.map(",".join))


_PORTS = _lists(["80", "81", "70-90", "8080", "40000", "1-65535"])
_FIVE = {
    "Protocols": _lists(["6", "17", "1", "132", "256"]),
    "LocalAddresses": _lists(_PREFIXES),
    "RemoteAddresses": _lists(_PREFIXES),
    "LocalPorts": _PORTS,
    "RemotePorts": st.one_of(st.just(""), _PORTS),
    "Priority": st.sampled_from([100, 200, 200, 300, 65000]),
}
_IN_OR_OUT = st.sampled_from(["In", "Out"])


def _cleaned(settings: Json) -> Json:
    """Leave out what is empty, as clients do; a Host ACL needs no priority, either."""
    kept = {name: value for name, value in settings.items() if value != ""}
    if kept.get("RuleType") == "Host" and kept["Priority"] == 200:  # some of them
        del kept["Priority"]
    if kept.get("RuleType") == "Host" and kept.get("Priority") == 300:  # others
        kept["Priority"] = 0
    return kept


def acls(*, addresses: bool, sets: bool) -> st.SearchStrategy[Json]:
    """Draw ACLs. addresses: whether they name some; sets: of their network."""
    named = _FIVE if addresses else {**_FIVE, "LocalAddresses": st.just("")}
    with_sets = {
        **named,
        "LocalAddresses": _lists([*_SETS, "set-n", "10.244.0.0/16"]),
        "RemoteAddresses": _lists([*_SETS, "set-n"]),
    }
    rest = st.fixed_dictionaries(
        {
            "Action": st.sampled_from(["Allow", "Allow", "Block"]),
            "Direction": _IN_OR_OUT,
            "RuleType": st.sampled_from(["Switch", "Switch", "Host", ""]),
        }
    )
    plain = st.fixed_dictionaries(named)
    match = st.one_of(plain, plain, st.fixed_dictionaries(with_sets)) if sets else plain
    return st.tuples(match, rest).map(
        lambda both: policy("ACL", **_cleaned({**both[0], **both[1]}))
    )


_TIERS = st.fixed_dictionaries(
    {
        "Name": st.just("tier"),
        "Direction": _IN_OR_OUT,
        "Order": st.integers(1, 4),
        "TierAclRules": st.lists(
            st.fixed_dictionaries(
                {**_FIVE, "TierAclRuleAction": st.sampled_from(["Allow", "Block", "Pass"])}
            ).map(_cleaned),
            min_size=1,
            max_size=3,
        ),
    }
).map(lambda settings: policy("TierAcl", **settings))
_NATS = st.fixed_dictionaries(
    {
        "Exceptions": st.lists(st.sampled_from(_PREFIXES), max_size=3, unique=True),
        "Destinations": st.one_of(
            st.just([]), st.lists(st.sampled_from(_PREFIXES[:5]), max_size=2, unique=True)
        ),
        "VirtualIP": st.sampled_from(["", "", VIRTUAL_IP]),
    }
).map(lambda settings: policy("OutBoundNAT", **{k: v for k, v in settings.items() if v}))
_SHARED = st.fixed_dictionaries(
    {
        **_FIVE,
        "Action": st.sampled_from(["Allow", "Block"]),
        "Direction": _IN_OR_OUT,
        "RuleType": st.just("Switch"),
    }
).map(lambda settings: policy("NetworkACL", **_cleaned(settings)))


@st.composite
def carried(draw: st.DrawFn, node: Node, *, is_newest: bool) -> tuple[Json, ...]:
    """Draw the policies of a pod; tiers where the release has them."""
    routes = [policy("SDNRoute", DestinationPrefix=node.services, NeedEncap=True)]
    return (
        *draw(st.lists(acls(addresses=True, sets=is_newest), max_size=4)),
        *(draw(st.lists(_TIERS, max_size=2)) if is_newest else ()),
        *draw(st.lists(_NATS, max_size=2)),
        *(routes if node.services else ()),
    )


@st.composite
def balancers(draw: st.DrawFn, source_vips: list[str]) -> list[Balancer]:
    """Draw load balancers: services with any backends, node ports with local ones."""
    several = st.sampled_from([[*BRIDGED, *FAR], BRIDGED]).flatmap(
        lambda among: st.lists(st.sampled_from(among), min_size=1, max_size=3, unique=True)
    )
    preserved = draw(st.booleans())
    made = [
        Balancer("10.96.0.10", 6, 80, 8080, tuple(draw(several)), dsr=draw(st.booleans()),
                 source_vip=draw(st.sampled_from(["", *source_vips]))),
        Balancer("10.96.0.11", 0, 0, 0, tuple(draw(several)), dsr=True,
                 routed=draw(st.booleans())),
        Balancer("10.96.0.12", 17, 80, 53, tuple(draw(several)), dsr=True, preserves=preserved,
                 routed=preserved),
        Balancer("", 6, 81, 80, (draw(st.sampled_from(BRIDGED)),), dsr=True,
                 preserves=draw(st.booleans()), routed=True),
    ]  # fmt: skip
    return [each for each in made if draw(st.booleans())]


def vfp_world(lab: Lab, kind: str, data: st.DataObject) -> list[Node]:
    """Make two nodes with pods, policies and services; return them as the oracle sees them."""
    is_newest = lab.release == "ws2025"
    services = data.draw(st.sampled_from(["", SERVICES]))
    is_routed = kind == "Overlay" and data.draw(st.booleans())
    if kind == "Overlay":
        networks = peered_overlays(lab, *([policy("HostRoute")] if is_routed else []))
    else:
        one, two = (
            lab.network(f"node-{n}", kind, f"10.244.{n}.0/24", f"10.244.{n}.1") for n in (1, 2)
        )
        networks = (one, two)
    nodes = [
        Node(f"node-{n}", made.management_ip, kind, f"10.244.{n}.0/24", made.id,
             is_routed=is_routed, services=services)
        for n, made in enumerate(networks, 1)
    ]  # fmt: skip
    near, far = nodes
    if kind == "Overlay":
        near.peers, far.peers = {far.prefix: far.address}, {near.prefix: near.address}
        _detour(lab, near, networks[0], data)
    for node, made, addresses in zip(nodes, networks, (BRIDGED, FAR), strict=True):
        _share(lab, node, made, data, is_newest=is_newest)
        for address in addresses:
            policies = data.draw(carried(node, is_newest=is_newest))
            kept = lab.pod(node.name, made, address, address, *policies)
            node.pods.append(Pod(address, policies, kept.id, kept.nat_block))
    _balance(lab, near, far, networks[0], data)
    return nodes


def transparent_world(lab: Lab, data: st.DataObject) -> list[Node]:
    """Make two nodes whose pods are on the wire; what needs VFP is there and does nothing."""
    nodes = []
    for n, addresses in ((1, (200, 201)), (2, (210,))):
        made = lab.network(f"node-{n}", "Transparent", "10.127.130.0/24", "10.127.130.1")
        node = Node(f"node-{n}", f"10.127.130.{34 + n}", "Transparent", "10.127.130.0/24", made.id)
        for last in addresses:
            policies = data.draw(carried(node, is_newest=False))
            address = f"10.127.130.{last}"
            kept = lab.pod(node.name, made, address, address, *policies)
            node.pods.append(Pod(address, policies, kept.id))
        nodes.append(node)
    return nodes


def nat_world(lab: Lab, data: st.DataObject) -> Node:
    """Make a node with a NAT network and published ports; return it as the oracle sees it."""
    made = lab.network("node-1", "NAT", "172.30.0.0/20", "172.30.0.1")
    node = Node("node-1", "10.127.130.35", "NAT", "172.30.0.0/20", made.id)
    for n in (5, 6, 7):
        policies = [
            *data.draw(st.lists(acls(addresses=False, sets=False), max_size=3)),
            *([policy("PortMapping", Protocol=6, InternalPort=80, ExternalPort=8000 + n)]
              if data.draw(st.booleans()) else []),
        ]  # fmt: skip
        address = f"172.30.0.{n}"
        kept = lab.pod("node-1", made, address, address, *policies)
        node.pods.append(Pod(address, tuple(policies), kept.id))
    return node


def _detour(lab: Lab, node: Node, made: Network, data: st.DataObject) -> None:
    """Lead a part of the peer's prefix elsewhere, sometimes."""
    node.policies = _stored(lab, node)
    if not data.draw(st.booleans()):
        return
    prefix = data.draw(st.sampled_from(["10.244.2.96/28", "10.244.0.0/16"]))
    route = policy(
        "RemoteSubnetRoute",
        DestinationPrefix=prefix,
        IsolationId=4096,
        ProviderAddress=ELSEWHERE,
        DistributedRouterMacAddress="00-15-5D-00-00-01",
    )
    lab.add_policies(node.name, made, route)
    node.peers[prefix] = ELSEWHERE


def _share(lab: Lab, node: Node, made: Network, data: st.DataObject, *, is_newest: bool) -> None:
    """Give a network sets of addresses and ACLs of its own, where the release has them."""
    if is_newest:
        sets = [
            policy("SetPolicy", Id=name, Name=name, PolicyType="IPSET", Values=values)
            for name, values in _SETS.items()
        ]
        nested = policy(
            "SetPolicy", Id="set-n", Name="set-n", PolicyType="NESTEDIPSET", Values="set-a,set-b"
        )
        shared = data.draw(st.lists(_SHARED, max_size=2))
        lab.add_policies(node.name, made, *sets, nested, *shared)
    node.policies = _stored(lab, node)


def _stored(lab: Lab, node: Node) -> list[Json]:
    return lab.policies_of_network(node.name, node.network_id)


def _balance(lab: Lab, near: Node, far: Node, made: Network, data: st.DataObject) -> None:
    """Make the services of the near node, with remote endpoints for backends on the far one."""
    remotes = {each: lab.remote(near.name, made, each, far.address) for each in FAR}
    by_address: dict[str, Endpoint] = {
        pod.address: lab.endpoint(near.name, pod.id) for pod in near.pods
    } | remotes
    if near.kind == "Overlay":
        near.peers |= {f"{each}/32": far.address for each in FAR}
        lab.pod(near.name, made, "source VIP", "10.244.1.2")
    source_vip = "10.244.1.2" if near.kind == "Overlay" else near.address
    near.balancers = data.draw(balancers([source_vip]))
    for each in near.balancers:
        flags = (_LOCAL_ROUTED_VIP * each.routed) | (_PRESERVE_DIP * each.preserves)
        lab.balancer(
            near.name,
            [by_address[address] for address in each.backends],
            each.vip,
            each.port,
            each.to,
            Flags=int(each.dsr),
            MappingFlags=flags or 1,
            Protocol=each.protocol,
            SourceVIP=each.source_vip,
        )
