"""SDN routes: what a valid list of them is."""

import ipaddress

from hnsemu.domain.policylists import PolicyList, SdnRoute
from hnsemu.errors import HnsError, Hr


def check_sdn_routes(route_list: PolicyList) -> None:
    """Refuse a malformed list of SDN routes.

    Host bits in a prefix are fine: hcsshim's tests send 169.254.169.254/24. A list without routes
    is fine: hcsshim does not know the member `Routes` of answers, so it posts what it read without
    them when it adds an endpoint, and its TestRouteAddRemoveEndpoint passes on hosts.
    Raises: HCN_E_INVALID_JSON_REFERENCE without an endpoint; HCN_E_INVALID_POLICY with a next hop
            that is no address of the prefix's family; HCN_E_INVALID_PREFIX.
    Source: requests of hcsshim [C]; the codes by their names [I].
    """
    if not route_list.references:
        raise HnsError(
            Hr.HCN_E_INVALID_JSON_REFERENCE,
            "HostComputeEndpoints: a reference is required; name at least one endpoint",
        )
    for position, route in enumerate(route_list.routes):
        _check_route(route, f"Routes[{position}]")


def _check_route(route: SdnRoute, name: str) -> None:
    try:
        prefix = ipaddress.ip_network(route.destination_prefix, strict=False)
    except ValueError:
        raise HnsError(
            Hr.HCN_E_INVALID_PREFIX,
            f"{name}.DestinationPrefix {route.destination_prefix!r} is not a prefix; "
            "write an address and a length, as in 10.96.0.0/12",
        ) from None
    if not route.next_hop:
        return
    try:
        next_hop = ipaddress.ip_address(route.next_hop)
    except ValueError:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            f"{name}.NextHop {route.next_hop!r} is not an address; "
            "write an address without prefix, or leave it out",
        ) from None
    if next_hop.version != prefix.version:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            f"{name}.NextHop {route.next_hop} is not of the family of "
            f"{route.destination_prefix}; use an address of that family",
        )
