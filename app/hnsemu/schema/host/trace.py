"""POST /host/trace: the question, and the walk that answers it."""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.packet import ICMP, ICMPV6, NAMES, WITH_PORTS, Address, Packet
from hnsemu.domain.tracing.model import Reason, Result, Step, Trace, Verdict
from hnsemu.domain.tracing.question import MAXIMUM_HOPS, Probe
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import Document, Uint8, Uint16
from hnsemu.schema.host.view import View

_NUMBERS = {name.upper(): number for number, name in NAMES.items()}
_ECHO = {ICMP: 8, ICMPV6: 128}
_SOURCE_PORT = 40000
_FLAGS = {"FIN", "SYN", "RST", "PSH", "ACK", "URG"}


class _Question(Document):
    """A document of our own; what it does not know is refused."""

    INVALID: ClassVar[Hr] = Hr.E_INVALIDARG


class TraceSender(_Question):
    """Who sends the packet: one of these."""

    endpoint: str | None = Field(None, description="Id or name.", examples=["web"])
    namespace: str | None = Field(None, description="Id.")
    container: str | None = Field(None, description="Id of a container in a namespace.")
    host: bool | None = Field(None, description="The emulated host itself.")
    external: bool | None = Field(None, description="A machine outside; give its Source.")


class TracePacket(_Question):
    """The packet to send. What is left out follows from the sender or has its usual value."""

    protocol: str | None = Field(
        None, description="TCP, UDP, ICMP, ICMPv6, IGMP, SCTP or a number; TCP without.",
        examples=["TCP"],
    )  # fmt: skip
    source: str | None = Field(None, examples=["10.244.1.5"])
    source_port: Uint16 | None = Field(None, examples=[_SOURCE_PORT])
    destination: str | None = Field(None, examples=["10.96.0.10"])
    destination_port: Uint16 | None = Field(None, examples=[80])
    icmp_type: Uint8 | None = Field(None, description="An echo request without.")
    tcp_flags: tuple[str, ...] | None = Field(None, examples=[["SYN"]])
    length: Annotated[int, Field(ge=20, le=65535)] | None = Field(
        None, description="Of the IP packet, bytes."
    )


class TraceRequest(_Question):
    """A packet to trace through the hosts as they stand."""

    from_: TraceSender | None = Field(None, alias="From")
    packet: TracePacket | None = None
    reply: bool | None = Field(None, description="Walk the answer too.")
    backend: str | None = Field(
        None,
        description="hash: what the load balancer would choose; all: a walk for each backend.",
        examples=["hash"],
    )
    maximum_hops: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        None, description=f"Ports and stacks to pass; {MAXIMUM_HOPS} without."
    )
    user_sid: str | None = Field(
        None, alias="UserSID", description="Owner of the sending process: proxies spare their own."
    )
    count: bool | None = Field(
        None, description="Count the packet on endpoints and rules, as a real one would be."
    )

    def to_domain(self) -> Probe:
        """Return the question.

        Raises: E_INVALIDARG.
        """
        if self.packet is None:
            raise _invalid("Packet is missing; give at least Destination")
        sender = self._sender()
        packet, source = _packet(self.packet)
        if sender.external and source is None:
            raise _invalid("Packet.Source is missing; a packet from outside needs one")
        if (self.backend or "hash") not in {"hash", "all"}:
            raise _invalid(f"Backend {self.backend!r} is unknown; use hash or all")
        return Probe(
            packet=packet,
            source=source,
            endpoint=sender.endpoint or "",
            namespace=sender.namespace or "",
            container=sender.container or "",
            host=bool(sender.host),
            reply=bool(self.reply),
            every_backend=self.backend == "all",
            maximum_hops=self.maximum_hops or MAXIMUM_HOPS,
            user_sid=self.user_sid or "",
        )

    def _sender(self) -> TraceSender:
        sender = self.from_ or TraceSender()
        given = [name for name in TraceSender.model_fields if getattr(sender, name)]
        if len(given) != 1:
            raise _invalid(
                "From must name one sender: Endpoint, Namespace, Container, or Host or External "
                f"as true; it names {', '.join(given) or 'none'}"
            )
        return sender


