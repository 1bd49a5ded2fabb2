"""What HNS allows, in small: names, prefixes, addresses, published ports, memberships, balancers.

Written from docs/fidelity.md alone; it shares no code with the service.
"""

from dataclasses import dataclass, field
from ipaddress import IPv4Network

from hnsemu.errors import Hr

PUBLISHING = {"NAT", "L2Bridge"}
Published = tuple[int, int]
"""Protocol number and external port."""
Frontend = tuple[str, int, int]
"""VIP, protocol number and external port."""


@dataclass
class NetworkModel:
    """A network with one subnet, whose gateway is the first address."""

    name: str
    type: str
    prefix: IPv4Network

    @property
    def gateway(self) -> str:
        """Return the gateway's address."""
        return str(self.prefix[1])


@dataclass
class EndpointModel:
    """An endpoint with one address."""

    network: str
    address: str
    published: Published | None = None
    namespace: str = ""


@dataclass
class BalancerModel:
    """A load balancer with one frontend."""

    frontend: Frontend
    backends: set[str]


@dataclass
class HostModel:
    """What a host has, by id, in the order it was made."""

    networks: dict[str, NetworkModel] = field(default_factory=dict)
    endpoints: dict[str, EndpointModel] = field(default_factory=dict)
    namespaces: list[str] = field(default_factory=list)
    balancers: dict[str, BalancerModel] = field(default_factory=dict)

    def used(self, network: str) -> set[str]:
        """Return the addresses in use in a network."""
        return {each.address for each in self.endpoints.values() if each.network == network}

    def against_network(self, asked: NetworkModel) -> set[Hr]:
        """Return what HNS has against a network; any of it may be its answer."""
        others = self.networks.values()
        refusals = set()
        if asked.name and any(each.name == asked.name for each in others):
            refusals.add(Hr.HCN_E_NETWORK_ALREADY_EXISTS)
        nats = [each for each in others if each.type == "NAT"]
        if asked.type == "NAT" and any(each.prefix.overlaps(asked.prefix) for each in nats):
            refusals.add(Hr.E_OBJECT_ALREADY_EXISTS)
        return refusals

    def against_endpoint(
        self, network_id: str, host_part: int | None, published: Published | None
    ) -> set[Hr]:
        """Return what HNS has against an endpoint; no host part asks for any address."""
        network = self.networks[network_id]
        used = self.used(network_id)
        size = network.prefix.num_addresses
        refusals = set()
        if host_part is None and len(used) == size - 3:  # network, gateway, broadcast
            refusals.add(Hr.HCN_E_ADDR_INVALID_OR_RESERVED)
        elif host_part is not None and host_part >= size:
            refusals.add(Hr.HCN_E_INVALID_IP)
        elif host_part in {0, 1, size - 1}:
            refusals.add(Hr.HCN_E_ADDR_INVALID_OR_RESERVED)
        elif host_part is not None and str(network.prefix[host_part]) in used:
            refusals.add(Hr.E_OBJECT_ALREADY_EXISTS)
        if published is not None and network.type not in PUBLISHING:
            refusals.add(Hr.HCN_E_MAPPING_NOT_SUPPORTED)
        if any(each.published == published is not None for each in self.endpoints.values()):
            refusals.add(Hr.HCN_E_PORT_ALREADY_EXISTS)
        return refusals

    def against_move(self, asked: str, endpoint: str, namespace: str) -> set[Hr]:
        """Return what HNS has against adding to, or removing from, a namespace."""
        moved = self.endpoints.get(endpoint)
        if asked == "Remove":
            is_inside = moved is not None and moved.namespace == namespace
            return set() if is_inside else {Hr.E_ELEMENT_NOT_FOUND}
        if moved is None:
            return {Hr.HCN_E_ENDPOINT_NOT_FOUND}
        return {Hr.HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS} if moved.namespace else set()

    def against_balancer(self, asked: BalancerModel) -> set[Hr]:
        """Return what HNS has against a load balancer."""
        refusals = set()
        if asked.backends - self.endpoints.keys():
            refusals.add(Hr.HCN_E_ENDPOINT_NOT_FOUND)
        if any(each.frontend == asked.frontend for each in self.balancers.values()):
            refusals.add(Hr.E_ALREADY_EXISTS)
        return refusals

    def drop_endpoints(self, gone: set[str]) -> None:
        """Forget endpoints, also as backends."""
        for endpoint in gone:
            del self.endpoints[endpoint]
        for balancer in self.balancers.values():
            balancer.backends -= gone

    def drop_networks(self, gone: set[str]) -> None:
        """Forget networks with their endpoints."""
        self.drop_endpoints({id_ for id_, each in self.endpoints.items() if each.network in gone})
        for network in gone:
            del self.networks[network]

    def restart(self) -> None:
        """Forget what a restart of HNS ends: NAT networks are not persistent on ws2025."""
        self.drop_networks({id_ for id_, each in self.networks.items() if each.type == "NAT"})
