"""Large documents that are no mistake: they work, on either database."""

import json

import httpx
import pytest

VERSION = {"SchemaVersion": {"Major": 2, "Minor": 0}}


@pytest.mark.anyio
async def test_a_load_balancer_has_a_thousand_addresses_with_a_hundred_ports(
    client: httpx.AsyncClient,
) -> None:
    (network,) = (await client.get("/v2/networks", params={"view": "ids"})).json()
    endpoint = await client.post(f"/v2/networks/{network}/endpoints", json=VERSION)
    vips = [f"10.96.{number // 250}.{number % 250}" for number in range(1000)]
    ports = [
        {"Protocol": 6, "InternalPort": 80, "ExternalPort": 1 + number} for number in range(100)
    ]
    document = {
        "HostComputeEndpoints": [endpoint.json()["ID"]],
        "FrontendVIPs": vips,
        "PortMappings": ports,
    }
    created = await client.post("/v2/loadbalancers", json=document | VERSION)
    assert created.status_code == 201, created.text[:300]
    path = f"/v2/loadbalancers/{created.json()['ID']}"
    shown = (await client.get(path)).json()
    assert (shown["FrontendVIPs"], len(shown["PortMappings"])) == (vips, 100)

    other = json.dumps(document | VERSION | {"FrontendVIPs": vips[-1:], "PortMappings": ports[-1:]})
    assert (await client.post("/v2/loadbalancers", content=other)).status_code == 409
    assert (await client.delete(path)).status_code == 204
    assert (await client.post("/v2/loadbalancers", content=other)).status_code == 201
