"""What an endpoint takes over from its network and its host: resolver settings and routes."""

from collections.abc import Sequence

from hnsemu.domain.facts import Dns, Route
from hnsemu.domain.network_types import Mode

_WITH_HOST_DNS = {Mode.NAT, Mode.ICS, Mode.CONSTRAINED_ICS}


def inherited_dns(
    own: Dns, network: Dns, host: Dns, mode: Mode, *, first: Sequence[str] = ()
) -> Dns:
    """Return the resolver settings of an endpoint, each member from the nearest that sets it.

    host:  counts on NAT and ICS networks only; elsewhere nothing comes from the host.
    first: servers that go before all others: the gateway when OverrideDNSServerOrder (HNS 1
           EnableInternalDNS) is set; nothing otherwise.
    Source: hns-behaviour.md section 2.3 [O]; member by member as HNS 1 has separate keys [I].
    """
    sources = (own, network, host) if mode in _WITH_HOST_DNS else (own, network)
    servers = next((source.server_list for source in sources if source.server_list), ())
    if mode in _WITH_HOST_DNS:
        servers = tuple(dict.fromkeys((*first, *servers)))
    return Dns(
        domain=next((source.domain for source in sources if source.domain), ""),
        search=next((source.search for source in sources if source.search), ()),
        server_list=servers,
        options=next((source.options for source in sources if source.options), ()),
    )


def inherited_routes(own: Sequence[Route], gateways: Sequence[str]) -> tuple[Route, ...]:
    """Return the routes of an endpoint, led by the default routes that it did not bring.

    own:      as sent; a default route without a next hop asks for the gateway of the network.
    gateways: of the subnets that the endpoint has addresses in, as written.
    Source: requests of aws-vpc-bridge (no Routes) and win-bridge (a route without NextHop) [C].
    """
    brought = {route.destination_prefix for route in own if route.next_hop}
    defaults = [Route(gateway, "::/0" if ":" in gateway else "0.0.0.0/0") for gateway in gateways]
    taken_over = [route for route in defaults if route.destination_prefix not in brought]
    answered = {route.destination_prefix for route in taken_over}
    return (*taken_over, *(route for route in own if route.destination_prefix not in answered))
