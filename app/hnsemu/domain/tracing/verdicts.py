"""What the access control of an endpoint says to many peers at once.

The rules are those that a trace walks through. A set of peers is a number with a bit for each:
which peers a rule decides about, and which are left for the next one, are then two operations on
integers, however many peers there are. Peer by peer, a matrix of 1,000 endpoints with 20 ACLs
would take 20 million comparisons of addresses.
"""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.matching import AddressMatch, AddressSet, Conditions, Tags, conditions
from hnsemu.domain.packet import Address, Direction, Packet
from hnsemu.domain.tracing.model import Reason, Verdict
from hnsemu.domain.vfp.acl import acl_layer
from hnsemu.domain.vfp.layers import has_vfp
from hnsemu.domain.vfp.model import Group, RuleType
from hnsemu.domain.wfp import host_acls, inbound_default


@dataclass(frozen=True, slots=True)
class Cell:
    """How the packet ends, and the rule and policy that decided: those of the last ACL it met."""

    verdict: Verdict
    reason: Reason
    rule: str = ""
    policy: PolicyRef | None = None


@dataclass(frozen=True, slots=True, eq=False)
class StageDecision:
    """What a stage decided. rule: "" for a default.

    blocked: the end of a packet that is stopped here, None when it may go on. allowed: its end
    when this was the last word and it is delivered.
    """

    blocked: Cell | None
    allowed: Cell
    rule: str = ""
    policy: PolicyRef | None = None


Split = list[tuple[StageDecision, int]]
"""Decisions, each with the bits of the peers that it is about."""

_DELIVERED = Cell(Verdict.DELIVERED, Reason.DELIVERED_TO_ENDPOINT)
OPEN = StageDecision(None, _DELIVERED)
"""Nothing stops the packet, and no rule decided that."""


def stage_decision(
    reason: Reason | None, rule: str = "", policy: PolicyRef | None = None
) -> StageDecision:
    """Return a decision. reason: why the packet is stopped, None when it may go on."""
    blocked = None if reason is None else Cell(Verdict.BLOCKED, reason, rule, policy)
    allowed = Cell(Verdict.DELIVERED, Reason.DELIVERED_TO_ENDPOINT, rule, policy)
    return StageDecision(blocked, allowed, rule, policy)


class Peers:
    """The addresses of many peers, each a bit, and the sets of them that conditions name.

    Bits stand in the order of the addresses, so that a range of addresses is a run of bits.
    """

    def __init__(self, addresses: Sequence[Address | None]) -> None:
        """Number the peers by family and address; None stands for a peer without an address."""
        self.count = len(addresses)
        known = [
            (address.version, int(address), n) for n, address in enumerate(addresses) if address
        ]
        self._sorted = sorted(known)
        self._keys = [entry[:2] for entry in self._sorted]
        self.all = (1 << len(self._sorted)) - 1
        self._known: dict[tuple[AddressMatch, int], int] = {}

    def matching(self, match: AddressMatch | None, tags: Tags) -> int:
        """Return the bits of the peers that meet the condition."""
        if match is None:
            return self.all
        key = (match, id(tags) if match.tags else 0)
        if key not in self._known:
            bits = self.all if match.literals is None else self._among(match.literals)
            for name in match.tags:
                bits &= self._among(tags[name]) if name in tags else 0
            self._known[key] = bits
        return self._known[key]

    def spread(self, split: Split) -> list[StageDecision]:
        """Return the decision for each peer, in the order in which they were given."""
        found = [OPEN] * self.count
        for decision, bits in split:
            if decision is OPEN:
                continue
            left = bits
            while left:
                lowest = left & -left
                found[self._sorted[lowest.bit_length() - 1][2]] = decision
                left ^= lowest
        return found

    def _among(self, addresses: AddressSet) -> int:
        bits = 0
        for version in addresses.versions:
            pairs = zip(addresses.firsts[version], addresses.lasts[version], strict=True)
            for first, last in pairs:
                start = bisect.bisect_left(self._keys, (version, first))
                end = bisect.bisect_right(self._keys, (version, last))
                bits |= (1 << end) - (1 << start)
        return bits


def vfp_decisions(
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
        return [(OPEN, peers.all)]
    found: Split = []
    left, has_rules = peers.all, False
    for group in _acl_groups(network, endpoint, direction, sample.version):
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
            found.append((stage_decision(reason, rule.id, rule.policy), met))
    rest = stage_decision(Reason.BLOCKED_BY_DEFAULT) if has_rules else OPEN
    return [*found, (rest, left)]


def _acl_groups(
    network: PlumbedNetwork, endpoint: PlumbedEndpoint, direction: Direction, version: int
) -> list[Group]:
    """Return the groups of the ACL layer for a direction and a family, in their order."""
    policies = endpoint.policies
    layer = acl_layer(
        endpoint.id,
        [rule for rule in policies.acls if not rule.is_host],
        policies.tiers,
        [rule for rule in network.acls if not rule.is_host],
    )
    groups = [
        group for group in layer.groups if group.direction is direction and group.version == version
    ]
    return sorted(groups, key=lambda group: group.priority)


def wfp_decisions(
    host: HostFabric,
    network: PlumbedNetwork,
    endpoint: PlumbedEndpoint,
    direction: Direction,
    sample: Packet,
    peers: Peers,
) -> Split:
    """Return what the firewall of the endpoint's compartment does, in the same shape."""
    found: Split = []
    left = peers.all
    for rule in host_acls(endpoint, network, direction):
        required = conditions(rule.match, rule.direction)
        if sample.version not in required.versions:
            continue
        met = _meeting(required, direction, sample, peers, network.tags) & left
        left &= ~met
        reason = Reason.BLOCKED_BY_RULE if rule.action == "Block" else None
        found.append((stage_decision(reason, "WFP", rule.policy), met))
    rest = OPEN
    if direction is Direction.IN and not inbound_default(endpoint, sample, host.release).allows:
        rest = stage_decision(Reason.BLOCKED_BY_DEFAULT)
    return [*found, (rest, left)]


def _meeting(
    required: Conditions, direction: Direction, sample: Packet, peers: Peers, tags: Tags
) -> int:
    """Return the bits of the peers for which the packet meets the conditions."""
    own, peer = (
        (required.source, required.destination)
        if direction is Direction.OUT
        else (required.destination, required.source)
    )
    mine = sample.source if direction is Direction.OUT else sample.destination
    if own is not None and not own.matches(mine, tags):
        return 0
    if not required.match_without_addresses(sample):
        return 0
    return peers.matching(peer, tags)
