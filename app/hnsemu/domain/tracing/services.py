"""Why no load balancer took a packet for an address of services.

Source: dataplane.md section 5.3; docs/dataplane.md, "Load balancers".
"""

from collections.abc import Sequence

from hnsemu.domain.fabric import HostFabric
from hnsemu.domain.loadbalancers import INTERNAL, LOCAL_ROUTED_VIP, VIP_EXTERNAL_IP
from hnsemu.domain.packet import Packet, protocol_name
from hnsemu.domain.policylists import PolicyList, PortMapping
from hnsemu.domain.vfp.loadbalancers import dips_of, is_dsr, takes

_EXTERNAL = LOCAL_ROUTED_VIP | VIP_EXTERNAL_IP


def is_nowhere_outside(host: HostFabric, packet: Packet, *, is_from_outside: bool) -> bool:
    """Tell whether the packet is for a VIP that nobody outside has.

    From inside that is each VIP that no port mapping calls external or routed on this host, as
    kube-proxy marks external addresses. What comes from outside is told so of internal ones only:
    somebody there has used the address.
    """
    mappings = [mapping for found in _serving(host, packet) for mapping in found.port_mappings]
    if is_from_outside:
        return bool(mappings) and all(mapping.flags & INTERNAL for mapping in mappings)
    return bool(mappings) and not any(mapping.flags & _EXTERNAL for mapping in mappings)


def why_unanswered(host: HostFabric, packet: Packet, *, is_from_outside: bool) -> str:
    """Return why no load balancer with that VIP took the packet; "" where none has the VIP."""
    found = _serving(host, packet)
    if not found:
        return ""
    answering = [
        service
        for service in found
        if any(takes(mapping, packet) for mapping in service.port_mappings)
    ]
    if not answering:
        why = f"answers {_ports(found)} only"
    elif is_from_outside and is_nowhere_outside(host, packet, is_from_outside=True):
        why = "is internal: it answers endpoints and its own host only"
    elif is_from_outside:
        why = "the packet reaches when ArrivesAt names a host that it is brought to"
    else:
        why = _why_passed_by(host, packet, answering)
    return f"{packet.destination} is a VIP of {_names(answering or found)}, which {why}"


def _why_passed_by(host: HostFabric, packet: Packet, answering: Sequence[PolicyList]) -> str:
    """Return why a packet from inside did not meet the rules of load balancers for it."""
    balancers = [
        balancer for balancer in host.balancers(packet) if balancer.policy_list in answering
    ]
    any_port = PortMapping()
    if not any(dips_of(balancer, packet.destination, any_port) for balancer in balancers):
        return "has no backend"
    if any(is_dsr(balancer) for balancer in balancers):
        return "serves the networks of its backends only"
    return (
        "balances at the host's port, to which nothing leads the packet: give it DSR, or the "
        "sender an SDNRoute to the VIP"
    )


def _serving(host: HostFabric, packet: Packet) -> Sequence[PolicyList]:
    return host.frontends(packet.destination)


def _names(services: Sequence[PolicyList]) -> str:
    first = services[0].name or services[0].id
    more = f" (and {len(services) - 1} more)" if len(services) > 1 else ""
    return f"load balancer {first}{more}"


def _ports(services: Sequence[PolicyList]) -> str:
    texts = [
        f"{protocol_name(mapping.protocol)} {mapping.external_port or ''}".rstrip()
        for service in services
        for mapping in service.port_mappings
    ]
    return ", ".join(dict.fromkeys(texts))
