"""What the documents of networks say, as values of the domain."""

from collections.abc import Iterable

from hnsemu.domain import mac
from hnsemu.domain.facts import Dns, Policy, Route
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import IpSubnet, MacRange
from hnsemu.domain.subnets import SubnetRequest
from hnsemu.domain.switch import SwitchRequest
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.v2.common import DNS
from hnsemu.schema.v2.networks import HostComputeNetwork
from hnsemu.schema.v2.policies import NETWORK_POLICY_SETTINGS, SUBNET_POLICY_SETTINGS, typed
from hnsemu.schema.v2.policies.interface import (
    LayerConstraintNetworkPolicySetting,
    NetAdapterNameNetworkPolicySetting,
    VSwitchExtensionNetworkPolicySetting,
)
from hnsemu.schema.v2.policies.isolation import (
    DrMacAddressNetworkPolicySetting,
    ProviderAddressNetworkPolicySetting,
    VlanPolicySetting,
    VsidPolicySetting,
)
from hnsemu.schema.v2.policies.wire import SubnetPolicy
from hnsemu.schema.v2.subnets import IpSubnet as WireIpSubnet
from hnsemu.schema.v2.subnets import Subnet as WireSubnet

_SMALLEST_VSID, _LARGEST_VSID, _LARGEST_VLAN = 4096, 0xFFFFFF, 4094
_DEFAULT_POOL_FLAGS = 3


def mode_of(asked: HostComputeNetwork) -> Mode:
    """Return the type; no Type is NAT, the zero of its enumeration. Source: section 3.3 [C]."""
    return Mode.NAT if asked.type is None else Mode(asked.type)


def asked_subnets(asked: HostComputeNetwork) -> list[SubnetRequest]:
    """Return the subnets of every Ipam, in order.

    Raises: HCN_E_INVALID_POLICY for a VLAN or VSID out of range.
    """
    return [asked_subnet(each) for ipam in asked.ipams or () for each in ipam.subnets or ()]


def asked_subnet(asked: WireSubnet) -> SubnetRequest:
    """Return one subnet.

    Raises: HCN_E_INVALID_POLICY for a VLAN or VSID out of range.
    """
    return SubnetRequest(
        id=asked.id or "",
        prefix=asked.ip_address_prefix or "",
        routes=tuple(
            Route(each.next_hop or "", each.destination_prefix or "", each.metric or 0)
            for each in asked.routes or ()
        ),
        flags=asked.flags or 0,
        policies=tuple(_subnet_policy(each) for each in asked.policies or () if each.type),
        ip_subnets=asked_ip_subnets(asked.ip_subnets or ()),
    )


def asked_ip_subnets(asked: Iterable[WireIpSubnet]) -> tuple[IpSubnet, ...]:
    """Return pools of addresses; their flags default to those of the automatic one [I]."""
    return tuple(
        IpSubnet(
            key=0,
            id=each.id or "",
            prefix=each.ip_address_prefix or "",
            flags=_DEFAULT_POOL_FLAGS if each.flags is None else each.flags,
        )
        for each in asked
    )


def asked_mac_ranges(asked: HostComputeNetwork) -> tuple[MacRange, ...]:
    """Return the MAC pool; an empty one says nothing, as Go clients always send it.

    Raises: HCN_E_INVALID_NETWORK.
    """
    ranges = tuple(
        MacRange(each.start_mac_address or "", each.end_mac_address or "")
        for each in (asked.mac_pool.ranges if asked.mac_pool else None) or ()
    )
    mac.check_ranges(ranges)
    return ranges


def ipam_type(asked: HostComputeNetwork) -> str:
    """Return the type of the first Ipam that has one."""
    return str(next((each.type for each in asked.ipams or () if each.type), "Static"))


def dns_of(asked: DNS | None) -> Dns:
    """Return resolver settings; blanks in lists say nothing, as in `Search: [""]` [C]."""
    if asked is None:
        return Dns()
    return Dns(
        domain=asked.domain or "",
        search=tuple(each for each in asked.search or () if each),
        server_list=tuple(each for each in asked.server_list or () if each),
        options=tuple(each for each in asked.options or () if each),
    )


def wanted_switch(carried: Iterable[Policy], *, isolated: bool) -> SwitchRequest:
    """Return where the policies of a network want it.

    An empty adapter name says nothing: Azure CNI sends one for "the switch there is" [C].
    """
    adapters: tuple[str, ...] = ()
    address = layer_id = ""
    for policy in carried:
        settings = typed(NETWORK_POLICY_SETTINGS, policy.type, policy.settings)
        if isinstance(settings, NetAdapterNameNetworkPolicySetting):
            names = (settings.network_adapter_name or "").split(",")
            adapters = tuple(each.strip() for each in names if each.strip())
        elif isinstance(settings, ProviderAddressNetworkPolicySetting):
            address = (settings.provider_address or "").partition("/")[0]
        elif isinstance(settings, LayerConstraintNetworkPolicySetting):
            layer_id = settings.layer_id or ""
    return SwitchRequest(adapters, address, layer_id, isolated)


def asked_dr_mac(carried: Iterable[Policy]) -> str:
    """Return the MAC of the distributed router that a policy names, else ""."""
    for policy in carried:
        settings = typed(NETWORK_POLICY_SETTINGS, policy.type, policy.settings)
        if isinstance(settings, DrMacAddressNetworkPolicySetting):
            return settings.address or ""
    return ""


def asked_extensions(carried: Iterable[Policy]) -> tuple[tuple[str, bool], ...]:
    """Return (id, enabled) of every VSwitchExtension policy."""
    found = []
    for policy in carried:
        settings = typed(NETWORK_POLICY_SETTINGS, policy.type, policy.settings)
        if isinstance(settings, VSwitchExtensionNetworkPolicySetting):
            found.append((settings.extension_id or "", bool(settings.enable)))
    return tuple(found)


def _subnet_policy(asked: SubnetPolicy) -> Policy:
    policy = Policy(str(asked.type), asked.settings or "{}")
    settings = typed(SUBNET_POLICY_SETTINGS, policy.type, policy.settings)
    if isinstance(settings, VsidPolicySetting):
        _check_range("VSID", settings.isolation_id, _SMALLEST_VSID, _LARGEST_VSID)
    if isinstance(settings, VlanPolicySetting):
        _check_range("VLAN", settings.isolation_id, 0, _LARGEST_VLAN)
    return policy


def _check_range(what: str, value: int | None, smallest: int, largest: int) -> None:
    if value is None or not smallest <= value <= largest:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            f"{what}: IsolationId {value} is not between {smallest} and {largest}; "
            "Windows keeps the numbers below 4096 for VLANs",
        )
