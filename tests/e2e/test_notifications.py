"""Notifications as clients get them from a running service."""

import json
import re
import signal
import socket
import threading

import httpx
import pytest

from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.host import SystemSource
from hnsemu.services import hosts
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns, Transaction, writes
from tests.conftest import DATABASES
from tests.e2e.servers import Server, serving
from tests.e2e.streams import Event, Listener, listening, news
from tests.waiting import PATIENCE

_V2 = {"SchemaVersion": {"Major": 2, "Minor": 0}}
SERVICE = "/v2/notifications"


def create_namespace(client: httpx.Client, prefix: str = "") -> str:
    """Create a namespace, which is one notification; return its id."""
    created = client.post(f"{prefix}/v2/namespaces", content=json.dumps(_V2))
    assert created.status_code == 201, created.text
    return str(created.json()["ID"])


def restart(client: httpx.Client, host: str = "default") -> None:
    """Restart HNS, which ends every stream of the host."""
    assert client.post(f"/emulator/hosts/{host}/restart").status_code == 200


def namespaces(listener: Listener) -> list[str]:
    """Wait for the end of the stream; return the ids of the namespaces in it."""
    notifications = listener.join().notifications
    assert notifications[-1].event == "ServiceDisconnect"
    return [event.subject for event in notifications if event.event == "NamespaceCreate"]


def test_an_event_is_as_agreed(server: Server, client: httpx.Client, host: str) -> None:
    prefix = f"/hosts/{host}"
    (network,) = client.get(f"{prefix}/v2/networks?view=ids").json()
    with listening(f"{server.url}{prefix}{SERVICE}") as (first, following):
        namespace = create_namespace(client, prefix)
        (event,) = news(following, 1)
    assert first.comment == "connected"
    assert int(event.id) == int(first.id) + 1
    assert event.event == "NamespaceCreate"
    assert event.data == {
        "NotificationType": 5,
        "NotificationStatus": 0,
        "NotificationData": {"ID": namespace},
    }
    path = f"{prefix}/v2/networks/{network}"
    with listening(f"{server.url}{path}/notifications") as (_, following):
        body = json.dumps({**_V2, "HostComputeNamespace": namespace})
        endpoint = client.post(f"{path}/endpoints", content=body).json()["ID"]
        (event,) = news(following, 1)
        assert (event.event, event.subject) == ("NetworkEndpointAttached", endpoint)
        assert client.delete(path).status_code == 204
        (event,) = news(following, 1)
        assert (event.event, event.subject) == ("NetworkEndpointDetached", endpoint)
        assert [comment.comment for comment in following] == ["the object was deleted"]


def test_a_reader_that_returns_misses_nothing_and_gets_nothing_twice(database_url: str) -> None:
    created: list[str] = []
    received: list[Event] = []
    last = None
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
        with serving(database_url) as server, server.client() as client:
            if received:
                with listening(f"{server.url}{SERVICE}?after={last}") as (_, following):
                    received += news(following, 1)  # cut in the middle of what was missed
                last = received[-1].id
            with listening(f"{server.url}{SERVICE}", last) as (_, following):
                created += [create_namespace(client) for _ in range(3)]
                received += news(following, len(created) - len(received))
                last = received[-1].id
            created += [create_namespace(client) for _ in range(2)]  # while nobody reads
            server.stop(number)
    assert [event.subject for event in received] == created[:-2]


def test_a_host_has_its_own_stream_which_ends_with_it(
    server: Server, client: httpx.Client, host: str
) -> None:
    other = f"{host}-2"
    assert client.put(f"/emulator/hosts/{other}", json={}).status_code == 201
    listener = Listener(f"{server.url}/hosts/{other}{SERVICE}")
    with listening(f"{server.url}/hosts/{host}{SERVICE}") as (_, following):
        namespace = create_namespace(client, f"/hosts/{host}")
        assert [event.subject for event in news(following, 1)] == [namespace]
        assert client.delete(f"/emulator/hosts/{host}").status_code == 204
        assert [comment.comment for comment in following] == ["the host was removed"]
    assert client.post(f"/emulator/hosts/{other}/reset").status_code == 200
    assert listener.join().notifications == []
    headers = {"Last-Event-ID": listener.comments[0].id}
    gone = client.get(f"/hosts/{other}{SERVICE}", headers=headers)
    assert (gone.status_code, gone.json()["ErrorCode"]) == (410, 0x8007049D)


