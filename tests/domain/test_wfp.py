"""The firewall of a compartment: Host ACLs in order, defaults by release, proxies."""

from dataclasses import replace

import pytest

from hnsemu.domain.dataplane import AclRule, PlumbedEndpoint
from hnsemu.domain.matching import address_set
from hnsemu.domain.network_types import Mode
from hnsemu.domain.packet import ICMP, SCTP, TCP, UDP, Direction
from hnsemu.domain.releases import RELEASES
from hnsemu.domain.wfp import (
    WfpExceptions,
    WfpProxy,
    host_acls,
    inbound_default,
    proxy_for,
    ruling_for,
)
from tests.domain.worlds import acl, network, packet, pod, port_mapping, wfp_proxy

OUT, IN = Direction.OUT, Direction.IN
NAT = network(Mode.NAT, "172.16.0.0/24")
LEAVING = packet("172.16.0.5", "10.9.9.9", 80)
ENTERING = packet("10.9.9.9", "172.16.0.5", 80)


def endpoint(*acls: AclRule) -> PlumbedEndpoint:
    return pod(NAT, "web", "172.16.0.5", acls=acls)


@pytest.mark.parametrize(
    ("acls", "direction", "allows", "name"),
    [
        pytest.param([], OUT, True, None, id="what leaves is allowed by default"),
        pytest.param([acl("Block", "Out", host=True)], OUT, False, "Block-Out-100", id="blocked"),
        pytest.param([acl("Block", "Out")], OUT, True, None, id="Switch ACLs are VFP's"),
        pytest.param([acl("Block", "Out", host=True)], IN, True, None, id="other direction"),
        pytest.param(
            [acl("Block", "Out", 200, host=True), acl("Allow", "Out", 100, host=True)],
            OUT, True, "Allow-Out-100", id="the lower priority number first",
        ),
        pytest.param(
            [acl("Allow", "Out", host=True), acl("Block", "Out", host=True)],
            OUT, False, "Block-Out-100", id="of equal ones Block first",
        ),
        pytest.param(
            [acl("Block", "Out", host=True, remote_addresses="10.8.0.0/16")],
            OUT, True, None, id="another address",
        ),
        pytest.param(
            [acl("Block", "Out", host=True, remote_addresses="fd00::/8")],
            OUT, True, None, id="another family",
        ),
        pytest.param(
            [acl("Block", "In", host=True, local_ports="80", remote_addresses="10.9.0.0/16")],
            IN, False, "Block-In-100", id="local is the destination of what enters",
        ),
    ],
)  # fmt: skip
def test_the_first_host_acl_that_matches_decides(
    acls: list[AclRule],
    direction: Direction,
    allows: bool,  # noqa: FBT001
    name: str | None,
) -> None:
    sent = LEAVING if direction is OUT else ENTERING
    ruling = ruling_for(endpoint(*acls), NAT, direction, sent, RELEASES["ws2025"])
    assert ruling.allows is allows
    assert (ruling.rule.policy.id if ruling.rule else None) == name


def test_acls_of_the_network_come_after_those_of_the_endpoint() -> None:
    shared = replace(NAT, acls=(acl("Block", "Out", host=True), acl("Block", "Out", 50, host=True)))
    found = host_acls(endpoint(acl("Allow", "Out", host=True)), shared, OUT)
    assert [(rule.priority, rule.action) for rule in found] == [
        (50, "Block"), (100, "Allow"), (100, "Block"),
    ]  # fmt: skip


def test_sets_of_the_network_are_known_to_its_acls() -> None:
    tagged = replace(NAT, tags={"clients": address_set(("172.16.0.0/24",))})
    block = endpoint(acl("Block", "Out", host=True, local_addresses="clients"))
    assert not ruling_for(block, tagged, OUT, LEAVING, RELEASES["ws2025"]).allows


def test_the_firewall_of_a_guest_is_not_the_hosts() -> None:
    guest = pod(NAT, "vm", "172.16.0.5", virtual_machine="vm-1",
                acls=(acl("Block", "In", host=True),))  # fmt: skip
    assert host_acls(guest, NAT, IN) == []
    assert ruling_for(guest, NAT, IN, ENTERING, RELEASES["ws2016"]).allows


