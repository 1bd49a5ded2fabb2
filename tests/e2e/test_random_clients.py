"""Random clients: every noun, both APIs, four releases, eight threads, and restarts in between.

Nothing answers 500, no address or MAC is given out twice, and nothing is left of what was created
once it is deleted. HNSEMU_TEST_OPERATIONS says how many operations; `make random` runs 20,000.
"""

import json
import os
import random
import threading
from collections.abc import Callable
from typing import Any

import httpx

from tests.e2e.servers import PATIENCE, serving

OPERATIONS = int(os.environ.get("HNSEMU_TEST_OPERATIONS", "1000"))
THREADS, ROUNDS = 8, 2
RELEASES = ["ws2019", "ws2022", "win11", "ws2025"]
NOUNS = ["loadbalancers", "sdnroutes", "namespaces", "endpoints", "networks"]
SHOWN = [*(f"/v2/{noun}" for noun in NOUNS), "/v2/policylists", "/host/nat"]
V2 = {"SchemaVersion": {"Major": 2, "Minor": 0}}
TYPES = ["NAT", "L2Bridge", "Overlay", "Internal", "Private", "Transparent"]


class RandomClient:
    """One thread's requests to the hosts of a service."""

    def __init__(self, url: str, seed: int, kept: set[str]) -> None:
        """Choose by `seed`; leave `kept` alone."""
        self._kept = kept
        self._chance = random.Random(seed)  # noqa: S311 (a test)
        self._client = httpx.Client(base_url=url, timeout=PATIENCE)
        self.failures: list[str] = []

    def run(self, operations: int) -> None:
        """Send that many requests."""
        choices: list[Callable[[str], None]] = [
            self._create_network,
            *[self._create_endpoint] * 4,
            self._create_namespace,
            self._create_balancer,
            self._create_route,
            self._join,
            self._add_policy,
            self._trace,
            self._restart,
            *[self._delete] * 2,
        ]
        with self._client:
            for _ in range(operations):
                host = f"/hosts/{self._chance.choice(RELEASES)}"
                self._chance.choice(choices)(host)

    def _send(self, method: str, path: str, document: object = None) -> Any:
        body = b"" if document is None else json.dumps(document).encode()
        answer = self._client.request(method, path, content=body)
        if answer.status_code >= 500:
            self.failures.append(f"{method} {path} {answer.status_code} {answer.text[:300]}")
        return answer.json() if answer.content and answer.is_success else None

    def _some(self, host: str, noun: str) -> str:
        ids = self._send("GET", f"{host}/v2/{noun}?view=ids")
        return str(self._chance.choice(ids)) if ids else "00000000-0000-4000-8000-000000000001"

    def _create_network(self, host: str) -> None:
        number = self._chance.randrange(60)
        prefix, gateway = f"10.{number}.0.0/24", f"10.{number}.0.1"
        if self._chance.random() < 0.3:
            subnets = [{"AddressPrefix": prefix, "GatewayAddress": gateway}]
            flat = {"Name": f"flat{number}", "Type": "nat", "Subnets": subnets}
            self._send("POST", f"{host}/v1/networks", flat)
            return
        routes = [{"NextHop": gateway, "DestinationPrefix": "0.0.0.0/0"}]
        subnet = {"IpAddressPrefix": prefix, "Routes": routes}
        subnet["Policies"] = [{"Type": "VSID", "Settings": {"IsolationId": 4096 + number}}]
        ipams = [{"Type": "Static", "Subnets": [subnet]}]
        network = {"Name": f"net{number}", "Type": self._chance.choice(TYPES), "Ipams": ipams}
        self._send("POST", f"{host}/v2/networks", network | V2)

    def _create_endpoint(self, host: str) -> None:
        network = self._some(host, "networks")
        if self._chance.random() < 0.3:
            self._send("POST", f"{host}/v1/endpoints", {"VirtualNetwork": network})
        else:
            self._send("POST", f"{host}/v2/networks/{network}/endpoints", V2)

    def _create_namespace(self, host: str) -> None:
        self._send("POST", f"{host}/v2/namespaces", V2)

    def _create_balancer(self, host: str) -> None:
        port = self._chance.randrange(1, 50)
        balancer = {
            "HostComputeEndpoints": [self._some(host, "endpoints")],
            "FrontendVIPs": [f"10.96.0.{port}"],
            "PortMappings": [{"Protocol": 6, "InternalPort": 80, "ExternalPort": port}],
        }
        self._send("POST", f"{host}/v2/loadbalancers", balancer | V2)

    def _create_route(self, host: str) -> None:
        setting = {"DestinationPrefix": "192.0.2.0/24", "NextHop": "10.0.0.1"}
        route = {"HostComputeEndpoints": [self._some(host, "endpoints")], "Setting": [setting]}
        self._send("POST", f"{host}/v2/sdnroutes", route | V2)

    def _join(self, host: str) -> None:
        change = {
            "ResourceType": "Endpoint",
            "RequestType": self._chance.choice(["Add", "Add", "Remove"]),
            "Settings": {"EndpointId": self._some(host, "endpoints")},
        }
        namespace = self._some(host, "namespaces")
        if namespace not in self._kept:
            self._send("PATCH", f"{host}/v2/namespaces/{namespace}", change)

    def _add_policy(self, host: str) -> None:
        port = self._chance.randrange(1, 2000)
        mapping = {"InternalPort": 80, "ExternalPort": port, "Protocol": 6}
        policy = self._chance.choice(
            [
                {"Type": "PortMapping", "Settings": mapping},
                {"Type": "ACL", "Settings": {"Action": "Allow", "Direction": "In"}},
            ]
        )
        change = {
            "ResourceType": "Policy",
            "RequestType": self._chance.choice(["Add", "Update", "Remove"]),
            "Settings": {"Policies": [policy]},
        }
        self._send("PATCH", f"{host}/v2/endpoints/{self._some(host, 'endpoints')}", change)

    def _trace(self, host: str) -> None:
        packet = {"Destination": "10.96.0.7", "DestinationPort": 7}
        sender = {"Endpoint": self._some(host, "endpoints")}
        self._send("POST", f"{host}/host/trace", {"From": sender, "Packet": packet})

    def _restart(self, host: str) -> None:
        if self._chance.random() < 0.1:
            self._send("POST", f"/emulator{host}/restart")

    def _delete(self, host: str) -> None:
        noun = self._chance.choice(NOUNS)
        if noun != "networks" or self._chance.random() < 0.3:
            object_id = self._some(host, noun)
            if object_id not in self._kept:
                self._send("DELETE", f"{host}/v2/{noun}/{object_id}")


