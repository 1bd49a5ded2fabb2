"""A host is made of what a real one printed, and compares with it."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from hnsemu.metrics import TRANSACTIONS

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
NODE = "/emulator/hosts/real"

CALL_FAILED = "no document is of an object: it says why a call failed"
NO_OBJECT = "no document is of an object: it is of no network, endpoint, policy list"
NOTHING_TAKEN = "no document could be taken, no host was made: "
NO_NETWORK = ": it does not say which network it is on"
UNKNOWN_NETWORK = ": there is no network "

REFUSED = {
    "error-v1-envelope-adapter-not-found-hns9": CALL_FAILED,
    "error-v1-envelope-name-exists": CALL_FAILED,
    "error-v1-envelope-param-incorrect-pre1809": CALL_FAILED,
    "inferred-error-v1-envelope-endpoint-not-found": CALL_FAILED,
    "v1-endpoint-host-attached-port-allocator-hns9.1": NO_OBJECT,
    "v1-endpoint-isolation-allocator-ws2025-hns15": NO_OBJECT,
    "v1-network-policy-remotesubnetroute": NO_OBJECT,
}
"""Documents of no object."""

LEFT = {
    "v1-endpoint-calico-vxlan-hns9-partial": NO_NETWORK,
    "v1-endpoint-nat-post-output-hns13.3": UNKNOWN_NETWORK,
    "v1-endpoint-nat-post-output-hns9.2": UNKNOWN_NETWORK,
    "v1-endpoint-post-request-transparent": UNKNOWN_NETWORK,
    "v1-endpoint-remote-l2bridge-hns9-partial": NO_NETWORK,
    "v1-endpoint-remote-overlay-hns9.2-listing": NO_NETWORK,
    "v1-endpoint-transparent-attached-hns9.1-partial": UNKNOWN_NETWORK,
    "v1-endpoint-transparent-post-output-hns9.1-partial": NO_NETWORK,
    "v1-namespace-get-hns13.3-partial": "Settings.EndpointId: no endpoint has the ID ",
    "v1-network-overlay-external-ws2022-head-partial": "'' is not an address prefix",
    "v1-policylist-elb-dsr-hns15.0-partial": "reference 0 names the endpoint ",
    "v1-policylist-elb-made-by-v2-hns9.2": "reference 0 names the endpoint ",
    "v2-loadbalancer-create-result-hns9.2": "reference 0 names the endpoint ",
}
"""Documents that name others which are not there, or are cut."""

RELEASES = {
    "v1-network-ics-default-switch-hns15.0": "win11",
    "v1-network-nat-post-reply-hns13.3": "ws2022",
    "v1-network-transparent-hns9.1": "ws2019-rtm",
    "v1-network-type-internal-hns10.3-partial": "ws1903",
    "v1-networks-get-ws2016era-hns1.1": "ws2016",
}


def _sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


async def _import(client: httpx.AsyncClient, body: bytes) -> httpx.Response:
    return await client.post(f"{NODE}/import", content=body)


async def _differences(client: httpx.AsyncClient, body: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.post(f"{NODE}/compare", content=body)).json()
    return found


@pytest.mark.parametrize("name", sorted(file.stem for file in SAMPLES.glob("*.json")))
async def test_each_sample_compares_without_difference_or_with_a_reason(
    client: httpx.AsyncClient, name: str
) -> None:
    body = _sample(name)
    answer = await _import(client, body)
    if name in REFUSED or name in LEFT:
        assert answer.status_code == 400
        said = answer.json()["Detail"]
        assert said.startswith(REFUSED.get(name, NOTHING_TAKEN))
        assert LEFT.get(name, "") in said
        assert (await client.get(NODE)).status_code == 404
        return
    assert answer.status_code == 200, answer.text
    record = answer.json()
    assert record["left"] == []
    assert record["taken"]
    if name in RELEASES:
        assert record["host"]["release"] == RELEASES[name]
    unexplained = [each for each in await _differences(client, body) if not each["reason"]]
    assert unexplained == []


NETWORK: dict[str, Any] = {
    "ID": "7d6b8f6f-6c9d-4a42-9e0c-5d64f1d2d0ab",
    "Name": "cbr0",
    "Type": "L2Bridge",
    "NetworkAdapterName": "LAN",
    "ManagementIP": "10.7.0.4",
    "Version": 55834574851,
    "Subnets": [{"AddressPrefix": "10.244.7.0/24", "GatewayAddress": "10.244.7.1"}],
}
ENDPOINT = {
    "ID": "0d3f0c1a-52b6-4c07-8b9a-f4e3f2f8d6b5",
    "Name": "web",
    "VirtualNetwork": NETWORK["ID"],
    "IPAddress": "10.244.7.9",
    "MacAddress": "00-15-5D-AA-BB-CC",
    "Policies": [{"Type": "ACL", "Action": "Block", "Direction": "In", "Priority": 100}],
    "SharedContainers": ["0f70f0bcccaf"],
}
NAMESPACE = {
    "ID": "27c5cd10-5a54-4fe6-8fa2-5ee1ecd1ed08",
    "IsDefault": False,
    "ResourceList": [{"Type": "Endpoint", "Data": {"Id": ENDPOINT["ID"]}}],
}
BALANCER = {
    "ID": "8d7ba0b2-2ec4-4d59-9ee7-8a4a2ca5e1de",
    "References": [f"/endpoints/{ENDPOINT['ID']}"],
    "Policies": [{"Type": "ELB", "VIPs": ["10.96.0.10"], "Protocol": 6, "InternalPort": 8080,
                  "ExternalPort": 80}],
}  # fmt: skip
ADAPTERS = [
    {"Name": "LAN", "ifIndex": 4, "MacAddress": "00-0C-29-11-22-33"},
    {"Name": "vEthernet (nat)", "ifIndex": 9, "MacAddress": "00-15-5D-00-00-01"},
]
DUMP = "\n".join(
    ["PS C:\\> Get-HnsNetwork | ConvertTo-Json -Depth 10", json.dumps(NETWORK, indent=2),
     json.dumps([ENDPOINT]), json.dumps(NAMESPACE), json.dumps(BALANCER), json.dumps(ADAPTERS)]
)  # fmt: skip


async def test_a_whole_host_comes_along_with_what_identifies_it(client: httpx.AsyncClient) -> None:
    record = (await _import(client, DUMP.encode("utf-16"))).json()
    assert record["left"] == []
    assert record["host"]["adapters"][0] == {
        "name": "LAN", "mac": "00-0C-29-11-22-33", "address": "10.7.0.4/24", "gateway": "",
        "wireless": False, "address6": "", "gateway6": "",
    }  # fmt: skip
    assert len(record["host"]["adapters"]) == 1
    assert record["host"]["release"] == "ws2022"
    found = await _differences(client, json.dumps([ENDPOINT, BALANCER]).encode())
    assert [each["member"] for each in found if not each["reason"]] == []
    endpoint = (await client.get(f"/hosts/real/v2/endpoints/{ENDPOINT['ID']}")).json()
    assert endpoint["HostComputeNamespace"] == NAMESPACE["ID"]
    networks = (await client.get("/hosts/real/v2/networks")).json()
    assert [network["Name"] for network in networks] == ["cbr0"]


async def test_a_host_that_was_changed_differs_in_the_member(client: httpx.AsyncClient) -> None:
    await _import(client, DUMP.encode())
    other = {**ENDPOINT, "IPAddress": "10.244.7.99"}
    found = await _differences(client, json.dumps(other).encode())
    (difference,) = [each for each in found if not each["reason"]]
    assert difference["member"] == "IPAddress"
    assert (difference["dump"], difference["host"]) == ("10.244.7.99", "10.244.7.9")
    assert difference["reason"] == ""


async def test_a_network_that_docker_shows_comes_with_its_containers(
    client: httpx.AsyncClient,
) -> None:
    record = (await _import(client, _of_docker())).json()
    assert record["left"] == []
    (endpoint,) = (await client.get("/hosts/real/v2/endpoints")).json()
    assert (endpoint["Name"], endpoint["MacAddress"]) == ("web", "00-15-5D-01-02-03")
    assert endpoint["HostComputeNetwork"] == NETWORK["ID"]


def _of_docker(**members: object) -> bytes:
    """Return a network of one container as Docker prints it."""
    shown = {
        "Name": "web_net", "Id": "ab" * 32, "Driver": "nat",
        "IPAM": {"Driver": "windows", "Config": [
            {"Subnet": "172.28.0.0/20", "Gateway": "172.28.0.1"}]},
        "Options": {"com.docker.network.windowsshim.hnsid": NETWORK["ID"].upper()},
        "Containers": {"cd" * 32: {"Name": "web", "EndpointID": "ef" * 32,
                                   "MacAddress": "00:15:5d:01:02:03",
                                   "IPv4Address": "172.28.0.9/16"}},
    }  # fmt: skip
    return json.dumps([shown | members]).encode()


@pytest.mark.parametrize(
    ("members", "differing"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"Options": None}, {}, id="a network found by its name"),
        pytest.param({"Name": "other"}, {"Name": "web_net"}, id="the name"),
        pytest.param({"Driver": "l2bridge"}, {"Driver": "nat"}, id="the type"),
        pytest.param(
            {"IPAM": {"Config": [{"Subnet": "172.28.0.0/20", "Gateway": "172.28.0.2"}]}},
            {"IPAM.Config[0].Gateway": "172.28.0.1"},
            id="the gateway",
        ),
        pytest.param(
            {"IPAM": {"Config": [{"Subnet": "0.0.0.0/0"}]}},
            {"IPAM.Config": [{"Subnet": "172.28.0.0/20", "Gateway": "172.28.0.1"}]},
            id="no subnet",
        ),
        pytest.param(
            {
                "Containers": {
                    "cd": {"IPv4Address": "172.28.0.9/16", "MacAddress": "02:00:00:00:00:01"}
                }
            },
            {"Containers.cd.MacAddress": "00-15-5D-01-02-03"},
            id="a MAC",
        ),
        pytest.param(
            {"Containers": {"cd": {"IPv4Address": "172.28.0.8/16", "MacAddress": ""}}},
            {"Containers.cd": None},
            id="a container without an endpoint",
        ),
        pytest.param({"Options": {}, "Name": "other"}, {"": None}, id="the whole network"),
    ],
)
async def test_what_docker_alone_says_is_compared(
    client: httpx.AsyncClient, members: dict[str, object], differing: dict[str, object]
) -> None:
    await _import(client, _of_docker())
    found = await _differences(client, _of_docker(**members))
    assert {known["member"]: known.get("host") for known in found} == differing
    assert [known["reason"] for known in found] == [""] * len(differing)


async def test_what_hns_says_goes_before_what_docker_says(client: httpx.AsyncClient) -> None:
    await _import(client, json.dumps([NETWORK]).encode())
    body = _of_docker(Driver="l2bridge") + b"\n" + json.dumps([NETWORK]).encode()
    assert [known for known in await _differences(client, body) if not known["reason"]] == []


async def test_an_endpoint_outside_namespaces_is_attached_to_its_container(
    client: httpx.AsyncClient,
) -> None:
    await _import(client, json.dumps([NETWORK, ENDPOINT]).encode())
    shown = (await client.get(f"/hosts/real/v1/endpoints/{ENDPOINT['ID']}")).json()["Output"]
    assert shown["SharedContainers"] == ["0f70f0bcccaf"]


async def test_an_import_that_breaks_off_leaves_no_host(client: httpx.AsyncClient) -> None:
    refused = await _import(client, DUMP.encode()[:-5])
    assert refused.status_code == 400
    assert "the document is not complete JSON" in refused.json()["Detail"]
    assert (await client.get(NODE)).status_code == 404


@pytest.mark.parametrize("member", ["Routes", "Setting"])
async def test_routes_are_taken_and_compare_with_what_was_printed(
    client: httpx.AsyncClient, member: str
) -> None:
    network, endpoint, route = (f"0000000{n}-0000-4000-8000-000000000001" for n in (1, 2, 3))
    hop = [{"NextHop": "10.1.0.9", "DestinationPrefix": "10.9.0.0/16", "NeedEncap": True}]
    schema = {"Major": 2, "Minor": 14}
    documents = [
        {"ID": route, "HostComputeNetwork": network, "HostComputeEndpoints": [endpoint],
         member: hop, "SchemaVersion": schema},
        {"ID": network, "Name": "pods", "Type": "L2Bridge", "SchemaVersion": schema,
         "Ipams": [{"Subnets": [{"IpAddressPrefix": "10.1.0.0/16"}]}]},
        {"ID": endpoint, "HostComputeNetwork": network, "SchemaVersion": schema,
         "IpConfigurations": [{"IpAddress": "10.1.0.5", "PrefixLength": 16}],
         "Routes": [{"NextHop": "10.1.0.1", "DestinationPrefix": "0.0.0.0/0"}]},
    ]  # fmt: skip
    body = json.dumps(documents).encode()
    imported = (await _import(client, body)).json()
    assert imported["left"] == []
    assert sorted(taken["kind"] for taken in imported["taken"]) == [
        "SDN route",
        "endpoint",
        "network",
    ]
    (shown,) = (await client.get("/hosts/real/v2/sdnroutes")).json()
    assert (shown["ID"], shown["Routes"]) == (route, hop)
    differences = (await client.post(f"{NODE}/compare", content=body)).json()
    assert [found for found in differences if found["kind"] == "SDN route"] == []


async def test_more_endpoints_need_no_more_transactions(client: httpx.AsyncClient) -> None:
    network = {
        "ID": "00000001-0000-4000-8000-000000000001",
        "Name": "pods",
        "Type": "Private",
        "SchemaVersion": {"Major": 2, "Minor": 14},
        "Ipams": [{"Subnets": [{"IpAddressPrefix": "10.1.0.0/16"}]}],
    }
    endpoints = [
        {
            "ID": f"{number:08}-0000-4000-8000-000000000002",
            "HostComputeNetwork": network["ID"],
            "SchemaVersion": network["SchemaVersion"],
            "IpConfigurations": [{"IpAddress": f"10.1.0.{number}"}],
        }
        for number in (2, 3, 4, 5, 6, 4)
    ]
    endpoints[-1]["ID"] = "00000009-0000-4000-8000-000000000002"
    counts = []
    for several in (endpoints[:1], endpoints):
        before = _transactions()
        imported = (await _import(client, json.dumps([network, *several]).encode())).json()
        counts.append(_transactions() - before)
        assert len((await client.get("/hosts/real/v2/endpoints")).json()) == min(len(several), 5)
        await client.delete(NODE)
    assert [left["id"] for left in imported["left"]] == [endpoints[-1]["ID"]]
    assert counts[0] == counts[1]


def _transactions() -> float:
    """Return how many transactions were done."""
    done: float = TRANSACTIONS.labels(outcome="done")._value.get()
    return done


DOCKER: dict[str, Any] = {
    "Name": "nat",
    "Id": "a" * 64,
    "Driver": "nat",
    "IPAM": {"Config": [{"Subnet": "172.20.0.0/16", "Gateway": "172.20.0.1"}]},
    "Containers": {"b": {"Name": "web", "IPv4Address": "172.20.1.5/16"}},
    "Options": {},
}
WRONG: dict[str, dict[str, object]] = {
    "Driver: must be a text": {"Driver": ["nat"]},
    "Options: must be an object": {"Options": [5]},
    "IPAM: must be an object": {"IPAM": True},
    "IPAM.Config: must be a list": {"IPAM": {"Config": {"x": 1}}},
    "IPAM.Config.*: must be an object": {"IPAM": {"Config": ["172.20.0.0/16"]}},
    "IPAM.Config.*.Subnet: must be a text": {"IPAM": {"Config": [{"Subnet": [1]}]}},
    "IPAM.Config.*.Gateway: must be a text": {"IPAM": {"Config": [{"Gateway": {}}]}},
    "Containers: must be an object": {"Containers": ["b"]},
    "Containers.*: must be an object": {"Containers": {"b": "web"}},
    "Containers.*.IPv4Address: must be a text": {"Containers": {"b": {"IPv4Address": 5}}},
    "Containers.*.MacAddress: must be a text": {"Containers": {"b": {"MacAddress": [1]}}},
}


async def test_what_docker_never_prints_is_refused_by_its_member(client: httpx.AsyncClient) -> None:
    for sentence, members in WRONG.items():
        body = json.dumps([{**DOCKER, **members}]).encode()
        for answer in (await _import(client, body), await _compare(client, body)):
            assert answer.status_code == 400, sentence
            assert answer.json()["Detail"].startswith(f"no document is of an object: {sentence}")
    assert (await client.get(NODE)).status_code == 404


async def test_a_text_without_objects_is_neither_imported_nor_compared(
    client: httpx.AsyncClient,
) -> None:
    said = {
        b"[true]": "the text has no object",
        b"[[], 5]": "the text has no object",
        b'[{"Success": false}]': "no document is of an object: ",
        b'[{"a": 1}]': "no document is of an object: ",
    }
    for body, sentence in said.items():
        for answer in (await _import(client, body), await _compare(client, body)):
            assert answer.status_code == 400, body
            assert answer.json()["Detail"].startswith(sentence)


async def test_a_version_that_no_windows_has_is_passed_over(client: httpx.AsyncClient) -> None:
    for version in (2**63, 2**48, -1, 0):
        body = json.dumps({**NETWORK, "Version": version}).encode()
        assert (await _import(client, body)).status_code == 200, version
        assert (await client.delete(NODE)).status_code == 204


UNREAD = "7cb9e1a5-0ba0-4b5b-9d4f-9b2b8a6d9a10"
NUMBERS = [str(2**64), str(-(2**63) - 1), "9" * 5_000, "1e999"]


@pytest.mark.parametrize("value", [*NUMBERS, '"\\ud800"', '["a\\uDFFF"]', '{"\\udc00": 1}'])
async def test_what_no_answer_can_hold_is_read_as_what_one_can(
    client: httpx.AsyncClient, value: str
) -> None:
    network = f'{{"ID": "{UNREAD}", "Type": "nat", "Name": "n"'
    texts = [
        f'{network}, "Policies": [{{"Type": "VSID", "Settings": {value}}}]}}',
        f'{network}, "Subnets": {value}}}',
    ]
    for body in (text.encode() for text in texts):
        for answer in (await _compare(client, body), await _import(client, body)):
            assert answer.status_code in {200, 400}, answer.text
        await client.delete(NODE)


async def _compare(client: httpx.AsyncClient, body: bytes) -> httpx.Response:
    return await client.post("/emulator/hosts/default/compare", content=body)
