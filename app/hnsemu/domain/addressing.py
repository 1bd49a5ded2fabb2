"""Addresses and MACs of a new endpoint: what it claims, given what its network's pools hold.

Choosing takes no chance: pools are drawn from in the order of their seeded permutation, so what
comes next is a fact.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hnsemu.domain import ipam, mac
from hnsemu.domain.drawing import Draw, State
from hnsemu.domain.endpoints import IpConfiguration
from hnsemu.domain.ipam import IpAddress, Pool
from hnsemu.domain.placement import NetworkSite
from hnsemu.domain.releases import Release, require
from hnsemu.errors import HnsError, Hr

_MOST = 1000
"""Addresses of one endpoint: each is compared with those before it."""


@dataclass(frozen=True, slots=True)
class AddressRequest:
    """An address as the caller wrote it; empty values were left out."""

    ip_address: str = ""
    prefix_length: int = 0
    pool_id: str = ""


@dataclass(frozen=True, slots=True)
class AddressClaim:
    """An address that an endpoint takes.

    key:      the address as a text key. state: how it stands until it is taken.
    pool_key: of the pool it belongs to, None for remote endpoints.
    cursor:   where the pool's permutation stands afterwards, None when it did not move.
    """

    configuration: IpConfiguration
    key: str
    state: State
    pool_key: int | None = None
    cursor: int | None = None


@dataclass(frozen=True, slots=True)
class MacClaim:
    """A MAC that an endpoint takes, as it is shown.

    number: None when nothing needs to be taken. state, cursor: as those of an `AddressClaim`.
    """

    mac_address: str = ""
    number: int | None = None
    state: State = "free"
    cursor: int | None = None


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """What the pools of a network hold, as far as a request may want it.

    states:    how the addresses that it names stand, by text key; what was never used is missing.
    upcoming:  the addresses that come next, by the key of the pool.
    mac_state: how the MAC that it names stands. next_mac: the one that comes next, None for none.
    """

    states: Mapping[str, State] = field(default_factory=dict)
    upcoming: Mapping[int, Sequence[Draw[str]]] = field(default_factory=dict)
    mac_state: State = "free"
    next_mac: Draw[int] | None = None


def named_addresses(requests: Sequence[AddressRequest]) -> list[str]:
    """Return the addresses that the requests name, as text keys; what is none is left out.

    Raises: HCN_E_INVALID_ENDPOINT for more requests than an endpoint has addresses.
    """
    if len(requests) > _MOST:
        raise HnsError(
            Hr.HCN_E_INVALID_ENDPOINT,
            f"IpConfigurations has {len(requests)} members; an endpoint has at most {_MOST}",
        )
    return [ipam.text_key(address) for address in _named(requests)]


def _named(requests: Iterable[AddressRequest]) -> Iterable[IpAddress]:
    for request in requests:
        if request.ip_address:
            try:
                yield ipam.parse_address(request.ip_address)
            except HnsError:  # claiming refuses it
                continue


def draws_needed(
    requests: Sequence[AddressRequest], pools: Sequence[Pool], *, dhcp: bool
) -> Mapping[int, int]:
    """Return how many addresses the requests draw from each pool, by the key of the pool."""
    if not requests:
        return {} if dhcp else {pool.key: 1 for pool in _first_of_each_family(pools)}
    needed: Counter[int] = Counter()
    families: set[int] = set()
    for request in requests:
        eligible = _eligible(pools, request)
        if request.ip_address:
            families.add(_family(request.ip_address))
        elif eligible:
            pool = _pool_to_draw_from(eligible, families)
            families.add(pool.network.version)
            needed[pool.key] += 1
    return needed


def claim_addresses(
    requests: Sequence[AddressRequest],
    site: NetworkSite,
    facts: AddressFacts,
    release: Release,
    *,
    dhcp: bool,
) -> tuple[AddressClaim, ...]:
    """Return the addresses of a new local endpoint, one per family of pools when none is requested.

    A configuration without an address gets one of a family that the endpoint does not have yet;
    on a network without pools it gets none, as DHCP outside will see to it.
    Raises: HCN_E_SUBNET_NOT_FOUND, HCN_E_INVALID_IP, HCN_E_ADDR_INVALID_OR_RESERVED,
            E_OBJECT_ALREADY_EXISTS.
    """
    if not requests:
        pools = () if dhcp else _first_of_each_family(site.pools)
        return tuple(_next_of(pool, facts, ()) for pool in pools)
    claims: list[AddressClaim] = []
    for request in requests:
        if site.pools or request.ip_address or request.pool_id:
            claim = _claim(request, site, facts, release, claims)
            _check_once(claim, claims)
            claims.append(claim)
    return tuple(claims)


def claim_remote_addresses(
    requests: Sequence[AddressRequest], site: NetworkSite, facts: AddressFacts
) -> tuple[AddressClaim, ...]:
    """Return the addresses of a remote endpoint: any, inside or outside the network's subnets.

    Raises: HCN_E_INVALID_ENDPOINT without one, HCN_E_INVALID_IP, HCN_E_ADDR_INVALID_OR_RESERVED,
            E_OBJECT_ALREADY_EXISTS.
    """
    named = [request for request in requests if request.ip_address]
    if not named:
        raise HnsError(
            Hr.HCN_E_INVALID_ENDPOINT, "a remote endpoint needs an address in IpConfigurations"
        )
    claims: list[AddressClaim] = []
    for request in named:
        address = ipam.parse_address(request.ip_address)
        state = _claimable(address, site, facts)
        pool = next((pool for pool in site.pools if address in pool.network), None)
        length = pool.prefix_length if pool else address.max_prefixlen
        configuration = IpConfiguration(request.ip_address, request.prefix_length or length)
        claim = AddressClaim(configuration, ipam.text_key(address), state)
        _check_once(claim, claims)
        claims.append(claim)
    return tuple(claims)


def claim_mac(requested: str, site: NetworkSite, facts: AddressFacts, *, remote: bool) -> MacClaim:
    """Return the MAC of a new endpoint: as requested and spelled, else the next one of the pool.

    Raises: HCN_E_INVALID_ENDPOINT for text that is no MAC and for a pool without a free one,
            E_OBJECT_ALREADY_EXISTS when another local endpoint of the network has it.
    """
    if not requested:
        return MacClaim() if remote else _next_mac(site, facts)
    number = mac.parse_mac(requested, Hr.HCN_E_INVALID_ENDPOINT)
    if remote:
        return MacClaim(requested)
    if facts.mac_state == "taken":
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS,
            f"MacAddress {requested} belongs to another endpoint of the network",
        )
    return MacClaim(requested, number, facts.mac_state)


def _claim(
    request: AddressRequest,
    site: NetworkSite,
    facts: AddressFacts,
    release: Release,
    before: Sequence[AddressClaim],
) -> AddressClaim:
    pools = _eligible(site.pools, request)
    if request.pool_id and not pools:
        raise HnsError(Hr.HCN_E_SUBNET_NOT_FOUND, f"the network has no IP subnet {request.pool_id}")
    if not request.ip_address:
        families = {_family(claim.configuration.ip_address) for claim in before}
        return _next_of(_pool_to_draw_from(pools, families), facts, before)
    address = ipam.parse_address(request.ip_address)
    pool = ipam.pool_for(pools, address)
    state = _claimable(address, site, facts)
    length = _length(request, pool, address, release)
    configuration = IpConfiguration(request.ip_address, length, pool.id)
    return AddressClaim(configuration, ipam.text_key(address), state, pool.key)


def _next_of(pool: Pool, facts: AddressFacts, before: Sequence[AddressClaim]) -> AddressClaim:
    """Return a claim for the next address of the pool that is not among those claimed `before`."""
    claimed = {claim.key for claim in before}
    draws = (draw for draw in facts.upcoming.get(pool.key, ()) if draw.key not in claimed)
    draw = next(draws, None)
    if draw is None:
        raise HnsError(
            Hr.HCN_E_ADDR_INVALID_OR_RESERVED,
            f"every address of {pool.network} is in use; delete an endpoint or add an IP subnet",
        )
    address = str(ipam.from_text_key(draw.key))
    configuration = IpConfiguration(address, pool.prefix_length, pool.id)
    return AddressClaim(configuration, draw.key, draw.state, pool.key, draw.cursor)


def _next_mac(site: NetworkSite, facts: AddressFacts) -> MacClaim:
    draw = facts.next_mac
    if draw is None:
        raise HnsError(
            Hr.HCN_E_INVALID_ENDPOINT,
            f"every MAC address of network {site.network_id} is in use; delete an endpoint, or "
            "create the network with a larger MacPool",
        )
    return MacClaim(mac.format_mac(draw.key), draw.key, draw.state, draw.cursor)


def _length(request: AddressRequest, pool: Pool, address: IpAddress, release: Release) -> int:
    """Return the prefix length: as requested, else the pool's. Source: section 7.2 [D]."""
    length = request.prefix_length or pool.prefix_length
    if length > address.max_prefixlen:
        raise HnsError(
            Hr.HCN_E_INVALID_IP, f"PrefixLength {length} is longer than {address.max_prefixlen}"
        )
    if length == address.max_prefixlen != pool.prefix_length:
        require(release, "Slash32EndpointPrefixes", Hr.HCN_E_INVALID_IP, f"PrefixLength {length}")
    return length


