"""Load balancers: their rules on container ports, on backends' ports, and on the host port."""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address

import pytest

from hnsemu.domain.dataplane import Balancer, PlumbedEndpoint
from hnsemu.domain.loadbalancers import DIRECT_SERVER_RETURN, IPV6
from hnsemu.domain.network_types import Mode
from hnsemu.domain.vfp.loadbalancers import (
    PRESERVE_DIP,
    backend_rules,
    dsr_rules,
    host_rules,
    is_routed,
    served,
)
from hnsemu.domain.vfp.model import Balance, Dip, NatTo, RuleType
from tests.domain.worlds import balancer, guid, network, pod, remote

NODE = ip_address("10.0.0.4")
OVERLAY = network(Mode.OVERLAY, "10.244.1.0/24", name="overlay")
WEB = pod(OVERLAY, "web", "10.244.1.5", "fd00::5")
FAR = remote(OVERLAY, "10.244.2.7", "10.0.0.9")
NEAR_DIP = Dip(ip_address("10.244.1.5"), 8080, WEB.id, is_local=True)
FAR_DIP = Dip(ip_address("10.244.2.7"), 8080, FAR.id, is_local=False)
DSR = DIRECT_SERVER_RETURN


def test_dsr_translates_at_every_container_port() -> None:
    (rule,) = dsr_rules(balancer([WEB, FAR], "10.96.0.10", flags=DSR, distribution=2), NODE)
    assert rule.id == f"LB_DSR_{guid('overlay')[:8]}_10.0.0.4_10.96.0.10_80_8080_6"
    assert rule.data == Balance((NEAR_DIP, FAR_DIP), 2)


@pytest.mark.parametrize(
    "service",
    [balancer([WEB], "10.96.0.10"), balancer([], "10.96.0.10", flags=DSR)],
    ids=["without DSR", "without backends"],
)
def test_otherwise_container_ports_have_no_rule(service: Balancer) -> None:
    assert list(dsr_rules(service, NODE)) == []


def test_without_a_management_address_the_rule_is_named_after_the_service() -> None:
    (rule,) = dsr_rules(balancer([WEB], "10.96.0.10", flags=DSR), None)
    assert "_10.96.0.10_10.96.0.10_" in rule.id


OUTSIDE = remote(OVERLAY, "10.0.0.80", "10.0.0.4")


@pytest.mark.parametrize(
    ("backends", "source_vip", "is_overlay", "source"),
    [
        ([OUTSIDE], "10.0.0.4", True, NODE),
        ([OUTSIDE], "10.244.1.2", True, None),
        ([OUTSIDE], "", True, None),
        ([OUTSIDE], "10.0.0.4", False, None),
        ([OUTSIDE, WEB], "10.0.0.4", True, None),
    ],
    ids=["outside the overlay", "in it", "no SourceVIP", "on a bridge", "one of them here"],
)
def test_backends_outside_an_overlay_see_the_node(
    backends: Sequence[PlumbedEndpoint],
    source_vip: str,
    is_overlay: bool,  # noqa: FBT001
    source: object,
) -> None:
    service = balancer(backends, "10.96.0.1", flags=DSR, source_vip=source_vip)
    (rule,) = dsr_rules(service, NODE, is_overlay=is_overlay)
    assert isinstance(rule.data, Balance)
    assert rule.data.source_vip == source


def test_a_backend_answers_for_the_service_address() -> None:
    (inward,), (outward,) = backend_rules(
        balancer([FAR, WEB], "10.96.0.10", flags=DSR), WEB.id, NODE
    )
    assert (inward.id, inward.data) == (
        "NAT_7_10.96.0.10_80_6",
        NatTo(ip_address("10.244.1.5"), 8080),
    )
    assert (outward.id, outward.type) == ("ALLOW_NAT_7_10.96.0.10_80_6", RuleType.ALLOW)
    assert outward.conditions.source_ports == ((80, 80),)


@pytest.mark.parametrize(
    "service",
    [
        balancer([WEB], "10.96.0.10"),
        balancer([FAR], "10.96.0.10", flags=DSR),
        balancer([WEB], "10.96.0.10", flags=DSR, mapping_flags=PRESERVE_DIP),
    ],
    ids=["without DSR", "of other backends", "the address is preserved"],
)
def test_other_ports_have_no_rules_of_a_backend(service: Balancer) -> None:
    assert backend_rules(service, WEB.id, NODE) == ([], [])


