"""Addresses and MACs of endpoints: picked from the pools, or claimed as asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain import ipam, mac
from app.domain.endpoints import Endpoint, IpConfiguration
from app.domain.ipam import IpAddress, Pool
from app.domain.permutation import element
from app.domain.placement import Place
from app.domain.releases import require
from app.errors import HnsError, Hr
from app.schema.v2.endpoints import IpConfig
from app.storage import allocations
from app.storage.engine import Session


@dataclass(frozen=True, slots=True)
class Address:
    """An address that is going to an endpoint.

    state:  "free" or "released": how its row stands. pool_key: None for remote endpoints.
    cursor: where the pool's permutation stands afterwards, None when it did not move.
    """

    shown: IpConfiguration
    key: str
    state: str
    pool_key: int | None = None
    cursor: int | None = None


@dataclass(frozen=True, slots=True)
class Mac:
    """A MAC that is going to an endpoint; number 0 when nothing needs to be claimed."""

    shown: str
    number: int = 0
    state: str = "free"
    cursor: int | None = None


def pick_addresses(
    session: Session, place: Place, asked: Sequence[IpConfig] | None, *, dhcp: bool
) -> tuple[Address, ...]:
    """Return the addresses of a new local endpoint, one per pool family when none is asked for.

    Raises: HCN_E_SUBNET_NOT_FOUND, HCN_E_INVALID_IP, HCN_E_ADDR_INVALID_OR_RESERVED,
            E_OBJECT_ALREADY_EXISTS.
    """
    if not asked:
        families = {pool.network.version: pool for pool in reversed(place.pools)}
        first_per_family = sorted(families.items())
        return () if dhcp else tuple(_draw(session, place, pool) for _, pool in first_per_family)
    picked: list[Address] = []
    for each in asked:
        address = _one(session, place, each, picked)
        if any(address.key == other.key for other in picked):
            raise HnsError(
                Hr.E_OBJECT_ALREADY_EXISTS, f"{address.shown.ip_address} is asked for twice"
            )
        picked.append(address)
    return tuple(picked)


def remote_addresses(
    session: Session, place: Place, asked: Sequence[IpConfig] | None
) -> tuple[Address, ...]:
    """Return the addresses of a remote endpoint: any, inside or outside the network's subnets.

    Raises: HCN_E_INVALID_ENDPOINT without one, E_OBJECT_ALREADY_EXISTS.
    """
    wanted = [each for each in asked or () if each.ip_address]
    if not wanted:
        raise HnsError(
            Hr.HCN_E_INVALID_ENDPOINT, "a remote endpoint needs an address in IpConfigurations"
        )
    picked = []
    for each in wanted:
        address = ipam.parse_address(each.ip_address or "")
        state = _claimable(session, place, address, remote=True)
        holding = next((pool for pool in place.pools if address in pool.network), None)
        length = holding.prefix_length if holding else address.max_prefixlen
        shown = IpConfiguration(each.ip_address or "", each.prefix_length or length)
        picked.append(Address(shown, ipam.text_key(address), state))
    return tuple(picked)


def pick_mac(session: Session, place: Place, asked: str | None, *, remote: bool) -> Mac:
    """Return the MAC of a new endpoint: as asked and spelled, else the next one of the pool.

    Raises: HCN_E_INVALID_ENDPOINT for text that is no MAC, E_OBJECT_ALREADY_EXISTS when another
            local endpoint of the network has it.
    """
    if asked:
        number = mac.parse_mac(asked, Hr.HCN_E_INVALID_ENDPOINT)
        if remote:
            return Mac(asked)
        state = allocations.mac_state(session.connection, place.network_key, number)
        if state == "taken":
            raise HnsError(
                Hr.E_OBJECT_ALREADY_EXISTS,
                f"MacAddress {asked} belongs to another endpoint of the network",
            )
        return Mac(asked, number, state)
    return Mac("") if remote else _draw_mac(session, place)


def claim(
    session: Session,
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
            session.connection,
            place.network_key,
            address.key,
            state=address.state,
            ip_subnet_key=address.pool_key,
            endpoint_key=endpoint_key,
            remote=remote,
        )
        if address.pool_key is not None and address.cursor is not None:
            allocations.set_address_cursor(session.connection, address.pool_key, address.cursor)
    if wanted_mac.number:
        allocations.take_mac(
            session.connection,
            place.network_key,
            wanted_mac.number,
            state=wanted_mac.state,
            endpoint_key=endpoint_key,
        )
    if wanted_mac.cursor is not None:
        allocations.set_mac_cursor(session.connection, place.network_key, wanted_mac.cursor)


def release(session: Session, endpoint: Endpoint) -> None:
    """Take addresses and MAC back from an endpoint that is about to be deleted."""
    for each in endpoint.ip_configurations:
        allocations.release_address(
            session.connection,
            endpoint.network_key,
            ipam.text_key(ipam.parse_address(each.ip_address)),
            session.now,
            remote=endpoint.is_remote,
        )
    if endpoint.mac_address and not endpoint.is_remote:
        allocations.release_mac(
            session.connection,
            endpoint.network_key,
            mac.parse_mac(endpoint.mac_address),
            endpoint.key,
            session.now,
        )


def _one(session: Session, place: Place, asked: IpConfig, before: Sequence[Address]) -> Address:
    pools = place.pools
    if asked.ip_subnet_id:
        pools = tuple(pool for pool in pools if pool.id == asked.ip_subnet_id)
        if not pools:
            raise HnsError(
                Hr.HCN_E_SUBNET_NOT_FOUND, f"the network has no IP subnet {asked.ip_subnet_id}"
            )
    if not asked.ip_address:
        if not pools:
            raise HnsError(
                Hr.HCN_E_SUBNET_NOT_FOUND, "the network has no subnet to pick an address from"
            )
        return _draw(session, place, pools[0], before)
    address = ipam.parse_address(asked.ip_address)
    pool = ipam.pool_for(pools, address)
    state = _claimable(session, place, address, remote=False)
    shown = IpConfiguration(asked.ip_address, _length(session, pool, asked, address), pool.id)
    return Address(shown, ipam.text_key(address), state, pool.key)


def _length(session: Session, pool: Pool, asked: IpConfig, address: IpAddress) -> int:
    """Return the prefix length: as asked, else the pool's. Source: section 7.2 [D]."""
    length = asked.prefix_length or pool.prefix_length
    if length > address.max_prefixlen:
        raise HnsError(
            Hr.HCN_E_INVALID_IP, f"PrefixLength {length} is longer than {address.max_prefixlen}"
        )
    if length == address.max_prefixlen != pool.prefix_length:
        require(
            session.host.release,
            "Slash32EndpointPrefixes",
            Hr.HCN_E_INVALID_IP,
            f"PrefixLength {length}",
        )
    return length


