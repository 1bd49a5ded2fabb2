"""Guest network services: made, brought from state to state, and gone with their machine."""

from typing import Any

import pytest

from hnsemu.domain.clock import ClockChange
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.guestnetworkservices import GuestNetworkService, ServiceState
from hnsemu.domain.notifications import Handle
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v2.guest import services as wire
from hnsemu.schema.v2.modify import ModifyGuestNetworkServiceSettingRequest
from hnsemu.schema.v2.query import EVERYTHING, HostComputeQuery
from hnsemu.services import endpoints, notifications
from hnsemu.services import guestnetworkservices as services
from hnsemu.services.clock import change_clock
from hnsemu.services.hosts.lifecycle import reboot_host, restart_hns
from hnsemu.storage.transaction import Hns
from tests.services.listening import heard, names, now, read_all
from tests.services.pods import overlay, pod

UNKNOWN = "11111111-2222-3333-4444-555555555555"


def created(hns: Hns, **members: object) -> GuestNetworkService:
    """Return a new guest network service."""
    document = {**members, "SchemaVersion": {"Major": 2, "Minor": 14}}
    return services.create_guest_network_service(hns, parse(wire.GuestNetworkService, document))


def mirroring(hns: Hns) -> tuple[GuestNetworkService, Endpoint]:
    """Return a new guest network service and the endpoint that it mirrors."""
    endpoint = pod(hns, overlay(hns))
    return created(hns, MirroredInterfaces=[{"EndpointId": endpoint.id}]), endpoint


def modify(hns: Hns, service_id: str, **members: Any) -> GuestNetworkService:
    """Send a modify request."""
    document = parse(ModifyGuestNetworkServiceSettingRequest, {"ResourceType": "State", **members})
    return services.modify_guest_network_service(hns, service_id, document)


def listed(hns: Hns, query: HostComputeQuery = EVERYTHING) -> list[GuestNetworkService]:
    """Return the services of the host."""
    return services.list_guest_network_services(hns, query)


def test_a_fresh_service_is_created_and_kept_as_asked(hns: Hns) -> None:
    service = created(
        hns,
        Name="wsl",
        VirtualMachineId=UNKNOWN,
        MirrorHostNetworking=True,
        GnsRpcServerInformation={"NetworkAddress": "vm", "EndpointType": "HvSocket"},
        Flags=2,
    )
    assert service.state is ServiceState.CREATED
    assert (service.virtual_machine_id, service.mirrors_host, service.flags) == (UNKNOWN, True, 2)
    assert services.get_guest_network_service(hns, service.id) == service
    assert listed(hns) == [service]


def test_interfaces_of_endpoints_are_mirrored(hns: Hns) -> None:
    service, endpoint = mirroring(hns)
    (interface,) = service.interfaces
    assert (interface.endpoint_id, interface.state) == (endpoint.id, "Created")
    endpoints.delete_endpoint(hns, endpoint.id)
    assert services.get_guest_network_service(hns, service.id).interfaces == ()


def test_a_state_is_taken_and_told(hns: Hns) -> None:
    service, endpoint = mirroring(hns)
    changed = modify(hns, service.id, RequestType="Update", Settings={"State": "Synchronized"})
    assert changed.state is ServiceState.SYNCHRONIZED
    assert changed.interfaces[0].state == "Synchronized"
    assert services.get_guest_network_service(hns, service.id) == changed
    told = {
        "ID": service.id,
        "Data": {
            "State": "Synchronized",
            "Interfaces": [{"EndpointId": endpoint.id, "State": "Synchronized"}],
        },
    }
    assert heard(hns, Handle.GUEST_NETWORK_SERVICE, service.id) == [
        ("GuestNetworkServiceStateChanged", told),
        ("GuestNetworkServiceInterfaceStateChanged", told),
    ]


def test_the_same_state_again_is_no_news(hns: Hns) -> None:
    service = created(hns)
    modify(hns, service.id, Settings={"State": 2})
    after = now(hns, Handle.GUEST_NETWORK_SERVICE, service.id)
    modify(hns, service.id, Settings={"State": "Bootstrapping"})
    assert names(hns, after) == []


def test_one_made_anew_under_its_id_is_another_one(hns: Hns) -> None:
    service = created(hns)
    start = now(hns, Handle.GUEST_NETWORK_SERVICE, service.id)
    assert not notifications.read_on(hns, start).end
    services.delete_guest_network_service(hns, service.id)
    created(hns, ID=service.id)
    assert notifications.read_on(hns, start).end


