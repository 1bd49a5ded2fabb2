"""Read the documents of networks into values of the domain."""

from collections.abc import Iterable

from hnsemu.domain.facts import Dns, Policy, Route
from hnsemu.domain.network_creation import NetworkRequest
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import IpSubnet, MacRange
from hnsemu.domain.subnets import SubnetRequest
from hnsemu.schema.v2.common import DNS
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.read_identity import identity_request
from hnsemu.schema.v2.subnets import IpSubnet as WireIpSubnet
from hnsemu.schema.v2.subnets import Subnet as WireSubnet

_DEFAULT_POOL_FLAGS = 3


def mode_of(document: HostComputeNetwork) -> Mode:
    """Return the type; no Type is NAT, the zero of its enumeration. Source: section 3.3 [C]."""
    return Mode.NAT if document.type is None else Mode(document.type)


def network_request(document: HostComputeNetwork, policies: tuple[Policy, ...]) -> NetworkRequest:
    """Return the network in a document, without the effects of its policies.

    policies: those of the network, already checked.
    """
    mode = mode_of(document)
    return NetworkRequest(
        identity=identity_request(document),
        mode=mode,
        type_text=document.type_text or mode.value,
        flags=document.flags or 0,
        policies=policies,
        subnets=tuple(
            subnet_request(subnet) for ipam in document.ipams or () for subnet in ipam.subnets or ()
        ),
        ipam_type=str(next((ipam.type for ipam in document.ipams or () if ipam.type), "Static")),
        mac_ranges=_mac_ranges(document),
        dns=dns_of(document.dns),
        from_hcn=document.type_text is None,
    )


def subnet_request(document: WireSubnet) -> SubnetRequest:
    """Return the subnet in a document; its policies are checked later."""
    policies = tuple(
        Policy(str(policy.type), str(policy.settings or "{}"))
        for policy in document.policies or ()
        if policy.type
    )
    return SubnetRequest(
        id=document.id or "",
        prefix=document.ip_address_prefix or "",
        routes=tuple(
            Route(route.next_hop or "", route.destination_prefix or "", route.metric or 0)
            for route in document.routes or ()
        ),
        flags=document.flags or 0,
        policies=policies,
        ip_subnets=ip_subnets(document.ip_subnets or ()),
    )


def ip_subnets(documents: Iterable[WireIpSubnet]) -> tuple[IpSubnet, ...]:
    """Return address pools; their flags default to those of the automatic pool [I]."""
    return tuple(
        IpSubnet(
            key=0,
            id=pool.id or "",
            prefix=pool.ip_address_prefix or "",
            flags=_DEFAULT_POOL_FLAGS if pool.flags is None else pool.flags,
        )
        for pool in documents
    )


def dns_of(document: DNS | None) -> Dns:
    """Return DNS settings; empty texts in lists are ignored, as in `Search: [""]` [C]."""
    if document is None:
        return Dns()
    return Dns(
        domain=document.domain or "",
        search=tuple(suffix for suffix in document.search or () if suffix),
        server_list=tuple(server for server in document.server_list or () if server),
        options=tuple(option for option in document.options or () if option),
    )


def _mac_ranges(document: HostComputeNetwork) -> tuple[MacRange, ...]:
    """Return the MAC pool; an empty one is ignored, as Go clients always send it."""
    ranges = document.mac_pool.ranges if document.mac_pool else None
    return tuple(
        MacRange(macs.start_mac_address or "", macs.end_mac_address or "") for macs in ranges or ()
    )
