"""The port of the distributed router, and the uplink."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hnsemu.domain.facts import VSwitch
from hnsemu.domain.network_types import Mode
from hnsemu.domain.switch_ports import external_ports
from hnsemu.domain.vfp.dr_port import dr_port, external_port
from hnsemu.domain.vfp.model import AddressInfo, PortKind, Rule, RuleType, Turn
from tests.domain.worlds import guid, network, node, packet, pod, remote, remote_route

OVERLAY = network(
    Mode.OVERLAY, "10.244.1.0/24", remote_routes=(remote_route("10.244.2.0/24", "10.0.0.9"),)
)
WEB, DB = pod(OVERLAY, "web", "10.244.1.5"), pod(OVERLAY, "db", "10.244.1.6")
PORT = dr_port(node(OVERLAY, pods=[WEB, DB, remote(OVERLAY, "10.244.2.7", "10.0.0.9")]), OVERLAY, 4)

# Source: dataplane.md section 4.1 [O].
LAYERS = [
    ("VNET_ENCAP_LAYER", 40, 0x4),
    ("VNET_PA_ROUTE_LAYER", 2000, 0x1),
    ("REMOTESUBNETROUTE_HAIRPIN_LAYER", 35, 0x3),
]


def group(layer: str, name: str) -> Sequence[Rule]:
    (chosen,) = [candidate for candidate in PORT.layers if candidate.id == layer]
    (named,) = [candidate for candidate in chosen.groups if candidate.id == name]
    return named.rules(None)


def test_its_layers_are_those_of_the_dumps() -> None:
    assert [(layer.id, layer.priority, layer.flags) for layer in PORT.layers] == LAYERS
    assert PORT.address_info == AddressInfo("10.0.0.4", ("0.0.0.0",), "", 4432)
    assert (PORT.kind, PORT.number) == (PortKind.DR, 4)


def test_it_takes_vxlan_off_and_puts_it_on() -> None:
    (decap,) = group("VNET_ENCAP_LAYER", "VNET_GROUP_ENCAP_IPV4_IN")
    assert decap.type is RuleType.DECAP
    assert [rule.id for rule in group("VNET_ENCAP_LAYER", "VNET_GROUP_ENCAP_IPV4_OUT")] == [
        "10.244.1.5", "10.244.1.6", "10.244.2.7", "10.244.2.0/24",
    ]  # fmt: skip


def test_it_turns_packets_to_the_ports_of_local_endpoints() -> None:
    turns = group("REMOTESUBNETROUTE_HAIRPIN_LAYER", "REMOTESUBNETROUTE_HAIRPIN_GROUP")
    assert [rule.data for rule in turns] == [
        Turn(endpoint.id, endpoint.endpoint.mac_address) for endpoint in (WEB, DB)
    ]
    hairpin = PORT.layers[-1].groups[0]
    assert [rule.id for rule in hairpin.rules(packet("10.244.2.7", "10.244.1.6"))] == ["10.244.1.6"]


@pytest.mark.parametrize(
    ("release", "name"),
    [("ws2022", f"Container NIC {guid('nic router Overlay 10.244.1.0/24')[:8]}"),
     ("ws2025", f"DrPort {OVERLAY.id}")],
)  # fmt: skip
def test_it_is_named_by_release(release: str, name: str) -> None:
    assert dr_port(node(OVERLAY, release=release), OVERLAY).friendly_name == name


def test_a_network_without_switch_leaves_its_members_empty() -> None:
    bare = replace(OVERLAY, network=replace(OVERLAY.network, vswitch=None, management_ip=""))
    found = dr_port(node(bare), bare)
    assert (found.switch_id, found.switch_name, found.address_info.provider) == ("", "", "")


def test_the_uplink_has_no_layers() -> None:
    on = OVERLAY.network.vswitch
    assert isinstance(on, VSwitch)
    uplink, _ = external_ports(on, node(OVERLAY).adapters, [OVERLAY.network])
    found = external_port(uplink, on, 2)
    assert (found.kind, found.enabled, found.layers) == (PortKind.EXTERNAL, False, ())
    assert (found.friendly_name, found.number) == ("ExternalPort", 2)
