"""Address translation: OutBoundNAT, and PortMapping, which publishes ports on the host."""

from collections.abc import Iterable

from hnsemu.domain.dataplane import OutboundNat, PublishedPort
from hnsemu.domain.facts import Policy, PolicyRef
from hnsemu.domain.jsontext import with_member
from hnsemu.domain.network_types import network_type
from hnsemu.domain.policies.portmapping import (
    IPV6,
    LOCAL_ROUTED_VIP,
    PortMapping,
    check_port_mapping,
)
from hnsemu.domain.releases import require
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.settings import parsed, readable
from hnsemu.schema.v2.policies.nat import OutboundNatPolicySetting, PortMappingPolicySetting


def check_mapping(settings: PortMappingPolicySetting, context: PolicyContext) -> None:
    """Refuse a mapping that the endpoint, its network or the release cannot have.

    Raises: HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION, HCN_E_INVALID_POLICY and what
            `check_port_mapping` raises.
    """
    if context.remote:
        raise HnsError(
            Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION,
            "PortMapping: a remote endpoint publishes its ports on its own host",
        )
    mapping = _mapping(settings)
    check_port_mapping(mapping, network_type(context.mode).port_mappings, context.mode)
    if mapping.ipv6:
        require(context.release, "IPv6DualStack", Hr.HCN_E_INVALID_POLICY, "NatFlags IPv6")


def port_mapping(policy: Policy) -> PortMapping:
    """Return what a PortMapping policy publishes."""
    return _mapping(parsed(PortMappingPolicySetting, policy))


def readable_mappings(policies: Iterable[Policy]) -> tuple[PortMapping, ...]:
    """Return what the PortMapping policies publish, as far as they can be read."""
    settings = (
        readable(PortMappingPolicySetting, policy)
        for policy in policies
        if policy.type == "PortMapping"
    )
    return tuple(_mapping(known) for known in settings if known is not None)


def mapping_positions(policies: Iterable[tuple[int, Policy]]) -> dict[PortMapping, int]:
    """Return where each PortMapping stands; of equal ones the first. policies: with positions."""
    found: dict[PortMapping, int] = {}
    for position, policy in policies:
        for mapping in readable_mappings([policy]):
            found.setdefault(mapping, position)
    return found


def with_external_port(policy: Policy, port: int) -> Policy:
    """Return the PortMapping policy with the external port that HNS chose, else as it was sent."""
    return Policy(policy.type, with_member(policy.settings, "ExternalPort", str(port)))


def published_port(settings: PortMappingPolicySetting, ref: PolicyRef) -> PublishedPort:
    """Return the port that the data plane publishes."""
    is_routed = bool((settings.flags or 0) & LOCAL_ROUTED_VIP)
    return PublishedPort(_mapping(settings), is_routed, ref)


def outbound_nat(settings: OutboundNatPolicySetting, ref: PolicyRef) -> OutboundNat:
    """Return the translation of what the endpoint sends."""
    return OutboundNat(
        virtual_ip=settings.virtual_ip or "",
        exceptions=settings.exceptions or (),
        destinations=settings.destinations or (),
        policy=ref,
    )


def _mapping(settings: PortMappingPolicySetting) -> PortMapping:
    return PortMapping(
        protocol=settings.protocol or 0,
        internal_port=settings.internal_port or 0,
        external_port=settings.external_port or 0,
        vip=settings.vip or "",
        ipv6=bool((settings.flags or 0) & IPV6),
    )
