"""The overlay that pods of a node are on, and what leads from it to other nodes.

Source: Calico's CNI plugin and Felix make network, HostRoute, the remote endpoint of the host and
RemoteSubnetRoutes [C]; kube-proxy a local endpoint for the source of balanced packets, and a remote
one for each cluster IP [C]; requests/calico-*, requests/kube-proxy--endpoint-create-*. MACs follow
from addresses, so that nodes know each other's before they are made [M].
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any

from hnsemu.dumps.kubernetes.identity import id_of
from hnsemu.dumps.kubernetes.members import Address
from hnsemu.dumps.kubernetes.nodes import (
    ADAPTER,
    NETWORK,
    SCHEMA,
    Node,
    gateway_of_pods,
    mac_of,
    mac_with,
    policy,
    subnet_document,
    subnet_of,
)

Json = dict[str, Any]

REMOTE = 1  # flag of an endpoint
VSID = 4096


@dataclass(frozen=True, slots=True)
class Overlay:
    """What kube-proxy knows of a node's overlay.

    source_vip: the address from which balanced packets leave.
    others:     the nodes that RemoteSubnetRoutes lead to.
    """

    source_vip: IPv4Address
    others: Sequence[Node]

    def provider_of(self, backend: Address) -> IPv4Address | None:
        """Return the address of the node that an address is on or of, None for no node's."""
        for node in self.others:
            if node.address is not None and (backend == node.address or subnet_of(node, backend)):
                return node.address
        return None


def overlay_of(node: Node, others: Sequence[Node]) -> Json:
    """Return the overlay network of a node's pods."""
    subnets = [
        subnet_document(known) | {"Policies": [policy("VSID", IsolationId=VSID)]}
        for known in node.prefixes
    ]
    return {
        "ID": id_of(node.host, "network"),
        "Name": NETWORK,
        "Type": "Overlay",
        "Policies": [
            policy("NetAdapterName", NetworkAdapterName=ADAPTER),
            policy("DrMacAddress", Address=_router_mac(node)),
            policy("HostRoute"),
            *(route for other in others for route in _routes_to(other)),
        ],
        "Ipams": [{"Type": "Static", "Subnets": subnets}],
        "SchemaVersion": SCHEMA,
    }


def host_endpoints_of(node: Node, source_vip: IPv4Address) -> Iterator[Json]:
    """Yield the endpoint that stands for the host, and the one for the source of packets."""
    for known in node.prefixes:
        made = remote_endpoint(node, str(gateway_of_pods(known)), node.address, mac_of(node))
        yield made | {"Name": f"{NETWORK}_ep"}
    yield {
        "ID": id_of(node.host, "source"),
        "HostComputeNetwork": id_of(node.host, "network"),
        "IpConfigurations": [{"IpAddress": str(source_vip)}],
        "SchemaVersion": SCHEMA,
    }


def remote_endpoint(node: Node, address: str, provider: IPv4Address | None, mac: str) -> Json:
    """Return an endpoint that stands for an address elsewhere. provider: None on an l2bridge."""
    behind = policy("ProviderAddress", ProviderAddress=str(provider))
    return {
        "ID": id_of(node.host, "remote", address),
        "HostComputeNetwork": id_of(node.host, "network"),
        "IpConfigurations": [{"IpAddress": address}],
        "MacAddress": mac,
        **({} if provider is None else {"Policies": [behind]}),
        "Flags": REMOTE,
        "SchemaVersion": SCHEMA,
    }


def source_vip_of(node: Node, taken: Collection[Address]) -> IPv4Address | None:
    """Return the last address of a node's pods that no pod has, None if there is none."""
    subnet = node.prefixes[0]
    first, last = int(gateway_of_pods(subnet)) + 1, int(subnet.broadcast_address) - 1
    free = (IPv4Address(number) for number in range(last, first - 1, -1))
    return next((known for known in free if known not in taken), None)


def _routes_to(other: Node) -> Iterator[Json]:
    if other.address is not None:
        for known in other.prefixes:
            yield policy(
                "RemoteSubnetRoute",
                DestinationPrefix=str(known),
                IsolationId=VSID,
                ProviderAddress=str(other.address),
                DistributedRouterMacAddress=_router_mac(other),
            )


def _router_mac(node: Node) -> str:
    assert node.address is not None  # noqa: S101 (of those that have one)
    return mac_with(0x0215, node.address)
