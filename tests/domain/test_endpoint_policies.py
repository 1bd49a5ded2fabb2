"""What the policies of an endpoint need of its host."""

import pytest

from hnsemu.domain.endpoint_policies import EndpointPolicies, needs_nat_block
from hnsemu.domain.network_types import Mode


@pytest.mark.parametrize(
    ("mode", "source_nat", "remote", "expected"),
    [
        (Mode.OVERLAY, True, False, True),
        (Mode.L2BRIDGE, True, False, True),
        (Mode.OVERLAY, False, False, False),
        (Mode.OVERLAY, True, True, False),
        (Mode.NAT, True, False, False),
    ],
    ids=["overlay", "bridge", "no source NAT", "remote", "translated by WinNAT"],
)
def test_source_nat_in_vfp_takes_a_block_of_ports(
    mode: Mode, *, source_nat: bool, remote: bool, expected: bool
) -> None:
    policies = EndpointPolicies(source_nat=source_nat)
    assert needs_nat_block(mode, policies, remote=remote) is expected
