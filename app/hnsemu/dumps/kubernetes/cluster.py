"""The objects of a cluster, by what they become, with the reason for what becomes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hnsemu.dumps.kubernetes import nodes, pods, services
from hnsemu.dumps.kubernetes.acls import World, not_taken, selects
from hnsemu.dumps.kubernetes.nodes import Node, node_of
from hnsemu.dumps.kubernetes.options import PodNetwork, PolicyStyle
from hnsemu.dumps.kubernetes.pods import Pod, pod_of
from hnsemu.dumps.kubernetes.policies import Policy, policy_of
from hnsemu.dumps.kubernetes.reading import Resource, labels_of
from hnsemu.dumps.kubernetes.services import Service, service_of
from hnsemu.dumps.kubernetes.slices import Slice, slice_of
from hnsemu.errors import HnsError

NODE, POD, SERVICE, SLICE = "Node", "Pod", "Service", "EndpointSlice"
_NAMESPACE, _POLICY = "Namespace", "NetworkPolicy"

_IPV6_AT_HOME = "status.addresses has no InternalIP of IPv6: packets of IPv6 stay on the host"

Balancing = Sequence[tuple[Service, Sequence[Slice]]]
"""Services, each with its slices."""


@dataclass(frozen=True, slots=True)
class Item:
    """An object of the cluster. reason: why it is not taken, or only in part."""

    kind: str
    namespace: str
    name: str
    reason: str = ""


@dataclass(slots=True)
class Cluster:
    """The objects of a cluster by kind, in their order."""

    nodes: list[Node] = field(default_factory=list)
    pods: list[Pod] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    namespaces: dict[str, Mapping[str, str]] = field(default_factory=dict)
    taken: list[Item] = field(default_factory=list)
    left: list[Item] = field(default_factory=list)


def read_cluster(resources: Sequence[Resource]) -> Cluster:
    """Return the objects by kind.

    Raises: E_INVALIDARG, naming the first wrong member, and the line of its document.
    """
    cluster = Cluster()
    read: Mapping[str, Callable[[Resource], None]] = {
        NODE: lambda resource: cluster.nodes.append(node_of(resource)),
        POD: lambda resource: cluster.pods.append(pod_of(resource)),
        SERVICE: lambda resource: cluster.services.append(service_of(resource)),
        SLICE: lambda resource: cluster.slices.append(slice_of(resource)),
        _POLICY: lambda resource: cluster.policies.append(policy_of(resource)),
        _NAMESPACE: lambda resource: _note_namespace(cluster, resource),
    }
    for resource in resources:
        if resource.kind in read:
            _read(resource, read[resource.kind])
        else:
            article = "an" if resource.kind[:1] in "AEIO" else "a"
            what = f"no host is made of {article} {resource.kind}"
            cluster.left.append(Item(*resource.key, what))
    return cluster


def _read(resource: Resource, read: Callable[[Resource], None]) -> None:
    try:
        read(resource)
    except HnsError as refusal:
        raise HnsError(refusal.hr, f"line {resource.line}: {refusal.detail}") from refusal


def _note_namespace(cluster: Cluster, resource: Resource) -> None:
    cluster.namespaces[resource.name] = labels_of(resource)
    cluster.taken.append(Item(*resource.key))


def hosts_of(cluster: Cluster, network: PodNetwork) -> Iterator[Node]:
    """Yield the nodes that become hosts, and note why others do not, or only with IPv4."""
    able = [node for node in cluster.nodes if not nodes.reason_to_leave(node)]
    twins = nodes.duplicates(able)
    for node in cluster.nodes:
        reason = nodes.reason_to_leave(node)
        if not reason and node.name in twins:
            reason = f"its name or address is that of node {twins[node.name]}"
        if reason:
            cluster.left.append(Item(NODE, "", node.name, reason))
            continue
        against = nodes.reason_against_ipv6(node, network)
        if against:
            cluster.left.append(Item(NODE, "", node.name, f"its pod CIDR of IPv6: {against}"))
        elif node.prefixes6 and node.address6 is None:
            cluster.left.append(Item(NODE, "", node.name, _IPV6_AT_HOME))
        yield nodes.in_ipv4(node) if against else node


def pods_of(cluster: Cluster, hosts: Mapping[str, Node]) -> Mapping[str, Sequence[Pod]]:
    """Return the pods that get endpoints by node, and note why others do not."""
    found: dict[str, list[Pod]] = {name: [] for name in hosts}
    owners: dict[object, Pod] = {}
    for pod in cluster.pods:
        reason = pods.reason_to_leave(pod, hosts)
        if not reason and owners.setdefault(pod.address, pod) is not pod:
            owner = owners[pod.address]
            reason = f"{pod.address} is also the address of {owner.namespace}/{owner.name}"
        if reason:
            cluster.left.append(Item(POD, pod.namespace, pod.name, reason))
        else:
            found[pod.node].append(pod)
    return found


def note_policies(
    cluster: Cluster, world: World, own: Sequence[Pod], *, has_ipv6: bool = False
) -> None:
    """Note which policies act on endpoints, and what they say that no ACL is made of."""
    for policy in cluster.policies:
        item = Item(_POLICY, policy.namespace, policy.name)
        if not any(selects(policy, pod) for pod in own):
            cluster.left.append(replace(item, reason="it selects no pod that has an endpoint"))
            continue
        cluster.taken.append(item)
        cluster.left += [replace(item, reason=what) for what in not_taken(policy, world)]
        if world.style is PolicyStyle.CALICO and has_ipv6:
            what = "Calico on Windows makes no rule for IPv6: what is not allowed to all is blocked"
            cluster.left.append(replace(item, reason=what))


def balancing_of(cluster: Cluster, *, takes_ipv6: bool) -> Balancing:
    """Return the services that are balanced with their slices, and note why others are not.

    takes_ipv6: whether a host does.
    """
    found: dict[tuple[str, str], tuple[Service, list[Slice]]] = {}
    for service in cluster.services:
        reason = services.reason_to_leave(service, takes_ipv6=takes_ipv6)
        if reason:
            cluster.left.append(Item(SERVICE, service.namespace, service.name, reason))
        else:
            found[service.namespace, service.name] = (service, [])
    for one in cluster.slices:
        item = Item(SLICE, one.namespace, one.name)
        owner = found.get((one.namespace, one.service))
        reason = _reason_to_leave(one, takes_ipv6=takes_ipv6)
        if owner is not None and not reason:
            owner[1].append(one)
            cluster.taken.append(item)
        else:
            reason = reason or f"no load balancer is made of the service {one.service}"
            cluster.left.append(replace(item, reason=reason))
    return list(found.values())


def _reason_to_leave(one: Slice, *, takes_ipv6: bool) -> str:
    if not one.version:
        return "its addresses are names, which kube-proxy does not resolve"
    if one.version == 6 and not takes_ipv6:  # noqa: PLR2004
        return "no host has IPv6"
    return "" if one.service else "it has no label kubernetes.io/service-name"
