"""/process-tuples: what one port would do with a packet.

Source: dataplane.md section 2.1 for the question [D]; the text of the answer is ours, as only its
end, the transposition, is known.
"""

from dataclasses import dataclass

from hnsemu.domain.dataplane import parse_address
from hnsemu.domain.digits import number_in
from hnsemu.domain.packet import WITH_PORTS, Direction, Packet
from hnsemu.domain.vfp.evaluate import Decision, Outcome, PortWalk, by_hash, walk
from hnsemu.domain.vfp.model import VfpPort
from hnsemu.domain.vfp.text.lines import at, listing
from hnsemu.errors import HnsError, Hr

_DIRECTIONS = {"out": Direction.OUT, "1": Direction.OUT, "in": Direction.IN, "2": Direction.IN}
_WORDS = 6  # protocol, source, port, destination, port, direction; flags may follow


@dataclass(frozen=True, slots=True)
class TupleQuery:
    """A packet in front of a port."""

    packet: Packet
    direction: Direction


def parse_tuple(text: str) -> TupleQuery:
    """Return the query that is written as `6 10.0.0.5 40000 10.0.0.6 80 out 1`.

    Raises: E_INVALIDARG.
    """
    words = text.split()
    if len(words) not in {_WORDS, _WORDS + 1}:
        raise _invalid(f"{text!r} has {len(words)} words")
    protocol, source, source_port, destination, port, direction, *_ = words
    numbers = (protocol, source_port, port)
    if not all(map(_is_uint16, numbers)):
        raise _invalid(f"protocol and ports in {text!r} must be numbers")
    one, other = parse_address(source), parse_address(destination)
    if one is None or other is None or one.version != other.version:
        raise _invalid(f"{source} and {destination} must be two addresses of one family")
    if direction.lower() not in _DIRECTIONS:
        raise _invalid(f"direction {direction!r} must be in or out")
    has_ports = int(protocol) in WITH_PORTS
    packet = Packet(
        protocol=int(protocol),
        source=one,
        destination=other,
        source_port=int(source_port) if has_ports else 0,
        destination_port=int(port) if has_ports else 0,
    )
    return TupleQuery(packet, _DIRECTIONS[direction.lower()])


def process_tuple(port: VfpPort, query: TupleQuery) -> str:
    """Return what the layers of the port do with the packet, one after the other."""
    port_walk = walk(port, query.direction, query.packet, by_hash)
    lines = [f"TUPLE : {query.packet} {query.direction}", ""]
    for decision in port_walk.decisions:
        lines += [*_decision(decision), ""]
    lines += [f"Result : {_result(port_walk)}", "Transposition :"]
    lines += at(4, _transposition(query.packet, port_walk.packet))
    return listing("process-tuples", [*lines, ""])


def _is_uint16(text: str) -> bool:
    return number_in(text, (1 << 16) - 1) is not None


def _decision(decision: Decision) -> list[str]:
    rule = decision.rule
    fields = [f"Priority : {decision.layer.priority}"]
    if rule is None or decision.group is None:
        fields.append("No match")
    else:
        fields += [f"Group : {decision.group.id}", f"Rule : {rule.id}", f"Type : {rule.type}"]
    return [f"LAYER : {decision.layer.id}", *at(4, fields)]


def _result(port_walk: PortWalk) -> str:
    return {
        Outcome.FORWARD: "allow",
        Outcome.HAIRPIN: "hairpin",
        Outcome.BLOCKED: "block",
        Outcome.UNMATCHED: "block, no rule matches",
        Outcome.EXHAUSTED: "block, no port is left",
    }[port_walk.outcome]


def _transposition(before: Packet, after: Packet) -> list[str]:
    found = []
    for name, old, new in (
        ("Source IP", before.source, after.source),
        ("Source port", before.source_port, after.source_port),
        ("Destination IP", before.destination, after.destination),
        ("Destination port", before.destination_port, after.destination_port),
    ):
        if old != new:
            found.append(f"Modify {name} : {old} -> {new}")
    if after.outer is not None:
        outer = after.outer
        found.append(f"Push VXLAN : {outer.source} -> {outer.destination}, VNI {outer.vni}")
    return found or ["Ignore"]


def _invalid(what: str) -> HnsError:
    return HnsError(
        Hr.E_INVALIDARG, f"{what}; write `<protocol> <source> <port> <destination> <port> in|out`"
    )
