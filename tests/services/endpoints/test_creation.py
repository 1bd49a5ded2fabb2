"""A new endpoint: what it gets from its network and host, and what refuses it."""

import ipaddress
import json

import pytest

from hnsemu.domain.endpoints import EndpointState
from hnsemu.domain.facts import Route
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.bodies import read
from hnsemu.schema.v2.endpoints import HostComputeEndpoint
from hnsemu.schema.v2.namespaces import HostComputeNamespace
from hnsemu.services import endpoints, namespaces, networks
from hnsemu.storage.transaction import Hns
from tests.services import pods
from tests.services.vnics import (
    asked,
    at,
    bridge,
    check_answers,
    create,
    nat,
    private,
    refusal_of,
    refused,
)
from tests.services.wires import make, subnet

NOWHERE = "11111111-1111-1111-1111-111111111111"


def test_an_endpoint_on_nat_gets_all_it_needs(hns: Hns) -> None:
    made = create(hns, nat(hns))
    (configuration,) = made.ip_configurations
    assert ipaddress.ip_address(configuration.ip_address) in ipaddress.ip_network("172.16.0.0/16")
    assert configuration.prefix_length == 16
    assert made.name == "Ethernet"
    assert made.mac_address.startswith("00-15-5D-")
    assert made.routes == (Route("172.16.0.1", "0.0.0.0/0"),)
    assert (made.dns.search, made.dns.server_list) == (("example.internal",), ("168.63.129.16",))
    assert (made.state, made.encap_overhead) == (EndpointState.CREATED, 0)
    assert made.port is not None
    assert (made.port.connected, made.port.mac) == (False, made.mac_address)
    assert endpoints.get_endpoint(hns, made.id).ip_configurations == made.ip_configurations


def test_what_was_made_is_what_is_found(hns: Hns) -> None:
    policy = {"Type": "ACL", "Settings": {"Action": "Block", "Priority": 100}}
    wanted = asked(Name="web", Owner="me", Policies=[policy], Dns={"Domain": "d"}, Flags=2)
    made = create(hns, bridge(hns).id, wanted)
    found = endpoints.get_endpoint(hns, made.id)
    assert found.port is not None
    assert made.port is not None
    assert (found.port.port_id, found.port.nic_id) == (made.port.port_id, made.port.nic_id)
    for name in ("name", "owner", "policies", "dns", "routes", "flags", "mac_address", "created"):
        assert getattr(found, name) == getattr(made, name)
    check_answers(hns)


def test_the_answer_of_the_creation_is_the_one_kept(hns: Hns) -> None:
    made_id, text = endpoints.create_endpoint_document(hns, nat(hns), asked(Name="a"))
    assert endpoints.get_endpoint_document(hns, made_id) == text
    assert json.loads(text)["ID"] == made_id


def test_a_gateway_that_may_be_given_out_is_still_the_gateway(hns: Hns) -> None:
    network = bridge(hns, subnet("10.1.0.0/30", "10.1.0.1", Flags=1)).id
    made = [create(hns, network) for _ in range(2)]
    taken = {each.ip_configurations[0].ip_address for each in made}
    assert taken == {"10.1.0.1", "10.1.0.2"}
    assert {each.routes for each in made} == {(Route("10.1.0.1", "0.0.0.0/0"),)}


def test_a_remote_endpoint_keeps_the_routes_it_brings(hns: Hns) -> None:
    route = {"NextHop": "10.0.0.9", "DestinationPrefix": "10.0.0.0/8"}
    made = create(hns, pods.overlay(hns).id, at("10.96.0.1", Flags=1, Routes=[route]))
    assert made.routes == (Route("10.0.0.9", "10.0.0.0/8"),)


@pytest.mark.parametrize("kind", ["L2Bridge", "L2Tunnel"])
def test_remote_endpoints_of_l2_networks_get_the_driver_policy(hns: Hns, kind: str) -> None:
    network = make(hns, kind, subnet("10.244.1.0/24", "10.244.1.1")).id
    far = create(hns, network, at("10.244.2.5", Flags=1))
    assert [each.type for each in far.policies] == ["L2Driver"]
    assert create(hns, network).policies == ()
    sent = at("10.244.2.6", Flags=1, Policies=[{"Type": "L2Driver"}])
    assert [each.type for each in create(hns, network, sent).policies] == ["L2Driver"]


def test_an_unknown_network_is_refused(hns: Hns) -> None:
    assert refusal_of(hns, NOWHERE, asked()) is Hr.HCN_E_NETWORK_NOT_FOUND
    assert refusal_of(hns, None, asked()) is Hr.HCN_E_NETWORK_NOT_FOUND
    assert refusal_of(hns, None, asked(HostComputeNetwork=NOWHERE)) is Hr.HCN_E_NETWORK_NOT_FOUND


def test_a_network_is_named_by_id_or_by_name(hns: Hns) -> None:
    network = nat(hns)
    by_member = endpoints.create_endpoint(hns, None, asked(HostComputeNetwork=network.upper()))
    by_name = endpoints.create_endpoint(hns, None, asked(), "nat")
    assert by_member.network_id == by_name.network_id == network
    missing = refused(hns, lambda: endpoints.create_endpoint(hns, None, asked(), "NAT"))
    assert missing.hr is Hr.HCN_E_NETWORK_NOT_FOUND


