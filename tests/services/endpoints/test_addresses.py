"""Addresses and MACs: picked from pools, claimed as asked, never twice, and given back."""

import ipaddress

import pytest
from sqlalchemy import select

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.ipam import IpAddress, Pool
from hnsemu.errors import Hr
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.services import endpoints, networks
from hnsemu.storage.tables import ip_allocations, mac_allocations
from hnsemu.storage.transaction import Hns
from tests.services import pods
from tests.services.vnics import (
    addresses,
    asked,
    at,
    bridge,
    create,
    private,
    refusal_of,
)
from tests.services.wires import subnet

DUAL = (subnet("10.244.1.0/24", "10.244.1.1"), subnet("fd00:10:244::/64", "fd00:10:244::1"))


def only(endpoint: Endpoint) -> str:
    """Return the single address of an endpoint."""
    (configuration,) = endpoint.ip_configurations
    return configuration.ip_address


def allocated(hns: Hns) -> set[str]:
    """Return every address that has a row, in use or released."""
    with hns.database.reading() as connection:
        keys = connection.execute(select(ip_allocations.c.address)).scalars()
        return {str(ipaddress.ip_address(bytes.fromhex(key))) for key in keys}


def test_every_address_of_a_pool_is_given_once_and_reused_oldest_first(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/29")
    made = [create(hns, network) for _ in range(6)]
    given = [only(each) for each in made]
    assert sorted(given) == [f"10.0.0.{n}" for n in range(1, 7)]
    assert refusal_of(hns, network, asked()) is Hr.HCN_E_ADDR_INVALID_OR_RESERVED
    endpoints.delete_endpoint(hns, made[3].id)
    endpoints.delete_endpoint(hns, made[1].id)
    assert only(create(hns, network)) == given[3]
    assert only(create(hns, network)) == given[1]


def test_an_address_is_not_given_again_at_once(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/28")
    seen = []
    for _ in range(14):
        made = create(hns, network)
        seen.append(only(made))
        endpoints.delete_endpoint(hns, made.id)
    assert len(set(seen)) == 14


def test_the_gateway_is_kept_unless_the_subnet_says_so(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/30", gateway="10.0.0.1")
    assert only(create(hns, network)) == "10.0.0.2"
    assert refusal_of(hns, network, asked()) is Hr.HCN_E_ADDR_INVALID_OR_RESERVED
    assert refusal_of(hns, network, at("10.0.0.1")) is Hr.HCN_E_ADDR_INVALID_OR_RESERVED


def test_a_pool_of_two_is_given_out_whole(hns: Hns) -> None:
    network = private(hns, "10.0.0.4/31")
    assert {only(create(hns, network)) for _ in range(2)} == {"10.0.0.4", "10.0.0.5"}
    assert refusal_of(hns, network, asked()) is Hr.HCN_E_ADDR_INVALID_OR_RESERVED


def test_a_static_address_is_not_drawn_again(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/29")
    create(hns, network, at("10.0.0.4"))
    drawn = {only(create(hns, network)) for _ in range(5)}
    assert drawn == {f"10.0.0.{n}" for n in (1, 2, 3, 5, 6)}


def test_the_last_free_address_is_found_among_static_ones(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/24")
    for last in range(1, 254):
        create(hns, network, at(f"10.0.0.{last}"))
    assert only(create(hns, network)) == "10.0.0.254"
    assert refusal_of(hns, network, asked()) is Hr.HCN_E_ADDR_INVALID_OR_RESERVED


def test_a_pool_full_of_static_addresses_is_noticed_not_searched(
    hns: Hns, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = private(hns, "10.0.0.0/20")
    made = create(hns, network, at("10.0.0.1"))
    with hns.database.writing() as connection:
        row = connection.execute(select(ip_allocations)).one()._mapping
        others = (ipaddress.ip_address("10.0.0.1") + n for n in range(1, 4094))
        rows = [{**row, "address": each.packed.hex()} for each in others]
        connection.execute(ip_allocations.insert(), rows)
    looked_at: list[int] = []
    candidate = Pool.candidate

    def counted(pool: Pool, index: int) -> IpAddress:
        looked_at.append(index)
        return candidate(pool, index)

    monkeypatch.setattr(Pool, "candidate", counted)
    assert refusal_of(hns, network, asked()) is Hr.HCN_E_ADDR_INVALID_OR_RESERVED
    assert len(set(looked_at)) <= 512
    endpoints.delete_endpoint(hns, made.id)
    assert only(create(hns, network)) == "10.0.0.1"


@pytest.mark.parametrize(
    ("wanted", "hr"),
    [
        pytest.param(at("10.0.0.3", "10.1.0.4"), Hr.HCN_E_INVALID_IP, id="an address"),
        pytest.param(
            asked(IpConfigurations=[{"IpSubnetId": "11111111-1111-1111-1111-111111111111"}]),
            Hr.HCN_E_SUBNET_NOT_FOUND,
            id="an IP subnet",
        ),
        pytest.param(asked(MacAddress="nonsense"), Hr.HCN_E_INVALID_ENDPOINT, id="a MAC"),
        pytest.param(
            at("1.1.1.1", "1.1.1.1", Flags=1), Hr.E_OBJECT_ALREADY_EXISTS, id="a remote address"
        ),
    ],
)
def test_a_refused_wish_leaves_nothing_behind(
    hns: Hns, wanted: HostComputeEndpoint, hr: Hr
) -> None:
    assert refusal_of(hns, private(hns, "10.0.0.0/29"), wanted) is hr


def test_a_released_address_may_be_wanted(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/29")
    endpoints.delete_endpoint(hns, create(hns, network, at("10.0.0.4")).id)
    assert addresses(create(hns, network, at("10.0.0.4"))) == ["10.0.0.4/29"]


def test_networks_do_not_share_their_addresses(hns: Hns) -> None:
    for name in ("a", "b"):
        network = private(hns, "10.0.0.0/29", Name=name)
        assert addresses(create(hns, network, at("10.0.0.4"))) == ["10.0.0.4/29"]


def test_a_dual_stack_network_gives_one_address_of_each_family(hns: Hns) -> None:
    network = bridge(hns, *DUAL).id
    for wanted in (asked(), asked(IpConfigurations=[{}, {}])):
        first, second = create(hns, network, wanted).ip_configurations
        assert first.ip_address.startswith("10.244.1.")
        assert second.ip_address.startswith("fd00:10:244:")
        assert (first.prefix_length, second.prefix_length) == (24, 64)


def test_several_addresses_of_one_family_are_given(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/29")
    wanted = asked(IpConfigurations=[{}, {"IpAddress": "10.0.0.4"}, {}, {}])
    assert len(set(addresses(create(hns, network, wanted)))) == 4
    assert refusal_of(hns, network, asked(IpConfigurations=[{}] * 3)) is (
        Hr.HCN_E_ADDR_INVALID_OR_RESERVED
    )
    assert len(set(addresses(create(hns, network, asked(IpConfigurations=[{}, {}]))))) == 2


def test_released_addresses_are_drawn_several_at_a_time(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/29")
    made = [create(hns, network) for _ in range(6)]
    for gone in made[:2]:
        endpoints.delete_endpoint(hns, gone.id)
    again = create(hns, network, asked(IpConfigurations=[{}, {}]))
    assert [each.ip_address for each in again.ip_configurations] == [only(m) for m in made[:2]]


def test_an_ip_subnet_is_drawn_from_by_its_id(hns: Hns) -> None:
    network = bridge(hns, subnet("10.1.0.0/24", "10.1.0.1"), subnet("10.2.0.0/24", "10.2.0.1"))
    pool = network.subnets[1].ip_subnets[0].id
    made = create(hns, network.id, asked(IpConfigurations=[{"IpSubnetId": pool}]))
    assert only(made).startswith("10.2.0.")
    outside = asked(IpConfigurations=[{"IpSubnetId": pool, "IpAddress": "10.1.0.9"}])
    assert refusal_of(hns, network.id, outside) is Hr.HCN_E_INVALID_IP


@pytest.mark.parametrize("configurations", [None, [], [{}]])
def test_a_network_without_subnets_leaves_addresses_to_others(
    hns: Hns, configurations: list[object] | None
) -> None:
    network = private(hns)
    made = create(hns, network, asked(IpConfigurations=configurations))
    assert made.ip_configurations == ()
    assert refusal_of(hns, network, at("10.0.0.5")) is Hr.HCN_E_SUBNET_NOT_FOUND


def test_a_remote_endpoint_may_share_the_address_of_a_local_one(hns: Hns) -> None:
    network = pods.overlay(hns)
    address = only(pods.pod(hns, network))
    far = pods.remote(hns, network, address)
    assert far.port is None
    assert far.mac_address == "02-11-c0-a8-65-05"
    assert refusal_of(hns, network.id, at(address, Flags=1)) is Hr.E_OBJECT_ALREADY_EXISTS


def test_nothing_is_remembered_of_remote_endpoints(hns: Hns) -> None:
    network = pods.overlay(hns)
    before = allocated(hns)
    for last in range(1, 5):
        endpoints.delete_endpoint(hns, pods.remote(hns, network, f"10.96.0.{last}").id)
    assert allocated(hns) == before


def test_pools_that_never_come_round_remember_nothing(hns: Hns) -> None:
    network = bridge(hns, *DUAL)
    before = allocated(hns)
    made = create(hns, network.id)
    endpoints.delete_endpoint(hns, made.id)
    assert allocated(hns) - before == {made.ip_configurations[0].ip_address}


def test_a_mac_comes_from_the_networks_range(hns: Hns) -> None:
    ranges = [{"StartMacAddress": "02-00-00-00-00-01", "EndMacAddress": "02-00-00-00-00-03"}]
    network = private(hns, "10.0.0.0/24", MacPool={"Ranges": ranges})
    made = [create(hns, network) for _ in range(3)]
    assert sorted(each.mac_address[-1] for each in made) == ["1", "2", "3"]
    assert refusal_of(hns, network, asked()) is Hr.HCN_E_INVALID_ENDPOINT
    endpoints.delete_endpoint(hns, made[2].id)
    endpoints.delete_endpoint(hns, made[0].id)
    assert create(hns, network).mac_address == made[2].mac_address


def test_a_foreign_mac_never_becomes_the_networks(hns: Hns) -> None:
    ranges = [{"StartMacAddress": "02-00-00-00-00-01", "EndMacAddress": "02-00-00-00-00-01"}]
    network = private(hns, "10.0.0.0/24", MacPool={"Ranges": ranges})
    foreign = create(hns, network, asked(MacAddress="0E-2A-0a-00-00-05"))
    own = create(hns, network)
    endpoints.delete_endpoint(hns, foreign.id)
    assert refusal_of(hns, network, asked()) is Hr.HCN_E_INVALID_ENDPOINT
    endpoints.delete_endpoint(hns, own.id)
    assert create(hns, network).mac_address == "02-00-00-00-00-01"
    with hns.database.reading() as connection:
        network_key = own.network_key
        kept = select(mac_allocations.c.mac).where(mac_allocations.c.network_key == network_key)
        assert connection.execute(kept).scalars().all() == [0x020000000001]


@pytest.mark.parametrize("mac", ["00:15:5d:01:02:03", "0E-2A-64-f4-ce-44", "08002700aabb"])
def test_a_mac_comes_back_as_it_was_spelled(hns: Hns, mac: str) -> None:
    network = pods.overlay(hns).id
    made = create(hns, network, asked(MacAddress=mac))
    assert made.mac_address == mac
    assert refusal_of(hns, network, asked(MacAddress=mac.upper())) is Hr.E_OBJECT_ALREADY_EXISTS
    endpoints.delete_endpoint(hns, made.id)
    assert create(hns, network, asked(MacAddress=mac)).mac_address == mac


def test_addresses_and_macs_go_with_their_network(hns: Hns) -> None:
    network = pods.overlay(hns)
    pods.pod(hns, network)
    networks.delete_network(hns, network.id)
    with hns.database.reading() as connection:
        for table in (ip_allocations, mac_allocations):
            of_network = select(table).where(table.c.network_key == network.key)
            assert connection.execute(of_network).all() == []
