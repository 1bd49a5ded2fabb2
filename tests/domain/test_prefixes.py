"""Prefixes that overlap are found; others are not."""

from ipaddress import ip_network

import pytest

from hnsemu.domain.prefixes import PrefixIndex
from tests.work import calls


@pytest.fixture
def index() -> PrefixIndex[str]:
    known: PrefixIndex[str] = PrefixIndex()
    for prefix in ("10.0.0.0/16", "10.1.0.0/24", "fd00::/64"):
        known.add(ip_network(prefix), prefix)
    return known


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        pytest.param("10.1.0.0/24", "10.1.0.0/24", id="the same"),
        pytest.param("10.0.7.0/24", "10.0.0.0/16", id="inside"),
        pytest.param("10.1.0.0/16", "10.1.0.0/24", id="around"),
        pytest.param("10.0.0.0/8", "10.0.0.0/16", id="around several: the first added"),
        pytest.param("10.1.1.0/24", None, id="beside"),
        pytest.param("fd00::1:0/112", "fd00::/64", id="inside, IPv6"),
        pytest.param("::/0", "fd00::/64", id="around all of its family"),
        pytest.param("fd01::/64", None, id="beside, IPv6"),
    ],
)
def test_the_prefix_that_overlaps_is_found(
    index: PrefixIndex[str], prefix: str, found: str | None
) -> None:
    assert index.overlapping(ip_network(prefix)) == found


def test_a_prefix_beside_which_none_is_looked_for_costs_nothing() -> None:
    known: PrefixIndex[str] = PrefixIndex()
    prefix = ip_network("fd00::/64")
    assert calls(lambda: known.add(prefix, "pods")) < 10
