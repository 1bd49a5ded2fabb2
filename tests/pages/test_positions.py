"""Which of several policies a rule comes from: the number in each link, there and back."""

import re
from collections.abc import Mapping

import httpx
import pytest

from tests.pages.conftest import NETWORK, SCHEMA
from tests.pages.test_ports import RULE

ADAPTER = "172.30.0.9"
NAT = {
    "Name": "published",
    "Type": "NAT",
    "Ipams": [{"Subnets": [{"IpAddressPrefix": "172.20.0.0/16"}]}],
    **SCHEMA,
}
OVERLAY = {
    "Name": "overlay",
    "Type": "Overlay",
    "Ipams": [{"Subnets": [{
        "IpAddressPrefix": "10.244.0.0/16",
        "Policies": [{"Type": "VSID", "Settings": {"IsolationId": 4096}}],
    }]}],
    **SCHEMA,
}  # fmt: skip
QOS = {"Type": "QOS", "Settings": {"MaximumOutgoingBandwidthInBytes": 1_000_000}}


def mapping(external: int, internal: int = 80) -> dict[str, object]:
    ports = {"Protocol": 6, "InternalPort": internal, "ExternalPort": external}
    return {"Type": "PortMapping", "Settings": ports}


async def made(client: httpx.AsyncClient, word: str, body: Mapping[str, object]) -> str:
    answer = await client.post(f"/v2/{word}", json=body)
    assert answer.status_code in {200, 201}, answer.text
    return str(answer.json()["ID"])


async def published(client: httpx.AsyncClient, network: Mapping[str, object]) -> str:
    """Return an endpoint that publishes the ports 8080 and 8081, behind another policy."""
    on = await made(client, "networks", network)
    policies = [QOS, mapping(8080), mapping(8081, 81)]
    body = {"Name": "web", "HostComputeNetwork": on, "Policies": policies, **SCHEMA}
    return await made(client, "endpoints", body)


@pytest.mark.parametrize("network", [NAT, NETWORK], ids=["WinNAT", "VFP"])
@pytest.mark.parametrize(("port", "position"), [(8080, 1), (8081, 2)])
async def test_a_trace_names_the_very_policy_that_publishes_a_port(
    client: httpx.AsyncClient, network: Mapping[str, object], port: int, position: int
) -> None:
    web = await published(client, network)
    (host,) = (await client.get("/emulator/hosts/default")).json()["adapters"][:1]
    address = host["address"].partition("/")[0]
    question = {"from": "external", "source": "203.0.113.9", "to": f"{address}:{port}"}
    page = (await client.get("/ui/trace", params=question)).text
    links = set(re.findall(rf'href="[^"]*/ui/endpoints/{web}#(policy-\d+)"', page))
    assert links == {f"policy-{position}"}


async def test_published_ports_lead_to_their_rules_and_back(client: httpx.AsyncClient) -> None:
    web = await published(client, NETWORK)
    page = (await client.get(f"/ui/endpoints/{web}")).text
    for position, port in ((1, "8080"), (2, "8081")):
        policy = page.partition(f'id="policy-{position}"')[2].partition('id="policy-')[0]
        rules = RULE.findall(policy)
        assert rules
        for address, anchor in rules:
            assert port in anchor
            row = (await client.get(address)).text.partition(f'id="{anchor}"')[2]
            assert f"/ui/endpoints/{web}#policy-{position}" in row.partition("</tr>")[0]


async def test_a_provider_address_leads_to_its_rule_and_back(client: httpx.AsyncClient) -> None:
    on = await made(client, "networks", OVERLAY)
    await made(client, "endpoints", {"Name": "near", "HostComputeNetwork": on, **SCHEMA})
    far = await made(client, "endpoints", {
        "Name": "far",
        "HostComputeNetwork": on,
        "Flags": 1,
        "IpConfigurations": [{"IpAddress": "10.244.2.7", "PrefixLength": 16}],
        "MacAddress": "02-11-0A-F4-02-07",
        "Policies": [
            {"Type": "EncapOverhead", "Settings": {"Overhead": 50}},
            {"Type": "ProviderAddress", "Settings": {"ProviderAddress": ADAPTER}},
        ],
        **SCHEMA,
    })  # fmt: skip
    page = (await client.get(f"/ui/endpoints/{far}")).text
    policy = page.partition('id="policy-1"')[2]
    assert "VFP rule at the port of <bdi>near</bdi>" in policy
    ((address, anchor),) = RULE.findall(policy)
    row = (await client.get(address)).text.partition(f'id="{anchor}"')[2]
    assert f"/ui/endpoints/{far}#policy-1" in row.partition("</tr>")[0]
