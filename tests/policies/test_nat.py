"""OutBoundNAT and PortMapping: what they must say, and what they come to."""

import pytest

from hnsemu.domain.facts import Policy
from hnsemu.domain.network_types import Mode
from hnsemu.domain.policies.portmapping import IPV6, LOCAL_ROUTED_VIP, PortMapping
from hnsemu.errors import Hr
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.nat import port_mapping, readable_mappings, with_external_port
from tests.policies.judged import context, on_endpoint, policy, refusal, seen_of_endpoint

WEB = policy("PortMapping", Protocol=6, InternalPort=80, ExternalPort=8080)
OVER_IPV6 = policy("PortMapping", Protocol=6, InternalPort=80, Flags=IPV6)


@pytest.mark.parametrize(
    ("stored", "where", "expected"),
    [
        (WEB, context(remote=True), Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION),
        (WEB, context(Mode.TRANSPARENT), Hr.HCN_E_MAPPING_NOT_SUPPORTED),
        (policy("PortMapping", Protocol=6), context(), Hr.HCN_E_INVALID_INTERNAL_PORT),
        (policy("PortMapping", InternalPort=80), context(), Hr.HCN_E_INVALID_POLICY),
        (OVER_IPV6, context(release="ws1903"), Hr.HCN_E_INVALID_POLICY),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(
    stored: Policy, where: PolicyContext, expected: Hr
) -> None:
    assert refusal(on_endpoint, stored, where) is expected


def test_a_mapping_is_accepted_where_ports_are_published() -> None:
    assert on_endpoint(WEB, context(Mode.NAT)) == (WEB,)
    assert on_endpoint(OVER_IPV6, context(release="ws2004")) == (OVER_IPV6,)


def test_a_mapping_publishes_a_port() -> None:
    routed = policy("PortMapping", Protocol=17, InternalPort=53, VIP="10.0.0.9", Flags=3)
    found = PortMapping(17, 53, 0, "10.0.0.9", ipv6=True)
    assert port_mapping(routed) == found
    plain, over_vip = seen_of_endpoint(WEB, routed).published
    assert (plain.mapping, plain.is_routed) == (PortMapping(6, 80, 8080), False)
    assert (over_vip.mapping, over_vip.is_routed) == (found, bool(LOCAL_ROUTED_VIP))


def test_the_chosen_port_stands_in_the_settings() -> None:
    chosen = with_external_port(policy("PortMapping", Protocol=6, InternalPort=80), 50123)
    assert port_mapping(chosen) == PortMapping(6, 80, 50123)


def test_mappings_are_read_as_far_as_they_can_be() -> None:
    stored = [WEB, policy("PortMapping", InternalPort="much"), policy("PortName", Name="x")]
    assert readable_mappings(stored) == (PortMapping(6, 80, 8080),)


def test_outbound_nat_is_seen_as_written() -> None:
    full = policy(
        "OutBoundNAT", VirtualIP="10.0.0.9", Exceptions=["10.0.0.0/8"], Destinations=["x"]
    )
    first, bare = seen_of_endpoint(full, policy("OutBoundNAT")).nats
    assert (first.virtual_ip, first.exceptions, first.destinations) == (
        "10.0.0.9", ("10.0.0.0/8",), ("x",),
    )  # fmt: skip
    assert (bare.virtual_ip, bare.exceptions, bare.destinations) == ("", (), ())