def test_an_id_is_honoured_and_not_given_twice(hns: Hns) -> None:
    wanted = asked(ID="{1A2B3C4D-0002-4000-8000-00000000B001}")
    made = create(hns, nat(hns), wanted)
    assert made.id == "1a2b3c4d-0002-4000-8000-00000000b001"
    assert refusal_of(hns, nat(hns), wanted) is Hr.E_OBJECT_ALREADY_EXISTS
    assert create(hns, nat(hns), asked(ID="0" * 8 + "-0000-0000-0000-" + "0" * 12)).id != made.id


def test_names_may_repeat(hns: Hns) -> None:
    assert create(hns, nat(hns)).name == create(hns, nat(hns)).name


def test_settings_come_back_byte_for_byte(hns: Hns) -> None:
    text = '{ "Exceptions":["10.0.0.0/8"],\t"Unknown" : 1.50 }'
    body = read(
        b'{"SchemaVersion":{"Major":2},"Policies":[{"Type":"OutBoundNAT","Settings":'
        + text.encode()
        + b"}]}"
    )
    made = create(hns, nat(hns), parse(HostComputeEndpoint, body))
    assert text in endpoints.get_endpoint_document(hns, made.id)


def test_an_answer_may_be_sent_back_as_a_creation(hns: Hns) -> None:
    network = bridge(hns)
    policy = {"Type": "OutBoundNAT", "Settings": {"Exceptions": ["10.0.0.0/8"]}}
    first = create(hns, network.id, asked(Policies=[policy]))
    text = endpoints.get_endpoint_document(hns, first.id)
    endpoints.delete_endpoint(hns, first.id)
    again = create(hns, network.id, parse(HostComputeEndpoint, read(text.encode())))
    for name in ("id", "name", "mac_address", "ip_configurations", "routes", "policies"):
        assert getattr(again, name) == getattr(first, name)


def test_an_endpoint_may_be_made_inside_a_namespace(hns: Hns) -> None:
    namespace = namespaces.create_namespace(hns, parse(HostComputeNamespace, {}))
    made = create(hns, bridge(hns).id, asked(HostComputeNamespace=namespace.id))
    assert (made.namespace_id, made.state) == (namespace.id, EndpointState.ATTACHED)
    assert namespaces.get_namespace(hns, namespace.id).endpoint_ids == (made.id,)
    check_answers(hns)


@pytest.mark.parametrize(
    ("wanted", "hr"),
    [
        pytest.param({}, Hr.E_ELEMENT_NOT_FOUND, id="unknown"),
        pytest.param(
            {"Flags": 1, "IpConfigurations": [{"IpAddress": "10.9.9.9"}], "known": True},
            Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION,
            id="remote",
        ),
        pytest.param(
            {
                "Policies": [{"Type": "SDNRoute", "Settings": {"DestinationPrefix": "x"}}],
                "known": True,
            },
            Hr.HCN_E_NAMESPACE_ATTACH_FAILED,
            id="with a broken policy",
        ),
    ],
)
def test_a_namespace_that_cannot_be_joined_leaves_no_endpoint(
    hns: Hns, wanted: dict[str, object], hr: Hr
) -> None:
    namespace = namespaces.create_namespace(hns, parse(HostComputeNamespace, {}))
    known = wanted.get("known")
    target = asked(HostComputeNamespace=namespace.id if known else NOWHERE, **wanted)
    assert refusal_of(hns, pods.overlay(hns).id, target) is hr


def test_counters_of_the_network_follow(hns: Hns) -> None:
    network = private(hns, "10.0.0.0/24")
    made = [create(hns, network) for _ in range(3)]
    endpoints.delete_endpoint(hns, made[0].id)
    create(hns, network)
    counted = networks.get_network(hns, network)
    assert (counted.current_endpoints, counted.max_endpoints, counted.total_endpoints) == (3, 3, 4)


@pytest.mark.parametrize("gateway", ["10.9.0.1", "fd00::1"])
def test_a_gateway_outside_every_subnet_is_refused(hns: Hns, gateway: str) -> None:
    network = bridge(hns)
    prefix = "::/0" if ":" in gateway else "0.0.0.0/0"
    wanted = asked(Routes=[{"NextHop": gateway, "DestinationPrefix": prefix}])
    with pytest.raises(HnsError) as refusal:
        create(hns, network.id, wanted)
    assert refusal.value.hr is Hr.HCN_E_INVALID_IP
    assert gateway in refusal.value.detail


def test_a_gateway_that_is_no_address_is_refused(hns: Hns) -> None:
    wanted = asked(Routes=[{"NextHop": "10.244.1", "DestinationPrefix": "0.0.0.0/0"}])
    with pytest.raises(HnsError) as refusal:
        create(hns, bridge(hns).id, wanted)
    assert refusal.value.hr is Hr.HCN_E_INVALID_IP
    assert "'10.244.1' is no IP address" in refusal.value.detail


def test_a_link_local_gateway_is_taken(hns: Hns) -> None:
    route = {"NextHop": "fe80::1234:5678:9abc", "DestinationPrefix": "::/0"}
    made = create(hns, bridge(hns).id, asked(Routes=[route]))
    assert Route("fe80::1234:5678:9abc", "::/0") in made.routes
