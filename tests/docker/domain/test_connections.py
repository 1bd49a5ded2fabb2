"""Containers on networks. Source: docker.md sections 0, 4 and 5; dockerd 28.5.2 [O]."""

from typing import Any

import pytest

from hnsemu.docker.domain.connections import (
    check_settings,
    endpoint_document,
    endpoint_policies,
    named,
    new_connections,
    prefix_length,
    published_ports,
    unplugged,
)
from hnsemu.docker.domain.containers import DockerEndpoint
from hnsemu.docker.domain.networks import Ipam, Pool
from hnsemu.docker.domain.ports import Port, Published
from hnsemu.docker.errors import DockerError
from tests.docker.domain.containers import ID, container, nat

SHIM = "com.docker.network.windowsshim."


def endpoint(**settings: Any) -> DockerEndpoint:
    return DockerEndpoint("front", settings)


def test_without_settings_a_container_joins_the_network_of_its_mode() -> None:
    assert new_connections("front", "", {}) == {"front": {}}


def test_the_network_called_default_is_nat() -> None:
    assert new_connections("nat", "", {"default": {"Aliases": ["a"]}}) == {
        "nat": {"Aliases": ["a"]}
    }


def test_the_mac_address_of_the_container_is_that_on_the_network_of_its_mode() -> None:
    assert new_connections("nat", "02:42:ac:10:00:02", {"front": {}}) == {
        "front": {},
        "nat": {"MacAddress": "02:42:ac:10:00:02"},
    }


def refusal_of(settings: dict[str, Any], network: object = nat()) -> str:
    with pytest.raises(DockerError) as refusal:
        check_settings("front", settings, network)  # type: ignore[arg-type]
    assert refusal.value.status == 400
    return refusal.value.message.removeprefix("invalid config for network front: ")


def test_a_mac_address_must_be_one() -> None:
    assert refusal_of({"MacAddress": "x"}, None) == "invalid MAC address x"


def test_an_address_must_be_in_a_subnet() -> None:
    assert refusal_of({"IPAMConfig": {"IPv4Address": "10.1.1.1"}}) == (
        "invalid endpoint settings:\n"
        "no configured subnet or ip-range contain the IP address 10.1.1.1"
    )


def test_an_ipv6_address_is_refused_where_there_is_no_ipv6_subnet() -> None:
    assert refusal_of({"IPAMConfig": {"IPv6Address": "fd00::5"}}).endswith(
        "user specified IP address is supported only when connecting to networks with user "
        "configured subnets"
    )


def test_several_faults_are_listed() -> None:
    ipam = {"IPv4Address": "x", "IPv6Address": "10.0.0.1"}
    assert refusal_of({"IPAMConfig": ipam}) == (
        "invalid endpoint settings:\n* invalid IPv4 address: x\n* invalid IPv6 address: 10.0.0.1"
    )


@pytest.mark.parametrize(
    "network",
    [nat(), None, nat(ipam=Ipam("windows", None, (Pool("172.19.0.0/20"),), is_automatic=True))],
)
def test_an_address_is_taken_where_it_may_be(network: object) -> None:
    address = "10.77.0.5" if network == nat() else "192.0.2.1"
    check_settings("front", {"IPAMConfig": {"IPv4Address": address}}, network)  # type: ignore[arg-type]


def test_the_document_has_the_members_of_dockerd_in_its_order() -> None:
    network, web = nat(), container(host={"Dns": ["1.1.1.1", "8.8.4.4"]})
    settings = {"MacAddress": "02:42:0a:4d:00:09", "IPAMConfig": {"IPv4Address": "10.77.0.9"}}
    policy = {"Type": "NAT"}
    document = endpoint_document(network, web, endpoint(**settings), [policy])
    assert list(document.items()) == [
        ("VirtualNetwork", "guid"),
        ("Policies", [policy]),
        ("MacAddress", "02-42-0a-4d-00-09"),
        ("IPAddress", "10.77.0.9"),
        ("DNSServerList", "1.1.1.1,8.8.4.4"),
        ("EnableInternalDNS", True),
    ]


def test_an_internal_network_gets_no_name_servers() -> None:
    web = container(host={"Dns": ["1.1.1.1"]})
    document = endpoint_document(nat(internal=True), web, endpoint(), [])
    assert document == {"VirtualNetwork": "guid", "EnableInternalDNS": True}


def test_the_gateway_answers_names_unless_the_network_says_no() -> None:
    network = nat(options={f"{SHIM}disable_gatewaydns": "true"})
    assert endpoint_document(network, container(), endpoint(), []) == {"VirtualNetwork": "guid"}


@pytest.mark.parametrize(
    "option",
    [f"{SHIM}disable_dns", f"{SHIM}disableicc", "com.docker.endpoint.windowsshim.qospolicies"],
)
def test_options_that_are_no_texts_in_dockerd_are_refused(option: str) -> None:
    with pytest.raises(DockerError) as refusal:
        endpoint_document(nat(), container(), endpoint(DriverOpts={option: "true"}), [])
    assert (refusal.value.status, refusal.value.message) == (500, "Invalid endpoint configuration")


def test_source_nat_follows_what_is_published() -> None:
    options = {
        f"{SHIM}enable_outboundnat": "true",
        f"{SHIM}outboundnat_exceptions": "10.0.0.0/8,172.16.0.0/12",
    }
    assert endpoint_policies(nat(options=options), [{"Type": "NAT"}]) == [
        {"Type": "NAT"},
        {"Type": "OutBoundNAT", "ExceptionList": ["10.0.0.0/8", "172.16.0.0/12"]},
    ]


@pytest.mark.parametrize(
    ("address", "length"),
    [("10.77.0.9", 8), ("172.16.0.2", 16), ("192.168.1.2", 24), ("", 0)],
)
def test_a_dynamic_address_has_the_prefix_of_its_class(address: str, length: int) -> None:
    assert prefix_length(address, endpoint(), nat()) == length


def test_an_address_that_was_wanted_has_the_prefix_of_its_pool() -> None:
    wanted = endpoint(IPAMConfig={"IPv4Address": "10.77.0.9"})
    assert prefix_length("10.77.0.9", wanted, nat()) == 24
    automatic = nat(ipam=Ipam("windows", None, (Pool("10.77.0.0/24"),), is_automatic=True))
    assert prefix_length("10.77.0.9", wanted, automatic) == 0


def test_what_hns_answers_is_what_is_published() -> None:
    policies: list[dict[str, Any]] = [
        {"Type": "NAT", "Protocol": "TCP", "InternalPort": 80, "ExternalPort": 8080},
        {"Type": "OutBoundNAT"},
    ]
    assert published_ports(policies) == (Published(Port(80, "tcp"), 8080),)


def test_names_and_what_the_client_said_outlive_an_endpoint() -> None:
    plugged = named(container(), DockerEndpoint("front", {"Aliases": ["db"]}, "n", "e", "h", "mac"))
    assert plugged.dns_names == ("web", "db", ID[:12])
    assert unplugged(plugged) == DockerEndpoint(
        "front", {"Aliases": ["db"]}, network_id="n", dns_names=("web", "db", ID[:12])
    )
