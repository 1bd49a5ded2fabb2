"""What hosts a cluster becomes, decided from its objects alone; and what they do not become."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from typing import Any

from hnsemu.domain.hosts import HostDefinition
from hnsemu.dumps.kubernetes import nodes, overlay, pods
from hnsemu.dumps.kubernetes.acls import World, acls_of
from hnsemu.dumps.kubernetes.balancers import Site, balanced
from hnsemu.dumps.kubernetes.cluster import (
    NODE,
    POD,
    SERVICE,
    Balancing,
    Cluster,
    Item,
    balancing_of,
    hosts_of,
    note_policies,
    pods_of,
    read_cluster,
)
from hnsemu.dumps.kubernetes.members import Address
from hnsemu.dumps.kubernetes.nodes import Node
from hnsemu.dumps.kubernetes.options import Options, PodNetwork
from hnsemu.dumps.kubernetes.overlay import Overlay
from hnsemu.dumps.kubernetes.pods import Pod, addresses_on, pod_id
from hnsemu.dumps.kubernetes.reading import Resource
from hnsemu.dumps.kubernetes.services import of_family
from hnsemu.errors import HnsError, Hr

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A document to create, and the object of the cluster that it is made of."""

    document: Json
    of: Item


@dataclass(frozen=True, slots=True)
class HostPlan:
    """A host to be made.

    gateways: endpoints in the host's own compartment.
    remotes:  endpoints in no namespace: those of backends elsewhere with the first service that
              needs each, and on an overlay those of the host.
    """

    name: str
    definition: HostDefinition
    node: Item
    network: Json
    gateways: Sequence[Json]
    pods: Sequence[Made]
    remotes: Sequence[Made]
    balancers: Sequence[Made]


@dataclass(frozen=True, slots=True)
class Plan:
    """Hosts to be made; objects whose facts are in others, and objects that are not taken."""

    hosts: Sequence[HostPlan]
    taken: Sequence[Item]
    left: Sequence[Item]
    has_ipv6: bool = False


@dataclass(frozen=True, slots=True)
class _Site:
    """A node with its pods, and what the rest of the cluster means to it."""

    node: Node
    pods: Sequence[Pod]
    cluster: Cluster
    world: World
    balancing: Balancing
    options: Options

    @property
    def others(self) -> list[Node]:
        """Return the other nodes."""
        return [node for node in self.cluster.nodes if node.name != self.node.name]


def planned(resources: Sequence[Resource], options: Options) -> Plan:
    """Return what to make of the objects of a cluster.

    Raises: E_INVALIDARG, naming the first wrong member; without a Windows node, too.
    """
    cluster = read_cluster(resources)
    hosts = {node.name: node for node in hosts_of(cluster, options.network)}
    if not hosts:
        reasons = "; ".join(f"{item.name}: {item.reason}" for item in cluster.left[:3])
        what = "no Windows node can become a host" + (f" ({reasons})" if reasons else "")
        raise HnsError(Hr.E_INVALIDARG, f"{what}; add kubectl get nodes -o yaml")
    of_hosts = pods_of(cluster, hosts)
    takes_ipv6 = any(node.prefixes6 for node in hosts.values())
    balancing = balancing_of(cluster, takes_ipv6=takes_ipv6)
    known = [pod for pod in cluster.pods if pod.has_own_address]
    world = World(known, cluster.namespaces, options.policies)
    selectable = [pod for own in of_hosts.values() for pod in own]
    note_policies(cluster, world, selectable, has_ipv6=takes_ipv6)
    plans = [
        _host(_Site(node, of_hosts[node.name], cluster, world, balancing, options))
        for node in hosts.values()
    ]
    _note_unbalanced(plans, balancing, cluster)
    return Plan(plans, cluster.taken, cluster.left, takes_ipv6)


