"""The kinds of notifications and where each is heard."""

import pytest

from hnsemu.domain.notifications import (
    Handle,
    HcnNotification,
    Notification,
    Position,
    lowest_number,
)

# Source: HCN_NOTIFICATIONS of Microsoft's HCN reference [D].
PUBLISHED = {
    "NetworkPreCreate": 0x00000001,
    "NetworkCreate": 0x00000002,
    "NetworkPreDelete": 0x00000003,
    "NetworkDelete": 0x00000004,
    "NamespaceCreate": 0x00000005,
    "NamespaceDelete": 0x00000006,
    "GuestNetworkServiceCreate": 0x00000007,
    "GuestNetworkServiceDelete": 0x00000008,
    "NetworkEndpointAttached": 0x00000009,
    "NetworkEndpointDetached": 0x00000010,
    "GuestNetworkServiceStateChanged": 0x00000011,
    "GuestNetworkServiceInterfaceStateChanged": 0x00000012,
    "ServiceDisconnect": 0x01000000,
}


def test_every_published_kind_has_its_name_and_number() -> None:
    assert {kind.text: int(kind) for kind in HcnNotification} == PUBLISHED


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (HcnNotification.NETWORK_CREATE, ""),
        (HcnNotification.NAMESPACE_DELETE, ""),
        (HcnNotification.GUEST_NETWORK_SERVICE_CREATE, ""),
        (HcnNotification.NETWORK_ENDPOINT_ATTACHED, "networks/n"),
        (HcnNotification.NETWORK_ENDPOINT_DETACHED, "networks/n"),
        (HcnNotification.GUEST_NETWORK_SERVICE_STATE_CHANGED, "guestnetworkservices/n"),
        (HcnNotification.GUEST_NETWORK_SERVICE_INTERFACE_STATE_CHANGED, "guestnetworkservices/n"),
    ],
)
def test_a_kind_is_heard_on_the_handles_it_is_published_for(
    kind: HcnNotification, subject: str
) -> None:
    assert Notification(kind, "x", heard_on="n").subject == subject


def test_a_reader_hears_what_is_told_to_its_handle() -> None:
    told = Notification(HcnNotification.NETWORK_ENDPOINT_ATTACHED, "x", heard_on="n")
    assert Position(1, 0, Handle.NETWORK, "n").subject == told.subject
    assert Position(1, 0, Handle.GUEST_NETWORK_SERVICE, "n").subject != told.subject
    assert Position(1, 0).subject != told.subject


def test_data_is_what_is_there() -> None:
    told = Notification(HcnNotification.NETWORK_CREATE, "x", data={"Flags": 0, "Data": {"a": 1}})
    assert told.members == {"ID": "x", "Data": {"a": 1}}
    assert Notification(HcnNotification.SERVICE_DISCONNECT).members == {}


@pytest.mark.parametrize(("oldest", "last", "lowest"), [(None, 0, 0), (None, 7, 7), (3, 7, 2)])
def test_reading_on_misses_nothing_from_before_the_oldest(
    oldest: int | None, last: int, lowest: int
) -> None:
    assert lowest_number(oldest, last) == lowest
