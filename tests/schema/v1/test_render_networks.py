"""Networks in HNS 1: what the release, the type and the settings show."""

import pytest

from hnsemu.domain.networks import DEFAULT_SWITCH_ID, Network
from hnsemu.domain.releases import RELEASES
from hnsemu.schema.v1.render_networks import network_v1
from hnsemu.storage.database import Database
from tests.schema.v1.lab import OVERLAY, Document, Lab
from tests.services.wires import host, make, make_overlay, on, policy, subnet

_ZEROS = ("MissedCount", "SequenceNumber")

# Without what 1.1 tells of the host's adapter.
_OF_2016 = {
    "CurrentEndpointCount", "ID", "MacPools", "MaxConcurrentEndpoints", "Name", "Policies",
    "TotalEndpoints", "Type", "Version",
}  # fmt: skip
_OF_NAT_2016 = {"NATName", "Subnets", "SwitchGuid"}
_OF_NAT_1803 = {
    "ActivityId", "CurrentEndpointCount", "Extensions", "ID", "LayeredOn", "MacPools",
    "MaxConcurrentEndpoints", "Name", "Policies", "Resources", "State", "Subnets",
    "TotalEndpoints", "Type", "Version",
}  # fmt: skip


def counters(document: Document) -> set[str]:
    """Return which notifications a network counts."""
    names = [name for name in document["Health"] if name.endswith(_ZEROS)]
    assert all(document["Health"][name] == 0 for name in names)
    return {name.partition("Notification")[0] for name in names}


def transparent(lab: Lab, **more: object) -> Document:
    """Return a Transparent network without subnets."""
    return lab.network(Name="external-virtual", Type="Transparent", **more)


@pytest.mark.parametrize(
    ("release", "kind", "names"),
    [
        pytest.param("ws2016", "nat", _OF_2016 | _OF_NAT_2016, id="docker/for-win#2312"),
        pytest.param("ws2016", "Transparent", _OF_2016, id="docker/for-win#750"),
        pytest.param("ws1803", "nat", _OF_NAT_1803, id="docker/for-win#4449"),
    ],
)
def test_networks_before_1809_have_fewer_members(
    database: Database, release: str, kind: str, names: set[str]
) -> None:
    lab = Lab(database, release)
    created = lab.network(Name="made", Type=kind)
    assert set(created) - {"ManagementIP"} == names
    assert list(created) == sorted(created)
    for listed in created.get("Subnets", []):
        assert listed.keys() == {"AddressPrefix", "GatewayAddress"}


def test_nat_of_2016_is_named_by_the_network(database: Database) -> None:
    lab = Lab(database, "ws2016")
    created = lab.named("nat")
    assert created["NATName"] == f"H{created['ID']}"
    assert created["ID"].islower()


def test_resources_before_1809_have_neither_health_nor_capitals(database: Database) -> None:
    resources = Lab(database, "ws1803").named("nat")["Resources"]
    assert list(resources) == [
        "AllocationOrder",
        "Allocators",
        "ID",
        "PortOperationTime",
        "State",
        "SwitchOperationTime",
        "VfpOperationTime",
        "parentId",
    ]
    vnic = resources["Allocators"][0]
    assert not vnic.keys() & {"AdditionalParams", "Health", "State"}
    for name in ("ID", "SwitchId", "EndpointNicGuid", "AdapterNetCfgInstanceId"):
        assert vnic[name] == vnic[name].lower()


@pytest.mark.parametrize("release", ["ws2016", "ws1803", "ws2022"])
def test_friendly_ids_are_upper_case_on_every_release(database: Database, release: str) -> None:
    created = Lab(database, release, case="friendly").named("nat")
    assert created["ID"] == created["ID"].upper()


@pytest.mark.parametrize(
    ("release", "kind", "counted"),
    [
        ("ws2019", "nat", "Address Interface Route"),
        ("ws2019", "ICS", "Address Interface Route"),
        ("win11", "ICS", "Address Interface Route DHCP DNS DNSCache MacAddress Neighbor Xlat"),
        ("win11", "nat", ""),
        ("win11", "Private", ""),
    ],
)
def test_networks_behind_ics_count_notifications(
    database: Database, release: str, kind: str, counted: str
) -> None:
    created = Lab(database, release).network(Name="made", Type=kind)
    assert counters(created) == set(counted.split())
    assert list(created["Health"]) == sorted(created["Health"])


