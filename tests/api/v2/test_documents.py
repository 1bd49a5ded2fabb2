"""Documents: which dialect they speak, how strictly they are read, and where they go."""

from collections.abc import AsyncIterator

import httpx
import pytest

from hnsemu.api.examples import ENDPOINT, HNS_NETWORK, NETWORK, REQUESTS
from hnsemu.config import Settings
from hnsemu.errors import Hr
from hnsemu.main import create_app
from hnsemu.schema.v1.networks import HNSNetwork
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.networks import HostComputeNetwork


async def test_a_document_without_schema_version_is_read_as_hns_1(
    client: httpx.AsyncClient,
) -> None:
    created = await client.post("/v2/networks", json=REQUESTS[HNSNetwork])
    assert created.status_code == 201
    subnet = created.json()["Ipams"][0]["Subnets"][0]
    assert subnet["IpAddressPrefix"] == "10.1.0.0/24"
    assert subnet["Routes"] == [{"NextHop": "10.1.0.1", "DestinationPrefix": "0.0.0.0/0"}]
    flat = {"Name": "flat", "VirtualNetwork": HNS_NETWORK.upper(), "IPAddress": "10.1.0.9"}
    endpoint = await client.post("/v2/endpoints", json=flat)
    assert endpoint.json()["IpConfigurations"][0]["IpAddress"] == "10.1.0.9"


@pytest.mark.parametrize("version", [0, 2, "2.0", [], False])
async def test_a_schema_version_that_is_no_object_is_refused(
    client: httpx.AsyncClient, version: object
) -> None:
    before = (await client.get("/v2/networks")).json()
    for path in ("/v2/networks", "/v2/endpoints", f"/v2/networks/{HNS_NETWORK}/endpoints"):
        refused = await client.post(path, json={"Name": "x", "SchemaVersion": version})
        assert refused.status_code in {400, 404}, path
        assert "SchemaVersion" in refused.json()["Detail"]
    assert (await client.get("/v2/networks")).json() == before


async def test_an_endpoint_is_created_on_the_network_of_the_path(client: httpx.AsyncClient) -> None:
    assert (await client.post("/v2/networks", json=REQUESTS[HostComputeNetwork])).is_success
    other = {**REQUESTS[HostComputeEndpoint], "HostComputeNetwork": HNS_NETWORK}
    created = await client.post(f"/v2/networks/{NETWORK.upper()}/endpoints", json=other)
    assert created.status_code == 201
    assert created.json()["HostComputeNetwork"] == NETWORK
    assert created.headers["Location"] == f"/v2/endpoints/{ENDPOINT}"


@pytest.mark.parametrize("spelling", [NETWORK.upper(), f"{{{NETWORK}}}", f"{{{NETWORK.upper()}}}"])
async def test_an_id_in_a_path_is_spelled_at_will(client: httpx.AsyncClient, spelling: str) -> None:
    assert (await client.post("/v2/networks", json=REQUESTS[HostComputeNetwork])).is_success
    assert (await client.get(f"/v2/networks/{spelling}")).json()["ID"] == NETWORK
    assert (await client.delete(f"/v2/networks/{spelling}")).status_code == 204


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
async def test_the_content_type_does_not_matter(
    client: httpx.AsyncClient, content_type: str | None
) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    body = b'{"Name": "x", "Type": "Private", "SchemaVersion": {"Major": 2, "Minor": 0}}'
    assert (await client.post("/v2/networks", content=body, headers=headers)).status_code == 201


@pytest.fixture
async def strict(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a service that refuses unknown members."""
    app = create_app(Settings(database_url=database_url, strict=True))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            yield http


async def test_unknown_members_are_ignored(client: httpx.AsyncClient) -> None:
    odd = {**REQUESTS[HostComputeNetwork], "Colour": "blue"}
    created = await client.post("/v2/networks", json=odd)
    assert created.status_code == 201
    assert "Colour" not in created.json()


@pytest.mark.parametrize("path", ["/v2/networks", "/v1/networks/"])
async def test_strictly_unknown_members_are_refused_by_name(
    strict: httpx.AsyncClient, path: str
) -> None:
    example = HostComputeNetwork if path.startswith("/v2") else HNSNetwork
    answer = await strict.post(path, json={**REQUESTS[example], "Colour": "blue"})
    assert answer.status_code == 400
    assert answer.json()["ErrorCode"] == Hr.HCN_E_INVALID_NETWORK.hresult
    assert "Colour" in answer.json()["Detail"]
    assert (await strict.post(path, json=REQUESTS[example])).is_success
