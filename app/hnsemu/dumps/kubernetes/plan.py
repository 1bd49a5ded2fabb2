"""What hosts a cluster becomes, decided from its objects alone; and what they do not become."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address
from typing import Any, TypeVar

from hnsemu.domain.hosts import HostDefinition
from hnsemu.dumps.kubernetes import nodes, pods, services
from hnsemu.dumps.kubernetes.acls import World, acls_of, not_taken, selects
from hnsemu.dumps.kubernetes.balancers import Site, balanced
from hnsemu.dumps.kubernetes.nodes import Node, node_of
from hnsemu.dumps.kubernetes.options import Options
from hnsemu.dumps.kubernetes.pods import Pod, pod_id, pod_of
from hnsemu.dumps.kubernetes.policies import Policy, policy_of
from hnsemu.dumps.kubernetes.reading import Resource, labels_of
from hnsemu.dumps.kubernetes.services import Service, service_of
from hnsemu.dumps.kubernetes.slices import Slice, slice_of
from hnsemu.errors import HnsError, Hr

Json = dict[str, Any]
T = TypeVar("T")

_NODE, _POD, _SERVICE, _SLICE = "Node", "Pod", "Service", "EndpointSlice"
_NAMESPACE, _POLICY = "Namespace", "NetworkPolicy"


@dataclass(frozen=True, slots=True)
class Item:
    """An object of the cluster. reason: why it is not taken, or only in part."""

    kind: str
    namespace: str
    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A document to create, and the object of the cluster that it is made of."""

    document: Json
    of: Item


