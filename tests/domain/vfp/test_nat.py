"""Source NAT: OutBoundNAT policies and redirected connections, as rules of a container port."""

from collections.abc import Sequence

import pytest

from hnsemu.domain.dataplane import OutboundNat, Proxy
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import ICMP, UDP
from hnsemu.domain.vfp.model import NatPool, RuleType
from hnsemu.domain.vfp.nat import keeps_source, outbound_rules, pool_names
from tests.domain.worlds import guid, network, outbound_nat, packet, pod, proxy

OVERLAY = network(Mode.OVERLAY, "10.244.1.0/24")
UNMANAGED = network(Mode.OVERLAY, "10.244.1.0/24", management_ip="")


def ids(
    *nats: OutboundNat, proxies: Sequence[Proxy] = (), addresses: Sequence[str] = ("10.244.1.5",)
) -> list[str]:
    web = pod(OVERLAY, "web", *addresses, nats=nats, proxies=tuple(proxies))
    return [rule.id for rule in outbound_rules(OVERLAY, web)]


@pytest.mark.parametrize(
    ("nat", "expected"),
    [
        pytest.param(
            outbound_nat(),
            ["SNAT_TCP_OUTBOUNDNAT_0_10.0.0.4", "SNAT_UDP_OUTBOUNDNAT_0_10.0.0.4"],
            id="to the host's address",
        ),
        pytest.param(
            outbound_nat("10.0.0.99"),
            ["SNAT_TCP_OUTBOUNDNAT_0_10.0.0.99", "SNAT_UDP_OUTBOUNDNAT_0_10.0.0.99"],
            id="to a VirtualIP",
        ),
        pytest.param(
            outbound_nat(exceptions=["10.96.0.0/12", "nonsense"]),
            ["ALLOW_OUTBOUNDNAT_EXCEPTION_0_10.96.0.0/12", "SNAT_TCP_OUTBOUNDNAT_0_10.0.0.4",
             "SNAT_UDP_OUTBOUNDNAT_0_10.0.0.4"],
            id="exceptions first, odd ones left out",
        ),
        pytest.param(
            outbound_nat(exceptions=["10.96.0.0/12"], destinations=["10.244.1.5"]),
            ["SNAT_TCP_OUTBOUNDNAT_0_10.0.0.4", "SNAT_UDP_OUTBOUNDNAT_0_10.0.0.4"],
            id="with destinations no exceptions",
        ),
        pytest.param(outbound_nat(destinations=["nonsense"]), [], id="destinations that are none"),
        pytest.param(outbound_nat("fd00::1"), [], id="of the other family"),
    ],
)  # fmt: skip
def test_a_policy_becomes_rules(nat: OutboundNat, expected: list[str]) -> None:
    assert ids(nat) == expected


def test_exceptions_are_numbered_over_all_policies() -> None:
    found = ids(outbound_nat(exceptions=["10.1.0.0/16"]), outbound_nat(exceptions=["10.2.0.0/16"]))
    assert [name for name in found if "EXCEPTION" in name] == [
        "ALLOW_OUTBOUNDNAT_EXCEPTION_0_10.1.0.0/16",
        "ALLOW_OUTBOUNDNAT_EXCEPTION_1_10.2.0.0/16",
    ]


def test_without_an_address_to_translate_to_there_is_no_rule() -> None:
    web = pod(UNMANAGED, "web", "10.244.1.5", nats=(outbound_nat(),),
              proxies=(proxy("10.244.1.5", 15001, nat=True),))  # fmt: skip
    assert outbound_rules(UNMANAGED, web) == []


def test_rules_match_what_the_endpoint_sends() -> None:
    web = pod(
        OVERLAY, "web", "10.244.1.5", "fd00::5", nats=(outbound_nat(destinations=["10.9.0.0/16"]),)
    )
    rule = outbound_rules(OVERLAY, web)[0]
    assert (rule.type, rule.priority) == (RuleType.DYNNAT, 150)
    assert rule.conditions.source is not None
    assert rule.conditions.source.texts == ("10.244.1.5",)
    assert rule.conditions.destination is not None
    assert rule.conditions.destination.texts == ("10.9.0.0/16",)
    assert isinstance(rule.data, NatPool)
    assert rule.data.block == (49152, 49215)


@pytest.mark.parametrize(
    ("redirection", "expected"),
    [
        (proxy("10.244.1.5", 15001, nat=True), ["SNAT_TCP_PROXY_0_10.0.0.4"]),
        (proxy("10.244.1.5", 15001), []),
        (proxy("nonsense", 15001, nat=True), []),
        (proxy("fd00::5", 15001, nat=True), []),
    ],
    ids=["wanted", "not wanted", "no address", "the other family"],
)
def test_a_redirected_connection_is_translated_where_the_policy_wants_it(
    redirection: Proxy, expected: list[str]
) -> None:
    assert ids(proxies=[redirection]) == expected


def test_an_endpoint_without_an_address_of_the_family_sends_nothing() -> None:
    redirection = proxy("10.244.1.5", 15001, nat=True)
    assert ids(outbound_nat(), proxies=[redirection], addresses=["fd00::5"]) == []


@pytest.mark.parametrize(
    ("nats", "destination", "protocol", "kept"),
    [
        ([outbound_nat()], "10.9.9.9", ICMP, True),
        ([outbound_nat()], "10.9.9.9", UDP, False),
        ([outbound_nat(exceptions=["10.9.0.0/16"])], "10.9.9.9", ICMP, False),
        ([outbound_nat(destinations=["10.8.0.0/16"])], "10.9.9.9", ICMP, False),
        ([], "10.9.9.9", ICMP, False),
    ],
    ids=["a ping", "UDP", "an exception", "another destination", "no policy"],
)
def test_a_protocol_that_nat_does_not_know_keeps_its_source(
    nats: Sequence[OutboundNat],
    destination: str,
    protocol: int,
    kept: bool,  # noqa: FBT001
) -> None:
    web = pod(OVERLAY, "web", "10.244.1.5", nats=tuple(nats))
    sent = packet("10.244.1.5", destination, 0, protocol)
    assert keeps_source(OVERLAY, web, sent) is kept


def test_pools_are_named_once() -> None:
    web = pod(OVERLAY, "web", "10.244.1.5", nats=(outbound_nat(exceptions=["10.1.0.0/16"]),))
    suffix = f"10.244.1.510.0.0.4{guid('web').upper()}0"
    assert pool_names(OVERLAY, web) == (
        f"SLB_NATPOOL_IPV4_TCP_{suffix}", f"SLB_NATPOOL_IPV4_UDP_{suffix}",
    )  # fmt: skip
    twice = pod(OVERLAY, "web", "10.244.1.5", proxies=(proxy("10.244.1.5", 1, nat=True),))
    assert len(pool_names(OVERLAY, twice)) == 1
