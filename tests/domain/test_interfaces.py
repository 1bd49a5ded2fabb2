"""An address stands on exactly one interface of the host: the adapter, or the vNIC over it."""

from dataclasses import replace

from hnsemu.domain.endpoints import Endpoint, IpConfiguration
from hnsemu.domain.facts import Adapter, Dns, Port, VSwitch
from hnsemu.domain.interfaces import container_interfaces, external_vnic_guid, interfaces
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.networks import NatInstance, Network, Subnet

SWITCH_ID = "6d1e8a53-21f5-4f3d-8f55-0a6f1f4d2f01"
NIC = Adapter(1, "a1", "Ethernet", "00-15-5D-00-00-01", "10.0.0.4", 24, "10.0.0.1", wireless=False)
WIFI = Adapter(2, "a2", "Wi-Fi", "00-15-5D-00-00-02", "", 0, "", wireless=True)
BOUND = replace(NIC, switch_id=SWITCH_ID)
EXTERNAL = VSwitch(1, SWITCH_ID, "l2", SwitchKind.EXTERNAL, "l2bridge", "layer", "net", "parent")
L2BRIDGE = Network(1, "net", "l2", Mode.L2BRIDGE, "L2Bridge", vswitch=EXTERNAL)
INTERNAL = VSwitch(2, "internal", "nat", SwitchKind.INTERNAL, "nat", "layer", "nat", "parent")
NAT = Network(
    2,
    "nat",
    "nat",
    Mode.NAT,
    "nat",
    subnets=(Subnet(1, "s", "172.16.0.0/16", "172.16.0.1"),),
    vswitch=INTERNAL,
    host_vnic=Port(1, "HostVnic", "p", "n", "if-guid", "a", "f", "00-15-5D-00-10-07"),
)


def test_a_free_adapter_has_its_address() -> None:
    free, wifi = interfaces([NIC, WIFI], [], [])
    assert (free.name, free.address, free.prefix_length) == ("Ethernet", "10.0.0.4", 24)
    assert (free.gateway, free.switch, free.is_virtual) == ("10.0.0.1", "", False)
    assert wifi.is_wireless
    assert not wifi.address


def test_under_an_external_switch_the_address_moves_to_the_vnic() -> None:
    adapter, vnic = interfaces([BOUND], [EXTERNAL], [L2BRIDGE])
    assert (adapter.name, adapter.address, adapter.gateway) == ("Ethernet", "", "")
    assert adapter.switch == "l2"
    assert (vnic.name, vnic.address, vnic.prefix_length, vnic.gateway) == (
        "vEthernet (Ethernet)",
        "10.0.0.4",
        24,
        "10.0.0.1",
    )
    assert vnic.is_virtual
    assert vnic.mac == BOUND.mac


def test_an_address_of_ipv6_moves_along() -> None:
    both = replace(BOUND, address6="fd00:10::4", prefix_length6=64, gateway6="fd00:10::1")
    alone = replace(both, address="", prefix_length=0, gateway="")
    dns = Dns(server_list=("fd00::53",))
    for bound in (both, alone):
        adapter, vnic = interfaces([bound], [EXTERNAL], [L2BRIDGE], dns=dns)
        assert (adapter.address6, adapter.gateway6) == ("", "")
        assert (vnic.address6, vnic.prefix_length6, vnic.gateway6) == (
            "fd00:10::4",
            64,
            "fd00:10::1",
        )
        assert vnic.dns_servers == ("fd00::53",)


def test_the_vnic_of_a_switch_made_by_hand_has_its_name() -> None:
    uplink = replace(EXTERNAL, name="Uplink", by_hns=False)
    assert interfaces([BOUND], [uplink], [L2BRIDGE])[1].name == "vEthernet (Uplink)"


def test_a_team_has_one_vnic() -> None:
    second = replace(WIFI, switch_id=SWITCH_ID)
    found = interfaces([BOUND, second], [EXTERNAL], [L2BRIDGE])
    assert [interface.name for interface in found] == ["Ethernet", "Wi-Fi", "vEthernet (Ethernet)"]


