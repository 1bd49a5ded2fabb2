"""No document up to the body limit holds up the requests of others, accepted or refused.

Measured is the longest turn of the event loop, in processor time: a busy machine does not count.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from hnsemu.config import Settings
from tests.e2e.turns import Turns, watched_server

LIMIT = 16 * 1024 * 1024 - 100
LONGEST = 0.1
"""Seconds of processor time; a turn has 0.02 at the most on a machine that does nothing else."""
VERSION = {"Major": 2, "Minor": 0}

HOSTS = "/emulator/hosts"

Document = tuple[str, str, bytes]
"""Method, path and body."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator["World"]:
    """Serve a host with one endpoint, watched."""
    path = tmp_path_factory.mktemp("hostile") / "hnsemu.db"
    shutil.copyfile(sqlite_template, path)
    settings = Settings(database_url=f"sqlite:///{path}")
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        watched_server(settings, monkeypatch) as (client, turns),
    ):
        yield World(client, turns)


class World:
    """A client of a watched server, and what is on its host."""

    def __init__(self, client: httpx.Client, turns: Turns) -> None:
        """Create an endpoint, and use each kind of request once: the first builds its models."""
        self.client, self.turns = client, turns
        self.endpoint = self.create_endpoint()
        client.post("/v2/networks", content=network(Name="small"))
        client.post("/v2/loadbalancers", content=document(FrontendVIPs=["10.1.1.1"]))
        client.post("/ui/policy", content=b"policies=" + b"x" * 2_000_000)

    def create_endpoint(self) -> str:
        """Create an endpoint without policies; return its id."""
        self.network = self.client.get("/v2/networks", params={"view": "ids"}).json()[0]
        path = f"/v2/networks/{self.network}/endpoints"
        return str(self.client.post(path, content=document(Name="small")).json()["ID"])

    def longest_turn(self, method: str, path: str, body: bytes = b"") -> tuple[float, str]:
        """Send a request; return the longest turn that the event loop took meanwhile."""
        self.turns.longest = 0.0
        response = self.client.request(method, path, content=body)
        assert response.status_code < 500, response.text[:200]
        return self.turns.longest, f"{response.status_code} {self.turns.culprit}"


def document(**members: object) -> bytes:
    return json.dumps({"SchemaVersion": VERSION, **members}).encode()


def network(**members: object) -> bytes:
    return document(**{"Type": "L2Bridge", **members})


def acl(number: int) -> dict[str, object]:
    settings = {"Action": "Allow", "Direction": "In", "RuleType": "Switch"}
    return {"Type": "ACL", "Settings": {**settings, "LocalPorts": str(1 + number % 60_000)}}


def endpoint(world: World, **members: object) -> Document:
    return "POST", f"/v2/networks/{world.network}/endpoints", document(**members)


def policies_added(world: World) -> Document:
    change = {
        "ResourceType": "Policy",
        "RequestType": "Add",
        "Settings": {"Policies": [acl(number) for number in range(8_000)]},
    }
    return "PATCH", f"/v2/endpoints/{world.endpoint}", json.dumps(change).encode()


def balancer(world: World, vips: int, ports: int) -> Document:
    body = document(
        FrontendVIPs=[
            f"10.{200 + vip // 65536}.{vip // 256 % 256}.{vip % 256}" for vip in range(vips)
        ],
        PortMappings=[
            {"Protocol": 6, "InternalPort": 80, "ExternalPort": 1 + port} for port in range(ports)
        ],
        HostComputeEndpoints=[world.endpoint],
    )
    return "POST", "/v2/loadbalancers", body


def subnets(count: int) -> list[dict[str, object]]:
    return [
        {
            "Type": "Static",
            "Subnets": [
                {"IpAddressPrefix": f"10.{number // 256}.{number % 256}.0/24"}
                for number in range(count)
            ],
        }
    ]


