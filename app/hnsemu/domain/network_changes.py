"""Changing a network: its switch extensions, its subnets and their pools of addresses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hnsemu.domain.extensions import check_extension
from hnsemu.domain.network_creation import SEEDS
from hnsemu.domain.network_types import Mode, network_type
from hnsemu.domain.networks import IpSubnet, Network, Subnet
from hnsemu.domain.releases import Release, require
from hnsemu.domain.source import Source
from hnsemu.domain.subnets import SubnetRequest, Together, check_number, plan_subnet, with_pools
from hnsemu.errors import HnsError, Hr


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """What a change to a network depends on.

    now:           FILETIME of the change.
    shares_switch: whether other networks stand on its switch.
    pools_in_use:  keys of the pools that endpoints have addresses of.
    sets_in_acls:  ids of the IP sets that ACLs of its endpoints name.
    """

    network: Network
    release: Release
    now: int
    shares_switch: bool = False
    pools_in_use: frozenset[int] = frozenset()
    sets_in_acls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NetworkChange:
    """A network as it is after a change.

    network:    new subnets and pools have key 0 and stand behind the others.
    pool_seeds: name the permutations that addresses of new pools are drawn by, in their order.
    """

    network: Network
    pool_seeds: tuple[int, ...] = ()


def check_multi_subnet(network: Network, release: Release) -> None:
    """Refuse types and releases whose subnets stay as they are.

    Raises: HCN_E_REQUEST_UNSUPPORTED. Source: multi-subnet.md [D].
    """
    if not network_type(network.mode).multi_subnet:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"subnets of a {network.mode} network cannot be changed; only those of L2Bridge, "
            "L2Tunnel and Overlay networks can",
        )
    require(release, "MultiSubnet", Hr.HCN_E_REQUEST_UNSUPPORTED, "changing subnets")


def with_extensions(facts: NetworkFacts, extensions: Sequence[tuple[str, bool]]) -> NetworkChange:
    """Return the network with extensions of its switch, (id, enabled), turned on or off.

    Raises: HCN_E_SWITCH_EXTENSION_NOT_FOUND, HCN_E_SHARED_SWITCH_MODIFICATION.
    """
    switch = facts.network.vswitch
    assert switch is not None  # noqa: S101 (every stored network stands on one)
    for extension_id, _ in extensions:
        check_extension(extension_id, facts.release, switch.installed)
    if facts.shares_switch:
        raise HnsError(
            Hr.HCN_E_SHARED_SWITCH_MODIFICATION,
            f"several networks stand on switch {switch.name!r}; delete the others first",
        )
    after = {**dict(switch.extensions), **dict(extensions)}
    switch = replace(switch, extensions=tuple(after.items()))
    return NetworkChange(replace(facts.network, vswitch=switch))


def with_subnets(
    facts: NetworkFacts, requests: Sequence[SubnetRequest], source: Source
) -> NetworkChange:
    """Return the network with more subnets, each with its pools.

    Raises: as `plan_subnets`.
    """
    network, release = facts.network, facts.release
    check_number(len(network.subnets) + len(requests))
    rules = network_type(network.mode)
    together = Together(network.mode, release)
    for subnet in network.subnets:
        together.add(subnet)
    new: list[Subnet] = []
    seeds: list[int] = []
    for request in requests:
        subnet = plan_subnet(request, network.mode, rules, release, source.guid)
        together.add(subnet)
        new.append(subnet)
        seeds.extend(_seeds(subnet.ip_subnets, source))
    return NetworkChange(replace(network, subnets=(*network.subnets, *new)), tuple(seeds))


def without_subnets(
    facts: NetworkFacts, references: Sequence[tuple[str | None, str | None]]
) -> NetworkChange:
    """Return the network without subnets that are named by id or else by prefix.

    Raises: HCN_E_SUBNET_NOT_FOUND, HCN_E_INVALID_NETWORK for the last one of an Overlay network,
            HCN_E_ENTITY_HAS_REFERENCES.
    """
    network = facts.network
    by_id = {subnet.id: subnet for subnet in reversed(network.subnets)}
    by_prefix = {subnet.prefix: subnet for subnet in reversed(network.subnets)}
    gone = []
    for subnet_id, prefix in references:
        found = by_prefix.get(prefix or "") if subnet_id is None else by_id.get(subnet_id)
        gone.append(found or find_subnet(network, subnet_id, prefix))
    keys = {subnet.key for subnet in gone}
    kept = tuple(subnet for subnet in network.subnets if subnet.key not in keys)
    if network.mode is Mode.OVERLAY and not kept:
        raise HnsError(
            Hr.HCN_E_INVALID_NETWORK,
            "an Overlay network needs a subnet; add another one first, or delete the network",
        )
    for subnet in gone:
        _check_unused(facts, subnet.ip_subnets, f"subnet {subnet.prefix}")
    return NetworkChange(replace(network, subnets=kept))


def with_more_pools(
    facts: NetworkFacts, subnet: Subnet, pools: Sequence[IpSubnet], source: Source
) -> NetworkChange:
    """Return the network with more pools in one of its subnets.

    Raises: HCN_E_INVALID_IP_SUBNET for one outside the subnet or over another one.
    """
    after = with_pools(subnet, pools, source.guid)
    seeds = _seeds(after.ip_subnets[len(subnet.ip_subnets) :], source)
    return NetworkChange(_with_subnet(facts.network, after), seeds)


def without_pools(
    facts: NetworkFacts, subnet: Subnet, pool_ids: Sequence[str | None]
) -> NetworkChange:
    """Return the network without some pools of one of its subnets.

    Raises: HCN_E_SUBNET_NOT_FOUND, HCN_E_ENTITY_HAS_REFERENCES.
    """
    by_id = {pool.id: pool for pool in subnet.ip_subnets}
    gone = frozenset(pool_ids)
    for pool_id in pool_ids:
        pool = by_id.get(pool_id or "")
        if pool is None:
            raise HnsError(
                Hr.HCN_E_SUBNET_NOT_FOUND,
                f"subnet {subnet.prefix} has no IP subnet {pool_id or '(no ID given)'}",
            )
        _check_unused(facts, (pool,), f"IP subnet {pool.prefix}")
    kept = tuple(pool for pool in subnet.ip_subnets if pool.id not in gone)
    return NetworkChange(_with_subnet(facts.network, replace(subnet, ip_subnets=kept)))


def find_subnet(network: Network, subnet_id: str | None, prefix: str | None = None) -> Subnet:
    """Return the subnet with that id; without an id, the one with that prefix.

    Raises: HCN_E_SUBNET_NOT_FOUND.
    """
    for subnet in network.subnets:
        if subnet.id == subnet_id or (subnet_id is None and subnet.prefix == prefix):
            return subnet
    raise HnsError(
        Hr.HCN_E_SUBNET_NOT_FOUND,
        f"network {network.id} has no subnet {subnet_id or prefix or '(no ID given)'}",
    )


def _with_subnet(network: Network, changed: Subnet) -> Network:
    subnets = (changed if subnet.id == changed.id else subnet for subnet in network.subnets)
    return replace(network, subnets=tuple(subnets))


def _seeds(pools: Sequence[IpSubnet], source: Source) -> tuple[int, ...]:
    return tuple(source.below(SEEDS) for _ in pools)


def _check_unused(facts: NetworkFacts, pools: Sequence[IpSubnet], what: str) -> None:
    """Refuse while endpoints have addresses of these pools [I]."""
    if any(pool.key in facts.pools_in_use for pool in pools):
        raise HnsError(
            Hr.HCN_E_ENTITY_HAS_REFERENCES,
            f"endpoints have addresses of {what}; delete them first",
        )
