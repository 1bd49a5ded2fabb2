"""A definition names what a host must have; the rest is left to the emulator."""

import pytest

from hnsemu.domain.facts import Adapter, InstalledExtension
from hnsemu.domain.host_definition import (
    adapter_definitions,
    adapter_mac,
    bound_switches,
    check_definition,
    check_host_name,
    default_definition,
    differences,
    lowest_free,
    machine,
    new_host,
)
from hnsemu.domain.hosts import (
    AdapterDefinition,
    ExternalSwitch,
    HostDefinition,
    Machine,
)
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr

VFP_ID = "f74f241b-440f-4433-bb28-00f89ead20d8"
NIC = AdapterDefinition("Ethernet", "00-15-5D-00-00-01", "10.0.0.4/24", "10.0.0.1")
WIFI = AdapterDefinition("Wi-Fi", wireless=True)
FULL = HostDefinition(
    release=RELEASES["ws2019"],
    adapters=(NIC, WIFI),
    external_switches=(ExternalSwitch("ext", ("Ethernet",)),),
    variant="azure",
    hns_version=(9, 3),
    build=17763,
    schema_version=(2, 1),
    extensions=(InstalledExtension("583cc151-73ec-4a6a-8b47-578297ad7623", "Open vSwitch"),),
    azure_vm=True,
    management_ip_delay=20_000_000,
    dns_servers=("10.0.0.2", "fd00::2"),
    dns_suffix="corp.example",
)


def built(wanted: HostDefinition) -> Machine:
    """Return the machine of a definition, MACs filled in."""
    adapters = [
        Adapter(
            key=position,
            id="",
            name=definition.name,
            mac=definition.mac or adapter_mac(position),
            address=definition.address.partition("/")[0],
            prefix_length=int(definition.address.partition("/")[2] or 0),
            gateway=definition.gateway,
            wireless=definition.wireless,
        )
        for position, definition in enumerate(adapter_definitions(wanted, 0))
    ]
    return machine(new_host("node", 0, wanted, 7), adapters)


@pytest.mark.parametrize("name", ["a", "default", "node-1", "1", "x" * 63])
def test_a_dns_label_names_a_host(name: str) -> None:
    check_host_name(name)


@pytest.mark.parametrize("name", ["", "-a", "a-", "a.b", "Node", "a_b", "ä", "x" * 64, "a\n"])
def test_anything_else_names_no_host(name: str) -> None:
    with pytest.raises(HnsError) as refusal:
        check_host_name(name)
    assert refusal.value.hr is Hr.E_INVALIDARG


@pytest.mark.parametrize(
    ("number", "addresses"),
    [
        (0, ["10.127.130.35/24", "10.127.131.35/24", "10.127.132.35/24"]),
        (1, ["10.127.130.36/24", "10.127.131.36/24", "10.127.132.36/24"]),
        (199, ["10.127.130.234/24", "10.127.131.234/24", "10.127.132.234/24"]),
        (200, ["10.127.133.35/24", "10.127.134.35/24", "10.127.135.35/24"]),
        (8399, ["10.127.253.234/24", "10.127.254.234/24", "10.127.255.234/24"]),
        (8400, ["10.128.0.35/24", "10.128.1.35/24", "10.128.2.35/24"]),
    ],
)
def test_default_adapters_of_no_two_hosts_share_an_address(
    number: int, addresses: list[str]
) -> None:
    adapters = adapter_definitions(HostDefinition(), number)
    assert [adapter.address for adapter in adapters] == addresses
    assert [adapter.name for adapter in adapters] == ["Ethernet", "Ethernet 2", "Ethernet 3"]
    assert adapters[0].gateway == addresses[0].rpartition(".")[0] + ".1"


@pytest.mark.parametrize(
    ("taken", "free"), [([], 0), ([0], 1), ([1], 0), ([0, 1, 3], 2), ([0, 1, 2], 3)]
)
def test_the_lowest_number_nobody_has_is_next(taken: list[int], free: int) -> None:
    assert lowest_free(taken) == free


def test_a_generated_mac_is_one_of_hyper_v() -> None:
    assert adapter_mac(0x0A0B0C) == "00-15-5D-0A-0B-0C"


def test_what_is_left_out_gets_the_defaults() -> None:
    host = new_host("node", 3, HostDefinition(), now=7)
    assert host.release is RELEASES["ws2025"]
    assert host.dns_servers == ("168.63.129.16",)
    assert host.dns_suffix == "example.internal"
    assert (host.number, host.created, host.started) == (3, 7, 7)
    assert not host.azure_vm
    assert host.management_ip_delay == 0