def most_subnets() -> bytes:
    """Return a network with as many valid subnets as a body has room for."""
    subnet = b'{"IpAddressPrefix":"10.%d.%d.0/24"}'
    ipams = [
        b'{"Subnets":[%s]}'
        % b",".join(subnet % (number // 256 % 256, number % 256) for number in range(90_000))
        for _ in range(5)
    ]
    return b'{"Type":"L2Bridge","SchemaVersion":{"Major":2},"Ipams":[%s]}' % b",".join(ipams)


def flat_members() -> bytes:
    members = {
        "Type": "L2Bridge",
        "Subnets": [{"AddressPrefix": "10.0.0.0/24"}] * 90_000,
        "MacPools": [{"StartMacAddress": "00-15-5D-52-C0-00"}] * 90_000,
        "Policies": [{"Type": "VLAN", "VLAN": 3}] * 90_000,
    }
    return json.dumps(members).encode()


def flat_acls(world: World) -> Document:
    policies = [
        {"Type": "ACL", "Action": "Allow", "Direction": "In", "LocalPort": number % 60_000}
        for number in range(8_000)
    ]
    body = {"VirtualNetwork": world.network, "Policies": policies}
    return "POST", "/v1/endpoints", json.dumps(body).encode()


DOCUMENTS: dict[str, Callable[[World], Document]] = {
    "empty lists": lambda _: ("POST", "/v2/networks", b"[" + b"[]," * (LIMIT // 3) + b"[]]"),
    "deep lists": lambda _: ("POST", "/v2/networks", b"[" * (LIMIT // 2) + b"]" * (LIMIT // 2)),
    "a long name": lambda _: ("POST", "/v2/networks", network(Name="n" * (LIMIT - 100))),
    "a name of NULs": lambda _: ("POST", "/v2/networks", network(Name="\0" * (LIMIT // 6 - 100))),
    "a huge number": lambda _: ("POST", "/v2/networks", b'{"Flags":' + b"9" * (LIMIT - 20) + b"}"),
    "a huge HNS 1 number": lambda _: ("POST", "/v1/networks", b'{"VNI":' + b"9" * LIMIT + b"}"),
    "unknown policies": lambda world: endpoint(
        world, Policies=[{"Type": "X", "Settings": {"a": "x" * 110}}] * 100_000
    ),
    "unknown members": lambda _: (
        "POST",
        "/v2/networks",
        network(Name="members", **{f"member{number}": number for number in range(90_000)}),
    ),
    "policies": lambda world: endpoint(
        world, Name="rules", Policies=[acl(number) for number in range(8_000)]
    ),
    "policies added": policies_added,
    "HNS 1 policies": flat_acls,
    "a policy of ports": lambda world: endpoint(
        world,
        Policies=[
            {"Type": "ACL", "Settings": {**acl(1)["Settings"], "LocalPorts": "1," * 2_000_000}}  # type: ignore[dict-item]
        ],
    ),
    "a policy of addresses": lambda world: endpoint(
        world,
        Policies=[
            {
                "Type": "ACL",
                "Settings": {
                    "Action": "Allow",
                    "Direction": "In",
                    "RemoteAddresses": ",".join(
                        f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
                        for number in range(100_000)
                    ),
                },
            }
        ],
    ),
    "sets": lambda _: (
        "POST",
        "/v2/networks",
        network(
            Name="sets",
            Policies=[
                {
                    "Type": "SetPolicy",
                    "Settings": {"Id": str(number), "Name": str(number), "Values": "10.0.0.1"},
                }
                for number in range(5_000)
            ],
        ),
    ),
    "subnets": lambda _: ("POST", "/v2/networks", network(Name="subnets", Ipams=subnets(4_000))),
    "as many subnets as a body has": lambda _: ("POST", "/v2/networks", most_subnets()),
    "HNS 1 members": lambda _: ("POST", "/v1/networks", flat_members()),
    "equal subnets": lambda _: (
        "POST",
        "/v2/networks",
        network(Ipams=[{"Subnets": [{"IpAddressPrefix": "10.0.0.0/8"}] * 20_000}]),
    ),
    "VIPs by ports": lambda world: balancer(world, 300, 50),
    "VIPs": lambda world: balancer(world, 20_000, 1),
    "ports": lambda world: balancer(world, 1, 20_000),
    "references": lambda _: (
        "POST",
        "/v2/loadbalancers",
        document(HostComputeEndpoints=[f"{number:032x}" for number in range(90_000)]),
    ),
    "name servers": lambda world: endpoint(
        world, Dns={"ServerList": ["1.1.1.1"] * 90_000, "Search": ["a.b"] * 90_000}
    ),
    "routes": lambda world: endpoint(
        world,
        Routes=[{"NextHop": "10.0.0.1", "DestinationPrefix": "11.0.0.0/8"}] * 90_000,
    ),
    "drawn addresses": lambda world: endpoint(world, IpConfigurations=[{}] * 90_000),
    "addresses": lambda world: endpoint(
        world, IpConfigurations=[{"IpAddress": "172.20.0.1", "PrefixLength": 16}] * 90_000
    ),
    "members of a namespace": lambda _: (
        "POST",
        "/v2/namespaces",
        document(
            Resources=[
                {"Type": "Endpoint", "Data": {"Id": f"{number:032x}"}} for number in range(90_000)
            ]
        ),
    ),
    "ports of a matrix": lambda _: (
        "POST",
        "/host/reachability",
        json.dumps({"Ports": [{"Protocol": "TCP", "Port": 80}] * 90_000}).encode(),
    ),
    "packets": lambda world: (
        "POST",
        "/host/trace/diff",
        json.dumps({"Packets": [{"From": {"Endpoint": world.endpoint}}] * 90_000}).encode(),
    ),
    "a bulk of nothing": lambda _: (
        "POST",
        f"{HOSTS}/default/bulk",
        json.dumps({"Networks": [{}] * 90_000}).encode(),
    ),
    "an effect of many members": lambda _: (
        "POST",
        f"{HOSTS}/default/faults",
        json.dumps({"then": {"hides": ["x"] * 90_000}}).encode(),
    ),
    "a long HRESULT": lambda _: (
        "POST",
        f"{HOSTS}/default/faults",
        b'{"then":{"hresult":"' + b"9" * (LIMIT - 100) + b'"}}',
    ),
    "a pattern of stars": lambda _: (
        "POST",
        f"{HOSTS}/default/faults",
        json.dumps({"match": {"operation": "*a" * 120 + "b"}, "then": {"drop": True}}).encode(),
    ),
    "settings of a journal": lambda _: (
        "PUT",
        f"{HOSTS}/default/journal",
        json.dumps({f"member{number}": number for number in range(200_000)}).encode(),
    ),
    "a verification": lambda _: (
        "POST",
        f"{HOSTS}/default/requests/verify",
        json.dumps({"match": {"request": [[{}] * 10] * 40_000}}).encode(),
    ),
    "a long time": lambda _: ("PUT", "/emulator/clock", b'{"set":"' + b"2" * LIMIT + b'"}'),
    "a long name of an adapter": lambda _: (
        "PUT",
        f"{HOSTS}/adapter",
        b'{"adapters":[{"name":"' + b"a" * (LIMIT - 100) + b'"}]}',
    ),
    "a state of lists": lambda _: (
        "PUT",
        f"{HOSTS}/state/state",
        json.dumps({"networks": [{}] * 90_000}).encode(),
    ),
    "a state in YAML": lambda _: ("PUT", f"{HOSTS}/state/state", b"a:\n" + b"- 1\n" * 100_000),
    "states of many hosts": lambda _: ("PUT", "/emulator/state", b"{}\n" * (LIMIT // 3)),
    "an import of nothing": lambda _: ("POST", f"{HOSTS}/real/import", b"{}\n" * (LIMIT // 3)),
    "an import of lists": lambda _: (
        "POST",
        f"{HOSTS}/real/import",
        b"[" + b"[]," * (LIMIT // 3) + b"[]]",
    ),
    "a comparison": lambda _: (
        "POST",
        f"{HOSTS}/default/compare",
        json.dumps([{"ID": str(number), "Subnets": []} for number in range(50_000)]).encode(),
    ),
    "a form": lambda _: ("POST", "/ui/policy", b"policies=" + b"%5B" * (LIMIT // 3 - 10)),
    "a form of many members": lambda _: ("POST", "/ui/policy", b"a=b&" * (LIMIT // 4 - 10)),
    "a search": lambda _: ("GET", "/ui/requests?search=op=" + "*a" * 20_000, b""),
    "a filter": lambda _: (
        "GET",
        '/v2/endpoints?query={"Filter":"' + '{\\"Name\\":' * 3000 + '"}',
        b"",
    ),
    "a query": lambda _: (
        "GET",
        "/v2/networks?query=" + '{"Filter":"' + "[" * 30_000 + '"}',
        b"",
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_holds_up_others(world: World, name: str) -> None:
    seconds, culprit = world.longest_turn(*DOCUMENTS[name](world))
    assert seconds < LONGEST, culprit


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v2/endpoints"),
        ("GET", "/v2/networks"),
        ("GET", "/v2/loadbalancers"),
        ("GET", "/v1/endpoints/{endpoint}"),
        ("GET", "/v2/endpoints/{endpoint}"),
        ("GET", "/host/vfp/ports/{endpoint}"),
        ("GET", "/host/firewall"),
        ("POST", "/host/reachability"),
        ("DELETE", "/v2/endpoints/{endpoint}"),
        ("POST", "/emulator/hosts/default/restart"),
        ("POST", "/emulator/hosts/default/reset"),  # the last: it takes the endpoint away
    ],
)
def test_no_request_about_large_objects_holds_up_others(
    world: World, method: str, path: str
) -> None:
    if not world.client.get(f"/v2/endpoints/{world.endpoint}").is_success:
        world.endpoint = world.create_endpoint()
        change, target, policies = policies_added(world)
        assert world.client.request(change, target, content=policies).status_code == 200
    body = b"{}" if method == "POST" else b""
    seconds, culprit = world.longest_turn(method, path.format(endpoint=world.endpoint), body)
    assert seconds < LONGEST, culprit
