"""Replicas on one PostgreSQL: two services race for everything that is given once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.conftest import DATABASES
from tests.e2e.servers import serving
from tests.waiting import PATIENCE

SCHEMA = {"Major": 2, "Minor": 0}
NETWORK = {
    "Name": "race",
    "Type": "NAT",
    "Ipams": [{"Subnets": [{"IpAddressPrefix": "172.30.0.0/26"}]}],
    "SchemaVersion": SCHEMA,
}


@pytest.mark.parametrize("database_url", DATABASES[1:], indirect=True)
def test_nothing_is_given_twice_and_nothing_is_lost(database_url: str) -> None:
    with serving(database_url) as one, serving(database_url) as other:
        urls = [one.url, other.url]
        network = httpx.post(f"{one.url}/v2/networks", json=NETWORK, timeout=PATIENCE).json()["ID"]

        def create(number: int) -> httpx.Response:
            mapping = {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8000 + number // 2}
            request = {
                "Name": f"pod-{number}",
                "Policies": [{"Type": "PortMapping", "Settings": mapping}],
                "SchemaVersion": SCHEMA,
            }
            url = f"{urls[number % 2]}/v2/networks/{network}/endpoints"
            return httpx.post(url, json=request, timeout=PATIENCE)

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(create, range(60)))
        created = [answer.json() for answer in answers if answer.status_code == 201]
        refused = [answer for answer in answers if answer.status_code != 201]
        assert len(created) == 30  # of each pair that wants a port, one
        assert {answer.json()["ErrorCode"] for answer in refused} == {0x803B0013}
        addresses = Counter(endpoint["IpConfigurations"][0]["IpAddress"] for endpoint in created)
        macs = Counter(endpoint["MacAddress"] for endpoint in created)
        assert set(addresses.values()) == set(macs.values()) == {1}
        ids = {endpoint["ID"] for endpoint in created}
        for server in (one, other):
            listed = server.get("/v2/endpoints").json()
            assert {endpoint["ID"] for endpoint in listed} == ids
            published = server.get("/host/nat").json()["StaticMappings"]
            assert len(published) == 30
