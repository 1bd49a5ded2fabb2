"""A cluster that kubectl printed becomes hosts, on which packets are traced."""

import json
from typing import Any

import httpx
import pytest

from tests.dumps.kubernetes.objects import CLUSTER, backend, backends, node, pod, service

WAY = "/emulator/kubernetes"
Json = dict[str, Any]


async def _import(client: httpx.AsyncClient, *objects: Json, query: str = "") -> httpx.Response:
    text = "\n".join(map(json.dumps, objects)) if objects else CLUSTER.read_text()
    return await client.post(f"{WAY}{query}", content=text)


async def _trace(client: httpx.AsyncClient, host: str, sender: str, to: str, port: int) -> Json:
    request = {
        "From": {"Endpoint": sender},
        "Packet": {"Protocol": "TCP", "Destination": to, "DestinationPort": port},
        "Reply": True,
    }
    answer = await client.post(f"/hosts/{host}/host/trace", json=request)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_each_windows_node_becomes_a_host(client: httpx.AsyncClient) -> None:
    record = (await _import(client)).json()
    assert [host["name"] for host in record["hosts"]] == ["win-1", "win-2"]
    assert {host["release"] for host in record["hosts"]} == {"ws2022"}
    taken = {(item["kind"], item["namespace"], item["name"]) for item in record["taken"]}
    assert {("Node", "", "win-1"), ("Pod", "shop", "web-0"), ("Pod", "shop", "api-0")} <= taken
    left = {item["name"]: item["reason"] for item in record["left"] if item["kind"] == "Pod"}
    assert left["exporter"].startswith("hostNetwork: it has no endpoint")
    assert left["coredns-0"] == "its node linux-1 becomes no host"
    (network,) = (await client.get("/hosts/win-1/v2/networks")).json()
    assert (network["Name"], network["Type"]) == ("Calico", "L2Bridge")
    endpoints = (await client.get("/hosts/win-2/v2/endpoints")).json()
    assert {endpoint["Name"] for endpoint in endpoints} >= {"shop/web-1", "shop/api-0"}


async def test_the_answer_says_whom_the_hosts_follow(client: httpx.AsyncClient) -> None:
    made_as = (await _import(client)).json()["made_as"]
    assert made_as == {
        "networks": "Calico's CNI plugin for Windows, l2bridge",
        "load_balancers": "kube-proxy in kernelspace mode, with --enable-dsr",
        "policies": "Felix of Calico for Windows, which skips named ports and except",
    }


async def test_pods_of_two_nodes_reach_each_other(client: httpx.AsyncClient) -> None:
    await _import(client, node("win-1", 1), node("win-2", 2), pod("a", "10.244.1.10"),
                  pod("b", "10.244.2.10", "win-2"))  # fmt: skip
    walk = await _trace(client, "win-1", "shop/a", "10.244.2.10", 80)
    assert walk["Verdict"] == "Delivered"
    assert walk["DeliveredTo"]["Host"] == "win-2"


async def test_a_host_that_is_there_stays_as_it_is(client: httpx.AsyncClient) -> None:
    assert (await client.put("/emulator/hosts/win-2", json={})).status_code == 201
    refused = await _import(client)
    assert refused.status_code == 409
    assert "host 'win-2' exists; delete it first" in refused.json()["Detail"]
    assert (await client.get("/emulator/hosts/win-1")).status_code == 404
    assert (await client.get("/emulator/hosts/win-2")).status_code == 200


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"\xff", "the file is neither UTF-8 nor UTF-16"),
        (b"", "the text has no object"),
        (b"kind: [", "the body is not valid YAML"),
        (b'{"kind": "Pod"}', "line 1: metadata.name: is missing"),
    ],
)
async def test_a_body_that_is_no_cluster_is_refused(
    client: httpx.AsyncClient, body: bytes, detail: str
) -> None:
    refused = await client.post(WAY, content=body)
    assert refused.status_code == 400
    assert refused.json()["Detail"].startswith(detail)


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("?network=nat", 'network: "nat" is unknown; write l2bridge or overlay'),
        ("?services=10.96.0.0%2F33", 'services: "10.96.0.0/33" is no prefix'),
        (
            "?services=fd00::%2F108",
            "services: must have one prefix of IPv4, and one of IPv6 at most",
        ),
        ("?dsr=yes", 'dsr: "yes" is unknown; write true or false'),
        ("?policies=none", 'policies: "none" is unknown; write calico or kubernetes'),
    ],
)
async def test_a_wrong_option_is_refused(
    client: httpx.AsyncClient, query: str, detail: str
) -> None:
    refused = await _import(client, query=query)
    assert refused.status_code == 400
    assert refused.json()["Detail"].startswith(detail)
    assert (await client.get("/emulator/hosts/win-1")).status_code == 404


async def test_a_wrong_document_leaves_no_host(client: httpx.AsyncClient) -> None:
    refused = await _import(client, node("win-1", 1), pod("web", "10.244.1.999"))
    assert refused.status_code == 400
    assert refused.json()["Detail"].startswith("line 2: Pod shop/web status.podIP:")
    assert (await client.get("/emulator/hosts/win-1")).status_code == 404


async def test_nodes_that_no_host_can_be_leave_none(client: httpx.AsyncClient) -> None:
    overlapping = node("win-2", 2) | {"spec": {"podCIDRs": ["10.244.2.0/24", "10.244.2.0/25"]}}
    refused = await _import(client, node("win-1", 1), overlapping)
    assert refused.status_code >= 400
    assert "win-2" in refused.json()["Detail"]
    assert (await client.get("/emulator/hosts/win-1")).status_code == 404