def _claimable(address: IpAddress, site: NetworkSite, facts: AddressFacts) -> State:
    state = facts.states.get(ipam.text_key(address), "free")
    if state == "taken":
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS,
            f"{address} belongs to another endpoint of network {site.network_id}; "
            "choose another or delete that endpoint",
        )
    return state


def _check_once(claim: AddressClaim, before: Sequence[AddressClaim]) -> None:
    if any(claim.key == other.key for other in before):
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS,
            f"{claim.configuration.ip_address} is requested twice; name it once",
        )


def _first_of_each_family(pools: Sequence[Pool]) -> list[Pool]:
    """Return the first pool of each family, IPv4 first."""
    families = {pool.network.version: pool for pool in reversed(pools)}
    return [pool for _, pool in sorted(families.items())]


def _eligible(pools: Sequence[Pool], request: AddressRequest) -> tuple[Pool, ...]:
    """Return the pools that the address may come from: the one it names, or all."""
    return tuple(pool for pool in pools if request.pool_id in {"", pool.id})


def _pool_to_draw_from(pools: Sequence[Pool], families: Iterable[int]) -> Pool:
    """Return the first pool of a family that the endpoint does not have yet, else the first."""
    return next((pool for pool in pools if pool.network.version not in families), pools[0])


def _family(address: str) -> int:
    return ipam.V6 if ":" in address else ipam.V4
