"""The emulated hosts as the data plane sees them, read from the transaction as it asks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from hnsemu.domain.dataplane import Balancer, PlumbedEndpoint, PlumbedNetwork, RoutePolicy
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.facts import Adapter, PolicyRef, VSwitch
from hnsemu.domain.packet import VXLAN, Address, Packet
from hnsemu.domain.policylists import PolicyList, PolicyListKind, SdnRoute
from hnsemu.domain.releases import Release
from hnsemu.domain.winnat import NatRule
from hnsemu.policies.dataplane import plumbed_endpoint, plumbed_network
from hnsemu.policies.nat import mapping_positions
from hnsemu.storage import (
    adapters,
    endpoints,
    hosts,
    nat_rules,
    networks,
    policylists,
    switch_ports,
    vswitches,
)
from hnsemu.storage import fabric as lookups
from hnsemu.storage.transaction import Transaction

_AT_ONCE = 1000
"""Endpoints that are read by one statement."""


class StoredFabric:
    """All hosts of the database; what was read once is kept for the transaction."""

    def __init__(self, tx: Transaction) -> None:
        """Open the fabric on a transaction."""
        self._tx = tx
        self._hosts: dict[str, StoredHost] = {}
        self._found: dict[Address, tuple[str, str] | None] = {}

    def host(self, name: str) -> "StoredHost":
        """Return the host of that name, which exists."""
        if name not in self._hosts:
            host = hosts.find(self._tx.connection, name)
            assert host is not None  # noqa: S101 (callers have met it)
            self._hosts[name] = StoredHost(self._tx.at(host))
        return self._hosts[name]

    def hosts_with_address(self, address: Address) -> Sequence["StoredHost"]:
        """Return the hosts of which an adapter has the address, by name."""
        return [self.host(name) for name in lookups.hosts_with_address(self._tx, address)]

    def host_with_endpoint(self, address: Address) -> tuple["StoredHost", PlumbedEndpoint] | None:
        """Return who has the address on a network that the underlay routes or bridges to."""
        if address not in self._found:
            self._found[address] = lookups.host_with_endpoint(self._tx, address)
        found = self._found[address]
        if found is None:
            return None
        host = self.host(found[0])
        endpoint = host.endpoint(found[1])
        return None if endpoint is None else (host, endpoint)


class StoredHost:
    """One emulated host."""

    def __init__(self, tx: Transaction) -> None:
        """Open the host that `tx` looks at."""
        self._tx, self._host = tx, tx.host
        self._endpoints: dict[str, PlumbedEndpoint | None] = {}
        self._at: dict[tuple[str, Address], list[PlumbedEndpoint]] = {}
        self._answering: dict[tuple[Address, int, int], Sequence[Balancer]] = {}
        self._serving: dict[Address, Sequence[PolicyList]] = {}
        self._taking: dict[tuple[int, int], Sequence[NatRule]] = {}

    @property
    def name(self) -> str:
        """Return the name of the host."""
        return self._host.name

    @property
    def key(self) -> int:
        """Return the key of its row."""
        return self._host.key

    @property
    def release(self) -> Release:
        """Return its release."""
        return self._host.release

    @cached_property
    def adapters(self) -> Sequence[Adapter]:
        """Return its physical adapters, in their order."""
        return adapters.all_of(self._tx)

    @cached_property
    def networks(self) -> Sequence[PlumbedNetwork]:
        """Return its networks, in creation order."""
        now = self._tx.now
        return [
            plumbed_network(network.seen_at(now), self.adapters)
            for network in networks.all_of(self._tx)
        ]

    @cached_property
    def switches(self) -> Sequence[VSwitch]:
        """Return its virtual switches, in creation order."""
        return vswitches.all_of(self._tx)

    @cached_property
    def _by_id(self) -> dict[str, PlumbedNetwork]:
        return {network.id: network for network in self.networks}

    def network(self, network_id: str) -> PlumbedNetwork:
        """Return the network with that id, which exists."""
        return self._by_id[network_id]

    def endpoint(self, endpoint_id: str) -> PlumbedEndpoint | None:
        """Return the endpoint with that id."""
        if endpoint_id not in self._endpoints:
            found = endpoints.find(self._tx, endpoint_id)
            self._endpoints[endpoint_id] = None if found is None else self._plumbed(found)
        return self._endpoints[endpoint_id]

    def endpoint_with_port(self, port_id: str) -> PlumbedEndpoint | None:
        """Return the endpoint whose switch port has that Port name, a GUID."""
        found = switch_ports.endpoint_of(self._tx, port_id)
        return None if found is None else self.endpoint(found.id)

    def endpoint_with_port_named(self, name: str) -> PlumbedEndpoint | None:
        """Return the first endpoint whose switch port was given that name, in any case."""
        found = switch_ports.named(self._tx, name)
        return None if found is None else self.endpoint(found)

    def read_ahead(self, ids: Iterable[str]) -> None:
        """Read the endpoints with these ids at once, for `endpoint`; unknown ids are no fault."""
        missing = [endpoint_id for endpoint_id in ids if endpoint_id not in self._endpoints]
        for found in endpoints.with_ids(self._tx, missing):
            self._endpoints[found.id] = self._plumbed(found)

    def endpoints_named(self, name: str) -> Sequence[PlumbedEndpoint]:
        """Return the endpoints of that name, in creation order."""
        found = endpoints.all_of(self._tx, {"Name": name})
        namesakes = [endpoint.id for endpoint in found if endpoint.name == name]
        return self._with_ids(namesakes)

    def endpoints(self, network_id: str) -> Iterator[PlumbedEndpoint]:
        """Yield the endpoints of a network, in creation order."""
        return self.endpoints_behind(network_id, 0)

    def all_endpoints(self, network_id: str) -> Sequence[PlumbedEndpoint]:
        """Return the endpoints of a network, in creation order, and keep them for `endpoint`."""
        found = list(self.endpoints(network_id))
        self._endpoints.update((endpoint.id, endpoint) for endpoint in found)
        return found

    def endpoints_behind(
        self,
        network_id: str,
        key: int,
        size: int | None = None,
        *,
        may_have_host_acls: bool = False,
    ) -> Iterator[PlumbedEndpoint]:
        """Yield the endpoints of a network behind the one with this key, in creation order.

        They are read as they are asked for, and not kept: a network may have a million.
        size: how many are read at once, None for many.
        may_have_host_acls: as `endpoints.of_network`.
        """
        size = size or _AT_ONCE
        network_key, left = self.network(network_id).network.key, True
        while left:
            found = endpoints.of_network(
                self._tx, network_key, after=key, limit=size, may_have_host_acls=may_have_host_acls
            )
            for endpoint in found:
                yield self._endpoints.get(endpoint.id) or self._plumbed(endpoint)
            left = len(found) == size
            key = found[-1].key if found else key

    def _plumbed(self, endpoint: Endpoint) -> PlumbedEndpoint:
        return plumbed_endpoint(endpoint, self._routes(endpoint.key))

    def endpoints_at(self, network_id: str, address: Address) -> Sequence[PlumbedEndpoint]:
        """Return the endpoints of a network that have the address: local ones first."""
        place = (network_id, address)
        if place not in self._at:
            key = self.network(network_id).network.key
            self._at[place] = self._with_ids(lookups.endpoints_at(self._tx, key, address))
        return self._at[place]

    def endpoints_of_host(self) -> Sequence[PlumbedEndpoint]:
        """Return the endpoints that are in the host's own compartment."""
        return self._of_host

    @cached_property
    def _of_host(self) -> Sequence[PlumbedEndpoint]:
        return self._with_ids(lookups.endpoints_of_host(self._tx))

    def _with_ids(self, ids: Iterable[str]) -> list[PlumbedEndpoint]:
        found = (self.endpoint(endpoint_id) for endpoint_id in ids)
        return [endpoint for endpoint in found if endpoint is not None]

    def balancers(self, packet: Packet | None) -> Sequence[Balancer]:
        """Return the load balancers, or at least those that may answer the packet, oldest first."""
        if packet is None:
            return self._all_balancers
        if packet.protocol == VXLAN:
            return ()
        frontend = (packet.destination, packet.protocol, packet.destination_port)
        if frontend not in self._answering:
            keys = lookups.answering(self._tx, packet)
            self._answering[frontend] = self._balancers(keys) if keys else ()
        return self._answering[frontend]

    def frontends(self, address: Address) -> Sequence[PolicyList]:
        """Return load balancers that have the address for a VIP, on whatever port; the oldest."""
        if address not in self._serving:
            keys = lookups.serving(self._tx, address)
            self._serving[address] = policylists.with_keys(self._tx, keys) if keys else ()
        return self._serving[address]

    def published(self, packet: Packet | None) -> Sequence[NatRule]:
        """Return the published ports, or at least those that may take the packet, oldest first."""
        if packet is None:
            return self._placed(nat_rules.all_of(self._tx))
        port = (packet.protocol, packet.destination_port)
        if port not in self._taking:
            self._taking[port] = self._placed(nat_rules.taking(self._tx, *port))
        return self._taking[port]

    def _placed(self, rules: Sequence[NatRule]) -> Sequence[NatRule]:
        """Return the rules with the positions of the policies that they come from."""
        positions = {
            endpoint_id: mapping_positions(policies)
            for endpoint_id, policies in nat_rules.mapping_policies(self._tx, rules).items()
        }
        return [
            replace(rule, position=positions.get(rule.endpoint_id, {}).get(rule.mapping, 0))
            for rule in rules
        ]

    @cached_property
    def _all_balancers(self) -> Sequence[Balancer]:
        balancers = [
            policy_list.key
            for policy_list in policylists.all_of(self._tx)
            if policy_list.kind is PolicyListKind.LOAD_BALANCER
        ]
        return self._balancers(balancers)

    def _balancers(self, keys: Sequence[int]) -> Sequence[Balancer]:
        lists = policylists.with_keys(self._tx, keys)
        behind = lookups.backends(self._tx, keys)
        return [Balancer(balancer, tuple(behind.get(balancer.key, ()))) for balancer in lists]

    def _routes(self, endpoint_key: int) -> list[RoutePolicy]:
        """Return the SDN routes of lists that name the endpoint."""
        return [
            RoutePolicy(SdnRoute(*route), PolicyRef("RouteList", list_id, "SDNRoute", "", position))
            for list_id, routes in lookups.route_lists(self._tx, endpoint_key)
            for position, route in enumerate(routes)
        ]
