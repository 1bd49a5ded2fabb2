"""Notifications as clients get them from a running service."""

import json
import re
import signal
import socket
import threading
import time

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

_V2 = {"SchemaVersion": {"Major": 2, "Minor": 0}}
SERVICE = "/v2/notifications"


def make_namespace(client: httpx.Client, at: str = "") -> str:
    """Make a namespace, which is one notification; return its id."""
    made = client.post(f"{at}/v2/namespaces", content=json.dumps(_V2))
    assert made.status_code == 201, made.text
    return str(made.json()["ID"])


def disconnect(server: Server, host: str = "default") -> None:
    """Restart HNS, which ends every stream of the host."""
    assert httpx.post(f"{server.url}/emulator/hosts/{host}/restart").status_code == 200


def namespaces(reader: Listener) -> list[str]:
    """Wait for the end of the stream; return the ids of the namespaces that it told of."""
    heard = reader.join().heard
    assert heard[-1].event == "ServiceDisconnect"
    return [each.subject for each in heard if each.event == "NamespaceCreate"]


def test_an_event_is_as_agreed(database_url: str) -> None:
    with serving(database_url) as server, httpx.Client(base_url=server.url) as client:
        (network,) = client.get("/v2/networks?view=ids").json()
        with listening(f"{server.url}{SERVICE}") as (first, following):
            made = make_namespace(client)
            (event,) = news(following, 1)
        assert first.comment == "connected"
        assert int(event.id) == int(first.id) + 1
        assert event.event == "NamespaceCreate"
        assert event.data == {
            "NotificationType": 5,
            "NotificationStatus": 0,
            "NotificationData": {"ID": made},
        }
        with listening(f"{server.url}/v2/networks/{network}/notifications") as (_, following):
            body = json.dumps({**_V2, "HostComputeNamespace": made})
            plugged = client.post(f"/v2/networks/{network}/endpoints", content=body).json()["ID"]
            (event,) = news(following, 1)
            assert (event.event, event.subject) == ("NetworkEndpointAttached", plugged)
            assert client.delete(f"/v2/networks/{network}").status_code == 204
            (event,) = news(following, 1)
            assert (event.event, event.subject) == ("NetworkEndpointDetached", plugged)
            assert [each.comment for each in following] == ["the object was deleted"]


def test_who_comes_back_misses_nothing_and_hears_nothing_twice(database_url: str) -> None:
    made: list[str] = []
    heard: list[Event] = []
    seen = None
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
        with serving(database_url) as server, httpx.Client(base_url=server.url) as client:
            if heard:
                with listening(f"{server.url}{SERVICE}?after={seen}") as (_, following):
                    heard += news(following, 1)  # cut in the middle of what was missed
                seen = heard[-1].id
            with listening(f"{server.url}{SERVICE}", seen) as (_, following):
                made += [make_namespace(client) for _ in range(3)]
                heard += news(following, len(made) - len(heard))
                seen = heard[-1].id
            made += [make_namespace(client) for _ in range(2)]  # while nobody listens
            server.stop(number)
        assert [each.subject for each in heard] == made[:-2]


def test_a_host_has_its_own_stream_which_ends_with_it(database_url: str) -> None:
    with serving(database_url) as server, httpx.Client(base_url=server.url) as client:
        for name in ("one", "two"):
            assert client.put(f"/emulator/hosts/{name}", content="{}").status_code == 201
        two = Listener(f"{server.url}/hosts/two{SERVICE}")
        with listening(f"{server.url}/hosts/one{SERVICE}") as (_, following):
            made = make_namespace(client, "/hosts/one")
            assert [each.subject for each in news(following, 1)] == [made]
            assert client.delete("/emulator/hosts/one").status_code == 204
            assert [each.comment for each in following] == ["the host was removed"]
        assert client.post("/emulator/hosts/two/reset").status_code == 200
        assert two.join().heard == []
        gone = client.get(f"/hosts/two{SERVICE}", headers={"Last-Event-ID": two.comments[0].id})
        assert (gone.status_code, gone.json()["ErrorCode"]) == (410, 0x8007049D)


