"""The host of an endpoint, on either database."""

import httpx
import pytest


async def test_the_host_of_an_endpoint_is_found(client: httpx.AsyncClient) -> None:
    first = {"Name": "first", "VirtualNetworkName": "nat"}
    made = (await client.post("/v2/endpoints", json=first)).json()["ID"]
    for sender in ("first", made, made.upper()):
        answer = await client.get("/ui/why", params={"from": sender, "to": "web:80"})
        assert answer.headers["Location"].startswith("/hosts/default/ui/trace?from=")


@pytest.mark.parametrize("name", ["nobody", "x" * 1000, "\u202e", "a\x00b", "\ud7ff", "%"])
async def test_a_name_of_nobody_is_found_nowhere(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get("/ui/why", params={"from": name, "to": "web:80"})
    assert answer.status_code == 404
    assert "No host has an endpoint" in answer.text
