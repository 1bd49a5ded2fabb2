"""Names that pages are asked for, on either database."""

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


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ui/trace?from=first&to=10.0.0.1:80&since=%00", 400),
        ("/ui/matrix?since=%00", 400),
        ("/ui/snapshots/%00", 400),
        ("/ui/topology?hosts=%00", 404),
    ],
)
async def test_no_snapshot_or_host_has_a_name_that_no_database_takes(
    client: httpx.AsyncClient, path: str, status: int
) -> None:
    await client.post("/v2/endpoints", json={"Name": "first", "VirtualNetworkName": "nat"})
    assert (await client.get(path)).status_code == status