def test_coming_and_going_is_told_to_the_host(hns: Hns) -> None:
    start = now(hns)
    service = created(hns)
    services.delete_guest_network_service(hns, service.id)
    assert heard(hns, after=start.number) == [
        ("GuestNetworkServiceCreate", {"ID": service.id}),
        ("GuestNetworkServiceDelete", {"ID": service.id}),
    ]
    assert listed(hns) == []


def test_a_filter_selects(hns: Hns) -> None:
    created(hns, Name="one")
    two = created(hns, Name="two")
    assert listed(hns, HostComputeQuery(filter='{"Name": "two"}')) == [two]


def test_it_awaits_its_guest_anew_after_a_restart_and_is_gone_after_a_reboot(hns: Hns) -> None:
    service = created(hns)
    modify(hns, service.id, Settings={"State": "Synchronized"})
    restart_hns(hns)
    assert services.get_guest_network_service(hns, service.id).state is ServiceState.REHYDRATING
    reboot_host(hns)
    assert listed(hns) == []


@pytest.mark.parametrize(
    ("members", "hr"),
    [
        ({"MirroredInterfaces": [{"EndpointId": UNKNOWN}]}, Hr.HCN_E_ENDPOINT_NOT_FOUND),
        ({"MirroredInterfaces": [{}]}, Hr.E_INVALIDARG),
    ],
)
def test_what_cannot_be_mirrored_is_refused_whole(
    hns: Hns, members: dict[str, object], hr: Hr
) -> None:
    with pytest.raises(HnsError) as refusal:
        created(hns, **members)
    assert refusal.value.hr is hr
    assert listed(hns) == []


def test_an_endpoint_is_mirrored_once(hns: Hns) -> None:
    endpoint = pod(hns, overlay(hns))
    with pytest.raises(HnsError) as refusal:
        created(hns, MirroredInterfaces=[{"EndpointId": endpoint.id}, {"EndpointId": endpoint.id}])
    assert refusal.value.hr is Hr.E_INVALIDARG


def test_an_id_is_taken_once(hns: Hns) -> None:
    service = created(hns)
    with pytest.raises(HnsError) as refusal:
        created(hns, ID=service.id.upper())
    assert refusal.value.hr is Hr.E_OBJECT_ALREADY_EXISTS


@pytest.mark.parametrize(
    ("members", "hr"),
    [
        ({"RequestType": "Add", "Settings": {"State": "Paused"}}, Hr.HCN_E_REQUEST_UNSUPPORTED),
        ({"RequestType": "Update", "Settings": {"State": "Created"}}, Hr.E_INVALIDARG),
        ({"RequestType": "Update", "Settings": {}}, Hr.E_INVALIDARG),
        ({"RequestType": "Update", "Settings": {"State": "Asleep"}}, Hr.HCN_E_INVALID_JSON),
        ({"RequestType": "Update", "Settings": 5}, Hr.HCN_E_INVALID_JSON),
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(
    hns: Hns, members: dict[str, object], hr: Hr
) -> None:
    service = created(hns)
    with pytest.raises(HnsError) as refusal:
        modify(hns, service.id, **members)
    assert refusal.value.hr is hr
    assert services.get_guest_network_service(hns, service.id) == service


def test_an_unknown_service_is_not_found(hns: Hns) -> None:
    for use_case in (
        services.get_guest_network_service,
        services.delete_guest_network_service,
    ):
        with pytest.raises(HnsError) as refusal:
            use_case(hns, UNKNOWN)
        assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND


def test_a_service_created_again_under_its_id_while_the_clock_stands_is_another_one(
    hns: Hns,
) -> None:
    change_clock(hns, ClockChange(freezes=True))
    created(hns, ID=UNKNOWN)
    watching = now(hns, Handle.GUEST_NETWORK_SERVICE, UNKNOWN)
    services.delete_guest_network_service(hns, UNKNOWN)
    created(hns, ID=UNKNOWN)
    assert read_all(hns, watching)[1].end == "the object was deleted"
    assert not read_all(hns, now(hns, Handle.GUEST_NETWORK_SERVICE, UNKNOWN))[1].end
    resumed = notifications.begin(hns, Handle.GUEST_NETWORK_SERVICE, UNKNOWN, watching.number)
    assert not read_all(hns, resumed)[1].end
