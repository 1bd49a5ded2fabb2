"""States of guest network services and of the interfaces they mirror."""

import pytest

from hnsemu.domain.guestnetworkservices import (
    GuestNetworkService,
    MirroredInterface,
    ServiceFacts,
    ServiceRequest,
    ServiceState,
    change_state,
    check_requested_state,
    in_state,
    new_service,
    properties,
)
from hnsemu.domain.identity import IdentityRequest
from hnsemu.domain.notifications import HcnNotification
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource

MIRRORING = GuestNetworkService(1, "s", interfaces=(MirroredInterface("e", "g"),))


def test_states_have_the_numbers_of_the_schema() -> None:
    assert [state.number for state in ServiceState] == list(range(9))
    assert ServiceState.SYNCHRONIZED.number == 3


@pytest.mark.parametrize("state", ["None", "Created", "Destroyed"])
def test_some_states_are_for_hns_to_give(state: str) -> None:
    with pytest.raises(HnsError) as refusal:
        check_requested_state(ServiceState(state))
    assert refusal.value.hr is Hr.E_INVALIDARG
    assert "Synchronized" in refusal.value.detail


@pytest.mark.parametrize("state", ["Bootstrapping", "Synchronized", "Paused", "Desynchronized"])
def test_interfaces_follow_their_service(state: str) -> None:
    changed = in_state(MIRRORING, ServiceState(state))
    assert changed.state == state
    assert changed.interfaces == (MirroredInterface("e", "g", state),)


@pytest.mark.parametrize("state", ["Rehydrating", "Degraded"])
def test_interfaces_stay_where_they_have_no_such_state(state: str) -> None:
    assert in_state(MIRRORING, ServiceState(state)).interfaces == MIRRORING.interfaces


def test_a_filter_names_what_a_service_has() -> None:
    assert properties(MIRRORING)["State"] == 1


@pytest.mark.parametrize("state", ["Synchronized", "Paused", "Degraded"])
def test_a_caller_may_bring_a_service_to_other_states(state: str) -> None:
    check_requested_state(ServiceState(state))


FACTS = ServiceFacts(RELEASES["ws2025"], 7, endpoint_keys={"e": 11, "f": 12})


def mirroring(*endpoint_ids: str, id_: str = "") -> ServiceRequest:
    mirrored = tuple(MirroredInterface(endpoint_id, "g") for endpoint_id in endpoint_ids)
    return ServiceRequest(IdentityRequest(id_, "wsl"), interfaces=mirrored, mirrors_host=True)


def test_a_new_service_is_created_and_told() -> None:
    new = new_service(mirroring("f", "e", id_="mine"), FACTS, SeededSource())
    assert (new.service.id, new.service.name, new.service.state) == ("mine", "wsl", "Created")
    assert new.endpoint_keys == (12, 11)
    (told,) = new.notifications
    assert (told.kind, told.object_id) == (HcnNotification.GUEST_NETWORK_SERVICE_CREATE, "mine")


@pytest.mark.parametrize(
    ("endpoint_ids", "facts", "hr"),
    [
        (("e", ""), FACTS, Hr.E_INVALIDARG),
        (("e", "e"), FACTS, Hr.E_INVALIDARG),
        (("e", "z"), FACTS, Hr.HCN_E_ENDPOINT_NOT_FOUND),
        (("e",), ServiceFacts(RELEASES["ws2025"], 7, id_is_taken=True), Hr.E_OBJECT_ALREADY_EXISTS),
    ],
    ids=["no endpoint", "one endpoint twice", "unknown endpoint", "the id is taken"],
)
def test_other_services_are_refused(
    endpoint_ids: tuple[str, ...], facts: ServiceFacts, hr: Hr
) -> None:
    with pytest.raises(HnsError) as refusal:
        new_service(mirroring(*endpoint_ids), facts, SeededSource())
    assert refusal.value.hr is hr


@pytest.mark.parametrize(
    ("service", "state", "kinds"),
    [
        (MIRRORING, "Created", []),
        (MIRRORING, "Synchronized", ["SERVICE_STATE", "SERVICE_INTERFACE_STATE"]),
        (MIRRORING, "Degraded", ["SERVICE_STATE"]),
        (GuestNetworkService(1, "s"), "Synchronized", ["SERVICE_STATE"]),
    ],
    ids=["the same state", "interfaces follow", "interfaces stay", "no interfaces"],
)
def test_a_change_of_state_is_told(
    service: GuestNetworkService, state: str, kinds: list[str]
) -> None:
    change = change_state(service, ServiceState(state), 9)
    assert [told.kind.name for told in change.notifications] == [
        f"GUEST_NETWORK_{kind}_CHANGED" for kind in kinds
    ]
    assert change.service.updated == (9 if kinds else 0)


def test_what_is_told_names_the_interfaces() -> None:
    told = change_state(MIRRORING, ServiceState.SYNCHRONIZED, 9).notifications[0]
    interfaces = [{"EndpointId": "e", "State": "Synchronized"}]
    assert told.data == {"Data": {"State": "Synchronized", "Interfaces": interfaces}}