@pytest.mark.parametrize(
    ("service", "names"),
    [
        pytest.param(
            balancer([WEB], "10.96.0.10"),
            ([], ["NAT_7_10.96.0.10_80_80_6"], ["HairPin_7_10.96.0.10_80_80_6"]),
            id="one backend here",
        ),
        pytest.param(
            balancer([WEB, replace(WEB)], "10.96.0.10"),
            ([], ["LB_7_10.96.0.10_80_80_6"], ["HairPin_7_10.96.0.10_80_80_6"]),
            id="several here",
        ),
        pytest.param(
            balancer([WEB], "10.96.0.10", source_vip="10.244.1.2"),
            ([], ["LB_7_10.96.0.10_80_80_6"], ["HairPin_7_10.96.0.10_80_80_6"]),
            id="with a source VIP",
        ),
        pytest.param(
            balancer([WEB, FAR], "10.96.0.10"),
            (["LB_HOST_7_10.96.0.10_80_8080_6"], [], ["HairPin_7_10.96.0.10_80_80_6"]),
            id="here and elsewhere",
        ),
        pytest.param(
            balancer([FAR], "10.96.0.10"),
            (["LB_HOST_7_10.96.0.10_80_8080_6"], [], []),
            id="elsewhere",
        ),
        pytest.param(balancer([], "10.96.0.10"), ([], [], []), id="without backends"),
    ],
)
def test_the_host_port_balances_where_its_backends_are(
    service: Balancer, names: tuple[list[str], ...]
) -> None:
    found = host_rules(service, NODE)
    assert tuple([rule.id for rule in rules] for rules in found) == names


@pytest.mark.parametrize(
    ("service", "source"),
    [
        (balancer([FAR], "10.96.0.10", source_vip="10.244.1.2"), "10.244.1.2"),
        (balancer([FAR], "10.96.0.10", source_vip="fd00::2"), None),
        (balancer([FAR], "10.96.0.10"), None),
        (balancer([FAR], "10.96.0.10", source_vip="10.244.1.2", flags=DSR), "10.244.1.2"),
    ],
    ids=["given", "the other family", "none", "DSR with backends elsewhere"],
)
def test_the_source_vip_hides_clients(service: Balancer, source: str | None) -> None:
    (rule,), _, _ = host_rules(service, NODE)
    assert isinstance(rule.data, Balance)
    assert rule.data.source_vip == (ip_address(source) if source else None)


def test_dsr_keeps_clients_visible_to_local_backends() -> None:
    _, (rule,), _ = host_rules(
        balancer([WEB], "10.96.0.10", source_vip="10.244.1.2", flags=DSR), NODE
    )
    assert isinstance(rule.data, NatTo)


@pytest.mark.parametrize(
    ("service", "management", "vips"),
    [
        (balancer([WEB], "10.96.0.10"), NODE, ["10.96.0.10"]),
        (balancer([WEB], ""), NODE, ["10.0.0.4"]),
        (balancer([WEB], "", flags=IPV6), NODE, []),
        (balancer([WEB], "", flags=IPV6), ip_address("fd00::4"), ["fd00::4"]),
        (balancer([WEB], ""), None, []),
        (balancer([WEB], "nonsense"), NODE, []),
    ],
    ids=["VIP", "node port", "no IPv6 here", "IPv6 node port", "no address", "no VIP"],
)
def test_a_service_answers_on_its_vips_else_on_the_hosts_address(
    service: Balancer, management: object, vips: list[str]
) -> None:
    assert [str(vip) for vip, _ in served(service, management)] == vips  # type: ignore[arg-type]


def test_backends_are_those_of_the_services_family() -> None:
    (rule,) = dsr_rules(balancer([WEB, FAR], "fd00::10", flags=DSR), None)
    assert isinstance(rule.data, Balance)
    assert [str(dip.address) for dip in rule.data.dips] == ["fd00::5"]


def test_ports_and_protocol_0_match_everything() -> None:
    (rule,) = dsr_rules(
        balancer([WEB], "10.96.0.10", 0, 0, protocol=0, flags=DSR, name="svc"), NODE
    )
    assert rule.conditions.protocols == frozenset()
    assert rule.conditions.destination_ports == ()
    assert rule.name == "svc"


@pytest.mark.parametrize(("flags", "routed"), [(0, True), (1, False), (2, True), (3, True)])
def test_internal_services_are_not_the_hosts_own_unless_routed(flags: int, routed: bool) -> None:  # noqa: FBT001
    (mapping,) = balancer([WEB], "", mapping_flags=flags).policy_list.port_mappings
    assert is_routed(mapping) is routed