def test_a_variant_brings_its_adapters() -> None:
    (wifi,) = adapter_definitions(HostDefinition(variant="wifi"), 1)
    assert (wifi.name, wifi.address, wifi.wireless) == ("Wi-Fi", "10.127.130.36/24", True)
    host = new_host("node", 0, HostDefinition(variant="azure"), now=7)
    assert host.azure_vm


def test_versions_of_the_definition_win_over_those_of_the_release() -> None:
    host = new_host("node", 0, HostDefinition(hns_version=(15, 5), build=26200), now=7)
    assert (host.release.name, host.release.hns, host.release.build) == ("ws2025", (15, 5), 26200)
    assert host.release.schema == RELEASES["ws2025"].schema


def test_settings_define_the_default_host() -> None:
    assert default_definition("ws2022", "") == HostDefinition(release=RELEASES["ws2022"])
    assert default_definition("ws2025", "15.5").hns_version == (15, 5)
    for release, version in [("ws2030", ""), ("ws2025", "newest"), ("ws2025", "9.5")]:
        with pytest.raises(HnsError) as refusal:
            default_definition(release, version)
        assert refusal.value.hr is Hr.E_INVALIDARG


def test_a_definition_may_name_no_dns_servers() -> None:
    wanted = HostDefinition(dns_servers=(), dns_suffix="")
    host = new_host("node", 0, wanted, now=7)
    assert host.dns_servers == ()
    assert not host.dns_suffix


def test_a_switch_without_adapters_takes_the_next_free_one() -> None:
    wanted = HostDefinition(
        external_switches=(ExternalSwitch("any"), ExternalSwitch("first", ("Ethernet",)))
    )
    bound = bound_switches(wanted, adapter_definitions(wanted, 0))
    assert bound == (
        ExternalSwitch("any", ("Ethernet 2",)),
        ExternalSwitch("first", ("Ethernet",)),
    )


@pytest.mark.parametrize(
    ("wanted", "hr", "named"),
    [
        (
            HostDefinition(external_switches=(ExternalSwitch("ext", ("eth0",)),)),
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            "eth0",
        ),
        (
            HostDefinition(
                adapters=(NIC,), external_switches=(ExternalSwitch("a"), ExternalSwitch("b"))
            ),
            Hr.HCN_E_ADAPTER_NOT_FOUND,
            "'b'",
        ),
        (
            HostDefinition(external_switches=(ExternalSwitch("a"), ExternalSwitch("a"))),
            Hr.E_INVALIDARG,
            "'a'",
        ),
        (HostDefinition(external_switches=(ExternalSwitch(""),)), Hr.E_INVALIDARG, "empty"),
        (HostDefinition(adapters=(NIC, NIC)), Hr.E_INVALIDARG, "'Ethernet'"),
        (
            HostDefinition(adapters=(NIC, AdapterDefinition("two", mac=NIC.mac))),
            Hr.E_INVALIDARG,
            NIC.mac,
        ),
        (
            HostDefinition(adapters=(NIC, AdapterDefinition("two", address=NIC.address))),
            Hr.E_INVALIDARG,
            NIC.address,
        ),
        (HostDefinition(adapters=(AdapterDefinition("a,b"),)), Hr.E_INVALIDARG, "comma"),
        (HostDefinition(adapters=(AdapterDefinition("a", mac="0a"),)), Hr.E_INVALIDARG, "'0a'"),
        (
            HostDefinition(adapters=(AdapterDefinition("a", address="10.0.0.4"),)),
            Hr.HCN_E_INVALID_IP,
            "10.0.0.4/24",
        ),
        (
            HostDefinition(adapters=(AdapterDefinition("a", address="10.0.0.4/33"),)),
            Hr.HCN_E_INVALID_IP,
            "10.0.0.4/33",
        ),
        (
            HostDefinition(adapters=(AdapterDefinition("a", address="10.0.0.4/255.0.0.0"),)),
            Hr.HCN_E_INVALID_IP,
            "255.0.0.0",
        ),
        (
            HostDefinition(external_switches=(ExternalSwitch("a", ("Ethernet", "Ethernet")),)),
            Hr.E_INVALIDARG,
            "'Ethernet' appears twice",
        ),
        (
            HostDefinition(adapters=(AdapterDefinition("a", gateway="router"),)),
            Hr.HCN_E_INVALID_IP,
            "'router'",
        ),
        (
            HostDefinition(adapters=(AdapterDefinition("a", gateway="fd00::1"),)),
            Hr.HCN_E_INVALID_IP,
            "gateway6 those of IPv6",
        ),
        (
            HostDefinition(adapters=(AdapterDefinition("a", gateway6="10.0.0.1"),)),
            Hr.HCN_E_INVALID_IP,
            "gateway6: '10.0.0.1' is no IPv6 address",
        ),
        (
            HostDefinition(adapters=(AdapterDefinition("a", address6="fd00::4"),)),
            Hr.HCN_E_INVALID_IP,
            "fd00:10::4/64",
        ),
        (
            HostDefinition(adapters=(AdapterDefinition("a", address6="fe80::4%3/64"),)),
            Hr.HCN_E_INVALID_IP,
            "'fe80::4%3/64'",
        ),
        (
            HostDefinition(
                adapters=tuple(AdapterDefinition(name, address6="fd00::4/64") for name in "ab")
            ),
            Hr.E_INVALIDARG,
            "adapters: address6 'fd00::4/64' appears twice",
        ),
        (HostDefinition(dns_servers=("dns",)), Hr.HCN_E_INVALID_IP, "'dns'"),
        (HostDefinition(variant="mainframe"), Hr.E_INVALIDARG, "'mainframe'"),
        (HostDefinition(hns_version=(9, 5)), Hr.E_INVALIDARG, "hns_version"),
        (
            HostDefinition(extensions=(InstalledExtension(VFP_ID, "VFP"),)),
            Hr.E_INVALIDARG,
            "comes with Windows Server 2025",
        ),
        (
            HostDefinition(extensions=(InstalledExtension("a", "one"),) * 2),
            Hr.E_INVALIDARG,
            "'a' appears twice",
        ),
        (HostDefinition(extensions=(InstalledExtension("a", ""),)), Hr.E_INVALIDARG, "name"),
    ],
)
def test_a_definition_no_host_can_have_is_refused(
    wanted: HostDefinition, hr: Hr, named: str
) -> None:
    with pytest.raises(HnsError) as refusal:
        check_definition(wanted)
    assert refusal.value.hr is hr
    assert named in refusal.value.detail


