"""Routes: SDNRoute of endpoints, RemoteSubnetRoute and HostRoute of networks."""

from hnsemu.domain.dataplane import RemoteRoute, RoutePolicy
from hnsemu.domain.facts import PolicyRef
from hnsemu.domain.mac import parse_mac
from hnsemu.domain.subnets import parse_prefix
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.isolation import LARGEST_VSID, SMALLEST_VSID
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.values import check_address
from hnsemu.schema.v2.policies.route import (
    HostRoutePolicySetting,
    RemoteSubnetRoutePolicySetting,
    SDNRoutePolicySetting,
)
from hnsemu.schema.v2.read_policylists import sdn_route


def check_remote_subnet(settings: RemoteSubnetRoutePolicySetting, _context: PolicyContext) -> None:
    """Refuse a route that does not name its peer wholly.

    Raises: HCN_E_INVALID_POLICY.
    """
    parse_prefix(settings.destination_prefix or "", Hr.HCN_E_INVALID_POLICY)
    check_address("RemoteSubnetRoute: ProviderAddress", settings.provider_address)
    parse_mac(settings.distributed_router_mac_address or "", Hr.HCN_E_INVALID_POLICY)
    number = settings.isolation_id or 0
    if not SMALLEST_VSID <= number <= LARGEST_VSID:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            f"RemoteSubnetRoute: IsolationId {number} is no virtual subnet id; use "
            f"{SMALLEST_VSID} to {LARGEST_VSID}, as the peer does",
        )


def route_policy(settings: SDNRoutePolicySetting, ref: PolicyRef) -> RoutePolicy:
    """Return the route of an endpoint's policy."""
    return RoutePolicy(sdn_route(settings), ref)


def remote_route(settings: RemoteSubnetRoutePolicySetting, ref: PolicyRef) -> RemoteRoute:
    """Return the way to another host's subnet."""
    return RemoteRoute(
        prefix=settings.destination_prefix or "",
        vni=settings.isolation_id or 0,
        provider=settings.provider_address or "",
        mac=settings.distributed_router_mac_address or "",
        policy=ref,
    )


def host_route(_settings: HostRoutePolicySetting, ref: PolicyRef) -> PolicyRef:
    """Return the policy itself: it has no settings."""
    return ref