def shown(client: httpx.Client, release: str) -> dict[str, Any]:
    """Return what a host shows of itself."""
    return {path: client.get(f"/hosts/{release}{path}").json() for path in SHOWN}


def check(client: httpx.Client, release: str) -> None:
    """Compare what a host shows with itself."""
    endpoints = client.get(f"/hosts/{release}/v2/endpoints").json()
    networks = client.get(f"/hosts/{release}/v2/networks").json()
    assert {endpoint["HostComputeNetwork"] for endpoint in endpoints} <= {
        network["ID"] for network in networks
    }
    macs = [(item["HostComputeNetwork"], item["MacAddress"]) for item in endpoints]
    assert len(set(macs)) == len(macs)
    addresses = [
        (endpoint["HostComputeNetwork"], configuration["IpAddress"])
        for endpoint in endpoints
        for configuration in endpoint.get("IpConfigurations", ())
    ]
    assert len(set(addresses)) == len(addresses)
    ids = {endpoint["ID"] for endpoint in endpoints}
    for balancer in client.get(f"/hosts/{release}/v2/loadbalancers").json():
        assert set(balancer.get("HostComputeEndpoints", ())) <= ids


def delete_all(client: httpx.Client, release: str, kept: set[str]) -> None:
    """Delete what was not there at the beginning."""
    for noun in NOUNS:
        for object_id in client.get(f"/hosts/{release}/v2/{noun}?view=ids").json():
            if object_id not in kept:
                answer = client.delete(f"/hosts/{release}/v2/{noun}/{object_id}")
                assert answer.status_code in {204, 404}, answer.text


def test_random_clients_find_no_fault(database_url: str) -> None:
    fresh: dict[str, dict[str, Any]] = {}
    for round_number in range(ROUNDS):
        with serving(database_url) as server, server.client() as client:
            if not fresh:
                for release in RELEASES:
                    definition = json.dumps({"release": release})
                    path = f"/emulator/hosts/{release}"
                    assert client.put(path, content=definition).status_code == 201
                fresh = {release: shown(client, release) for release in RELEASES}
            kept = {
                item["ID"]
                for host in fresh.values()
                for noun in NOUNS
                for item in host[f"/v2/{noun}"]
            }
            clients = [
                RandomClient(server.url, THREADS * round_number + number, kept)
                for number in range(THREADS)
            ]
            count = OPERATIONS // THREADS // ROUNDS
            threads = [threading.Thread(target=one.run, args=(count,)) for one in clients]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert [failure for one in clients for failure in one.failures] == []
            for release in RELEASES:
                check(client, release)
            if round_number == ROUNDS - 1:
                for release in RELEASES:
                    delete_all(client, release, kept)
                    now = shown(client, release)
                    left = {item["ID"] for noun in NOUNS for item in now[f"/v2/{noun}"]}
                    assert left <= kept
                    assert now["/v2/policylists"] == now["/v2/endpoints"] == []
                    assert now["/host/nat"]["StaticMappings"] == []
            assert server.stop() == 0
