"""What becomes of a request for a network."""

from dataclasses import replace
from typing import Any

import pytest

from hnsemu.docker.domain.daemons import daemon_of
from hnsemu.docker.domain.network_creation import (
    NetworkRequest,
    NewNetwork,
    answered,
    decide_creation,
)
from hnsemu.docker.domain.networks import HNS_ID, DockerNetwork, Ipam, Pool
from hnsemu.docker.errors import DockerError
from hnsemu.domain.releases import RELEASES

ID = "a" * 64
CONF = DockerNetwork(
    "c" * 64,
    "conf",
    "null",
    config_only=True,
    ipam=Ipam("windows", {"o": "p"}, (Pool("10.3.0.0/24", gateway="10.3.0.9"),)),
    options={"k": "v"},
    labels={"a": "b"},
)
KNOWN = {"conf": CONF, "taken": DockerNetwork("d" * 64, "taken", "nat")}


def decide(release: str = "ws2025", **request: Any) -> NewNetwork:
    daemon = daemon_of(RELEASES[release])
    return decide_creation(NetworkRequest(**{"name": "new", **request}), KNOWN, daemon, ID, 5)


@pytest.mark.parametrize(
    ("request_", "status", "text"),
    [
        ({"name": "nat"}, 403, "operation is not permitted on predefined nat network "),
        ({"name": "container:x"}, 403, "predefined container:x network "),
        ({"name": ""}, 400, "invalid name: name is empty"),
        ({"name": "x" * 256}, 400, "invalid name: it is longer than 255 characters"),
        ({"name": "taken"}, 409, "network with name taken already exists"),
        ({"name": "taken", "driver": "overlay"}, 403, "This node is not a swarm manager."),
        ({"driver": "bridge"}, 404, "could not find plugin bridge in v1 plugin registry"),
        ({"driver": "null"}, 403, 'only one instance of "null" network is allowed'),
        ({"ingress": True}, 403, "Ingress network can only be global scope network"),
        ({"scope": "swarm"}, 403, "cannot create a swarm scoped network"),
        ({"ipv4": False}, 400, "IPv4 cannot be disabled on Windows"),
        ({"options": {"com.docker.network.enable_ipv4": "0"}}, 400, "IPv4 cannot be disabled"),
        (
            {"options": {"com.docker.network.enable_ipv6": "x"}},
            400,
            'driver-opt "com.docker.network.enable_ipv6" is not a valid bool',
        ),
        ({"ipv6": True}, 500, "this request is not supported by the 'windows' ipam driver"),
        ({"ipv6": True, "ipam_driver": "null"}, 403, "driver doesn't support v6 subnets"),
        ({"pools": (Pool("10.9.0.5/16"),)}, 400, "it should be 10.9.0.0/16"),
        ({"pools": (Pool("10.9.0.0/16", "10.9.1.0/24"),)}, 500, "'windows' ipam driver"),
        ({"ipam_driver": "bogus"}, 404, "could not find plugin bogus"),
        (
            {"ipam_driver": "null", "pools": (Pool("10.9.0.0/16"),)},
            400,
            "null ipam driver does not handle specific address pool requests",
        ),
        ({"config_only": True, "internal": True}, 403, "configuration network can only contain"),
        ({"config_only": True, "config_from": "conf"}, 403, "cannot depend on another"),
        ({"config_from": "nope"}, 404, 'configuration network "nope" does not exist'),
        ({"config_from": "taken"}, 404, 'configuration network "taken" does not exist'),
        ({"config_from": "conf", "labels": {"a": "b"}}, 403, "user specified configurations"),
        ({"config_from": "conf", "ipam_driver": "null"}, 403, "user specified configurations"),
        ({"config_from": "conf", "options": {"a": "b"}}, 403, "network driver options are not"),
    ],
)
def test_a_request_is_refused(request_: dict[str, Any], status: int, text: str) -> None:
    with pytest.raises(DockerError) as refusal:
        decide(**request_)
    assert refusal.value.status == status
    assert text in refusal.value.message


@pytest.mark.parametrize(
    ("request_", "subnets"),
    [
        ({}, (("0.0.0.0/0", ""),)),
        ({"pools": (Pool("10.9.0.0/16"),)}, (("10.9.0.0/16", ""),)),
        ({"pools": (Pool("10.9.0.0/16", gateway="10.9.0.1"),)}, (("10.9.0.0/16", "10.9.0.1"),)),
        ({"pools": (Pool("fd00::/64"),)}, (("0.0.0.0/0", ""),)),
        ({"config_from": "conf"}, (("10.3.0.0/24", "10.3.0.9"),)),
        ({"config_only": True}, None),
        ({"config_only": True, "driver": "bridge"}, None),
        ({"options": {HNS_ID: "X"}}, None),
    ],
)
def test_hns_is_asked_for_subnets(request_: dict[str, Any], subnets: object) -> None:
    assert decide(**request_).subnets == subnets


@pytest.mark.parametrize(
    ("request_", "driver", "ipam_driver"),
    [
        ({}, "nat", "windows"),
        ({"driver": "l2bridge", "ipam_driver": "default"}, "l2bridge", "windows"),
        ({"ipam_driver": "null"}, "nat", "null"),
        ({"config_only": True}, "null", "windows"),
        ({"config_only": True, "driver": "bridge"}, "null", "default"),
    ],
)
def test_a_network_has_its_drivers(request_: dict[str, Any], driver: str, ipam_driver: str) -> None:
    network = decide(**request_).network
    assert (network.driver, network.ipam.driver) == (driver, ipam_driver)


def test_a_network_takes_over_a_configuration() -> None:
    network = decide(config_from="conf").network
    assert (network.ipam, network.options, network.labels) == (CONF.ipam, CONF.options, CONF.labels)
    assert (network.config_from, network.config_only) == ("conf", False)


def test_early_daemons_leave_subnets_to_their_allocator() -> None:
    assert decide("ws2016", pools=(Pool("10.9.0.5/16"),)).subnets == (("10.9.0.0/16", ""),)
    with pytest.raises(DockerError, match="This request is not supported by null ipam driver"):
        decide("ws2016", ipv6=True)
    with pytest.raises(DockerError, match="Invalid subnet x"):
        decide("ws2016", pools=(Pool("x"),))


def test_the_answer_of_hns_is_what_inspect_shows() -> None:
    new = decide(pools=(Pool("10.9.0.0/16", auxiliary={"a": "10.9.0.7"}), Pool("fd00::/64")))
    network = answered(new, "id", "ID", [("10.9.0.0/16", "10.9.0.1")])
    assert network.ipam.pools == (Pool("10.9.0.0/16", "", "10.9.0.1"), Pool("fd00::/64"))
    assert (network.hns_id, network.options) == ("id", {HNS_ID: "ID"})


def test_an_answer_without_subnets_leaves_those_of_the_request() -> None:
    assert answered(decide(), "id", "ID", []).ipam.pools == (Pool("0.0.0.0/0"),)


def test_a_subnet_without_a_gateway_is_refused() -> None:
    with pytest.raises(DockerError, match="invalid CIDR address: /32"):
        answered(decide(), "id", "ID", [("10.9.0.0/16", "")])


def test_a_network_of_the_host_shows_the_subnets_of_the_request() -> None:
    network = decide(options={HNS_ID: "X"}).network
    assert network == replace(network, ipam=Ipam("windows", None, (Pool("0.0.0.0/0"),)))