def _host(site: _Site) -> HostPlan:
    """Return the plan of a node."""
    node, item = site.node, Item(NODE, "", site.node.name)
    source_vip = None
    own: list[Made] = []
    is_overlay = site.options.network is PodNetwork.OVERLAY
    if is_overlay:
        source_vip = _source_vip(site)
        own = [Made(document, item) for document in overlay.host_endpoints_of(node, source_vip)]
    remotes, balancers = _balanced(site, source_vip)
    return HostPlan(
        name=node.host,
        definition=nodes.definition_of(node),
        node=item,
        network=overlay.overlay_of(node, site.others) if is_overlay else nodes.bridge_of(node),
        gateways=[] if is_overlay else nodes.host_endpoints_of(node),
        pods=_pods(site),
        remotes=[*own, *remotes],
        balancers=balancers,
    )


def _source_vip(site: _Site) -> IPv4Address:
    source_vip = overlay.source_vip_of(site.node, _locals(site))
    if source_vip is None:
        what = f"Node {site.node.name}: its pod CIDR has no address left for kube-proxy's packets"
        raise HnsError(Hr.E_INVALIDARG, f"{what}; take a pod out, or use an l2bridge")
    return source_vip


def _pods(site: _Site) -> list[Made]:
    exceptions = _exceptions(site.cluster.nodes, site.options)
    return [
        Made(_pod(pod, site, exceptions), Item(POD, pod.namespace, pod.name)) for pod in site.pods
    ]


def _pod(pod: Pod, site: _Site, exceptions: Sequence[str]) -> Json:
    """Return the endpoint of a pod; it has ACLs if the cluster has policies."""
    document = pods.endpoint_of(pod, site.node, exceptions, site.options)
    if site.cluster.policies:
        own = nodes.addresses_of(site.node)
        document["Policies"] += acls_of(pod, site.cluster.policies, site.world, own)
    return document


def _exceptions(known: Sequence[Node], options: Options) -> list[str]:
    """Return where pods send from their own address: pods, services and nodes."""
    of_pods = (str(prefix) for node in known for prefix in node.prefixes)
    of_nodes = (f"{node.address}/32" for node in known if node.address is not None)
    return list(dict.fromkeys([*of_pods, str(options.services[0]), *of_nodes]))


def _locals(site: _Site) -> Mapping[Address, str]:
    """Return the ids of the endpoints of a node's pods by address."""
    return {
        known: pod_id(site.node, pod) for pod in site.pods for known in addresses_on(site.node, pod)
    }


def _balanced(site: _Site, source_vip: IPv4Address | None) -> tuple[list[Made], list[Made]]:
    """Return the remote endpoints and the load balancers of all services on a node."""
    over = None if source_vip is None else Overlay(source_vip, site.others)
    known = Site(site.node, _locals(site), site.options.has_dsr, over)
    proxiers = [known, replace(known, version=6)] if site.node.prefixes6 else [known]
    remotes: dict[str, Made] = {}
    balancers: list[Made] = []
    for service, slices in site.balancing:
        item = Item(SERVICE, service.namespace, service.name)
        for proxier in proxiers:
            own = of_family(service, proxier.version)
            if own is None:
                continue
            of_family_slices = [one for one in slices if one.version == proxier.version]
            of_service = balanced(own, of_family_slices, proxier)
            for document in of_service.remotes:
                remotes.setdefault(document["ID"], Made(document, item))
            balancers += [Made(document, item) for document in of_service.balancers]
            for address, reason in of_service.passed_over.items():
                what = f"on {site.node.host}: its backend {address} {reason}; kube-proxy skips it"
                site.cluster.left.append(replace(item, reason=what))
    return list(remotes.values()), balancers


def _note_unbalanced(plans: Sequence[HostPlan], balancing: Balancing, cluster: Cluster) -> None:
    """Note services without a load balancer anywhere, and what kube-proxy does not do."""
    made = {balancer.of for plan in plans for balancer in plan.balancers}
    for service, _ in balancing:
        item = Item(SERVICE, service.namespace, service.name)
        if item not in made:
            what = "no host has a backend for it that is ready; kube-proxy makes no load balancer"
            cluster.left.append(replace(item, reason=what))
        elif service.has_source_ranges:
            what = "loadBalancerSourceRanges: kube-proxy on Windows lets all clients in"
            cluster.left.append(replace(item, reason=what))
