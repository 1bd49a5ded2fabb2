"""Hosts without access control: how a walk ends when no ACL can end it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork
from hnsemu.domain.fabric import Fabric, HostFabric
from hnsemu.domain.packet import Address


class AclFreeHost:
    """A host whose endpoints and networks have no ACLs and tiers; all else is the host's."""

    def __init__(self, host: HostFabric) -> None:
        """Wrap the host."""
        self._host = host
        self._endpoints: dict[str, PlumbedEndpoint] = {}
        self._networks = [_open_network(network) for network in host.networks]
        self._by_id = {network.id: network for network in self._networks}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (members of the host)
        """Return what is the host's own."""
        return getattr(self._host, name)

    @property
    def networks(self) -> Sequence[PlumbedNetwork]:
        """Return the networks."""
        return self._networks

    def network(self, network_id: str) -> PlumbedNetwork:
        """Return the network with that id, which exists."""
        return self._by_id[network_id]

    def endpoint(self, endpoint_id: str) -> PlumbedEndpoint | None:
        """Return the endpoint with that id."""
        found = self._host.endpoint(endpoint_id)
        return None if found is None else self._open(found)

    def endpoints(self, network_id: str) -> Iterable[PlumbedEndpoint]:
        """Yield the endpoints of a network, in creation order."""
        return (self._open(endpoint) for endpoint in self._host.endpoints(network_id))

    def endpoints_at(self, network_id: str, address: Address) -> Sequence[PlumbedEndpoint]:
        """Return the endpoints of a network that have the address: local ones first."""
        return [self._open(endpoint) for endpoint in self._host.endpoints_at(network_id, address)]

    def endpoints_of_host(self) -> Sequence[PlumbedEndpoint]:
        """Return the endpoints that are in the host's own compartment."""
        return [self._open(endpoint) for endpoint in self._host.endpoints_of_host()]

    def _open(self, endpoint: PlumbedEndpoint) -> PlumbedEndpoint:
        if endpoint.id not in self._endpoints:
            policies = replace(endpoint.policies, acls=(), tiers=())
            self._endpoints[endpoint.id] = replace(endpoint, policies=policies)
        return self._endpoints[endpoint.id]


class AclFreeFabric:
    """All hosts, without access control."""

    def __init__(self, fabric: Fabric) -> None:
        """Wrap the fabric."""
        self._fabric = fabric
        self._hosts: dict[str, AclFreeHost] = {}

    def host(self, name: str) -> Any:  # noqa: ANN401 (a HostFabric by delegation)
        """Return the host of that name, which exists."""
        if name not in self._hosts:
            self._hosts[name] = AclFreeHost(self._fabric.host(name))
        return self._hosts[name]

    def hosts_with_address(self, address: Address) -> Sequence[Any]:
        """Return the hosts that have an adapter with the address, by name."""
        return [self.host(host.name) for host in self._fabric.hosts_with_address(address)]

    def host_with_endpoint(self, address: Address) -> Any:  # noqa: ANN401 (as above)
        """Return the endpoint with the address on a network that the underlay reaches."""
        found = self._fabric.host_with_endpoint(address)
        if found is None:
            return None
        host = self.host(found[0].name)
        return host, host.endpoint(found[1].id)


def _open_network(network: PlumbedNetwork) -> PlumbedNetwork:
    return replace(network, acls=())
