"""What a host allows of a new network, and what HNS decides by itself."""

import itertools
from dataclasses import replace
from ipaddress import ip_network

import pytest

from hnsemu.domain import mac
from hnsemu.domain.network_rules import (
    Flag,
    check_allowed,
    dr_mac,
    host_prefixes,
    kept_flags,
    nat_instance,
    own_mac_range,
)
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import MacRange, NatInstance, Neighbour, Subnet
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr

FIRST_RANGE = MacRange("00-15-5D-00-00-00", "00-15-5D-00-0F-FF")
EVERY_MAC = MacRange("00-15-5D-00-00-00", "00-15-5D-FF-FF-FF")


@pytest.mark.parametrize(
    ("release", "mode", "flags", "azure_vm"),
    [
        ("ws2016", Mode.OVERLAY, 0, False),
        ("ws1803", Mode.OVERLAY, 0, False),
        ("ws2019", Mode.OVERLAY, 0, True),
        ("ws2022", Mode.CONSTRAINED_ICS, 0, False),
        ("win11", Mode.ICS, 265, False),
        ("ws2025", Mode.TRANSPARENT, Flag.DISABLE_HOST_PORT, False),
        ("ws2025", Mode.TRANSPARENT, Flag.ENABLE_IOV, True),
        ("ws2025", Mode.L2BRIDGE, 1 << 20, True),
    ],
)
def test_network_that_windows_allows(
    *, release: str, mode: Mode, flags: int, azure_vm: bool
) -> None:
    check_allowed(mode, flags, RELEASES[release], azure_vm=azure_vm)


@pytest.mark.parametrize(
    ("release", "mode", "flags", "azure_vm", "hr"),
    [
        ("ws2019-rtm", Mode.OVERLAY, 0, False, Hr.HCN_E_VFP_NOT_ALLOWED),
        ("ws2004", Mode.CONSTRAINED_ICS, 0, False, Hr.HCN_E_INVALID_NETWORK_TYPE),
        ("win11", Mode.TRANSPARENT, Flag.DISABLE_HOST_PORT, False, Hr.HCN_E_INVALID_NETWORK),
        ("ws2004", Mode.ICS, Flag.ENABLE_FLOW_STEERING, False, Hr.HCN_E_INVALID_NETWORK),
        ("ws2022", Mode.ICS, Flag.DISABLE_SHARING, False, Hr.HCN_E_INVALID_NETWORK),
        ("ws2022", Mode.ICS, Flag.ENABLE_FIREWALL, False, Hr.HCN_E_INVALID_NETWORK),
        ("ws2025", Mode.TRANSPARENT, 0, True, Hr.HCN_E_REQUEST_UNSUPPORTED),
    ],
)
def test_network_that_windows_does_not_have_is_refused(
    *, release: str, mode: Mode, flags: int, azure_vm: bool, hr: Hr
) -> None:
    with pytest.raises(HnsError) as refusal:
        check_allowed(mode, flags, RELEASES[release], azure_vm=azure_vm)
    assert refusal.value.hr is hr


@pytest.mark.parametrize(
    ("release", "mode", "flags", "kept"),
    [
        ("ws2019", Mode.NAT, 0, 0),
        ("ws1903", Mode.NAT, 0, 8),
        ("ws2025", Mode.NAT, 1, 9),
        ("ws2025", Mode.NAT, 16, 16),
        ("ws2025", Mode.NAT, 24, 24),
        ("ws2025", Mode.ICS, 0, 0),
        ("ws2025", Mode.OVERLAY, 8, 8),
    ],
)
def test_only_nat_networks_become_non_persistent(
    release: str, mode: Mode, flags: int, kept: int
) -> None:
    assert kept_flags(flags, mode, RELEASES[release]) == kept


def test_network_gets_the_drawn_range_when_it_is_free() -> None:
    assert own_mac_range(5, [FIRST_RANGE]) == mac.random_range(5)


def test_network_gets_the_next_free_range_around_the_end() -> None:
    taken = [mac.random_range(4095), FIRST_RANGE]
    lower = [MacRange(mac_range.start.lower(), mac_range.end) for mac_range in taken]
    assert own_mac_range(4095, lower) == mac.random_range(1)


def test_networks_share_a_range_when_all_are_taken() -> None:
    assert own_mac_range(7, map(mac.random_range, range(4096))) == mac.random_range(7)


def test_router_mac_is_drawn_until_it_is_outside_the_pool() -> None:
    draws = itertools.chain([0, 0xFFF], [0x1000])
    assert dr_mac(lambda _: next(draws), [FIRST_RANGE]) == "00-15-5D-00-10-00"


def test_pool_that_leaves_no_router_mac_is_refused() -> None:
    with pytest.raises(HnsError) as refusal:
        dr_mac(lambda _: 1, [EVERY_MAC])
    assert refusal.value.hr is Hr.HCN_E_INVALID_NETWORK


@pytest.mark.parametrize(
    ("release", "mode", "engine"),
    [
        ("ws2022", Mode.NAT, "WinNAT"),
        ("ws2019", Mode.NAT, "ICS"),
        ("ws2025", Mode.ICS, "ICS"),
        ("ws2025", Mode.CONSTRAINED_ICS, "ICS"),
    ],
)
def test_nat_is_winnat_from_13_on(release: str, mode: Mode, engine: str) -> None:
    inside = Subnet(0, "s", "172.21.16.9/20", "172.21.16.1")
    instance = nat_instance(mode, RELEASES[release], inside, "allocator", "interface")
    assert instance == NatInstance(
        engine, "allocator", "interface", "172.21.16.0", "172.21.16.1", 20
    )


def test_only_networks_with_a_nat_hold_the_hosts_prefixes() -> None:
    inside = ip_network("172.21.16.0/20")
    bridge = Neighbour("b", "b", vswitch_key=1, prefixes=(inside,))
    assert host_prefixes([bridge, replace(bridge, has_nat=True)]) == [inside]
