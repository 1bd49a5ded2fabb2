"""/list-layer, /list-group, /list-rule and /get-rule-counter.

Source: dataplane.md section 2.2 ([O] but for the bodies of nat, dynnat and lbnat, section 11.5).
"""

from collections.abc import Iterator, Mapping

from hnsemu.domain.matching import Conditions
from hnsemu.domain.vfp.counters import RuleCounter, RuleKey
from hnsemu.domain.vfp.model import (
    Balance,
    EncapTo,
    Group,
    Layer,
    LocalTo,
    NatPool,
    NatTo,
    PaRoute,
    RedirectTo,
    RewriteMac,
    RouteTo,
    Rule,
    RuleType,
    Turn,
    VfpPort,
)
from hnsemu.domain.vfp.text.lines import at, listing, words
from hnsemu.errors import HnsError, Hr

Counters = Mapping[RuleKey, RuleCounter]

_LAYER_FLAGS = (
    (1, "Default Allow"),
    (2, "Hairpin Layer"),
    (4, "Clear TNI"),
    (8, "Update flows on address change"),
)
RULE_FLAGS = ((1, "terminating"), (2, "stateful"))
_ANY = "<none>"


def list_layers(port: VfpPort) -> str:
    """Return the listing of a port's layers."""
    lines = [line for layer in port.layers for line in _layer(layer)]
    return listing("list-layer", lines)


def list_groups(port: VfpPort, layer_id: str = "") -> str:
    """Return the listing of the groups of a layer, or of all layers.

    Raises: HCN_E_LAYER_NOT_FOUND.
    """
    lines = []
    for layer in layers_of(port, layer_id):
        lines += _layer(layer)
        lines += [line for group in layer.groups for line in (*_group(group), "")]
    return listing("list-group", lines)


def list_rules(
    port: VfpPort, layer_id: str = "", group_id: str = "", counters: Counters | None = None
) -> str:
    """Return the listing of rules: of a group, a layer, or the whole port.

    counters: adds them below each rule, as /get-rule-counter does.
    Raises: HCN_E_LAYER_NOT_FOUND, E_ELEMENT_NOT_FOUND for an unknown group.
    """
    lines = []
    for layer in layers_of(port, layer_id):
        lines += _layer(layer)
        for group in groups_of(layer, group_id):
            lines += [*_group(group), ""]
            for rule in group.rules(None):
                lines += _rule(rule)
                if counters is not None:
                    lines += _counted(counters.get((port.id, layer.id, group.id, rule.id)))
                lines.append("")
    return listing("list-rule" if counters is None else "get-rule-counter", lines)


def layers_of(port: VfpPort, layer_id: str) -> list[Layer]:
    """Return the layer of that id, or all of them when none is named.

    Raises: HCN_E_LAYER_NOT_FOUND.
    """
    found = [layer for layer in port.layers if layer_id in {"", layer.id}]
    if layer_id and not found:
        known = ", ".join(layer.id for layer in port.layers) or "none"
        raise HnsError(
            Hr.HCN_E_LAYER_NOT_FOUND,
            f"port {port.friendly_name} has no layer {layer_id!r}; it has {known}",
        )
    return found


def groups_of(layer: Layer, group_id: str) -> list[Group]:
    """Return the group of that id, or all of them when none is named.

    Raises: E_ELEMENT_NOT_FOUND.
    """
    found = [group for group in layer.groups if group_id in {"", group.id}]
    if group_id and not found:
        known = ", ".join(group.id for group in layer.groups) or "none"
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND, f"layer {layer.id} has no group {group_id!r}; it has {known}"
        )
    return found


def flags_text(flags: int) -> str:
    """Return the flags of a rule as printed: the number, then the words that are known."""
    return f"{flags} {words(flags, RULE_FLAGS)}".rstrip()


def layer_flags_text(flags: int) -> str:
    """Return the flags of a layer as printed."""
    return f"0x{flags:x} {words(flags, _LAYER_FLAGS, ', ')}".rstrip()


def _layer(layer: Layer) -> list[str]:
    fields = (
        f"Friendly name : {layer.id}",
        f"Flags : {layer_flags_text(layer.flags)}",
        f"Priority : {layer.priority}",
    )
    return [f"LAYER : {layer.id}", *at(4, fields), ""]


