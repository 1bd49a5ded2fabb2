"""What HNS tells: one transaction with what happened, in order, and kept for a while."""

import pytest
from sqlalchemy import make_url

from hnsemu.domain.attachments import Attachment, SystemType
from hnsemu.domain.notifications import Handle, HcnNotification, Notification
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource
from hnsemu.schema.base import parse
from hnsemu.schema.v2.modify import ModifyEndpointSettingRequest, ModifyNamespaceSettingRequest
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import endpoints, hosts, namespaces, networks, notifications
from hnsemu.services.endpoints.attachment import attach_endpoint, detach_endpoint
from hnsemu.services.hosts.lifecycle import reboot_host, restart_hns
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns, Transaction, writes
from tests.racing import racing
from tests.services.listening import heard, names, now, read_all
from tests.services.pods import host_of, overlay, pod, remote

CONTAINER = Attachment(SystemType.CONTAINER, "c1")
BROKEN = {"Type": "SDNRoute", "Settings": {"DestinationPrefix": "<your service cidr>"}}


@writes
def tell(tx: Transaction, *ids: str) -> None:
    """Tell something of no consequence."""
    for object_id in ids:
        tx.notify(Notification(HcnNotification.NAMESPACE_CREATE, object_id))


@writes
def tell_and_fail(tx: Transaction) -> None:
    """Tell something, then refuse."""
    tx.notify(Notification(HcnNotification.NAMESPACE_CREATE, "never"))
    raise HnsError(Hr.E_INVALIDARG, "refused")


def refused(hns: Hns, after: int) -> Hr:
    with pytest.raises(HnsError) as refusal:
        notifications.begin(hns, Handle.SERVICE, "", after)
    return refusal.value.hr


def test_a_network_is_announced_and_then_there(hns: Hns) -> None:
    start = now(hns)
    created = overlay(hns)
    networks.delete_network(hns, created.id)
    assert heard(hns, after=start.number) == [
        ("NetworkPreCreate", {"ID": created.id}),
        ("NetworkCreate", {"ID": created.id}),
        ("NetworkPreDelete", {"ID": created.id}),
        ("NetworkDelete", {"ID": created.id}),
    ]


def test_the_flags_of_a_network_are_told(hns: Hns) -> None:
    start = now(hns)
    members = {
        "Name": "p",
        "Type": "Private",
        "Flags": 8,
        "SchemaVersion": {"Major": 2, "Minor": 0},
    }
    created = networks.create_network(hns, parse(HostComputeNetwork, members))
    assert heard(hns, after=start.number)[1] == ("NetworkCreate", {"ID": created.id, "Flags": 8})


def test_namespaces_come_and_go(hns: Hns) -> None:
    start = now(hns)
    created = namespaces.create_namespace(hns, HostComputeNamespace())
    namespaces.delete_namespace(hns, created.id)
    assert heard(hns, after=start.number) == [
        ("NamespaceCreate", {"ID": created.id}),
        ("NamespaceDelete", {"ID": created.id}),
    ]


def test_a_fresh_host_has_told_what_it_has(hns: Hns) -> None:
    told = [name for name, _ in heard(hns)]
    assert told == ["NamespaceCreate", "NetworkPreCreate", "NetworkCreate"]


def test_endpoints_are_not_news_until_they_are_plugged_in(hns: Hns) -> None:
    network = overlay(hns)
    service, watched = now(hns), now(hns, Handle.NETWORK, network.id)
    endpoint = pod(hns, network)
    remote(hns, network)
    assert names(hns, watched) == []
    attach_endpoint(hns, endpoint.id, CONTAINER)
    attach_endpoint(hns, endpoint.id, Attachment(SystemType.CONTAINER, "c2"))  # shares it
    detach_endpoint(hns, endpoint.id, "c2")
    detach_endpoint(hns, endpoint.id, "c1")
    assert heard(hns, Handle.NETWORK, network.id, watched.number) == [
        ("NetworkEndpointAttached", {"ID": endpoint.id}),
        ("NetworkEndpointDetached", {"ID": endpoint.id}),
    ]
    assert names(hns, service) == []


def test_a_network_hears_its_own_endpoints_only(hns: Hns) -> None:
    one, other = overlay(hns), networks.create_network(hns, _private())
    attach_endpoint(hns, pod(hns, one).id, CONTAINER)
    assert len(heard(hns, Handle.NETWORK, one.id)) == 1
    assert heard(hns, Handle.NETWORK, other.id) == []


def test_a_namespace_plugs_in_and_out(hns: Hns) -> None:
    network = overlay(hns)
    endpoint = pod(hns, network)
    namespace = namespaces.create_namespace(hns, HostComputeNamespace())
    start = now(hns, Handle.NETWORK, network.id)
    members = {
        "ResourceType": "Endpoint",
        "RequestType": "Add",
        "Settings": {"EndpointId": endpoint.id},
    }
    namespaces.modify_namespace(hns, namespace.id, parse(ModifyNamespaceSettingRequest, members))
    assert names(hns, start) == ["NetworkEndpointAttached"]
    namespaces.delete_namespace(hns, namespace.id)
    assert names(hns, start) == ["NetworkEndpointAttached", "NetworkEndpointDetached"]


