"""Many objects in one request."""

import uuid

import httpx

from hnsemu.schema.host.bulk import MOST

SCHEMA = {"Major": 2, "Minor": 0}
NETWORK = str(uuid.uuid5(uuid.NAMESPACE_DNS, "network"))
BULK = "/emulator/hosts/default/bulk"


def network(prefix: str = "10.9.0.0/16") -> dict[str, object]:
    return {
        "ID": NETWORK,
        "Name": "pods",
        "Type": "L2Bridge",
        "Ipams": [
            {
                "Type": "Static",
                "Subnets": [
                    {
                        "IpAddressPrefix": prefix,
                        "Routes": [{"NextHop": "10.9.0.1", "DestinationPrefix": "0.0.0.0/0"}],
                    }
                ],
            }
        ],
        "SchemaVersion": SCHEMA,
    }


def endpoint(number: int, **members: object) -> dict[str, object]:
    return {
        "ID": str(uuid.uuid5(uuid.NAMESPACE_DNS, str(number))),
        "Name": f"pod-{number}",
        "HostComputeNetwork": NETWORK,
        "SchemaVersion": SCHEMA,
        **members,
    }


async def test_the_same_request_can_be_sent_again(client: httpx.AsyncClient) -> None:
    request = {"Networks": [network()], "Endpoints": [endpoint(n) for n in range(20)]}
    first = (await client.post(BULK, json=request)).json()
    assert [item["Result"] for item in first["Networks"] + first["Endpoints"]] == ["Created"] * 21
    before = (await client.get("/v2/endpoints")).json()
    assert len({one["IpConfigurations"][0]["IpAddress"] for one in before}) == 20
    second = (await client.post(BULK, json=request)).json()
    assert [item["Result"] for item in second["Networks"] + second["Endpoints"]] == [
        "Existing"
    ] * 21
    assert (await client.get("/v2/endpoints")).json() == before


async def test_what_is_refused_leaves_nothing_and_the_others_are_created(
    client: httpx.AsyncClient,
) -> None:
    bad = endpoint(1, IpConfigurations=[{"IpAddress": "192.168.1.1"}])
    nowhere = endpoint(2, HostComputeNetwork=str(uuid.uuid4()))
    request = {"Networks": [network()], "Endpoints": [bad, nowhere, endpoint(3), endpoint(3)]}
    answer = await client.post(BULK, json=request)
    results = answer.json()["Endpoints"]
    assert [item["Result"] for item in results] == ["Refused", "Refused", "Created", "Existing"]
    assert "192.168.1.1" in results[0]["Detail"]
    assert results[1]["ErrorCode"] == 0x803B0001
    names = [one["Name"] for one in (await client.get("/v2/endpoints")).json()]
    assert names == ["pod-3"]
    stored = (await client.get(f"/v2/networks/{NETWORK}")).json()
    assert "pods" in stored["Name"]


async def test_a_request_is_bounded_and_its_documents_have_ids(client: httpx.AsyncClient) -> None:
    too_many = {"Endpoints": [endpoint(n) for n in range(MOST + 1)]}
    refused = await client.post(BULK, json=too_many)
    assert (refused.status_code, f"at most {MOST}" in refused.json()["Detail"]) == (400, True)
    without = await client.post(BULK, json={"Networks": [network() | {"ID": ""}]})
    assert (without.status_code, "ID" in without.json()["Detail"]) == (400, True)
    wrong = await client.post(BULK, json={"Endpoints": [{"ID": 5}]})
    assert (wrong.status_code, "Endpoints[0].ID" in wrong.json()["Detail"]) == (400, True)
    assert (await client.get(f"/v2/networks/{NETWORK}")).status_code == 404
