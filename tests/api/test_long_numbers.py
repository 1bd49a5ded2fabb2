"""Thousands of digits where a number is written as text: refused, or no match, but no failure."""

import json
from typing import Any

import httpx

from hnsemu.api.examples import ENDPOINT, HNS_ENDPOINT, NETWORK

LONG = "9" * 5000
SUBNET = f"10.0.0.0/{LONG}"
V2 = {"SchemaVersion": {"Major": 2}}
ACL = {"Action": "Allow", "Direction": "In"}


def filtered(**members: str) -> str:
    return f"query={json.dumps({'Filter': json.dumps(members)})}"


def policy(**settings: str) -> dict[str, Any]:
    return {**V2, "Policies": [{"Type": "ACL", "Settings": {**ACL, **settings}}]}


def traced(**members: str) -> dict[str, Any]:
    return {"From": {"Endpoint": ENDPOINT}, "Packet": {"Destination": "1.1.1.1", **members}}


def container(*words: str) -> dict[str, Any]:
    return {"Image": "mcr.microsoft.com/windows/nanoserver:ltsc2022", "Cmd": list(words)}


ENDPOINTS = f"/v2/networks/{NETWORK}/endpoints"
CALLS: list[tuple[str, str, Any]] = [
    ("POST", "/host/trace", traced(Protocol=LONG)),
    ("POST", "/host/trace", traced(Protocol="٣")),
    ("POST", "/host/reachability", {"Ports": [{"Protocol": LONG}]}),
    ("GET", f"/v2/endpoints?{filtered(State=LONG)}", None),
    ("GET", f"/v2/endpoints?{filtered(Flags=LONG)}", None),
    ("GET", f"/host/vfp/ports/{ENDPOINT}/process-tuples?tuple={LONG} 1.1.1.1 1 2.2.2.2 1 in", None),
    ("GET", f"/ui/matrix?port={LONG}", None),
    ("GET", f"/ui/matrix/svg?port={LONG}", None),
    ("GET", f"/ui/trace?from=endpoint:{ENDPOINT}&to=1.1.1.1:{LONG}", None),
    ("GET", f"/ui/trace?from=endpoint:{ENDPOINT}&to=1.1.1.1&protocol={LONG}", None),
    ("GET", f"/ui/endpoints?q=State={LONG}", None),
    ("GET", f"/ui/endpoints?start={LONG}", None),
    ("GET", f"/ui/requests/{LONG}", None),
    ("GET", f"/ui/requests?q=hresult={LONG}", None),
    ("GET", "/ui/requests?q=hresult=٣", None),
    ("POST", ENDPOINTS, policy(Protocols=LONG)),
    ("POST", ENDPOINTS, policy(Protocols=f"6,{LONG}")),
    ("POST", ENDPOINTS, policy(LocalPorts=LONG)),
    ("POST", ENDPOINTS, policy(LocalPorts=f"1-{LONG}")),
    (
        "POST",
        f"/v1/endpoints/{HNS_ENDPOINT}",
        {"Policies": [{"Type": "ACL", "Protocol": LONG, "LocalPort": LONG, **ACL}]},
    ),
    (
        "POST",
        "/emulator/hosts/real/import",
        {
            "Name": "x",
            "Id": "a" * 64,
            "Driver": "nat",
            "IPAM": {"Config": [{"Subnet": "10.0.0.0/24"}]},
            "Containers": {"a": {"Name": "b", "IPv4Address": f"10.0.0.1/{LONG}"}},
        },
    ),
    (
        "POST",
        "/emulator/kubernetes",
        {
            "kind": "Node",
            "apiVersion": "v1",
            "metadata": {"name": "a"},
            "status": {"nodeInfo": {"operatingSystem": "windows", "kernelVersion": f"1.0.{LONG}"}},
        },
    ),
    ("GET", f"/docker/v1.{LONG}/info", None),
    ("POST", "/docker/networks/create", {"Name": "x", "IPAM": {"Config": [{"Subnet": SUBNET}]}}),
    ("POST", "/docker/containers/create", container("ping", "-n", LONG, "web")),
    ("POST", "/docker/containers/create", container("cmd", "/c", "exit", LONG)),
]


async def test_a_number_of_any_length_is_no_failure(world: httpx.AsyncClient) -> None:
    for method, path, body in CALLS:
        answer = await world.request(method, path, json=body)
        assert answer.status_code < 500, (path, body, answer.text)
        assert "int_max_str_digits" not in answer.text, (path, body)


async def test_an_hresult_is_written_in_ascii_digits(client: httpx.AsyncClient) -> None:
    for text in ["0x_1", "0b1", "1_0", "+1", "-0", "٣", "0x123456789"]:
        answer = await client.get(f"/emulator/hosts/default/requests?hresult={text}")
        assert answer.status_code == 400, text
        assert answer.json()["Detail"].startswith("hresult:")
