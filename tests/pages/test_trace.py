"""The page of a trace."""

import httpx
import pytest

SCHEMA = {"SchemaVersion": {"Major": 2, "Minor": 0}}
BLOCK = {
    "Type": "ACL",
    "Settings": {"Action": "Block", "Direction": "In", "Protocols": "6", "LocalPorts": "80",
                 "Priority": 200, "RuleType": "Switch"},
}  # fmt: skip
NETWORK = {
    "Name": "pods",
    "Type": "L2Bridge",
    "Ipams": [{"Subnets": [{
        "IpAddressPrefix": "10.1.0.0/16",
        "Routes": [{"NextHop": "10.1.0.1", "DestinationPrefix": "0.0.0.0/0"}],
    }]}],
    **SCHEMA,
}  # fmt: skip


@pytest.fixture
async def pods(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a client of a host with the pods `client`, `web` and `db`, which blocks port 80."""
    network = (await client.post("/v2/networks", json=NETWORK)).json()["ID"]
    for name, policies in (("client", []), ("web", []), ("db", [BLOCK])):
        namespace = (await client.post("/v2/namespaces", json={"Type": "Guest", **SCHEMA})).json()
        body = {"Name": name, "HostComputeNetwork": network, "Policies": policies, **SCHEMA}
        endpoint = (await client.post("/v2/endpoints", json=body)).json()
        added = await client.patch(
            f"/v2/namespaces/{namespace['ID']}",
            json={
                "ResourceType": "Endpoint",
                "RequestType": "Add",
                "Settings": {"EndpointId": endpoint["ID"]},
            },
        )
        assert added.status_code == 200, added.text
    return client


async def test_a_packet_that_arrives_leads_to_its_receiver(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/trace", params={"from": "client", "to": "web:80"})).text
    assert '<p class="verdict passed">DELIVERED</p>' in page
    assert ">the receiver</a>" in page
    assert "Reply: TCP" in page


async def test_a_lost_packet_names_the_policy_that_lost_it(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/trace", params={"from": "client", "to": "db:80"})).text
    assert "BLOCKED (BlockedByRule)" in page
    (owner,) = [
        word for word in page.split('href="') if word.startswith("/hosts") and "#pol" in word
    ]
    address, _, anchor = owner.split('"')[0].partition("#")
    assert f'id="{anchor}"' in (await pods.get(address)).text


async def test_an_empty_page_says_what_to_type(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/trace")).text
    assert "Name a sender and a receiver" in page
    assert '<option value="web">' in page


@pytest.mark.parametrize(
    ("sender", "to", "says"),
    [
        ("nobody", "web:80", "nobody"),
        ("client", "", "To is missing"),
        ("external", "web:80", "Packet.Source is missing"),
        ("client", "10.0.0.1:99999", "DestinationPort"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    pods: httpx.AsyncClient, sender: str, to: str, says: str
) -> None:
    answer = await pods.get("/ui/trace", params={"from": sender, "to": to})
    assert answer.status_code == 400
    assert says in answer.text


async def test_the_same_is_asked_elsewhere(pods: httpx.AsyncClient) -> None:
    page = (await pods.get("/ui/trace", params={"from": "client", "to": "web:80"})).text
    assert "hnsemu trace web:80 --from client --host default" in page
    assert "/hosts/default/host/trace?format=text" in page
