"""Which reservations of ports exclude each other, and where ranges are chosen."""

from dataclasses import replace

import pytest

from hnsemu.domain.portreservations import (
    PortAccess,
    PortFacts,
    PortProtocol,
    PortRequest,
    PortReservation,
    check_port,
    choose_range,
    excludes,
    expiry,
    new_reservation,
    renewed,
)
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource

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
    new = PortReservation(2, "b", "s", protocol, access, start, end)
    assert excludes(HELD, new) is excludes(new, HELD) is expected


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


FACTS = PortFacts(
    1000, (HELD, replace(HELD, id="c", access=SHARED, start=49152, end=49160)), {6: {49161}}
)


@pytest.mark.parametrize(
    ("request_", "protocol", "start", "end"),
    [
        (PortRequest(port=9000), BOTH, 9000, 9000),
        (PortRequest(port=8000, protocol="udp"), UDP, 8000, 8000),
        (PortRequest(port=49152, protocol="TCP", access="Shared"), TCP, 49152, 49152),
        (PortRequest(count=3), BOTH, 49162, 49164),
        (PortRequest(count=3, protocol="UDP"), UDP, 49152, 49154),
        (PortRequest(count=9, protocol="TCP", access="Shared"), TCP, 49152, 49160),
    ],
    ids=[
        "a port",
        "of another protocol",
        "shared",
        "a range",
        "of another protocol",
        "shared range",
    ],
)
def test_a_service_gets_the_ports_that_are_free(
    request_: PortRequest, protocol: PortProtocol, start: int, end: int
) -> None:
    new = new_reservation("s", request_, FACTS, SeededSource())
    assert (new.service_id, new.protocol, new.start, new.end) == ("s", protocol, start, end)


def test_a_reservation_has_the_id_and_lease_that_are_wanted() -> None:
    new = new_reservation("s", PortRequest("mine", port=9000, lease=2), FACTS, SeededSource())
    assert (new.id, new.lease, new.expires) == ("mine", 2, 20_001_000)
    other = new_reservation("s", PortRequest(port=9000), FACTS, SeededSource())
    assert (len(other.id), other.expires) == (36, 0)


@pytest.mark.parametrize(
    ("request_", "hr"),
    [
        (PortRequest(), Hr.E_INVALIDARG),
        (PortRequest(port=1, count=1), Hr.E_INVALIDARG),
        (PortRequest(count=0), Hr.E_INVALIDARG),
        (PortRequest(port=0), Hr.E_INVALIDARG),
        (PortRequest(port=9000, protocol="SCTP"), Hr.E_INVALIDARG),
        (PortRequest(port=9000, access="Greedy"), Hr.E_INVALIDARG),
        (PortRequest(port=8000), Hr.HCN_E_PORT_ALREADY_EXISTS),
        (PortRequest(port=49152, protocol="TCP"), Hr.HCN_E_PORT_ALREADY_EXISTS),
        (PortRequest(port=49161, protocol="TCP", access="Shared"), Hr.HCN_E_PORT_ALREADY_EXISTS),
        (PortRequest(id="a", port=9000), Hr.E_OBJECT_ALREADY_EXISTS),
    ],
    ids=["neither", "both", "no count", "no port", "protocol", "access", "reserved",
         "shared by others", "published", "the id is taken"],
)  # fmt: skip
def test_other_requests_are_refused(request_: PortRequest, hr: Hr) -> None:
    with pytest.raises(HnsError) as refusal:
        new_reservation("s", request_, FACTS, SeededSource())
    assert refusal.value.hr is hr


def test_a_lease_is_renewed_from_now_on() -> None:
    assert renewed(HELD, 2, 1000).expires == 20_001_000
    assert renewed(replace(HELD, expires=7), 0, 1000).expires == 0
    with pytest.raises(HnsError) as refusal:
        renewed(HELD, None, 1000)
    assert refusal.value.hr is Hr.E_INVALIDARG
