"""The flows that one traced packet makes: what lets its reply pass, and translates it back.

Source: dataplane.md section 1.7; docs/dataplane.md, "Flows".
"""

from dataclasses import dataclass, field

from hnsemu.domain.packet import Direction, FlowKey, Packet, reversed_flow
from hnsemu.domain.vfp.model import VfpPort

FlowTable = tuple[str, str]
"""The table of a port, firewall or NAT: name of the emulated host, and an id within it."""

_OTHER = {Direction.OUT: Direction.IN, Direction.IN: Direction.OUT}


@dataclass(slots=True)
class Flows:
    """Flows by table and direction; a flow leads to the addresses and ports it is rewritten to."""

    _known: dict[tuple[FlowTable, Direction], dict[FlowKey, FlowKey]] = field(default_factory=dict)
    _owners: dict[tuple[str, FlowKey], VfpPort] = field(default_factory=dict)
    _bare: set[FlowKey] = field(default_factory=set)
    _hidden: dict[FlowKey, str] = field(default_factory=dict)

    def remember(
        self,
        table: FlowTable,
        direction: Direction,
        before: Packet,
        after: Packet,
        port: VfpPort | None = None,
    ) -> None:
        """Note that `before` passed here as `after`: the reply comes in the other direction.

        port: which the reply must come back to, as it changed addresses.
        """
        back = _OTHER[direction]
        arriving, leaving = reversed_flow(after.flow), reversed_flow(before.flow)
        self._known.setdefault((table, back), {})[arriving] = leaving
        if port is not None and arriving != leaving and back is Direction.IN:
            self._owners.setdefault((table[0], arriving), port)
            if before.source != after.source:
                self._hidden.setdefault(arriving, table[0])

    def leave_bare(self, packet: Packet) -> None:
        """Note that source NAT was meant for the packet but could not translate it."""
        self._bare.add(packet.reply_flow)

    def is_bare(self, reply: Packet) -> bool:
        """Tell whether the reply is to a packet that left with a source nobody outside knows."""
        return reply.flow in self._bare

    def find(self, table: FlowTable, direction: Direction, packet: Packet) -> FlowKey | None:
        """Return what the packet is rewritten to when it belongs to a known flow."""
        return self._known.get((table, direction), {}).get(packet.flow)

    def host_of(self, packet: Packet) -> str:
        """Return the host that gave the connection the address the packet is for, "" for none."""
        return self._hidden.get(packet.flow, "")

    def owner(self, host: str, packet: Packet) -> VfpPort | None:
        """Return the port of the host that has to translate the packet back, None when none."""
        return self._owners.get((host, packet.flow))
