"""Hosts to draw."""

from collections.abc import Sequence
from dataclasses import replace

from hnsemu.domain.endpoints import Endpoint, IpConfiguration
from hnsemu.domain.facts import Policy, VSwitch
from hnsemu.domain.namespaces import Namespace, NamespaceType
from hnsemu.domain.network_types import Mode, SwitchKind
from hnsemu.domain.networks import Network, Subnet
from hnsemu.domain.policies.portmapping import PortMapping as Published
from hnsemu.domain.policylists import PolicyList, PolicyListKind, PortMapping
from hnsemu.domain.topology.model import HostFacts
from hnsemu.domain.winnat import NatRule

SWITCH = VSwitch(1, "s1", "bridge", SwitchKind.EXTERNAL, "l2bridge", "l", "o", "p", ("Ethernet",))
NETWORK = Network(
    1, "n1", "pods", Mode.L2BRIDGE, "L2Bridge", subnets=(Subnet(1, "", "10.1.0.0/16", "10.1.0.1"),),
    vswitch=SWITCH,
)  # fmt: skip
BALANCER = PolicyList(
    1, "b1", PolicyListKind.LOAD_BALANCER, references=("e1",), frontend_vips=("10.96.0.10",),
    port_mappings=(PortMapping(6, 8080, 80),),
)  # fmt: skip
NAMESPACE = Namespace(1, "ns1-0000", NamespaceType.GUEST, resources=(("Endpoint", "e1"),))
PUBLISHED = NatRule(7, "VFP", 1, "e1", "n1", Published(6, 80, 8080), "10.1.0.4")


def endpoint(number: int, address: str = "", *, acl: str = "", **members: object) -> Endpoint:
    """Return an endpoint of the network `pods`."""
    made = Endpoint(
        number, f"e{number}", f"pod-{number}", 1, "n1", "pods", Mode.L2BRIDGE, "L2Bridge", "p",
        ip_configurations=(IpConfiguration(address or f"10.1.0.{number + 3}", 16),),
        policies=(Policy("ACL", acl),) if acl else (),
    )  # fmt: skip
    return replace(made, **members)  # type: ignore[arg-type]


def host(
    endpoints: Sequence[Endpoint] = (), *, name: str = "node", opened: bool = True
) -> HostFacts:
    """Return a host with one network, whose endpoints are these."""
    return HostFacts(
        name,
        "ws2022",
        "10.0.0.4",
        [SWITCH],
        [NETWORK],
        {"n1": len(endpoints)},
        {"n1": endpoints} if opened else {},
        [NAMESPACE],
        [BALANCER],
        [PUBLISHED],
    )


def with_vxlan(facts: HostFacts, vsid: int) -> HostFacts:
    """Return the host with its network as a VXLAN."""
    policy = Policy("VSID", f'{{"IsolationId":{vsid}}}')
    subnet = replace(NETWORK.subnets[0], policies=(policy,))
    network = replace(NETWORK, mode=Mode.OVERLAY, subnets=(subnet,))
    return replace(facts, networks=[network])
