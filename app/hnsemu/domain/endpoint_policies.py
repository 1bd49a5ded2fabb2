"""What the policies of an endpoint come to, and what they need to know of the host.

`hnsemu.policies` reads them; decisions about endpoints take what it found.
"""

from dataclasses import dataclass, field

from hnsemu.domain.facts import Policy
from hnsemu.domain.host_ports import HostPorts
from hnsemu.domain.network_types import Mode, network_type
from hnsemu.domain.policies.portmapping import PortMapping


@dataclass(frozen=True, slots=True)
class EndpointPolicies:
    """The policies that an endpoint carries, and what they say.

    published:      every port, chosen ones included.
    port_name:      of its switch port, "" for none. vlan: of that port, 0 for none.
    encap_overhead: bytes, 0 when no policy says it.
    source_nat:     whether one translates what the endpoint sends.
    unplumbable:    the first text that stands where a prefix must be and is none, "" when all are.
    """

    carried: tuple[Policy, ...] = ()
    published: tuple[PortMapping, ...] = ()
    port_name: str = ""
    vlan: int = 0
    encap_overhead: int = 0
    source_nat: bool = False
    unplumbable: str = ""


@dataclass(frozen=True, slots=True)
class PolicyNeeds:
    """What must be known of the host before policies can be decided on.

    mappings:  the ports that may be published; 0 as external port wants one to be chosen.
    ip_sets:   whether a policy may name sets of the network.
    nat_block: whether a policy may need a block of ports for source NAT.
    vlan:      whether a policy may put the port into another VLAN.
    """

    mappings: tuple[PortMapping, ...] = ()
    ip_sets: bool = False
    nat_block: bool = False
    vlan: bool = False


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What the host says to these needs; empty where nothing was needed.

    network_policies: of the endpoint's network. nat_block: the lowest free one, None without one.
    """

    network_policies: tuple[Policy, ...] = ()
    ports: HostPorts = field(default_factory=HostPorts)
    nat_block: int | None = None


def needs_nat_block(mode: Mode, policies: EndpointPolicies, *, remote: bool) -> bool:
    """Tell whether the endpoint takes ports of the host for source NAT in VFP.

    Source: dataplane.md section 7.4 ([O] blocks of 64, that a pod without one cannot get out).
    """
    return policies.source_nat and not remote and network_type(mode).vfp
