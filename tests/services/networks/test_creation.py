"""Networks: which there can be, how they are named and found, and what deleting takes along."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hnsemu.domain.network_types import SwitchKind
from hnsemu.domain.networks import Network
from hnsemu.errors import Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.query import EVERYTHING, read_query
from hnsemu.services import endpoints, networks
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.racing import racing
from tests.services.wires import (
    SCHEMA,
    Json,
    adapter,
    bound_adapters,
    host,
    make,
    make_overlay,
    names,
    on,
    policy,
    refusal_of,
    subnet,
    switches_of,
    vsid,
)


@pytest.mark.parametrize(
    ("kind", "subnets", "switch"),
    [
        ("NAT", [], SwitchKind.INTERNAL),
        ("ICS", [], SwitchKind.INTERNAL),
        ("ConstrainedICS", [], SwitchKind.INTERNAL),
        ("Transparent", [], SwitchKind.EXTERNAL),
        ("L2Bridge", [subnet("10.0.0.0/24", "10.0.0.1")], SwitchKind.EXTERNAL),
        ("L2Tunnel", [subnet("10.0.0.0/24", "10.0.0.1")], SwitchKind.EXTERNAL),
        ("Overlay", [vsid("10.0.0.0/24", "10.0.0.1")], SwitchKind.EXTERNAL),
        ("Private", [], SwitchKind.PRIVATE),
        ("Internal", [], SwitchKind.INTERNAL),
    ],
)
def test_type_stands_on_its_kind_of_switch(
    hns: Hns, kind: str, subnets: list[Json], switch: SwitchKind
) -> None:
    created = make(hns, kind, *subnets, Name="made")
    assert (created.mode, on(created).kind) == (kind, switch)


@pytest.mark.parametrize("kind", ["Mirrored", "Infiniband"])
def test_type_that_only_hns_makes_is_refused(hns: Hns, kind: str) -> None:
    refusal = refusal_of(lambda: make(hns, kind))
    assert refusal.hr is Hr.HCN_E_INVALID_NETWORK_TYPE


def test_unknown_type_is_refused(hns: Hns) -> None:
    refusal = refusal_of(lambda: make(hns, "Bridge"))
    assert refusal.hr is Hr.HCN_E_INVALID_NETWORK_TYPE


def test_without_a_type_it_is_nat(hns: Hns) -> None:
    document = parse(HostComputeNetwork, {"Name": "x", "SchemaVersion": SCHEMA})
    assert networks.create_network(hns, document).mode == "NAT"


@pytest.mark.parametrize("number", [0, 4095, 1 << 24])
def test_vsid_that_windows_does_not_take_is_refused(hns: Hns, number: int) -> None:
    refusal = refusal_of(lambda: make(hns, "Overlay", vsid("10.0.0.0/24", number=number)))
    assert refusal.hr is Hr.HCN_E_INVALID_POLICY


@pytest.mark.parametrize(("number", "taken"), [(11, True), (4094, True), (4095, False)])
def test_vlan_of_a_subnet_is_one_of_4094(hns: Hns, number: int, *, taken: bool) -> None:
    tagged = subnet("10.9.0.0/16", Policies=[policy("VLAN", IsolationId=number)])
    if taken:
        assert make(hns, "L2Bridge", tagged).subnets[0].policies[0].type == "VLAN"
    else:
        refusal = refusal_of(lambda: make(hns, "L2Bridge", tagged))
        assert refusal.hr is Hr.HCN_E_INVALID_POLICY


def test_transparent_does_not_work_on_an_azure_vm_but_for_accelerated_nics(
    database: Database,
) -> None:
    azure = host(database, azure_vm=True)
    refusal = refusal_of(lambda: make(azure, "Transparent"))
    assert refusal.hr is Hr.HCN_E_REQUEST_UNSUPPORTED
    assert make(azure, "Transparent", Flags=9224).flags == 9224


def test_name_is_unique_on_the_host(hns: Hns) -> None:
    make(hns, "Internal", Name="one")
    refusal = refusal_of(lambda: make(hns, "Private", Name="one"))
    assert refusal.hr is Hr.HCN_E_NETWORK_ALREADY_EXISTS


def test_networks_need_no_name(hns: Hns) -> None:
    assert {make(hns, "Private").name for _ in range(2)} == {""}


def test_name_is_free_again_after_the_delete(hns: Hns) -> None:
    networks.delete_network(hns, make(hns, "Internal", Name="one").id)
    assert make(hns, "Internal", Name="one").name == "one"


def test_id_of_the_document_is_kept(hns: Hns) -> None:
    wanted = "{B95D0C5E-57D4-412B-B571-18A81A16E005}"
    assert make(hns, "ICS", ID=wanted).id == "b95d0c5e-57d4-412b-b571-18a81a16e005"
    refusal = refusal_of(lambda: make(hns, "ICS", ID=wanted))
    assert refusal.hr is Hr.HCN_E_NETWORK_ALREADY_EXISTS


def test_zero_id_asks_for_a_new_one(hns: Hns) -> None:
    zero = "00000000-0000-0000-0000-000000000000"
    assert make(hns, "Private", ID=zero).id != zero


def test_hosts_do_not_share_names_or_adapters(database: Database) -> None:
    for release in ("ws2022", "ws2025"):
        make_overlay(host(database, release), Policies=[adapter("Ethernet")])


@pytest.mark.parametrize("use", [networks.get_network, networks.delete_network])
def test_unknown_network_is_not_found(hns: Hns, use: Callable[[Hns, str], object]) -> None:
    missing = "11111111-2222-3333-4444-555555555555"
    assert refusal_of(lambda: use(hns, missing)).hr is Hr.HCN_E_NETWORK_NOT_FOUND


def test_endpoints_go_with_their_network(hns: Hns) -> None:
    created = make(hns, "NAT", Name="b")
    document = parse(HostComputeEndpoint, {"SchemaVersion": SCHEMA})
    gone = endpoints.create_endpoint(hns, created.id, document)
    networks.delete_network(hns, created.id)
    refusal = refusal_of(lambda: endpoints.get_endpoint(hns, gone.id))
    assert refusal.hr is Hr.HCN_E_ENDPOINT_NOT_FOUND


def test_last_network_takes_its_switch_and_frees_the_adapter(hns: Hns) -> None:
    before = switches_of(hns)
    networks.delete_network(hns, make_overlay(hns).id)
    assert switches_of(hns) == before
    assert bound_adapters(hns)["Ethernet"] == ""
    assert on(make(hns, "L2Bridge")).adapters == ("Ethernet",)


def test_switch_of_several_networks_stays_and_gets_a_new_owner(hns: Hns) -> None:
    first, second = make_overlay(hns, 1), make_overlay(hns, 2)
    networks.delete_network(hns, first.id)
    kept = on(networks.get_network(hns, second.id))
    assert (kept.id, kept.layer_id, kept.owner_id) == (
        on(first).id,
        on(first).layer_id,
        second.id,
    )


def test_id_may_come_back_while_its_old_switch_still_stands(hns: Hns) -> None:
    first = make_overlay(hns, 1)
    make_overlay(hns, 2)
    networks.delete_network(hns, first.id)
    alone = make_overlay(hns, 1, ID=first.id, Policies=[adapter("Ethernet 2")])
    assert on(alone).id != on(first).id


def test_networks_come_in_the_order_they_were_made(hns: Hns) -> None:
    for name in ("c", "a", "b"):
        make(hns, "Private", Name=name)
    assert names(hns) == ["nat", "c", "a", "b"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ('{"Name": "overlay1"}', ["overlay1"]),
        ('{"Name": "OVERLAY1"}', []),
        ('{"Type": "Overlay"}', ["overlay1"]),
        ('{"Flags": 8}', ["nat"]),
        ('{"Flags": "8", "Name": "nat"}', ["nat"]),
        ('{"NetworkAdapterName": "Ethernet"}', ["overlay1"]),
        ('{"ManagementIP": "10.127.130.35"}', ["overlay1"]),
        ('{"Nonsense": 1}', []),
        ("{}", ["nat", "overlay1"]),
    ],
)
def test_filter_selects(hns: Hns, wanted: str, found: list[str]) -> None:
    make_overlay(hns, Policies=[adapter("Ethernet")])
    query = read_query(json.dumps({"Filter": wanted}))
    assert [network.name for network in networks.list_networks(hns, query)] == found


def test_filter_by_id_in_any_case(hns: Hns) -> None:
    created = make(hns, "Private", Name="one")
    query = read_query(json.dumps({"Filter": json.dumps({"ID": f"{{{created.id.upper()}}}"})}))
    assert networks.list_networks(hns, query) == [created]


def test_pages(hns: Hns) -> None:
    created = [make(hns, "Private", Name=name) for name in ("a", "b", "c")]
    page = networks.list_networks(hns, EVERYTHING, limit=1, after=created[0].id)
    assert [network.name for network in page] == ["b"]


REFUSED: list[tuple[str, list[Json], dict[str, Any]]] = [
    ("Overlay", [vsid("10.0.0.0/24", "10.0.1.1")], {}),
    ("Overlay", [vsid("10.0.0.0/24")], {"Policies": [adapter("Ethernet 9")]}),
    ("NAT", [subnet("172.16.0.0/24")], {}),
    ("ICS", [], {"MacPool": {"Ranges": [{"StartMacAddress": "x"}]}}),
    ("L2Bridge", [], {"Policies": [policy("VxlanPort", Port=4789)]}),
    ("Transparent", [], {"Policies": [policy("VSwitchExtension", Enable=True)]}),
]


@pytest.mark.parametrize(("kind", "subnets", "more"), REFUSED)
def test_refused_network_leaves_nothing_behind(
    hns: Hns, kind: str, subnets: list[Json], more: dict[str, Any]
) -> None:
    before = networks.list_networks(hns, EVERYTHING), switches_of(hns), bound_adapters(hns)
    refusal_of(lambda: make(hns, kind, *subnets, Name="refused", **more))
    after = networks.list_networks(hns, EVERYTHING), switches_of(hns), bound_adapters(hns)
    assert after == before


def test_of_racing_creators_of_one_name_exactly_one_wins(hns: Hns) -> None:
    outcomes = racing(lambda _: make_overlay(hns))
    won = [outcome for outcome in outcomes if isinstance(outcome, Network)]
    assert len(won) == 1
    assert outcomes.count(Hr.HCN_E_NETWORK_ALREADY_EXISTS) == len(outcomes) - 1
    assert names(hns).count("overlay1") == 1


def test_racing_nat_networks_get_prefixes_and_vlans_of_their_own(hns: Hns) -> None:
    outcomes = racing(lambda racer: make(hns, "NAT", Name=f"nat{racer}"))
    created = [outcome for outcome in outcomes if isinstance(outcome, Network)]
    assert len(created) == len(outcomes)
    assert len({network.subnets[0].prefix for network in created}) == len(created)
    assert {network.isolation for network in created} == set(range(2, len(created) + 2))
    assert len({on(network).id for network in created}) == 1
