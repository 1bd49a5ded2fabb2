"""Policies read for the data plane: from settings as sent to what they say."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from hnsemu.domain.dataplane import (
    AclRule,
    EndpointPolicies,
    OutboundNat,
    PlumbedEndpoint,
    PlumbedNetwork,
    Proxy,
    PublishedPort,
    RemoteRoute,
    RoutePolicy,
    Tier,
    WfpExceptions,
    WfpProxy,
    parse_address,
)
from hnsemu.domain.endpoints import Endpoint
from hnsemu.domain.facts import Policy, PolicyRef
from hnsemu.domain.matching import AddressSet, address_set
from hnsemu.domain.networks import Network
from hnsemu.domain.policies.acl import Tuple5
from hnsemu.domain.policies.portmapping import LOCAL_ROUTED_VIP
from hnsemu.domain.policies.sets import IpSet
from hnsemu.domain.policylists import SdnRoute
from hnsemu.errors import HnsError
from hnsemu.policies.endpoint_facts import port_mapping, tuple5
from hnsemu.policies.network_requests import ip_sets
from hnsemu.schema.base import Document
from hnsemu.schema.v2.policies import (
    ENDPOINT_POLICY_SETTINGS,
    NETWORK_POLICY_SETTINGS,
    SUBNET_POLICY_SETTINGS,
    typed,
)
from hnsemu.schema.v2.policies.acl import AclPolicySetting, TierAclPolicySetting
from hnsemu.schema.v2.policies.nat import OutboundNatPolicySetting
from hnsemu.schema.v2.policies.proxy import (
    L4ProxyPolicySetting,
    L4WfpProxyPolicySetting,
    ProxyExceptions,
)

_TABLES = {
    "Endpoint": ENDPOINT_POLICY_SETTINGS,
    "Network": NETWORK_POLICY_SETTINGS,
    "Subnet": SUBNET_POLICY_SETTINGS,
}


@lru_cache(maxsize=65536)
def _settings(owner: str, kind: str, text: str) -> Document | None:
    """Return the settings of a kept policy; None when they cannot be read, as HNS keeps some."""
    try:
        return typed(_TABLES[owner], kind, text)
    except HnsError:
        return None


def plumbed_endpoint(endpoint: Endpoint, routes: Iterable[RoutePolicy] = ()) -> PlumbedEndpoint:
    """Return the endpoint as the data plane sees it. routes: of lists that name it."""
    found: dict[str, list[Any]] = {}
    for position, policy in enumerate(endpoint.policies):
        settings: Any = _settings("Endpoint", policy.type, policy.settings)
        ref = PolicyRef(
            "Endpoint", endpoint.id, policy.type, getattr(settings, "id", None) or "", position
        )
        read = _READERS.get(policy.type)
        if settings is not None:
            found.setdefault(policy.type, []).append(
                read(settings, ref, policy) if read else (settings, ref)
            )
    parsed = (parse_address(each.ip_address) for each in endpoint.ip_configurations)
    return PlumbedEndpoint(
        endpoint=endpoint,
        policies=_endpoint_policies(endpoint, found, tuple(routes)),
        addresses=tuple(address for address in parsed if address is not None),
    )


def _endpoint_policies(
    endpoint: Endpoint, found: Mapping[str, list[Any]], routes: tuple[RoutePolicy, ...]
) -> EndpointPolicies:
    def first(kind: str, member: str) -> Any:  # noqa: ANN401 (any member)
        return next((getattr(settings, member) for settings, _ in found.get(kind, ())), None)

    others = ("QOS", "EncapOverhead", "PortName", "Iov", "VLAN", "InterfaceConstraint",
              "InterfaceParameters", "ProviderAddress")  # fmt: skip
    return EndpointPolicies(
        acls=tuple(found.get("ACL", ())),
        tiers=tuple(found.get("TierAcl", ())),
        nats=tuple(found.get("OutBoundNAT", ())),
        routes=(*found.get("SDNRoute", ()), *routes),
        published=tuple(found.get("PortMapping", ())),
        proxies=tuple(found.get("L4Proxy", ())),
        wfp_proxies=tuple(found.get("L4WFPPROXY", ())),
        provider_address=first("ProviderAddress", "provider_address") or "",
        overhead=endpoint.encap_overhead,
        mtu=first("InterfaceParameters", "mtu") or 0,
        bandwidth=first("QOS", "maximum_outgoing_bandwidth_in_bytes") or 0,
        vlan=first("VLAN", "isolation_id") or 0,
        iov_weight=first("Iov", "iov_offload_weight") or 0,
        interface_index=first("InterfaceConstraint", "interface_index") or 0,
        others=tuple(ref for kind in others for _, ref in found.get(kind, ())),
    )


def plumbed_network(network: Network) -> PlumbedNetwork:
    """Return the network as the data plane sees it."""
    found: dict[str, list[tuple[Any, PolicyRef]]] = {}
    for position, policy in enumerate(network.policies):
        settings: Any = _settings("Network", policy.type, policy.settings)
        if settings is not None:
            ref = PolicyRef(
                "Network", network.id, policy.type, getattr(settings, "id", None) or "", position
            )
            found.setdefault(policy.type, []).append((settings, ref))
    sources = found.get("SourceMacAddress", ())
    ports = found.get("VxlanPort", ())
    routes = found.get("HostRoute", ())
    return PlumbedNetwork(
        network=network,
        acls=tuple(_acl(settings, ref) for settings, ref in found.get("NetworkACL", ())),
        remote_routes=tuple(
            RemoteRoute(
                prefix=settings.destination_prefix or "",
                vni=settings.isolation_id or 0,
                provider=settings.provider_address or "",
                mac=settings.distributed_router_mac_address or "",
                policy=ref,
            )
            for settings, ref in found.get("RemoteSubnetRoute", ())
        ),
        proxies=tuple(_proxy(settings, ref) for settings, ref in found.get("L4Proxy", ())),
        tags=_tags(tuple(ip_sets(network.policies))),
        vsids=_isolations(network, "VSID"),
        host_route=routes[0][1] if routes else None,
        vxlan_port=next((each.port for each, _ in ports if each.port), 4789),
        source_mac=next((each.source_mac_address or "" for each, _ in sources), ""),
    )


@lru_cache(maxsize=1024)
def _tags(sets: tuple[IpSet, ...]) -> Mapping[str, AddressSet]:
    """Return the address sets by id; a nested one holds what its members hold."""
    plain = {each.id: each.values for each in sets if not each.nested}
    nested = {
        each.id: tuple(text for member in each.values for text in plain.get(member, ()))
        for each in sets
        if each.nested
    }
    return {name: address_set(texts) for name, texts in {**plain, **nested}.items()}


def _isolations(network: Network, kind: str) -> dict[str, int]:
    found = {}
    for subnet in network.subnets:
        for policy in subnet.policies:
            settings: Any = _settings("Subnet", policy.type, policy.settings)
            if policy.type == kind and settings is not None and settings.isolation_id:
                found[subnet.id] = settings.isolation_id
    return found


def _acl(settings: AclPolicySetting, ref: PolicyRef, policy: Policy | None = None) -> AclRule:
    facts = _acl_facts(policy.settings) if policy is not None else _facts_of(settings)
    return AclRule(*facts, ref)


@lru_cache(maxsize=65536)
def _acl_facts(text: str) -> tuple[str, str, bool, int, Tuple5]:
    settings = _settings("Endpoint", "ACL", text)
    assert isinstance(settings, AclPolicySetting)  # noqa: S101 (it was read before)
    return _facts_of(settings)


def _facts_of(settings: AclPolicySetting) -> tuple[str, str, bool, int, Tuple5]:
    return (
        str(settings.action or "Allow"),
        str(settings.direction or "In"),
        settings.rule_type == "Host",
        settings.priority or 0,
        tuple5(settings),
    )


def _tier(settings: TierAclPolicySetting, ref: PolicyRef, _policy: Policy) -> Tier:
    direction = str(settings.direction or "In")
    return Tier(
        direction=direction,
        order=settings.order or 0,
        rules=tuple(
            AclRule(
                action=str(rule.tier_acl_rule_action or "Allow"),
                direction=direction,
                is_host=False,
                priority=rule.priority or 0,
                match=tuple5(rule),
                policy=PolicyRef("Endpoint", ref.owner_id, ref.type, rule.id or "", ref.position),
            )
            for rule in settings.tier_acl_rules or ()
        ),
    )


def _nat(settings: OutboundNatPolicySetting, ref: PolicyRef, _policy: Policy) -> OutboundNat:
    return OutboundNat(
        virtual_ip=settings.virtual_ip or "",
        exceptions=tuple(settings.exceptions or ()),
        destinations=tuple(settings.destinations or ()),
        policy=ref,
    )


def _route(settings: Any, ref: PolicyRef, _policy: Policy) -> RoutePolicy:  # noqa: ANN401
    route = SdnRoute(
        settings.destination_prefix or "",
        settings.next_hop or "",
        bool(settings.need_encap),
        bool(settings.automatic_endpoint_monitor),
    )
    return RoutePolicy(route, ref)


def _published(settings: Any, ref: PolicyRef, policy: Policy) -> PublishedPort:  # noqa: ANN401
    return PublishedPort(port_mapping(policy), bool((settings.flags or 0) & LOCAL_ROUTED_VIP), ref)


def _proxy(settings: L4ProxyPolicySetting, ref: PolicyRef, _policy: Policy | None = None) -> Proxy:
    return Proxy(
        address=settings.ip or "",
        port=_number(settings.port),
        protocol=settings.protocol or 6,
        destination=settings.destination or "",
        exceptions=(*(settings.exception_list or ()), *(settings.exceptions or ())),
        outbound_nat=bool(settings.outbound_nat),
        policy=ref,
    )


def _wfp_proxy(settings: L4WfpProxyPolicySetting, ref: PolicyRef, _policy: Policy) -> WfpProxy:
    return WfpProxy(
        outbound_port=_number(settings.outbound_proxy_port or settings.port),
        inbound_port=_number(settings.inbound_proxy_port),
        match=tuple5(settings.filter_tuple) if settings.filter_tuple else tuple5(_NO_FILTER),
        user_sid=settings.user_sid or "",
        outbound=_exceptions(settings.outbound_exceptions),
        inbound=_exceptions(settings.inbound_exceptions),
        policy=ref,
    )


def _exceptions(settings: ProxyExceptions | None) -> WfpExceptions:
    if settings is None:
        return WfpExceptions()
    return WfpExceptions(
        tuple(settings.ip_address_exceptions or ()), tuple(settings.port_exceptions or ())
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


_NO_FILTER = AclPolicySetting()
_READERS: Mapping[str, Callable[[Any, PolicyRef, Policy], object]] = {
    "ACL": _acl,
    "TierAcl": _tier,
    "OutBoundNAT": _nat,
    "SDNRoute": _route,
    "PortMapping": _published,
    "L4Proxy": _proxy,
    "L4WFPPROXY": _wfp_proxy,
}