def test_a_virtual_machine_plugs_in_and_out(hns: Hns) -> None:
    network = overlay(hns)
    endpoint = pod(hns, network)
    start = now(hns, Handle.NETWORK, network.id)
    for request in ("Add", "Remove"):
        document = parse(
            ModifyEndpointSettingRequest, {"ResourceType": "Port", "RequestType": request}
        )
        endpoints.modify_endpoint(hns, endpoint.id, document)
    assert names(hns, start) == ["NetworkEndpointAttached", "NetworkEndpointDetached"]


def test_what_is_plugged_in_is_unplugged_when_it_is_deleted(hns: Hns) -> None:
    network = overlay(hns)
    start = now(hns, Handle.NETWORK, network.id)
    kept, gone, never = pod(hns, network), pod(hns, network), pod(hns, network)
    for endpoint in (kept, gone):
        attach_endpoint(hns, endpoint.id, CONTAINER)
    endpoints.delete_endpoint(hns, gone.id)
    endpoints.delete_endpoint(hns, never.id)
    networks.delete_network(hns, network.id)
    told, page = read_all(hns, start)
    assert [notification.kind for notification in told[2:]] == [
        HcnNotification.NETWORK_ENDPOINT_DETACHED
    ] * 2
    assert gone.id in told[2].data
    assert kept.id in told[3].data
    assert page.end


def test_a_refusal_tells_nothing(hns: Hns) -> None:
    network = overlay(hns)
    start = now(hns)
    with pytest.raises(HnsError):
        tell_and_fail(hns)
    with pytest.raises(HnsError):
        overlay(hns)
    with pytest.raises(HnsError):
        networks.delete_network(hns, "11111111-2222-3333-4444-555555555555")
    broken = pod(hns, network, BROKEN)
    with pytest.raises(HnsError):  # degraded, which is kept, but never plugged in
        attach_endpoint(hns, broken.id, CONTAINER)
    assert names(hns, start) == []
    assert heard(hns, Handle.NETWORK, network.id) == []
    assert now(hns).number == start.number


def test_a_restart_disconnects_every_handle(database: Database) -> None:
    hns = host_of(database, "ws2025")
    network = overlay(hns)
    starts = [now(hns), now(hns, Handle.NETWORK, network.id)]
    restart_hns(hns)
    for start in starts:
        told, page = read_all(hns, start)
        assert told[-1].kind is HcnNotification.SERVICE_DISCONNECT
        assert told[-1].data == "{}"
        assert page.end
        # who comes back behind it goes on
        again = notifications.begin(hns, start.handle, start.object_id, told[-1].number)
        assert not notifications.read_on(hns, again).end


def test_what_ends_with_hns_goes_before_and_what_it_makes_comes_after(database: Database) -> None:
    hns = host_of(database, "ws2025")
    start = now(hns)
    reboot_host(hns)
    told, _ = read_all(hns, start)
    assert [notification.kind.text for notification in told] == [
        "NetworkPreDelete",
        "NetworkDelete",
        "ServiceDisconnect",
    ]
    again = notifications.begin(hns, Handle.SERVICE, "", told[-1].number)
    assert names(hns, again) == ["NetworkPreCreate", "NetworkCreate"]


def test_a_reboot_unplugs(hns: Hns) -> None:
    network = overlay(hns)
    endpoint = pod(hns, network)
    attach_endpoint(hns, endpoint.id, CONTAINER)
    start = now(hns, Handle.NETWORK, network.id)
    reboot_host(hns)
    assert names(hns, start) == ["NetworkEndpointDetached", "ServiceDisconnect"]


def test_a_reader_begins_with_what_comes(hns: Hns) -> None:
    tell(hns, "a")
    start = now(hns)
    tell(hns, "b")
    assert [told.data for told in read_all(hns, start)[0]] == ['{"ID":"b"}']


def test_a_reader_goes_on_behind_what_it_saw(hns: Hns) -> None:
    start = now(hns).number
    tell(hns, "a", "b", "c")
    for seen, following in ((0, "abc"), (1, "bc"), (2, "c"), (3, "")):
        assert [data["ID"] for _, data in heard(hns, after=start + seen)] == list(following)


def test_many_are_read_in_pages(hns: Hns) -> None:
    start = now(hns)
    wanted = [f"{number}" for number in range(450)]
    tell(hns, *wanted)
    first = notifications.read_on(hns, start)
    assert first.has_more
    assert len(first.notifications) < 450
    told, page = read_all(hns, start)
    assert [notification.data for notification in told] == [
        f'{{"ID":"{notification}"}}' for notification in wanted
    ]
    assert not page.end


