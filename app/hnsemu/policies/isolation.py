"""Isolation and encapsulation: VLAN, VSID, VxlanPort, EncapOverhead and addresses of routers."""

from collections.abc import Iterable

from hnsemu.domain.dataplane import ProviderAddress
from hnsemu.domain.facts import Policy, PolicyRef
from hnsemu.domain.mac import parse_mac
from hnsemu.errors import HnsError, Hr
from hnsemu.policies.model import PolicyContext
from hnsemu.policies.settings import parsed
from hnsemu.policies.values import check_address
from hnsemu.schema.v2.policies.isolation import (
    DrMacAddressNetworkPolicySetting,
    EncapOverheadEndpointPolicySetting,
    ProviderAddressEndpointPolicySetting,
    ProviderAddressNetworkPolicySetting,
    SourceMacAddressNetworkPolicySetting,
    VlanPolicySetting,
    VsidPolicySetting,
    VxlanPortPolicySetting,
)

SMALLEST_VSID, LARGEST_VSID = 4096, 0xFFFFFF
_LARGEST_VLAN = 4094


def check_vlan(settings: VlanPolicySetting, _context: PolicyContext) -> None:
    """Refuse a VLAN of an endpoint or a subnet that is missing or too large.

    Raises: HCN_E_INVALID_POLICY.
    """
    _check_range("VLAN", settings.isolation_id, 0, _LARGEST_VLAN)


def check_vsid(settings: VsidPolicySetting, _context: PolicyContext) -> None:
    """Refuse a virtual subnet id that is missing or out of range.

    Raises: HCN_E_INVALID_POLICY.
    """
    _check_range(
        "VSID", settings.isolation_id, SMALLEST_VSID, LARGEST_VSID,
        "; Windows keeps the numbers below 4096 for VLANs",
    )  # fmt: skip


def check_vxlan_port(settings: VxlanPortPolicySetting, _context: PolicyContext) -> None:
    """Refuse a port that is missing.

    Raises: HCN_E_INVALID_POLICY.
    """
    if not settings.port:
        raise HnsError(Hr.HCN_E_INVALID_POLICY, "VxlanPort: Port is missing; write 1 to 65535")


def check_dr_mac(settings: DrMacAddressNetworkPolicySetting, _context: PolicyContext) -> None:
    """Refuse what is no MAC address.

    Raises: HCN_E_INVALID_POLICY.
    """
    parse_mac(settings.address or "", Hr.HCN_E_INVALID_POLICY)


def check_source_mac(
    settings: SourceMacAddressNetworkPolicySetting, _context: PolicyContext
) -> None:
    """Refuse what is no MAC address; an empty one says nothing.

    Raises: HCN_E_INVALID_POLICY.
    """
    if settings.source_mac_address:
        parse_mac(settings.source_mac_address, Hr.HCN_E_INVALID_POLICY)


def check_provider(settings: ProviderAddressNetworkPolicySetting, _context: PolicyContext) -> None:
    """Refuse what is no address; one with a prefix length is fine, Antrea sends it so [C].

    Raises: HCN_E_INVALID_POLICY.
    """
    if settings.provider_address:
        check_address("ProviderAddress", settings.provider_address.partition("/")[0])


def vlan(policies: Iterable[Policy]) -> int:
    """Return the VLAN that a VLAN policy puts the port into, else 0."""
    policy = next((policy for policy in policies if policy.type == "VLAN"), None)
    return parsed(VlanPolicySetting, policy).isolation_id or 0 if policy else 0


def encap_overhead(policies: Iterable[Policy]) -> int:
    """Return the bytes that an EncapOverhead policy leaves room for, else 0."""
    policy = next((policy for policy in policies if policy.type == "EncapOverhead"), None)
    return parsed(EncapOverheadEndpointPolicySetting, policy).overhead or 0 if policy else 0


def router_mac(policies: Iterable[Policy]) -> str:
    """Return the MAC of the distributed router that a DrMacAddress policy names, else ""."""
    policy = next((policy for policy in policies if policy.type == "DrMacAddress"), None)
    return parsed(DrMacAddressNetworkPolicySetting, policy).address or "" if policy else ""


def vsid(settings: VsidPolicySetting, _ref: PolicyRef) -> int:
    """Return the virtual subnet id of a subnet."""
    return settings.isolation_id or 0


def vxlan_port(settings: VxlanPortPolicySetting, _ref: PolicyRef) -> int:
    """Return the UDP port of VXLAN."""
    return settings.port or 0


def source_mac(settings: SourceMacAddressNetworkPolicySetting, _ref: PolicyRef) -> str:
    """Return the MAC that frames leave with, "" for the host's."""
    return settings.source_mac_address or ""


def provider_address(
    settings: ProviderAddressEndpointPolicySetting, ref: PolicyRef
) -> ProviderAddress:
    """Return the physical address that the endpoint is behind."""
    return ProviderAddress(settings.provider_address or "", ref)


def _check_range(what: str, value: int | None, smallest: int, largest: int, why: str = "") -> None:
    if value is None or not smallest <= value <= largest:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY,
            f"{what}: IsolationId {value} is not between {smallest} and {largest}{why}",
        )
