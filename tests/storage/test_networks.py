"""Networks come back as stored, and the database itself keeps names and VLANs apart."""

from dataclasses import replace

import pytest

from hnsemu.domain.facts import Dns, Policy, Port, Route, VSwitch
from hnsemu.domain.network_creation import NewNetwork
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.networks import IpSubnet, MacRange, NatInstance, Network, Subnet
from hnsemu.errors import HnsError, Hr
from hnsemu.storage import networks, placement
from hnsemu.storage.transaction import Hns, Transaction, writes

SWITCH = VSwitch(
    key=0,
    id="6670a4db-e650-4e9a-8c36-cfb3ce9a78db",
    name="shared",
    kind=SwitchKind.INTERNAL,
    family="nat",
    layer_id="6252be31-13af-492c-b0ce-4fed3e16b231",
    owner_id="404947ac-fc8f-4229-a4b5-595b9161f3a8",
    parent_id="08db5e96-31b1-4406-ab68-94ea6883c706",
    by_hns=False,
    extensions=(("430bdadd-bab0-41ab-a369-94b67fa5be0a", False),),
)
PORT = Port(
    key=0,
    kind="HostVnic",
    port_id="ace214fd-4a7c-462a-af6b-6119010c5bd2",
    nic_id="337253b0-09d4-4a3f-bbdb-126ecdb6eeff",
    interface_id="8177e9bf-266d-4bbd-8b97-0340a82921e2",
    allocator_id="c4700ec5-0531-4be1-8081-f89cec3e59ce",
    friendly_name="stored",
    mac="00-15-5D-51-86-A4",
    isolation=7,
)
STORED = Network(
    key=0,
    id="404947ac-fc8f-4229-a4b5-595b9161f3a8",
    name="stored",
    mode=Mode.NAT,
    type_text="nat",
    owner="docker",
    flags=8,
    policies=(Policy("HostRoute", "{ }"), Policy("AutomaticDNS", '{"Enable":true}')),
    subnets=(
        Subnet(
            key=0,
            id="96c9f144-2a30-414a-87c3-c39f43e4211e",
            prefix="172.21.16.7/20",
            gateway="172.21.16.1",
            routes=(Route("172.21.16.1", "0.0.0.0/0", 5), Route("", "10.0.0.0/8")),
            flags=1,
            policies=(Policy("VLAN", '{"IsolationId":7}'),),
            ip_subnets=(
                IpSubnet(0, "a1bfafb0-2e2e-428b-adc2-ca71ce8c5dfc", "172.21.16.0/21", 0),
                IpSubnet(0, "a1bfafb0-2e2e-428b-adc2-ca71ce8c5dfd", "172.21.24.0/21", 3),
            ),
        ),
        Subnet(key=0, id="96c9f144-2a30-414a-87c3-c39f43e4211f", prefix="fd00::/64"),
    ),
    ipam_type="Dhcp",
    mac_ranges=(MacRange("00-15-5D-51-80-00", "00-15-5D-51-8F-FF"),),
    dns=Dns("example", ("a", "b"), ("10.0.0.1",), ("ndots:5",)),
    version=55834574851,
    schema_version=(2, 2),
    additional_params='{"ICSFlags": 1}',
    adapter_name="Ethernet",
    activity_id="f7289430-273b-4b29-bf97-5dac479ae3dc",
    management_ip="10.0.0.4",
    management_ip_at=12,
    dr_mac="00-15-5D-84-00-91",
    isolation=7,
    created=133928875495496471,
    updated=133928875495496472,
)
NAT = NatInstance(
    engine="WinNAT",
    allocator_id="e9f9170c-5407-4334-b5a0-434332bb814a",
    interface_id=PORT.interface_id,
    subnet_address="172.21.16.0",
    gateway="172.21.16.1",
    prefix_length=20,
)


NEW = NewNetwork(
    network=replace(STORED, host_vnic=PORT, rdid_port=replace(PORT, kind="RDID"), nat=NAT),
    switch=SWITCH,
    adapters=(),
    mac_seed=1,
    host_mac=0x00155D5186A4,
    pool_seeds=(3, 4),
    notifications=(),
)


@writes
def keep(tx: Transaction) -> list[Network | None]:
    """Store everything there is of a network and read it back in every way."""
    return [
        networks.create(tx, NEW),
        networks.find(tx, STORED.id),
        networks.all_of(tx)[-1],
        *networks.all_of(tx, STORED.name),
    ]


@writes
def keep_two(tx: Transaction, differing: dict[str, str | int]) -> None:
    """Store two networks that differ in their ids and in `differing`, on one switch."""
    first = networks.create(tx, replace(NEW, network=STORED, host_mac=None))
    assert first.vswitch is not None
    other = replace(STORED, id="404947ac-fc8f-4229-a4b5-595b9161f3a9", **differing)  # type: ignore[arg-type]
    networks.create(tx, replace(NEW, network=other, switch=first.vswitch, host_mac=None))


@writes
def count(tx: Transaction, network_id: str, *changes: int) -> tuple[int, int, int]:
    """Count endpoints and return what the network shows of them."""
    for change in changes:
        network = networks.find(tx, network_id)
        assert network is not None
        if change > 0:
            placement.count_new(tx, network.key, None)
        else:
            placement.count_lost(tx, network.key)
    network = networks.find(tx, network_id)
    assert network is not None
    return network.current_endpoints, network.max_endpoints, network.total_endpoints


def test_a_network_comes_back_as_stored(hns: Hns) -> None:
    ways = keep(hns)
    kept = ways[0]
    assert kept is not None
    assert ways == [kept] * 4
    parts = {"key", "vswitch", "host_vnic", "rdid_port", "nat", "subnets"}
    for member in set(Network.__dataclass_fields__) - parts:
        assert getattr(kept, member) == getattr(STORED, member), member
    assert kept.subnets == tuple(
        replace(
            have,
            key=got.key,
            ip_subnets=tuple(
                replace(pool, key=stored.key)
                for pool, stored in zip(have.ip_subnets, got.ip_subnets, strict=True)
            ),
        )
        for have, got in zip(STORED.subnets, kept.subnets, strict=True)
    )
    assert kept.vswitch is not None
    assert replace(kept.vswitch, key=0) == SWITCH
    assert kept.host_vnic is not None
    assert replace(kept.host_vnic, key=0) == PORT
    assert kept.rdid_port is not None
    assert kept.rdid_port.kind == "RDID"
    assert kept.nat == NAT


@pytest.mark.parametrize("differing", [{"isolation": 0}, {"name": "other"}])
def test_the_database_refuses_a_name_or_vlan_twice(
    hns: Hns, differing: dict[str, str | int]
) -> None:
    with pytest.raises(HnsError) as refusal:
        keep_two(hns, differing)
    assert refusal.value.hr is Hr.E_OBJECT_ALREADY_EXISTS
    keep_two(hns, {"name": "other", "isolation": 0})


def test_counts_keep_the_high_water_mark(hns: Hns) -> None:
    keep(hns)
    assert count(hns, STORED.id, 1, 1, -1, 1, -1, -1) == (0, 2, 3)
