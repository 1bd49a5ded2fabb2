"""The commands of vfpctrl that answer here, by name."""

from collections.abc import Callable, Mapping, Sequence

from hnsemu.domain.vfp.model import VfpPort
from hnsemu.domain.vfp.text import ports, rules
from hnsemu.domain.vfp.text.rules import Counters
from hnsemu.errors import HnsError, Hr

_Show = Callable[[VfpPort, str, str, Counters], str]

_OF_PORT: Mapping[str, _Show] = {
    "list-rule": lambda port, layer, group, _: rules.list_rules(port, layer, group),
    "get-rule-counter": rules.list_rules,
    "list-layer": lambda port, *_: rules.list_layers(port),
    "list-group": lambda port, layer, *_: rules.list_groups(port, layer),
    "get-port-state": lambda port, *_: ports.port_state(port),
    "get-port-address-info": lambda port, *_: ports.port_address_info(port),
    "list-space": lambda port, *_: ports.list_spaces(port),
    "list-tag": lambda port, *_: ports.list_tags(port),
    "list-nat-pool": lambda port, *_: ports.list_nat_pools(port),
    "list-nat-range": lambda port, *_: ports.list_nat_ranges(port),
}

COMMANDS = tuple(_OF_PORT)
"""What can be asked of a port. Source: dataplane.md section 2.1."""


def print_port(port: VfpPort, command: str, layer: str, group: str, counters: Counters) -> str:
    """Return what `vfpctrl /port … /<command>` prints. layer and group: "" for all.

    Raises: E_INVALIDARG for an unknown command; what the command raises.
    """
    show = _OF_PORT.get(command.lstrip("/-"))
    if show is None:
        raise HnsError(
            Hr.E_INVALIDARG, f"command {command!r} is unknown; use one of {', '.join(COMMANDS)}"
        )
    return show(port, layer, group, counters)


def print_ports(every: Sequence[VfpPort]) -> str:
    """Return what `vfpctrl /list-vmswitch-port` prints."""
    return ports.list_ports(every)
