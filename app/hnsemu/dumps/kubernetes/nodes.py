"""Nodes: which host a Windows node becomes, and the network that its pods are on.

Source: Calico's CNI plugin makes an l2bridge named Calico with the gateway .1, and an endpoint of
the host at .2, to which pods send [C]; requests/calico-cni--*.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any

from hnsemu.domain.digits import number_in
from hnsemu.domain.host_definition import adapter_mac, check_host_name
from hnsemu.domain.hosts import AdapterDefinition, HostDefinition
from hnsemu.domain.mac import format_mac
from hnsemu.domain.releases import NEWEST, RELEASES, Release, supports
from hnsemu.dumps.kubernetes.identity import id_of
from hnsemu.dumps.kubernetes.members import (
    Address,
    Members,
    Prefix,
    address,
    of_ipv4,
    of_ipv6,
    prefix,
)
from hnsemu.dumps.kubernetes.options import PodNetwork
from hnsemu.dumps.kubernetes.reading import Resource, labels_of
from hnsemu.errors import HnsError

Json = dict[str, Any]

SCHEMA = {"Major": 2, "Minor": 0}
NETWORK = "Calico"
ADAPTER = "Ethernet"
_OS = "kubernetes.io/os"
_WINDOWS = "windows"
_UNDERLAY_LENGTH, _UNDERLAY_LENGTH6 = 24, 64
_SMALLEST = 29  # of a pod CIDR: two gateways and pods


@dataclass(frozen=True, slots=True)
class Node:
    """A node.

    host:                the name of its emulated host.
    build:               of its Windows, 0 if it does not say.
    address6, prefixes6: of IPv6; of one without IPv4 no host is made.
    """

    name: str
    host: str
    is_windows: bool
    address: IPv4Address | None
    prefixes: tuple[IPv4Network, ...]
    build: int = 0
    address6: IPv6Address | None = None
    prefixes6: tuple[IPv6Network, ...] = ()


def node_of(resource: Resource) -> Node:
    """Return the node that a document is of.

    Raises: E_INVALIDARG, naming the first wrong member.
    """
    spec, status = resource.members.members("spec"), resource.members.members("status")
    info = status.members("nodeInfo")
    system = info.text("operatingSystem") or labels_of(resource).get(_OS, "")
    is_windows = system.lower() == _WINDOWS
    addresses, prefixes = list(_addresses(status)), list(_prefixes(spec))
    return Node(
        name=resource.name,
        host=_host_name(resource) if is_windows else "",
        is_windows=is_windows,
        address=next(iter(of_ipv4(addresses)), None),
        prefixes=tuple(known for known in prefixes if isinstance(known, IPv4Network)),
        address6=next(iter(of_ipv6(addresses)), None),
        prefixes6=tuple(known for known in prefixes if isinstance(known, IPv6Network)),
        build=_build(info.text("kernelVersion")) if is_windows else 0,
    )


def reason_to_leave(node: Node) -> str:
    """Return why a node becomes no host, "" if it does."""
    if not node.is_windows:
        return "it is no Windows node"
    if node.address is None:
        return "status.addresses has no InternalIP that is IPv4"
    if not node.prefixes:
        return "spec.podCIDR is missing, so its network has no subnet"
    if all(known.prefixlen > _SMALLEST for known in node.prefixes):
        return f"its pod CIDR is smaller than a /{_SMALLEST}, which leaves no address for pods"
    return ""


def reason_against_ipv6(node: Node, network: PodNetwork) -> str:
    """Return why a node with a pod CIDR of IPv6 uses IPv4 alone, "" if it uses both or has none.

    Source: proxier.go asks HNS for IPv6DualStack, and has no dual stack on an overlay [C].
    """
    if not node.prefixes6:
        return ""
    if network is PodNetwork.OVERLAY:
        return "kube-proxy on Windows has no dual stack on an overlay; use --network l2bridge"
    release = _release(node.build)
    if not supports(release, "IPv6DualStack"):
        return f"{release.title} has no dual stack"
    return ""


def in_ipv4(node: Node) -> Node:
    """Return a node without its IPv6."""
    return replace(node, address6=None, prefixes6=())


def definition_of(node: Node) -> HostDefinition:
    """Return the host: the release of the node's build, and an adapter with the node's address."""
    underlay = IPv4Network(f"{node.address}/{_UNDERLAY_LENGTH}", strict=False)
    routers = (known for known in underlay.hosts() if known != node.address)
    address6, gateway6 = _of_ipv6(node)
    own = AdapterDefinition(
        ADAPTER,
        mac=mac_of(node),
        address=f"{node.address}/{_UNDERLAY_LENGTH}",
        gateway=str(next(routers)),
        address6=address6,
        gateway6=gateway6,
    )
    return HostDefinition(release=_release(node.build), adapters=(own,))


def _of_ipv6(node: Node) -> tuple[str, str]:
    """Return the IPv6 address and gateway of the adapter: the router is the first other address."""
    if node.address6 is None:
        return "", ""
    underlay = IPv6Network(f"{node.address6}/{_UNDERLAY_LENGTH6}", strict=False)
    routers = (known for known in underlay.hosts() if known != node.address6)
    return f"{node.address6}/{_UNDERLAY_LENGTH6}", str(next(routers))


def bridge_of(node: Node) -> Json:
    """Return the l2bridge network of a node's pods."""
    return {
        "ID": id_of(node.host, "network"),
        "Name": NETWORK,
        "Type": "L2Bridge",
        "Policies": [policy("NetAdapterName", NetworkAdapterName=ADAPTER)],
        "Ipams": [{"Type": "Static", "Subnets": list(map(subnet_document, _all(node)))}],
        "SchemaVersion": SCHEMA,
    }


