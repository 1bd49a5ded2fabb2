"""Endpoints: addresses, MACs, ports, names and DNS come from the network and the host."""

import ipaddress
import json

import orjson
import pytest
from sqlalchemy import select

from app.domain.attachments import Attachment, SystemType
from app.domain.endpoints import Endpoint, EndpointState
from app.domain.releases import RELEASES
from app.errors import HnsError, Hr
from app.schema.base import parse, read
from app.schema.v2.endpoints import HostComputeEndpoint
from app.schema.v2.networks import HostComputeNetwork
from app.schema.v2.query import EVERYTHING, read_query
from app.schema.v2.render_endpoints import endpoint_document
from app.services import endpoint_attach, endpoint_modify, endpoints, networks
from app.storage.engine import Database, Hns
from app.storage.tables import metadata
from tests.racing import racing
from tests.services import pods

_V2 = {"Major": 2, "Minor": 0}


def asked(**members: object) -> HostComputeEndpoint:
    """Return an endpoint document."""
    return parse(HostComputeEndpoint, {**members, "SchemaVersion": _V2})


def private(hns: Hns, prefix: str, **members: object) -> str:
    """Make a network whose only content is a pool; return its id."""
    document = {
        "Name": prefix,
        "Type": "Private",
        "Ipams": [{"Subnets": [{"IpAddressPrefix": prefix}]}],
        "SchemaVersion": _V2,
        **members,
    }
    return networks.create_network(hns, parse(HostComputeNetwork, document)).id


def nat(hns: Hns) -> str:
    """Return the id of the network a fresh host has."""
    return networks.list_networks(hns, read_query('{"Name": "nat"}'))[0].id


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    with database.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }


def rendered_anew(hns: Hns) -> list[str]:
    """Return the answers of all endpoints, rendered from what is stored of them."""
    release = RELEASES["ws2025"]
    every = endpoints.list_endpoints(hns, EVERYTHING)
    return [orjson.dumps(endpoint_document(each, release)).decode() for each in every]


def refusal_of(hns: Hns, network_id: str | None, document: HostComputeEndpoint) -> Hr:
    """Return what creating `document` is refused with; nothing may be left behind."""
    before = everything(hns.database)
    with pytest.raises(HnsError) as refusal:
        endpoints.create_endpoint(hns, network_id, document)
    assert everything(hns.database) == before
    return refusal.value.hr


def test_an_endpoint_on_nat_gets_all_it_needs(hns: Hns) -> None:
    made = endpoints.create_endpoint(hns, nat(hns), asked())
    address = ipaddress.ip_address(made.ip_configurations[0].ip_address)
    assert address in ipaddress.ip_network("172.16.0.0/16")
    assert made.ip_configurations[0].prefix_length == 16
    assert made.name == "Ethernet"
    assert made.mac_address.startswith("00-15-5D-")
    assert made.routes[0].next_hop == "172.16.0.1"
    assert made.dns.server_list == ("168.63.129.16",)
    assert made.state is EndpointState.CREATED
    assert made.port is not None


def test_internal_dns_puts_the_gateway_first(hns: Hns) -> None:
    made = endpoints.create_endpoint(hns, nat(hns), asked(Flags=16))
    assert made.dns.server_list == ("172.16.0.1", "168.63.129.16")


