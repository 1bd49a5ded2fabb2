"""A switch has the ports HNS keeps; an external one also its uplinks and the host's port."""

from dataclasses import replace

from hnsemu.domain.facts import Adapter, Port, VSwitch
from hnsemu.domain.interfaces import external_vnic_guid
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.networks import Network
from hnsemu.domain.switch_ports import external_ports, kept_port

SWITCH_ID = "6d1e8a53-21f5-4f3d-8f55-0a6f1f4d2f01"
SWITCH = VSwitch(1, SWITCH_ID, "l2", SwitchKind.EXTERNAL, "l2bridge", "layer", "net", "parent")
NIC = Adapter(1, "a1", "Ethernet", "m1", "", 0, "", wireless=False, switch_id=SWITCH_ID)
SECOND = replace(NIC, key=2, id="a2", name="Ethernet 2", mac="m2")
OTHER = replace(NIC, key=3, id="a3", name="Ethernet 3", switch_id="")
NETWORK = Network(1, "net", "l2", Mode.L2BRIDGE, "L2Bridge", vswitch=SWITCH)
VNIC = Port(1, "HostVnic", "p", "n", "i", "0123456789", "nat", "m", isolation=2)


def test_an_external_switch_has_uplinks_and_a_host_port() -> None:
    ports = external_ports(SWITCH, [NIC, SECOND, OTHER], [NETWORK])
    assert [(port.kind, port.friendly_name, port.nic_name) for port in ports] == [
        ("External", "ExternalPort", "Ethernet"),
        ("External", "ExternalPort", "Ethernet 2"),
        ("HostVnic", "Host Vnic NET", "Ethernet"),
    ]
    host = ports[-1]
    assert (host.compartment, host.mac) == (1, "m1")
    assert host.interface_id == external_vnic_guid(SWITCH)
    assert len({port.port_id for port in ports}) == 3


def test_a_switch_made_by_hand_names_the_host_port() -> None:
    uplink = replace(SWITCH, name="Uplink", by_hns=False)
    assert external_ports(uplink, [NIC], [NETWORK])[-1].nic_name == "Uplink"


def test_without_a_host_port_there_are_only_uplinks() -> None:
    hostless = replace(NETWORK, flags=1024)
    assert [port.kind for port in external_ports(SWITCH, [NIC], [hostless])] == ["External"]


def test_other_switches_have_nothing_beside_what_hns_keeps() -> None:
    assert external_ports(replace(SWITCH, kind=SwitchKind.INTERNAL), [NIC], [NETWORK]) == []


def test_a_container_port_is_named_after_its_endpoint() -> None:
    port = kept_port(replace(VNIC, kind="Endpoint", friendly_name=""), NETWORK, "abc")
    assert (port.friendly_name, port.network_id, port.endpoint_id) == ("ABC", "net", "abc")
    assert (port.isolation, port.nic_name) == (2, "")
    named = kept_port(replace(VNIC, kind="Endpoint", friendly_name="mine"), NETWORK, "abc")
    assert named.friendly_name == "mine"


def test_a_host_port_is_named_after_its_network() -> None:
    assert kept_port(VNIC, NETWORK, "").friendly_name == "Host Vnic NET"
    nat = replace(NETWORK, mode=Mode.NAT)
    shown = kept_port(VNIC, nat, "")
    assert (shown.friendly_name, shown.nic_name) == ("Container NIC 01234567", "nat")
