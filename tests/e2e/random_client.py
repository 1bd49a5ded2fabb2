"""A client that sends random requests: every noun, both APIs, restarts of HNS and reboots."""

import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

from tests.waiting import PATIENCE

# The order in which everything can be deleted.
NOUNS = [
    "portreservations",
    "guestnetworkservices",
    "loadbalancers",
    "sdnroutes",
    "namespaces",
    "endpoints",
    "networks",
]
V2 = {"SchemaVersion": {"Major": 2, "Minor": 0}}
_TYPES = ["NAT", "L2Bridge", "Overlay", "Internal", "Private", "Transparent"]
_NOBODY = "00000000-0000-4000-8000-000000000001"
_CONTAINERS = ["c1", "c2", "c3"]


class RandomClient:
    """One thread's requests to the hosts of a service.

    failures:       answers that no client may get, as text.
    sent, accepted: how many operations of each kind were sent, and accepted.
    """

    def __init__(self, url: str, hosts: list[str], seed: int, kept: set[str]) -> None:
        """Choose by `seed`; delete nothing that is in `kept`."""
        self._hosts, self._kept = hosts, kept
        self._chance = random.Random(seed)  # noqa: S311 (a test)
        self._client = httpx.Client(base_url=url, timeout=PATIENCE)
        self.failures: list[str] = []
        self.sent: Counter[str] = Counter()
        self.accepted: Counter[str] = Counter()

    def run(self, operations: int, *, restarts: bool) -> None:
        """Send that many requests. restarts: whether HNS and hosts are started again, too."""
        choices: list[Callable[[str], object]] = [
            self._create_network,
            *[self._create_endpoint] * 4,
            self._create_namespace,
            self._create_balancer,
            self._create_policy_list,
            self._create_route,
            self._create_guest_service,
            *[self._reserve_ports] * 2,
            *[self._join] * 2,
            self._attach,
            *[self._add_policy] * 2,
            self._trace,
            *[self._delete] * 4,
        ]
        if restarts:
            choices.append(self._start_again)
        with self._client:
            for _ in range(operations):
                host = f"/hosts/{self._chance.choice(self._hosts)}"
                operation = self._chance.choice(choices)
                self.sent[operation.__name__] += 1
                if operation(host) is not None:
                    self.accepted[operation.__name__] += 1

    def _send(self, method: str, path: str, document: object = None) -> Any:
        """Return the answer of an accepted request, None for a refused one."""
        body = b"" if document is None else json.dumps(document).encode()
        answer = self._client.request(method, path, content=body)
        if answer.status_code >= 500:
            self.failures.append(f"{method} {path} {answer.status_code} {answer.text[:300]}")
        if not answer.is_success:
            return None
        content = answer.json() if answer.content else {}
        refused = isinstance(content, dict) and content.get("Success") is False
        return None if refused else content

    def _some(self, host: str, noun: str) -> str:
        path = f"{host}/v2/{noun}"
        if noun == "portreservations":
            ids = [found["ID"] for found in self._send("GET", path) or ()]
        else:
            ids = self._send("GET", f"{path}?view=ids")
        return str(self._chance.choice(ids)) if ids else _NOBODY

    def _create_network(self, host: str) -> Any:
        number = self._chance.randrange(60)
        prefix, gateway = f"10.{number}.0.0/24", f"10.{number}.0.1"
        if self._chance.random() < 0.3:
            subnets = [{"AddressPrefix": prefix, "GatewayAddress": gateway}]
            flat = {"Name": f"flat{number}", "Type": "nat", "Subnets": subnets}
            return self._send("POST", f"{host}/v1/networks", flat)
        subnet = {
            "IpAddressPrefix": prefix,
            "Routes": [{"NextHop": gateway, "DestinationPrefix": "0.0.0.0/0"}],
            "Policies": [{"Type": "VSID", "Settings": {"IsolationId": 4096 + number}}],
        }
        network = {
            "Name": f"net{number}",
            "Type": self._chance.choice(_TYPES),
            "Flags": self._chance.choice([0, 0, 8]),
            "Ipams": [{"Type": "Static", "Subnets": [subnet]}],
        }
        return self._send("POST", f"{host}/v2/networks", network | V2)

    def _create_endpoint(self, host: str) -> Any:
        network = self._some(host, "networks")
        if self._chance.random() < 0.3:
            return self._send("POST", f"{host}/v1/endpoints", {"VirtualNetwork": network})
        endpoint: dict[str, Any] = {"Flags": self._chance.choice([0, 0, 0, 1, 1024])}
        if self._chance.random() < 0.3:
            endpoint["Policies"] = [self._mapping()]
        return self._send("POST", f"{host}/v2/networks/{network}/endpoints", endpoint | V2)

    def _create_namespace(self, host: str) -> Any:
        if self._chance.random() < 0.3:
            return self._send("POST", f"{host}/v1/namespaces", {"IsDefault": False})
        return self._send("POST", f"{host}/v2/namespaces", V2)

    def _create_balancer(self, host: str) -> Any:
        port = self._chance.randrange(1, 50)
        balancer = {
            "HostComputeEndpoints": [self._some(host, "endpoints")],
            "FrontendVIPs": [f"10.96.0.{port}"],
            "PortMappings": [{"Protocol": 6, "InternalPort": 80, "ExternalPort": port}],
        }
        return self._send("POST", f"{host}/v2/loadbalancers", balancer | V2)

    def _create_policy_list(self, host: str) -> Any:
        port = self._chance.randrange(1, 50)
        policy = {
            "Type": "ELB",
            "InternalPort": 80,
            "ExternalPort": port,
            "VIPs": [f"10.97.0.{port}"],
        }
        references = [f"/endpoints/{self._some(host, 'endpoints')}"]
        document = {"References": references, "Policies": [policy]}
        return self._send("POST", f"{host}/v1/policylists", document)

    def _create_route(self, host: str) -> Any:
        setting = {"DestinationPrefix": "192.0.2.0/24", "NextHop": "10.0.0.1"}
        route = {"HostComputeEndpoints": [self._some(host, "endpoints")], "Setting": [setting]}
        return self._send("POST", f"{host}/v2/sdnroutes", route | V2)

    def _create_guest_service(self, host: str) -> Any:
        return self._send("POST", f"{host}/v2/guestnetworkservices", V2)

    def _reserve_ports(self, host: str) -> Any:
        service = self._some(host, "guestnetworkservices")
        request: dict[str, Any] = {
            "Protocol": self._chance.choice(["TCP", "UDP", "Both"]),
            "Access": self._chance.choice(["Exclusive", "Shared"]),
        }
        if self._chance.random() < 0.5:
            request["Port"] = self._chance.randrange(1, 2000)
        else:
            request["PortCount"] = self._chance.randrange(1, 20)
        path = f"{host}/v2/guestnetworkservices/{service}/portreservations"
        return self._send("POST", path, request)

    def _join(self, host: str) -> Any:
        """Put an endpoint or a container into a namespace, or take one out."""
        if self._chance.random() < 0.3:
            kind, identity = "Container", self._chance.choice(_CONTAINERS)
        else:
            kind, identity = "Endpoint", self._some(host, "endpoints")
        change = {
            "ResourceType": kind,
            "RequestType": self._chance.choice(["Add", "Add", "Remove"]),
            "Settings": {f"{kind}Id": identity},
        }
        return self._send("PATCH", f"{host}/v2/namespaces/{self._some(host, 'namespaces')}", change)

    def _attach(self, host: str) -> Any:
        """Hot-attach an endpoint through HNS 1, or detach it."""
        endpoint = self._some(host, "endpoints")
        request = {"ContainerID": self._chance.choice(_CONTAINERS), "SystemType": "Container"}
        act = self._chance.choice(["attach", "attach", "detach"])
        return self._send("POST", f"{host}/v1/endpoints/{endpoint}/{act}", request)

    def _mapping(self) -> dict[str, Any]:
        port = self._chance.randrange(1, 2000)
        settings = {"InternalPort": 80, "ExternalPort": port, "Protocol": 6}
        return {"Type": "PortMapping", "Settings": settings}

    def _add_policy(self, host: str) -> Any:
        acl = {"Type": "ACL", "Settings": {"Action": "Allow", "Direction": "In"}}
        change = {
            "ResourceType": "Policy",
            "RequestType": self._chance.choice(["Add", "Update", "Remove"]),
            "Settings": {"Policies": [self._chance.choice([self._mapping(), acl])]},
        }
        return self._send("PATCH", f"{host}/v2/endpoints/{self._some(host, 'endpoints')}", change)

    def _trace(self, host: str) -> Any:
        packet = {"Destination": "10.96.0.7", "DestinationPort": 7}
        sender = {"Endpoint": self._some(host, "endpoints")}
        return self._send("POST", f"{host}/host/trace", {"From": sender, "Packet": packet})

    def _start_again(self, host: str) -> Any:
        number = self._chance.random()
        if number < 0.1:
            return self._send("POST", f"/emulator{host}/reboot")
        if number < 0.3:
            return self._send("POST", f"/emulator{host}/restart")
        return None

    def _delete(self, host: str) -> Any:
        noun = self._chance.choice(NOUNS)
        if noun == "networks" and self._chance.random() < 0.7:
            return None
        object_id = self._some(host, noun)
        if object_id in self._kept:
            return None
        return self._send("DELETE", f"{host}/v2/{noun}/{object_id}")
