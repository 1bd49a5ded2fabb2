"""States of guest network services and of the interfaces they mirror."""

import pytest

from hnsemu.domain.guestnetworkservices import (
    GuestNetworkService,
    MirroredInterface,
    ServiceState,
    check_requested_state,
    in_state,
    properties,
)
from hnsemu.errors import HnsError, Hr

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
