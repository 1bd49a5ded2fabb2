"""Listings of ports and of what belongs to one: state, addresses, spaces, tags, NAT pools."""

from dataclasses import replace

from hnsemu.domain.vfp.container_port import container_port
from hnsemu.domain.vfp.model import PortKind
from hnsemu.domain.vfp.text.ports import (
    list_nat_pools,
    list_nat_ranges,
    list_ports,
    list_spaces,
    list_tags,
    port_address_info,
    port_state,
)
from tests.domain.vfp.text.node import OVERLAY, WEB, ports
from tests.domain.worlds import node

PORTS = ports()
CONTAINER = PORTS[PortKind.CONTAINER]


def test_records_of_ports_are_parted_by_blank_lines() -> None:
    text = list_ports(list(PORTS.values()))
    body = text.partition("===========\r\n\r\n")[2]
    found = [part for part in body.split("\r\n\r\n") if part.startswith("Port name")]
    assert len(found) == len(PORTS)
    assert all("MAC address           : " in part for part in found)


def test_an_endpoint_without_a_cable_is_disconnected() -> None:
    assert "Disconnected" in list_ports([replace(CONTAINER, is_connected=False)])
    assert "Disconnected" not in list_ports([CONTAINER])


def test_the_state_says_whether_vfp_is_on() -> None:
    assert "    Enabled\r\n" in port_state(CONTAINER)
    assert "    Enabled : FALSE\r\n" in port_state(PORTS[PortKind.EXTERNAL])


def test_addresses_are_listed() -> None:
    text = port_address_info(CONTAINER)
    assert "Provider IP : 10.0.0.4\r\n    Customer IP(s) : 10.244.1.5\r\n" in text


def test_spaces_tags_and_pools_are_listed() -> None:
    assert f"SPACE : {OVERLAY.id}_V6\r\n" in list_spaces(CONTAINER)
    assert "TAG : web\r\n    IP : 10.244.1.5\r\n    IP : 10.9.0.0/16\r\n" in list_tags(CONTAINER)
    assert list_nat_pools(CONTAINER).count("NAT POOL : SLB_NATPOOL_IPV4_") == 2


def test_a_range_is_the_block_of_a_pool() -> None:
    text = list_nat_ranges(CONTAINER)
    assert text.count("NAT RANGE :") == 2
    assert "    Start port : 49152\r\n    End port : 49215\r\n    State : Idle\r\n" in text


def test_an_endpoint_without_a_block_has_no_range() -> None:
    blockless = replace(WEB, endpoint=replace(WEB.endpoint, nat_block=None))
    port = container_port(node(OVERLAY, pods=[blockless]), OVERLAY, blockless)
    assert "NAT RANGE" not in list_nat_ranges(port)


def test_a_pool_is_listed_once() -> None:
    twice = replace(CONTAINER, layers=(*CONTAINER.layers, *CONTAINER.layers))
    assert list_nat_ranges(twice) == list_nat_ranges(CONTAINER)
