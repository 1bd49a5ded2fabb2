"""What creating an endpoint reads and writes: one visit each."""

from collections.abc import Collection, Mapping, Sequence

from hnsemu.domain import ipam, mac
from hnsemu.domain.addressing import AddressFacts, draws_needed, named_addresses
from hnsemu.domain.drawing import Draw, State, Urn, draw
from hnsemu.domain.endpoint_creation import CreationFacts, EndpointRequest, NewEndpoint
from hnsemu.domain.endpoint_policies import PolicyNeeds
from hnsemu.domain.ipam import Pool
from hnsemu.domain.permutation import element
from hnsemu.domain.placement import NetworkSite
from hnsemu.errors import HnsError
from hnsemu.storage import (
    allocations,
    endpoints,
    namespaces,
    nat_rules,
    placement,
    policies,
    policy_facts,
    vswitches,
)
from hnsemu.storage.transaction import Transaction


def gather(tx: Transaction, request: EndpointRequest, needs: PolicyNeeds) -> CreationFacts:
    """Return what creating the endpoint needs to know. needs: what its policies need to know."""
    site = _site(tx, request)
    if site is None:
        return CreationFacts(tx.host)
    key = endpoints.ask_for_key(tx)
    named, remote = request.identity.id, request.is_remote
    return CreationFacts(
        tx.host,
        site,
        is_id_taken=bool(named) and endpoints.exists(tx, named),
        namespace=namespaces.find(tx, request.namespace_id) if request.namespace_id else None,
        addresses=_address_facts(tx, site, request),
        policies=policy_facts.gather(tx, needs, site.mode, site.network_key, remote=remote),
        next_key=key.scalar(),
    )


def write(tx: Transaction, new: NewEndpoint, document: str) -> None:
    """Keep the endpoint with all that it takes.

    document: its HCN 2 answer.
    """
    endpoint, site, key = new.endpoint, new.site, new.endpoint.key
    endpoints.insert_endpoint(tx, endpoint, document)
    _take_addresses(tx, new, key)
    policies.insert_all(tx, "endpoint", key, endpoint.policies)
    if endpoint.port is not None:
        vswitches.insert_port(
            tx,
            site.vswitch_key,
            endpoint.port,
            network_key=site.network_key,
            endpoint_key=key,
        )
    nat_rules.insert_all(tx, key, new.rules)
    placement.count_new(tx, site.network_key, new.mac.cursor)
    if new.namespace is not None:
        namespaces.add_endpoint(tx, new.namespace.key, key)
    tx.notify(*new.notifications)
    tx.note_created("endpoint", endpoint.id)


def _site(tx: Transaction, request: EndpointRequest) -> NetworkSite | None:
    if request.network_id:
        return placement.find(tx, request.network_id)
    return placement.find_by_name(tx, request.network_name) if request.network_name else None


def _take_addresses(tx: Transaction, new: NewEndpoint, endpoint_key: int) -> None:
    network_key, remote = new.site.network_key, new.endpoint.is_remote
    cursors: dict[int, int] = {}
    for claim in new.addresses:
        allocations.take_address(
            tx,
            network_key,
            claim.key,
            state=claim.state,
            ip_subnet_key=claim.pool_key,
            endpoint_key=endpoint_key,
            remote=remote,
        )
        if claim.pool_key is not None and claim.cursor is not None:
            cursors[claim.pool_key] = claim.cursor
    for pool_key, cursor in cursors.items():
        allocations.set_address_cursor(tx, pool_key, cursor)
    if new.mac.number is not None:
        allocations.take_mac(
            tx,
            network_key,
            new.mac.number,
            state=new.mac.state,
            endpoint_key=endpoint_key,
        )


def _address_facts(tx: Transaction, site: NetworkSite, request: EndpointRequest) -> AddressFacts:
    network_key, remote = site.network_key, request.is_remote
    named = named_addresses(request.configurations)
    states = allocations.address_states(tx, network_key, named, remote=remote) if named else {}
    if remote:
        return AddressFacts(states)
    needed = draws_needed(request.configurations, site.pools, dhcp=request.by_dhcp)
    pools = [pool for pool in site.pools if pool.key in needed]
    known = _States(tx, site, pools, draws_mac=not request.mac_address)
    upcoming = {pool.key: _upcoming(tx, known, pool, needed[pool.key], named) for pool in pools}
    if request.mac_address:
        return AddressFacts(states, upcoming, _mac_state(tx, network_key, request.mac_address))
    return AddressFacts(states, upcoming, next_mac=_next_mac(tx, known, site))


