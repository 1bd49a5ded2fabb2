"""Networks as facts: what shows when, and what filters may name."""

from dataclasses import replace

from hnsemu.domain.facts import Policy, VSwitch
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.networks import NatInstance, Network, Subnet, properties

BARE = Network(1, "id", "name", Mode.OVERLAY, "overlay", flags=8, adapter_name="Ethernet")
LATE = replace(BARE, management_ip="10.0.0.4", management_ip_at=100)


def test_management_ip_shows_from_its_time_on() -> None:
    assert LATE.seen_at(99).management_ip == ""
    assert LATE.seen_at(100) is LATE


def test_management_ip_stays_when_the_clock_is_set_back() -> None:
    new = replace(LATE, created=50)
    assert new.seen_at(50).management_ip == ""
    assert new.seen_at(49) is new


def test_vsid_is_that_of_the_first_subnet_that_has_one() -> None:
    plain = Subnet(1, "a", "10.0.0.0/24", policies=(Policy("VLAN", '{"IsolationId":7}'),))
    isolated = Subnet(2, "b", "10.0.1.0/24", policies=(Policy("VSID", '{"IsolationId":4097}'),))
    assert replace(BARE, subnets=(plain, isolated)).vsid == 4097
    assert replace(BARE, subnets=(plain,)).vsid == 0


def test_nat_is_named_after_its_engine_and_interface() -> None:
    winnat = NatInstance("WinNAT", "a", "8177e9bf", "172.21.16.0", "172.21.16.1", 20)
    assert winnat.name == "NAT8177E9BF"
    assert replace(winnat, engine="ICS").name == "ICS8177E9BF"


def test_filters_may_name_the_switch() -> None:
    assert "LayeredOn" not in properties(BARE)
    switch = VSwitch(1, "s", "vxlan", SwitchKind.EXTERNAL, "overlay", "layer", "owner", "parent")
    found = properties(replace(BARE, vswitch=switch))
    assert (found["LayeredOn"], found["SwitchGuid"], found["SwitchName"]) == (
        "layer",
        "owner",
        "vxlan",
    )


def test_filters_may_name_what_either_dialect_shows() -> None:
    found = properties(LATE)
    assert {name: found[name] for name in ("ID", "Name", "Type", "Flags", "State")} == {
        "ID": "id",
        "Name": "name",
        "Type": "Overlay",
        "Flags": 8,
        "State": 1,
    }
    assert (found["ManagementIP"], found["NetworkAdapterName"]) == ("10.0.0.4", "Ethernet")
