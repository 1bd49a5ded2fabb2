"""A deleted network can be created from the document that HNS 1 showed of it.

Source: hns-behaviour.md section 3.3 [C]/[O].
"""

import orjson
import pytest

from hnsemu.domain.networks import Network
from hnsemu.domain.releases import RELEASES
from hnsemu.schema.bodies import read
from hnsemu.schema.v1.dialect import network_from_v1
from hnsemu.schema.v1.render_networks import network_v1
from hnsemu.services import networks
from hnsemu.storage.database import Database
from tests.services.wires import Json, host, make, subnet, vsid


@pytest.mark.parametrize("release", ["ws2019", "ws2022", "ws2025"])
@pytest.mark.parametrize(
    ("kind", "subnets"),
    [
        ("NAT", []),
        ("ICS", []),
        ("Transparent", []),
        ("L2Bridge", [subnet("10.1.0.0/16", "10.1.0.1")]),
        ("Overlay", [vsid("10.2.0.0/16", "10.2.0.1")]),
    ],
)
def test_network_comes_back_the_same(
    database: Database, release: str, kind: str, subnets: list[Json]
) -> None:
    service = host(database, release)
    gone = make(service, kind, *subnets, Name="again")
    shown = orjson.dumps(network_v1(gone, RELEASES[release], "friendly"))
    networks.delete_network(service, gone.id)
    back = networks.create_network(service, network_from_v1(read(shown), strict=False))
    assert _facts(back) == _facts(gone)


def _facts(network: Network) -> tuple[object, ...]:
    inside = [(subnet.prefix, subnet.gateway) for subnet in network.subnets]
    return (
        network.id,
        network.name,
        network.mode,
        network.flags,
        network.mac_ranges,
        network.management_ip,
        network.dr_mac,
        inside,
    )
