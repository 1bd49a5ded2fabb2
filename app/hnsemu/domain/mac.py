"""MAC addresses: reading any spelling, printing HNS's, and the ranges networks draw from."""

import functools
import re
from collections.abc import Sequence

from hnsemu.domain.networks import MacRange
from hnsemu.errors import HnsError, Hr

POOL_SIZE = 4096
"""Addresses in the range a network gets when the caller names none. Source: section 7.3 [O]."""

HYPER_V = 0x00155D
"""The first three bytes of the addresses that Hyper-V gives."""

_SEPARATED = re.compile(r"[0-9a-f]{2}([-:])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{12}")


@functools.lru_cache(maxsize=1024)  # the ends of a network's ranges, at each endpoint
def parse_mac(text: str, hr: Hr = Hr.E_INVALIDARG) -> int:
    """Return a MAC address written with hyphens, colons or nothing, in any case, as a number.

    Raises: `hr` when it is none.
    """
    lowered = text.strip().lower()
    if _SEPARATED.fullmatch(lowered) is None:
        raise HnsError(hr, f"{text!r} is no MAC address; write it as 00-15-5D-01-02-03")
    return int(lowered.replace("-", "").replace(":", ""), 16)


def format_mac(number: int) -> str:
    """Return a MAC address as HNS prints the ones it picks: upper-case with hyphens."""
    return number.to_bytes(6).hex("-").upper()


def random_range(chosen: int) -> MacRange:
    """Return one of the 2**12 ranges `00-15-5D-xx-y0-00` … `00-15-5D-xx-yF-FF`."""
    first = HYPER_V << 24 | (chosen & 0xFFF) << 12
    return MacRange(format_mac(first), format_mac(first + POOL_SIZE - 1))


def check_ranges(ranges: Sequence[MacRange]) -> None:
    """Refuse ranges that are no MAC addresses or run backwards.

    Raises: HCN_E_INVALID_NETWORK.
    """
    for one in ranges:
        first = parse_mac(one.start, Hr.HCN_E_INVALID_NETWORK)
        if first > parse_mac(one.end, Hr.HCN_E_INVALID_NETWORK):
            raise HnsError(
                Hr.HCN_E_INVALID_NETWORK,
                f"MacPool: {one.start} comes after {one.end}; swap them",
            )


@functools.lru_cache(maxsize=256)  # those of a network, several times at each endpoint
def size(ranges: tuple[MacRange, ...]) -> int:
    """Return how many addresses the ranges hold together."""
    return sum(parse_mac(one.end) - parse_mac(one.start) + 1 for one in ranges)


def at(ranges: Sequence[MacRange], index: int) -> int:
    """Return the address at `index` when the ranges are laid end to end."""
    for one in ranges:
        first, last = parse_mac(one.start), parse_mac(one.end)
        if index <= last - first:
            return first + index
        index -= last - first + 1
    raise IndexError(index)


def holds(ranges: Sequence[MacRange], mac: int) -> bool:
    """Tell whether one of the ranges holds `mac`."""
    return any(parse_mac(one.start) <= mac <= parse_mac(one.end) for one in ranges)