def _claimable(session: Session, place: Place, address: IpAddress, *, remote: bool) -> str:
    state = allocations.address_state(
        session.connection, place.network_key, ipam.text_key(address), remote=remote
    )
    if state == "taken":
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS,
            f"{address} belongs to another endpoint of network {place.network_id}; "
            "choose another or delete that endpoint",
        )
    return state


def _draw(session: Session, place: Place, pool: Pool, before: Sequence[Address] = ()) -> Address:
    """Return the pool's next address; once all were drawn, the one released longest ago."""
    drawn = {address.key: address for address in before}
    start = max(
        (each.cursor for each in before if each.pool_key == pool.key and each.cursor is not None),
        default=pool.cursor,
    )
    for index in range(start, pool.size):
        address = pool.candidate(index)
        key = ipam.text_key(address)
        if pool.reserves(address) or key in drawn:
            continue
        state = allocations.address_state(session.connection, place.network_key, key, remote=False)
        if state != "taken":
            shown = IpConfiguration(str(address), pool.prefix_length, pool.id)
            return Address(shown, key, state, pool.key, index + 1)
    oldest = allocations.oldest_released_address(session.connection, pool.key)
    if oldest is None or oldest in drawn:
        raise HnsError(
            Hr.HCN_E_ADDR_INVALID_OR_RESERVED,
            f"every address of {pool.network} is in use; delete an endpoint or add an IP subnet",
        )
    shown = IpConfiguration(str(ipam.from_text_key(oldest)), pool.prefix_length, pool.id)
    return Address(shown, oldest, "released", pool.key, pool.size)


def _draw_mac(session: Session, place: Place) -> Mac:
    size = mac.size(place.mac_ranges)
    for index in range(place.mac_cursor, size):
        number = mac.at(place.mac_ranges, element(index, size, place.mac_seed))
        state = allocations.mac_state(session.connection, place.network_key, number)
        if state != "taken":
            return Mac(mac.format_mac(number), number, state, index + 1)
    oldest = allocations.oldest_released_mac(session.connection, place.network_key)
    if oldest is None:
        raise HnsError(
            Hr.HCN_E_INVALID_ENDPOINT,
            f"every MAC address of network {place.network_id} is in use; delete an endpoint, or "
            "make the network with a larger MacPool",
        )
    return Mac(mac.format_mac(oldest), oldest, "released", size)
