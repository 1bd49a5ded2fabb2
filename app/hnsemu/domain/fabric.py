"""What the data plane asks of the emulated hosts; answered from one state of the database.

Lookups take the packet they are for, so that a trace reads only what it passes, not the whole host.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from hnsemu.domain.dataplane import Balancer, PlumbedEndpoint, PlumbedNetwork
from hnsemu.domain.facts import Adapter, VSwitch
from hnsemu.domain.packet import Address, Packet
from hnsemu.domain.policylists import PolicyList
from hnsemu.domain.releases import Release
from hnsemu.domain.winnat import NatRule


class HostFabric(Protocol):
    """One emulated host."""

    @property
    def name(self) -> str:
        """Return the name of the host."""

    @property
    def release(self) -> Release:
        """Return its release."""

    @property
    def adapters(self) -> Sequence[Adapter]:
        """Return its physical adapters, in their order."""

    @property
    def networks(self) -> Sequence[PlumbedNetwork]:
        """Return its networks, in creation order."""

    @property
    def switches(self) -> Sequence[VSwitch]:
        """Return its virtual switches, in creation order."""

    def network(self, network_id: str) -> PlumbedNetwork:
        """Return the network with that id, which exists."""

    def endpoint(self, endpoint_id: str) -> PlumbedEndpoint | None:
        """Return the endpoint with that id."""

    def endpoints(self, network_id: str) -> Iterable[PlumbedEndpoint]:
        """Yield the endpoints of a network, in creation order."""

    def endpoints_at(self, network_id: str, address: Address) -> Sequence[PlumbedEndpoint]:
        """Return the endpoints of a network that have the address: local ones first."""

    def endpoints_of_host(self) -> Sequence[PlumbedEndpoint]:
        """Return the endpoints that are in the host's own compartment."""

    def balancers(self, packet: Packet | None) -> Sequence[Balancer]:
        """Return the load balancers, or at least those that may answer the packet, oldest first."""

    def frontends(self, address: Address) -> Sequence[PolicyList]:
        """Return load balancers that have the address for a VIP, on whatever port; the oldest."""

    def published(self, packet: Packet | None) -> Sequence[NatRule]:
        """Return the published ports, or at least those that may take the packet, oldest first."""


class Fabric(Protocol):
    """All emulated hosts, on one underlay."""

    def host(self, name: str) -> HostFabric:
        """Return the host of that name, which exists."""

    def hosts_with_address(self, address: Address) -> Sequence[HostFabric]:
        """Return the hosts that have an adapter with the address, by name."""

    def host_with_endpoint(self, address: Address) -> tuple[HostFabric, PlumbedEndpoint] | None:
        """Return the endpoint with the address on a network that the underlay reaches."""
