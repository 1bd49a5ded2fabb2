"""ACL texts: lists of protocols, addresses and ports."""

import pytest

from hnsemu.domain.policies.acl import Tuple5, check_tuple, parts, uses_vxlan_protocol
from hnsemu.errors import HnsError, Hr


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(Tuple5(), id="everything left out"),
        pytest.param(Tuple5(protocols="256"), id="256 is any"),
        pytest.param(Tuple5(protocols="6, 17"), id="a list of protocols"),
        pytest.param(Tuple5(local_addresses="10.0.0.1,10.1.0.0/16,fd00::/8"), id="addresses"),
        pytest.param(Tuple5(remote_addresses="169.254.169.254/24"), id="host bits"),
        pytest.param(Tuple5(local_ports="80,443-450", remote_ports="0"), id="ports and ranges"),
        pytest.param(Tuple5(local_addresses="azure-npm-1"), id="id of a set"),
    ],
)
def test_a_rule_that_windows_takes_is_taken(rule: Tuple5) -> None:
    check_tuple(rule, lambda: {"azure-npm-1"}, "ACL")


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(Tuple5(local_addresses="Any"), id="the word Any"),
        pytest.param(Tuple5(protocols="any"), id="the word any as protocol"),
        pytest.param(Tuple5(protocols="257"), id="no such protocol"),
        pytest.param(Tuple5(remote_addresses="azure-npm-2"), id="unknown set"),
        pytest.param(Tuple5(remote_addresses="10.0.0.0/33"), id="no prefix"),
        pytest.param(Tuple5(local_ports="80-"), id="half a range"),
        pytest.param(Tuple5(local_ports="90-80"), id="backwards"),
        pytest.param(Tuple5(remote_ports="65536"), id="no port"),
    ],
)
def test_a_rule_that_windows_refuses_is_refused(rule: Tuple5) -> None:
    with pytest.raises(HnsError) as refusal:
        check_tuple(rule, lambda: {"azure-npm-1"}, "ACL web")
    assert refusal.value.hr is Hr.HCN_E_INVALID_POLICY
    assert refusal.value.detail.startswith("ACL web: ")


def test_lists_are_read_blanks_cut_off() -> None:
    assert parts(" 80 , 443,") == ["80", "443"]
    assert parts("") == parts("0") == []


def test_protocol_252_is_noticed() -> None:
    assert uses_vxlan_protocol(Tuple5(protocols="6,252"))
    assert not uses_vxlan_protocol(Tuple5(protocols="25,2"))