def test_every_address_of_a_pool_is_given_once_and_reused_oldest_first(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/29")
    made = [endpoints.create_endpoint(hns, network, asked()) for _ in range(6)]
    given = [each.ip_configurations[0].ip_address for each in made]
    assert sorted(given) == [f"10.0.0.{n}" for n in range(1, 7)]
    assert refusal_of(hns, network, asked()) is Hr.HCN_E_ADDR_INVALID_OR_RESERVED
    endpoints.delete_endpoint(hns, made[3].id)
    endpoints.delete_endpoint(hns, made[1].id)
    again = endpoints.create_endpoint(hns, network, asked())
    assert again.ip_configurations[0].ip_address == given[3]


def test_a_static_address_is_not_drawn_again(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/29")
    endpoints.create_endpoint(hns, network, asked(IpConfigurations=[{"IpAddress": "10.0.0.4"}]))
    drawn = [endpoints.create_endpoint(hns, network, asked()) for _ in range(5)]
    addresses = {each.ip_configurations[0].ip_address for each in drawn}
    assert addresses == {f"10.0.0.{n}" for n in (1, 2, 3, 5, 6)}


@pytest.mark.parametrize(
    ("document", "hr"),
    [
        pytest.param(
            asked(IpConfigurations=[{"IpAddress": "10.1.0.4"}]), Hr.HCN_E_INVALID_IP, id="outside"
        ),
        pytest.param(
            asked(IpConfigurations=[{"IpAddress": "10.0.0.7"}]),
            Hr.HCN_E_ADDR_INVALID_OR_RESERVED,
            id="broadcast",
        ),
        pytest.param(
            asked(IpConfigurations=[{"IpAddress": "ten"}]), Hr.HCN_E_INVALID_IP, id="no address"
        ),
        pytest.param(
            asked(IpConfigurations=[{"IpAddress": "10.0.0.4", "PrefixLength": 33}]),
            Hr.HCN_E_INVALID_IP,
            id="prefix too long",
        ),
        pytest.param(
            asked(IpConfigurations=[{"IpAddress": "10.0.0.4"}, {"IpAddress": "10.0.0.4"}]),
            Hr.E_OBJECT_ALREADY_EXISTS,
            id="the same twice",
        ),
        pytest.param(
            asked(IpConfigurations=[{"IpSubnetId": "11111111-1111-1111-1111-111111111111"}]),
            Hr.HCN_E_SUBNET_NOT_FOUND,
            id="unknown IP subnet",
        ),
        pytest.param(asked(MacAddress="nonsense"), Hr.HCN_E_INVALID_ENDPOINT, id="no MAC"),
        pytest.param(asked(Flags=1), Hr.HCN_E_INVALID_ENDPOINT, id="remote without address"),
        pytest.param(
            asked(
                Policies=[{"Type": "PortMapping", "Settings": {"Protocol": 6, "InternalPort": 80}}]
            ),
            Hr.HCN_E_MAPPING_NOT_SUPPORTED,
            id="published on a private network",
        ),
        pytest.param(
            asked(Policies=[{"Type": "Encryption", "Settings": {}}]),
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            id="IPsec",
        ),
        pytest.param(
            asked(Policies=[{"Type": "ACL", "Settings": {"LocalAddresses": "Any"}}]),
            Hr.HCN_E_INVALID_POLICY,
            id="the word Any",
        ),
        pytest.param(
            asked(Policies=[{"Type": "ACL", "Settings": {"Priority": 70000}}]),
            Hr.HCN_E_INVALID_POLICY,
            id="priority out of range",
        ),
    ],
)
def test_a_refused_endpoint_leaves_nothing_behind(
    hns: Hns, document: HostComputeEndpoint, hr: Hr
) -> None:
    network = private(hns, "10.0.0.0/29")
    assert refusal_of(hns, network, document) is hr


def test_an_address_in_use_is_refused(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/29")
    wish = asked(IpConfigurations=[{"IpAddress": "10.0.0.4"}])
    endpoints.create_endpoint(hns, network, wish)
    assert refusal_of(hns, network, wish) is Hr.E_OBJECT_ALREADY_EXISTS


def test_a_remote_endpoint_may_share_the_address_of_a_local_one(hns: Hns) -> None:
    network = pods.overlay(hns)
    local = pods.pod(hns, network)
    address = local.ip_configurations[0].ip_address
    far = pods.remote(hns, network, address)
    assert far.port is None
    assert far.mac_address == "02-11-c0-a8-65-05"
    with pytest.raises(HnsError) as refusal:
        pods.remote(hns, network, address)
    assert refusal.value.hr is Hr.E_OBJECT_ALREADY_EXISTS


def test_a_mac_in_use_is_refused_and_remote_ones_repeat(hns: Hns) -> None:
    network = pods.overlay(hns)
    mac = "00:15:5d:01:02:03"
    assert endpoints.create_endpoint(hns, network.id, asked(MacAddress=mac)).mac_address == mac
    assert refusal_of(hns, network.id, asked(MacAddress=mac.upper())) is Hr.E_OBJECT_ALREADY_EXISTS
    for address in ("10.96.0.1", "10.96.0.2"):
        endpoints.create_endpoint(
            hns,
            network.id,
            asked(MacAddress=mac, Flags=1, IpConfigurations=[{"IpAddress": address}]),
        )


def test_an_unknown_network_is_refused(hns: Hns) -> None:
    unknown = "11111111-1111-1111-1111-111111111111"
    assert refusal_of(hns, unknown, asked()) is Hr.HCN_E_NETWORK_NOT_FOUND
    assert refusal_of(hns, None, asked()) is Hr.HCN_E_NETWORK_NOT_FOUND


def test_an_id_is_honoured_and_not_given_twice(hns: Hns) -> None:
    document = asked(ID="{1A2B3C4D-0002-4000-8000-00000000B001}")
    made = endpoints.create_endpoint(hns, nat(hns), document)
    assert made.id == "1a2b3c4d-0002-4000-8000-00000000b001"
    assert refusal_of(hns, nat(hns), document) is Hr.E_OBJECT_ALREADY_EXISTS


def test_published_ports_are_unique_on_the_host_and_freed_with_their_endpoint(hns: Hns) -> None:
    policy = {
        "Type": "PortMapping",
        "Settings": {"Protocol": 6, "InternalPort": 80, "ExternalPort": 8080},
    }
    first = endpoints.create_endpoint(hns, nat(hns), asked(Policies=[policy]))
    document = asked(Policies=[policy])
    assert refusal_of(hns, nat(hns), document) is Hr.HCN_E_PORT_ALREADY_EXISTS
    endpoints.delete_endpoint(hns, first.id)
    endpoints.create_endpoint(hns, nat(hns), document)


def test_hns_chooses_an_external_port_and_shows_it(hns: Hns) -> None:
    policy = {"Type": "PortMapping", "Settings": {"Protocol": 17, "InternalPort": 53}}
    made = endpoints.create_endpoint(hns, nat(hns), asked(Policies=[policy, policy]))
    ports = [json.loads(each.settings)["ExternalPort"] for each in made.policies]
    assert len(set(ports)) == 2
    assert all(49152 <= port <= 65535 for port in ports)


def test_settings_come_back_byte_for_byte(hns: Hns) -> None:
    text = '{ "Exceptions":["10.0.0.0/8"],\t"Unknown" : 1.50 }'
    document = read(
        b'{"SchemaVersion":{"Major":2},"Policies":[{"Type":"OutBoundNAT","Settings":'
        + text.encode()
        + b"}]}"
    )
    made = endpoints.create_endpoint(hns, nat(hns), parse(HostComputeEndpoint, document))
    assert text in endpoints.get_endpoint_document(hns, made.id)


def test_deleting_twice_is_refused_the_second_time(hns: Hns) -> None:
    made = endpoints.create_endpoint(hns, nat(hns), asked())
    endpoints.delete_endpoint(hns, made.id)
    with pytest.raises(HnsError) as refusal:
        endpoints.delete_endpoint(hns, made.id)
    assert refusal.value.hr is Hr.HCN_E_ENDPOINT_NOT_FOUND


def test_counters_of_the_network_follow(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/24")
    made = [endpoints.create_endpoint(hns, network, asked()) for _ in range(3)]
    endpoints.delete_endpoint(hns, made[0].id)
    endpoints.create_endpoint(hns, network, asked())
    counted = networks.get_network(hns, network)
    assert (counted.current_endpoints, counted.max_endpoints, counted.total_endpoints) == (3, 3, 4)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('{"Name": "a"}', ["a"]),
        ('{"State": 1}', ["a", "b"]),
        ('{"State": "2"}', []),
        ('{"MacAddress": "0A-00-00-00-00-01"}', ["b"]),
        ('{"Name": "a", "IsRemoteEndpoint": false}', ["a"]),
        ('{"ID": ""}', []),
        ('{"Colour": "red"}', []),
    ],
)
def test_lists_are_filtered_in_the_database_or_outside(
    hns: Hns, query: str, found: list[str]
) -> None:
    endpoints.create_endpoint(hns, nat(hns), asked(Name="a"))
    endpoints.create_endpoint(hns, nat(hns), asked(Name="b", MacAddress="0A-00-00-00-00-01"))
    wanted = read_query(query)
    listed = endpoints.list_endpoints(hns, wanted)
    assert [each.name for each in listed] == found
    texts = endpoints.list_endpoint_documents(hns, wanted)
    assert [json.loads(text)["ID"] for text in texts] == [each.id for each in listed]
    assert endpoints.list_endpoint_ids(hns, wanted) == [each.id for each in listed]


def test_lists_are_paged(hns: Hns) -> None:
    ids = [endpoints.create_endpoint(hns, nat(hns), asked()).id for _ in range(5)]
    first = endpoints.list_endpoint_ids(hns, EVERYTHING, 2)
    rest = endpoints.list_endpoint_ids(hns, EVERYTHING, None, first[-1])
    assert first + rest == ids
    with pytest.raises(HnsError) as refusal:
        endpoints.list_endpoint_ids(hns, EVERYTHING, 2, "11111111-1111-1111-1111-111111111111")
    assert refusal.value.hr is Hr.E_INVALIDARG


def test_stored_answers_are_what_rendering_anew_gives(hns: Hns) -> None:
    network = pods.overlay(hns)
    plain = pods.pod(hns, network)
    pods.remote(hns, network)
    policy = {"Type": "ACL", "Settings": {"Action": "Block", "Priority": 100}}
    changed = pods.pod(hns, network, policy)
    endpoint_attach.attach_endpoint(hns, plain.id, Attachment(SystemType.CONTAINER, "c1"))
    endpoint_attach.attach_endpoint(hns, plain.id, Attachment(SystemType.CONTAINER, "c2"))
    endpoint_attach.detach_endpoint(hns, plain.id, "c1")
    endpoint_attach.attach_endpoint(hns, changed.id, Attachment(SystemType.HOST))
    assert endpoints.list_endpoint_documents(hns, EVERYTHING) == rendered_anew(hns)


def test_a_broken_policy_degrades_the_endpoint_at_attach(hns: Hns) -> None:
    policy = {"Type": "SDNRoute", "Settings": {"DestinationPrefix": "nonsense"}}
    made = pods.pod(hns, pods.overlay(hns), policy)
    host = Attachment(SystemType.HOST)
    with pytest.raises(HnsError) as refusal:
        endpoint_attach.attach_endpoint(hns, made.id, host)
    assert refusal.value.hr is Hr.HCN_E_NAMESPACE_ATTACH_FAILED
    assert endpoints.get_endpoint(hns, made.id).state is EndpointState.DEGRADED
    with pytest.raises(HnsError) as again:
        endpoint_attach.attach_endpoint(hns, made.id, host)
    assert again.value.hr is Hr.HCN_E_DEGRADED_OPERATION


def test_counters_of_an_endpoint_start_at_zero(hns: Hns) -> None:
    made = endpoints.create_endpoint(hns, nat(hns), asked())
    stats = endpoint_modify.endpoint_stats(hns, made.id)
    assert (stats.endpoint_id, stats.bytes_sent, stats.packets_received) == (made.id, 0, 0)


def test_racing_clients_get_no_address_mac_or_port_twice(hns: Hns) -> None:
    policy = {"Type": "PortMapping", "Settings": {"Protocol": 6, "InternalPort": 80}}
    network = nat(hns)

    def create(_racer: int) -> list[tuple[str, str, int]]:
        made = [endpoints.create_endpoint(hns, network, asked(Policies=[policy])) for _ in range(4)]
        return [
            (
                each.ip_configurations[0].ip_address,
                each.mac_address,
                json.loads(each.policies[0].settings)["ExternalPort"],
            )
            for each in made
        ]

    results = [each for several in racing(create, 32) for each in several]  # type: ignore[attr-defined]
    assert len(results) == 128
    for column in zip(*results, strict=True):
        assert len(set(column)) == 128


def test_racing_for_a_small_pool_exhausts_it_exactly(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/28")

    def create(_racer: int) -> str:
        made = endpoints.create_endpoint(hns, network, asked())
        return made.ip_configurations[0].ip_address

    results = racing(create, 32)
    given = [each for each in results if isinstance(each, str)]
    refused = [each for each in results if not isinstance(each, str)]
    assert sorted(given) == sorted(f"10.0.0.{n}" for n in range(1, 15))
    assert refused == [Hr.HCN_E_ADDR_INVALID_OR_RESERVED] * 18


def test_racing_for_one_address_one_wins(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/24")
    wish = asked(IpConfigurations=[{"IpAddress": "10.0.0.9"}])
    results = racing(lambda _racer: endpoints.create_endpoint(hns, network, wish), 16)
    assert results.count(Hr.E_OBJECT_ALREADY_EXISTS) == 15
    assert sum(isinstance(each, Endpoint) for each in results) == 1