def _group(group: Group) -> list[str]:
    match = (
        "Longest prefix match on Destination IP"
        if group.longest_prefix
        else ("Priority-based match")
    )
    fields = (
        f"Friendly name : {group.id}",
        f"Priority : {group.priority}",
        f"Direction : {group.direction}",
        f"Type : IPv{group.version}",
        "  Conditions:",
        f"      {_ANY}",
        f"Match type : {match}",
    )
    return [f"  GROUP : {group.id}", *at(6, fields)]


def _rule(rule: Rule) -> list[str]:
    """Return a rule; one without a friendly name has no line for it.

    Source: microsoft/SdnDiagnostics#629 [O].
    """
    fields = [
        *([f"Friendly name : {rule.name}"] if rule.name else []),
        f"Priority : {rule.priority}",
        f"Flags : {flags_text(rule.flags)}",
        f"Type : {rule.type}",
        "Conditions:",
        *at(4, condition_lines(rule.conditions)),
        f"Flow TTL: {rule.ttl}",
        *data_lines(rule),
        "FlagsEx : 0",
    ]
    return [f"    RULE : {rule.id}", *at(8, fields)]


def condition_lines(conditions: Conditions) -> list[str]:
    """Return what a rule matches, one condition a line."""
    found = []
    if conditions.protocols:
        found.append(f"Protocols : {', '.join(map(str, sorted(conditions.protocols)))}")
    for name, side in (
        ("Source IP", conditions.source),
        ("Destination IP", conditions.destination),
    ):
        if side is not None:
            found.append(f"{name} : {', '.join(side.texts)}")
    for name, ports in (
        ("Source ports", conditions.source_ports),
        ("Destination ports", conditions.destination_ports),
    ):
        if ports:
            ranges = (str(a) if a == b else f"{a}-{b}" for a, b in ports)
            found.append(f"{name} : {', '.join(ranges)}")
    return found or [_ANY]


def data_lines(rule: Rule) -> Iterator[str]:
    """Yield the lines of a rule's type data."""
    data = rule.data
    if rule.type is RuleType.DECAP:
        yield from ("Preserve MAC", "Push TNI as VSID")
    elif isinstance(data, PaRoute):
        yield from _pa_route(data)
    elif isinstance(data, Balance):
        yield "Rule Data:"
        if data.source_vip is not None:
            yield f"Source_Nat : {data.source_vip}"
        yield "DIP Range:"
        yield from at(4, (f"{{ {dip.address} : {dip.port} }}" for dip in data.dips))
    elif isinstance(data, NatTo | RedirectTo):
        yield "Rule Data:"
        yield f"Dest_Nat : {data.address} : {data.port}"
    elif isinstance(data, NatPool):
        yield from ("Rule Data:", f"NAT Pool : {data.name}", f"Source_Nat : {data.address}")
    elif isinstance(data, EncapTo):
        yield f"Encap Source IP : {data.source}"
        yield (
            f"Encap Destination(s) : {{ IP address={data.provider}, "
            f"MAC address={data.mac}, Tenant ID={data.vni} }}"
        )
    elif data is not None:
        yield from _transposition(data)


def _pa_route(data: PaRoute) -> Iterator[str]:
    yield from (
        "Rule Data:",
        "VLAN ID: 0",
        "Using default compartment",
        "Cache pruning threshold: 10",
        "Cache pruning timeout: 30 seconds",
    )
    if data.interface_index:
        yield f"Using interface constraint with interface index: {data.interface_index}"


def _transposition(data: LocalTo | RouteTo | Turn | RewriteMac) -> Iterator[str]:
    match data:
        case LocalTo():
            yield f"Modify : Destination MAC {data.mac}"
        case RouteTo():
            yield f"Modify : Next hop {data.next_hop or 'default'}"
        case RewriteMac():
            yield f"Modify : Source MAC {data.source_mac}"
        case Turn():
            yield f"Transposition : hairpin to {'port' if data.to_port else 'switch'}"
            if data.mac:
                yield f"Modify : Destination MAC {data.mac}"


def _counted(counter: RuleCounter | None) -> Iterator[str]:
    known = counter or RuleCounter()
    yield from at(
        8,
        (
            f"Matched packets : {known.matched}",
            f"Dropped packets : {known.dropped}",
            f"Pending packets : {known.pending}",
            f"Dropped flows : {known.dropped_flows}",
        ),
    )