@pytest.mark.parametrize(
    ("release", "kind", "shown"),
    [
        ("ws2022", "Transparent", False),
        ("win11", "Transparent", True),
        ("win11", "ICS", True),
        ("win11", "nat", False),
    ],
)
def test_switches_are_named_by_their_network_from_15_on(
    database: Database, release: str, kind: str, *, shown: bool
) -> None:
    created = Lab(database, release).network(Name="made", Type=kind)
    assert created.get("SwitchGuid") == (created["ID"] if shown else None)
    assert "SwitchName" not in created


def test_every_nat_network_of_a_switch_shows_its_vlan(database: Database) -> None:
    lab = Lab(database, "ws2022")
    created = lab.network(Name="second", Type="nat")
    assert lab.named("nat")["Policies"] == [{"Type": "VLAN", "VLAN": 1}]
    assert created["Policies"] == [{"Type": "VLAN", "VLAN": 2}]
    assert created["LayeredOn"] == lab.named("nat")["LayeredOn"]


def test_a_vlan_of_every_subnet_is_shown_at_the_network(database: Database) -> None:
    lab = Lab(database, "ws2022")
    created = lab.network(
        Name="azure",
        Type="l2bridge",
        Policies=[{"Type": "VLAN", "VLAN": 10}],
        Subnets=[{"AddressPrefix": "10.9.0.0/16", "GatewayAddress": "10.9.0.1"}],
    )
    assert created["Policies"] == [{"Type": "VLAN", "VLAN": 10}]
    assert created["Subnets"][0]["Policies"] == []


def test_vlans_that_differ_stay_at_their_subnets(database: Database) -> None:
    service = host(database, "ws2022")
    vlans = [[policy("VLAN", IsolationId=number)] for number in (10, 11)]
    created = make(
        service,
        "L2Bridge",
        subnet("10.9.0.0/24", "10.9.0.1", Policies=vlans[0]),
        subnet("10.9.1.0/24", "10.9.1.1", Policies=vlans[1]),
    )
    shown = shown_by_ws2022(created)
    assert shown["Policies"] == []
    assert [listed["Policies"] for listed in shown["Subnets"]] == [
        [{"Type": "VLAN", "VLAN": number}] for number in (10, 11)
    ]


def test_settings_are_shown_as_members(database: Database) -> None:
    lab = Lab(database, "ws2025")
    sent = {
        "SourceMac": "00-15-5D-01-02-03",
        "AutomaticDNS": True,
        "NetworkAdapterName": "Ethernet 2",
        "DNSSuffix": "a.example,b.example",
        "DNSServerList": "10.0.0.10,10.0.0.11",
        "DNSDomain": "example",
        "ExternalInterfaceConstraint": "Ethernet",
    }
    created = transparent(lab, **sent)
    assert {name: created[name] for name in sent} == sent
    assert created["Policies"] == []


def test_the_adapters_of_a_team_are_named_as_sent(database: Database) -> None:
    lab = Lab(database, "ws2025")
    created = transparent(lab, NetworkAdapterName="Ethernet , ethernet 2")
    assert created["NetworkAdapterName"] == "Ethernet , ethernet 2"


def test_a_constraint_by_more_than_a_name_is_an_object(database: Database) -> None:
    lab = Lab(database, "ws2025")
    constraint = {"InterfaceGuid": "1a2b3c4d-0001-4000-8000-00000000a001"}
    created = transparent(lab, InterfaceConstraint=constraint)
    assert created["InterfaceConstraint"] == constraint
    assert "ExternalInterfaceConstraint" not in created


def test_the_detailed_view_has_the_layer(database: Database) -> None:
    created = make(host(database, "ws2022"), "Private", Name="inside")
    detailed = shown_by_ws2022(created, detailed=True)
    assert "Layer" not in shown_by_ws2022(created)
    assert list(detailed)[-3:] == ["Version", "Layer", "Resources"]
    layer = detailed["Layer"]
    assert list(layer)[-4:] == ["SupportsIpv6", "Type", "Version", "Resources"]
    assert (layer["ID"], layer["Type"]) == (detailed["LayeredOn"], "Layered")
    assert layer["ActivityId"] == detailed["Resources"]["parentId"]
    assert layer["Extensions"] == detailed["Extensions"]
    assert "NetworkAdapterName" not in layer