def _packet(asked: TracePacket) -> tuple[Packet, Address | None]:
    """Return the packet, and its source if that was given."""
    if not asked.destination:
        raise _invalid("Packet.Destination is missing")
    destination = as_address(asked.destination, "Packet.Destination")
    source = as_address(asked.source, "Packet.Source") if asked.source else None
    if source is not None and source.version != destination.version:
        raise _invalid(
            f"Packet.Source {source} and Packet.Destination {destination} are of different "
            "families; use two of one"
        )
    protocol = _protocol(asked.protocol or "TCP", destination)
    _check_members(asked, protocol)
    has_ports = protocol in WITH_PORTS
    return (
        Packet(
            protocol=protocol,
            source=source or destination,
            destination=destination,
            source_port=(_SOURCE_PORT if asked.source_port is None else asked.source_port)
            if has_ports
            else 0,
            destination_port=asked.destination_port or 0,
            icmp_type=_ECHO.get(protocol) if asked.icmp_type is None else asked.icmp_type,
            tcp_flags=_tcp_flags(asked.tcp_flags, protocol),
            length=asked.length or 60,
        ),
        source,
    )


def _check_members(asked: TracePacket, protocol: int) -> None:
    """Refuse ports of a protocol that has none, and an ICMP type of one that is not ICMP."""
    name = NAMES.get(protocol, str(protocol))
    if protocol in WITH_PORTS:
        if not asked.destination_port:
            raise _invalid(f"Packet.DestinationPort is missing; {name} needs one, 1 to 65535")
    elif asked.destination_port or asked.source_port:
        raise _invalid(f"Packet: protocol {name} has no ports; leave them out")
    if asked.icmp_type is not None and protocol not in _ECHO:
        raise _invalid(f"Packet.IcmpType is of ICMP and ICMPv6, not of {name}; leave it out")
    if asked.tcp_flags and name != "TCP":
        raise _invalid(f"Packet.TcpFlags is of TCP, not of {name}; leave it out")


def _protocol(text: str, destination: Address) -> int:
    is_six = destination.version == 6  # noqa: PLR2004 (a family)
    if text.upper() == "ICMP" and is_six:
        return ICMPV6
    number = _NUMBERS.get(text.upper())
    if number is None:
        if not (text.isascii() and text.isdigit() and 0 < int(text) <= 255):  # noqa: PLR2004
            known = ", ".join(NAMES.values())
            raise _invalid(f"Packet.Protocol {text!r} is unknown; use {known} or 1 to 255")
        number = int(text)
    if number == (ICMP if is_six else ICMPV6):
        raise _invalid(
            f"Packet.Protocol {NAMES[number]} does not go to {destination}; use "
            f"{NAMES[ICMPV6 if is_six else ICMP]}"
        )
    return number


def _tcp_flags(asked: tuple[str, ...] | None, protocol: int) -> tuple[str, ...]:
    flags = tuple(flag.upper() for flag in asked or ())
    unknown = [flag for flag in flags if flag not in _FLAGS]
    if unknown:
        raise _invalid(
            f"Packet.TcpFlags {unknown[0]!r} is unknown; use {', '.join(sorted(_FLAGS))}"
        )
    return flags or (("SYN",) if NAMES.get(protocol) == "TCP" else ())


def as_address(text: str, member: str) -> Address:
    """Return the address that a member holds.

    Raises: E_INVALIDARG.
    """
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise _invalid(f"{member} {text!r} is no address; write one without prefix") from None


def _invalid(what: str) -> HnsError:
    return HnsError(Hr.E_INVALIDARG, what)


class TracedPacket(View):
    """The headers of a packet as it was when the walk ended."""

    protocol: int = Field(examples=[6])
    source: str
    source_port: int
    destination: str
    destination_port: int
    source_mac: str
    destination_mac: str
    vlan: int
    encapsulation: dict[str, str] = Field(description="Source, Destination and Vni of VXLAN.")


