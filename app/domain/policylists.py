"""Policy lists as facts: load balancers, SDN routes and plain v1 lists share one store in HNS."""

from dataclasses import dataclass
from enum import StrEnum


class PolicyListKind(StrEnum):
    """What a policy list is to HCN 2. Source: hns-behaviour.md section 4.1."""

    LOAD_BALANCER = "LoadBalancer"
    ROUTE = "Route"
    OTHER = "PolicyList"


@dataclass(frozen=True, slots=True)
class PortMapping:
    """A port mapping of a load balancer; ports 0 = every port."""

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

    references: endpoint ids, spelled as sent without "/endpoints/", in order.
    policies:   JSON texts of the policies of a plain list; load balancers and routes have none.
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
