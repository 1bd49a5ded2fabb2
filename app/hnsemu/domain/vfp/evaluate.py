"""The walk of a packet through the layers of one VFP port.

Source: dataplane.md sections 3.1 and 11.1; docs/dataplane.md says what we chose.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from hnsemu.domain.packet import VXLAN, Address, Direction, Outer, Packet
from hnsemu.domain.vfp.encap import prefix_length
from hnsemu.domain.vfp.layers import FORWARDING
from hnsemu.domain.vfp.model import (
    CLEAR_TNI,
    DEFAULT_ALLOW,
    HAIRPIN_LAYER,
    Balance,
    Dip,
    EncapTo,
    Group,
    Layer,
    LocalTo,
    NatPool,
    NatTo,
    RedirectTo,
    RewriteMac,
    RouteTo,
    Rule,
    RuleType,
    Turn,
    VfpPort,
)

Choose = Callable[[Rule, Packet, int], int]
"""Says which of n backends a load-balancing rule takes for a packet."""


class Outcome(StrEnum):
    """How a walk through a port ends."""

    FORWARD = "forward"
    BLOCKED = "blocked"  # a rule says so
    UNMATCHED = "unmatched"  # a closed layer has no rule for the packet
    HAIRPIN = "hairpin"
    EXHAUSTED = "exhausted"  # source NAT without a port


LOST = frozenset({Outcome.BLOCKED, Outcome.UNMATCHED, Outcome.EXHAUSTED})


@dataclass(frozen=True, slots=True)
class Decision:
    """What one layer did.

    rule: None when none matched. after: the packet behind the layer. dip: the backend chosen.
    """

    layer: Layer
    group: Group | None
    rule: Rule | None
    before: Packet
    after: Packet
    passed: tuple[Rule, ...] = ()
    dip: Dip | None = None

    @property
    def preserved_backend(self) -> LocalTo | None:
        """Return the local backend that gets the packet with the service address in it."""
        balance = self.rule.data if self.rule is not None else None
        if self.dip is None or not self.dip.is_local or not isinstance(balance, Balance):
            return None
        return LocalTo("", self.dip.endpoint_id) if balance.preserves else None


@dataclass(frozen=True, slots=True)
class PortWalk:
    """A whole walk: its end, the packet there, and what each layer that had a say decided.

    turn: of a hairpin. local: the endpoint here that VNET_ENCAP found, or a load balancer that
    preserves the service address. next_hop: of an SDN route. encap: the entry that encapsulated
    the packet.
    """

    outcome: Outcome
    packet: Packet
    decisions: tuple[Decision, ...]
    turn: Turn | None = None
    local: LocalTo | None = None
    next_hop: Address | None = None
    encap: EncapTo | None = None

    @property
    def last(self) -> Decision:
        """Return the decision that ended it."""
        return self.decisions[-1]


def walk(
    port: VfpPort,
    direction: Direction,
    packet: Packet,
    choose: Choose,
    *,
    hairpins: bool = True,
    only: frozenset[str] | None = None,
) -> PortWalk:
    """Walk the packet through the layers: OUT by ascending priority number, IN descending.

    hairpins: False for a packet that a hairpin has sent back already: hairpin layers let it pass.
    only:     the layers that still matter to a packet of a known flow, None for all.
    """
    decisions: list[Decision] = []
    found: dict[type, object] = {}
    local_backend: LocalTo | None = None
    for layer in _order(port.layers, direction):
        if (layer.flags & HAIRPIN_LAYER and not hairpins) or (only and layer.id not in only):
            continue
        if local_backend is not None and layer.id in FORWARDING:
            continue  # where it goes is known; its destination would mislead
        decision = decide(layer, direction, packet, port, choose)
        if decision is None:
            continue
        decisions.append(decision)
        packet, local_backend = decision.after, local_backend or decision.preserved_backend
        end = _end(decision)
        if end is not None:
            turn = decision.rule.data if decision.rule else None
            return PortWalk(end, packet, tuple(decisions), turn if isinstance(turn, Turn) else None)
        if decision.rule is not None and decision.rule.data is not None:
            found[type(decision.rule.data)] = decision.rule.data
    local, route, encap = (found.get(kind) for kind in (LocalTo, RouteTo, EncapTo))
    return PortWalk(
        Outcome.FORWARD,
        packet,
        tuple(decisions),
        local=local_backend or (local if isinstance(local, LocalTo) else None),
        next_hop=route.next_hop if isinstance(route, RouteTo) else None,
        encap=encap if isinstance(encap, EncapTo) else None,
    )


def decide(
    layer: Layer, direction: Direction, packet: Packet, port: VfpPort, choose: Choose
) -> Decision | None:
    """Return what the layer does with the packet; None when it has nothing for its kind."""
    seen = as_seen(packet)
    groups = [
        group
        for group in layer.groups
        if group.direction is direction and group.version == seen.version
    ]
    passed: list[Rule] = []
    has_rules = False
    for group in sorted(groups, key=lambda group: group.priority):
        rules = group.rules(seen)
        has_rules = has_rules or bool(rules)
        rule = _first(group, rules, seen, port)
        if rule is None:
            continue
        if rule.is_terminating:
            dip = _chosen(rule, packet, choose)
            after = apply(rule, packet, dip)
            return Decision(layer, group, rule, packet, after, tuple(passed), dip)
        passed.append(rule)
    if not has_rules:
        return None
    return Decision(layer, None, None, packet, packet, tuple(passed))


def as_seen(packet: Packet) -> Packet:
    """Return the packet as rules see it: of an encapsulated one, the outer headers.

    Protocol 252, the VNI for a destination port. Source: section 3.1, ETW event 115 [O].
    """
    if packet.outer is None:
        return packet
    return Packet(
        VXLAN,
        packet.outer.source,
        packet.outer.destination,
        destination_port=packet.outer.vni,
    )


def by_hash(rule: Rule, packet: Packet, count: int) -> int:
    """Choose by CRC32 of what the distribution names [M]: always the same for a connection."""
    balance = rule.data
    assert isinstance(balance, Balance)  # noqa: S101 (only load balancing chooses)
    key = [str(packet.source), str(packet.destination)]
    if balance.distribution < 2:  # noqa: PLR2004 (DistributionType)
        key.append(str(packet.protocol))
    if balance.distribution == 0:
        key += [str(packet.source_port), str(packet.destination_port)]
    return zlib.crc32(" ".join(key).encode()) % count


def _chosen(rule: Rule, packet: Packet, choose: Choose) -> Dip | None:
    """Return the backend for the packet, None when the rule is not about load balancing."""
    if not isinstance(rule.data, Balance):
        return None
    return rule.data.dips[choose(rule, packet, len(rule.data.dips))]


def apply(rule: Rule, packet: Packet, dip: Dip | None) -> Packet:
    """Return the packet as the rule's action leaves it. dip: the backend chosen, if any."""
    data = rule.data
    if isinstance(data, Balance):
        assert dip is not None  # noqa: S101 (load balancing chooses one)
        return _balanced(data, packet, dip)
    changed: dict[str, Any] = {}
    match data:
        case NatTo() | RedirectTo():
            port = data.port or packet.destination_port
            changed = {"destination": data.address, "destination_port": port}
        case NatPool(block=block) if block is not None:
            changed = {"source": data.address, "source_port": pool_port(packet, block)}
        case EncapTo():
            changed = {
                "outer": Outer(data.source, data.provider, data.vni, data.port),
                "destination_mac": data.mac or packet.destination_mac,
            }
        case LocalTo() | Turn():
            changed = {"destination_mac": data.mac or packet.destination_mac}
        case RewriteMac():
            changed = {"source_mac": data.source_mac}
        case _ if rule.type is RuleType.DECAP:
            changed = {"outer": None}
    return replace(packet, **changed)


