"""What the compilers share: rules by family, and ports whose rules are resolved."""

from hnsemu.domain.matching import Conditions, to_addresses
from hnsemu.domain.packet import Direction, Packet
from hnsemu.domain.vfp.building import families, fixed, resolve_rules
from hnsemu.domain.vfp.encap import decap_rule
from hnsemu.domain.vfp.model import Layer, PortKind, Rule, VfpPort

ANY = decap_rule()
V4 = Rule("v4", "", 1, 0, ANY.type, Conditions(source=to_addresses("10.0.0.5")))
V6 = Rule("v6", "", 1, 0, ANY.type, Conditions(source=to_addresses("fd00::5")))


def test_a_rule_is_in_the_groups_that_its_addresses_allow() -> None:
    four, six = families("GROUP_IP{v}{suffix}_{V}", Direction.OUT, 1, fixed([ANY, V4, V6]))
    assert (four.id, list(four.rules(None))) == ("GROUP_IPv4_V4", [ANY, V4])
    assert (six.id, list(six.rules(None))) == ("GROUP_IPv6_IPV6_V6", [ANY, V6])


def test_a_resolved_port_asks_nobody_again() -> None:
    questions: list[Packet | None] = []

    def rules(packet: Packet | None) -> list[Rule]:
        questions.append(packet)
        return [V4]

    layer = Layer("LAYER", 1, 0, families("GROUP_IP{v}", Direction.OUT, 1, rules))
    port = resolve_rules(VfpPort("p", 1, PortKind.HOST, "", "", "s", "s", layers=(layer,)))
    assert questions == [None, None]
    assert [list(group.rules(None)) for group in port.layers[0].groups] == [[V4], []]
    assert questions == [None, None]
