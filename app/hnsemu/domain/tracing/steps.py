"""The state of one walk: its steps so far, its flows, and how it ends."""

from dataclasses import dataclass, field

from hnsemu.domain.fabric import Fabric
from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.packet import Direction, Packet, endpoint_text, with_flow
from hnsemu.domain.tracing.flows import Flows, FlowTable
from hnsemu.domain.tracing.model import Arrival, Reason, Result, Step, Verdict
from hnsemu.domain.tracing.ports import Ports
from hnsemu.domain.tracing.question import MAXIMUM_HOPS
from hnsemu.domain.tracing.sentences import changes, port_label, vfp_steps
from hnsemu.domain.vfp.evaluate import LOST, Outcome, PortWalk, by_hash, walk
from hnsemu.domain.vfp.layers import FORWARDING
from hnsemu.domain.vfp.model import Balance, Rule, VfpPort

# What a place is called begins with what it is.
_STAGES = {"switch": "Switch", "underlay": "Underlay", "DR": "VFP"}


class End(Exception):  # noqa: N818 (it is how every walk ends)
    """The walk is over."""

    def __init__(
        self,
        verdict: Verdict,
        reason: Reason,
        text: str,
        packet: Packet,
        arrival: Arrival | None = None,
    ) -> None:
        """Keep how it ended, with the packet as it was then."""
        super().__init__(text)
        self.verdict, self.reason, self.text = verdict, reason, text
        self.packet, self.arrival = packet, arrival


@dataclass(slots=True)
class Choice:
    """Which backends are picked: by hash, but the first load balancer may be told which.

    first: number of the backend for the first load balancer, None for its hash.
    backend, backends: what the first choice was, and out of how many. rule: of the first choice.
    """

    first: int | None = None
    backend: str = ""
    backends: int = 0
    rule: Rule | None = None

    def __call__(self, rule: Rule, packet: Packet, count: int) -> int:
        """Choose one of `count` backends."""
        is_first = not self.backends
        index = by_hash(rule, packet, count)
        if is_first and self.first is not None:
            index = self.first
        if is_first:
            assert isinstance(rule.data, Balance)  # noqa: S101 (only load balancing chooses)
            dip = rule.data.dips[index]
            self.backend, self.backends = endpoint_text(dip.address, dip.port), count
            self.rule = rule
        return index


@dataclass(frozen=True, slots=True)
class PortCount:
    """What a packet did at a port, for the counters.

    rules: (layer, group, rule id) that matched, in order; dropped: by the last of them.
    """

    host: str
    port_id: str
    owner_id: str
    direction: Direction
    length: int
    rules: tuple[tuple[str, str, str], ...]
    dropped: bool


@dataclass(slots=True)
class Walk:
    """One packet on its way.

    home:  name of the emulated host that the question is about.
    ports: what container ports of the fabric compile to.
    """

    fabric: Fabric
    home: str
    flows: Flows
    choice: Choice = field(default_factory=Choice)
    maximum_hops: int = MAXIMUM_HOPS
    user_sid: str = ""
    is_reply: bool = False
    ports: Ports = field(default_factory=Ports)
    steps: list[Step] = field(default_factory=list)
    counts: list[PortCount] = field(default_factory=list)
    hops: int = 0

    def note(
        self,
        host: str,
        where: str,
        stage: str,
        result: Result,
        text: str,
        *,
        policy: PolicyRef | None = None,
        rule: str = "",
        direction: str = "",
        before: Packet | None = None,
        after: Packet | None = None,
        evidence: str = "I",
    ) -> None:
        """Add a step; before and after show what it changed."""
        changed = changes(before, after) if before is not None and after is not None else {}
        self.steps.append(
            Step(
                host=host,
                where=where,
                stage=stage,
                result=result,
                text=text,
                direction=direction,
                rule=rule,
                policy=policy,
                changed=changed,
                evidence=evidence,
            )
        )

    def drop(self, reason: Reason, text: str, packet: Packet, *, host: str, where: str) -> End:
        """Return the end of the walk, to be raised: the packet is lost."""
        stage = _STAGES.get(where.partition(" ")[0], "Route")
        self.note(host, where, stage, Result.DROP, text)
        return End(Verdict.DROPPED, reason, text, packet)

    def hop(self, packet: Packet, host: str, where: str) -> None:
        """Count one more port or stack.

        Raises: End when there were too many.
        """
        self.hops += 1
        if self.hops > self.maximum_hops:
            text = f"the packet has passed {self.maximum_hops} hops and is still on its way"
            raise self.drop(Reason.TOO_MANY_HOPS, text, packet, host=host, where=where)

    def pass_port(
        self,
        host: str,
        port: VfpPort,
        direction: Direction,
        packet: Packet,
        *,
        hairpins: bool = True,
    ) -> PortWalk:
        """Walk the packet through a port; where VFP is off it passes as it is.

        Raises: End when a rule blocks it or nothing allows it.
        """
        self.hop(packet, host, port_label(port))
        place: FlowTable = (host, port.id)
        flow = self.flows.find(place, direction, packet) if port.enabled else None
        if flow is not None:
            before, packet = packet, with_flow(packet, flow)
            text = "it belongs to a flow that was already allowed" + (
                f", and becomes {packet}" if packet != before else ""
            )
            self.note(host, port_label(port), "VFP", Result.FLOW, text, before=before,
                      after=packet, direction=direction.value)  # fmt: skip
        only = FORWARDING if flow is not None else None
        port_walk = walk(port, direction, packet, self.choice, hairpins=hairpins, only=only)
        for decision in port_walk.decisions:
            self.steps += vfp_steps(host, port, direction, decision)
        self._count(host, port, direction, packet, port_walk)
        if port_walk.outcome in LOST:
            raise self._refusal(port, direction, port_walk)
        if port_walk.outcome is Outcome.FORWARD and flow is None and port.enabled:
            self.flows.remember(place, direction, packet, port_walk.packet, port)
        return port_walk

    def _refusal(self, port: VfpPort, direction: Direction, port_walk: PortWalk) -> End:
        step = self.steps[-1]
        if port_walk.outcome is Outcome.BLOCKED:
            text = f"{step.text} at the {port_label(port)}"
            return End(Verdict.BLOCKED, Reason.BLOCKED_BY_RULE, text, port_walk.packet)
        if port_walk.outcome is Outcome.EXHAUSTED:
            return End(Verdict.DROPPED, Reason.NO_NAT_PORTS, step.text, port_walk.packet)
        way = direction.lower()
        text = (
            f"no ACL at the {port_label(port)} allows it {way}; a port that has ACLs for this "
            f"direction passes only what they allow: add one with Direction {way.title()}"
        )
        return End(Verdict.BLOCKED, Reason.BLOCKED_BY_DEFAULT, text, port_walk.packet)

    def _count(
        self, host: str, port: VfpPort, direction: Direction, packet: Packet, port_walk: PortWalk
    ) -> None:
        matched = tuple(
            (decision.layer.id, decision.group.id, decision.rule.id)
            for decision in port_walk.decisions
            if decision.rule is not None and decision.group is not None
        )
        dropped = port_walk.outcome in LOST
        self.counts.append(
            PortCount(host, port.id, port.owner_id, direction, packet.length, matched, dropped)
        )
