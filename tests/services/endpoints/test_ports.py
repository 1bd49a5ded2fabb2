"""Published ports: unique on the host, chosen when asked, withdrawn with their policy."""

import json

import pytest
from sqlalchemy import insert, select

from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.policies.portmapping import CHOSEN_PORTS
from hnsemu.domain.winnat import NatRule
from hnsemu.errors import Hr
from hnsemu.schema.base import parse
from hnsemu.schema.bodies import read
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.modify import ModifyEndpointSettingRequest
from hnsemu.services import endpoints, networks
from hnsemu.storage import nat_rules
from hnsemu.storage.tables import nat_rules as nat_table
from hnsemu.storage.transaction import Hns, Transaction, reads
from tests.services import pods
from tests.services.vnics import (
    asked,
    bridge,
    carrying,
    check_answers,
    create,
    everything,
    nat,
    refusal_of,
    refused,
)
from tests.services.wires import policy

TCP, UDP = 6, 17


def mapping(external: int = 8080, protocol: int = TCP, **more: object) -> HostComputeEndpoint:
    """Return the document of an endpoint that publishes its port 80."""
    return carrying(
        "PortMapping", Protocol=protocol, InternalPort=80, ExternalPort=external, **more
    )


@reads
def rules_of(tx: Transaction) -> list[NatRule]:
    """Return the published ports of the host."""
    return nat_rules.all_of(tx)


def update(hns: Hns, endpoint: Endpoint, *policies: dict[str, object]) -> Endpoint:
    """Return the endpoint after putting these policies in the place of their kind."""
    asked_for = {
        "ResourceType": "Policy",
        "RequestType": "Update",
        "Settings": {"Policies": list(policies)},
    }
    wanted = parse(ModifyEndpointSettingRequest, asked_for)
    return endpoints.modify_endpoint(hns, endpoint.id, wanted)


def test_a_mapping_leads_to_the_endpoint(hns: Hns) -> None:
    made = create(hns, nat(hns), mapping())
    (rule,) = rules_of(hns)
    assert (rule.engine, rule.mapping_id, rule.endpoint_id) == ("WinNAT", 0, made.id)
    assert rule.internal_address == made.ip_configurations[0].ip_address
    assert (rule.mapping.external_port, rule.mapping.internal_port) == (8080, 80)


def test_mappings_outside_nat_are_rules_of_the_switch(hns: Hns) -> None:
    create(hns, bridge(hns).id, mapping(Flags=1))
    assert [rule.engine for rule in rules_of(hns)] == ["VFP"]


def test_mapping_numbers_count_upwards(hns: Hns) -> None:
    for port in (1, 2, 3):
        made = create(hns, nat(hns), mapping(port))
    endpoints.delete_endpoint(hns, made.id)
    create(hns, nat(hns), mapping(4))
    assert [rule.mapping_id for rule in rules_of(hns)] == [0, 1, 3]


def test_a_port_is_published_once_on_the_host_whatever_the_network(hns: Hns) -> None:
    first = create(hns, nat(hns), mapping())
    assert refusal_of(hns, nat(hns), mapping()) is Hr.HCN_E_PORT_ALREADY_EXISTS
    network = bridge(hns).id
    assert refusal_of(hns, network, mapping()) is Hr.HCN_E_PORT_ALREADY_EXISTS
    endpoints.delete_endpoint(hns, first.id)
    create(hns, network, mapping())


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(mapping(8081), id="another port"),
        pytest.param(mapping(protocol=UDP), id="another protocol"),
        pytest.param(mapping(VIP="10.127.130.99"), id="another address of the host"),
        pytest.param(mapping(Flags=2), id="the twin for IPv6"),
    ],
)
def test_ports_that_differ_live_side_by_side(hns: Hns, other: HostComputeEndpoint) -> None:
    create(hns, nat(hns), mapping())
    create(hns, nat(hns), other)
    assert len(rules_of(hns)) == 2


