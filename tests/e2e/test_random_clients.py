"""Random clients: every noun, both APIs, four releases, eight threads, and restarts in between.

Nothing answers 500, what a host shows agrees with itself, and once everything is deleted a host is
as it was at the beginning. HNSEMU_TEST_OPERATIONS says how many operations; `make random` runs
20,000.
"""

import json
import os
import threading
from typing import Any

import httpx

from tests.e2e.invariants import check, form, history, shown, standing
from tests.e2e.random_client import NOUNS, RandomClient
from tests.e2e.servers import Server, serving

ENOUGH = 5000
"""Operations after which each kind was accepted at least once, whatever threads came first."""

OPERATIONS = int(os.environ.get("HNSEMU_TEST_OPERATIONS", "640"))
THREADS = 8
RELEASES = ["ws2019", "ws2022", "win11", "ws2025"]

World = dict[str, dict[str, Any]]
"""What each host shows."""


def define_hosts(client: httpx.Client) -> None:
    for release in RELEASES:
        definition = json.dumps({"release": release})
        assert client.put(f"/emulator/hosts/{release}", content=definition).status_code == 201


def world(client: httpx.Client) -> World:
    return {release: shown(client, release) for release in RELEASES}


def went_back(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the counts and times of the past that are less than they were."""
    pairs = zip(history(before), history(after), strict=True)
    return [at for (at, then), (_, now) in pairs if now < then]


def objects_of(seen: World) -> set[str]:
    return {
        found["ID"] for host in seen.values() for noun in NOUNS for found in host[f"/v2/{noun}"]
    }


def run_clients(server: Server, seed: int, kept: set[str], *, restarts: bool) -> set[str]:
    """Let the clients send a quarter of the operations; return the kinds never accepted."""
    clients = [
        RandomClient(server.url, RELEASES, seed * THREADS + number, kept)
        for number in range(THREADS)
    ]
    count = OPERATIONS // THREADS // 4
    threads = [
        threading.Thread(target=client.run, args=(count,), kwargs={"restarts": restarts})
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [failure for client in clients for failure in client.failures] == []
    sent = {kind for client in clients for kind in client.sent}
    return sent - {kind for client in clients for kind in client.accepted}


def delete_all(client: httpx.Client, kept: set[str]) -> None:
    """Delete what was not there at the beginning, in an order in which all of it goes."""
    for release in RELEASES:
        for namespace in client.get(f"/hosts/{release}/v2/namespaces").json():
            for resource in namespace.get("Resources", ()):
                remove(client, release, namespace["ID"], resource["Type"], resource["Data"]["Id"])
        for noun in NOUNS:
            for found in client.get(f"/hosts/{release}/v2/{noun}").json():
                if found["ID"] not in kept:
                    path = f"/hosts/{release}/v2/{noun}/{found['ID']}"
                    assert client.delete(path).status_code == 204, path


def remove(client: httpx.Client, release: str, namespace: str, kind: str, identity: str) -> None:
    """Take an endpoint or a container out of a namespace."""
    change = {
        "ResourceType": kind,
        "RequestType": "Remove",
        "Settings": {f"{kind}Id": identity},
    }
    path = f"/hosts/{release}/v2/namespaces/{namespace}"
    assert client.patch(path, content=json.dumps(change)).status_code == 200


def test_random_clients_find_no_fault_and_leave_fresh_hosts(database_url: str) -> None:
    with serving(database_url) as server, server.client() as client:
        define_hosts(client)
        fresh = world(client)
        kept = objects_of(fresh)
        never_accepted = run_clients(server, 1, kept, restarts=False)
        before = world(client)
        assert server.stop() == 0
    with serving(database_url) as server, server.client() as client:
        assert world(client) == before
        never_accepted &= run_clients(server, 2, kept, restarts=False)
        assert never_accepted == set() or OPERATIONS < ENOUGH
        for release in RELEASES:
            check(client, release)
        delete_all(client, kept)
        after = world(client)
        for release in RELEASES:
            assert standing(after[release]) == standing(fresh[release])
            assert went_back(fresh[release], after[release]) == []


def test_hosts_are_fresh_after_restarts_and_reboots_too(database_url: str) -> None:
    with serving(database_url) as server, server.client() as client:
        define_hosts(client)
        fresh = world(client)
        run_clients(server, 3, set(), restarts=True)
        for release in RELEASES:
            check(client, release)
        assert server.stop() == 0
    with serving(database_url) as server, server.client() as client:
        run_clients(server, 4, set(), restarts=True)
        for release in RELEASES:
            check(client, release)
        delete_all(client, objects_of(fresh))
        for release in RELEASES:
            # A boot brings back what clients have deleted and HNS does not keep.
            assert client.post(f"/emulator/hosts/{release}/reboot").is_success
        after = world(client)
        for release in RELEASES:
            assert form(after[release]) == form(fresh[release])
