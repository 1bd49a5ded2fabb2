"""Where a packet can be next; every stage of a walk returns one of these."""

from dataclasses import dataclass

from hnsemu.domain.dataplane import PlumbedEndpoint, PlumbedNetwork
from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.facts import VSwitch
from hnsemu.domain.packet import Address, Packet
from hnsemu.domain.vfp.model import EncapTo, LocalTo


@dataclass(frozen=True, slots=True)
class OutOfEndpoint:
    """In the compartment of an endpoint, about to leave."""

    host: HostFabric
    endpoint: PlumbedEndpoint
    packet: Packet


@dataclass(frozen=True, slots=True)
class OnSwitch:
    """On the switch of a network, behind the sender's port.

    sender:   None for the host. next_hop: the gateway the frame is for, None when on-link.
    local:    the endpoint that VFP found for it. encap: what VFP put around it.
    """

    host: HostFabric
    network: PlumbedNetwork
    sender: PlumbedEndpoint | None
    packet: Packet
    next_hop: Address | None = None
    local: LocalTo | None = None
    encap: EncapTo | None = None


@dataclass(frozen=True, slots=True)
class IntoEndpoint:
    """In front of the port of an endpoint."""

    host: HostFabric
    network: PlumbedNetwork
    endpoint: PlumbedEndpoint
    packet: Packet


@dataclass(frozen=True, slots=True)
class IntoHost:
    """In front of the host's port on an external switch; without a switch, at the adapter.

    is_brought: whether something outside brought it here that the destination does not name.
    """

    host: HostFabric
    switch: VSwitch | None
    packet: Packet
    is_brought: bool = False


@dataclass(frozen=True, slots=True)
class InStack:
    """In the network stack of the host.

    origin: the internal network it came from, None for the outside.
    is_own: whether the host itself sends it. is_balanced: whether the host port has seen it.
    is_brought: as that of `IntoHost`.
    """

    host: HostFabric
    packet: Packet
    origin: PlumbedNetwork | None = None
    is_own: bool = False
    is_balanced: bool = False
    is_brought: bool = False


@dataclass(frozen=True, slots=True)
class OutOfHost:
    """In front of the host's port on an external switch, leaving."""

    host: HostFabric
    switch: VSwitch
    packet: Packet
    hairpins: bool = False


@dataclass(frozen=True, slots=True)
class OnUnderlay:
    """On the wire between hosts.

    sender:    None for the outside. by_route: sent by an SDN route.
    is_routed: whether a router of the underlay has it, which knows every VLAN.
    """

    sender: HostFabric | None
    packet: Packet
    by_route: bool = False
    is_routed: bool = True


@dataclass(frozen=True, slots=True)
class IntoRouter:
    """In front of the distributed router of an overlay, encapsulated."""

    host: HostFabric
    packet: Packet


Location = (
    OutOfEndpoint
    | OnSwitch
    | IntoEndpoint
    | IntoHost
    | InStack
    | OutOfHost
    | OnUnderlay
    | IntoRouter
)
