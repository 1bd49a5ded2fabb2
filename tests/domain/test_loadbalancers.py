"""What a load balancer may say, what it answers on, and which release knows what."""

from dataclasses import replace

import pytest

from hnsemu.domain.loadbalancers import (
    Frontend,
    as_known_by,
    check_load_balancer,
    frontends,
    with_backends,
    with_content,
    with_whole_content,
    without_backends,
)
from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping
from hnsemu.domain.releases import RELEASES
from hnsemu.errors import HnsError, Hr

WS2025 = RELEASES["ws2025"]
HTTP = PortMapping(protocol=6, internal_port=8080, external_port=80)
BALANCER = PolicyList(
    key=0,
    id="",
    kind=PolicyListKind.LOAD_BALANCER,
    references=("0d7e0000-0000-4000-8000-000000000001",),
    frontend_vips=("10.96.0.10",),
    port_mappings=(HTTP,),
)


@pytest.mark.parametrize(
    ("balancer", "expected"),
    [
        pytest.param(BALANCER, [("10.96.0.10", 6, 80)], id="one address, one port"),
        pytest.param(
            replace(BALANCER, frontend_vips=("1.1.1.2", "1.1.1.3")),
            [("1.1.1.2", 6, 80), ("1.1.1.3", 6, 80)],
            id="every address has every port",
        ),
        pytest.param(
            replace(BALANCER, frontend_vips=()),
            [("", 6, 80)],
            id="no address is every IPv4 address",
        ),
        pytest.param(
            replace(BALANCER, frontend_vips=(), flags=2),
            [("::", 6, 80)],
            id="with the IPv6 flag every IPv6 address",
        ),
        pytest.param(
            replace(BALANCER, frontend_vips=("FD00:10:96:0::1",), flags=3),
            [("fd00:10:96::1", 6, 80)],
            id="spellings of one address are equal",
        ),
        pytest.param(
            replace(BALANCER, port_mappings=(PortMapping(),)),
            [("10.96.0.10", 0, 0)],
            id="ports 0 and protocol 0 stand for all",
        ),
    ],
)
def test_frontends_are_addresses_times_mappings(
    balancer: PolicyList, expected: list[tuple[str, int, int]]
) -> None:
    assert frontends(balancer) == tuple(Frontend(*members) for members in expected)


@pytest.mark.parametrize(
    "balancer",
    [
        pytest.param(BALANCER, id="cluster address"),
        pytest.param(replace(BALANCER, frontend_vips=()), id="node port"),
        pytest.param(
            replace(BALANCER, port_mappings=(PortMapping(),), source_vip="10.0.1.4"),
            id="swarm: every port of the address",
        ),
        pytest.param(
            replace(BALANCER, port_mappings=(replace(HTTP, protocol=132, flags=28),), flags=1),
            id="SCTP, direct return, flags beyond the schema",
        ),
        pytest.param(
            replace(BALANCER, port_mappings=(replace(HTTP, distribution_type=2),)), id="affinity"
        ),
        pytest.param(
            replace(BALANCER, port_mappings=(HTTP, replace(HTTP, protocol=17))),
            id="one port with two protocols",
        ),
        pytest.param(
            replace(BALANCER, frontend_vips=("fd00::1",), source_vip="fd00::2"),
            id="IPv6 by address",
        ),
    ],
)
def test_what_clients_send_is_valid(balancer: PolicyList) -> None:
    check_load_balancer(balancer, WS2025)


