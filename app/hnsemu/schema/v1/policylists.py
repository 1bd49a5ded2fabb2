"""Policy lists of HNS 1: lists of ELB are load balancers, lists of ROUTE are SDN routes.

Source: hns-behaviour.md sections 2.4 and 4.1 [O].
"""

from typing import Any, ClassVar

import orjson
from pydantic import Field

from hnsemu.domain.loadbalancers import INTERNAL, LOCAL_ROUTED_VIP
from hnsemu.domain.policylists import PolicyList
from hnsemu.domain.releases import Release
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import Document, Guid
from hnsemu.schema.kept_policies import kept_policies
from hnsemu.schema.resources import health, policy_list_resources
from hnsemu.schema.v1.earlier import as_printed_by
from hnsemu.schema.v1.spelling import Case, ordered, spell_ids
from hnsemu.schema.v2.loadbalancers import HostComputeLoadBalancer
from hnsemu.schema.v2.policylists import HostComputePolicyList
from hnsemu.schema.v2.routes import HostComputeRoute

AnyPolicyList = HostComputeLoadBalancer | HostComputeRoute | HostComputePolicyList

_DSR, _IPV6 = 1, 2
_MAPPING_FLAGS = {"ILB": INTERNAL, "LocalRoutedVip": LOCAL_ROUTED_VIP}
_STATE = 2  # on every captured list; its meaning is unknown
_PROTOCOLS = {"tcp": 6, "udp": 17}


class HNSPolicyList(Document):
    """A policy list for HNSCall."""

    INVALID: ClassVar[Hr] = Hr.HCN_E_INVALID_POLICY

    id: Guid | None = Field(default=None, alias="ID")
    name: str | None = None
    references: tuple[str, ...] | None = None
    policies: tuple[dict[str, Any], ...] | None = None
    additional_params: dict[str, Any] | None = None

    def to_v2(self) -> AnyPolicyList:
        """Return the list as an HCN 2 document: a load balancer, a route list or a plain list.

        Raises: HCN_E_INVALID_POLICY without references, where HCN 2 has a code of its own.
        Source: hns-behaviour.md section 6.3 [O] (aws/containers-roadmap#240).
        """
        if not self.references:
            raise HnsError(
                Hr.HCN_E_INVALID_POLICY, "References is missing or empty; name the endpoints"
            )
        policies = self.policies or ()
        kinds = {str(policy.get("Type", "")).upper() for policy in policies}
        references = [
            reference.strip("/").removeprefix("endpoints/") for reference in self.references or ()
        ]
        shared = {
            "ID": self.id,
            "Name": self.name,
            "AdditionalParams": self.additional_params,
            "SchemaVersion": {"Major": 2, "Minor": 0},
        }
        same_frontend = all(_frontend(policy) == _frontend(policies[0]) for policy in policies)
        if kinds == {"ELB"} and same_frontend:
            document = shared | {"HostComputeEndpoints": references} | _elb(policies)
            return HostComputeLoadBalancer.model_validate(document)
        if kinds == {"ROUTE"}:
            routes = {"HostComputeEndpoints": references, "Routes": list(policies)}
            return HostComputeRoute.model_validate(shared | routes)
        others = {"References": references, "Policies": list(policies)}
        return HostComputePolicyList.model_validate(shared | others)


def policy_list_v1(policy_list: PolicyList, release: Release, case: Case) -> dict[str, object]:
    """Return the policy list as HNS 1 prints it on this release.

    HNS 1 has no member for Name, Owner, distribution, and flags of port mappings other than ILB
    and LocalRoutedVip, as far as is known.
    """
    spell = spell_ids(release, case)
    document: dict[str, object] = {
        "ActivityId": spell(policy_list.activity_id),
        "AdditionalParams": orjson.Fragment(policy_list.additional_params),
        "Health": health(policy_list.updated),
        "ID": spell(policy_list.id),
        "IsApplied": False,
        "Policies": kept_policies(policy_list),
        "References": [f"/endpoints/{reference}" for reference in policy_list.references],
        "State": _STATE,
        "Version": policy_list.version,
    }
    if release.hns >= (10, 0):
        document["Flags"] = 0
        document["Resources"] = policy_list_resources(policy_list, release)
    if release.hns >= (15, 0) and policy_list.network:
        document["HostComputeNetwork"] = spell(policy_list.network)
    return as_printed_by(release, ordered(document, release), spell)


def _frontend(policy: dict[str, Any]) -> tuple[object, ...]:
    """Return the members that are equal in all policies of one load balancer."""
    return (policy.get("SourceVIP"), policy.get("VIPs") or [], policy.get("IsDSR"))


def _elb(policies: tuple[dict[str, Any], ...]) -> dict[str, object]:
    first = policies[0]
    sent = first.get("VIPs") or []
    vips = [vip for vip in sent if vip] if isinstance(sent, list) else sent
    flags = (_DSR if first.get("IsDSR") else 0) | (_IPV6 if ":" in str(vips) else 0)
    return {
        "SourceVIP": first.get("SourceVIP"),
        "FrontendVIPs": vips,
        "PortMappings": [_mapping(policy) for policy in policies],
        "Flags": flags,
    }


def _mapping(policy: dict[str, Any]) -> dict[str, object]:
    """Return the port mapping of an ELB policy.

    Source: networkhealth.ps1 of microsoft/SDN for LocalRoutedVip; that it can be sent [I].
    """
    protocol = policy.get("Protocol", 0)
    if isinstance(protocol, str):
        protocol = _PROTOCOLS.get(protocol.lower(), protocol)
    return {
        "Protocol": protocol,
        "InternalPort": policy.get("InternalPort", 0),
        "ExternalPort": policy.get("ExternalPort", 0),
        "Flags": sum(flag for member, flag in _MAPPING_FLAGS.items() if policy.get(member)),
    }
