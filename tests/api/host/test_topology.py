"""GET /host/topology."""

import httpx
import pytest
from fastapi import FastAPI

from tests.statements import sent_to


async def test_a_topology_is_a_tree_and_links(world: httpx.AsyncClient) -> None:
    document = (await world.get("/host/topology")).json()
    (host,) = document["Hosts"]
    assert (host["Kind"], host["Name"]) == ("host", "default")
    kinds = {part["Kind"] for part in host["Parts"]}
    assert {"switch", "namespace", "loadbalancer"} <= kinds
    assert document["LeftOut"] == 0


@pytest.mark.parametrize(
    ("form", "begins"),
    [("svg", "<svg"), ("dot", "digraph"), ("mermaid", "flowchart"), ("d2", "n0:")],
)
async def test_it_can_be_a_picture_or_a_diagram(
    world: httpx.AsyncClient, form: str, begins: str
) -> None:
    answer = await world.get("/host/topology", params={"format": form})
    assert answer.status_code == 200
    assert answer.text.startswith(begins)


async def test_other_hosts_stand_beside_it(client: httpx.AsyncClient) -> None:
    await client.put("/emulator/hosts/node-2")
    answer = await client.get("/host/topology", params={"hosts": "node-2,node-2,default"})
    assert [host["Name"] for host in answer.json()["Hosts"]] == ["default", "node-2"]


async def test_a_filter_says_what_matches(client: httpx.AsyncClient) -> None:
    answer = await client.get("/host/topology", params={"where": "Type=Overlay"})
    (switch,) = [part for part in answer.json()["Hosts"][0]["Parts"] if part["Kind"] == "switch"]
    assert switch["Matches"] is False


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ({"format": "png"}, 400, "format 'png' is unknown; use one of json, svg"),
        ({"layers": "policies"}, 400, "layer 'policies' is unknown; use namespaces"),
        ({"where": "a b"}, 400, "names Name twice"),
        ({"hosts": "nobody"}, 404, "no host named 'nobody'"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    client: httpx.AsyncClient, query: dict[str, str], status: int, says: str
) -> None:
    answer = await client.get("/host/topology", params=query)
    assert answer.status_code == status
    assert says in answer.json()["Detail"]


async def test_many_open_networks_cost_no_more_statements_than_a_few(
    client: httpx.AsyncClient, service: FastAPI
) -> None:
    sent = []
    for number in range(12):
        network = {"Name": f"n-{number}", "Type": "Private"}
        made = (await client.post("/v2/networks", json=network)).json()["ID"]
        endpoint = {"HostComputeNetwork": made, "SchemaVersion": {"Major": 2, "Minor": 0}}
        assert (await client.post("/v2/endpoints", json=endpoint)).is_success
        with sent_to(service.state.service.database) as statements:
            assert (await client.get("/host/topology")).is_success
        sent.append(sum("FROM endpoints" in text for text in statements))
    assert set(sent) == {sent[0]}


async def test_all_hosts_are_drawn_up_to_a_hundred(client: httpx.AsyncClient) -> None:
    for number in range(100):
        await client.put(f"/emulator/hosts/node-{number}")
    drawn = (await client.get("/host/topology", params={"hosts": "all", "open": "all"})).json()
    assert [part["Name"] for part in drawn["Hosts"]][:2] == ["default", "node-0"]
    assert len(drawn["Hosts"]) == 101
    assert (drawn["Hosts"][-1]["Kind"], drawn["Hosts"][-1]["Name"]) == ("more", "1 more host")