def pool_port(packet: Packet, block: tuple[int, int]) -> int:
    """Return the port of the block that the connection gets; which one is our choice [M]."""
    first, last = block
    key = f"{packet.source} {packet.source_port} {packet.destination} {packet.destination_port}"
    return first + zlib.crc32(key.encode()) % (last + 1 - first)


def _balanced(data: Balance, packet: Packet, dip: Dip) -> Packet:
    changed = packet
    if not (data.preserves and dip.is_local):
        port = dip.port or packet.destination_port
        changed = replace(packet, destination=dip.address, destination_port=port)
    if data.source_vip is None:
        return changed
    port = pool_port(packet, _HOST_POOL) if packet.source_port else 0
    return replace(changed, source=data.source_vip, source_port=port)


_HOST_POOL = (49152, 65535)  # ports of the host port's own pool [M]


def _order(layers: Sequence[Layer], direction: Direction) -> Iterator[Layer]:
    is_inward = direction is Direction.IN
    yield from sorted(layers, key=lambda layer: layer.priority, reverse=is_inward)


def _first(group: Group, rules: Sequence[Rule], packet: Packet, port: VfpPort) -> Rule | None:
    """Return the rule of the group that decides: by priority, or by the longest prefix."""
    if not group.longest_prefix:
        best: Rule | None = None
        for rule in rules:
            if (best is None or rule.priority < best.priority) and rule.conditions.match(
                packet, port.tags
            ):
                best = rule
        return best
    matching = [rule for rule in rules if rule.conditions.match(packet, port.tags)]
    return max(matching, key=lambda rule: prefix_length(rule, packet.version), default=None)


def _end(decision: Decision) -> Outcome | None:
    rule = decision.rule
    if rule is None:
        is_open = decision.layer.flags & (DEFAULT_ALLOW | CLEAR_TNI)
        return None if is_open else Outcome.UNMATCHED
    if rule.type is RuleType.BLOCK:
        return Outcome.BLOCKED
    if isinstance(rule.data, NatPool) and rule.data.block is None:
        return Outcome.EXHAUSTED
    return Outcome.HAIRPIN if isinstance(rule.data, Turn) else None