def test_all_readers_get_the_same_in_the_same_order(
    server: Server, client: httpx.Client, host: str
) -> None:
    listeners = [Listener(f"{server.url}/hosts/{host}{SERVICE}") for _ in range(20)]

    def write() -> None:
        with server.client() as writer:
            for _ in range(10):
                create_namespace(writer, f"/hosts/{host}")

    writers = [threading.Thread(target=write) for _ in range(4)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    restart(client, host)
    received = [
        [(int(event.id), event.subject) for event in listener.join().notifications]
        for listener in listeners
    ]
    numbers = [number for number, _ in received[0]]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len({subject for _, subject in received[0][:40]}) == 40
    assert all(notifications == received[0] for notifications in received)


def test_a_silent_stream_has_comments_with_its_position(database_url: str) -> None:
    with (
        serving(database_url, HNSEMU_KEEP_ALIVE="0.3") as server,
        server.client() as client,
    ):
        (network,) = client.get("/v2/networks?view=ids").json()
        url = f"{server.url}/v2/networks/{network}/notifications"
        with listening(url) as (first, following):
            create_namespace(client)  # an event of another stream
            moved = next(event for event in following if event.id)
            assert (moved.comment, int(moved.id)) == ("keep-alive", int(first.id) + 1)
            assert (next(following).comment, next(following).id) == ("keep-alive", "")


def test_a_stream_says_at_once_how_far_all_that_was_stored_is_read(database_url: str) -> None:
    with (
        serving(database_url, HNSEMU_KEEP_ALIVE="3600") as server,
        server.client() as client,
    ):
        (network,) = client.get("/v2/networks?view=ids").json()
        create_namespace(client)  # an event of another stream
        url = f"{server.url}/v2/networks/{network}/notifications"
        with listening(url) as (newest, _):
            pass
        with listening(url, "0") as (_, following):
            read = next(event for event in following if event.id == newest.id)
            assert read.data is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_service_stops_while_streams_are_open(
    database_url: str, number: signal.Signals
) -> None:
    with serving(database_url) as server:
        listeners = [Listener(f"{server.url}{SERVICE}") for _ in range(3)]
        assert server.stop(number) == 0
        # A stream that the server had to cut would have no last comment.
        assert {last_comment(listener) for listener in listeners} == {"the service stops"}


def last_comment(listener: Listener) -> str:
    """Wait for the end of the stream; return its last comment."""
    return listener.join().comments[-1].comment


def test_a_reader_that_does_not_read_delays_nobody(database_url: str) -> None:
    before = [f"{number}-{'x' * 1000}" for number in range(6000)]  # more than any socket buffers
    notify(database_url, before)
    with (
        # two connections to the database: fewer than there are readers
        serving(database_url, HNSEMU_THREADS="2", HNSEMU_NOTIFICATIONS_KEPT="100000") as server,
        server.client() as client,
    ):
        blocked = [open_stream(server, f"{SERVICE}?after=0") for _ in range(4)]
        listener = Listener(f"{server.url}{SERVICE}")
        created = [create_namespace(client) for _ in range(30)]
        restart(client)
        assert namespaces(listener) == created
        subjects = re.findall(r'"NotificationType":5,.*"ID":"(.*)"', everything(blocked[0]))
        assert subjects[1:] == [*before, *created]  # after the namespace of the fresh host
        for connection in blocked:
            connection.close()


def notify(database_url: str, ids: list[str]) -> None:
    """Store a notification about each id on a fresh host, before it is served."""
    database = Database(database_url, notifications_kept=100_000)
    hns = Hns(database, "default", SystemSource())
    hosts.ensure_host(hns)

    @writes
    def work(tx: Transaction) -> None:
        for guid in ids:
            tx.notify(Notification(HcnNotification.NAMESPACE_CREATE, guid))

    work(hns)
    database.dispose()


def open_stream(server: Server, path: str) -> socket.socket:
    """Return a connection that has sent a request and read nothing."""
    address = httpx.URL(server.url)
    connection = socket.create_connection((address.host, address.port or 80), timeout=PATIENCE)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return connection


def everything(connection: socket.socket) -> str:
    """Return what is received until the stream says that HNS stopped."""
    text = b""
    while b": HNS stopped" not in text[-1000:]:
        part = connection.recv(1 << 20)
        assert part
        text += part
    return text.decode()


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
def test_workers_and_replicas_share_one_stream(database_url: str) -> None:
    with (
        serving(database_url, "--workers", "2") as workers,
        serving(database_url) as replica,
        workers.client() as here,
        replica.client() as there,
    ):
        # enough of them that every worker has some
        listeners = [
            Listener(f"{server.url}{SERVICE}") for server in (workers, replica) for _ in range(8)
        ]
        created = [create_namespace(client) for _ in range(20) for client in (here, there)]
        restart(there)
        for listener in listeners:
            assert namespaces(listener) == created
        late = Listener(f"{replica.url}{SERVICE}", last=listeners[0].notifications[10].id)
        assert namespaces(late) == created[11:]
        waiting = [Listener(f"{workers.url}{SERVICE}") for _ in range(8)]
        assert workers.stop() == 0
        assert {last_comment(listener) for listener in waiting} == {"the service stops"}
