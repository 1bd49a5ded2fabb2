"""Creating an endpoint: what its request, its network and its host come to, or the refusal."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field

from hnsemu.domain.addressing import (
    AddressClaim,
    AddressFacts,
    AddressRequest,
    MacClaim,
    claim_addresses,
    claim_mac,
    claim_remote_addresses,
)
from hnsemu.domain.attachments import attachment_notifications, joined
from hnsemu.domain.endpoint_policies import EndpointPolicies, PolicyFacts, needs_nat_block
from hnsemu.domain.endpoints import REMOTE, Endpoint
from hnsemu.domain.facts import Dns, Port, Route
from hnsemu.domain.host_ports import NewNatRule, new_rules
from hnsemu.domain.hosts import Host
from hnsemu.domain.identity import IdentityRequest, new_identity
from hnsemu.domain.inheritance import inherited_dns, inherited_routes
from hnsemu.domain.ipam import IpAddress, from_text_key
from hnsemu.domain.namespaces import Namespace, ResourceType, with_resource
from hnsemu.domain.network_types import network_type
from hnsemu.domain.notifications import Notification
from hnsemu.domain.placement import NetworkSite
from hnsemu.domain.source import Source
from hnsemu.errors import HnsError, Hr

_ANYWHERE = {"0.0.0.0/0", "::/0"}
_OVERRIDE_DNS, _DHCP = 16, 32
_REMOTE_WITHOUT_GATEWAY_SINCE = (9, 0)  # Source: acs-engine#4227 (1803) [O]
_DEFAULT_NAME = "Ethernet"  # Source: hns-behaviour.md section 2.3 [O]


_NO_NETWORK = (
    "the endpoint names no network: give HostComputeNetwork beside SchemaVersion 2.0, or "
    "VirtualNetwork; a document without SchemaVersion is read as HNS 1"
)


@dataclass(frozen=True, slots=True)
class EndpointRequest:
    """What a caller wants of a new endpoint, apart from its policies; what is empty was left out.

    network_id:   of its network; without one the network of that name.
    namespace_id: the namespace that it joins at once.
    """

    identity: IdentityRequest = field(default_factory=IdentityRequest)
    network_id: str = ""
    network_name: str = ""
    namespace_id: str = ""
    configurations: tuple[AddressRequest, ...] = ()
    dns: Dns = Dns()
    routes: tuple[Route, ...] = ()
    mac_address: str = ""
    flags: int = 0

    @property
    def is_remote(self) -> bool:
        """Tell whether the endpoint lives on another host."""
        return bool(self.flags & REMOTE)

    @property
    def by_dhcp(self) -> bool:
        """Tell whether DHCP gives the addresses that are not named."""
        return bool(self.flags & _DHCP)


@dataclass(frozen=True, slots=True)
class CreationFacts:
    """What creating an endpoint needs to know.

    site:        its network, None when there is none of that id or name.
    is_id_taken: whether the host has an endpoint of the requested id.
    namespace:   the one that it is to join, None when there is none of that id.
    next_key:    the key under which the new endpoint is kept.
    """

    host: Host
    site: NetworkSite | None = None
    is_id_taken: bool = False
    namespace: Namespace | None = None
    addresses: AddressFacts = field(default_factory=AddressFacts)
    policies: PolicyFacts = field(default_factory=PolicyFacts)
    next_key: int = 0


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """What is written for a new endpoint. namespace: the one that it joins, None for none."""

    endpoint: Endpoint
    site: NetworkSite
    addresses: tuple[AddressClaim, ...] = ()
    mac: MacClaim = field(default_factory=MacClaim)
    rules: tuple[NewNatRule, ...] = ()
    namespace: Namespace | None = None

    @property
    def notifications(self) -> tuple[Notification, ...]:
        """Return what watchers of the network hear."""
        return attachment_notifications(self.endpoint, was_attached=False)


def admit(request: EndpointRequest, facts: CreationFacts) -> NetworkSite:
    """Return the network that the endpoint is created in.

    Raises: HCN_E_NETWORK_NOT_FOUND, E_OBJECT_ALREADY_EXISTS for an id that is taken.
    """
    site = facts.site
    if site is None:
        if request.network_id:
            detail = f"there is no network {request.network_id}"
        elif request.network_name:
            detail = f"there is no network named {request.network_name!r}"
        else:
            detail = _NO_NETWORK
        raise HnsError(Hr.HCN_E_NETWORK_NOT_FOUND, detail)
    if facts.is_id_taken:
        raise HnsError(Hr.E_OBJECT_ALREADY_EXISTS, f"endpoint {request.identity.id} exists already")
    return site


def decide_creation(
    request: EndpointRequest,
    site: NetworkSite,
    policies: EndpointPolicies,
    facts: CreationFacts,
    source: Source,
    now: int,
) -> NewEndpoint:
    """Return the endpoint with all that it takes: addresses, MAC, switch port, published ports.

    now: a FILETIME.
    Raises: E_ELEMENT_NOT_FOUND for an unknown namespace, HCN_E_PORT_ALREADY_EXISTS and what the
            parts raise.
    """
    _check_namespace(request, policies, facts.namespace)
    remote = request.is_remote
    if remote:
        addresses = claim_remote_addresses(request.configurations, site, facts.addresses)
    else:
        addresses = claim_addresses(
            request.configurations, site, facts.addresses, facts.host.release, dhcp=request.by_dhcp
        )
        _check_gateways(request.routes, site)
    mac = claim_mac(request.mac_address, site, facts.addresses, remote=remote)
    endpoint = _endpoint(request, site, policies, (addresses, mac), facts, source, now)
    texts = [configuration.ip_address for configuration in endpoint.ip_configurations]
    rules = new_rules(policies.published, facts.policies.ports, endpoint.id, site.mode, texts)
    if facts.namespace is not None:
        changed = with_resource(facts.namespace, ResourceType.ENDPOINT, endpoint.id)
        endpoint = joined(endpoint, changed, now)
    return NewEndpoint(endpoint, site, addresses, mac, rules, facts.namespace)


def _check_gateways(routes: Sequence[Route], site: NetworkSite) -> None:
    """Refuse a gateway that is no address, or that no subnet of the network holds.

    Link-local next hops are fine, as on subnets, and so is the network's own gateway; a network
    without subnets leaves addresses to DHCP.
    Raises: HCN_E_INVALID_IP.
    Source: sig-windows-tools#181 for HNS 1 [O]; HCN 2, and what is no address, the same [I].
    """
    for route in routes:
        if route.destination_prefix not in _ANYWHERE or not route.next_hop:
            continue
        gateway = _gateway(route.next_hop)
        if gateway.is_unspecified or gateway.is_link_local or not site.pools:
            continue
        if not any(gateway in pool.network or gateway == pool.gateway for pool in site.pools):
            raise HnsError(
                Hr.HCN_E_INVALID_IP,
                f"gateway {route.next_hop} is in no subnet of network {site.network_id}; "
                "use the gateway of the subnet, or leave it out",
            )


def _gateway(text: str) -> IpAddress:
    try:
        return ipaddress.ip_address(text)
    except ValueError as error:
        raise HnsError(
            Hr.HCN_E_INVALID_IP,
            f"gateway {text!r} is no IP address; use the gateway of the subnet, or leave it out",
        ) from error


def _check_namespace(
    request: EndpointRequest, policies: EndpointPolicies, namespace: Namespace | None
) -> None:
    """Refuse a namespace that the endpoint cannot join.

    Raises: E_ELEMENT_NOT_FOUND, HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION,
            HCN_E_NAMESPACE_ATTACH_FAILED when a policy cannot be plumbed.
    """
    if not request.namespace_id:
        return
    if namespace is None:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"HostComputeNamespace: there is no namespace {request.namespace_id}",
        )
    if request.is_remote:
        raise HnsError(
            Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION,
            "HostComputeNamespace: a remote endpoint is in no namespace of this host",
        )
    if policies.unplumbable:
        raise HnsError(
            Hr.HCN_E_NAMESPACE_ATTACH_FAILED,
            f"a policy holds {policies.unplumbable!r}, which is no address prefix; correct it",
        )


def _endpoint(
    request: EndpointRequest,
    site: NetworkSite,
    policies: EndpointPolicies,
    claims: tuple[Sequence[AddressClaim], MacClaim],
    facts: CreationFacts,
    source: Source,
    now: int,
) -> Endpoint:
    host, (addresses, mac) = facts.host, claims
    identity = new_identity(request.identity, host.release, now, source)
    identity["name"] = identity["name"] or _DEFAULT_NAME
    configurations = tuple(claim.configuration for claim in addresses)
    pool_ids = [configuration.ip_subnet_id for configuration in configurations]
    gateways = site.gateways(
        _pools_around(addresses, site)
        if request.is_remote and host.release.hns < _REMOTE_WITHOUT_GATEWAY_SINCE
        else pool_ids
    )
    vlan = policies.vlan or site.vlan(pool_ids)
    has_block = needs_nat_block(site.mode, policies, remote=request.is_remote)
    return Endpoint(
        key=facts.next_key,
        network_key=site.network_key,
        network_id=site.network_id,
        network_name=site.network_name,
        network_mode=site.mode,
        network_type_text=site.type_text,
        parent_id=site.parent_id,
        switch_id=site.switch_id,
        flags=request.flags,
        policies=policies.carried,
        ip_configurations=configurations,
        dns=_dns(request, site, host, gateways),
        routes=inherited_routes(request.routes, gateways),
        mac_address=mac.mac_address,
        port=None if request.is_remote else _port(policies, mac, vlan, source),
        encap_overhead=policies.encap_overhead or network_type(site.mode).encap,
        nat_block=facts.policies.nat_block if has_block else None,
        **identity,
    )


def _pools_around(claims: Sequence[AddressClaim], site: NetworkSite) -> list[str]:
    """Return the ids of the pools that hold addresses of remote endpoints, which come from none."""
    addresses = [from_text_key(claim.key) for claim in claims]
    return [pool.id for pool in site.pools if any(one in pool.network for one in addresses)]


def _dns(request: EndpointRequest, site: NetworkSite, host: Host, gateways: Sequence[str]) -> Dns:
    return inherited_dns(
        request.dns,
        site.dns,
        Dns(search=(host.dns_suffix,) if host.dns_suffix else (), server_list=host.dns_servers),
        site.mode,
        first=gateways[:1] if request.flags & _OVERRIDE_DNS else (),
    )


def _port(policies: EndpointPolicies, mac: MacClaim, vlan: int, source: Source) -> Port:
    return Port(
        key=0,
        kind="Endpoint",
        port_id=source.guid(),
        nic_id=source.guid(),
        interface_id=source.guid(),
        allocator_id=source.guid(),
        friendly_name=policies.port_name,
        mac=mac.mac_address,
        isolation=vlan,
        connected=False,
    )
