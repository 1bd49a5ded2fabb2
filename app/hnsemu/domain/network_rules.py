"""What a host allows of a new network, and what HNS decides about it by itself."""

import ipaddress
import itertools
from collections.abc import Callable, Iterable, Sequence
from enum import IntFlag

from hnsemu.domain import mac
from hnsemu.domain.nat import check_prefix
from hnsemu.domain.network_types import Mode, NetworkType, network_type
from hnsemu.domain.networks import IpNetwork, MacRange, NatInstance, Neighbour, Subnet
from hnsemu.domain.releases import Release, require
from hnsemu.errors import HnsError, Hr

_ADDS_NON_PERSISTENT = (10, 0)  # Source: hns-behaviour.md section 7.6 [O]
_VERSIONS_WITHOUT_OVERLAY = ((9, 0), (9, 2))  # it came to 1809 with KB4489899 [D]
_CONSTRAINED_ICS_SCHEMA = (2, 10)
_FIRST_DNS_COMPARTMENT = 3

_LOWER_HALF = 1 << 24
_RANGES = 1 << 12


class Flag(IntFlag):
    """NetworkFlags that HNS acts upon. Source: hns-behaviour.md section 2.8."""

    ENABLE_NON_PERSISTENT = 8
    ENABLE_PERSISTENT = 16
    ISOLATE_VSWITCH = 32
    ENABLE_FLOW_STEERING = 64
    DISABLE_SHARING = 128
    ENABLE_FIREWALL = 256
    DISABLE_HOST_PORT = 1024
    ENABLE_IOV = 8192


# Flags that came after schema 2.0, with the version they came with [D].
_FLAG_SCHEMA = {
    Flag.ENABLE_FLOW_STEERING: (2, 11),
    Flag.DISABLE_SHARING: (2, 14),
    Flag.ENABLE_FIREWALL: (2, 14),
}


def check_allowed(mode: Mode, flags: int, release: Release, *, azure_vm: bool) -> None:
    """Refuse a type or flags that the release or the machine does not have.

    Raises: HCN_E_INVALID_NETWORK_TYPE, HCN_E_VFP_NOT_ALLOWED for Overlay, HCN_E_INVALID_NETWORK
            for flags, HCN_E_REQUEST_UNSUPPORTED for Transparent on an Azure VM, unless it is for
            an accelerated NIC, as Azure CNI makes them there [C].
    """
    network_type(mode)
    if mode is Mode.CONSTRAINED_ICS and release.schema < _CONSTRAINED_ICS_SCHEMA:
        raise HnsError(
            Hr.HCN_E_INVALID_NETWORK_TYPE, f"{release.title} has no ConstrainedICS yet; use ICS"
        )
    first, end = _VERSIONS_WITHOUT_OVERLAY
    if mode is Mode.OVERLAY and first <= release.hns < end:
        raise HnsError(
            Hr.HCN_E_VFP_NOT_ALLOWED,
            f"{release.title} got Overlay networks with an update (HNS 9.2); "
            "use a host of a newer release",
        )
    if mode is Mode.TRANSPARENT and azure_vm and not flags & Flag.ENABLE_IOV:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            "Transparent networks do not work on an Azure virtual machine; use L2Bridge",
        )
    if flags & Flag.DISABLE_HOST_PORT:
        require(release, "DisableHostPort", Hr.HCN_E_INVALID_NETWORK, "Flags DisableHostPort")
    for flag, schema in _FLAG_SCHEMA.items():
        if flags & flag and release.schema < schema:
            raise HnsError(
                Hr.HCN_E_INVALID_NETWORK,
                f"Flags {flag.value} came with schema {schema[0]}.{schema[1]}, which "
                f"{release.title} does not have; leave it out or use a newer release",
            )


