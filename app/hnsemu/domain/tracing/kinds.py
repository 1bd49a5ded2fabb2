"""Endpoints of one kind: a packet of one goes the way of the others' but for access control.

What a policy or a route names tells addresses apart by the smallest prefix that they are in; an
endpoint's own address in a policy counts as "itself".
"""

import bisect
import ipaddress
from collections.abc import Iterable, Sequence

from hnsemu.domain.dataplane import PlumbedEndpoint
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.matching import is_prefix
from hnsemu.domain.packet import Address

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_ACCESS = {"ACL", "TierAcl"}


class Kinds:
    """The kinds of the endpoints of a host, numbered as they are met."""

    def __init__(self, host: HostFabric, endpoints: Iterable[PlumbedEndpoint]) -> None:
        """Gather every prefix that tells addresses apart on the way of these endpoints."""
        self._prefixes = SmallestPrefixes(_prefixes_of(endpoints, host))
        self._treatments: dict[str, tuple[object, ...]] = {}
        self._numbers: dict[tuple[object, ...], int] = {}

    def of(self, endpoint: PlumbedEndpoint, address: Address) -> int:
        """Return the number of the kind of an endpoint when it is met by this address."""
        if endpoint.id not in self._treatments:
            self._treatments[endpoint.id] = _treatment(endpoint)
        place = (address.version, self._prefixes.of(address))
        kind = (*self._treatments[endpoint.id], *place)
        return self._numbers.setdefault(kind, len(self._numbers))


class SmallestPrefixes:
    """Prefixes, of which the smallest around an address is found in O(log n)."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Cut the addresses of each family where a prefix begins or ends."""
        networks = {ipaddress.ip_network(text, strict=False) for text in texts}
        self._starts: dict[int, list[int]] = {4: [], 6: []}
        self._prefixes: dict[int, list[str]] = {4: [], 6: []}
        around: list[_Network] = []
        for network in sorted(
            networks, key=lambda net: (net.version, int(net.network_address), net.prefixlen)
        ):
            self._close(around, network)
            self._begin(network.version, int(network.network_address), str(network))
            around.append(network)
        self._close(around, None)

    def of(self, address: Address) -> str:
        """Return the smallest prefix that the address is in, "" for none."""
        place = bisect.bisect_right(self._starts[address.version], int(address)) - 1
        return self._prefixes[address.version][place] if place >= 0 else ""

    def _close(
        self,
        around: list[_Network],
        following: _Network | None,
    ) -> None:
        """End the prefixes that the following one is not in: what is around them goes on."""
        while around:
            last = around[-1]
            if (
                following is not None
                and following.version == last.version
                and following.network_address in last
            ):
                return
            around.pop()
            end = int(last.broadcast_address) + 1
            self._begin(last.version, end, str(around[-1]) if around else "")

    def _begin(self, version: int, start: int, prefix: str) -> None:
        self._starts[version].append(start)
        self._prefixes[version].append(prefix)


def _treatment(endpoint: PlumbedEndpoint) -> tuple[object, ...]:
    """Return all that a walk without access control depends on, but for the address."""
    stored = endpoint.endpoint
    own = [str(address) for address in endpoint.addresses]
    return (
        stored.network_id,
        stored.is_attached,
        endpoint.is_of_host,
        endpoint.is_in_guest,
        stored.nat_block is None,
        stored.port.isolation if stored.port else 0,
        tuple(configuration.prefix_length for configuration in stored.ip_configurations),
        tuple(f"{route.destination_prefix} {route.next_hop}" for route in stored.routes),
        tuple(str(route.route) for route in endpoint.policies.routes),
        tuple(
            f"{policy.type} {_without(policy.settings, own)}"
            for policy in stored.policies
            if policy.type not in _ACCESS
        ),
    )


def _without(text: str, own: Sequence[str]) -> str:
    for address in own:
        text = text.replace(f'"{address}/', '"itself/').replace(f'"{address}"', '"itself"')
    return text


def _prefixes_of(endpoints: Iterable[PlumbedEndpoint], host: HostFabric) -> list[str]:
    """Return every prefix that tells addresses apart on the way, but those of single endpoints."""
    found: dict[str, None] = {}
    for network in host.networks:
        for subnet in network.network.subnets:
            found[subnet.prefix] = None
        for route in network.remote_routes:
            found[route.prefix] = None
    for adapter in host.adapters:
        for known in adapter.addresses:
            found[f"{known.address}/{known.prefix_length}"] = None
    for endpoint in endpoints:
        own = {str(address) for address in endpoint.addresses}
        for text in _named_prefixes(endpoint):
            if text.partition("/")[0] not in own:
                found[text] = None
    return [text for text in found if is_prefix(text)]


def _named_prefixes(endpoint: PlumbedEndpoint) -> Iterable[str]:
    policies = endpoint.policies
    for nat in policies.nats:
        yield from (*nat.exceptions, *nat.destinations)
    for route in policies.routes:
        yield route.route.destination_prefix
    for proxy in policies.proxies:
        yield from (proxy.destination, *proxy.exceptions)
    for stored in endpoint.endpoint.routes:
        yield stored.destination_prefix
    for configuration in endpoint.endpoint.ip_configurations:
        text = f"{configuration.ip_address}/{configuration.prefix_length}"
        if is_prefix(text):
            yield str(ipaddress.ip_network(text, strict=False))
