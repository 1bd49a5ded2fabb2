"""Clients that race get nothing twice: not an address, not a MAC, not a port, not an id."""

import json

from hnsemu.domain.endpoints import Endpoint
from hnsemu.errors import Hr
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import endpoints
from hnsemu.storage.transaction import Hns
from tests.racing import racing
from tests.services.vnics import asked, at, carrying, create, nat, private


def test_racing_clients_get_no_address_mac_or_port_twice(hns: Hns) -> None:
    wanted = carrying("PortMapping", Protocol=6, InternalPort=80)
    network = nat(hns)

    def race(_racer: int) -> list[tuple[str, str, int]]:
        made = [create(hns, network, wanted) for _ in range(4)]
        return [
            (
                each.ip_configurations[0].ip_address,
                each.mac_address,
                json.loads(each.policies[0].settings)["ExternalPort"],
            )
            for each in made
        ]

    results = [each for several in racing(race, 32) for each in several]  # type: ignore[attr-defined]
    assert len(results) == 128
    for column in zip(*results, strict=True):
        assert len(set(column)) == 128


def test_racing_for_a_small_pool_exhausts_it_exactly(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/28")
    results = racing(lambda _racer: create(hns, network).ip_configurations[0].ip_address, 32)
    given = [each for each in results if isinstance(each, str)]
    refused = [each for each in results if not isinstance(each, str)]
    assert sorted(given) == sorted(f"10.0.0.{n}" for n in range(1, 15))
    assert refused == [Hr.HCN_E_ADDR_INVALID_OR_RESERVED] * 18


def test_static_and_dynamic_wishes_share_a_pool(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/28")

    def race(racer: int) -> str:
        wanted = at(f"10.0.0.{racer // 2 + 1}") if racer % 2 else asked()
        return create(hns, network, wanted).ip_configurations[0].ip_address

    results = racing(race, 28)
    given = [each for each in results if isinstance(each, str)]
    refused = [each for each in results if not isinstance(each, str)]
    assert len(set(given)) == len(given) == 14
    allowed = {Hr.E_OBJECT_ALREADY_EXISTS, Hr.HCN_E_ADDR_INVALID_OR_RESERVED}
    assert set(refused) <= allowed
    assert len(refused) == 14


def test_churn_in_a_full_pool_refuses_nobody(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/28")
    for _ in range(6):
        create(hns, network)

    def race(_racer: int) -> set[str]:
        held = set()
        for _ in range(6):
            made = create(hns, network)
            held.add(made.ip_configurations[0].ip_address)
            endpoints.delete_endpoint(hns, made.id)
        return held

    results = racing(race, 8)
    assert all(isinstance(each, set) for each in results), results
    assert len(endpoints.list_endpoints(hns, EVERYTHING)) == 6


def test_racing_for_one_address_one_wins(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/24")
    results = racing(lambda _racer: create(hns, network, at("10.0.0.9")), 16)
    assert results.count(Hr.E_OBJECT_ALREADY_EXISTS) == 15
    assert sum(isinstance(each, Endpoint) for each in results) == 1


def test_racing_for_one_id_one_wins(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/24")
    wanted = asked(ID="1a2b3c4d-0002-4000-8000-00000000b001")
    results = racing(lambda _racer: create(hns, network, wanted), 16)
    assert results.count(Hr.E_OBJECT_ALREADY_EXISTS) == 15


def test_racing_for_one_port_one_wins(hns: Hns) -> None:
    network = nat(hns)
    wanted = carrying("PortMapping", Protocol=6, InternalPort=80, ExternalPort=8080)
    results = racing(lambda _racer: create(hns, network, wanted), 16)
    assert results.count(Hr.HCN_E_PORT_ALREADY_EXISTS) == 15


def test_racing_to_delete_one_wins(hns: Hns) -> None:
    made = create(hns, private(hns, "10.0.0.0/24"))
    results = racing(lambda _racer: endpoints.delete_endpoint(hns, made.id), 16)
    assert results.count(Hr.HCN_E_ENDPOINT_NOT_FOUND) == 15
    assert results.count(None) == 1