class _States:
    """How elements of a network's pools stand; those that come next are asked for together."""

    def __init__(
        self, tx: Transaction, site: NetworkSite, pools: Sequence[Pool], *, draws_mac: bool
    ) -> None:
        """Ask for the next address of each of the pools, and for the next MAC if one is drawn."""
        self._tx, self._site = tx, site
        self._next = {pool.key: _address_at(pool, pool.cursor) for pool in pools}
        self._next_mac = _mac_at(site, site.mac_cursor) if draws_mac else None
        self._asked = allocations.ask_states(
            tx,
            site.network_key,
            [key for key in self._next.values() if key is not None],
            [] if self._next_mac is None else [self._next_mac],
        )

    def address_at(self, pool: Pool, index: int) -> str | None:
        """Return the address at an index of the pool, see `_address_at`; the next one is known."""
        return self._next[pool.key] if index == pool.cursor else _address_at(pool, index)

    def mac_at(self, index: int) -> int | None:
        """Return the MAC at an index of the network's ranges, None behind the last one."""
        site = self._site
        return self._next_mac if index == site.mac_cursor else _mac_at(site, index)

    def addresses(self, keys: Sequence[str]) -> Mapping[str, State]:
        """Return how addresses stand, as text keys; what was never used may be missing."""
        known = self._asked.addresses()
        if all(key in known for key in keys):
            return known
        return allocations.address_states(self._tx, self._site.network_key, keys, remote=False)

    def macs(self, numbers: Sequence[int]) -> Mapping[int, State]:
        """Return how MACs stand; what was never used may be missing."""
        known = self._asked.macs()
        if all(number in known for number in numbers):
            return known
        return allocations.mac_states(self._tx, self._site.network_key, numbers)


def _address_at(pool: Pool, index: int) -> str | None:
    """Return the address at an index of the pool's permutation, None for one that HNS keeps."""
    if index >= pool.size:
        return None
    address = pool.candidate(index)
    return None if pool.reserves(address) else ipam.text_key(address)


def _mac_at(site: NetworkSite, index: int) -> int | None:
    size = mac.size(site.mac_ranges)
    if index >= size:
        return None
    return mac.at(site.mac_ranges, element(index, size, site.mac_seed))


def _upcoming(
    tx: Transaction, known: _States, pool: Pool, needed: int, named: Collection[str]
) -> Sequence[Draw[str]]:
    """Return the next addresses of the pool, so many besides those that the request names."""
    draws: list[Draw[str]] = []
    drawn: set[str] = set()
    cursor = pool.cursor
    while len(drawn.difference(named)) < needed:
        found = draw(_addresses_of(tx, known, pool, cursor, drawn))
        if found is None:
            break
        draws.append(found)
        drawn.add(found.key)
        cursor = found.cursor
    return draws


def _addresses_of(
    tx: Transaction, known: _States, pool: Pool, cursor: int, drawn: Collection[str]
) -> Urn[str]:
    def candidate(index: int) -> str | None:
        key = known.address_at(pool, index)
        return None if key in drawn else key

    def is_full() -> bool:
        in_use, released = allocations.counts(tx, [pool.key]).get(pool.key, (0, 0))
        return in_use + released >= pool.size - len(pool.reserved)

    return Urn(
        cursor=cursor,
        size=pool.size,
        key_at=candidate,
        states=known.addresses,
        is_full=is_full,
        oldest_released=lambda: allocations.oldest_released_address(tx, pool.key, drawn),
    )


def _mac_state(tx: Transaction, network_key: int, requested: str) -> State:
    """Return how the MAC stands; what is none is free here, and claiming refuses it."""
    try:
        number = mac.parse_mac(requested)
    except HnsError:
        return "free"
    return allocations.mac_states(tx, network_key, [number]).get(number, "free")


def _next_mac(tx: Transaction, known: _States, site: NetworkSite) -> Draw[int] | None:
    """Return a MAC of the network's ranges that nobody has."""
    ranges, network_key = site.mac_ranges, site.network_key
    size = mac.size(ranges)

    def is_full() -> bool:
        bounds = [(mac.parse_mac(one.start), mac.parse_mac(one.end)) for one in ranges]
        return allocations.count_macs(tx, network_key, bounds) >= size

    return draw(
        Urn(
            cursor=site.mac_cursor,
            size=size,
            key_at=known.mac_at,
            states=known.macs,
            is_full=is_full,
            oldest_released=lambda: allocations.oldest_released_mac(tx, network_key),
        )
    )
