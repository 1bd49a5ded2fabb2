"""What the access control of an endpoint says to many peers at once.

The rules are those that a trace walks through; peers are bits of a number, so that one rule decides
over all of them in a few operations.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.fabric import HostFabric
from app.domain.packet import Address, Packet
from app.domain.plumbed import PlumbedEndpoint, PlumbedNetwork
from app.domain.tracing.model import Reason
from app.domain.vfp.acl import acl_layer, conditions
from app.domain.vfp.conditions import AddressMatch, Conditions, Tags
from app.domain.vfp.layers import has_vfp
from app.domain.vfp.model import Direction, PolicyRef, RuleType
from app.domain.wfp import host_acls, inbound_default


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a stage decided. reason: None when the packet may go on. rule: "" for a default."""

    reason: Reason | None
    rule: str = ""
    policy: PolicyRef | None = None


Split = list[tuple[Ruled, int]]
"""Decisions, each with the bits of the peers that it is about."""

_OPEN = Ruled(None)


class Peers:
    """The addresses of many peers as bits, and the sets of them that conditions name."""

    def __init__(self, addresses: Sequence[Address | None]) -> None:
        """Number the peers in their order; None stands for a peer without an address."""
        self.addresses = tuple(addresses)
        self.all = sum(1 << n for n, each in enumerate(addresses) if each is not None)
        self._known: dict[tuple[AddressMatch, int], int] = {}

    def matching(self, match: AddressMatch | None, tags: Tags) -> int:
        """Return the bits of the peers that meet the condition."""
        if match is None:
            return self.all
        key = (match, id(tags) if match.tags else 0)
        if key not in self._known:
            self._known[key] = sum(
                1 << number
                for number, address in enumerate(self.addresses)
                if address is not None and match.matches(address, tags)
            )
        return self._known[key]


def ruled_by_vfp(
    network: PlumbedNetwork,
    endpoint: PlumbedEndpoint,
    direction: Direction,
    sample: Packet,
    peers: Peers,
) -> Split:
    """Return what the ACL layer of the endpoint's port does with a packet to or from each peer.

    sample: the packet; its destination (OUT) or source (IN) stands for each peer in turn.
    """
    if not has_vfp(network):
        return [(_OPEN, peers.all)]
    policies = endpoint.policies
    layer = acl_layer(
        endpoint.id,
        [rule for rule in policies.acls if not rule.is_host],
        policies.tiers,
        [rule for rule in network.acls if not rule.is_host],
    )
    found: Split = []
    left, has_rules = peers.all, False
    groups = [
        each
        for each in layer.groups
        if each.direction is direction and each.version == sample.version
    ]
    for group in sorted(groups, key=lambda each: each.priority):
        rules = group.rules(None)
        has_rules = has_rules or bool(rules)
        waiting = left
        for rule in rules:
            met = _meeting(rule.conditions, direction, sample, peers, network.tags) & waiting
            waiting &= ~met
            if not rule.is_terminating:
                continue
            left &= ~met
            is_block = rule.type is RuleType.BLOCK
            reason = Reason.BLOCKED_BY_RULE if is_block else None
            found.append((Ruled(reason, rule.id, rule.policy), met))
    rest = Ruled(Reason.BLOCKED_BY_DEFAULT) if has_rules else _OPEN
    return [*found, (rest, left)]


def ruled_by_wfp(
    host: HostFabric,
    network: PlumbedNetwork,
    endpoint: PlumbedEndpoint,
    direction: Direction,
    sample: Packet,
    peers: Peers,
) -> Split:
    """Return what the firewall of the endpoint's compartment does, in the shape of the above."""
    found: Split = []
    left = peers.all
    for rule in host_acls(endpoint, network, direction):
        wanted = conditions(rule.match, rule.direction)
        if sample.version not in wanted.versions:
            continue
        met = _meeting(wanted, direction, sample, peers, network.tags) & left
        left &= ~met
        reason = Reason.BLOCKED_BY_RULE if rule.action == "Block" else None
        found.append((Ruled(reason, "WFP", rule.policy), met))
    rest = _OPEN
    if direction is Direction.IN and not inbound_default(endpoint, sample, host.release).allows:
        rest = Ruled(Reason.BLOCKED_BY_DEFAULT)
    return [*found, (rest, left)]


def spread(split: Split, count: int) -> list[Ruled]:
    """Return the decision for each of `count` peers, in their order."""
    found = [_OPEN] * count
    for ruled, bits in split:
        if ruled is _OPEN:
            continue
        left = bits
        while left:
            lowest = left & -left
            found[lowest.bit_length() - 1] = ruled
            left ^= lowest
    return found


def _meeting(
    wanted: Conditions, direction: Direction, sample: Packet, peers: Peers, tags: Tags
) -> int:
    """Return the bits of the peers for which the packet meets the conditions."""
    own, peer = (
        (wanted.source, wanted.destination)
        if direction is Direction.OUT
        else (wanted.destination, wanted.source)
    )
    mine = sample.source if direction is Direction.OUT else sample.destination
    if own is not None and not own.matches(mine, tags):
        return 0
    if not wanted.match_without_addresses(sample):
        return 0
    return peers.matching(peer, tags)
