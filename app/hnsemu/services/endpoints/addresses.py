"""Addresses and MACs of endpoints: picked from the pools or claimed as asked, and given back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hnsemu.domain import ipam, mac
from hnsemu.domain.drawing import Drawn, State, Urn, draw
from hnsemu.domain.endpoints import Endpoint, IpConfiguration
from hnsemu.domain.ipam import IpAddress, Pool
from hnsemu.domain.permutation import element
from hnsemu.domain.placement import Place
from hnsemu.domain.releases import require
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.endpoints import IpConfig
from hnsemu.storage import allocations
from hnsemu.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Address:
    """An address that is going to an endpoint.

    pool_key: None for remote endpoints.
    cursor:   where the pool's permutation stands afterwards, None when it did not move.
    """

    shown: IpConfiguration
    key: str
    state: State
    pool_key: int | None = None
    cursor: int | None = None


@dataclass(frozen=True, slots=True)
class Mac:
    """A MAC that is going to an endpoint; number is None when nothing needs to be claimed."""

    shown: str
    number: int | None = None
    state: State = "free"
    cursor: int | None = None


def pick_addresses(
    tx: Transaction, place: Place, asked: Sequence[IpConfig] | None, *, dhcp: bool
) -> tuple[Address, ...]:
    """Return the addresses of a new local endpoint, one per family of pools when none is asked for.

    A configuration without an address gets one of a family that the endpoint does not have yet;
    on a network without pools it gets none, as DHCP outside will see to it.
    Raises: HCN_E_SUBNET_NOT_FOUND, HCN_E_INVALID_IP, HCN_E_ADDR_INVALID_OR_RESERVED,
            E_OBJECT_ALREADY_EXISTS.
    """
    if not asked:
        families = {pool.network.version: pool for pool in reversed(place.pools)}
        first_per_family = sorted(families.items())
        return () if dhcp else tuple(_draw(tx, place, pool) for _, pool in first_per_family)
    picked: list[Address] = []
    for each in asked:
        if place.pools or each.ip_address or each.ip_subnet_id:
            address = _one(tx, place, each, picked)
            _check_new(address, picked)
            picked.append(address)
    return tuple(picked)


def remote_addresses(
    tx: Transaction, place: Place, asked: Sequence[IpConfig] | None
) -> tuple[Address, ...]:
    """Return the addresses of a remote endpoint: any, inside or outside the network's subnets.

    Raises: HCN_E_INVALID_ENDPOINT without one, HCN_E_INVALID_IP, HCN_E_ADDR_INVALID_OR_RESERVED,
            E_OBJECT_ALREADY_EXISTS.
    """
    wanted = [each for each in asked or () if each.ip_address]
    if not wanted:
        raise HnsError(
            Hr.HCN_E_INVALID_ENDPOINT, "a remote endpoint needs an address in IpConfigurations"
        )
    picked: list[Address] = []
    for each in wanted:
        address = ipam.parse_address(each.ip_address or "")
        state = _claimable(tx, place, address, remote=True)
        holding = next((pool for pool in place.pools if address in pool.network), None)
        length = holding.prefix_length if holding else address.max_prefixlen
        shown = IpConfiguration(each.ip_address or "", each.prefix_length or length)
        found = Address(shown, ipam.text_key(address), state)
        _check_new(found, picked)
        picked.append(found)
    return tuple(picked)


def pick_mac(tx: Transaction, place: Place, asked: str | None, *, remote: bool) -> Mac:
    """Return the MAC of a new endpoint: as asked and spelled, else the next one of the pool.

    Raises: HCN_E_INVALID_ENDPOINT for text that is no MAC, E_OBJECT_ALREADY_EXISTS when another
            local endpoint of the network has it.
    """
    if not asked:
        return Mac("") if remote else _draw_mac(tx, place)
    number = mac.parse_mac(asked, Hr.HCN_E_INVALID_ENDPOINT)
    if remote:
        return Mac(asked)
    states = allocations.mac_states(tx, place.network_key, [number])
    state = states.get(number, "free")
    if state == "taken":
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS,
            f"MacAddress {asked} belongs to another endpoint of the network",
        )
    return Mac(asked, number, state)


def claim(
    tx: Transaction,
    place: Place,
    endpoint_key: int,
    addresses: Sequence[Address],
    wanted_mac: Mac,
    *,
    remote: bool,
) -> None:
    """Give the endpoint what was picked for it."""
    for address in addresses:
        allocations.take_address(
            tx,
            place.network_key,
            address.key,
            state=address.state,
            ip_subnet_key=address.pool_key,
            endpoint_key=endpoint_key,
            remote=remote,
        )
        if address.pool_key is not None and address.cursor is not None:
            allocations.set_address_cursor(tx, address.pool_key, address.cursor)
    if wanted_mac.number is not None:
        allocations.take_mac(
            tx,
            place.network_key,
            wanted_mac.number,
            state=wanted_mac.state,
            endpoint_key=endpoint_key,
        )
    if wanted_mac.cursor is not None:
        allocations.set_mac_cursor(tx, place.network_key, wanted_mac.cursor)


def give_back(tx: Transaction, place: Place, endpoint: Endpoint) -> None:
    """Put the endpoint's addresses and MAC back into their pools; the others are forgotten."""
    network_key = place.network_key
    pools = {pool.id: pool for pool in place.pools}
    for each in endpoint.ip_configurations:
        key = ipam.text_key(ipam.parse_address(each.ip_address))
        pool = pools.get(each.ip_subnet_id)
        if pool is not None and pool.comes_round:
            allocations.release_address(tx, network_key, key, tx.now)
        else:
            allocations.forget_address(tx, network_key, key, remote=endpoint.is_remote)
    if not endpoint.mac_address or endpoint.is_remote:
        return
    number = mac.parse_mac(endpoint.mac_address)
    if mac.holds(place.mac_ranges, number):
        allocations.release_mac(tx, network_key, number, tx.now)
    else:
        allocations.forget_mac(tx, network_key, number)


