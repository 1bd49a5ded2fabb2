"""Published ports: what can be published where."""

import pytest

from hnsemu.domain.network_types import PortMappings
from hnsemu.domain.policies.portmapping import CHOSEN_PORTS, PortMapping, check_port_mapping
from hnsemu.domain.winnat import choose_port
from hnsemu.errors import HnsError, Hr


@pytest.mark.parametrize(
    ("mapping", "engine", "hr"),
    [
        pytest.param(
            PortMapping(6, 80, 8080),
            PortMappings.NONE,
            Hr.HCN_E_MAPPING_NOT_SUPPORTED,
            id="a network without port mapping",
        ),
        pytest.param(
            PortMapping(6, 0, 8080),
            PortMappings.WINNAT,
            Hr.HCN_E_INVALID_INTERNAL_PORT,
            id="no internal port",
        ),
        pytest.param(
            PortMapping(1, 80, 8080), PortMappings.VFP, Hr.HCN_E_INVALID_POLICY, id="ICMP"
        ),
    ],
)
def test_a_mapping_nobody_can_make_is_refused(
    mapping: PortMapping, engine: PortMappings, hr: Hr
) -> None:
    with pytest.raises(HnsError) as refusal:
        check_port_mapping(mapping, engine, "Transparent")
    assert refusal.value.hr is hr


@pytest.mark.parametrize("engine", [PortMappings.WINNAT, PortMappings.VFP])
def test_tcp_and_udp_are_published(engine: PortMappings) -> None:
    check_port_mapping(PortMapping(6, 80, 0), engine, "NAT")
    check_port_mapping(PortMapping(17, 53, 53), engine, "NAT")


def test_a_crowded_range_is_searched_from_the_first_choice_on() -> None:
    taken = set(CHOSEN_PORTS) - {49160}
    assert choose_port(taken, 5000) == 49160


def test_an_exhausted_range_is_refused() -> None:
    with pytest.raises(HnsError) as refusal:
        choose_port(set(CHOSEN_PORTS), 0)
    assert refusal.value.hr is Hr.HCN_E_PORT_NOT_FOUND
