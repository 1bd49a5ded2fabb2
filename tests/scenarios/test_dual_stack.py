"""Networks of both families, as ncproxy's tests and Docker create them."""

from typing import Any

import httpx
import pytest

SCHEMA = {"Major": 2, "Minor": 0}
IPV4 = {
    "IpAddressPrefix": "192.168.100.0/24",
    "Routes": [{"NextHop": "192.168.100.1", "DestinationPrefix": "0.0.0.0/0"}],
}
IPV6 = {
    "IpAddressPrefix": "2001:db8:abcd:0012::0/64",
    "Routes": [{"NextHop": "2001:db8:abcd:0012::1", "DestinationPrefix": "::/0"}],
}
VSID = {"Policies": [{"Type": "VSID", "Settings": {"IsolationId": 4096}}]}


async def create(
    client: httpx.AsyncClient, release: str, kind: str, *subnets: dict[str, Any]
) -> httpx.Response:
    """Create a network of that type on a host of that release."""
    await client.put(f"/emulator/hosts/{release}", json={"release": release})
    inside = [subnet | VSID for subnet in subnets] if kind == "Overlay" else list(subnets)
    document = {
        "Name": "dual",
        "Type": kind,
        "Ipams": [{"Type": "Static", "Subnets": inside}],
        "SchemaVersion": SCHEMA,
    }
    return await client.post(f"/hosts/{release}/v2/networks", json=document)


@pytest.mark.parametrize(
    ("release", "kind"), [("ws2022", "NAT"), ("ws2004", "L2Bridge"), ("ws2025", "Overlay")]
)
async def test_an_endpoint_has_an_address_of_each_family(
    client: httpx.AsyncClient, release: str, kind: str
) -> None:
    network = (await create(client, release, kind, IPV4, IPV6)).json()["ID"]
    endpoints = f"/hosts/{release}/v2/networks/{network}/endpoints"
    drawn = (await client.post(endpoints, json={"SchemaVersion": SCHEMA})).json()
    assert [":" in one["IpAddress"] for one in drawn["IpConfigurations"]] == [False, True]
    assert [route["NextHop"] for route in drawn["Routes"]] == [
        "192.168.100.1",
        "2001:db8:abcd:0012::1",
    ]
    chosen = [
        {"IpAddress": "192.168.100.9", "PrefixLength": 24},
        {"IpAddress": "2001:db8:abcd:0012::3", "PrefixLength": 64},
    ]
    document = {"IpConfigurations": chosen, "SchemaVersion": SCHEMA}
    named = (await client.post(endpoints, json=document)).json()
    addresses = [one["IpAddress"] for one in named["IpConfigurations"]]
    assert addresses == ["192.168.100.9", "2001:db8:abcd:0012::3"]


@pytest.mark.parametrize(
    ("release", "kind"), [("ws2019", "NAT"), ("ws2019", "L2Bridge"), ("ws2022", "Overlay")]
)
async def test_a_release_without_dual_stack_refuses_it(
    client: httpx.AsyncClient, release: str, kind: str
) -> None:
    refused = await create(client, release, kind, IPV4, IPV6)
    assert refused.json()["ErrorCode"] == 0x803B0032
    assert "do not take" in refused.json()["Detail"]
    assert (await create(client, release, kind, IPV4)).status_code == 201


async def test_the_host_s_nat_is_that_of_ipv4(client: httpx.AsyncClient) -> None:
    await create(client, "ws2022", "NAT", IPV6, IPV4)
    nats = (await client.get("/hosts/ws2022/host/nat")).json()["Instances"]
    assert nats[-1]["InternalIPInterfaceAddressPrefix"] == "192.168.100.1/24"