@pytest.mark.parametrize(
    ("release", "protocol", "port", "allows"),
    [
        ("ws2025", TCP, 80, True),
        ("ws2025", UDP, 53, True),
        ("ws2025", ICMP, 0, True),
        ("ws2025", SCTP, 80, False),
        ("ws1803", TCP, 80, True),
        ("ws2016", TCP, 80, False),
        ("ws2016", TCP, 8080, True),  # published
        ("ws2016", UDP, 8080, False),
    ],
)
def test_what_comes_in_by_default_follows_the_release(
    release: str,
    protocol: int,
    port: int,
    allows: bool,  # noqa: FBT001
) -> None:
    web = pod(NAT, "web", "172.16.0.5", published=(port_mapping(80, 8080),))
    sent = packet("10.9.9.9", "172.16.0.5", port, protocol)
    assert inbound_default(web, sent, RELEASES[release]).allows is allows


SPARED = WfpExceptions(("10.9.0.0/16, 10.8.8.8",), ("443", "9000-9010"))


@pytest.mark.parametrize(
    ("proxy", "direction", "destination", "port", "found"),
    [
        pytest.param(wfp_proxy(15001), OUT, "10.9.9.9", 80, 15001, id="outbound"),
        pytest.param(wfp_proxy(15001), IN, "172.16.0.5", 80, None, id="no inbound port"),
        pytest.param(wfp_proxy(0, 15003), IN, "172.16.0.5", 80, 15003, id="inbound"),
        pytest.param(wfp_proxy(15001, sid="S-1-5-32"), OUT, "10.9.9.9", 80, 15001, id="other user"),
        pytest.param(
            wfp_proxy(15001, sid="S-1-5-18"), OUT, "10.9.9.9", 80, None, id="the proxy itself"
        ),
        pytest.param(
            wfp_proxy(0, 15003, sid="S-1-5-18"), IN, "172.16.0.5", 80, 15003, id="SIDs send"
        ),
        pytest.param(
            wfp_proxy(15001, spare_out=SPARED), OUT, "10.9.9.9", 80, None, id="prefix spared"
        ),
        pytest.param(
            wfp_proxy(15001, spare_out=SPARED), OUT, "10.8.8.8", 80, None, id="address spared"
        ),
        pytest.param(
            wfp_proxy(15001, spare_out=SPARED), OUT, "10.7.7.7", 9005, None, id="port spared"
        ),
        pytest.param(
            wfp_proxy(15001, spare_out=SPARED), OUT, "10.7.7.7", 80, 15001, id="not spared"
        ),
        pytest.param(
            wfp_proxy(15001, remote_ports="443"), OUT, "10.9.9.9", 80, None, id="filtered"
        ),
        pytest.param(wfp_proxy(15001), OUT, "fd00::9", 80, None, id="IPv4 only"),
    ],
)
def test_a_proxy_gets_the_connections_that_it_is_for(
    proxy: WfpProxy, direction: Direction, destination: str, port: int, found: int | None
) -> None:
    web = pod(NAT, "web", "172.16.0.5", others=(proxy,))
    source = "fd00::5" if ":" in destination else "172.16.0.5" if direction is OUT else "10.9.9.9"
    redirection = proxy_for(web, direction, packet(source, destination, port), "S-1-5-18")
    assert (redirection[1] if redirection else None) == found


def test_a_proxy_gets_tcp_of_process_isolated_containers_alone() -> None:
    web = pod(NAT, "web", "172.16.0.5", others=(wfp_proxy(15001),))
    guest = pod(NAT, "vm", "172.16.0.5", virtual_machine="vm", others=(wfp_proxy(15001),))
    assert proxy_for(web, OUT, packet("172.16.0.5", "10.9.9.9", 53, UDP), "") is None
    assert proxy_for(guest, OUT, LEAVING, "") is None