def test_without_a_host_port_the_address_stays() -> None:
    (adapter,) = interfaces([BOUND], [EXTERNAL], [replace(L2BRIDGE, flags=1024)])
    assert (adapter.address, adapter.switch) == ("10.0.0.4", "l2")


def test_the_vnic_of_a_nat_network_has_the_gateway_address() -> None:
    (vnic,) = interfaces([], [INTERNAL], [NAT])
    assert (vnic.name, vnic.address, vnic.prefix_length) == ("vEthernet (nat)", "172.16.0.1", 16)
    assert (vnic.guid, vnic.mac, vnic.switch) == ("if-guid", "00-15-5D-00-10-07", "nat")


def test_the_nat_instance_tells_a_gateway_that_hns_chose() -> None:
    chosen = replace(
        NAT,
        subnets=(Subnet(1, "s", "172.20.16.0/20"),),
        nat=NatInstance("ICS", "a", "if-guid", "172.20.16.0", "172.20.16.1", 20),
    )
    (vnic,) = interfaces([], [INTERNAL], [chosen])
    assert (vnic.address, vnic.prefix_length) == ("172.20.16.1", 20)


def test_the_vnic_of_a_network_without_gateway_has_no_address() -> None:
    (vnic,) = interfaces([], [INTERNAL], [replace(NAT, mode=Mode.INTERNAL, subnets=())])
    assert (vnic.address, vnic.prefix_length) == ("", 0)


def test_the_guid_of_an_external_vnic_stays_the_same() -> None:
    assert external_vnic_guid(EXTERNAL) == external_vnic_guid(replace(EXTERNAL, name="other"))
    other = replace(EXTERNAL, id="6d1e8a53-21f5-4f3d-8f55-0a6f1f4d2f02")
    assert external_vnic_guid(EXTERNAL) != external_vnic_guid(other)


POD = Endpoint(
    1,
    "e",
    "pod",
    1,
    "net",
    "l2",
    Mode.L2BRIDGE,
    "L2Bridge",
    "parent",
    switch_id=SWITCH_ID,
    ip_configurations=(
        IpConfiguration("fd00::5", 64),
        IpConfiguration("10.0.0.9", 24),
        IpConfiguration("10.0.0.10", 24),
    ),
    dns=Dns(domain="pods.test", server_list=("10.96.0.10",)),
    port=Port(1, "Synthetic", "p", "n", "pod-guid", "a", "f", "00-15-5D-00-10-09"),
)


def test_an_endpoint_shows_the_first_address_of_each_family_and_its_resolver() -> None:
    (vnic,) = container_interfaces([POD], [EXTERNAL])
    assert (vnic.name, vnic.guid, vnic.switch) == ("vEthernet (pod)", "pod-guid", "l2")
    assert (vnic.address, vnic.prefix_length) == ("10.0.0.9", 24)
    assert (vnic.address6, vnic.prefix_length6, vnic.gateway6) == ("fd00::5", 64, "")
    assert (vnic.dns_servers, vnic.dns_suffix) == (("10.96.0.10",), "pods.test")


def test_an_endpoint_without_a_port_is_no_interface() -> None:
    assert container_interfaces([replace(POD, port=None)], [EXTERNAL]) == []


def test_the_host_s_resolver_stands_on_the_interface_with_the_default_gateway() -> None:
    dns = Dns(domain="example.internal", server_list=("168.63.129.16",))
    nic, vnic = interfaces([BOUND], [EXTERNAL], [L2BRIDGE], dns=dns)
    assert (nic.dns_servers, nic.dns_suffix) == ((), "")
    assert (vnic.dns_servers, vnic.dns_suffix) == (("168.63.129.16",), "example.internal")


def test_an_index_stays_while_other_interfaces_come() -> None:
    (alone,) = interfaces([NIC], [], [])
    bound, _ = interfaces([BOUND], [EXTERNAL], [L2BRIDGE])
    assert alone.index == bound.index
    assert 1 < alone.index < 2**24


def test_two_interfaces_have_two_indexes() -> None:
    assert len({found.index for found in interfaces([BOUND, WIFI], [EXTERNAL], [L2BRIDGE])}) == 3
