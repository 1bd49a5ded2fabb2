"""A network with many subnets costs each of them the same: counted are calls, not seconds."""

import pytest

from hnsemu.schema.base import parse
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.services import networks
from hnsemu.storage.transaction import Hns
from tests.work import calls

CALLS_PER_SUBNET = 620
"""Of functions: 250 to 2,000 subnets needed 502 to 518 each, 2,000 of them 0.4 s of a processor."""


def network(subnets: int, first: int = 10) -> HostComputeNetwork:
    """Return the document of a network with that many subnets."""
    prefixes = [f"{first}.{number // 256}.{number % 256}.0/24" for number in range(subnets)]
    members = {
        "Name": f"of {subnets}",
        "Type": "L2Bridge",
        "Ipams": [{"Subnets": [{"IpAddressPrefix": prefix} for prefix in prefixes]}],
        "SchemaVersion": {"Major": 2, "Minor": 0},
    }
    return parse(HostComputeNetwork, members)


def calls_to_create(hns: Hns, document: HostComputeNetwork) -> int:
    """Return how many functions are called to create the network."""
    return calls(lambda: networks.create_network(hns, document), of_c=False)


@pytest.mark.parametrize("subnets", [500, 2000])
def test_each_subnet_of_a_network_costs_the_same(hns: Hns, subnets: int) -> None:
    networks.create_network(hns, network(10, first=11))  # the first one compiles statements
    least = calls_to_create(hns, network(1, first=12))
    assert (calls_to_create(hns, network(subnets)) - least) / subnets < CALLS_PER_SUBNET
