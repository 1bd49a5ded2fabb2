"""Which subnets the daemon accepts for a network, before it asks HNS.

Source: moby api/types/network ipam.go [C]; texts recorded of dockerd 28.5.2 [O].
"""

import ipaddress
import json
from collections.abc import Iterable, Sequence

from hnsemu.docker.domain.networks import Pool
from hnsemu.docker.errors import BAD_REQUEST, FAILED, DockerError
from hnsemu.domain.digits import number_in

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Block = ipaddress.IPv4Interface | ipaddress.IPv6Interface

_NOT_A_BLOCK = "invalid CIDR block notation"


def check_pools(pools: Sequence[Pool], *, ipv6: bool) -> None:
    """Refuse pools that are no subnets, or hold what is not theirs.

    ipv6: whether the network has IPv6: its subnets are not looked at otherwise.
    Raises: DockerError 400, with a line for each fault.
    """
    faults = [fault for pool in pools for fault in _faults(pool, ipv6=ipv6)]
    if len(faults) == 1:
        raise DockerError(BAD_REQUEST, f"invalid network config:\n{faults[0]}")
    if faults:
        lines = "\n".join(f"* {fault}" for fault in faults)
        raise DockerError(BAD_REQUEST, f"invalid network config:\n{lines}")


def is_ipv6(pool: Pool) -> bool:
    """Tell whether a pool that can be read is one of IPv6."""
    block = block_of(pool.subnet)
    return block is not None and block.version != 4  # noqa: PLR2004 (the family)


def masked(subnet: str) -> str:
    """Return a subnet without host bits, as the daemon's own allocator has it.

    Raises: DockerError 500 for what is no subnet: daemons before 25.0 notice it here.
    """
    block = block_of(subnet)
    if block is None:
        raise DockerError(FAILED, f"Invalid subnet {subnet} : invalid CIDR address: {subnet}")
    return str(block.network)


def block_of(text: str) -> Block | None:
    """Return an address with the length of its prefix, None for another text."""
    address, slash, length = text.rpartition("/")
    parsed = address_of(address)
    if not slash or parsed is None:
        return None
    if length != str(number_in(length, parsed.max_prefixlen)):
        return None
    return ipaddress.ip_interface(text)


def address_of(text: str) -> Address | None:
    """Return an address without a zone, None for another text."""
    try:
        return None if "%" in text else ipaddress.ip_address(text)
    except ValueError:
        return None


def quoted(text: str) -> str:
    """Return a text in quotes, as Go prints it."""
    return json.dumps(text, ensure_ascii=False)


def _faults(pool: Pool, *, ipv6: bool) -> Iterable[str]:
    block = block_of(pool.subnet)
    if block is None:
        yield f"invalid subnet {pool.subnet}: {_NOT_A_BLOCK}"
        return
    if is_ipv6(pool) and not ipv6:
        return
    if block.ip != block.network.network_address:
        yield f"invalid subnet {block}: it should be {block.network}"
    yield from _range_faults(pool.ip_range, block)
    fault = _address_fault(pool.gateway, block)
    if fault:
        yield f"invalid gateway {pool.gateway}: {fault}"
    for name, address in pool.auxiliary.items():
        fault = _address_fault(address, block)
        if fault:
            yield f"invalid auxiliary address {name}: {fault}"


def _range_faults(text: str, parent: Block) -> Iterable[str]:
    if not text:
        return
    block = block_of(text)
    if block is None:
        yield f"invalid ip-range {text}: {_NOT_A_BLOCK}"
        return
    if block.version != parent.version:
        yield f"invalid ip-range {text}: parent subnet is an IPv{parent.version} block"
        return
    if block.network.prefixlen < parent.network.prefixlen:
        yield f"invalid ip-range {text}: CIDR block is bigger than its parent subnet {parent}"
    if block.ip != block.network.network_address:
        yield f"invalid ip-range {block}: it should be {block.network}"
    if not block.network.overlaps(parent.network):
        yield f"invalid ip-range {text}: parent subnet {parent} doesn't contain ip-range"


def _address_fault(text: str, parent: Block) -> str:
    if not text:
        return ""
    address = address_of(text)
    if address is None:
        return "invalid address"
    if address.version != parent.version:
        return f"parent subnet is an IPv{parent.version} block"
    return (
        "" if address in parent.network else f"parent subnet {parent} doesn't contain this address"
    )