def test_all_readers_hear_the_same_in_the_same_order(database_url: str) -> None:
    with serving(database_url) as server:
        readers = [Listener(f"{server.url}{SERVICE}") for _ in range(20)]

        def write() -> None:
            with httpx.Client(base_url=server.url) as client:
                for _ in range(10):
                    make_namespace(client)

        writers = [threading.Thread(target=write) for _ in range(4)]
        for each in writers:
            each.start()
        for each in writers:
            each.join()
        disconnect(server)
        heard = [
            [(int(each.id), each.subject) for each in reader.join().heard] for reader in readers
        ]
        numbers = [number for number, _ in heard[0]]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert len({subject for _, subject in heard[0][:40]}) == 40
        assert all(each == heard[0] for each in heard)
        assert server.stop() == 0


def test_silence_is_broken_by_comments_that_say_how_far_one_is(database_url: str) -> None:
    with (
        serving(database_url, HNSEMU_KEEP_ALIVE="0.3") as server,
        httpx.Client(base_url=server.url) as client,
    ):
        (network,) = client.get("/v2/networks?view=ids").json()
        url = f"{server.url}/v2/networks/{network}/notifications"
        with listening(url) as (first, following):
            make_namespace(client)  # not heard here
            moved = next(event for event in following if event.id)
            assert (moved.comment, int(moved.id)) == ("keep-alive", int(first.id) + 1)
            assert (next(following).comment, next(following).id) == ("keep-alive", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_service_stops_while_streams_are_open(
    database_url: str, number: signal.Signals
) -> None:
    with serving(database_url) as server:
        readers = [Listener(f"{server.url}{SERVICE}") for _ in range(3)]
        started = time.monotonic()
        assert server.stop(number) == 0
        assert time.monotonic() - started < 5
        assert all(each.join().comments[-1].comment == "the service stops" for each in readers)


def test_who_does_not_read_holds_up_nobody(database_url: str) -> None:
    before = [f"{number}-{'x' * 1000}" for number in range(6000)]  # more than any socket buffers
    tell(database_url, before)
    with (
        # two connections to the database: fewer than there are readers
        serving(database_url, HNSEMU_THREADS="2", HNSEMU_NOTIFICATIONS_KEPT="100000") as server,
        httpx.Client(base_url=server.url) as client,
    ):
        deaf = [opened(server, f"{SERVICE}?after=0") for _ in range(4)]
        quick = Listener(f"{server.url}{SERVICE}")
        made = [make_namespace(client) for _ in range(30)]
        disconnect(server)
        assert namespaces(quick) == made
        told = re.findall(r'"NotificationType":5,.*"ID":"(.*)"', everything(deaf[0]))
        assert told[1:] == [*before, *made]  # behind the namespace of the fresh host
        for each in deaf:
            each.close()


def tell(database_url: str, ids: list[str]) -> None:
    """Let a fresh host tell something of each of these before it is served."""
    database = Database(database_url, notifications_kept=100_000)
    hns = Hns(database, "default", SystemSource())
    hosts.ensure_host(hns)

    @writes
    def work(tx: Transaction) -> None:
        for each in ids:
            tx.notify(Notification(HcnNotification.NAMESPACE_CREATE, each))

    work(hns)
    database.dispose()


def opened(server: Server, path: str) -> socket.socket:
    """Return a connection on which that was asked for, and nothing read."""
    address = httpx.URL(server.url)
    connection = socket.create_connection((address.host, address.port or 80), timeout=20)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return connection


def everything(connection: socket.socket) -> str:
    """Return what comes until the stream says that HNS stopped."""
    text = b""
    while b": HNS stopped" not in text[-1000:]:
        part = connection.recv(1 << 20)
        assert part
        text += part
    return text.decode()


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
def test_workers_and_replicas_share_one_stream(database_url: str) -> None:
    with (
        serving(database_url, "--workers", "2") as one,
        serving(database_url) as other,
        httpx.Client(base_url=one.url) as here,
        httpx.Client(base_url=other.url) as there,
    ):
        # enough of them that every worker has some
        readers = [Listener(f"{server.url}{SERVICE}") for server in (one, other) for _ in range(8)]
        made = [make_namespace(client) for _ in range(20) for client in (here, there)]
        disconnect(other)
        for reader in readers:
            assert namespaces(reader) == made
        again = Listener(f"{other.url}{SERVICE}", seen=readers[0].heard[10].id)
        assert namespaces(again) == made[11:]
        waiting = [Listener(f"{one.url}{SERVICE}") for _ in range(8)]
        started = time.monotonic()
        assert one.stop() == 0
        assert time.monotonic() - started < 6
        assert all(each.join().comments[-1].comment == "the service stops" for each in waiting)