@pytest.mark.parametrize(
    ("balancer", "hr", "named"),
    [
        pytest.param(
            replace(BALANCER, references=()),
            Hr.HCN_E_INVALID_JSON_REFERENCE,
            "HostComputeEndpoints",
            id="no backend",
        ),
        pytest.param(
            replace(BALANCER, port_mappings=()),
            Hr.HCN_E_INVALID_POLICY,
            "PortMappings",
            id="no port mapping",
        ),
        pytest.param(
            replace(BALANCER, frontend_vips=("1.1.1.2", "10.96.0.0/12")),
            Hr.HCN_E_INVALID_POLICY,
            "FrontendVIPs[1] '10.96.0.0/12'",
            id="a prefix is no address",
        ),
        pytest.param(
            replace(BALANCER, source_vip="nowhere"),
            Hr.HCN_E_INVALID_POLICY,
            "SourceVIP 'nowhere'",
            id="source is no address",
        ),
        pytest.param(
            replace(BALANCER, port_mappings=(replace(HTTP, protocol=1),)),
            Hr.HCN_E_INVALID_POLICY,
            "PortMappings[0].Protocol 1",
            id="ICMP has no ports",
        ),
        pytest.param(
            replace(BALANCER, port_mappings=(HTTP, replace(HTTP, external_port=65536))),
            Hr.HCN_E_INVALID_POLICY,
            "PortMappings[1].ExternalPort 65536",
            id="external port out of range",
        ),
        pytest.param(
            replace(BALANCER, port_mappings=(replace(HTTP, internal_port=-1),)),
            Hr.HCN_E_INVALID_POLICY,
            "PortMappings[0].InternalPort -1",
            id="internal port out of range",
        ),
        pytest.param(
            replace(BALANCER, port_mappings=(replace(HTTP, internal_port=0),)),
            Hr.HCN_E_INVALID_INTERNAL_PORT,
            "PortMappings[0].InternalPort is 0",
            id="only the internal port is missing",
        ),
        pytest.param(
            replace(BALANCER, port_mappings=(replace(HTTP, distribution_type=3),)),
            Hr.HCN_E_INVALID_POLICY,
            "PortMappings[0].DistributionType 3",
            id="unknown distribution",
        ),
        pytest.param(
            replace(BALANCER, port_mappings=(HTTP, replace(HTTP, internal_port=8081))),
            Hr.E_ALREADY_EXISTS,
            "10.96.0.10:80/6",
            id="one port mapped twice",
        ),
        pytest.param(
            replace(BALANCER, frontend_vips=("fd00::1", "fd00:0::1")),
            Hr.E_ALREADY_EXISTS,
            "fd00::1:80/6",
            id="one address given twice",
        ),
        pytest.param(
            replace(
                BALANCER,
                frontend_vips=tuple(f"10.96.{n >> 8}.{n & 255}" for n in range(1001)),
                port_mappings=tuple(replace(HTTP, external_port=n) for n in range(1, 101)),
            ),
            Hr.E_INVALIDARG,
            "100100 pairs of an address and a port",
            id="a request of some kilobytes that would take minutes",
        ),
    ],
)
def test_malformed_load_balancer_is_refused_by_name(
    balancer: PolicyList, hr: Hr, named: str
) -> None:
    with pytest.raises(HnsError) as refusal:
        check_load_balancer(balancer, WS2025)
    assert refusal.value.hr is hr
    assert named in refusal.value.detail


@pytest.mark.parametrize(
    ("balancer", "last_without", "first_with"),
    [
        pytest.param(replace(BALANCER, flags=1), "ws2019-rtm", "ws2019", id="DSR"),
        pytest.param(replace(BALANCER, flags=2), "ws1903", "ws2004", id="IPv6 flag"),
        pytest.param(
            replace(BALANCER, frontend_vips=("fd00::1",)), "ws1903", "ws2004", id="IPv6 address"
        ),
    ],
)
def test_a_feature_is_refused_before_its_release(
    balancer: PolicyList, last_without: str, first_with: str
) -> None:
    check_load_balancer(balancer, RELEASES[first_with])
    with pytest.raises(HnsError) as refusal:
        check_load_balancer(balancer, RELEASES[last_without])
    assert refusal.value.hr is Hr.HCN_E_INVALID_POLICY
    assert RELEASES[last_without].title in refusal.value.detail


@pytest.mark.parametrize(("release", "kept"), [("ws2004", 0), ("ws2022", 2)])
def test_a_distribution_is_ignored_where_affinity_is_unknown(release: str, kept: int) -> None:
    balancer = replace(BALANCER, port_mappings=(replace(HTTP, distribution_type=2),))
    check_load_balancer(balancer, RELEASES[release])
    (mapping,) = as_known_by(balancer, RELEASES[release]).port_mappings
    assert mapping == replace(HTTP, distribution_type=kept)


ONE, TWO = "0d7e0000-0000-4000-8000-000000000001", "0d7e0000-0000-4000-8000-000000000002"


def test_a_modification_changes_the_members_that_it_names() -> None:
    named = replace(BALANCER, name="svc", owner="me", flags=1)
    assert with_content(named, {"source_vip": "10.0.0.9"}) == replace(named, source_vip="10.0.0.9")
    whole = with_whole_content(named, {"references": (TWO,)})
    assert (whole.name, whole.owner, whole.references) == ("svc", "me", (TWO,))
    assert (whole.frontend_vips, whole.port_mappings, whole.flags) == ((), (), 0)


@pytest.mark.parametrize(
    ("added", "references"),
    [
        ((), (ONE,)),
        ((TWO,), (ONE, TWO)),
        ((ONE.upper(), TWO), (ONE, TWO)),
        ((f"{{{ONE}}}",), (ONE,)),
    ],
)
def test_backends_come_once(added: tuple[str, ...], references: tuple[str, ...]) -> None:
    assert with_backends(BALANCER, added).references == references


@pytest.mark.parametrize(("removed", "references"), [((TWO,), (ONE,)), ((ONE.upper(),), ())])
def test_backends_go_in_any_spelling(removed: tuple[str, ...], references: tuple[str, ...]) -> None:
    assert without_backends(BALANCER, removed).references == references
