"""Endpoints are found, listed, filtered, paged and deleted."""

import json

import pytest

from hnsemu.domain.endpoints import properties
from hnsemu.domain.query import matches
from hnsemu.errors import HnsError, Hr
from hnsemu.host import SeededSource
from hnsemu.schema.v2.query import EVERYTHING, read_query
from hnsemu.services import endpoints, networks
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.services import pods
from tests.services.vnics import asked, check_answers, create, nat, private, refused

NOWHERE = "11111111-1111-1111-1111-111111111111"
GUID_NAME = "{1A2B3C4D-0002-4000-8000-00000000B001}"

WISHES: list[object] = [
    "a", "A", "b", "", "1", "2", "01", "x", GUID_NAME, GUID_NAME.lower(), GUID_NAME[1:-1],
    0, 1, 2, -1, 1.0, 1.5, 1e300, 2**63, -(2**63), True, False, None, [], ["a"], {"a": 1},
    "nat", "NAT", "0A-00-00-00-00-01", "\0", "ü", "²", NOWHERE,
]  # fmt: skip
NAMES = [
    "ID", "Name", "Owner", "State", "Flags", "MacAddress", "VirtualMachine", "VirtualNetwork",
    "HostComputeNetwork", "VirtualNetworkName", "IPAddress", "IsRemoteEndpoint", "Colour",
]  # fmt: skip


@pytest.fixture
def crowd(hns: Hns) -> Hns:
    """Return a host with endpoints that differ in everything filters may name."""
    network = nat(hns)
    create(hns, network, asked(Name="a", Flags=2))
    create(hns, network, asked(Name="b", MacAddress="0A-00-00-00-00-01", Owner="a"))
    create(hns, network, asked(Name=GUID_NAME, Owner=GUID_NAME.lower()))
    pods.remote(hns, pods.overlay(hns))
    return hns


@pytest.mark.parametrize("name", NAMES)
def test_the_database_selects_what_the_filter_means(crowd: Hns, name: str) -> None:
    every = endpoints.list_endpoints(crowd, EVERYTHING)
    own = [properties(each)[name] for each in every if name in properties(each)]
    for value in (*WISHES, *own):
        wanted = read_query(json.dumps({"Filter": json.dumps({name: value})}))
        meant = [each.id for each in every if matches({name: value}, properties(each))]
        assert endpoints.list_endpoint_ids(crowd, wanted) == meant, value
        assert [each.id for each in endpoints.list_endpoints(crowd, wanted)] == meant, value
        texts = endpoints.list_endpoint_documents(crowd, wanted)
        assert [json.loads(text)["ID"] for text in texts] == meant, value


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('{"Name": "a"}', ["a"]),
        ('{"Name": "a", "State": 1}', ["a"]),
        ('{"Name": "a", "State": 2}', []),
        ('{"State": "1", "Flags": 2}', ["a"]),
        ('{"Name": "b", "IsRemoteEndpoint": false}', ["b"]),
        ('{"IsRemoteEndpoint": true}', ["Ethernet"]),
        ('{"Name": "a", "Colour": "red"}', []),
    ],
)
def test_all_of_a_filter_must_match(crowd: Hns, query: str, found: list[str]) -> None:
    listed = endpoints.list_endpoints(crowd, read_query(json.dumps({"Filter": query})))
    assert [each.name for each in listed] == found


def test_nobody_is_found_by_an_address(crowd: Hns) -> None:
    (address,) = {
        each.ip_configurations[0].ip_address
        for each in endpoints.list_endpoints(crowd, EVERYTHING)
        if each.name == "a"
    }
    for member in ("IPAddress", "IpConfigurations"):
        wanted = read_query(json.dumps({"Filter": json.dumps({member: address})}))
        assert endpoints.list_endpoints(crowd, wanted) == []


def test_ids_are_found_in_any_case(hns: Hns) -> None:
    made = create(hns, nat(hns))
    query = read_query(json.dumps({"ID": f"{{{made.id.upper()}}}"}))
    assert endpoints.list_endpoint_ids(hns, query) == [made.id]
    network = read_query(json.dumps({"VirtualNetwork": made.network_id.upper()}))
    assert endpoints.list_endpoint_ids(hns, network) == [made.id]


