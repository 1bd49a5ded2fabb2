"""L4Proxy and L4WFPPROXY: what they must say, and what is redirected."""

import pytest

from hnsemu.domain.network_types import Mode
from hnsemu.domain.policies.acl import Tuple5
from hnsemu.domain.wfp import WfpExceptions, WfpProxy
from hnsemu.errors import Hr
from tests.policies.judged import (
    context,
    on_endpoint,
    on_network,
    policy,
    refusal,
    seen_of_endpoint,
    seen_of_network,
)

PROXY = policy("L4Proxy", IP="10.0.0.9", Port="15001")


def test_a_proxy_of_a_network_needs_a_port_and_vfp() -> None:
    assert refusal(on_network, policy("L4Proxy", IP="10.0.0.9")) is Hr.HCN_E_INVALID_POLICY
    assert refusal(on_network, PROXY, context(Mode.NAT)) is Hr.HCN_E_INVALID_POLICY_TYPE
    assert on_network(PROXY) == (PROXY,)


@pytest.mark.parametrize("kind", ["L4Proxy", "L4WFPPROXY"])
def test_proxies_are_newer_than_1903(kind: str) -> None:
    where = context(release="ws1903")
    assert refusal(on_endpoint, policy(kind), where) is Hr.HCN_E_INVALID_POLICY_TYPE
    assert on_endpoint(policy(kind)) == (policy(kind),)


def test_a_proxy_is_seen_with_every_exception() -> None:
    stored = policy(
        "L4Proxy", IP="10.0.0.9", Port="x", Protocol=17, Destination="10.1.0.0/16",
        ExceptionList=["10.1.0.1"], Exceptions=["10.1.0.2"], OutboundNAT=True,
    )  # fmt: skip
    (proxy,) = seen_of_endpoint(stored).proxies
    assert (proxy.address, proxy.port, proxy.protocol) == ("10.0.0.9", 0, 17)
    assert (proxy.destination, proxy.outbound_nat) == ("10.1.0.0/16", True)
    assert proxy.exceptions == ("10.1.0.1", "10.1.0.2")
    (of_network,) = seen_of_network(PROXY).proxies
    assert (of_network.port, of_network.protocol, of_network.outbound_nat) == (15001, 6, False)


def test_a_wfp_proxy_is_seen_in_both_directions() -> None:
    stored = policy(
        "L4WFPPROXY", OutboundProxyPort="15001", InboundProxyPort="15003", UserSID="S-1-5-32",
        FilterTuple={"Protocols": "6"},
        OutboundExceptions={"IpAddressExceptions": ["10.0.0.1"], "PortExceptions": ["443"]},
    )  # fmt: skip
    both, bare = seen_of_endpoint(stored, policy("L4WFPPROXY", Port="15002")).of(WfpProxy)
    assert (both.outbound_port, both.inbound_port, both.user_sid) == (15001, 15003, "S-1-5-32")
    assert (both.match, both.inbound) == (Tuple5("6"), WfpExceptions())
    assert both.outbound == WfpExceptions(("10.0.0.1",), ("443",))
    assert (bare.outbound_port, bare.inbound_port, bare.match) == (15002, 0, Tuple5())
