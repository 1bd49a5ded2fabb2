"""Ports reserved for guest network services: claimed, leased, renewed and released."""

import pytest

from hnsemu.domain.portreservations import PortAccess, PortProtocol, PortReservation
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource
from hnsemu.schema.base import parse
from hnsemu.schema.v2.guest.ports import PortLease, PortReservationRequest
from hnsemu.schema.v2.guest.services import GuestNetworkService
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import guestnetworkservices, hosts, networks, portreservations
from hnsemu.services.hosts.lifecycle import restart_hns
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.racing import racing
from tests.services.pods import pod

TCP, UDP, BOTH = 1, 2, 3
EXCLUSIVE, SHARED = 1, 2
UNKNOWN = "11111111-2222-3333-4444-555555555555"
_SECOND = 10_000_000


class Clock(SeededSource):
    """A source whose time only moves when it is told to."""

    time = 133_500_000_000_000_000

    def filetime(self) -> int:
        """Return the time."""
        return self.time

    def pass_seconds(self, seconds: int) -> None:
        """Let time pass."""
        self.time += seconds * _SECOND


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hns(database: Database, clock: Clock) -> Hns:
    service = Hns(database, "default", clock)
    hosts.ensure_host(service)
    return service


@pytest.fixture
def guest(hns: Hns) -> str:
    """Return the id of a guest network service."""
    return guestnetworkservices.create_guest_network_service(hns, GuestNetworkService()).id


def reserve(hns: Hns, guest: str, **members: object) -> PortReservation:
    """Reserve ports."""
    return portreservations.reserve_ports(hns, guest, parse(PortReservationRequest, members))


def refused(hns: Hns, guest: str, **members: object) -> Hr:
    """Return with which code a reservation is refused."""
    with pytest.raises(HnsError) as refusal:
        reserve(hns, guest, **members)
    return refusal.value.hr


def held(hns: Hns, guest: str | None = None) -> list[PortReservation]:
    """Return what is reserved."""
    return portreservations.list_port_reservations(hns, guest)


def test_a_port_is_reserved_and_released(hns: Hns, guest: str) -> None:
    created = reserve(hns, guest, Protocol=TCP, Access=EXCLUSIVE, Port=8080)
    assert (created.start, created.end, created.service_id) == (8080, 8080, guest)
    assert held(hns) == held(hns, guest) == [portreservations.get_port_reservation(hns, created.id)]
    portreservations.release_port_reservation(hns, created.id)
    assert held(hns) == []
    reserve(hns, guest, Protocol="TCP", Access="Exclusive", Port=8080)


def test_what_is_not_said_is_both_protocols_exclusively(hns: Hns, guest: str) -> None:
    created = reserve(hns, guest, Port=8080)
    assert (created.protocol, created.access) == (PortProtocol.BOTH, PortAccess.EXCLUSIVE)


def test_a_range_is_chosen_around_what_is_taken(hns: Hns, guest: str) -> None:
    first = reserve(hns, guest, PortCount=4095)
    second = reserve(hns, guest, PortCount=4095)
    assert (first.start, first.end) == (49152, 53246)
    assert (second.start, second.end) == (53247, 57341)
    portreservations.release_port_reservation(hns, first.id)
    assert reserve(hns, guest, PortCount=100).start == 49152


@pytest.mark.parametrize(
    ("protocol", "access"), [(TCP, EXCLUSIVE), (TCP, SHARED), (BOTH, EXCLUSIVE)]
)
def test_a_taken_port_is_refused(hns: Hns, guest: str, protocol: int, access: int) -> None:
    reserve(hns, guest, Protocol=TCP, Access=EXCLUSIVE, Port=8080)
    members = {"Protocol": protocol, "Access": access, "Port": 8080}
    assert refused(hns, guest, **members) is Hr.HCN_E_PORT_ALREADY_EXISTS
    assert len(held(hns)) == 1


def test_the_other_protocol_is_free_and_shared_ports_are_shared(hns: Hns, guest: str) -> None:
    for _ in range(2):
        reserve(hns, guest, Protocol=TCP, Access=SHARED, Port=8080)
    reserve(hns, guest, Protocol=UDP, Access=EXCLUSIVE, Port=8080)
    assert len(held(hns)) == 3


def test_a_published_port_is_taken_on_both_sides(hns: Hns, guest: str) -> None:
    (network,) = networks.list_networks(hns, EVERYTHING)
    mapping = {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8080}
    pod(hns, network, {"Type": "PortMapping", "Settings": mapping})
    assert refused(hns, guest, Protocol=TCP, Port=8080) is Hr.HCN_E_PORT_ALREADY_EXISTS
    reserve(hns, guest, Protocol=UDP, Port=8080)
    reserve(hns, guest, Protocol=TCP, Port=9090)
    with pytest.raises(HnsError) as refusal:
        pod(hns, network, {"Type": "PortMapping", "Settings": {**mapping, "ExternalPort": 9090}})
    assert refusal.value.hr is Hr.HCN_E_PORT_ALREADY_EXISTS
    assert "reservation" in refusal.value.detail


