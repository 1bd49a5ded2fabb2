"""Subnets of a network: what is legal, and what HNS chooses when nothing is given."""

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from hnsemu.domain.facts import Policy, Route
from hnsemu.domain.ip_families import Families, check_families
from hnsemu.domain.network_types import Mode, NetworkType, network_type
from hnsemu.domain.networks import IpNetwork, IpSubnet, Subnet, network_of
from hnsemu.domain.prefixes import PrefixIndex
from hnsemu.domain.releases import Release, require
from hnsemu.errors import HnsError, Hr

# A zero without a length is in Microsoft's own example. Source: multi-subnet.md [D].
_DEFAULT_DESTINATIONS = {"0.0.0.0/0", "::/0", "0.0.0.0", "::"}  # noqa: S104 (nothing listens)
_ANY_PREFIX = "0.0.0.0/0"
ANY_IPV6_PREFIX = "::/0"
_Placed = tuple[int, Subnet]  # a subnet and its place among those of its network
_V6 = 6

# Where HNS looks for a free /20. Source: hns-behaviour.md section 7.2 [O].
_PRIVATE = (ipaddress.ip_network("172.16.0.0/12"), ipaddress.ip_network("192.168.0.0/16"))
_CHOSEN_LENGTH = 20

_MOST = 10_000  # subnets of a network [M]: many more keep a thread busy for a minute


@dataclass(frozen=True, slots=True)
class SubnetRequest:
    """A subnet as the caller wrote it; "" for what was left out.

    refusal: of a policy that cannot be read; it is raised when the subnet's turn comes.
    """

    id: str = ""
    prefix: str = ""
    routes: tuple[Route, ...] = ()
    flags: int = 0
    policies: tuple[Policy, ...] = ()
    ip_subnets: tuple[IpSubnet, ...] = ()
    refusal: HnsError | None = None

    @property
    def wants_choice(self) -> bool:
        """Tell whether HNS must choose the prefix (0.0.0.0/0 asks for it). Source: 7.2 [O]."""
        return self.prefix in {"", _ANY_PREFIX}

    @property
    def gateway(self) -> str:
        """Return the next hop of the default route, "" for none or a dummy such as 0.0.0.0."""
        for route in self.routes:
            if route.destination_prefix in _DEFAULT_DESTINATIONS and not _is_dummy(route.next_hop):
                return route.next_hop
        return ""


def plan_subnets(
    requests: Sequence[SubnetRequest],
    mode: Mode,
    rules: NetworkType,
    release: Release,
    guid: Callable[[], str],
) -> tuple[Subnet, ...]:
    """Return the subnets of a network, each with its pools.

    Networks that HNS neither picks addresses for nor encapsulates have no subnet when 0.0.0.0/0 is
    requested, as Docker does: their containers use DHCP. Source: hns-behaviour.md section 8 [D].
    Raises: HCN_E_INVALID_PREFIX, HCN_E_INVALID_SUBNET, HCN_E_INVALID_IP_SUBNET,
            HCN_E_ADDR_INVALID_OR_RESERVED, HCN_E_POLICY_NOT_FOUND for an overlay subnet without
            VSID; HCN_E_INVALID_SUBNET for more than a network has.
    """
    check_number(len(requests))
    if not (rules.vfp or rules.allocates):
        requests = [request for request in requests if request.prefix != _ANY_PREFIX]
    planned = tuple(plan_subnet(request, mode, rules, release, guid) for request in requests)
    check_together(planned, mode, release)
    return planned


def check_number(count: int) -> None:
    """Refuse more subnets than a network has.

    Raises: HCN_E_INVALID_SUBNET.
    """
    if count > _MOST:
        raise HnsError(
            Hr.HCN_E_INVALID_SUBNET,
            f"these are {count} subnets; a network has at most {_MOST}, so create several networks",
        )


def plan_subnet(
    request: SubnetRequest,
    mode: Mode,
    rules: NetworkType,
    release: Release,
    guid: Callable[[], str],
) -> Subnet:
    """Return one subnet with its pools; without any it gets one over the whole prefix, Flags 3.

    On NAT and ICS the host owns the gateway: without one it is the first address [O].
    Raises: as `plan_subnets`.
    """
    check_readable([request])
    network = parse_prefix(request.prefix)
    _check_size(request.prefix, network)
    if network.version == _V6:
        check_families(mode, Families.IPV6, release, f"subnet {network}")
    _check_routes(request.routes, network)
    if mode is Mode.OVERLAY and not any(policy.type == "VSID" for policy in request.policies):
        raise HnsError(
            Hr.HCN_E_POLICY_NOT_FOUND,
            f"subnet {request.prefix}: an overlay network needs a VSID policy with an IsolationId",
        )
    if rules.allocates and not request.gateway:
        request = replace(request, routes=_with_first_gateway(request.routes, network))
    _check_gateway(request.gateway, network)
    subnet = Subnet(
        key=0,
        id=request.id or guid(),
        prefix=request.prefix,
        gateway=request.gateway,
        routes=request.routes,
        flags=request.flags,
        policies=request.policies,
    )
    return with_pools(subnet, request.ip_subnets or (IpSubnet(0, "", request.prefix),), guid)


