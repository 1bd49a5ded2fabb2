"""Endpoints, networks and load balancers as the data plane sees them: policies read, texts parsed.

Shapes and spellings of the policies: hns-behaviour.md section 4.3.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.matching import AddressSet, address_set, is_prefix
from hnsemu.domain.networks import Network
from hnsemu.domain.packet import Address
from hnsemu.domain.policies.acl import Tuple5
from hnsemu.domain.policies.portmapping import PortMapping
from hnsemu.domain.policylists import PolicyList, SdnRoute

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class AclRule:
    """An ACL, or a rule of a tier.

    action: "Allow", "Block" or "Pass". direction: "In" or "Out". is_host: whether the Windows
    Firewall has it and not VFP.
    """

    action: str
    direction: str
    is_host: bool
    priority: int
    match: Tuple5
    policy: PolicyRef


@dataclass(frozen=True, slots=True)
class Tier:
    """The rules of a TierAcl; lower order first."""

    direction: str
    order: int
    rules: tuple[AclRule, ...]


@dataclass(frozen=True, slots=True)
class OutboundNat:
    """Source NAT. virtual_ip: "" for the host's address. Prefixes as written."""

    virtual_ip: str
    exceptions: tuple[str, ...]
    destinations: tuple[str, ...]
    policy: PolicyRef


@dataclass(frozen=True, slots=True)
class PublishedPort:
    """A PortMapping policy. is_routed: LocalRoutedVip, the host itself reaches it too."""

    mapping: PortMapping
    is_routed: bool
    policy: PolicyRef


@dataclass(frozen=True, slots=True)
class ProviderAddress:
    """A ProviderAddress policy: the physical address that the endpoint is behind, "" for none."""

    address: str
    policy: PolicyRef


@dataclass(frozen=True, slots=True)
class RoutePolicy:
    """An SDN route, from a policy of the endpoint or from a list that names it."""

    route: SdnRoute
    policy: PolicyRef


@dataclass(frozen=True, slots=True)
class Proxy:
    """An L4Proxy. protocol: 0 stands for TCP. destination: prefix, "" for any."""

    address: str
    port: int
    protocol: int
    destination: str
    exceptions: tuple[str, ...]
    outbound_nat: bool
    policy: PolicyRef


@dataclass(frozen=True, slots=True)
class PlumbedPolicies:
    """What the policies of an endpoint say, by kind, each in the order they stand.

    overhead: of encapsulation, bytes. mtu: of InterfaceParameters, 0 without. bandwidth: bytes a
    second, 0 for no cap. interface_index: of InterfaceConstraint, 0 without.
    others: facts of kinds that one module alone acts on, and declares.
    """

    acls: tuple[AclRule, ...] = ()
    tiers: tuple[Tier, ...] = ()
    nats: tuple[OutboundNat, ...] = ()
    routes: tuple[RoutePolicy, ...] = ()
    published: tuple[PublishedPort, ...] = ()
    proxies: tuple[Proxy, ...] = ()
    provider: ProviderAddress | None = None
    overhead: int = 0
    mtu: int = 0
    bandwidth: int = 0
    iov_weight: int = 0
    interface_index: int = 0
    others: tuple[object, ...] = ()

    @property
    def provider_address(self) -> str:
        """Return the physical address that the endpoint is behind, "" for none."""
        return self.provider.address if self.provider is not None else ""

    def of(self, kind: type[F]) -> tuple[F, ...]:
        """Return the facts of a kind that stands in `others`."""
        return tuple(fact for fact in self.others if isinstance(fact, kind))


@dataclass(frozen=True, slots=True)
class PlumbedEndpoint:
    """An endpoint and what its policies say."""

    endpoint: Endpoint
    policies: PlumbedPolicies
    addresses: tuple[Address, ...]

    @property
    def id(self) -> str:
        """Return the id of the endpoint."""
        return self.endpoint.id

    @property
    def is_remote(self) -> bool:
        """Tell whether it lives on another host."""
        return self.endpoint.is_remote

    @property
    def is_of_host(self) -> bool:
        """Tell whether the host itself has it in its compartment."""
        port = self.endpoint.port
        return self.endpoint.is_attached and port is not None and port.compartment == 1

    @property
    def is_in_guest(self) -> bool:
        """Tell whether a virtual machine has it: the guest runs its own firewall."""
        return bool(self.endpoint.virtual_machine)

    @property
    def vlan(self) -> int:
        """Return the VLAN of its switch port, 0 for none."""
        return self.endpoint.port.isolation if self.endpoint.port is not None else 0

    @property
    def label(self) -> str:
        """Return what to call it in a sentence."""
        return f"endpoint {self.endpoint.name or self.endpoint.id}"

    def address(self, version: int) -> Address | None:
        """Return its first address of the family."""
        return next((address for address in self.addresses if address.version == version), None)


@dataclass(frozen=True, slots=True)
class RemoteRoute:
    """A RemoteSubnetRoute. mac: DistributedRouterMacAddress."""

    prefix: str
    vni: int
    provider: str
    mac: str
    policy: PolicyRef


@dataclass(frozen=True, slots=True)
class PlumbedNetwork:
    """A network and what its policies say.

    tags: the IP sets by id, nested ones resolved. vsids: subnet id to VSID.
    source_mac: of SourceMacAddress, "" without.
    management6: the IPv6 address of the host beside the ManagementIP.
    """

    network: Network
    acls: tuple[AclRule, ...] = ()
    remote_routes: tuple[RemoteRoute, ...] = ()
    proxies: tuple[Proxy, ...] = ()
    tags: Mapping[str, AddressSet] = field(default_factory=dict)
    vsids: Mapping[str, int] = field(default_factory=dict)
    host_route: PolicyRef | None = None
    vxlan_port: int = 4789
    source_mac: str = ""
    management6: Address | None = None

    @property
    def id(self) -> str:
        """Return the id of the network."""
        return self.network.id

    def has(self, address: Address) -> bool:
        """Tell whether the address is in one of its subnets."""
        return any(
            address.version == subnet.network.version and address in subnet.network
            for subnet in self.network.subnets
        )

    def leads_to(self, address: Address) -> bool:
        """Tell whether a RemoteSubnetRoute of the overlay leads to the address."""
        prefixes = (route.prefix for route in self.remote_routes if is_prefix(route.prefix))
        return address in address_set(tuple(prefixes))

    def vsid_of(self, address: Address) -> int:
        """Return the VSID of the subnet that has the address, else of the first, else 0."""
        for subnet in self.network.subnets:
            if address.version == subnet.network.version and address in subnet.network:
                return self.vsids.get(subnet.id, 0)
        return next(iter(self.vsids.values()), 0)


@dataclass(frozen=True, slots=True)
class Backend:
    """An endpoint behind a load balancer."""

    endpoint_id: str
    network_id: str
    is_remote: bool
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Balancer:
    """A load balancer with its backends, in the order of its references."""

    policy_list: PolicyList
    backends: tuple[Backend, ...]

    @property
    def network_ids(self) -> frozenset[str]:
        """Return the networks that its backends are on."""
        return frozenset(backend.network_id for backend in self.backends)


def parse_address(text: str) -> Address | None:
    """Return the address, None when the text is none: HNS keeps odd texts."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
