"""Port → layer → group → rule, as vfpctrl shows them.

Source: dataplane.md section 1. Every rule carries the policy it came from and how sure we are that
Windows has it: "O" observed, "I" inferred, "M" our model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.matching import Conditions, Tags
from hnsemu.domain.packet import Address, Direction, Packet

# Flags of layers. Source: section 1.3 [D], 8 [O].
DEFAULT_ALLOW, HAIRPIN_LAYER, CLEAR_TNI, UPDATE_FLOWS = 1, 2, 4, 8

# Flags of rules. Source: section 1.5 [D]; 8192 stands in every ACL rule, unexplained [O].
TERMINATING, STATEFUL, PRESERVE_MAC, PUSH_TNI, ACL_RULE = 1, 2, 256, 512, 8192

FLOW_TTL = 240
"""Seconds that a stateful rule's flow lives without traffic. Source: section 1.5 [O], unit [I]."""


class RuleType(StrEnum):
    """Keywords of vfpctrl. Source: section 1.5 [D]."""

    ALLOW = "allow"
    BLOCK = "block"
    NAT = "nat"
    DYNNAT = "dynnat"
    LBNAT = "lbnat"
    MAPENCAP = "mapencap"
    DECAP = "decap"
    PAROUTE = "paroute"
    TRANSPOSE = "transpose"
    REDIRECT = "redirect"


@dataclass(frozen=True, slots=True)
class NatTo:
    """Rule data of nat: the new destination."""

    address: Address
    port: int


@dataclass(frozen=True, slots=True)
class NatPool:
    """Rule data of dynnat: the new source, and the pool that its ports come from.

    block: the ports of the pool that are this endpoint's, (first, last); None when none is left.
    """

    name: str
    address: Address
    block: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Dip:
    """A backend of a load balancer: where the packet may go. port 0 keeps the packet's."""

    address: Address
    port: int
    endpoint_id: str
    is_local: bool


@dataclass(frozen=True, slots=True)
class Balance:
    """Rule data of lbnat.

    distribution: 0 five-tuple, 1 addresses and protocol, 2 addresses. source_vip: the new source,
    None to keep it. preserves: whether a local backend gets the packet as it is, and sees the
    service address.
    """

    dips: tuple[Dip, ...]
    distribution: int = 0
    source_vip: Address | None = None
    preserves: bool = False


@dataclass(frozen=True, slots=True)
class EncapTo:
    """Rule data of mapencap: the provider address behind which the destination is.

    mac: inner destination MAC. by_route: whether an SDN route sends it, to the host's load
    balancing and not to a peer's distributed router.
    """

    provider: Address
    source: Address
    vni: int
    mac: str = ""
    port: int = 4789
    by_route: bool = False


@dataclass(frozen=True, slots=True)
class LocalTo:
    """Rule data of an entry for an endpoint of this host: no encapsulation."""

    mac: str
    endpoint_id: str


@dataclass(frozen=True, slots=True)
class RouteTo:
    """Rule data of an SDN route without encapsulation. next_hop: None for the usual one."""

    next_hop: Address | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Rule data of a hairpin: round to OUT.

    to_port: id of the endpoint whose port it goes to, "" for the switch. mac: the new inner
    destination MAC, "" to keep it.
    """

    to_port: str = ""
    mac: str = ""


@dataclass(frozen=True, slots=True)
class PaRoute:
    """Rule data of paroute. interface_index: 0 without an interface constraint."""

    interface_index: int = 0


@dataclass(frozen=True, slots=True)
class RedirectTo:
    """Rule data of redirect: the proxy."""

    address: Address
    port: int


@dataclass(frozen=True, slots=True)
class RewriteMac:
    """Rule data of a MAC rewrite: the new source MAC."""

    source_mac: str


Data = (
    NatTo | NatPool | Balance | EncapTo | LocalTo | RouteTo | Turn | PaRoute | RedirectTo
    | RewriteMac | None
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a group. ttl: of its flow, seconds; 0 makes none. evidence: "O", "I" or "M"."""

    id: str
    name: str
    priority: int
    flags: int
    type: RuleType
    conditions: Conditions = Conditions()
    data: Data = None
    ttl: int = 0
    policy: PolicyRef | None = None
    evidence: str = "M"

    @property
    def is_terminating(self) -> bool:
        """Tell whether it ends the evaluation of its layer."""
        return bool(self.flags & TERMINATING)


@dataclass(frozen=True, slots=True)
class Group:
    """Rules of a layer for one direction and family, tried in order of priority.

    rules: called with None returns every rule; called with a packet returns at least those that
    could match it, so that a walk need not read what cannot matter. version: 4 or 6.
    longest_prefix: whether the longest destination prefix decides and not the priority.
    """

    id: str
    direction: Direction
    version: int
    priority: int
    rules: Callable[[Packet | None], Sequence[Rule]]
    longest_prefix: bool = False
    evidence: str = "M"


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a port. Without DEFAULT_ALLOW a packet that no rule matches is dropped."""

    id: str
    priority: int
    flags: int
    groups: tuple[Group, ...] = ()
    stateful: bool = False
    evidence: str = "M"


class PortKind(StrEnum):
    """What is plugged into a VFP port. Source: section 1.1."""

    CONTAINER = "Container"
    HOST = "Host"
    DR = "DR"
    EXTERNAL = "External"


@dataclass(frozen=True, slots=True)
class AddressInfo:
    """What /get-port-address-info prints. Source: section 1.2 [O]."""

    provider: str = ""
    customers: tuple[str, ...] = ()
    fake_mac: str = ""
    flags: int = 0


@dataclass(frozen=True, slots=True)
class VfpPort:
    """A switch port with its layers in the order they are listed.

    id:        Port name, a GUID. number: VmsPortId. friendly_name: as vfpctrl lists it.
    enabled:   whether VFP is; the uplink's is not, and then it has no layers.
    owner_id:  of the endpoint, or of the network.
    tags:      the address sets that rules may name. nat_pools: names of the NAT pools.
    mtu:       of the NIC, bytes. bandwidth: cap in bytes a second, 0 for none.
    not_applied: policies that are kept but not here, each with the reason.
    """

    id: str
    number: int
    kind: PortKind
    friendly_name: str
    mac: str
    switch_id: str
    switch_name: str
    nic_name: str = ""
    nic_friendly_name: str = ""
    owner_id: str = ""
    network_id: str = ""
    enabled: bool = True
    is_connected: bool = True
    layers: tuple[Layer, ...] = ()
    tags: Tags = field(default_factory=dict)
    spaces: tuple[str, ...] = ()
    nat_pools: tuple[str, ...] = ()
    address_info: AddressInfo = AddressInfo()
    mtu: int = 1500
    vlan: int = 0
    bandwidth: int = 0
    iov_weight: int = 0
    not_applied: tuple[tuple[PolicyRef, str], ...] = ()
