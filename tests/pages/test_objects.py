"""Lists of objects, and one object."""

import httpx
import pytest
from fastapi import FastAPI

from hnsemu.pages.objects.nouns import NOUNS, Noun
from tests.pages.conftest import NETWORK
from tests.statements import sent_to

SCHEMA = {"SchemaVersion": {"Major": 2, "Minor": 0}}


@pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS)
async def test_an_object_is_shown_in_both_dialects(world: httpx.AsyncClient, noun: Noun) -> None:
    word = noun.word
    (first, *_) = (await world.get(f"/v2/{word}")).json()
    page = (await world.get(f"/ui/{word}/{first['ID']}")).text
    assert "HCN 2" in page
    assert "HNS 1" in page
    assert first["ID"] in page


async def test_a_long_list_has_pages(client: httpx.AsyncClient) -> None:
    (network,) = (await client.get("/v2/networks")).json()
    for number in range(101):
        body = {**SCHEMA, "Name": f"e-{number}", "HostComputeNetwork": network["ID"]}
        await client.post("/v2/endpoints", json=body)
    page = (await client.get("/ui/endpoints")).text
    assert "e-99</bdi>" in page
    assert "e-100</bdi>" not in page
    (following,) = [part.split('"')[0] for part in page.split('rel="next" href="')[1:]]
    assert "e-100</bdi>" in (await client.get(f"/ui/endpoints{following}")).text


@pytest.mark.parametrize(
    ("text", "found"), [("nat", True), ("Name=nat", True), ("Type=Overlay", False)]
)
async def test_a_search_is_the_filter_of_hcn(
    client: httpx.AsyncClient,
    text: str,
    found: bool,  # noqa: FBT001
) -> None:
    page = (await client.get("/ui/networks", params={"q": text})).text
    assert ("<bdi>nat</bdi></a>" in page) is found
    assert ("No networks match" in page) is not found


async def test_an_object_has_the_calls_that_changed_it(client: httpx.AsyncClient) -> None:
    made = await client.post("/v2/networks", json={**SCHEMA, "Name": "before", "Type": "Private"})
    page = f"/ui/networks/{made.json()['ID']}"
    assert "The journal of this host is off" in (await client.get(page)).text
    await client.post("/ui/requests", data={"action": "on"})
    assert "No call has changed it" in (await client.get(page)).text
    body = {**SCHEMA, "Name": "after", "Type": "Private"}
    page = f"/ui/networks/{(await client.post('/v2/networks', json=body)).json()['ID']}"
    history = (await client.get(page)).text.partition("<h2>History</h2>")[2]
    assert "HcnCreateNetwork" in history
    assert "/ui/requests/1" in history
    await client.get(page.replace("/ui/", "/v2/"))
    again = (await client.get(page)).text.partition("<h2>History</h2>")[2]
    assert "HcnOpenNetwork" not in again.partition("<h2>")[0]  # reading changes nothing


async def test_the_names_of_all_networks_of_a_list_are_read_at_once(
    client: httpx.AsyncClient, service: FastAPI
) -> None:
    sent = []
    for number in range(8):
        network = {"Name": f"n-{number}", "Type": "Private"}
        made = (await client.post("/v2/networks", json=network)).json()["ID"]
        await client.post("/v2/endpoints", json={"HostComputeNetwork": made, **SCHEMA})
        with sent_to(service.state.service.database) as statements:
            page = (await client.get("/ui/endpoints")).text
        assert f"<bdi>n-{number}</bdi></a>" in page
        sent.append(sum("FROM networks" in text for text in statements))
    assert set(sent) == {1}


@pytest.mark.parametrize("noun", ["loadbalancers", "policylists"])
async def test_a_list_names_the_endpoints_behind_a_load_balancer(
    pods: httpx.AsyncClient, noun: str
) -> None:
    known = {pod["Name"]: pod["ID"] for pod in (await pods.get("/v2/endpoints")).json()}
    balancer = {
        "HostComputeEndpoints": [known["web"], known["db"]],
        "FrontendVIPs": ["10.96.0.10"],
        "PortMappings": [{"Protocol": 6, "InternalPort": 8080, "ExternalPort": 80}],
        **SCHEMA,
    }
    made = (await pods.post("/v2/loadbalancers", json=balancer)).json()["ID"]
    page = (await pods.get(f"/ui/{noun}")).text
    row = next(row for row in page.split("<tr>") if made in row)
    for name in ("web", "db"):
        assert f'/ui/endpoints/{known[name]}"><bdi>{name}</bdi></a>' in row
    assert ("ELB" in row) is (noun == "policylists")


async def test_a_list_shows_the_first_of_many_backends(client: httpx.AsyncClient) -> None:
    where = (await client.post("/v2/networks", json=NETWORK)).json()["ID"]
    body = {"HostComputeNetwork": where, **SCHEMA}
    pods = [(await client.post("/v2/endpoints", json=body)).json()["ID"] for _ in range(11)]
    balancer = {
        "HostComputeEndpoints": pods,
        "FrontendVIPs": ["10.96.0.10"],
        "PortMappings": [{"Protocol": 6, "InternalPort": 8080, "ExternalPort": 80}],
        **SCHEMA,
    }
    made = (await client.post("/v2/loadbalancers", json=balancer)).json()["ID"]
    row = (await client.get("/ui/loadbalancers")).text.partition(made)[2]
    assert "and 3 more" in row
    whole = (await client.get(f"/ui/loadbalancers/{made}")).text
    assert all(f'/ui/endpoints/{pod}">' in whole for pod in pods)
