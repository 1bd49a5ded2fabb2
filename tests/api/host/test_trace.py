"""Traces over HTTP: what is refused, what is counted, what is only tried."""

from typing import Any

import httpx
import pytest

from hnsemu.api import answers
from hnsemu.errors import Hr

Json = dict[str, Any]
SCHEMA = {"Major": 2, "Minor": 0}
SUBNET = {
    "IpAddressPrefix": "10.244.1.0/24",
    "Routes": [{"NextHop": "10.244.1.1", "DestinationPrefix": "0.0.0.0/0"}],
}
TO_WEB = {
    "From": {"Endpoint": "client"},
    "Packet": {"Destination": "10.244.1.6", "DestinationPort": 80},
}


@pytest.fixture
async def pods(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with the pods `client` and `web` on one bridge."""
    document = {"Name": "bridge", "Type": "L2Bridge", "Ipams": [{"Subnets": [SUBNET]}],
             "SchemaVersion": SCHEMA}  # fmt: skip
    network = (await client.post("/v2/networks", json=document)).json()["ID"]
    for name, address in (("client", "10.244.1.5"), ("web", "10.244.1.6")):
        pod = {"Name": name, "IpConfigurations": [{"IpAddress": address}], "SchemaVersion": SCHEMA}
        created = await client.post(f"/v2/networks/{network}/endpoints", json=pod)
        space = await client.post("/v2/namespaces", json={"SchemaVersion": SCHEMA})
        joining = {"ResourceType": "Endpoint", "RequestType": "Add",
                   "Settings": {"EndpointId": created.json()["ID"]}}  # fmt: skip
        joined = await client.patch(f"/v2/namespaces/{space.json()['ID']}", json=joining)
        assert joined.status_code == 200
        container = {"ResourceType": "Container", "RequestType": "Add",
                     "Settings": {"ContainerId": f"c-{name}"}}  # fmt: skip
        await client.patch(f"/v2/namespaces/{space.json()['ID']}", json=container)
    return client


async def endpoint_id(client: httpx.AsyncClient, name: str) -> str:
    found = (await client.get("/v2/endpoints")).json()
    return str(next(item["ID"] for item in found if item.get("Name") == name))


async def test_a_trace_tells_the_whole_walk(pods: httpx.AsyncClient) -> None:
    answer = (await pods.post("/host/trace", json={**TO_WEB, "Reply": True})).json()
    assert (answer["Verdict"], answer["Reason"]) == ("Delivered", "DeliveredToEndpoint")
    assert answer["DeliveredTo"] == {
        "Kind": "Endpoint",
        "Id": await endpoint_id(pods, "web"),
        "Host": "default",
    }
    assert answer["Packet"]["Source"] == "10.244.1.5"
    assert answer["Reply"]["Verdict"] == "Delivered"
    acl = next(step for step in answer["Steps"] if step["Layer"] == "ACL_ENDPOINT_LAYER")
    assert (acl["Stage"], acl["Result"], acl["Direction"]) == ("VFP", "allow", "OUT")
    assert acl["Evidence"] == "O"


async def test_a_service_that_does_not_answer_the_port_is_named(pods: httpx.AsyncClient) -> None:
    balancer = {"HostComputeEndpoints": [await endpoint_id(pods, "web")], "Name": "shop",
                "FrontendVIPs": ["10.96.0.10"], "Flags": 1, "SchemaVersion": SCHEMA,
                "PortMappings": [{"Protocol": 6, "InternalPort": 80, "ExternalPort": 80,
                                  "Flags": 1}]}  # fmt: skip
    assert (await pods.post("/v2/loadbalancers", json=balancer)).is_success
    document = {**TO_WEB, "Packet": {"Destination": "10.96.0.10", "DestinationPort": 443}}
    answer = (await pods.post("/host/trace", json=document)).json()
    assert (answer["Verdict"], answer["Reason"]) == ("Dropped", "NoRoute")
    assert answer["Text"].startswith("10.96.0.10 is a VIP of load balancer ")
    assert "answers TCP 80 only" in answer["Text"]


@pytest.mark.parametrize("sender", ["namespace", "container"])
async def test_a_sender_may_be_a_namespace_or_a_container(
    sender: str, pods: httpx.AsyncClient
) -> None:
    spaces = (await pods.get("/v2/namespaces")).json()
    wanted = (await endpoint_id(pods, "client")).upper()
    space = next(found for found in spaces if wanted in str(found.get("Resources")).upper())
    named = space["ID"] if sender == "namespace" else "c-client"
    document = {**TO_WEB, "From": {sender.title(): named}}
    answer = (await pods.post("/host/trace", json=document)).json()
    assert answer["Packet"]["Source"] == "10.244.1.5"


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        ({}, "Packet is missing"),
        ({"Packet": {"Destination": "10.0.0.1", "DestinationPort": 1}}, "From must name one"),
        ({**TO_WEB, "From": {"Endpoint": "web", "Host": True}}, "From must name one"),
        ({**TO_WEB, "Form": 1}, "unknown members: Form"),
        ({**TO_WEB, "Packet": {}}, "Destination is missing"),
        ({**TO_WEB, "Packet": {"Destination": "10.244.1.6"}}, "DestinationPort is missing"),
        ({**TO_WEB, "Packet": {"Destination": "10.244.1.0/24"}}, "is not an address"),
        ({**TO_WEB, "Packet": {"Destination": "10.244.1.6", "DestinationPort": 99999}}, "65535"),
        ({**TO_WEB, "Packet": {"Destination": "10.0.0.1", "Protocol": "CARP"}}, "is unknown"),
        ({**TO_WEB, "Packet": {"Destination": "10.0.0.1", "Protocol": 0}}, "is unknown"),
        ({**TO_WEB, "Packet": {"Destination": "10.0.0.1", "Protocol": "ICMP",
                               "DestinationPort": 80}}, "has no ports"),
        ({**TO_WEB, "Packet": {"Destination": "fd00::1", "Protocol": 1}}, "ICMPv6"),
        ({**TO_WEB, "Packet": {"Source": "fd00::1", "Destination": "10.0.0.1",
                               "DestinationPort": 80}}, "different families"),
        ({**TO_WEB, "Packet": {"Destination": "fd00::1", "DestinationPort": 80}}, "no IPv6"),
        ({**TO_WEB, "Packet": {"Destination": "10.0.0.1", "DestinationPort": 80,
                               "TcpFlags": ["SIN"]}}, "is unknown"),
        ({**TO_WEB, "Backend": "some"}, "use hash or all"),
        ({**TO_WEB, "MaximumHops": 0}, "MaximumHops"),
        ({**TO_WEB, "From": {"External": True}}, "Source is missing"),
        ({**TO_WEB, "ArrivesAt": "default"}, "ArrivesAt is of packets from outside"),
    ],
)  # fmt: skip
async def test_a_document_that_makes_no_sense_is_refused(
    document: Json, detail: str, pods: httpx.AsyncClient
) -> None:
    answer = await pods.post("/host/trace", json=document)
    assert answer.status_code == 400, answer.text
    assert answer.json()["ErrorCode"] == Hr.E_INVALIDARG.hresult
    assert detail in answer.json()["Detail"]


@pytest.mark.parametrize(
    "sender",
    [
        {"Endpoint": "nobody"},
        {"Endpoint": "11111111-2222-3333-4444-555555555555"},
        {"Namespace": "11111111-2222-3333-4444-555555555555"},
        {"Container": "nobody"},
    ],
)
async def test_an_unknown_sender_is_not_found(sender: Json, pods: httpx.AsyncClient) -> None:
    assert (await pods.post("/host/trace", json={**TO_WEB, "From": sender})).status_code == 404


async def test_a_packet_is_not_brought_to_a_host_that_is_not_there(
    pods: httpx.AsyncClient,
) -> None:
    packet = {"Source": "203.0.113.9", "Destination": "198.51.100.7", "DestinationPort": 80}
    request = {"From": {"External": True}, "Packet": packet, "ArrivesAt": "nobody"}
    answer = await pods.post("/host/trace", json=request)
    assert answer.status_code == 404
    assert "'nobody'" in answer.json()["Detail"]


async def test_a_trace_ends_after_the_largest_number_of_hops(pods: httpx.AsyncClient) -> None:
    answer = (await pods.post("/host/trace", json={**TO_WEB, "MaximumHops": 1})).json()
    assert (answer["Verdict"], answer["Reason"]) == ("Dropped", "TooManyHops")


async def test_a_trace_can_be_a_text_or_a_picture(pods: httpx.AsyncClient) -> None:
    text = await pods.post("/host/trace?format=text", json=TO_WEB)
    assert text.headers["Content-Type"].startswith("text/plain")
    assert "DELIVERED" in text.text
    drawn = await pods.post("/host/trace?format=svg", json=TO_WEB)
    assert drawn.headers["Content-Type"].startswith("image/svg+xml")
    assert drawn.text.startswith("<svg")
    assert (await pods.post("/host/trace?format=gif", json=TO_WEB)).status_code == 400


async def test_every_backend_gets_a_walk(pods: httpx.AsyncClient) -> None:
    ids = [await endpoint_id(pods, name) for name in ("client", "web")]
    balancer = {
        "HostComputeEndpoints": ids,
        "FrontendVIPs": ["10.96.0.10"],
        "PortMappings": [{"Protocol": 6, "ExternalPort": 80, "InternalPort": 8080, "Flags": 1}],
        "Flags": 1,
        "SchemaVersion": SCHEMA,
    }
    assert (await pods.post("/v2/loadbalancers", json=balancer)).status_code == 201
    document = {
        "From": {"Endpoint": "client"},
        "Packet": {"Destination": "10.96.0.10", "DestinationPort": 80},
        "Backend": "all",
    }
    answer = (await pods.post("/host/trace", json=document)).json()
    assert [walk["Backend"] for walk in answer["Walks"]] == ["10.244.1.5:8080", "10.244.1.6:8080"]


async def test_counting_moves_the_counters_and_looking_does_not(pods: httpx.AsyncClient) -> None:
    one, other = [await endpoint_id(pods, name) for name in ("client", "web")]
    await pods.post("/host/trace", json={**TO_WEB, "Reply": True})
    assert (await pods.get(f"/v1/endpointstats/{one}")).json()["Output"]["PacketsSent"] == 0
    for _ in range(2):
        await pods.post("/host/trace", json={**TO_WEB, "Count": True, "Reply": True})
    sent = (await pods.get(f"/v1/endpointstats/{one}")).json()["Output"]
    assert (sent["PacketsSent"], sent["PacketsReceived"], sent["BytesSent"]) == (2, 2, 120)
    port = (await pods.get(f"/host/vfp/ports/{other}")).json()
    acls = next(layer for layer in port["Layers"] if layer["Id"] == "ACL_ENDPOINT_LAYER")
    inward = next(group for group in acls["Groups"] if group["Id"] == "ACL_ENDPOINT_GROUP_IPV4_IN")
    assert [rule["MatchedPackets"] for rule in inward["Rules"]] == [2]
    text = await pods.get(
        f"/host/vfp/ports/{other}?format=vfpctrl&command=get-rule-counter&layer=ACL_ENDPOINT_LAYER"
    )
    assert "        Matched packets : 2" in text.text.split("\r\n")


async def test_dropped_packets_are_counted_where_they_die(pods: httpx.AsyncClient) -> None:
    web = await endpoint_id(pods, "web")
    acl = {"Type": "ACL", "Settings": {"Action": "Block", "Direction": "In", "Priority": 1}}
    change = {"ResourceType": "Policy", "RequestType": "Add", "Settings": {"Policies": [acl]}}
    await pods.patch(f"/v2/endpoints/{web}", json=change)
    await pods.post("/host/trace", json={**TO_WEB, "Count": True})
    stats = (await pods.get(f"/v2/endpoints/{web}/stats")).json()
    assert (stats["DroppedPacketsIncoming"], stats["PacketsReceived"]) == (1, 0)


async def test_a_change_is_tried_and_not_kept(pods: httpx.AsyncClient) -> None:
    before = (await pods.get("/v2/endpoints")).text
    acl = {"Type": "ACL", "Settings": {"Action": "Block", "Direction": "In", "Priority": 1}}
    document = {
        "Packets": [TO_WEB, {**TO_WEB, "From": {"Endpoint": "web"}}],
        "Change": {
            "Endpoint": "web",
            "ModifyEndpoint": {
                "ResourceType": "Policy",
                "RequestType": "Add",
                "Settings": {"Policies": [acl]},
            },
        },
    }
    answer = (await pods.post("/host/trace/diff", json=document)).json()
    assert answer["Differences"] == 1
    first, second = answer["Packets"]
    assert (first["Before"]["Verdict"], first["After"]["Reason"]) == ("Delivered", "BlockedByRule")
    assert second["Differs"] is False
    assert (await pods.get("/v2/endpoints")).text == before


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"ModifyEndpoint": {"RequestType": "Add"}},
        {"Endpoint": "web", "ModifyEndpoint": {}, "DeleteLoadBalancer": "x"},
    ],
)
async def test_a_change_is_exactly_one(change: Json, pods: httpx.AsyncClient) -> None:
    document = {"Packets": [TO_WEB], "Change": change}
    answer = await pods.post("/host/trace/diff", json=document)
    assert (answer.status_code, answer.json()["ErrorCode"]) == (400, Hr.E_INVALIDARG.hresult)


async def test_a_matrix_names_each_outcome_once(pods: httpx.AsyncClient) -> None:
    document = {
        "Ports": [{"Port": 80}, {"Protocol": "ICMP"}],
        "Addresses": ["10.244.1.99"],
        "To": ["web"],
    }
    answer = (await pods.post("/host/reachability", json=document)).json()
    assert [sender["Name"] for sender in answer["From"]] == ["client", "web"]
    assert [receiver["Address"] for receiver in answer["To"]] == ["10.244.1.6", "10.244.1.99"]
    reasons = [
        [[answer["Outcomes"][index]["Reason"] for index in row] for row in part]
        for part in answer["Matrix"]
    ]
    assert reasons == [[["DeliveredToEndpoint", "DeliveredToExternal"]] * 2] * 2
    assert answer["Delivered"] == 8
    assert {member["Network"] for member in answer["From"]} == {"bridge"}
    assert {outcome["Text"] for outcome in answer["Outcomes"]} == {
        "no rule is against it",
        "it leaves for an address outside",
    }


async def test_a_large_matrix_is_sent_from_a_file_in_pieces(
    pods: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = {"Ports": [{"Port": 80}, {"Protocol": "ICMP"}]}
    small = await pods.post("/host/reachability", json=document)
    monkeypatch.setattr(answers, "IN_MEMORY", 16)
    large = await pods.post("/host/reachability", json=document)
    assert large.content == small.content
    assert int(large.headers["Content-Length"]) == len(small.content)


async def test_a_matrix_is_drawn(pods: httpx.AsyncClient) -> None:
    ask = {"Ports": [{"Port": 80}]}
    drawn = await pods.post("/host/reachability?format=svg", json=ask)
    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert "client → web: Delivered" in drawn.text
    unknown = await pods.post("/host/reachability?format=png", json=ask)
    assert unknown.json()["ErrorCode"] == Hr.E_INVALIDARG.hresult
