"""NAT networks beside each other: which prefixes a host allows, and which VLAN tells them apart."""

from collections.abc import Sequence

from app.domain.networks import IpNetwork
from app.domain.releases import Release
from app.errors import HnsError, Hr

_ONE_PREFIX_UNTIL = (9, 0)


def check_prefix(wanted: IpNetwork, others: Sequence[IpNetwork], release: Release) -> None:
    """Refuse the prefix of a NAT network that the host's other NAT networks exclude.

    others: prefixes of the NAT networks that exist, oldest first.
    Raises: E_OBJECT_ALREADY_EXISTS for an overlap, E_INVALIDARG on releases with one internal
            prefix for anything but a slice of it.
    Source: hns-behaviour.md sections 6.3 [O] and 8 ([D] one internal prefix on WS2016).
    """
    if others and release.hns < _ONE_PREFIX_UNTIL:
        first = others[0]
        if wanted.version != first.version or not (
            wanted.network_address in first and wanted.prefixlen > first.prefixlen
        ):
            raise HnsError(
                Hr.E_INVALIDARG,
                f"{wanted} is no slice of {first}, the one internal NAT prefix that "
                f"{release.title} allows",
            )
        others = others[1:]
    for other in others:
        if wanted.version == other.version and wanted.overlaps(other):
            raise HnsError(
                Hr.E_OBJECT_ALREADY_EXISTS,
                f"{wanted} overlaps {other} of another NAT network; choose a disjoint prefix",
            )


def lowest_vlan(taken: Sequence[int]) -> int:
    """Return the VLAN of a new NAT network on the shared switch. Source: S:nat-13.3 [O]."""
    vlan = 1
    while vlan in taken:
        vlan += 1
    return vlan