def with_pools(subnet: Subnet, added: Sequence[IpSubnet], guid: Callable[[], str]) -> Subnet:
    """Return the subnet with more pools.

    Raises: HCN_E_INVALID_IP_SUBNET for one outside the subnet or over another one.
    """
    outer = subnet.network
    ids = {pool.id for pool in subnet.ip_subnets}
    prefixes: PrefixIndex[str] = PrefixIndex()
    for pool in subnet.ip_subnets:
        prefixes.add(pool.network, pool.prefix)
    pools = list(subnet.ip_subnets)
    for pool in added:
        network = parse_prefix(pool.prefix, Hr.HCN_E_INVALID_IP_SUBNET)
        if not _is_inside(network, outer):
            raise HnsError(
                Hr.HCN_E_INVALID_IP_SUBNET,
                f"IP subnet {pool.prefix} is not inside subnet {subnet.prefix}",
            )
        if prefixes.overlapping(network) is not None or (pool.id and pool.id in ids):
            raise HnsError(
                Hr.HCN_E_INVALID_IP_SUBNET,
                f"IP subnet {pool.prefix} exists already or overlaps another one; "
                "remove that one first",
            )
        new = replace(pool, id=pool.id or guid())
        pools.append(new)
        ids.add(new.id)
        prefixes.add(network, new.prefix)
    return replace(subnet, ip_subnets=tuple(pools))


def check_readable(requests: Iterable[SubnetRequest]) -> None:
    """Refuse subnets with a policy that cannot be read.

    Raises: HCN_E_INVALID_POLICY.
    """
    for request in requests:
        if request.refusal is not None:
            raise request.refusal


def check_together(subnets: Sequence[Subnet], mode: Mode, release: Release) -> None:
    """Refuse subnets that cannot live in one network.

    Raises: HCN_E_INVALID_SUBNET.
    Source: multi-subnet.md [D] types and release; see `ip_families` for IPv4 beside IPv6.
    """
    together = Together(mode, release)
    for subnet in subnets:
        together.add(subnet)


class Together:
    """Subnets of one network, checked one by one against those before, in linear time."""

    def __init__(self, mode: Mode, release: Release) -> None:
        """Start without any."""
        self._mode = mode
        self._release = release
        self._count = 0
        self._firsts: dict[int, _Placed] = {}
        self._by_id: dict[tuple[int, str], _Placed] = {}
        self._prefixes: PrefixIndex[_Placed] = PrefixIndex()

    def add(self, subnet: Subnet) -> None:
        """Add a subnet, or refuse one that cannot live beside the others.

        Only these can exclude it: the first of each family, one with its id, one it overlaps.
        Raises: HCN_E_INVALID_SUBNET.
        """
        network = subnet.network
        suspects = [
            *self._firsts.values(),
            self._by_id.get((network.version, subnet.id)),
            self._prefixes.overlapping(network),
        ]
        for _, other in sorted(filter(None, suspects), key=lambda placed: placed[0]):
            _check_pair(other, subnet, self._mode, self._release)
        placed = (self._count, subnet)
        self._count += 1
        self._firsts.setdefault(network.version, placed)
        self._by_id[network.version, subnet.id] = placed
        self._prefixes.add(network, placed)


def parse_prefix(text: str, hr: Hr = Hr.HCN_E_INVALID_PREFIX) -> IpNetwork:
    """Return a prefix as a network; host bits are cut off, as clients send them.

    Raises: `hr` when it is none.
    """
    try:
        return network_of(text)
    except ValueError as error:
        raise HnsError(
            hr, f"{text!r} is not an address prefix; write one as 10.0.0.0/24"
        ) from error


