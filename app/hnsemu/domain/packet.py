"""One packet: its headers, and what a connection's reply looks like."""

import ipaddress
from dataclasses import dataclass, replace
from enum import StrEnum

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
FlowKey = tuple[int, Address, int, Address, int]

ANY, ICMP, IGMP, TCP, UDP, ICMPV6, SCTP = 0, 1, 2, 6, 17, 58, 132
VXLAN = 252  # what VFP calls a packet inside VXLAN. Source: dataplane.md section 1.5 [D].

NAMES = {ICMP: "ICMP", IGMP: "IGMP", TCP: "TCP", UDP: "UDP", ICMPV6: "ICMPv6", SCTP: "SCTP"}
WITH_PORTS = frozenset({TCP, UDP, SCTP})
NUMBERS = {name.upper(): number for number, name in NAMES.items()}
"""Protocols by their names in capitals."""

ECHO_REQUESTS = {ICMP: 8, ICMPV6: 128}
"""The type of an echo request, by protocol."""

_ECHO_REPLIES = {8: 0, 128: 129}  # request to reply, of ICMP and ICMPv6


class Direction(StrEnum):
    """OUT leaves the NIC towards the switch, IN goes towards the NIC."""

    OUT = "OUT"
    IN = "IN"


@dataclass(frozen=True, slots=True)
class Outer:
    """The headers that encapsulation puts around a packet.

    vni:  virtual subnet id. port: destination UDP port of VXLAN; the source port is a hash.
    """

    source: Address
    destination: Address
    vni: int
    port: int = 4789
    source_mac: str = ""
    destination_mac: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """The headers of a packet that the data plane looks at or changes.

    protocol:  IP protocol number. Ports are 0 where the protocol has none.
    icmp_type: of ICMP and ICMPv6, else None. tcp_flags: names, as in ("SYN",).
    length:    of the IP packet, bytes. vlan: 0 for none. outer: the VXLAN around it.
    """

    protocol: int
    source: Address
    destination: Address
    source_port: int = 0
    destination_port: int = 0
    icmp_type: int | None = None
    tcp_flags: tuple[str, ...] = ()
    length: int = 60
    source_mac: str = ""
    destination_mac: str = ""
    vlan: int = 0
    outer: Outer | None = None

    @property
    def version(self) -> int:
        """Return 4 or 6."""
        return self.source.version

    @property
    def flow(self) -> FlowKey:
        """Return what tells the packet's connection and direction from others."""
        return (
            self.protocol,
            self.source,
            self.source_port,
            self.destination,
            self.destination_port,
        )

    @property
    def reply_flow(self) -> FlowKey:
        """Return the flow of the answers to this packet."""
        return (
            self.protocol,
            self.destination,
            self.destination_port,
            self.source,
            self.source_port,
        )

    def __str__(self) -> str:
        """Return it as people write it: TCP 10.0.0.5:40000 > 10.96.0.10:80."""
        name = NAMES.get(self.protocol, f"protocol {self.protocol}")
        source = endpoint_text(self.source, self.source_port)
        return f"{name} {source} > {endpoint_text(self.destination, self.destination_port)}"


def reply_to(packet: Packet) -> Packet:
    """Return the answer to `packet` as its receiver sends it; it sets its own MACs and VLAN.

    A VTEP outside encapsulates its answer to an encapsulated packet, unless the node sent that.
    """
    outer = packet.outer
    if outer is not None:
        is_of_node = outer.source == packet.source
        back = replace(outer, source=outer.destination, destination=outer.source)
        outer = None if is_of_node else back
    kind = packet.icmp_type
    return replace(
        packet,
        source=packet.destination,
        source_port=packet.destination_port,
        destination=packet.source,
        destination_port=packet.source_port,
        icmp_type=None if kind is None else _ECHO_REPLIES.get(kind, kind),
        tcp_flags=("SYN", "ACK") if packet.tcp_flags == ("SYN",) else packet.tcp_flags,
        source_mac="",
        destination_mac="",
        vlan=0,
        outer=outer,
    )


def with_flow(packet: Packet, flow: FlowKey) -> Packet:
    """Return the packet with the addresses and ports of `flow`."""
    _, source, source_port, destination, destination_port = flow
    return replace(
        packet,
        source=source,
        source_port=source_port,
        destination=destination,
        destination_port=destination_port,
    )


def reversed_flow(flow: FlowKey) -> FlowKey:
    """Return the flow of the answers."""
    protocol, source, source_port, destination, destination_port = flow
    return (protocol, destination, destination_port, source, source_port)


def endpoint_text(address: Address, port: int) -> str:
    """Return 10.0.0.5:80, [fd00::5]:80, or the address alone without a port."""
    if not port:
        return str(address)
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"  # noqa: PLR2004


def protocol_name(number: int) -> str:
    """Return what people call a protocol: its name, "any" for 0, else its number."""
    return "any" if number == ANY else NAMES.get(number, str(number))
