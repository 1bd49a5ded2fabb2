"""The commands of vfpctrl: each one answers, others are refused."""

import pytest

from hnsemu.domain.vfp.model import PortKind
from hnsemu.domain.vfp.text.commands import COMMANDS, print_port, print_ports
from hnsemu.errors import HnsError, Hr
from tests.domain.vfp.text.node import ports

PORTS = ports()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("prefix", ["", "/", "-"])
def test_every_command_ends_with_success(command: str, prefix: str) -> None:
    text = print_port(PORTS[PortKind.CONTAINER], prefix + command, "", "", {})
    assert text.endswith(f"Command {command} succeeded!\r\n")


def test_all_ports_are_listed() -> None:
    assert print_ports(list(PORTS.values())).count("Port name") == len(PORTS)


def test_an_unknown_command_is_refused_by_naming_the_known_ones() -> None:
    with pytest.raises(HnsError, match="list-rule") as refusal:
        print_port(PORTS[PortKind.CONTAINER], "list-nothing", "", "", {})
    assert refusal.value.hr is Hr.E_INVALIDARG