def test_hns_chooses_no_reserved_port_to_publish(hns: Hns, guest: str) -> None:
    reserve(hns, guest, Protocol=TCP, PortCount=16383)
    (network,) = networks.list_networks(hns, EVERYTHING)
    mapping = {"Protocol": 6, "InternalPort": 80, "ExternalPort": 0}
    published = pod(hns, network, {"Type": "PortMapping", "Settings": mapping})
    assert '"ExternalPort":65535' in published.policies[0].settings.replace(" ", "")


def test_a_lease_that_ran_out_counts_as_released(hns: Hns, guest: str, clock: Clock) -> None:
    created = reserve(hns, guest, Port=8080, LeaseSeconds=30)
    clock.pass_seconds(29)
    assert held(hns) == [portreservations.get_port_reservation(hns, created.id)]
    clock.pass_seconds(1)
    assert held(hns) == []
    with pytest.raises(HnsError) as refusal:
        portreservations.release_port_reservation(hns, created.id)
    assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND
    reserve(hns, guest, Port=8080)


def test_a_lease_is_renewed(hns: Hns, guest: str, clock: Clock) -> None:
    created = reserve(hns, guest, Port=8080, LeaseSeconds=30)
    clock.pass_seconds(20)
    portreservations.renew_port_reservation(hns, created.id, PortLease(lease_seconds=30))
    clock.pass_seconds(20)
    assert len(held(hns)) == 1
    portreservations.renew_port_reservation(hns, created.id, PortLease(lease_seconds=0))
    clock.pass_seconds(1 << 30)
    assert len(held(hns)) == 1


def test_reservations_go_with_their_service_and_with_hns(hns: Hns, guest: str) -> None:
    reserve(hns, guest, Port=8080)
    guestnetworkservices.delete_guest_network_service(hns, guest)
    assert held(hns) == []
    other = guestnetworkservices.create_guest_network_service(hns, GuestNetworkService()).id
    reserve(hns, other, Port=8080)
    restart_hns(hns)
    assert held(hns) == []


@pytest.mark.parametrize(
    ("members", "hr"),
    [
        ({}, Hr.E_INVALIDARG),
        ({"Port": 80, "PortCount": 2}, Hr.E_INVALIDARG),
        ({"Port": 0}, Hr.E_INVALIDARG),
        ({"Port": 65536}, Hr.HCN_E_INVALID_JSON),
        ({"PortCount": 20000}, Hr.E_INVALIDARG),
        ({"Port": 80, "Protocol": 4}, Hr.HCN_E_INVALID_JSON),
        ({"Port": 80, "Protocol": "None"}, Hr.E_INVALIDARG),
        ({"Port": 80, "Access": 0}, Hr.E_INVALIDARG),
        ({"Port": 80, "LeaseSeconds": -1}, Hr.HCN_E_INVALID_JSON),
    ],
)
def test_what_makes_no_sense_is_refused(
    hns: Hns, guest: str, members: dict[str, object], hr: Hr
) -> None:
    assert refused(hns, guest, **members) is hr
    assert held(hns) == []


def test_an_id_is_taken_once(hns: Hns, guest: str) -> None:
    created = reserve(hns, guest, Port=80)
    assert refused(hns, guest, Port=81, ID=created.id) is Hr.E_OBJECT_ALREADY_EXISTS


def test_an_unknown_service_reserves_nothing(hns: Hns) -> None:
    assert refused(hns, UNKNOWN, Port=80) is Hr.E_ELEMENT_NOT_FOUND
    with pytest.raises(HnsError) as refusal:
        held(hns, UNKNOWN)
    assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND


def test_one_of_many_gets_the_port_and_all_get_ranges_of_their_own(hns: Hns, guest: str) -> None:
    won = racing(lambda _: reserve(hns, guest, Protocol=TCP, Port=8080))
    assert [type(outcome) for outcome in won].count(PortReservation) == 1
    assert set(won) - {outcome for outcome in won if isinstance(outcome, PortReservation)} == {
        Hr.HCN_E_PORT_ALREADY_EXISTS
    }
    ranges = racing(lambda _: reserve(hns, guest, PortCount=100))
    starts = {outcome.start for outcome in ranges if isinstance(outcome, PortReservation)}
    assert len(starts) == len(ranges)