@pytest.mark.parametrize("wanted", [HostDefinition(), FULL, HostDefinition(adapters=())])
def test_a_definition_does_not_differ_from_the_machine_it_gives(wanted: HostDefinition) -> None:
    check_definition(wanted)
    assert differences(wanted, built(wanted)) == ()
    assert differences(HostDefinition(), built(wanted)) == ()


def test_the_definition_a_machine_shows_does_not_differ_from_it() -> None:
    wanted = HostDefinition(external_switches=(ExternalSwitch("ext"),))
    have = built(wanted)
    shown = HostDefinition(
        release=have.host.release,
        adapters=tuple(
            AdapterDefinition(adapter.name, adapter.mac, f"{adapter.address}/24", adapter.gateway)
            for adapter in have.adapters
        ),
        external_switches=have.external_switches,
        azure_vm=have.host.azure_vm,
        management_ip_delay=have.host.management_ip_delay,
        dns_servers=have.host.dns_servers,
        dns_suffix=have.host.dns_suffix,
    )
    assert differences(shown, have) == ()


@pytest.mark.parametrize(
    ("wanted", "member"),
    [
        (HostDefinition(release=RELEASES["ws2022"]), "release"),
        (HostDefinition(variant="wifi"), "variant"),
        (HostDefinition(hns_version=(9, 5)), "hns_version"),
        (HostDefinition(build=17764), "build"),
        (HostDefinition(schema_version=(2, 0)), "schema_version"),
        (HostDefinition(extensions=()), "extensions"),
        (HostDefinition(adapters=(NIC,)), "adapters"),
        (HostDefinition(adapters=(NIC, AdapterDefinition("Wi-Fi"))), "adapters"),
        (HostDefinition(external_switches=()), "external_switches"),
        (
            HostDefinition(external_switches=(ExternalSwitch("ext", ("Wi-Fi",)),)),
            "external_switches",
        ),
        (HostDefinition(azure_vm=False), "azure_vm"),
        (HostDefinition(management_ip_delay=0), "management_ip_delay"),
        (HostDefinition(dns_servers=()), "dns_servers"),
        (HostDefinition(dns_suffix=""), "dns_suffix"),
    ],
)
def test_a_member_that_differs_is_named(wanted: HostDefinition, member: str) -> None:
    assert differences(wanted, built(FULL)) == (member,)