def test_the_layer_has_its_switch_among_its_resources(database: Database) -> None:
    created = make(host(database, "ws2022"), "ICS", Name="WSL", Flags=9 | 32)
    resources = shown_by_ws2022(created, detailed=True)["Layer"]["Resources"]
    (switch,) = resources["Allocators"]
    assert resources["AllocationOrder"] == 1
    assert "parentId" not in resources
    # The members of WSL#6913 and #7127, MacAddress with the name of the switch included.
    assert list(switch) == [
        "AdditionalParams",
        "AllocationOrder",
        "ExternalNic",
        "Flags",
        "Health",
        "ID",
        "IsPolicy",
        "IsolateSwitch",
        "MacAddress",
        "State",
        "SwitchAllocated",
        "SwitchId",
        "Tag",
    ]
    shown = {"IsolateSwitch": True, "MacAddress": "WSL", "Tag": "Virtual Switch", "State": 3}
    assert shown.items() <= switch.items()
    assert switch["SwitchId"] == on(created).id.upper()
    assert not switch["ExternalNic"]


def test_the_layer_of_an_external_switch_names_its_adapter(database: Database) -> None:
    created = make(host(database, "ws2022"), "Transparent", Name="out")
    layer = shown_by_ws2022(created, detailed=True)["Layer"]
    assert layer["NetworkAdapterName"] == "Ethernet"
    assert layer["Resources"]["Allocators"][0]["ExternalNic"]


def test_ics_tells_which_of_its_parts_are_on(database: Database) -> None:
    created = make(host(database, "ws2022"), "ICS", Name="WSL", Flags=9)
    _, ics = shown_by_ws2022(created)["Resources"]["Allocators"]
    assert (ics["Dns"], ics["Health"]["DNSState"]) == (True, 2)
    assert (ics["Dhcp"], ics["Health"]["DHCPState"]) == (False, 1)


@pytest.mark.parametrize("flags", [9, 265])
def test_flags_are_those_that_wsl_sent(database: Database, flags: int) -> None:
    lab = Lab(database, "win11")
    created = lab.network(Name="WSL", Type="ICS", Flags=flags, IsolateSwitch=True)
    assert (created["Flags"], created["IsolateSwitch"]) == (flags, True)


def test_the_default_switch_names_its_switch_from_11_on(database: Database) -> None:
    network = make(host(database, "ws2022"), "ICS", Name="Default Switch", ID=DEFAULT_SWITCH_ID)
    for release, shown in [("ws2019", False), ("ws2004", True), ("win11", True)]:
        document = network_v1(network, RELEASES[release], "release")
        assert (document.get("SwitchName") == "Default Switch") is shown
        assert (document.get("SwitchGuid") == DEFAULT_SWITCH_ID.upper()) is shown


def test_what_hcn_alone_has_is_left_out(database: Database) -> None:
    created = make(host(database, "ws2022"), "Private", Name="inside", Owner="me")
    shown = shown_by_ws2022(created)
    assert not shown.keys() & {"Owner", "SchemaVersion", "Ipams", "MacPool", "Dns"}


@pytest.mark.parametrize(
    ("release", "shown"), [("ws2019", True), ("ws1903", True), ("ws2004", False)]
)
def test_an_overlay_of_hcn_had_a_constraint_of_zeros(
    database: Database, release: str, *, shown: bool
) -> None:
    service = host(database, release)
    document = network_v1(make_overlay(service), RELEASES[release], "release")
    constraint = {"InterfaceGuid": "00000000-0000-0000-0000-000000000000"}
    assert document.get("InterfaceConstraint") == (constraint if shown else None)


def test_overlays_show_their_compartment_and_router(database: Database) -> None:
    created = Lab(database, "ws2022").network(**OVERLAY)
    assert created["DNSServerCompartment"] == 3
    assert created["DrMacAddress"].startswith("00-15-5D-")
    assert created["Subnets"][0]["Policies"] == [{"Type": "VSID", "VSID": 9999}]


def shown_by_ws2022(network: Network, *, detailed: bool = False) -> Document:
    """Return the document as Windows Server 2022 prints it."""
    return network_v1(network, RELEASES["ws2022"], "release", detailed=detailed)
