"""What each policy of a network must say to be accepted there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hnsemu.domain.facts import Policy
from hnsemu.domain.ipam import parse_address
from hnsemu.domain.mac import parse_mac
from hnsemu.domain.network_types import Mode, network_type
from hnsemu.domain.policies.acl import Tuple5, check_tuple
from hnsemu.domain.policies.sets import IpSet, check_set
from hnsemu.domain.releases import Release, require
from hnsemu.domain.subnets import parse_prefix
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import Document
from hnsemu.schema.enums import SetPolicyTypes
from hnsemu.schema.v2.policies import NETWORK_POLICY_SETTINGS, NeighborDiscoveryPolicySetting, typed
from hnsemu.schema.v2.policies.acl import NetworkAclPolicySetting
from hnsemu.schema.v2.policies.interface import LayerConstraintNetworkPolicySetting
from hnsemu.schema.v2.policies.isolation import (
    DrMacAddressNetworkPolicySetting,
    ProviderAddressNetworkPolicySetting,
    SourceMacAddressNetworkPolicySetting,
    VxlanPortPolicySetting,
)
from hnsemu.schema.v2.policies.proxy import L4ProxyPolicySetting
from hnsemu.schema.v2.policies.route import RemoteSubnetRoutePolicySetting
from hnsemu.schema.v2.policies.sets import SetPolicySetting

# The feature that brought a policy type. Source: hns-behaviour.md section 5 [D].
_FEATURES = {
    "RemoteSubnetRoute": "RemoteSubnet",
    "HostRoute": "HostRoute",
    "VxlanPort": "VxlanPort",
    "SetPolicy": "SetPolicy",
    "L4Proxy": "L4Proxy",
    "NetworkACL": "NetworkACL",
}
_OVERLAY_ONLY = {"RemoteSubnetRoute", "VxlanPort"}
_NEEDS_VFP = {"L4Proxy", "NetworkACL"}

_SMALLEST_VSID, _LARGEST_VSID = 4096, 0xFFFFFF


@dataclass(frozen=True, slots=True)
class Setting:
    """Where policies are to be carried; `sets` are the other IP sets of the network."""

    mode: Mode
    release: Release
    sets: Sequence[IpSet] = ()


def check_policy(policy: Policy, setting: Setting) -> None:
    """Refuse a policy that networks of this type or release do not have, or that is malformed.

    Raises: HCN_E_INVALID_POLICY_TYPE, HCN_E_INVALID_POLICY.
    """
    feature = _FEATURES.get(policy.type)
    if feature is not None:
        require(setting.release, feature, Hr.HCN_E_INVALID_POLICY_TYPE, f"a {policy.type} policy")
    if policy.type in _OVERLAY_ONLY and setting.mode is not Mode.OVERLAY:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY_TYPE, f"a {policy.type} policy needs an Overlay network"
        )
    if policy.type in _NEEDS_VFP and not network_type(setting.mode).vfp:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY_TYPE,
            f"a {policy.type} policy needs an L2Bridge, L2Tunnel or Overlay network",
        )
    settings = typed(NETWORK_POLICY_SETTINGS, policy.type, policy.settings)
    check = _CHECKS.get(type(settings))
    if check is not None:
        check(settings, setting)


def ip_set(policy: Policy) -> IpSet:
    """Return the set that a SetPolicy names."""
    settings = typed(NETWORK_POLICY_SETTINGS, "SetPolicy", policy.settings)
    assert isinstance(settings, SetPolicySetting)  # noqa: S101 (the table says so)
    return _ip_set(settings)


def _ip_set(settings: SetPolicySetting) -> IpSet:
    values = (each.strip() for each in (settings.values or "").split(","))
    return IpSet(
        id=settings.id or "",
        nested=settings.policy_type is SetPolicyTypes.NESTEDIPSET,
        values=tuple(each for each in values if each),
    )


def _check_set(settings: SetPolicySetting, setting: Setting) -> None:
    wanted = _ip_set(settings)
    if wanted.nested:
        require(setting.release, "NestedIpSet", Hr.HCN_E_INVALID_POLICY, "a nested IP set")
    check_set(wanted, setting.sets)


def _check_remote_subnet(settings: RemoteSubnetRoutePolicySetting, _setting: Setting) -> None:
    parse_prefix(settings.destination_prefix or "", Hr.HCN_E_INVALID_POLICY)
    _check_address("RemoteSubnetRoute: ProviderAddress", settings.provider_address)
    parse_mac(settings.distributed_router_mac_address or "", Hr.HCN_E_INVALID_POLICY)
    number = settings.isolation_id or 0
    if not _SMALLEST_VSID <= number <= _LARGEST_VSID:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            f"RemoteSubnetRoute: IsolationId {number} is no virtual subnet id; use "
            f"{_SMALLEST_VSID} to {_LARGEST_VSID}, as the peer does",
        )


def _check_vxlan_port(settings: VxlanPortPolicySetting, _setting: Setting) -> None:
    if not settings.port:
        raise HnsError(Hr.HCN_E_INVALID_POLICY, "VxlanPort: Port is missing; write 1 to 65535")


def _check_acl(settings: NetworkAclPolicySetting, setting: Setting) -> None:
    rule = Tuple5(
        protocols=settings.protocols or "",
        local_addresses=settings.local_addresses or "",
        remote_addresses=settings.remote_addresses or "",
        local_ports=settings.local_ports or "",
        remote_ports=settings.remote_ports or "",
    )
    known = {each.id for each in setting.sets}
    check_tuple(rule, lambda: known, f"NetworkACL {settings.id or ''}")


def _check_proxy(settings: L4ProxyPolicySetting, _setting: Setting) -> None:
    if not settings.port:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY, "L4Proxy: Port is missing; name the port of the proxy"
        )


def _check_layer(settings: LayerConstraintNetworkPolicySetting, _setting: Setting) -> None:
    if settings.layer_id is None:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            "LayerConstraint: LayerId is missing; use the LayeredOn of another network",
        )


def _check_dr_mac(settings: DrMacAddressNetworkPolicySetting, _setting: Setting) -> None:
    parse_mac(settings.address or "", Hr.HCN_E_INVALID_POLICY)


def _check_source_mac(settings: SourceMacAddressNetworkPolicySetting, _setting: Setting) -> None:
    if settings.source_mac_address:
        parse_mac(settings.source_mac_address, Hr.HCN_E_INVALID_POLICY)


def _check_provider(settings: ProviderAddressNetworkPolicySetting, _setting: Setting) -> None:
    """Refuse what is no address; one with a prefix length is fine, Antrea sends it so [C]."""
    if settings.provider_address:
        _check_address("ProviderAddress", settings.provider_address.partition("/")[0])


def _check_neighbor(settings: NeighborDiscoveryPolicySetting, _setting: Setting) -> None:
    if settings.target_ip_prefix:
        parse_prefix(settings.target_ip_prefix, Hr.HCN_E_INVALID_POLICY)
    if settings.sender_ip_address:
        _check_address("NeighborDiscovery: SenderIpAddress", settings.sender_ip_address)
    if settings.sender_mac_address:
        parse_mac(settings.sender_mac_address, Hr.HCN_E_INVALID_POLICY)


def _check_address(what: str, text: str | None) -> None:
    try:
        parse_address(text or "")
    except HnsError as error:
        raise HnsError(Hr.HCN_E_INVALID_POLICY, f"{what}: {error.detail}") from error


_CHECKS: Mapping[type[Document], Callable[[Any, Setting], None]] = {
    DrMacAddressNetworkPolicySetting: _check_dr_mac,
    L4ProxyPolicySetting: _check_proxy,
    LayerConstraintNetworkPolicySetting: _check_layer,
    NeighborDiscoveryPolicySetting: _check_neighbor,
    NetworkAclPolicySetting: _check_acl,
    ProviderAddressNetworkPolicySetting: _check_provider,
    RemoteSubnetRoutePolicySetting: _check_remote_subnet,
    SetPolicySetting: _check_set,
    SourceMacAddressNetworkPolicySetting: _check_source_mac,
    VxlanPortPolicySetting: _check_vxlan_port,
}