@pytest.mark.parametrize("query", ["{}", '{"IsRemoteEndpoint": false}'])
def test_lists_are_paged(hns: Hns, query: str) -> None:
    wanted = read_query(query)
    ids = [create(hns, nat(hns)).id for _ in range(5)]
    first = endpoints.list_endpoint_ids(hns, wanted, 2)
    rest = endpoints.list_endpoint_ids(hns, wanted, None, first[-1])
    assert first + rest == ids
    pages = [endpoints.list_endpoints(hns, wanted, 2, after) for after in (None, ids[1], ids[3])]
    assert [each.id for page in pages for each in page] == ids
    texts = endpoints.list_endpoint_documents(hns, wanted, 1, ids[2])
    assert [json.loads(text)["ID"] for text in texts] == [ids[3]]


@pytest.mark.parametrize("query", ["{}", '{"IsRemoteEndpoint": false}'])
def test_a_page_behind_nothing_is_refused(hns: Hns, query: str) -> None:
    wanted = read_query(query)
    for use_case in (
        endpoints.list_endpoints,
        endpoints.list_endpoint_ids,
        endpoints.list_endpoint_documents,
    ):
        with pytest.raises(HnsError) as refusal:
            use_case(hns, wanted, 2, NOWHERE)
        assert refusal.value.hr is Hr.E_INVALIDARG


def test_an_unknown_endpoint_is_told_apart_from_an_unknown_host(
    hns: Hns, database: Database
) -> None:
    missing = refused(hns, lambda: endpoints.get_endpoint_document(hns, NOWHERE))
    assert missing.hr is Hr.HCN_E_ENDPOINT_NOT_FOUND
    nobody = Hns(database, "nobody", SeededSource())
    lost = refused(nobody, lambda: endpoints.get_endpoint_document(nobody, NOWHERE))
    assert lost.hr is Hr.E_ELEMENT_NOT_FOUND
    assert "nobody" in lost.detail


def test_an_endpoint_of_another_host_is_not_found(hns: Hns, database: Database) -> None:
    made = create(hns, nat(hns))
    other = pods.host_of(database, "ws2022")
    assert made.id not in endpoints.list_endpoint_ids(other, EVERYTHING)
    refusal = refused(other, lambda: endpoints.get_endpoint(other, made.id))
    assert refusal.hr is Hr.HCN_E_ENDPOINT_NOT_FOUND


def test_deleting_twice_is_refused_the_second_time(hns: Hns) -> None:
    made = create(hns, nat(hns))
    endpoints.delete_endpoint(hns, made.id)
    refusal = refused(hns, lambda: endpoints.delete_endpoint(hns, made.id))
    assert refusal.hr is Hr.HCN_E_ENDPOINT_NOT_FOUND


def test_many_endpoints_come_with_all_their_parts(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/16")
    policy = {"Type": "ACL", "Settings": {"Action": "Block", "Priority": 100}}
    made = [create(hns, network, asked(Policies=[policy])) for _ in range(501)]
    listed = endpoints.list_endpoints(hns, EVERYTHING)
    assert [each.id for each in listed] == [each.id for each in made]
    assert all(each.port is not None and len(each.policies) == 1 for each in listed)
    check_answers(hns)


def test_endpoints_go_with_their_network(hns: Hns) -> None:
    network = pods.overlay(hns)
    pods.pod(hns, network)
    networks.delete_network(hns, network.id)
    assert endpoints.list_endpoint_ids(hns, EVERYTHING) == []


def test_counters_of_an_endpoint_start_at_zero(hns: Hns) -> None:
    made = create(hns, nat(hns))
    assert made.port is not None
    stats = endpoints.endpoint_stats(hns, made.id)
    assert (stats.endpoint_id, stats.instance_id) == (made.id, made.port.nic_id)
    assert (stats.traffic.bytes_sent, stats.traffic.packets_received) == (0, 0)