def choose_prefix(taken: Iterable[IpNetwork], draw: Callable[[int], int]) -> IpNetwork:
    """Return a random /20 that overlaps none of `taken`, from 172.16.0.0/12, else 192.168.0.0/16.

    draw: returns a random number below its argument.
    Raises: HCN_E_INVALID_SUBNET when no such prefix is left.
    """
    avoided = list(taken)
    for block in _PRIVATE:
        prefixes = block.subnets(new_prefix=_CHOSEN_LENGTH)
        free = [prefix for prefix in prefixes if is_free(prefix, avoided)]
        if free:
            return free[draw(len(free))]
    raise HnsError(
        Hr.HCN_E_INVALID_SUBNET, "no private /20 is left for HNS to choose; name a prefix"
    )


def is_free(network: IpNetwork, taken: Iterable[IpNetwork]) -> bool:
    """Tell whether `network` overlaps none of `taken`."""
    return not any(_overlap(network, other) for other in taken)


def _overlap(one: IpNetwork, other: IpNetwork) -> bool:
    """Tell whether two prefixes agree in the bits that both have."""
    if one.version != other.version:
        return False
    free_bits = one.max_prefixlen - min(one.prefixlen, other.prefixlen)
    return int(one.network_address) >> free_bits == int(other.network_address) >> free_bits


def default_route(network: IpNetwork) -> Route:
    """Return the route by the first address of `network`: the gateway HNS gives itself [O]."""
    anywhere = ANY_IPV6_PREFIX if network.version == _V6 else _ANY_PREFIX
    return Route(str(network[1]), anywhere)


def _with_first_gateway(routes: Sequence[Route], network: IpNetwork) -> tuple[Route, ...]:
    others = (route for route in routes if route.destination_prefix not in _DEFAULT_DESTINATIONS)
    return (default_route(network), *others)


def _check_pair(one: Subnet, other: Subnet, mode: Mode, release: Release) -> None:
    if one.network.version != other.network.version:
        check_families(mode, Families.BOTH, release, f"subnets {one.prefix} and {other.prefix}")
        return
    if one.id == other.id or one.network.overlaps(other.network):
        raise HnsError(
            Hr.HCN_E_INVALID_SUBNET,
            f"subnets {one.prefix} and {other.prefix} overlap or share an ID; make them disjoint",
        )
    if not network_type(mode).multi_subnet:
        raise HnsError(
            Hr.HCN_E_INVALID_SUBNET,
            f"a network of this type has one subnet per family; leave out {other.prefix}, or use "
            "L2Bridge, L2Tunnel or Overlay",
        )
    require(release, "MultiSubnet", Hr.HCN_E_INVALID_SUBNET, "a network with several subnets")


def _is_inside(inner: IpNetwork, outer: IpNetwork) -> bool:
    return (
        inner.version == outer.version
        and inner.network_address in outer
        and inner.broadcast_address in outer
    )


def _check_size(text: str, network: IpNetwork) -> None:
    if network.prefixlen == 0 or network.num_addresses == 1:
        raise HnsError(
            Hr.HCN_E_INVALID_PREFIX,
            f"prefix {text} leaves no room for a gateway and endpoints, or covers every address; "
            "choose one in between",
        )


def _check_routes(routes: Sequence[Route], network: IpNetwork) -> None:
    for route in routes:
        if route.destination_prefix:
            parse_prefix(route.destination_prefix)
        if not _is_dummy(route.next_hop):
            _parse_gateway(route.next_hop, network)


def _check_gateway(gateway: str, network: IpNetwork) -> None:
    """Refuse a gateway that no host of the subnet can reach.

    Link-local next hops are fine: Azure CNI sends fe80::… Source: clients.md section 23.4 [C].
    """
    if not gateway:
        return
    address = _parse_gateway(gateway, network)
    if address.is_link_local and address not in network:
        return
    if address not in network:
        raise HnsError(
            Hr.HCN_E_INVALID_SUBNET,
            f"gateway {gateway} is outside its subnet {network}; choose one inside",
        )
    ends = {network.network_address, network.broadcast_address}
    if address.version != _V6 and network.num_addresses > len(ends) and address in ends:
        raise HnsError(
            Hr.HCN_E_ADDR_INVALID_OR_RESERVED,
            f"gateway {gateway} is the network or broadcast address of {network}; choose another",
        )


def _parse_gateway(text: str, network: IpNetwork) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError as error:
        raise HnsError(
            Hr.HCN_E_INVALID_SUBNET,
            f"next hop {text!r} in subnet {network} is not an address; write one or leave it out",
        ) from error


def _is_dummy(next_hop: str) -> bool:
    """Tell whether a next hop says nothing. Source: clients.md section 23.4 [C]."""
    return next_hop in {"", "0.0.0.0", "::"}  # noqa: S104 (nothing listens)