class TracePolicy(View):
    """The policy that a decision came from."""

    owner: str = Field(examples=["Endpoint"])
    owner_id: str
    type: str = Field(examples=["ACL"])
    id: str = Field(description="The policy's own id or name.")
    position: int = Field(description="Among the policies of its owner, from 0.")


class TraceStep(View):
    """One decision on the way."""

    host: str = Field(description="Emulated host.")
    where: str = Field(examples=["port of endpoint web"])
    port: str = Field(description='Port Friendly name, "" elsewhere.')
    stage: str = Field(examples=["VFP"])
    direction: str = Field(examples=["OUT"])
    layer: str = Field(examples=["ACL_ENDPOINT_LAYER"])
    group: str
    rule: str
    rule_type: str
    priority: int
    result: Result
    policy: TracePolicy | None = None
    changed: dict[str, tuple[str, str]] = Field(description="Header member: before and after.")
    evidence: str = Field(
        examples=["O"], description="D documented, O observed, I inferred, M our model."
    )
    text: str


class TraceArrival(View):
    """Who received the packet."""

    kind: str = Field(examples=["Endpoint"])
    id: str
    host: str


class TraceView(View):
    """The walk of a packet."""

    verdict: Verdict
    reason: Reason
    text: str
    delivered_to: TraceArrival | None = None
    packet: TracedPacket
    backend: str = Field(description='What the first load balancer chose, "" without one.')
    steps: tuple[TraceStep, ...]
    reply: "TraceView | None" = None
    walks: tuple["TraceView", ...] = Field(
        default=(), description="With Backend all: one walk for each backend."
    )


def trace_view(walks: Sequence[Trace]) -> TraceView:
    """Return the first walk, with all of them inside when there are several."""
    views = [_view(walk) for walk in walks]
    if len(views) == 1:
        return views[0]
    return views[0].model_copy(update={"walks": tuple(views)})


def trace_json(walks: Sequence[Trace]) -> str:
    """Return the JSON text of the view; members that say nothing are left out."""
    return trace_view(walks).model_dump_json(by_alias=True, exclude_none=True)


def _view(trace: Trace) -> TraceView:
    arrival = trace.delivered_to
    return TraceView(
        verdict=trace.verdict,
        reason=trace.reason,
        text=trace.text,
        delivered_to=TraceArrival(kind=arrival.kind.value, id=arrival.id, host=arrival.host)
        if arrival is not None
        else None,
        packet=_shown(trace.packet),
        backend=trace.backend,
        steps=tuple(_step(step) for step in trace.steps),
        reply=_view(trace.reply) if trace.reply is not None else None,
    )


def _step(step: Step) -> TraceStep:
    return TraceStep(
        host=step.host,
        where=step.where,
        port=step.port,
        stage=step.stage,
        direction=step.direction,
        layer=step.layer,
        group=step.group,
        rule=step.rule,
        rule_type=step.rule_type,
        priority=step.priority,
        result=step.result,
        policy=policy_view(step.policy),
        changed=step.changed,
        evidence=step.evidence,
        text=step.text,
    )


def policy_view(ref: PolicyRef | None) -> TracePolicy | None:
    """Return the policy that something came from."""
    if ref is None:
        return None
    return TracePolicy(
        owner=ref.owner, owner_id=ref.owner_id, type=ref.type, id=ref.id, position=ref.position
    )


def _shown(packet: Packet) -> TracedPacket:
    outer: Mapping[str, str] = {}
    if packet.outer is not None:
        outer = {
            "Source": str(packet.outer.source),
            "Destination": str(packet.outer.destination),
            "Vni": str(packet.outer.vni),
        }
    return TracedPacket(
        protocol=packet.protocol,
        source=str(packet.source),
        source_port=packet.source_port,
        destination=str(packet.destination),
        destination_port=packet.destination_port,
        source_mac=packet.source_mac,
        destination_mac=packet.destination_mac,
        vlan=packet.vlan,
        encapsulation=dict(outer),
    )
