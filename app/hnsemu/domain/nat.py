"""NAT networks beside each other: which prefixes a host allows, and which VLAN tells them apart."""

import ipaddress
from collections.abc import Callable, Sequence

from hnsemu.domain.networks import IpNetwork
from hnsemu.domain.releases import Release
from hnsemu.domain.subnets import is_free
from hnsemu.errors import HnsError, Hr

DEFAULT_PREFIX: IpNetwork = ipaddress.ip_network("172.16.0.0/16")
"""The documented prefix of the network `nat`; HNS chooses others for other networks [I]."""

# "Before the Creators Update": the next release of our table is 1709. Source: advanced.md [D].
_SEVERAL_PREFIXES_SINCE = (5, 0)
_SLICE_LENGTH = 20
_LONGEST_SLICE = 30
_LAST_VLAN = 4094


def has_one_prefix(release: Release) -> bool:
    """Tell whether every NAT network of the host is a slice of the first one's prefix."""
    return release.hns < _SEVERAL_PREFIXES_SINCE


def check_prefix(prefix: IpNetwork, others: Sequence[IpNetwork], release: Release) -> None:
    """Refuse the prefix of a NAT network that the host's other NAT networks exclude.

    others: prefixes of the NAT and ICS networks that exist, oldest first.
    Raises: E_OBJECT_ALREADY_EXISTS for an overlap, E_INVALIDARG on releases with one internal
            prefix for anything but a slice of it.
    Source: hns-behaviour.md sections 6.3 [O] and 8, advanced.md ([D] one prefix on WS2016).
    """
    if others and has_one_prefix(release):
        _check_slice(prefix, others[0], release)
        others = others[1:]
    for other in others:
        if not is_free(prefix, [other]):
            raise HnsError(
                Hr.E_OBJECT_ALREADY_EXISTS,
                f"{prefix} overlaps {other} of another NAT network; choose a disjoint prefix",
            )


def choose_slice(others: Sequence[IpNetwork], draw: Callable[[int], int]) -> IpNetwork:
    """Return a random slice of the first of `others` that no other one overlaps.

    The first slice stays free: the gateway of the whole prefix is in it.
    draw: returns a random number below its argument.
    Raises: E_OBJECT_ALREADY_EXISTS when none is left.
    """
    whole, *slices = others
    length = min(max(_SLICE_LENGTH, whole.prefixlen + 4), _LONGEST_SLICE)
    if length > whole.prefixlen:
        _, *parts = whole.subnets(new_prefix=length)
        free = [part for part in parts if is_free(part, slices)]
        if free:
            return free[draw(len(free))]
    raise HnsError(
        Hr.E_OBJECT_ALREADY_EXISTS,
        f"no slice of {whole}, the host's NAT prefix, is left; delete a NAT network",
    )


def lowest_vlan(taken: Sequence[int]) -> int:
    """Return the VLAN of a new NAT network on the shared switch. Source: S:nat-13.3 [O].

    Raises: HCN_E_INVALID_NETWORK when all 4094 are in use.
    """
    for vlan in range(1, _LAST_VLAN + 1):
        if vlan not in taken:
            return vlan
    raise HnsError(
        Hr.HCN_E_INVALID_NETWORK, f"all {_LAST_VLAN} VLANs of NAT networks are in use; delete one"
    )


def _check_slice(prefix: IpNetwork, whole: IpNetwork, release: Release) -> None:
    if prefix == whole:
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS, f"{prefix} is the prefix of another NAT network; slice it"
        )
    is_longer = prefix.prefixlen > whole.prefixlen
    if not (is_longer and prefix.version == whole.version and prefix.network_address in whole):
        raise HnsError(
            Hr.E_INVALIDARG,
            f"{prefix} is not a slice of {whole}, the one NAT prefix that {release.title} allows; "
            "choose a longer prefix inside it",
        )
