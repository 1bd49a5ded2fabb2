"""POST /host/trace: the packet to trace, and its walk."""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from hnsemu.domain.digits import number_in
from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.packet import (
    ECHO_REQUESTS,
    ICMP,
    ICMPV6,
    NAMES,
    NUMBERS,
    WITH_PORTS,
    Address,
    Packet,
)
from hnsemu.domain.tracing.model import Reason, Result, Step, Trace, Verdict
from hnsemu.domain.tracing.question import MAXIMUM_HOPS, Probe, Receiver
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import Uint8, Uint16
from hnsemu.schema.exact import ExactDocument
from hnsemu.schema.host.view import View

_SOURCE_PORT = 40000
_LARGEST_PROTOCOL = 255
_ANYWHERE: dict[int, Address] = {4: ipaddress.IPv4Address(0), 6: ipaddress.IPv6Address(0)}
_FLAGS = {"FIN", "SYN", "RST", "PSH", "ACK", "URG"}


class TraceSender(ExactDocument):
    """The sender of the packet: exactly one of these members."""

    endpoint: str | None = Field(None, description="GUID or name.", examples=["web"])
    namespace: str | None = Field(None, description="GUID.")
    container: str | None = Field(
        None, description="Id of a container in a namespace; name or id of one of Docker's."
    )
    host: bool | None = Field(None, description="The emulated host itself.")
    external: bool | None = Field(None, description="A machine outside; needs Packet.Source.")


class TraceReceiver(ExactDocument):
    """The receiver of the packet, by a name: exactly one of these members.

    Between containers that are on the same networks, the packet goes there. A packet from outside
    goes to the host where the container's port is published, if it is.
    """

    endpoint: str | None = Field(None, description="GUID or name.", examples=["web"])
    container: str | None = Field(
        None,
        description="Id of a container in a namespace; name, alias or id of one of Docker's.",
    )
    name: str | None = Field(
        None,
        description="A container that the sender, a container, knows by this name, else an "
        "endpoint; for another sender an endpoint, else a container.",
    )


class TracePacket(ExactDocument):
    """The packet to send. Members left out follow from the sender or have a usual value."""

    protocol: str | None = Field(
        None, description="TCP, UDP, ICMP, ICMPv6, IGMP, SCTP or a number; TCP when left out.",
        examples=["TCP"],
    )  # fmt: skip
    source: str | None = Field(None, examples=["10.244.1.5"])
    source_port: Uint16 | None = Field(None, examples=[_SOURCE_PORT])
    destination: str | None = Field(
        None, description="Left out when To names the receiver.", examples=["10.96.0.10"]
    )
    destination_port: Uint16 | None = Field(None, examples=[80])
    icmp_type: Uint8 | None = Field(None, description="An echo request when left out.")
    tcp_flags: tuple[str, ...] | None = Field(None, examples=[["SYN"]])
    length: Annotated[int, Field(ge=20, le=65535)] | None = Field(
        None, description="Bytes of the IP packet."
    )


