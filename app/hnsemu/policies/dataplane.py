"""Stored policies as the data plane sees them: each type's reader fills a field of the view."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from hnsemu.domain.dataplane import (
    PlumbedEndpoint,
    PlumbedNetwork,
    PlumbedPolicies,
    RoutePolicy,
    parse_address,
)
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.facts import Adapter, Policy, PolicyRef
from hnsemu.domain.matching import AddressSet, address_set
from hnsemu.domain.networks import Network
from hnsemu.domain.policies.sets import IpSet
from hnsemu.policies.catalogue import ENDPOINT, NETWORK, SUBNET
from hnsemu.policies.model import AnyPolicyType, Fact, Facts
from hnsemu.policies.settings import readable


def plumbed_endpoint(endpoint: Endpoint, routes: Iterable[RoutePolicy] = ()) -> PlumbedEndpoint:
    """Return the endpoint as the data plane sees it. routes: of lists that name it."""
    read = _read(ENDPOINT, "Endpoint", endpoint.id, endpoint.policies)
    read["routes"] = (*read.get("routes", ()), *routes)
    parsed = (parse_address(known.ip_address) for known in endpoint.ip_configurations)
    return PlumbedEndpoint(
        endpoint=endpoint,
        policies=PlumbedPolicies(overhead=endpoint.encap_overhead, **read),
        addresses=tuple(address for address in parsed if address is not None),
    )


def plumbed_network(network: Network, adapters: Sequence[Adapter] = ()) -> PlumbedNetwork:
    """Return the network as the data plane sees it.

    adapters: of its host. The one that gave it the ManagementIP has the IPv6 address, too.
    """
    read = _read(NETWORK, "Network", network.id, network.policies)
    read["tags"] = _tags(read.get("tags", ()))
    of_subnets = (
        (subnet.id, _read(SUBNET, "Subnet", subnet.id, subnet.policies[::-1]))  # the last counts
        for subnet in network.subnets
    )
    vsids = {subnet_id: facts["vsids"] for subnet_id, facts in of_subnets if facts.get("vsids")}
    of_ipv6 = (
        parse_address(adapter.address6)
        for adapter in adapters
        if network.vswitch is not None
        and adapter.switch_id == network.vswitch.id
        and adapter.address == network.management_ip
    )
    return PlumbedNetwork(network=network, vsids=vsids, management6=next(of_ipv6, None), **read)


def _read(
    rows: Mapping[str, AnyPolicyType], owner: str, owner_id: str, policies: Sequence[Policy]
) -> dict[str, Any]:
    """Return what the policies of an owner say, by the field of the view."""
    read: dict[str, Any] = {}
    for position, policy in enumerate(policies):
        row = rows[policy.type]
        effect = row.effect
        if not isinstance(effect, _ON_PACKETS):
            continue
        settings = readable(row.settings, policy)
        if settings is None:
            continue
        name = getattr(settings, "id", None) or ""
        ref = PolicyRef(owner, owner_id, policy.type, name, position)
        if isinstance(effect, Facts):
            read.setdefault(effect.field, []).append(effect.read(settings, ref))
        else:
            read.setdefault(effect.field, effect.read(settings, ref))
    return {
        field: tuple(value) if isinstance(value, list) else value for field, value in read.items()
    }


_ON_PACKETS = (Fact, Facts)


@lru_cache(maxsize=1024)
def _tags(sets: tuple[IpSet, ...]) -> Mapping[str, AddressSet]:
    """Return the address sets by id; a nested one holds what its members hold."""
    plain = {known.id: known.values for known in sets if not known.nested}
    nested = {
        known.id: tuple(text for member in known.values for text in plain.get(member, ()))
        for known in sets
        if known.nested
    }
    return {name: address_set(texts) for name, texts in {**plain, **nested}.items()}