def policy(kind: str, **settings: object) -> Json:
    """Return a policy as HCN has it."""
    return {"Type": kind, "Settings": settings}


def host_endpoints_of(node: Node) -> list[Json]:
    """Return the endpoints in the host's compartment, to which the pods of an l2bridge send."""
    return [
        {
            "ID": id_of(node.host, "gateway", str(known)),
            "Name": f"{NETWORK}_ep" if number == 0 else f"{NETWORK}_ep_{number}",
            "HostComputeNetwork": id_of(node.host, "network"),
            "IpConfigurations": [{"IpAddress": str(known)}],
            "SchemaVersion": SCHEMA,
        }
        for number, known in enumerate(map(gateway_of_pods, _all(node)))
    ]


def mac_of(node: Node) -> str:
    """Return the MAC of a node's adapter; it follows from the address."""
    assert node.address is not None  # noqa: S101 (`reason_to_leave`)
    return adapter_mac(int(node.address) & 0xFFFFFF)


def mac_with(first: int, address: Address) -> str:
    """Return the MAC that begins with two bytes and ends with an address.

    Source: proxier.go takes the last four bytes of an IPv6 address from behind [C].
    """
    last = address.packed[-4:] if address.version == 4 else address.packed[:-5:-1]  # noqa: PLR2004
    return format_mac(first << 32 | int.from_bytes(last))


def addresses_of(node: Node) -> list[Address]:
    """Return the addresses that the host of a node has: its own, and those that pods send to."""
    own: list[Address] = [known for known in (node.address, node.address6) if known is not None]
    return own + [gateway_of_pods(known) for known in _all(node)]


def gateway_of_pods(subnet: Prefix) -> Address:
    """Return where the pods of an l2bridge send what leaves their subnet."""
    return subnet.network_address + 2


def subnet_of(node: Node, pod: Address) -> Prefix | None:
    """Return the pod CIDR that holds an address."""
    return next((known for known in _all(node) if pod in known), None)


def _all(node: Node) -> tuple[Prefix, ...]:
    return (*node.prefixes, *node.prefixes6)


def duplicates(nodes: Sequence[Node]) -> Mapping[str, str]:
    """Return the name of the first node with the same host or address, by each later one."""
    first: dict[object, str] = {}
    found = {}
    for node in nodes:
        for key in (node.host, node.address):
            if key and first.setdefault(key, node.name) != node.name:
                found[node.name] = first[key]
    return found


def subnet_document(known: Prefix) -> Json:
    """Return the subnet of a pod CIDR, with the route to its gateway."""
    route = {"NextHop": str(known.network_address + 1), "DestinationPrefix": default_of(known)}
    return {"IpAddressPrefix": str(known), "Routes": [route]}


def default_of(known: Prefix | Address) -> str:
    """Return the prefix of every address of a family."""
    return "::/0" if known.version == 6 else "0.0.0.0/0"  # noqa: PLR2004


def _host_name(resource: Resource) -> str:
    """Return the node's name as a DNS label."""
    try:
        return check_host_name(resource.name.replace(".", "-"))
    except HnsError as refusal:
        raise resource.members.members("metadata").wrong("name", refusal.detail) from refusal


def _addresses(status: Members) -> Iterator[Address]:
    for item in status.list_of("addresses"):
        if item.text("type") == "InternalIP":
            yield address(item.text("address"), item.path("address"))


def _prefixes(spec: Members) -> Iterator[Prefix]:
    texts = spec.texts("podCIDRs") or list(filter(None, [spec.text("podCIDR")]))
    at = spec.path("podCIDRs" if "podCIDRs" in spec else "podCIDR")
    for text in texts:
        yield prefix(text, at)


def _build(kernel: str) -> int:
    """Return the build in a version such as 10.0.20348.2227, 0 without one."""
    parts = kernel.split(".")
    return (number_in(parts[2]) or 0) if len(parts) > 2 else 0  # noqa: PLR2004


def _release(build: int) -> Release:
    """Return the server release of a build, or the last one before it."""
    if not build:
        return NEWEST
    servers = [known for known in RELEASES.values() if known.name.startswith("ws")]
    older = [known for known in servers if known.build <= build]
    return max(older, key=lambda known: (known.build, known.hns), default=servers[0])