class TraceRequest(ExactDocument):
    """A packet to trace through the current state of the hosts."""

    from_: TraceSender | None = Field(None, alias="From")
    to: TraceReceiver | None = Field(
        None, description="The receiver, instead of Packet.Destination."
    )
    packet: TracePacket | None = None
    reply: bool | None = Field(None, description="Trace the reply too.")
    backend: str | None = Field(
        None,
        description="hash: the backend that the load balancer would choose; all: a walk for each "
        "backend.",
        examples=["hash"],
    )
    arrives_at: str | None = Field(
        None,
        description="Name of the emulated host to which a packet from outside is brought, as a "
        "cloud's balancer with floating IP does; the host that has the destination when left out.",
        examples=["default"],
    )
    maximum_hops: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        None,
        description=f"Largest number of ports and stacks on the way; {MAXIMUM_HOPS} when left out.",
    )
    user_sid: str | None = Field(
        None,
        alias="UserSID",
        description="User of the sending process; a proxy does not redirect its own connections.",
    )
    count: bool | None = Field(
        None,
        description="Count the packet in the counters of endpoints and rules, like a real one.",
    )

    def to_domain(self) -> Probe:
        """Return the packet and its sender.

        Raises: E_INVALIDARG.
        """
        if self.packet is None:
            raise _invalid("Packet is missing; give at least Destination, or To beside it")
        sender, receiver = self._sender(), self._receiver()
        packet, source = _packet(self.packet, is_named=receiver is not None)
        if sender.external and source is None:
            raise _invalid("Packet.Source is missing; give the address of the machine outside")
        if self.arrives_at and not sender.external:
            raise _invalid("ArrivesAt is of packets from outside; leave it out, or send External")
        if (self.backend or "hash") not in {"hash", "all"}:
            raise _invalid(f"Backend {self.backend!r} is unknown; use hash or all")
        return Probe(
            packet=packet,
            source=source,
            endpoint=sender.endpoint or "",
            namespace=sender.namespace or "",
            container=sender.container or "",
            receiver=receiver,
            host=bool(sender.host),
            reply=bool(self.reply),
            every_backend=self.backend == "all",
            maximum_hops=self.maximum_hops or MAXIMUM_HOPS,
            user_sid=self.user_sid or "",
            arrives_at=self.arrives_at or "",
        )

    def _sender(self) -> TraceSender:
        sender = self.from_ or TraceSender()
        named = [name for name in TraceSender.model_fields if getattr(sender, name)]
        if len(named) != 1:
            raise _invalid(
                "From must name one sender: Endpoint, Namespace, Container, or Host or External "
                f"as true; it names {', '.join(named) or 'none'}"
            )
        return sender

    def _receiver(self) -> Receiver | None:
        """Return the receiver that is named, None for one that is addressed."""
        if self.to is None:
            return None
        named = [name for name in TraceReceiver.model_fields if getattr(self.to, name)]
        if len(named) != 1:
            raise _invalid(
                "To must name one receiver: Endpoint, Container or Name; it names "
                f"{', '.join(named) or 'none'}"
            )
        return Receiver(self.to.endpoint or "", self.to.container or "", self.to.name or "")


def _packet(document: TracePacket, *, is_named: bool) -> tuple[Packet, Address | None]:
    """Return the packet, and its source if the document has one.

    is_named: whether To names the receiver; the destination then only says the family.
    """
    source = as_address(document.source, "Packet.Source") if document.source else None
    destination = _destination(document, source, is_named=is_named)
    if source is not None and source.version != destination.version:
        raise _invalid(
            f"Packet.Source {source} and Packet.Destination {destination} are of different "
            "families; use two of the same family"
        )
    protocol = _protocol(document.protocol or "TCP", destination)
    _check_members(document, protocol)
    has_ports = protocol in WITH_PORTS
    return (
        Packet(
            protocol=protocol,
            source=source or destination,
            destination=destination,
            source_port=(_SOURCE_PORT if document.source_port is None else document.source_port)
            if has_ports
            else 0,
            destination_port=document.destination_port or 0,
            icmp_type=ECHO_REQUESTS.get(protocol)
            if document.icmp_type is None
            else document.icmp_type,
            tcp_flags=_tcp_flags(document.tcp_flags, protocol),
            length=document.length or 60,
        ),
        source,
    )


def _destination(document: TracePacket, source: Address | None, *, is_named: bool) -> Address:
    if is_named and document.destination:
        raise _invalid("Packet.Destination and To both say where the packet goes; leave one out")
    if is_named:
        is_six = (document.protocol or "").upper() in {NAMES[ICMPV6].upper(), str(ICMPV6)}
        version = source.version if source else 6 if is_six else 4
        return _ANYWHERE[version]
    if not document.destination:
        raise _invalid("Packet.Destination is missing; give an address, or name the receiver in To")
    return as_address(document.destination, "Packet.Destination")


def _check_members(document: TracePacket, protocol: int) -> None:
    """Refuse members that the protocol does not have, and a missing port.

    Raises: E_INVALIDARG.
    """
    name = NAMES.get(protocol, str(protocol))
    if protocol in WITH_PORTS:
        if not document.destination_port:
            raise _invalid(f"Packet.DestinationPort is missing; {name} needs one, 1 to 65535")
    elif document.destination_port or document.source_port:
        raise _invalid(f"Packet: protocol {name} has no ports; leave them out")
    if document.icmp_type is not None and protocol not in ECHO_REQUESTS:
        raise _invalid(f"Packet.IcmpType belongs to ICMP and ICMPv6, not to {name}; leave it out")
    if document.tcp_flags and name != "TCP":
        raise _invalid(f"Packet.TcpFlags belongs to TCP, not to {name}; leave it out")


