"""What an endpoint takes over: DNS member by member, one default route per family.

Source: hns-behaviour.md section 2.3 [O].
"""

import pytest

from hnsemu.domain.facts import Dns, Route
from hnsemu.domain.inheritance import inherited_dns, inherited_routes
from hnsemu.domain.network_types import Mode

OWN = Dns("own.example", ("own",), ("1.1.1.1",), ("rotate",))
NETWORK = Dns("net.example", ("net",), ("2.2.2.2",), ("ndots:2",))
HOST = Dns("", ("host",), ("3.3.3.3", "4.4.4.4"))
GATEWAY = "10.0.0.1"


@pytest.mark.parametrize("mode", [Mode.NAT, Mode.L2BRIDGE])
def test_what_the_endpoint_brings_wins(mode: Mode) -> None:
    assert inherited_dns(OWN, NETWORK, HOST, mode) == OWN


@pytest.mark.parametrize("mode", [Mode.NAT, Mode.OVERLAY])
def test_the_network_comes_next(mode: Mode) -> None:
    assert inherited_dns(Dns(), NETWORK, HOST, mode) == NETWORK


def test_each_member_is_inherited_by_itself() -> None:
    own = Dns(search=("own",))
    assert inherited_dns(own, NETWORK, HOST, Mode.L2BRIDGE) == Dns(
        "net.example", ("own",), ("2.2.2.2",), ("ndots:2",)
    )


@pytest.mark.parametrize("mode", [Mode.NAT, Mode.ICS, Mode.CONSTRAINED_ICS])
def test_the_host_comes_last_on_nat_and_ics(mode: Mode) -> None:
    assert inherited_dns(Dns(), Dns(), HOST, mode) == HOST


@pytest.mark.parametrize("mode", [Mode.L2BRIDGE, Mode.OVERLAY, Mode.TRANSPARENT, Mode.PRIVATE])
def test_elsewhere_nothing_comes_from_the_host(mode: Mode) -> None:
    assert inherited_dns(Dns(), Dns(), HOST, mode, first=[GATEWAY]) == Dns()


def test_the_gateway_goes_first_when_asked_for() -> None:
    dns = inherited_dns(Dns(), Dns(), HOST, Mode.NAT, first=[GATEWAY])
    assert dns.server_list == (GATEWAY, "3.3.3.3", "4.4.4.4")


def test_a_server_is_listed_once() -> None:
    own = Dns(server_list=("9.9.9.9", GATEWAY))
    dns = inherited_dns(own, Dns(), HOST, Mode.NAT, first=[GATEWAY])
    assert dns.server_list == (GATEWAY, "9.9.9.9")


V4 = Route(GATEWAY, "0.0.0.0/0")
V6 = Route("fd00::1", "::/0")
ELSEWHERE = Route("10.0.0.2", "10.96.0.0/12", 5)


@pytest.mark.parametrize(
    ("own", "gateways", "expected"),
    [
        pytest.param([], [GATEWAY], [V4], id="no route at all"),
        pytest.param([], [GATEWAY, "fd00::1"], [V4, V6], id="dual stack"),
        pytest.param([], [], [], id="no gateway"),
        pytest.param([Route("", "0.0.0.0/0")], [GATEWAY], [V4], id="a default without next hop"),
        pytest.param(
            [Route("", "::/0")], [GATEWAY], [V4, Route("", "::/0")], id="of a family it lacks"
        ),
        pytest.param(
            [Route("10.0.0.2", "0.0.0.0/0")],
            [GATEWAY],
            [Route("10.0.0.2", "0.0.0.0/0")],
            id="its own default",
        ),
        pytest.param(
            [Route("0.0.0.0", "0.0.0.0/0")],
            [GATEWAY],
            [Route("0.0.0.0", "0.0.0.0/0")],
            id="the dummy next hop of Azure CNI",
        ),
        pytest.param([V4], [GATEWAY, "fd00::1"], [V6, V4], id="a default for one family of two"),
        pytest.param([ELSEWHERE], [GATEWAY], [V4, ELSEWHERE], id="routes elsewhere stay"),
    ],
)
def test_default_routes_come_from_the_gateways(
    own: list[Route], gateways: list[str], expected: list[Route]
) -> None:
    assert inherited_routes(own, gateways) == tuple(expected)
