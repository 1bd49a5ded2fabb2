"""Policy lists as facts: load balancers, SDN routes and plain v1 lists share one store in HNS."""

from dataclasses import dataclass
from enum import StrEnum

STATE = 2
"""v1 `State` of every policy list that works. Source: hns-behaviour.md section 2.4 [O]."""


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
