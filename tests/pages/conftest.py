"""What tests of pages begin with."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from hnsemu.config import Settings
from tests.pages.services import serving

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
async def reading(database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a service whose pages change nothing."""
    async with serving(Settings(database_url=database_url, ui="read")) as client:
        yield client


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


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """Return a SQLite file: pages show what use cases return, which are tried on both databases."""
    path = tmp_path / "hnsemu.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"
