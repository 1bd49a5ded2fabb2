"""Resources have the keys, their order, the types and the fixed values of the captured ones."""

import json
import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from hnsemu.domain.networks import Network
from hnsemu.domain.releases import RELEASES
from hnsemu.schema.resources import network_resources
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import networks
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.services.wires import host, make, make_overlay, subnet, vsid

SAMPLES = Path(__file__).parents[1] / "samples"
_GUID = re.compile(r"\{?[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}?")
_MAC = re.compile(r"[0-9A-F]{2}(-[0-9A-F]{2}){5}")
_NAMED = re.compile(r"(Container NIC [0-9a-f]{8}|Host Vnic [0-9A-F-]{36})")
_FILETIME = 1 << 56


def captured(name: str) -> Any:
    """Return the sample called `name`."""
    return json.loads((SAMPLES / f"{name}.json").read_text())


def shown(network: Network, release: str) -> Any:
    """Return the Resources of the network as they go over the wire."""
    return orjson.loads(orjson.dumps(network_resources(network, RELEASES[release])))


def shape(value: object, *ignored: str) -> object:
    """Return `value` with everything that differs from host to host replaced by its kind.

    ignored: keys to leave out.
    """
    if isinstance(value, dict):
        return [(key, shape(item, *ignored)) for key, item in value.items() if key not in ignored]
    if isinstance(value, list):
        return [shape(item, *ignored) for item in value]
    if isinstance(value, str):
        for kind in (_GUID, _MAC, _NAMED):
            if kind.fullmatch(value):
                return kind.pattern
    if isinstance(value, int) and value > _FILETIME:
        return "FILETIME"
    return value


def without_networks(hns: Hns) -> None:
    """Delete what a fresh host has, so that the first network is like the captured one."""
    for network in networks.list_networks(hns, EVERYTHING):
        networks.delete_network(hns, network.id)


def test_nat_of_server_2022(database: Database) -> None:
    sample = captured("v1-network-nat-post-reply-hns13.3")["Output"]
    service = host(database, "ws2022")
    without_networks(service)
    created = make(service, "NAT", subnet("172.21.16.0/20"), Name=sample["Name"])
    assert shape(shown(created, "ws2022")) == shape(sample["Resources"])


@pytest.mark.parametrize("position", [0, 1])
def test_overlay_and_nat_of_server_2019(database: Database, position: int) -> None:
    sample = captured("v1-networks-get-overlay-nat-hns9.2")["Output"][position]
    service = host(database, "ws2019")
    without_networks(service)
    created = (
        make(service, "Overlay", vsid("192.168.255.0/30", "192.168.255.1", 9999), Name="External"),
        make(service, "NAT", subnet("172.25.192.0/20"), Name="nat"),
    )[position]
    # The captured host had set an MTU on its NAT, which no document asks for.
    assert shape(shown(created, "ws2019")) == shape(sample["Resources"], "MTU")


def test_transparent_of_server_2019_at_release(database: Database) -> None:
    sample = captured("v1-network-transparent-hns9.1")
    created = make(host(database, "ws2019-rtm"), "Transparent", Name="WLAN")
    assert shape(shown(created, "ws2019-rtm")) == shape(sample["Resources"])


def test_ics_of_windows_11(database: Database) -> None:
    sample = captured("v1-network-ics-default-switch-hns15.0")
    service = host(database, "win11")
    without_networks(service)
    created = make(service, "ICS", subnet("172.31.80.0/20"), Name="Default Switch", Flags=11)
    # The Health blocks were removed from the sample.
    assert shape(shown(created, "win11"), "Health") == shape(sample["Resources"])


def test_ids_that_are_one_on_windows_11_are_one(database: Database) -> None:
    created = make(host(database, "win11"), "ICS", Name="WSL", Flags=265)
    vnic, ics = shown(created, "win11")["Allocators"]
    assert {vnic[key] for key in ("EndpointNicGuid", "EndpointPortGuid", "SwitchId")} == {
        created.id.upper()
    }
    assert ics["PrivateInterfaceGUID"] == vnic["InterfaceGuid"]
    assert shown(created, "win11")["ID"] == created.activity_id.upper()


def test_routing_domain_of_an_overlay_is_the_network(database: Database) -> None:
    created = make_overlay(host(database, "ws2022"))
    (domain,) = shown(created, "ws2022")["Allocators"]
    assert (domain["RDID"], domain["Isolation_0"]) == (created.id.upper(), 4096)


@pytest.mark.parametrize("kind", ["L2Bridge", "Transparent", "Private"])
def test_networks_without_a_host_vnic_show_no_allocators(database: Database, kind: str) -> None:
    shown_block = shown(make(host(database), kind), "ws2025")
    assert "Allocators" not in shown_block
    assert shown_block["AllocationOrder"] == 0