def test_a_quiet_reader_keeps_up_with_a_busy_host(hns: Hns) -> None:
    network = overlay(hns)
    start = now(hns, Handle.NETWORK, network.id)
    tell(hns, "a", "b")
    page = notifications.read_on(hns, start)
    assert page.notifications == ()
    assert page.position.number == start.number + 2


def test_a_number_that_was_never_given_is_refused(hns: Hns) -> None:
    last = now(hns).number
    notifications.begin(hns, Handle.SERVICE, "", last)
    assert refused(hns, last + 1) is Hr.E_JOURNAL_ENTRY_DELETED


def test_an_unknown_host_or_network_is_refused(hns: Hns) -> None:
    with pytest.raises(HnsError) as refusal:
        now(Hns(hns.database, "nobody", SeededSource()))
    assert refusal.value.hr is Hr.E_ELEMENT_NOT_FOUND
    with pytest.raises(HnsError) as refusal:
        now(hns, Handle.NETWORK, "11111111-2222-3333-4444-555555555555")
    assert refusal.value.hr is Hr.HCN_E_NETWORK_NOT_FOUND


def test_old_ones_go_and_are_missed_loudly(database_url: str) -> None:
    database = Database(make_url(database_url), notifications_kept=100)
    hns = Hns(database, "default", SeededSource())
    hosts.ensure_host(hns)
    start = now(hns)
    for number in range(300):
        tell(hns, f"{number}")
    kept = heard(hns)
    assert 100 <= len(kept) < 200  # it prunes in steps
    assert kept[-1] == ("NamespaceCreate", {"ID": "299"})
    lowest = start.number + 300 - len(kept)
    assert len(heard(hns, after=lowest)) == len(kept)
    assert refused(hns, lowest - 1) is Hr.E_JOURNAL_ENTRY_DELETED
    assert notifications.read_on(hns, start).end  # a reader that fell so far behind
    database.dispose()


def test_a_reset_ends_readers_and_begins_anew(hns: Hns) -> None:
    start = now(hns)
    hosts.reset_host(hns)
    assert notifications.read_on(hns, start).end
    assert refused(hns, start.number) is Hr.E_JOURNAL_ENTRY_DELETED
    assert len(heard(hns)) == 3


def test_removing_a_host_ends_readers_and_its_numbers_stay_taken(hns: Hns) -> None:
    tell(hns, *"abcdef")
    start = now(hns)
    hosts.delete_host(hns)
    assert notifications.read_on(hns, start).end
    hosts.ensure_host(hns)
    assert refused(hns, start.number - 1) is Hr.E_JOURNAL_ENTRY_DELETED
    assert notifications.read_on(hns, start).end
    assert len(heard(hns)) == 3
    other = Hns(hns.database, "other", SeededSource())
    hosts.ensure_host(other)
    assert refused(other, start.number - 1) is Hr.E_JOURNAL_ENTRY_DELETED


def test_a_network_made_anew_under_its_id_is_another_one(hns: Hns) -> None:
    network = networks.create_network(hns, _private())
    start = now(hns, Handle.NETWORK, network.id)
    networks.delete_network(hns, network.id)
    networks.create_network(hns, _private())
    assert notifications.read_on(hns, start).end


def test_hosts_tell_apart(hns: Hns) -> None:
    other = Hns(hns.database, "other", SeededSource())
    hosts.ensure_host(other)
    starts = now(hns), now(other)
    tell(other, "x")
    assert names(hns, starts[0]) == []
    assert names(other, starts[1]) == ["NamespaceCreate"]


def test_racing_writers_leave_no_gap_and_repeat_nothing(hns: Hns) -> None:
    start = now(hns)
    reader = start
    seen: list[int] = []

    def work(racer: int) -> None:
        nonlocal reader
        for turn in range(10):
            if racer:
                tell(hns, f"{racer}.{turn}", f"{racer}.{turn}'")
            else:
                page = notifications.read_on(hns, reader)
                seen.extend(notification.number for notification in page.notifications)
                reader = page.position

    assert racing(work, 9) == [None] * 9
    seen += [notification.number for notification in read_all(hns, reader)[0]]
    assert seen == list(range(start.number + 1, start.number + 161))
    told = [notification.data for notification in read_all(hns, start)[0]]
    assert len(set(told)) == 160
    # what one transaction tells stays together
    assert all(one[:-2] == other[:-3] for one, other in zip(told[::2], told[1::2], strict=True))


def _private() -> HostComputeNetwork:
    return parse(
        HostComputeNetwork,
        {
            "ID": "1a2b3c4d-0004-4000-8000-00000000d001",
            "Name": "p",
            "Type": "Private",
            "Ipams": [{"Subnets": [{"IpAddressPrefix": "10.9.0.0/16"}]}],
            "SchemaVersion": {"Major": 2, "Minor": 0},
        },
    )
