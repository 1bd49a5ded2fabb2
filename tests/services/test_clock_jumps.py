"""The machine's clock is set back or forth: nothing depends on it but the times that are shown."""

import json

import pytest

from hnsemu.domain.clock import ClockChange
from hnsemu.host import SystemSource
from hnsemu.schema.base import parse
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.query import HostComputeQuery
from hnsemu.services import endpoints, hosts, networks
from hnsemu.services.clock import change_clock
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns

SUBNET = {
    "Ipams": [
        {
            "Subnets": [
                {
                    "IpAddressPrefix": "10.244.1.0/24",
                    "Routes": [{"NextHop": "10.244.1.1", "DestinationPrefix": "0.0.0.0/0"}],
                }
            ]
        }
    ]
}
YEAR = 365 * 24 * 60 * 60 * 10_000_000


class JumpingSource(SystemSource):
    """The machine's clock, off by `offset` ticks of 100 ns."""

    offset = 0

    def filetime(self) -> int:
        """Return the time that the clock shows."""
        return super().filetime() + self.offset


@pytest.fixture
def clock() -> JumpingSource:
    return JumpingSource()


@pytest.fixture
def jumping(database: Database, clock: JumpingSource) -> Hns:
    hns = Hns(database, "default", clock)
    hosts.ensure_host(hns)
    return hns


def pod(hns: Hns, network_id: str = "") -> str:
    """Make an endpoint, in the `nat` network unless another is named; return its address."""
    network_id = network_id or networks.list_networks(hns, HostComputeQuery())[0].id
    created = endpoints.create_endpoint(hns, network_id, parse(HostComputeEndpoint, {}))
    return created.ip_configurations[0].ip_address


@pytest.mark.parametrize("jumps", [(-YEAR, 0), (YEAR, 0), (YEAR, -YEAR, 0), (-1, 1, -1)])
def test_addresses_are_given_once_whatever_the_clock_says(
    jumping: Hns, clock: JumpingSource, jumps: tuple[int, ...]
) -> None:
    given = [pod(jumping)]
    for offset in jumps:
        clock.offset = offset
        last = endpoints.list_endpoints(jumping, HostComputeQuery())[-1]
        endpoints.delete_endpoint(jumping, last.id)
        given.remove(last.ip_configurations[0].ip_address)
        given += [pod(jumping), pod(jumping)]
    assert len(set(given)) == len(given)
    shown = endpoints.list_endpoints(jumping, HostComputeQuery())
    assert [endpoint.ip_configurations[0].ip_address for endpoint in shown] == given


@pytest.mark.parametrize("offset", [-YEAR, YEAR])
def test_a_management_address_stays(jumping: Hns, clock: JumpingSource, offset: int) -> None:
    created = networks.create_network(
        jumping, parse(HostComputeNetwork, {"Type": "L2Bridge"} | SUBNET)
    )
    assert created.management_ip
    clock.offset = offset
    assert networks.get_network(jumping, created.id).management_ip == created.management_ip


@pytest.mark.parametrize("offset", [-YEAR, YEAR])
def test_a_restart_after_a_jump_brings_everything_back(
    jumping: Hns, clock: JumpingSource, offset: int
) -> None:
    created = networks.create_network(
        jumping, parse(HostComputeNetwork, {"Type": "L2Bridge"} | SUBNET)
    )
    address = pod(jumping, created.id)
    clock.offset = offset
    hosts.restart_hns(jumping)
    assert pod(jumping, created.id) != address
    assert len(endpoints.list_endpoints(jumping, HostComputeQuery())) == 2


def test_addresses_come_back_in_the_order_of_their_release_though_the_clock_stands(
    jumping: Hns,
) -> None:
    change_clock(jumping, ClockChange(freezes=True))
    small = json.loads(json.dumps(SUBNET).replace("10.244.1.0/24", "10.244.1.0/29"))
    wanted = parse(HostComputeNetwork, {"Type": "L2Bridge"} | small)
    network_id = networks.create_network(jumping, wanted).id
    given = [pod(jumping, network_id) for _ in range(4)]
    made = endpoints.list_endpoints(jumping, HostComputeQuery())
    for endpoint in reversed(made):
        endpoints.delete_endpoint(jumping, endpoint.id)
    fresh = [pod(jumping, network_id)]
    while fresh[-1] not in given:
        fresh.append(pod(jumping, network_id))
    again = [fresh[-1], *(pod(jumping, network_id) for _ in range(3))]
    assert again == given[::-1]
