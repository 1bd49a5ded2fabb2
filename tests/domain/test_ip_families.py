"""Which families a network of a type takes, by release."""

import pytest

from hnsemu.domain.ip_families import Families, cell, check_families
from hnsemu.domain.network_types import NETWORK_TYPES, Mode
from hnsemu.domain.releases import RELEASES, with_versions
from hnsemu.errors import HnsError, Hr


@pytest.mark.parametrize(
    ("mode", "families", "first"),
    [
        (Mode.NAT, Families.IPV6, "ws2004"),
        (Mode.NAT, Families.BOTH, "ws2004"),
        (Mode.L2BRIDGE, Families.IPV6, "ws2004"),
        (Mode.L2BRIDGE, Families.BOTH, "ws2004"),
        (Mode.L2TUNNEL, Families.BOTH, "ws2004"),
        (Mode.OVERLAY, Families.BOTH, "win11"),
        (Mode.TRANSPARENT, Families.IPV6, "ws2016"),
        (Mode.TRANSPARENT, Families.BOTH, "ws2004"),
    ],
)
def test_ipv6_comes_with_a_release_and_stays(mode: Mode, families: Families, first: str) -> None:
    by_build = sorted(RELEASES.values(), key=lambda release: release.build)
    taking = [release for release in by_build if cell(mode, families, release).allowed]
    assert taking == by_build[by_build.index(RELEASES[first]) :]


@pytest.mark.parametrize("mode", [Mode.ICS, Mode.CONSTRAINED_ICS, Mode.PRIVATE, Mode.INTERNAL])
@pytest.mark.parametrize("families", [Families.IPV6, Families.BOTH])
def test_other_types_know_ipv4_only(mode: Mode, families: Families) -> None:
    assert not any(cell(mode, families, release).allowed for release in RELEASES.values())


@pytest.mark.parametrize("mode", NETWORK_TYPES)
@pytest.mark.parametrize("families", Families)
def test_a_cell_says_where_it_comes_from(mode: Mode, families: Families) -> None:
    for release in RELEASES.values():
        found = cell(mode, families, release)
        assert found.origin in {"documented", "observed", "from clients", "inferred"}
        assert bool(found.source) is (found.origin != "inferred")


def test_overlay_goes_by_the_build() -> None:
    before = with_versions(RELEASES["ws2022"], build=22409)
    since = with_versions(RELEASES["ws2022"], build=22410)
    assert not cell(Mode.OVERLAY, Families.BOTH, before).allowed
    assert cell(Mode.OVERLAY, Families.BOTH, since).allowed


def test_a_refusal_names_the_types_that_take_the_families() -> None:
    check_families(Mode.NAT, Families.BOTH, RELEASES["ws2022"], "subnets a and b")
    with pytest.raises(HnsError, match="use one of NAT, Transparent, L2Bridge") as refusal:
        check_families(Mode.OVERLAY, Families.BOTH, RELEASES["ws2022"], "subnets a and b")
    assert refusal.value.hr is Hr.HCN_E_INVALID_SUBNET
    assert "IPv4 and IPv6 together" in refusal.value.detail
    with pytest.raises(HnsError, match="newer release"):
        check_families(Mode.L2BRIDGE, Families.BOTH, RELEASES["ws2019"], "subnets a and b")