def _one(tx: Transaction, place: Place, asked: IpConfig, before: Sequence[Address]) -> Address:
    pools = place.pools
    if asked.ip_subnet_id:
        pools = tuple(pool for pool in pools if pool.id == asked.ip_subnet_id)
        if not pools:
            raise HnsError(
                Hr.HCN_E_SUBNET_NOT_FOUND, f"the network has no IP subnet {asked.ip_subnet_id}"
            )
    if not asked.ip_address:
        have = {":" in each.shown.ip_address for each in before}
        new = (pool for pool in pools if (pool.network.version == ipam.V6) not in have)
        return _draw(tx, place, next(new, pools[0]), before)
    address = ipam.parse_address(asked.ip_address)
    pool = ipam.pool_for(pools, address)
    state = _claimable(tx, place, address, remote=False)
    shown = IpConfiguration(asked.ip_address, _length(tx, pool, asked, address), pool.id)
    return Address(shown, ipam.text_key(address), state, pool.key)


def _length(tx: Transaction, pool: Pool, asked: IpConfig, address: IpAddress) -> int:
    """Return the prefix length: as asked, else the pool's. Source: section 7.2 [D]."""
    length = asked.prefix_length or pool.prefix_length
    if length > address.max_prefixlen:
        raise HnsError(
            Hr.HCN_E_INVALID_IP, f"PrefixLength {length} is longer than {address.max_prefixlen}"
        )
    if length == address.max_prefixlen != pool.prefix_length:
        require(
            tx.host.release,
            "Slash32EndpointPrefixes",
            Hr.HCN_E_INVALID_IP,
            f"PrefixLength {length}",
        )
    return length


def _claimable(tx: Transaction, place: Place, address: IpAddress, *, remote: bool) -> State:
    key = ipam.text_key(address)
    states = allocations.address_states(tx, place.network_key, [key], remote=remote)
    state = states.get(key, "free")
    if state == "taken":
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS,
            f"{address} belongs to another endpoint of network {place.network_id}; "
            "choose another or delete that endpoint",
        )
    return state


def _check_new(address: Address, picked: Sequence[Address]) -> None:
    if any(address.key == other.key for other in picked):
        raise HnsError(Hr.E_OBJECT_ALREADY_EXISTS, f"{address.shown.ip_address} is asked for twice")


def _draw(tx: Transaction, place: Place, pool: Pool, before: Sequence[Address] = ()) -> Address:
    """Return an address of the pool that nobody has, none of those picked `before`."""
    picked = {each.key for each in before}
    cursors = (each.cursor for each in before if each.pool_key == pool.key and each.cursor)
    drawn = draw(
        Urn(
            cursor=max(cursors, default=pool.cursor),
            size=pool.size,
            key_at=lambda index: _candidate(pool, index, picked),
            states=lambda keys: allocations.address_states(
                tx, place.network_key, keys, remote=False
            ),
            is_full=lambda: _is_full(tx, pool),
            oldest_released=lambda: allocations.oldest_released_address(tx, pool.key, picked),
        )
    )
    if drawn is None:
        raise HnsError(
            Hr.HCN_E_ADDR_INVALID_OR_RESERVED,
            f"every address of {pool.network} is in use; delete an endpoint or add an IP subnet",
        )
    address = str(ipam.from_text_key(drawn.key))
    shown = IpConfiguration(address, pool.prefix_length, pool.id)
    return Address(shown, drawn.key, drawn.state, pool.key, drawn.cursor)


def _candidate(pool: Pool, index: int, picked: Collection[str]) -> str | None:
    address = pool.candidate(index)
    key = ipam.text_key(address)
    return None if pool.reserves(address) or key in picked else key


def _is_full(tx: Transaction, pool: Pool) -> bool:
    in_use, released = allocations.counts(tx, [pool.key]).get(pool.key, (0, 0))
    return in_use + released >= pool.size - len(pool.reserved)


def _draw_mac(tx: Transaction, place: Place) -> Mac:
    """Return a MAC of the network's ranges that nobody has."""
    network_key = place.network_key
    bounds = [(mac.parse_mac(one.start), mac.parse_mac(one.end)) for one in place.mac_ranges]
    size = mac.size(place.mac_ranges)
    drawn: Drawn[int] | None = draw(
        Urn(
            cursor=place.mac_cursor,
            size=size,
            key_at=lambda index: mac.at(place.mac_ranges, element(index, size, place.mac_seed)),
            states=lambda macs: allocations.mac_states(tx, network_key, macs),
            is_full=lambda: allocations.count_macs(tx, network_key, bounds) >= size,
            oldest_released=lambda: allocations.oldest_released_mac(tx, network_key),
        )
    )
    if drawn is None:
        raise HnsError(
            Hr.HCN_E_INVALID_ENDPOINT,
            f"every MAC address of network {place.network_id} is in use; delete an endpoint, or "
            "make the network with a larger MacPool",
        )
    return Mac(mac.format_mac(drawn.key), drawn.key, drawn.state, drawn.cursor)
