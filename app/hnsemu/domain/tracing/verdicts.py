"""What the access control of an endpoint says to many peers at once.

The rules are those that a trace walks through. A set of peers is a number with a bit for each:
which peers a rule decides about, and which are left for the next one, are then two operations on
integers, however many peers there are. Peer by peer, a matrix of 1,000 endpoints with 20 ACLs
would take 20 million comparisons of addresses.
"""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.matching import AddressMatch, AddressSet, Conditions, Tags, conditions
from hnsemu.domain.packet import Address, Direction, Packet
from hnsemu.domain.tracing.model import Reason, Verdict
from hnsemu.domain.vfp.acl import acl_order, default_id, rule_id
from hnsemu.domain.vfp.layers import has_vfp
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

_FEW = 8
_DIGITS = bytes.maketrans(b"01", b"\x00\x01")

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
        self._places = [entry[2] for entry in self._sorted]
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
        """Return the decision for each peer, in the order in which they were given.

        The decision about most peers is written first, and the others over it.
        """
        most = max(split, key=lambda part: part[1].bit_count(), default=(OPEN, 0))
        if most[1] == self.all and len(self._sorted) == self.count:
            return [most[0]] * self.count
        found = [OPEN] * self.count
        for decision, bits in split:
            if decision is OPEN:
                continue
            for place in self.places(bits):
                found[place] = decision
        return found

    def places(self, bits: int) -> list[int]:
        """Return which peers the bits are, as they were given."""
        if not bits:
            return []
        if bits.bit_count() < _FEW:
            return self._places_of_few(bits)
        return list(compress(self._places, f"{bits:b}".encode().translate(_DIGITS)[::-1]))

    def _places_of_few(self, bits: int) -> list[int]:
        found = []
        while bits:
            lowest = bits & -bits
            found.append(self._places[lowest.bit_length() - 1])
            bits ^= lowest
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
    policies = endpoint.policies
    acls = [rule for rule in policies.acls if not rule.is_host]
    of_network = [rule for rule in network.acls if not rule.is_host]
    if not (acls or policies.tiers or of_network):
        return [(stage_decision(None, default_id(endpoint.id, direction)), peers.all)]
    found: Split = []
    left, has_rules = peers.all, False
    for group in acl_order(acls, policies.tiers, of_network, direction):
        waiting = left
        for place, rule in group:
            required = conditions(rule.match, rule.direction)
            if sample.version not in required.versions:
                continue
            has_rules = True
            met = _meeting(required, direction, sample, peers, network.tags) & waiting
            waiting &= ~met
            if not met or rule.action == "Pass":
                continue
            left &= ~met
            reason = Reason.BLOCKED_BY_RULE if rule.action == "Block" else None
            name = rule_id(endpoint.id, rule, place)
            found.append((stage_decision(reason, name, rule.policy), met))
    rest = stage_decision(Reason.BLOCKED_BY_DEFAULT) if has_rules else OPEN
    return [*found, (rest, left)]


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
        if not met:
            continue
        left &= ~met
        reason = Reason.BLOCKED_BY_RULE if rule.action == "Block" else None
        found.append((stage_decision(reason, "WFP", rule.policy), met))
    rest = OPEN
    if direction is Direction.IN and not inbound_default(endpoint, sample, host.release).allows:
        rest = stage_decision(Reason.BLOCKED_BY_DEFAULT)
    return [*found, (rest, left)]


def both(first: Split, second: Split) -> Split:
    """Return what two stages, one behind the other, do: the last word of those that say a thing."""
    stopped = 0
    for decision, bits in first:
        stopped |= bits if decision.blocked is not None else 0
    said = [
        (decision, bits & ~stopped)
        for decision, bits in second
        if decision.rule or decision.blocked is not None
    ]
    spoken = 0
    for _, bits in said:
        spoken |= bits
    return [
        *((decision, bits & ~spoken) for decision, bits in first if bits & ~spoken),
        *((decision, bits) for decision, bits in said if bits),
    ]


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
