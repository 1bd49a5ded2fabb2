"""MAC addresses in every spelling, and the ranges they come from."""

import pytest

from hnsemu.domain.mac import at, check_ranges, format_mac, holds, parse_mac, random_range, size
from hnsemu.domain.networks import MacRange
from hnsemu.errors import HnsError, Hr

TWO = (
    MacRange("00-15-5D-00-00-00", "00-15-5D-00-00-01"),
    MacRange("00:15:5d:00:00:10", "00:15:5d:00:00:11"),
)


@pytest.mark.parametrize(
    "text", ["00-15-5D-AA-BB-0C", "00:15:5d:aa:bb:0c", "00155daabb0c", "00-15-5d-AA-bb-0c"]
)
def test_every_spelling_is_read(text: str) -> None:
    assert parse_mac(text) == 0x00155DAABB0C


@pytest.mark.parametrize("text", ["00-15-5D-AA-BB", "00-15:5D-AA-BB-0C", "zz155daabb0c", ""])
def test_what_is_no_mac_is_refused(text: str) -> None:
    with pytest.raises(HnsError) as refusal:
        parse_mac(text, Hr.HCN_E_INVALID_ENDPOINT)
    assert refusal.value.hr is Hr.HCN_E_INVALID_ENDPOINT


def test_macs_are_printed_as_hns_prints_them() -> None:
    assert format_mac(0x00155DAABB0C) == "00-15-5D-AA-BB-0C"


def test_a_network_gets_a_range_of_4096() -> None:
    chosen = random_range(0xABC)
    assert chosen == MacRange("00-15-5D-AB-C0-00", "00-15-5D-AB-CF-FF")
    assert size((chosen,)) == 4096


def test_ranges_lie_end_to_end() -> None:
    assert size(TWO) == 4
    assert [format_mac(at(TWO, index))[-2:] for index in range(4)] == ["00", "01", "10", "11"]
    assert holds(TWO, 0x00155D000010)
    assert not holds(TWO, 0x00155D000002)


def test_a_range_that_runs_backwards_is_refused() -> None:
    with pytest.raises(HnsError) as refusal:
        check_ranges((MacRange("00-15-5D-00-00-02", "00-15-5D-00-00-01"),))
    assert refusal.value.hr is Hr.HCN_E_INVALID_NETWORK


def test_there_is_nothing_behind_the_last_range() -> None:
    with pytest.raises(IndexError):
        at(TWO, 4)
