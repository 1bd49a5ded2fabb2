"""Pods: which endpoint a pod on a Windows node has, as the network plugin makes it.

Source: requests/calico-cni--pod-endpoint-create and cni-win-bridge--v2-endpoint-create [C]; the
name is `namespace/name` of the pod in place of the sandbox's id, so that traces can be read [M].
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from hnsemu.dumps.kubernetes.identity import id_of
from hnsemu.dumps.kubernetes.members import Address, Members, Prefix, address, of_ipv4, of_ipv6
from hnsemu.dumps.kubernetes.nodes import (
    SCHEMA,
    Node,
    default_of,
    gateway_of_pods,
    mac_with,
    policy,
    subnet_of,
)
from hnsemu.dumps.kubernetes.options import Options, PodNetwork
from hnsemu.dumps.kubernetes.reading import Resource, labels_of

Json = dict[str, Any]

DEFAULT_NAMESPACE = "default"
PROTOCOLS = ("TCP", "UDP", "SCTP")
_OVER = {"Succeeded", "Failed"}


@dataclass(frozen=True, slots=True)
class NamedPort:
    """A port of a container that has a name."""

    name: str
    protocol: str
    number: int


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod. node: the name of its node, "" before it has one."""

    namespace: str
    name: str
    labels: Mapping[str, str]
    node: str
    address: IPv4Address | None
    has_host_network: bool
    is_over: bool
    ports: tuple[NamedPort, ...] = ()
    address6: IPv6Address | None = None

    @property
    def has_own_address(self) -> bool:
        """Whether policies and services can mean it: it runs and the address is its own."""
        return self.address is not None and not self.is_over and not self.has_host_network


def pod_of(resource: Resource) -> Pod:
    """Return the pod that a document is of.

    Raises: E_INVALIDARG, naming the first wrong member.
    """
    spec, status = resource.members.members("spec"), resource.members.members("status")
    addresses = list(_addresses(status))
    return Pod(
        namespace=resource.namespace or DEFAULT_NAMESPACE,
        name=resource.name,
        labels=labels_of(resource),
        node=spec.text("nodeName"),
        address=next(iter(of_ipv4(addresses)), None),
        address6=next(iter(of_ipv6(addresses)), None),
        has_host_network=spec.flag("hostNetwork"),
        is_over=status.text("phase") in _OVER,
        ports=tuple(_ports(spec)),
    )


def reason_to_leave(pod: Pod, nodes: Mapping[str, Node]) -> str:  # noqa: PLR0911 (a row each)
    """Return why a pod gets no endpoint, "" if it does.

    nodes: by their names; those that become hosts.
    """
    if pod.has_host_network:
        return "hostNetwork: it has no endpoint, it uses the address of its node"
    if pod.is_over:
        return "it has ended, and its address may be another pod's"
    if pod.address is None:
        return "status.podIP has no IPv4 address"
    if not pod.node:
        return "spec.nodeName is missing"
    if pod.node not in nodes:
        return f"its node {pod.node} becomes no host"
    subnet = subnet_of(nodes[pod.node], pod.address)
    if subnet is None:
        return f"{pod.address} is in no pod CIDR of its node"
    if pod.address in _reserved(subnet):
        return f"{pod.address} is an address that the network keeps for itself"
    return ""


def endpoint_of(pod: Pod, node: Node, exceptions: Sequence[str], options: Options) -> Json:
    """Return the endpoint of a pod that `reason_to_leave` has no word against.

    exceptions: prefixes to which the pod sends from its own address.
    """
    addresses = addresses_on(node, pod)
    provider = policy("ProviderAddress", ProviderAddress=str(node.address))
    is_overlay = options.network is PodNetwork.OVERLAY
    assert pod.address is not None  # noqa: S101 (`reason_to_leave`)
    own = [node.address, node.address6] if len(addresses) > 1 else [node.address]
    services, texts = options.services[: len(addresses)], list(map(str, addresses))
    return {
        "ID": pod_id(node, pod),
        "Name": f"{pod.namespace}/{pod.name}",
        "HostComputeNetwork": id_of(node.host, "network"),
        "MacAddress": mac_with(0x0E2A, pod.address),
        "IpConfigurations": [{"IpAddress": known} for known in texts],
        "Routes": [_way_out(node, known, is_overlay=is_overlay) for known in addresses],
        "Policies": [
            policy("OutBoundNAT", Exceptions=list(exceptions)),
            *(_encapsulated(str(known)) for known in services),
            *(_encapsulated(host_prefix(known)) for known in own if known is not None),
            *([provider] if is_overlay else []),
            *([policy("OutBoundNAT", Destinations=texts)] if options.has_dsr else []),
        ],
        "SchemaVersion": SCHEMA,
    }


def addresses_on(node: Node, pod: Pod) -> list[Address]:
    """Return the addresses of a pod that its network has subnets for.

    Source: sdnbridge of windows-container-networking configures both families [C].
    """
    both = (pod.address, pod.address6)
    return [known for known in both if known is not None and subnet_of(node, known) is not None]


def host_prefix(known: Address) -> str:
    """Return the prefix that holds one address."""
    return f"{known}/{known.max_prefixlen}"


def _way_out(node: Node, known: Address, *, is_overlay: bool) -> Json:
    subnet = subnet_of(node, known)
    assert subnet is not None  # noqa: S101 (`addresses_on`)
    gateway = subnet.network_address + 1 if is_overlay else gateway_of_pods(subnet)
    return {"NextHop": str(gateway), "DestinationPrefix": default_of(known)}


def pod_id(node: Node, pod: Pod) -> str:
    """Return the id of a pod's endpoint."""
    return id_of(node.host, "pod", pod.namespace, pod.name)


def _encapsulated(destination: str) -> Json:
    return policy("SDNRoute", DestinationPrefix=destination, NeedEncap=True)


def _reserved(subnet: Prefix) -> set[Address]:
    first = subnet.network_address
    return {first, first + 1, gateway_of_pods(subnet), subnet.broadcast_address}


def _addresses(status: Members) -> Iterator[Address]:
    """Yield the addresses of the pod."""
    texts = [(item.text("ip"), item.path("ip")) for item in status.list_of("podIPs")]
    texts.insert(0, (status.text("podIP"), status.path("podIP")))
    return (address(text, at) for text, at in texts if text)


def _ports(spec: Members) -> Iterator[NamedPort]:
    for container in spec.list_of("containers"):
        for port in container.list_of("ports"):
            name, number = port.text("name"), port.port("containerPort")
            if name and number:
                protocol = port.one_of("protocol", PROTOCOLS, "TCP")
                yield NamedPort(name, protocol, number)
