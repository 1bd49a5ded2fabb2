"""Replicas on one PostgreSQL: two services race for everything that is given once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.conftest import DATABASES
from tests.e2e.servers import serving

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
        network = httpx.post(f"{one.url}/v2/networks", json=NETWORK).json()["ID"]

        def create(number: int) -> httpx.Response:
            mapping = {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8000 + number // 2}
            asked = {
                "Name": f"pod-{number}",
                "Policies": [{"Type": "PortMapping", "Settings": mapping}],
                "SchemaVersion": SCHEMA,
            }
            url = f"{urls[number % 2]}/v2/networks/{network}/endpoints"
            return httpx.post(url, json=asked, timeout=60)

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(create, range(60)))
        made = [answer.json() for answer in answers if answer.status_code == 201]
        refused = [answer for answer in answers if answer.status_code != 201]
        assert len(made) == 30  # of each pair that wants a port, one
        assert {answer.json()["ErrorCode"] for answer in refused} == {0x803B0013}
        addresses = Counter(each["IpConfigurations"][0]["IpAddress"] for each in made)
        macs = Counter(each["MacAddress"] for each in made)
        assert set(addresses.values()) == set(macs.values()) == {1}
        for url in urls:
            listed = httpx.get(f"{url}/v2/endpoints").json()
            assert {each["ID"] for each in listed} == {each["ID"] for each in made}
            published = httpx.get(f"{url}/host/nat").json()["StaticMappings"]
            assert len(published) == 30
