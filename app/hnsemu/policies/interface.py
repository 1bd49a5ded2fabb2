"""Adapters, switches, interfaces and ports: what they are named, limited to and chosen by."""

from collections.abc import Iterable

from hnsemu.domain.facts import Policy, PolicyRef
from hnsemu.domain.mac import parse_mac
from hnsemu.domain.subnets import parse_prefix
from hnsemu.domain.switch import SwitchRequest
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.settings import parsed
from hnsemu.policies.values import check_address
from hnsemu.schema.v2.policies.interface import (
    InterfaceConstraintEndpointPolicySetting,
    InterfaceParametersPolicySetting,
    IovPolicySetting,
    LayerConstraintNetworkPolicySetting,
    NeighborDiscoveryPolicySetting,
    NetAdapterNameNetworkPolicySetting,
    PortnameEndpointPolicySetting,
    QosPolicySetting,
    VSwitchExtensionNetworkPolicySetting,
)
from hnsemu.schema.v2.policies.isolation import ProviderAddressNetworkPolicySetting


def check_qos(settings: QosPolicySetting, _context: PolicyContext) -> None:
    """Refuse a cap that is missing.

    Raises: HCN_E_INVALID_POLICY.
    """
    if settings.maximum_outgoing_bandwidth_in_bytes is None:
        raise HnsError(Hr.HCN_E_INVALID_POLICY, "QOS: MaximumOutgoingBandwidthInBytes is missing")


def check_layer(settings: LayerConstraintNetworkPolicySetting, _context: PolicyContext) -> None:
    """Refuse a layer that is missing.

    Raises: HCN_E_INVALID_POLICY.
    """
    if settings.layer_id is None:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            "LayerConstraint: LayerId is missing; use the LayeredOn of another network",
        )


def check_neighbor(settings: NeighborDiscoveryPolicySetting, _context: PolicyContext) -> None:
    """Refuse what is no prefix, address or MAC address.

    Raises: HCN_E_INVALID_POLICY.
    """
    if settings.target_ip_prefix:
        parse_prefix(settings.target_ip_prefix, Hr.HCN_E_INVALID_POLICY)
    if settings.sender_ip_address:
        check_address("NeighborDiscovery: SenderIpAddress", settings.sender_ip_address)
    if settings.sender_mac_address:
        parse_mac(settings.sender_mac_address, Hr.HCN_E_INVALID_POLICY)


def port_name(policies: Iterable[Policy]) -> str:
    """Return the name a PortName policy gives the port, else ""."""
    policy = next((policy for policy in policies if policy.type == "PortName"), None)
    return parsed(PortnameEndpointPolicySetting, policy).name or "" if policy else ""


def switch_request(policies: Iterable[Policy], *, is_isolated: bool) -> SwitchRequest:
    """Return where the policies of a network want it.

    An empty adapter name says nothing: Azure CNI sends one for "the switch there is" [C].
    """
    adapters: tuple[str, ...] = ()
    address = layer_id = ""
    for policy in policies:
        if policy.type == "NetAdapterName":
            names = parsed(NetAdapterNameNetworkPolicySetting, policy).network_adapter_name or ""
            adapters = tuple(name.strip() for name in names.split(",") if name.strip())
        elif policy.type == "ProviderAddress":
            provider = parsed(ProviderAddressNetworkPolicySetting, policy).provider_address or ""
            address = provider.partition("/")[0]
        elif policy.type == "LayerConstraint":
            layer_id = parsed(LayerConstraintNetworkPolicySetting, policy).layer_id or ""
    return SwitchRequest(adapters, address, layer_id, is_isolated)


def wanted_extensions(policies: Iterable[Policy]) -> tuple[tuple[str, bool], ...]:
    """Return (id, enabled) of every VSwitchExtension policy."""
    wanted = (
        parsed(VSwitchExtensionNetworkPolicySetting, policy)
        for policy in policies
        if policy.type == "VSwitchExtension"
    )
    return tuple((settings.extension_id or "", bool(settings.enable)) for settings in wanted)


def bandwidth(settings: QosPolicySetting, _ref: PolicyRef) -> int:
    """Return the cap on what the port sends, bytes per second."""
    return settings.maximum_outgoing_bandwidth_in_bytes or 0


def mtu(settings: InterfaceParametersPolicySetting, _ref: PolicyRef) -> int:
    """Return the MTU of the vNIC, bytes."""
    return settings.mtu or 0


def iov_weight(settings: IovPolicySetting, _ref: PolicyRef) -> int:
    """Return the SR-IOV weight of the port."""
    return settings.iov_offload_weight or 0


def interface_index(settings: InterfaceConstraintEndpointPolicySetting, _ref: PolicyRef) -> int:
    """Return the index of the interface that packets leave by."""
    return settings.interface_index or 0