def _protocol(text: str, destination: Address) -> int:
    is_six = destination.version == 6  # noqa: PLR2004 (a family)
    if text.upper() == "ICMP" and is_six:
        return ICMPV6
    number = NUMBERS.get(text.upper())
    if number is None:
        number = number_in(text, _LARGEST_PROTOCOL)
        if not number:
            known = ", ".join(NAMES.values())
            raise _invalid(f"Packet.Protocol {text!r} is unknown; use {known} or 1 to 255")
    if number == (ICMP if is_six else ICMPV6):
        raise _invalid(
            f"Packet.Protocol {NAMES[number]} does not fit the destination {destination}; use "
            f"{NAMES[ICMPV6 if is_six else ICMP]}"
        )
    return number


def _tcp_flags(names: tuple[str, ...] | None, protocol: int) -> tuple[str, ...]:
    flags = tuple(flag.upper() for flag in names or ())
    unknown = [flag for flag in flags if flag not in _FLAGS]
    if unknown:
        raise _invalid(
            f"Packet.TcpFlags {unknown[0]!r} is unknown; use {', '.join(sorted(_FLAGS))}"
        )
    return flags or (("SYN",) if NAMES.get(protocol) == "TCP" else ())


def as_address(text: str, member: str) -> Address:
    """Return the address in the text of a member.

    Raises: E_INVALIDARG.
    """
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise _invalid(
            f"{member} {text!r} is not an address; write one without a prefix length"
        ) from None


def _invalid(what: str) -> HnsError:
    return HnsError(Hr.E_INVALIDARG, what)


class TracedPacket(View):
    """The headers of the packet at the end of the walk."""

    protocol: int = Field(examples=[6])
    source: str
    source_port: int
    destination: str
    destination_port: int
    source_mac: str
    destination_mac: str
    vlan: int
    encapsulation: dict[str, str] = Field(
        description="Source, Destination and Vni of the VXLAN header."
    )


class TracePolicy(View):
    """The policy that a decision came from."""

    owner: str = Field(examples=["Endpoint"])
    owner_id: str
    type: str = Field(examples=["ACL"])
    id: str = Field(description="Id or name in the policy.")
    position: int = Field(description="Position among the policies of the owner, from 0.")


class TraceStep(View):
    """One decision on the way."""

    host: str = Field(description="Name of the emulated host.")
    where: str = Field(examples=["port of endpoint web"])
    port: str = Field(description='Port Friendly name, "" for a step outside of ports.')
    stage: str = Field(examples=["VFP"])
    direction: str = Field(examples=["OUT"])
    layer: str = Field(examples=["ACL_ENDPOINT_LAYER"])
    group: str
    rule: str
    rule_type: str
    priority: int
    result: Result
    policy: TracePolicy | None = None
    changed: dict[str, tuple[str, str]] = Field(
        description="Changed headers, each with the value before and after."
    )
    evidence: str = Field(
        examples=["O"], description="D documented, O observed, I inferred, M our model."
    )
    text: str


class TraceArrival(View):
    """The receiver of the packet."""

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
    backend: str = Field(description='Backend of the first load balancer, "" without one.')
    steps: tuple[TraceStep, ...]
    reply: "TraceView | None" = None
    walks: tuple["TraceView", ...] = Field(
        default=(), description="One walk for each backend, with Backend all."
    )


def trace_view(walks: Sequence[Trace]) -> TraceView:
    """Return the first walk; if there are several, with all of them in `walks`."""
    views = [_view(walk) for walk in walks]
    if len(views) == 1:
        return views[0]
    return views[0].model_copy(update={"walks": tuple(views)})


def trace_json(walks: Sequence[Trace]) -> str:
    """Return the JSON text of the view, without empty members."""
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
        packet=_packet_view(trace.packet),
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
    """Return the view of the policy behind a decision."""
    if ref is None:
        return None
    return TracePolicy(
        owner=ref.owner, owner_id=ref.owner_id, type=ref.type, id=ref.id, position=ref.position
    )


def _packet_view(packet: Packet) -> TracedPacket:
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
