"""Address pools: what is reserved, what may be wanted, and which address comes next."""

import ipaddress
from dataclasses import dataclass, field

from hnsemu.domain.networks import IpNetwork
from hnsemu.domain.permutation import element
from hnsemu.errors import HnsError, Hr

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

V4, V6 = 4, 6

ENABLE_BROADCAST = 1
RESERVE_NETWORK_ADDRESS = 2
DO_NOT_RESERVE_GATEWAY = 1

_LARGEST = 1 << 62  # pools beyond draw from their first 2**62 addresses
_NEVER_DRAWN_OUT = 1 << 32  # nobody lives to see the second round of a pool beyond
_SMALLEST_WITH_ENDS = 4  # addresses; a /31 and a /32 have only hosts


@dataclass(frozen=True, slots=True)
class Pool:
    """An IP subnet that addresses are drawn from.

    gateway:  address the pool keeps for the gateway, None when it keeps none.
    cursor:   how many addresses of the permutation have been drawn. seed: names the permutation.
    next_hop: gateway of the subnet as it was written, kept or not; "" for none.
    vlan:     settings of the subnet's VLAN policy, "" for none.
    Source: hns-behaviour.md section 7.2: random choice [O]; network, gateway and broadcast
    addresses are reserved [D]/[I]; that the flags decide: WSL's network has pools with Flags 0
    (S:ics-wsl-15.0), and its guests get the broadcast address (WSL#12256) [O].
    """

    key: int
    id: str
    network: IpNetwork
    flags: int
    gateway: IpAddress | None
    cursor: int = 0
    seed: int = 0
    next_hop: str = ""
    vlan: str = ""
    _count: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Count the addresses; `num_addresses` would make the broadcast address first.

        That takes 30 µs, and every endpoint that is created asks several times.
        """
        bits = self.network.max_prefixlen - self.network.prefixlen
        object.__setattr__(self, "_count", 1 << bits)

    @property
    def size(self) -> int:
        """Return how many addresses the permutation runs over, reserved ones included."""
        return min(self._count, _LARGEST)

    @property
    def prefix_length(self) -> int:
        """Return the prefix length an endpoint gets when it does not bring one."""
        return self.network.prefixlen

    @property
    def comes_round(self) -> bool:
        """Tell whether all addresses may be drawn one day, so that released ones are needed."""
        return self.size <= _NEVER_DRAWN_OUT

    @property
    def reserved(self) -> tuple[IpAddress, ...]:
        """Return the addresses that HNS keeps for itself, ascending."""
        ends = {self.network.network_address, self.network.broadcast_address}
        if self.gateway is not None and self.gateway in self.network:
            ends.add(self.gateway)
        return tuple(sorted(address for address in ends if self.reserves(address)))

    def candidate(self, index: int) -> IpAddress:
        """Return the address that the permutation has at `index`."""
        return self.network.network_address + element(index, self.size, self.seed)

    def reserves(self, address: IpAddress) -> bool:
        """Tell whether HNS keeps `address` for itself: the ends of an IPv4 pool by its flags."""
        if address == self.gateway:
            return True
        if self._count < _SMALLEST_WITH_ENDS:
            return False
        place = int(address) - int(self.network.network_address)
        if place == 0:
            return bool(self.flags & RESERVE_NETWORK_ADDRESS) or address.version == V6
        is_broadcast = place == self._count - 1 and address.version != V6
        return is_broadcast and bool(self.flags & ENABLE_BROADCAST)


def parse_address(text: str) -> IpAddress:
    """Return the address that `text` writes.

    Raises: HCN_E_INVALID_IP; HCN_E_ADDR_INVALID_OR_RESERVED for one that no endpoint can have.
    """
    address = _parsed(text.strip())
    if address is None:
        raise HnsError(
            Hr.HCN_E_INVALID_IP, f"{text!r} is no IP address; write one, or leave it out"
        )
    if address.is_multicast or address.is_unspecified or address.is_loopback:
        raise HnsError(
            Hr.HCN_E_ADDR_INVALID_OR_RESERVED, f"{address} cannot be an endpoint's address"
        )
    return address


def pool_for(pools: tuple[Pool, ...], address: IpAddress) -> Pool:
    """Return the pool that a wanted address belongs to.

    Raises: HCN_E_SUBNET_NOT_FOUND without any pool, HCN_E_INVALID_IP outside all of them,
            HCN_E_ADDR_INVALID_OR_RESERVED for one that HNS keeps.
    """
    if not pools:
        raise HnsError(
            Hr.HCN_E_SUBNET_NOT_FOUND,
            f"the network has no subnet that {address} could belong to; give the network one",
        )
    holding = next((pool for pool in pools if address in pool.network), None)
    if holding is None:
        known = ", ".join(str(pool.network) for pool in pools)
        raise HnsError(Hr.HCN_E_INVALID_IP, f"{address} is outside {known}; choose one inside")
    if holding.reserves(address):
        raise HnsError(
            Hr.HCN_E_ADDR_INVALID_OR_RESERVED,
            f"{address} is kept by {holding.network} for its gateway, network or broadcast; "
            "choose another",
        )
    return holding


def text_key(address: IpAddress) -> str:
    """Return the address as hexadecimal text of fixed width: 8 digits for IPv4, 32 for IPv6."""
    return address.packed.hex()


def from_text_key(key: str) -> IpAddress:
    """Return the address that `text_key` wrote."""
    return ipaddress.ip_address(bytes.fromhex(key))


def _parsed(text: str) -> IpAddress | None:
    if "%" in text:  # a zone means nothing here
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
