"""Policy lists as facts: load balancers, SDN routes and plain v1 lists share one store in HNS."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hnsemu.errors import HnsError, Hr

STATE = 2
"""v1 `State` of every policy list that works. Source: hns-behaviour.md section 2.4 [O]."""

# Policy types of both dialects, in capitals: the case of a type does not matter to HNS.
# Source: hns-behaviour.md section 4.3 [C].
_POLICY_TYPES = {
    "ACL", "ELB", "ENCAPOVERHEAD", "HOSTROUTE", "ISOLATION", "L2DRIVER", "L4PROXY", "L4WFPPROXY",
    "NAT", "OUTBOUNDNAT", "PA", "PORTMAPPING", "PROVIDERADDRESS", "PROXY", "QOS",
    "REMOTESUBNETROUTE", "ROUTE", "SDNROUTE", "SETPOLICY", "TIERACL", "VLAN", "VNET", "VSID",
}  # fmt: skip


class PolicyListKind(StrEnum):
    """What a policy list is to HCN 2. Source: hns-behaviour.md section 4.1."""

    LOAD_BALANCER = "LoadBalancer"
    ROUTE = "Route"
    OTHER = "PolicyList"


@dataclass(frozen=True, slots=True)
class PortMapping:
    """A port mapping of a load balancer; ports 0 = every port, protocol 0 = every protocol."""

    protocol: int = 0
    internal_port: int = 0
    external_port: int = 0
    distribution_type: int = 0
    flags: int = 0


@dataclass(frozen=True, slots=True)
class SdnRoute:
    """A route of an SDN route list, spelled as sent."""

    destination_prefix: str = ""
    next_hop: str = ""
    need_encap: bool = False
    automatic_endpoint_monitor: bool = False


@dataclass(frozen=True, slots=True)
class PolicyList:
    """Everything HNS knows of one policy list.

    references:    endpoint ids, spelled as sent without "/endpoints/", in order.
    frontend_vips: addresses as sent; none means every address of the host (node port).
    policies:      JSON texts of the policies of a plain list; load balancers and routes have none.
    number:        in the names of VFP rules; 0 for the key.
    """

    key: int
    id: str
    kind: PolicyListKind
    name: str = ""
    owner: str = ""
    network: str = ""
    references: tuple[str, ...] = ()
    source_vip: str = ""
    frontend_vips: tuple[str, ...] = ()
    port_mappings: tuple[PortMapping, ...] = ()
    routes: tuple[SdnRoute, ...] = ()
    policies: tuple[str, ...] = ()
    flags: int = 0
    version: int = 0
    schema_version: tuple[int, int] = (2, 0)
    additional_params: str = "{}"
    activity_id: str = ""
    created: int = 0
    updated: int = 0
    number: int = 0

    @property
    def rule_number(self) -> int:
        """Return the number that names the rules of the list."""
        return self.number or self.key


def properties(policy_list: PolicyList) -> dict[str, object]:
    """Return what a query can filter by, under the HNS 1 and the HCN 2 names."""
    return {
        "ID": policy_list.id,
        "Name": policy_list.name,
        "Owner": policy_list.owner,
        "HostComputeNetwork": policy_list.network,
        "HostComputeEndpoints": list(policy_list.references),
        "References": [f"/endpoints/{reference}" for reference in policy_list.references],
        "SourceVIP": policy_list.source_vip,
        "FrontendVIPs": list(policy_list.frontend_vips),
        "State": STATE,
        "Flags": policy_list.flags,
        "Version": policy_list.version,
    }


def check_policies(policies: Sequence[str]) -> None:
    """Refuse the policies of a plain list when there are none or one cannot be read.

    policies: JSON texts.
    Raises: HCN_E_INVALID_POLICY; HCN_E_INVALID_POLICY_TYPE for an unknown type [I].
    """
    if not policies:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY, "Policies is missing or empty; give at least one policy"
        )
    for position, text in enumerate(policies):
        policy = json.loads(text)
        if not isinstance(policy, dict):
            raise HnsError(Hr.HCN_E_INVALID_POLICY, f"Policies[{position}] must be a JSON object")
        named = policy.get("Type")
        if not isinstance(named, str) or named.upper() not in _POLICY_TYPES:
            raise HnsError(
                Hr.HCN_E_INVALID_POLICY_TYPE,
                f"Policies[{position}].Type {named!r} is unknown; use ELB or ROUTE",
            )