@pytest.mark.parametrize(
    ("settings", "hr"),
    [
        ({"Protocol": TCP}, Hr.HCN_E_INVALID_INTERNAL_PORT),
        ({"Protocol": TCP, "InternalPort": 0}, Hr.HCN_E_INVALID_INTERNAL_PORT),
        ({"Protocol": 1, "InternalPort": 80}, Hr.HCN_E_INVALID_POLICY),
        ({"InternalPort": 80}, Hr.HCN_E_INVALID_POLICY),
        ({"Protocol": TCP, "InternalPort": 80, "ExternalPort": 65536}, Hr.HCN_E_INVALID_POLICY),
    ],
)
def test_a_mapping_nobody_can_make_is_refused(
    hns: Hns, settings: dict[str, object], hr: Hr
) -> None:
    assert refusal_of(hns, nat(hns), carrying("PortMapping", **settings)) is hr


def test_hns_chooses_an_external_port_and_shows_it(hns: Hns) -> None:
    wanted = policy("PortMapping", Protocol=UDP, InternalPort=53)
    made = create(hns, nat(hns), asked(Policies=[wanted, wanted]))
    ports = [json.loads(each.settings)["ExternalPort"] for each in made.policies]
    assert len(set(ports)) == 2
    assert set(ports) <= set(CHOSEN_PORTS)
    assert {rule.mapping.external_port for rule in rules_of(hns)} == set(ports)
    check_answers(hns)


def test_choosing_a_port_changes_nothing_else_of_the_settings(hns: Hns) -> None:
    text = b'{ "Protocol":6,\t"InternalPort" : 80, "ExternalPort":0, "x":1.50 }'
    body = b'{"SchemaVersion":{"Major":2},"Policies":[{"Type":"PortMapping","Settings":%s}]}'
    made = create(hns, nat(hns), parse(HostComputeEndpoint, read(body % text)))
    (rule,) = rules_of(hns)
    port = str(rule.mapping.external_port).encode()
    assert made.policies[0].settings.encode() == text.replace(b'Port":0', b'Port":' + port)


def test_the_last_free_port_is_found(hns: Hns) -> None:
    made = create(hns, nat(hns), mapping(CHOSEN_PORTS[0]))
    with hns.database.writing() as connection:
        row = dict(connection.execute(select(nat_table)).one()._mapping)
        del row["key"]
        others = [port for port in CHOSEN_PORTS[1:] if port != 50000]
        connection.execute(insert(nat_table), [{**row, "external_port": p} for p in others])
    second = create(hns, nat(hns), mapping(0))
    assert json.loads(second.policies[0].settings)["ExternalPort"] == 50000
    assert refusal_of(hns, nat(hns), mapping(0)) is Hr.HCN_E_PORT_NOT_FOUND
    endpoints.delete_endpoint(hns, made.id)
    create(hns, nat(hns), mapping(0))


def test_an_update_withdraws_and_publishes(hns: Hns) -> None:
    made = create(hns, nat(hns), asked(Policies=[*(mapping(1).policies or ())]))
    kept = policy("PortMapping", Protocol=TCP, InternalPort=80, ExternalPort=1)
    new = policy("PortMapping", Protocol=TCP, InternalPort=80, ExternalPort=2)
    update(hns, made, kept, new)
    assert [(r.mapping_id, r.mapping.external_port) for r in rules_of(hns)] == [(0, 1), (1, 2)]
    update(hns, made, new)
    assert [(r.mapping_id, r.mapping.external_port) for r in rules_of(hns)] == [(1, 2)]
    check_answers(hns)


def test_an_update_to_a_taken_port_changes_nothing(hns: Hns) -> None:
    create(hns, nat(hns), mapping(1))
    made = create(hns, nat(hns), mapping(2))
    taken = policy("PortMapping", Protocol=TCP, InternalPort=80, ExternalPort=1)
    assert refused(hns, lambda: update(hns, made, taken)).hr is Hr.HCN_E_PORT_ALREADY_EXISTS


def test_ports_go_with_their_endpoint_and_network(hns: Hns) -> None:
    before = everything(hns.database)["nat_rules"]
    network = pods.overlay(hns)
    made = create(hns, network.id, mapping(1))
    create(hns, network.id, mapping(2))
    endpoints.delete_endpoint(hns, made.id)
    assert [rule.mapping.external_port for rule in rules_of(hns)] == [2]
    networks.delete_network(hns, network.id)
    assert everything(hns.database)["nat_rules"] == before
