"""What the policies of an endpoint say: published ports, names, VLANs, the sets they name."""

from collections.abc import Sequence
from typing import TypeVar

from hnsemu.domain.facts import Policy
from hnsemu.domain.jsontext import with_member
from hnsemu.domain.policies.acl import Tuple5
from hnsemu.domain.policies.portmapping import IPV6, PortMapping
from hnsemu.schema.base import Document
from hnsemu.schema.v2.policies import ENDPOINT_POLICY_SETTINGS, typed
from hnsemu.schema.v2.policies.acl import AclPolicySetting, FiveTuple, TierAclPolicySetting
from hnsemu.schema.v2.policies.interface import PortnameEndpointPolicySetting
from hnsemu.schema.v2.policies.isolation import (
    EncapOverheadEndpointPolicySetting,
    VlanPolicySetting,
)
from hnsemu.schema.v2.policies.nat import PortMappingPolicySetting

D = TypeVar("D", bound=Document)


def port_mapping(policy: Policy) -> PortMapping:
    """Return what a PortMapping policy publishes."""
    settings = typed(ENDPOINT_POLICY_SETTINGS, policy.type, policy.settings)
    assert isinstance(settings, PortMappingPolicySetting)  # noqa: S101 (the table says so)
    return PortMapping(
        protocol=settings.protocol or 0,
        internal_port=settings.internal_port or 0,
        external_port=settings.external_port or 0,
        vip=settings.vip or "",
        ipv6=bool((settings.flags or 0) & IPV6),
    )


def with_external_port(policy: Policy, port: int) -> Policy:
    """Return the PortMapping policy with the external port that HNS chose, else as it was sent."""
    return Policy(policy.type, with_member(policy.settings, "ExternalPort", str(port)))


def port_name(carried: Sequence[Policy]) -> str:
    """Return the name a PortName policy gives the port, else ""."""
    settings = _first(carried, "PortName", PortnameEndpointPolicySetting)
    return settings.name or "" if settings else ""


def vlan(carried: Sequence[Policy]) -> int:
    """Return the VLAN that a VLAN policy puts the port into, else 0."""
    settings = _first(carried, "VLAN", VlanPolicySetting)
    return settings.isolation_id or 0 if settings else 0


def encap_overhead(carried: Sequence[Policy]) -> int:
    """Return the bytes that an EncapOverhead policy leaves room for, else 0."""
    settings = _first(carried, "EncapOverhead", EncapOverheadEndpointPolicySetting)
    return settings.overhead or 0 if settings else 0


def named_sets(acls: Sequence[str], tiers: Sequence[str] = ()) -> frozenset[str]:
    """Return every address or set id that the ACLs and TierAcls of these settings name."""
    rules: list[FiveTuple] = []
    for settings in acls:
        acl = typed(ENDPOINT_POLICY_SETTINGS, "ACL", settings)
        assert isinstance(acl, AclPolicySetting)  # noqa: S101 (the table says so)
        rules.append(acl)
    for settings in tiers:
        tier = typed(ENDPOINT_POLICY_SETTINGS, "TierAcl", settings)
        assert isinstance(tier, TierAclPolicySetting)  # noqa: S101 (the table says so)
        rules.extend(tier.tier_acl_rules or ())
    return frozenset(address for rule in rules for address in tuple5(rule).addresses)


def tuple5(rule: FiveTuple) -> Tuple5:
    """Return the texts of a rule."""
    return Tuple5(
        protocols=rule.protocols or "",
        local_addresses=rule.local_addresses or "",
        remote_addresses=rule.remote_addresses or "",
        local_ports=rule.local_ports or "",
        remote_ports=rule.remote_ports or "",
    )


def _first(carried: Sequence[Policy], kind: str, model: type[D]) -> D | None:
    """Return the settings of the first policy of type `kind`."""
    for policy in carried:
        if policy.type == kind:
            settings = typed(ENDPOINT_POLICY_SETTINGS, kind, policy.settings)
            assert isinstance(settings, model)  # noqa: S101 (the table says so)
            return settings
    return None
