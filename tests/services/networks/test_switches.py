"""The switches of networks: shared by family, bound to adapters, configured on the host."""

from hnsemu.domain.hosts import AdapterDefinition, ExternalSwitch
from hnsemu.errors import Hr
from hnsemu.schema.v2.query import EVERYTHING
from hnsemu.services import networks
from hnsemu.storage.database import Database
from hnsemu.storage.transaction import Hns
from tests.services.wires import (
    adapter,
    bound_adapters,
    host,
    make,
    make_overlay,
    names,
    on,
    policy,
    refusal_of,
)

UPLINK = (ExternalSwitch("Uplink", ("Ethernet 3",)),)


def test_networks_of_a_family_share_the_first_free_adapter(hns: Hns) -> None:
    first, second = make_overlay(hns, 1), make_overlay(hns, 2)
    assert on(second) == on(first)
    assert on(first).adapters == ("Ethernet",)
    assert on(first).owner_id == first.id


def test_l2bridge_and_overlay_never_share(hns: Hns) -> None:
    make_overlay(hns)
    assert on(make(hns, "L2Bridge", Name="l2")).adapters == ("Ethernet 2",)
    assert on(make(hns, "L2Tunnel", Name="tunnel")).adapters == ("Ethernet 2",)
    assert on(make(hns, "Transparent", Name="t")).adapters == ("Ethernet 3",)


def test_family_without_an_adapter_left_is_refused(database: Database) -> None:
    small = host(database, adapters=(AdapterDefinition("Ethernet", address="10.0.0.4/24"),))
    make_overlay(small)
    refusal = refusal_of(lambda: make(small, "L2Bridge"))
    assert refusal.hr is Hr.HCN_E_ADAPTER_NOT_FOUND


def test_adapter_named_again_is_joined(hns: Hns) -> None:
    wanted = {"Policies": [adapter("Ethernet 2")]}
    first, second = make_overlay(hns, 1, **wanted), make_overlay(hns, 2, **wanted)
    assert on(first) == on(second)
    assert second.adapter_name == "Ethernet 2"


def test_adapter_under_another_family_is_refused(hns: Hns) -> None:
    make_overlay(hns, Policies=[adapter("Ethernet")])
    refusal = refusal_of(lambda: make(hns, "L2Bridge", Policies=[adapter("Ethernet")]))
    assert refusal.hr is Hr.E_INVALIDARG


def test_vnic_of_the_host_is_no_adapter(hns: Hns) -> None:
    make_overlay(hns)
    wanted = [adapter("vEthernet (Ethernet)")]
    refusal = refusal_of(lambda: make_overlay(hns, 2, Policies=wanted))
    assert refusal.hr is Hr.E_INVALIDARG


def test_team_binds_every_adapter_named(hns: Hns) -> None:
    created = make(hns, "Transparent", Policies=[adapter("Ethernet 2, Ethernet 3")])
    assert on(created).adapters == ("Ethernet 2", "Ethernet 3")
    assert bound_adapters(hns)["Ethernet 3"] == on(created).id


def test_adapter_is_chosen_by_its_address(hns: Hns) -> None:
    wanted = [policy("ProviderAddress", ProviderAddress="10.127.131.35")]
    created = make(hns, "L2Bridge", Policies=wanted)
    assert (on(created).adapters, created.management_ip) == (("Ethernet 2",), "10.127.131.35")


def test_layer_constraint_joins_the_switch_of_that_layer(hns: Hns) -> None:
    switches = [make(hns, "Transparent", Policies=[adapter(f"Ethernet {n}")]) for n in (2, 3)]
    wanted = [policy("LayerConstraint", LayerId=on(switches[1]).layer_id.upper())]
    assert on(make(hns, "Transparent", Policies=wanted)).id == on(switches[1]).id


def test_unknown_layer_is_not_found(hns: Hns) -> None:
    wanted = [policy("LayerConstraint", LayerId="4f8d1c6e-77aa-4b0e-9d5f-2c3b1a0e9f88")]
    refusal = refusal_of(lambda: make(hns, "Transparent", Policies=wanted))
    assert refusal.hr is Hr.HCN_E_LAYER_NOT_FOUND


def test_management_ip_is_that_of_the_adapter(hns: Hns) -> None:
    assert make_overlay(hns).management_ip == "10.127.130.35"
    assert make(hns, "Internal").management_ip == ""


def test_management_ip_comes_late_where_the_host_says_so(database: Database) -> None:
    slow = host(database, delay=25_000)  # the seeded clock ticks 10,000 a call
    created = make_overlay(slow)
    seen = [networks.get_network(slow, created.id).management_ip for _ in range(4)]
    assert created.management_ip == ""
    assert seen == ["", "", "10.127.130.35", "10.127.130.35"]


def test_without_a_host_port_there_is_no_management_ip(hns: Hns) -> None:
    assert make(hns, "Transparent", Flags=1024).management_ip == ""


def test_extension_policies_set_the_new_switch(hns: Hns) -> None:
    capture = "430bdadd-bab0-41ab-a369-94b67fa5be0a"
    wanted = [policy("VSwitchExtension", ExtensionID=capture, Enable=False)]
    created = make_overlay(hns, Policies=wanted)
    assert on(created).extensions == ((capture, False),)
    assert on(make_overlay(hns, 2, Policies=wanted)) == on(created)
    changed = [policy("VSwitchExtension", ExtensionID=capture, Enable=True)]
    refusal = refusal_of(lambda: make_overlay(hns, 3, Policies=changed))
    assert refusal.hr is Hr.HCN_E_SHARED_SWITCH_MODIFICATION


def test_unknown_extension_is_not_found(hns: Hns) -> None:
    wanted = [policy("VSwitchExtension", ExtensionID=on(make(hns, "Internal")).id)]
    refusal = refusal_of(lambda: make_overlay(hns, Policies=wanted))
    assert refusal.hr is Hr.HCN_E_SWITCH_EXTENSION_NOT_FOUND


def test_switch_of_the_host_is_a_transparent_network(database: Database) -> None:
    configured = host(database, switches=UPLINK)
    found = {network.name: network for network in networks.list_networks(configured, EVERYTHING)}
    uplink = found["Uplink"]
    assert (uplink.mode, uplink.subnets, uplink.policies) == ("Transparent", (), ())
    assert uplink.management_ip == ""
    assert (on(uplink).name, on(uplink).adapters) == ("Uplink", ("Ethernet 3",))


def test_it_is_there_on_an_azure_vm_too(database: Database) -> None:
    configured = host(database, switches=UPLINK, azure_vm=True)
    assert "Uplink" in names(configured)


def test_transparent_networks_join_it(database: Database) -> None:
    configured = host(database, switches=UPLINK)
    created = make(configured, "Transparent", Name="t")
    assert (on(created).name, created.management_ip) == ("Uplink", "10.127.132.35")


def test_it_stays_when_its_networks_go(database: Database) -> None:
    configured = host(database, switches=UPLINK)
    (uplink,) = (n for n in networks.list_networks(configured, EVERYTHING) if n.name != "nat")
    networks.delete_network(configured, uplink.id)
    assert bound_adapters(configured)["Ethernet 3"] == on(uplink).id
    created = make(configured, "Transparent", Name="t")
    assert (on(created).id, on(created).owner_id) == (on(uplink).id, created.id)