@dataclass(frozen=True, slots=True)
class HostPlan:
    """A host to be made.

    gateways:  endpoints of the host itself.
    remotes:   endpoints of backends on other nodes, with the first service that needs each.
    """

    name: str
    definition: HostDefinition
    node: Item
    network: Json
    gateways: Sequence[Json] = ()
    pods: Sequence[Made] = ()
    remotes: Sequence[Made] = ()
    balancers: Sequence[Made] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Hosts to be made; objects whose facts are in others, and objects that are not taken."""

    hosts: Sequence[HostPlan]
    taken: Sequence[Item]
    left: Sequence[Item]


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


def planned(resources: Sequence[Resource], options: Options) -> Plan:
    """Return what to make of the objects of a cluster.

    Raises: E_INVALIDARG, naming the first wrong member; without a Windows node, too.
    """
    cluster = _read(resources)
    hosts = {node.name: node for node in _hosts(cluster)}
    if not hosts:
        reasons = "; ".join(f"{item.name}: {item.reason}" for item in cluster.left[:3])
        what = "no Windows node can become a host" + (f" ({reasons})" if reasons else "")
        raise HnsError(Hr.E_INVALIDARG, f"{what}; add kubectl get nodes -o yaml")
    of_hosts = _pods(cluster, hosts)
    exceptions = _exceptions(cluster.nodes, options)
    balancing = _balancing(cluster)
    world = _world(cluster, options)
    _note_policies(cluster, world, [pod for own in of_hosts.values() for pod in own])
    plans = [
        _with_services(
            _with_policies(
                _host(node, of_hosts[node.name], exceptions, options),
                node,
                of_hosts[node.name],
                cluster.policies,
                world,
            ),
            Site(node, _locals(node, of_hosts[node.name]), options.has_dsr),
            balancing,
            cluster,
        )
        for node in hosts.values()
    ]
    _note_unbalanced(plans, balancing, cluster)
    return Plan(plans, cluster.taken, cluster.left)


def _read(resources: Sequence[Resource]) -> Cluster:
    cluster = Cluster()
    read: Mapping[str, Callable[[Resource], None]] = {
        _NODE: lambda resource: cluster.nodes.append(node_of(resource)),
        _POD: lambda resource: cluster.pods.append(pod_of(resource)),
        _SERVICE: lambda resource: cluster.services.append(service_of(resource)),
        _SLICE: lambda resource: cluster.slices.append(slice_of(resource)),
        _POLICY: lambda resource: cluster.policies.append(policy_of(resource)),
        _NAMESPACE: lambda resource: _note_namespace(cluster, resource),
    }
    for resource in resources:
        if resource.kind in read:
            read[resource.kind](resource)
        else:
            article = "an" if resource.kind[:1] in "AEIO" else "a"
            what = f"no host is made of {article} {resource.kind}"
            cluster.left.append(Item(*resource.key, what))
    return cluster


def _note_namespace(cluster: Cluster, resource: Resource) -> None:
    cluster.namespaces[resource.name] = labels_of(resource)
    cluster.taken.append(Item(*resource.key))


def _hosts(cluster: Cluster) -> Iterator[Node]:
    """Yield the nodes that become hosts, and note why others do not."""
    able = [node for node in cluster.nodes if not nodes.reason_to_leave(node)]
    twins = nodes.duplicates(able)
    for node in cluster.nodes:
        reason = nodes.reason_to_leave(node)
        if not reason and node.name in twins:
            reason = f"its name or address is that of node {twins[node.name]}"
        if reason:
            cluster.left.append(Item(_NODE, "", node.name, reason))
        else:
            yield node


def _pods(cluster: Cluster, hosts: Mapping[str, Node]) -> Mapping[str, Sequence[Pod]]:
    """Return the pods that get endpoints by node, and note why others do not."""
    found: dict[str, list[Pod]] = {name: [] for name in hosts}
    owners: dict[object, Pod] = {}
    for pod in cluster.pods:
        reason = pods.reason_to_leave(pod, hosts)
        if not reason and owners.setdefault(pod.address, pod) is not pod:
            owner = owners[pod.address]
            reason = f"{pod.address} is also the address of {owner.namespace}/{owner.name}"
        if reason:
            cluster.left.append(Item(_POD, pod.namespace, pod.name, reason))
        else:
            found[pod.node].append(pod)
    return found


def _exceptions(known: Sequence[Node], options: Options) -> list[str]:
    """Return where pods send from their own address: pods, services and nodes."""
    of_pods = (str(prefix) for node in known for prefix in node.prefixes)
    of_nodes = (f"{node.address}/32" for node in known if node.address is not None)
    return list(dict.fromkeys([*of_pods, str(options.services), *of_nodes]))


def _host(node: Node, own: Sequence[Pod], exceptions: Sequence[str], options: Options) -> HostPlan:
    return HostPlan(
        name=node.host,
        definition=nodes.definition_of(node),
        node=Item(_NODE, "", node.name),
        network=nodes.bridge_of(node),
        gateways=nodes.host_endpoints_of(node),
        pods=[
            Made(
                pods.endpoint_of(pod, node, exceptions, options),
                Item(_POD, pod.namespace, pod.name),
            )
            for pod in own
        ],
    )


def _world(cluster: Cluster, options: Options) -> World:
    known = [pod for pod in cluster.pods if pod.has_own_address]
    return World(known, cluster.namespaces, options.policies)


def _note_policies(cluster: Cluster, world: World, own: Sequence[Pod]) -> None:
    """Note which policies act on endpoints, and what they say that no ACL is made of."""
    for policy in cluster.policies:
        item = Item(_POLICY, policy.namespace, policy.name)
        if not any(selects(policy, pod) for pod in own):
            cluster.left.append(replace(item, reason="it selects no pod that has an endpoint"))
            continue
        cluster.taken.append(item)
        cluster.left += [replace(item, reason=what) for what in not_taken(policy, world)]


def _with_policies(
    plan: HostPlan, node: Node, own: Sequence[Pod], policies: Sequence[Policy], world: World
) -> HostPlan:
    """Return the plan of a host whose endpoints have ACLs, if the cluster has policies."""
    if not policies:
        return plan
    addresses = nodes.addresses_of(node)
    made = [
        replace(one, document={
            **one.document,
            "Policies": [*one.document["Policies"], *acls_of(pod, policies, world, addresses)],
        })
        for one, pod in zip(plan.pods, own, strict=True)
    ]  # fmt: skip
    return replace(plan, pods=made)


def _locals(node: Node, own: Sequence[Pod]) -> Mapping[IPv4Address, str]:
    return {pod.address: pod_id(node, pod) for pod in own if pod.address is not None}


Balancing = Sequence[tuple[Service, Sequence[Slice]]]


def _balancing(cluster: Cluster) -> Balancing:
    """Return the services that are balanced with their slices, and note why others are not."""
    found: dict[tuple[str, str], tuple[Service, list[Slice]]] = {}
    for service in cluster.services:
        reason = services.reason_to_leave(service)
        if reason:
            cluster.left.append(Item(_SERVICE, service.namespace, service.name, reason))
        else:
            found[service.namespace, service.name] = (service, [])
    for one in cluster.slices:
        item = Item(_SLICE, one.namespace, one.name)
        owner = found.get((one.namespace, one.service))
        reason = _reason_to_leave(one)
        if owner is not None and not reason:
            owner[1].append(one)
            cluster.taken.append(item)
        else:
            reason = reason or f"no load balancer is made of the service {one.service}"
            cluster.left.append(replace(item, reason=reason))
    return list(found.values())


def _reason_to_leave(one: Slice) -> str:
    if not one.is_ipv4:
        return "only IPv4 is taken"
    return "" if one.service else "it has no label kubernetes.io/service-name"


def _with_services(plan: HostPlan, site: Site, balancing: Balancing, cluster: Cluster) -> HostPlan:
    """Return the plan of a host with the load balancers of all services."""
    remotes: dict[str, Made] = {}
    balancers = []
    for service, slices in balancing:
        item = Item(_SERVICE, service.namespace, service.name)
        of_service = balanced(service, slices, site)
        for document in of_service.remotes:
            remotes.setdefault(document["ID"], Made(document, item))
        balancers += [Made(document, item) for document in of_service.balancers]
        if of_service.passed_over:
            addresses = ", ".join(map(str, of_service.passed_over))
            what = f"its backend {addresses} on {plan.name} has no endpoint; kube-proxy skips it"
            cluster.left.append(replace(item, reason=what))
    return replace(plan, remotes=list(remotes.values()), balancers=balancers)


def _note_unbalanced(plans: Sequence[HostPlan], balancing: Balancing, cluster: Cluster) -> None:
    """Note services without a load balancer anywhere, and what kube-proxy does not do."""
    made = {balancer.of for plan in plans for balancer in plan.balancers}
    for service, _ in balancing:
        item = Item(_SERVICE, service.namespace, service.name)
        if item not in made:
            what = "no host has a backend for it that is ready; kube-proxy makes no load balancer"
            cluster.left.append(replace(item, reason=what))
        elif service.has_source_ranges:
            what = "loadBalancerSourceRanges: kube-proxy on Windows lets all clients in"
            cluster.left.append(replace(item, reason=what))
