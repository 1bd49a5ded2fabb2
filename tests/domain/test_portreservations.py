"""Which reservations of ports exclude each other, and where ranges are chosen."""

from dataclasses import replace

import pytest

from hnsemu.domain.portreservations import (
    PortAccess,
    PortProtocol,
    PortReservation,
    check_port,
    choose_range,
    excludes,
    expiry,
)
from hnsemu.errors import HnsError, Hr

TCP, UDP, BOTH = PortProtocol.TCP, PortProtocol.UDP, PortProtocol.BOTH
OWN, SHARED = PortAccess.EXCLUSIVE, PortAccess.SHARED
HELD = PortReservation(1, "a", "s", TCP, OWN, 8000, 8009)


@pytest.mark.parametrize(
    ("protocol", "access", "start", "end", "expected"),
    [
        (TCP, OWN, 8009, 8009, True),
        (TCP, OWN, 8010, 8020, False),
        (TCP, OWN, 7990, 8000, True),
        (TCP, OWN, 7990, 7999, False),
        (UDP, OWN, 8000, 8000, False),
        (BOTH, OWN, 8000, 8000, True),
        (TCP, SHARED, 8000, 8000, True),
    ],
)
def test_an_exclusive_reservation_keeps_others_out(
    protocol: PortProtocol, access: PortAccess, start: int, end: int, *, expected: bool
) -> None:
    asked = PortReservation(2, "b", "s", protocol, access, start, end)
    assert excludes(HELD, asked) is excludes(asked, HELD) is expected


def test_shared_reservations_share() -> None:
    shared = replace(HELD, access=SHARED)
    assert not excludes(shared, shared)
    assert excludes(shared, HELD)


@pytest.mark.parametrize(
    ("taken", "first"),
    [
        ([], 49152),
        ([range(49152, 49160)], 49160),
        ([range(49160, 49170)], 49170),
        ([range(49170, 49180), range(49152, 49153)], 49153),
        ([range(80, 81)], 49152),
    ],
)
def test_a_range_is_the_first_free_one(taken: list[range], first: int) -> None:
    assert choose_range(10, taken) == first


def test_no_range_is_left() -> None:
    with pytest.raises(HnsError) as refusal:
        choose_range(2, [range(49153, 65535)])
    assert refusal.value.hr is Hr.HCN_E_PORT_NOT_FOUND
    assert choose_range(1, [range(49153, 65535)]) == 49152
    assert choose_range(16384, []) == 49152


@pytest.mark.parametrize("count", [0, 16385])
def test_a_range_has_a_size(count: int) -> None:
    with pytest.raises(HnsError) as refusal:
        choose_range(count, [])
    assert refusal.value.hr is Hr.E_INVALIDARG


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(HnsError) as refusal:
        check_port(port)
    assert refusal.value.hr is Hr.E_INVALIDARG


def test_a_lease_ends_and_none_never_does() -> None:
    assert expiry(1000, 2) == 20_001_000
    assert expiry(1000, 0) == 0
