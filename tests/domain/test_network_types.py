"""Network types: which rules each has, and which no container host can create."""

import pytest

from hnsemu.domain.network_types import NETWORK_TYPES, Mode, SwitchKind, network_type
from hnsemu.errors import HnsError, Hr


@pytest.mark.parametrize("mode", [Mode.MIRRORED, Mode.INFINIBAND])
def test_other_types_are_refused_by_naming_the_known_ones(mode: Mode) -> None:
    with pytest.raises(HnsError, match="NAT, ICS, ConstrainedICS, Transparent") as refusal:
        network_type(mode)
    assert refusal.value.hr is Hr.HCN_E_INVALID_NETWORK_TYPE


def test_vfp_is_on_external_switches_alone() -> None:
    with_vfp = {mode for mode, rules in NETWORK_TYPES.items() if rules.vfp}
    assert with_vfp == {Mode.L2BRIDGE, Mode.L2TUNNEL, Mode.OVERLAY}
    assert {NETWORK_TYPES[mode].switch for mode in with_vfp} == {SwitchKind.EXTERNAL}


def test_the_host_has_a_vnic_on_internal_switches_alone() -> None:
    for mode, rules in NETWORK_TYPES.items():
        assert rules.host_vnic is (rules.switch is SwitchKind.INTERNAL), mode