def check_unique(network_id: str, name: str, others: Iterable[Neighbour]) -> None:
    """Refuse an id or a name that another network of the host has; names are compared exactly.

    Raises: HCN_E_NETWORK_ALREADY_EXISTS: WSL opens the network it then finds under its own id [C].
    Source: hns-behaviour.md section 6.3 [O] for names on L2Bridge and NAT, for all types [I].
    """
    for other in others:
        if other.id == network_id or (name and other.name == name):
            what = "ID" if other.id == network_id else f"name {name!r}"
            raise HnsError(
                Hr.HCN_E_NETWORK_ALREADY_EXISTS,
                f"network {other.id} has the {what} already; use it, delete it, or choose another",
            )


def check_subnets(
    mode: Mode,
    rules: NetworkType,
    planned: Sequence[Subnet],
    others: Iterable[Neighbour],
    release: Release,
) -> None:
    """Refuse subnets that the type or the other networks of the host exclude.

    Raises: HCN_E_INVALID_NETWORK for an Overlay network without any, and what `check_prefix` of
            NAT raises: the host has an address in each NAT and ICS network.
    """
    if mode is Mode.OVERLAY and not planned:
        raise HnsError(
            Hr.HCN_E_INVALID_NETWORK, "an Overlay network needs a subnet with a VSID policy"
        )
    if rules.allocates:
        for subnet in planned:
            check_prefix(subnet.network, host_prefixes(others), release)


def host_prefixes(networks: Iterable[Neighbour]) -> list[IpNetwork]:
    """Return the prefixes of the NAT and ICS networks, oldest first."""
    return [prefix for network in networks if network.has_nat for prefix in network.prefixes]


def kept_flags(requested: int, mode: Mode, release: Release) -> int:
    """Return the flags a network keeps: NAT networks do not persist unless told to, from 10.x on.

    Source: hns-behaviour.md section 7.6 [O]; that EnablePersistent keeps it away is [I].
    """
    if (
        mode is Mode.NAT
        and release.hns >= _ADDS_NON_PERSISTENT
        and not requested & Flag.ENABLE_PERSISTENT
    ):
        return requested | Flag.ENABLE_NON_PERSISTENT.value
    return requested


def lowest_dns_compartment(taken: Iterable[int]) -> int:
    """Return the compartment in which Docker resolves for a new Overlay network: 3, then 4.

    taken: those of the networks that exist; the number of a deleted network is free again [I].
    Source: sig-windows-dev-tools#184, flannel#1238 [O].
    """
    others = set(taken)
    return next(
        number for number in itertools.count(_FIRST_DNS_COMPARTMENT) if number not in others
    )


def own_mac_range(start: int, others: Iterable[MacRange]) -> MacRange:
    """Return the range of 4096 MACs at `start`, or the next one that no other network has.

    start: a random number below 4096. When all are taken, networks share: MACs are unique within
    a network. Source: hns-behaviour.md section 7.3 [O].
    """
    taken = {other.start.upper() for other in others}
    following = (mac.random_range(start + step) for step in range(_RANGES))
    free = (candidate for candidate in following if candidate.start not in taken)
    return next(free, mac.random_range(start))


def dr_mac(draw: Callable[[int], int], ranges: Sequence[MacRange]) -> str:
    """Return a MAC for the distributed router, outside the network's own pool.

    draw: returns a random number below its argument. Source: hns-behaviour.md section 7.3 [O].
    """
    for _ in range(_RANGES):
        address = mac.HYPER_V << 24 | draw(_LOWER_HALF)
        if not mac.holds(ranges, address):
            return mac.format_mac(address)
    raise HnsError(
        Hr.HCN_E_INVALID_NETWORK,
        "MacPool leaves no 00-15-5D address for the distributed router; make it smaller",
    )


def nat_instance(
    mode: Mode, release: Release, subnet: Subnet, allocator_id: str, interface_id: str
) -> NatInstance:
    """Return the NAT behind a NAT or ICS network. Source: hns-behaviour.md section 8 [O]."""
    on_winnat = mode is Mode.NAT and release.nat_on_winnat
    return NatInstance(
        engine="WinNAT" if on_winnat else "ICS",
        allocator_id=allocator_id,
        interface_id=interface_id,
        subnet_address=str(ipaddress.ip_address(subnet.network.network_address)),
        gateway=subnet.gateway,
        prefix_length=subnet.network.prefixlen,
    )