def _backend(walk: Json) -> tuple[str, int]:
    """Return where a walk ended: the receiver's host, and the port that it got the packet at."""
    return walk["DeliveredTo"]["Host"], walk["Packet"]["DestinationPort"]


@pytest.mark.parametrize("network", ["l2bridge", "overlay"])
@pytest.mark.parametrize("dsr", ["true", "false"])
async def test_a_pod_reaches_a_service_whose_backend_is_elsewhere(
    client: httpx.AsyncClient, dsr: str, network: str
) -> None:
    objects = (node("win-1", 1), node("win-2", 2), pod("client", "10.244.1.10"),
               pod("web", "10.244.2.10", "win-2"), service("web"),
               backends("web", backend("10.244.2.10", "win-2")))  # fmt: skip
    await _import(client, *objects, query=f"?dsr={dsr}&network={network}")
    walk = await _trace(client, "win-1", "shop/client", "10.96.0.9", 80)
    assert (walk["Verdict"], walk["Reply"]["Verdict"]) == ("Delivered", "Delivered")
    assert _backend(walk) == ("win-2", 8080)


async def test_without_dsr_an_egress_policy_sees_the_service_in_place_of_its_backend(
    client: httpx.AsyncClient,
) -> None:
    await _import(client, query="?dsr=false")
    walk = await _trace(client, "win-1", "shop/web-0", "10.96.10.2", 9090)
    assert walk["Verdict"] == "Blocked"
    assert walk["Packet"]["Destination"] == "10.96.10.2"
    assert "ACL deny-of-shop/web blocks it" in json.dumps(walk["Steps"][-1])


@pytest.mark.parametrize("network", ["l2bridge", "overlay"])
async def test_a_node_port_is_reached_from_outside(client: httpx.AsyncClient, network: str) -> None:
    await _import(client, query=f"?network={network}")
    request = {
        "From": {"External": True},
        "Packet": {"Protocol": "TCP", "Source": "203.0.113.9", "Destination": "10.0.0.11",
                   "DestinationPort": 30080},
        "Backend": "all",
    }  # fmt: skip
    walk = (await client.post("/hosts/win-1/host/trace", json=request)).json()
    assert walk["Verdict"] == "Delivered"
    assert walk["DeliveredTo"]["Kind"] == "Endpoint"


async def test_what_hns_refuses_is_named_with_the_host(client: httpx.AsyncClient) -> None:
    twin = service("twin", {"port": 80, "targetPort": 8080})
    record = (
        await _import(client, node("win-1", 1), pod("web", "10.244.1.10"), service("web"), twin,
                      backends("web", backend("10.244.1.10")),
                      backends("twin", backend("10.244.1.10")))
    ).json()  # fmt: skip
    taken = [item["name"] for item in record["taken"] if item["kind"] == "Service"]
    assert taken == ["web"]
    (left,) = record["left"]
    assert left["name"] == "twin"
    assert left["reason"].startswith("on win-1: ")
    assert len((await client.get("/hosts/win-1/v2/loadbalancers")).json()) == 1


@pytest.mark.parametrize("network", ["l2bridge", "overlay"])
@pytest.mark.parametrize(
    ("host", "sender", "to", "port", "verdict", "rule"),
    [
        ("win-2", "shop/web-1", "10.96.10.2", 9090, "Delivered", ""),
        ("win-1", "shop/web-0", "10.96.10.2", 9090, "Delivered", ""),
        ("win-1", "monitoring/probe", "10.96.10.1", 80, "Delivered", ""),
        ("win-1", "monitoring/probe", "10.96.10.2", 9090, "Blocked", "deny-of-shop/api"),
        ("win-1", "shop/web-0", "10.244.1.30", 80, "Blocked", "deny-of-shop/web"),
        ("win-2", "shop/api-0", "10.244.1.10", 8080, "Delivered", ""),
        ("win-2", "shop/api-0", "10.244.1.10", 22, "Blocked", "deny-of-shop/web"),
    ],
)
async def test_policies_allow_and_deny(
    client: httpx.AsyncClient,
    network: str,
    host: str,
    sender: str,
    to: str,
    port: int,
    verdict: str,
    rule: str,
) -> None:
    record = (await _import(client, query=f"?network={network}")).json()
    assert [item for item in record["left"] if item["kind"] == "NetworkPolicy"] == []
    walk = await _trace(client, host, sender, to, port)
    assert walk["Verdict"] == verdict
    if rule:
        assert f"ACL {rule} blocks it" in json.dumps(walk["Steps"][-1])


async def test_the_matrix_shows_what_policies_do(client: httpx.AsyncClient) -> None:
    await _import(client)
    request = {
        "From": ["shop/web-1", "shop/api-0"],
        "To": ["shop/web-1", "shop/api-0"],
        "Ports": [{"Protocol": "TCP", "Port": 9090}],
    }
    matrix = (await client.post("/hosts/win-2/host/reachability", json=request)).json()
    reasons = [outcome["Verdict"] for outcome in matrix["Outcomes"]]
    cells = [[reasons[cell] for cell in row] for row in matrix["Matrix"][0]]
    assert cells[0][1] == "Delivered"
    assert cells[1][0] == "Blocked"
