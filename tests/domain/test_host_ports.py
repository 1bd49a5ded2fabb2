"""Published ports: who holds one, which is chosen, and what an endpoint publishes newly."""

import pytest

from hnsemu.domain.host_ports import (
    HostPorts,
    NewNatRule,
    ReservedPorts,
    changed_rules,
    draw_port,
    new_rules,
    port_key,
)
from hnsemu.domain.network_types import Mode
from hnsemu.domain.policies.portmapping import CHOSEN_PORTS, PortMapping
from hnsemu.domain.portreservations import PortProtocol
from hnsemu.domain.winnat import NatRule
from hnsemu.errors import HnsError, Hr
from tests.domain.sites import Numbers
from tests.work import comparisons

TCP, UDP = 6, 17
WEB = PortMapping(TCP, 80, 8080)
RESERVED = ReservedPorts("reservation", PortProtocol.TCP, 9000, 9009)
ADDRESSES = ["10.0.0.5", "fd00::5"]


def rule(mapping: PortMapping, key: int = 1) -> NatRule:
    """Return a rule of the endpoint."""
    return NatRule(key, "WinNAT", 0, "own", "network", mapping, "10.0.0.5")


@pytest.mark.parametrize(
    ("mode", "mapping", "published"),
    [
        (Mode.NAT, WEB, NewNatRule("WinNAT", WEB, "10.0.0.5")),
        (Mode.L2BRIDGE, WEB, NewNatRule("VFP", WEB, "10.0.0.5")),
        (
            Mode.NAT,
            PortMapping(TCP, 80, 8080, ipv6=True),
            NewNatRule("WinNAT", PortMapping(TCP, 80, 8080, ipv6=True), "fd00::5"),
        ),
    ],
)
def test_a_port_leads_to_the_endpoint(
    mode: Mode, mapping: PortMapping, published: NewNatRule
) -> None:
    assert new_rules([mapping], HostPorts(), "own", mode, ADDRESSES) == (published,)


@pytest.mark.parametrize(
    ("mappings", "ports", "named"),
    [
        pytest.param([WEB], HostPorts({port_key(WEB): "other"}), "other", id="published"),
        pytest.param([WEB, WEB], HostPorts(), "own", id="published by itself"),
        pytest.param(
            [PortMapping(TCP, 80, 9009)], HostPorts(reserved=[RESERVED]), "reservation", id="kept"
        ),
    ],
)
def test_a_port_that_somebody_has_is_refused(
    mappings: list[PortMapping], ports: HostPorts, named: str
) -> None:
    with pytest.raises(HnsError) as refusal:
        new_rules(mappings, ports, "own", Mode.NAT, ADDRESSES)
    assert refusal.value.hr is Hr.HCN_E_PORT_ALREADY_EXISTS
    assert named in refusal.value.detail


@pytest.mark.parametrize(
    "mapping",
    [
        PortMapping(UDP, 80, 8080),
        PortMapping(TCP, 80, 8081),
        PortMapping(TCP, 80, 8080, "10.127.130.99"),
        PortMapping(TCP, 80, 8080, ipv6=True),
        PortMapping(UDP, 80, 9000),
    ],
)
def test_ports_that_differ_live_side_by_side(mapping: PortMapping) -> None:
    ports = HostPorts({port_key(WEB): "other"}, [RESERVED])
    assert len(new_rules([mapping], ports, "own", Mode.NAT, ADDRESSES)) == 1


def test_what_is_published_still_keeps_its_rule() -> None:
    other, gone = PortMapping(TCP, 81, 81), PortMapping(TCP, 82, 82)
    kept, ended = rule(WEB), rule(gone, key=2)
    assert changed_rules([WEB, other], [kept, ended]) == ([other], [ended])
    assert changed_rules([WEB, WEB], [kept]) == ([WEB], [])
    assert changed_rules([], []) == ([], [])


def test_an_ended_rule_leaves_its_port() -> None:
    ports = HostPorts({port_key(WEB): "own"}, [RESERVED])
    assert ports.without([]).holder(port_key(WEB)) == "own"
    assert ports.without([rule(WEB)]).holder(port_key(WEB)) is None
    assert ports.without([rule(WEB)]).taken(TCP).isdisjoint({WEB.external_port})


def test_a_drawn_port_is_free() -> None:
    first, second, third = CHOSEN_PORTS[:3]
    holders = {port_key(PortMapping(TCP, 1, first)): "other"}
    reserved = [ReservedPorts("reservation", PortProtocol.BOTH, second, second)]
    ports = HostPorts(holders, reserved)
    asks = PortMapping(TCP, 80, 0)
    assert draw_port(asks, ports, (), Numbers(0, 1, 2)) == third
    assert draw_port(asks, ports, {third}, Numbers(0, 1, 2, 3)) == CHOSEN_PORTS[3]


def test_the_last_free_port_is_searched() -> None:
    last = CHOSEN_PORTS[5]
    others = [port for port in CHOSEN_PORTS if port != last]
    ports = HostPorts({port_key(PortMapping(TCP, 1, port)): "other" for port in others})
    asks = PortMapping(TCP, 80, 0)
    assert draw_port(asks, ports, (), Numbers(*[0] * 17)) == last
    with pytest.raises(HnsError) as refusal:
        draw_port(asks, ports, {last}, Numbers(*[0] * 17))
    assert refusal.value.hr is Hr.HCN_E_PORT_NOT_FOUND


def test_a_crowded_range_counts_reservations() -> None:
    reserved = [ReservedPorts("reservation", PortProtocol.TCP, CHOSEN_PORTS[0], CHOSEN_PORTS[-2])]
    ports = HostPorts(reserved=reserved)
    assert draw_port(PortMapping(TCP, 80, 0), ports, (), Numbers(*[0] * 17)) == CHOSEN_PORTS[-1]
    assert ports.taken(UDP) == set()


def test_ports_sent_in_reverse_are_each_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    mappings = [PortMapping(TCP, 80, 8000 + number) for number in range(200)]
    rules = [rule(mapping, key) for key, mapping in enumerate(mappings)]
    count = comparisons(monkeypatch, PortMapping)
    assert changed_rules(mappings[::-1], rules) == ([], [])
    assert len(count) < 4 * len(mappings)
