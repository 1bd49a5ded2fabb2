"""What a fresh host has, and what comes back by itself."""

import pytest

from hnsemu.domain.host_furnishing import (
    DEFAULT_SWITCH,
    NAT,
    default_switch,
    lacks_default_switch,
    lacks_nat,
    missing_nat,
    new_adapters,
)
from hnsemu.domain.hosts import AdapterDefinition, HostDefinition
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import Network
from hnsemu.domain.releases import RELEASES
from hnsemu.host import SeededSource

WIRELESS = AdapterDefinition("Wi-Fi", wireless=True)
WIRED = AdapterDefinition("Ethernet", "02-00-00-00-00-01", "10.0.0.4/16", "10.0.0.1")


def network(mode: Mode, name: str = "web", id_: str = "a") -> Network:
    return Network(1, id_, name, mode, mode.value)


def test_adapters_are_those_of_the_definition() -> None:
    wifi, wired = new_adapters(HostDefinition(adapters=(WIRELESS, WIRED)), 0, SeededSource())
    assert (wifi.address, wifi.prefix_length, wifi.wireless) == ("", 0, True)
    assert wifi.mac.startswith("00-15-5D-")
    assert (wired.mac, wired.address, wired.prefix_length) == ("02-00-00-00-00-01", "10.0.0.4", 16)
    assert (wired.gateway, wired.key) == ("10.0.0.1", 0)
    assert wifi.id != wired.id


def test_without_adapters_in_the_definition_there_are_three() -> None:
    assert len(new_adapters(HostDefinition(), 0, SeededSource())) == 3


@pytest.mark.parametrize(
    ("release", "networks", "lacks"),
    [
        ("win11", [], True),
        ("ws2025", [], False),
        ("win11", [network(Mode.ICS, "Default Switch")], False),
        ("win11", [network(Mode.ICS, id_=DEFAULT_SWITCH.id)], False),
        ("win11", [network(Mode.ICS)], True),
    ],
    ids=["a client", "a server", "by its name", "by its id", "another ICS network"],
)
def test_a_client_has_the_default_switch(
    release: str, networks: list[Network], *, lacks: bool
) -> None:
    assert lacks_default_switch(RELEASES[release], networks) is lacks


@pytest.mark.parametrize(
    ("release", "flags"), [("win10-1709", 3), ("win10-1909", 3), ("win10-20h2", 11), ("win11", 11)]
)
def test_the_default_switch_is_not_persistent_from_11_on(release: str, flags: int) -> None:
    assert default_switch(RELEASES[release]).flags == flags


@pytest.mark.parametrize(
    ("networks", "lacks"),
    [
        ([], True),
        ([network(Mode.NAT)], False),
        ([network(Mode.TRANSPARENT, NAT.identity.name)], False),
        ([network(Mode.L2BRIDGE)], True),
    ],
    ids=["none", "a NAT network", "one of that name", "others"],
)
def test_a_container_engine_creates_nat_where_none_is(
    networks: list[Network], *, lacks: bool
) -> None:
    assert lacks_nat(networks) is lacks


@pytest.mark.parametrize(
    ("definition", "networks", "prefixes"),
    [
        (HostDefinition(), [], ["172.16.0.0/16"]),
        (HostDefinition(docker_fixed_cidr="10.70.0.0/16"), [], ["10.70.0.0/16"]),
        (HostDefinition(docker_fixed_cidr="10.70.0.0/16"), [network(Mode.NAT)], None),
        (HostDefinition(docker_bridge="none"), [], None),
    ],
)
def test_the_container_engine_makes_a_network_by_its_settings(
    definition: HostDefinition, networks: list[Network], prefixes: list[str] | None
) -> None:
    missing = missing_nat(definition, networks)
    found = None if missing is None else [subnet.prefix for subnet in missing.subnets]
    assert found == prefixes
