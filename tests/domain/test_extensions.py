"""Switch extensions by release and type of network."""

from dataclasses import replace

import pytest

from hnsemu.domain.extensions import check_extension, extension_ids, extensions
from hnsemu.domain.facts import InstalledExtension, VSwitch
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr

SWITCH = VSwitch(1, "s", "vxlan", SwitchKind.EXTERNAL, "overlay", "layer", "owner", "parent")


@pytest.mark.parametrize(
    ("mode", "flags", "enabled"),
    [
        (Mode.OVERLAY, 8, [False, True, True]),
        (Mode.L2BRIDGE, 0, [False, True, True]),
        (Mode.NAT, 8, [False, False, True]),
        (Mode.ICS, 11, [False, False, True]),
        pytest.param(Mode.ICS, 265, [False, True, True], id="WSL with its firewall"),
    ],
)
def test_extensions_that_are_on(mode: Mode, flags: int, enabled: list[bool]) -> None:
    found = extensions(SWITCH, mode, RELEASES["win11"], flags)
    assert [extension.is_enabled for extension in found] == enabled


def test_choice_of_the_caller_wins() -> None:
    wfp, vfp, _ = extension_ids(RELEASES["ws2022"])
    chosen = replace(SWITCH, extensions=((vfp, False), (wfp, True)))
    found = extensions(chosen, Mode.OVERLAY, RELEASES["ws2022"])
    assert [extension.is_enabled for extension in found] == [True, False, True]


@pytest.mark.parametrize(
    ("release", "vfp", "name"),
    [
        ("ws2019", "e9b59cfa", "Microsoft Azure VFP Switch Extension"),
        ("ws2022", "f74f241b", "Microsoft Azure VFP Switch Extension"),
        ("win11", "f74f241b", "Microsoft Azure VFP Switch Filter Extension"),
    ],
)
def test_ids_and_names_moved_with_the_releases(release: str, vfp: str, name: str) -> None:
    found = extensions(SWITCH, Mode.OVERLAY, RELEASES[release])[1]
    assert (found.id[:8], found.name) == (vfp, name)


def test_extension_of_another_release_is_unknown() -> None:
    old = extension_ids(RELEASES["ws2019"])[1]
    check_extension(old, RELEASES["ws2019"])
    with pytest.raises(HnsError) as refusal:
        check_extension(old, RELEASES["ws2022"])
    assert refusal.value.hr is Hr.HCN_E_SWITCH_EXTENSION_NOT_FOUND


OPEN_VSWITCH = InstalledExtension("583cc151-73ec-4a6a-8b47-578297ad7623", "Open vSwitch Extension")


def test_an_installed_extension_stands_behind_wfp() -> None:
    switch = replace(SWITCH, installed=(OPEN_VSWITCH,))
    found = extensions(switch, Mode.TRANSPARENT, RELEASES["ws2019"])
    assert (found[1].name, found[1].is_enabled) == ("Open vSwitch Extension", False)
    assert len(found) == 4
    chosen = replace(switch, extensions=((OPEN_VSWITCH.id, True),))
    assert extensions(chosen, Mode.TRANSPARENT, RELEASES["ws2019"])[1].is_enabled


def test_an_extension_is_known_where_it_is_installed() -> None:
    check_extension(OPEN_VSWITCH.id, RELEASES["ws2019"], (OPEN_VSWITCH,))
    with pytest.raises(HnsError, match="list it under extensions"):
        check_extension(OPEN_VSWITCH.id, RELEASES["ws2019"])
