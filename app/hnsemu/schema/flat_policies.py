"""The flat form of policies, `{"Type": …, <settings>}`: HNS keeps them in it, HNS 1 speaks it.

A form says how a policy of HCN 2 is spelled there: under which type, with which members, and
whether it stands in the list of policies or is a member of the object.
Source: hns-behaviour.md section 4.3.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Flat = dict[str, Any]

_PROTOCOLS = {"tcp": 6, "udp": 17, "icmpv4": 1, "icmpv6": 58, "igmp": 2}
_PROTOCOL_NAMES = {6: "TCP", 17: "UDP"}
_EXTERNAL_PORT_RESERVED = 4


def unchanged(_settings: Flat) -> None:
    """Leave the settings as they are."""


@dataclass(frozen=True, slots=True)
class FlatForm:
    """How HNS 1 spells a policy.

    name:    its Type, "" for the one of HCN 2.
    also:    other names of it that are read, in capitals; the case of a type does not matter.
    renamed: members that only change their name: (in HNS 1, in HCN 2).
    member:  the member of the object that shows it, instead of the list of policies; "" for none.
    setting: the setting that this member says; "" when it says all of them.
    to_v2, to_v1: adjust the rest of the settings, in place, on the way in and out.
    """

    name: str = ""
    also: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    member: str = ""
    setting: str = ""
    to_v2: Callable[[Flat], None] = unchanged
    to_v1: Callable[[Flat], None] = unchanged


def _nat_to_v2(settings: Flat) -> None:
    protocol = settings.get("Protocol")
    if isinstance(protocol, str):
        settings["Protocol"] = _PROTOCOLS.get(protocol.lower(), protocol)
    flags = settings.get("Flags", 0)
    if isinstance(flags, int) and settings.pop("ExternalPortReserved", False):
        settings["Flags"] = flags | _EXTERNAL_PORT_RESERVED


def _nat_to_v1(settings: Flat) -> None:
    protocol = settings.get("Protocol")
    if isinstance(protocol, int):
        settings["Protocol"] = _PROTOCOL_NAMES.get(protocol, protocol)
    flags = settings.get("Flags", 0)
    if not isinstance(flags, int):
        return
    settings.pop("Flags", None)
    if flags & _EXTERNAL_PORT_RESERVED:
        settings["ExternalPortReserved"] = True
    if flags & ~_EXTERNAL_PORT_RESERVED:
        settings["Flags"] = flags & ~_EXTERNAL_PORT_RESERVED


def _acl_to_v2(settings: Flat) -> None:
    """HNS 1 has one protocol or port as a number, 0 for every port, or several as a text.

    HNS adds Scope itself; 0 says nothing.
    """
    if not settings.get("Scope", 1):
        del settings["Scope"]
    for single, listed in (
        ("Protocol", "Protocols"),
        ("LocalPort", "LocalPorts"),
        ("RemotePort", "RemotePorts"),
    ):
        one = settings.pop(single, None)
        several = settings.get(listed) or one
        if several:
            settings[listed] = str(several) if isinstance(several, int) else several


def _acl_to_v1(settings: Flat) -> None:
    """Add the scope: 0, with Protocols the text they are in HCN 2.

    Source: azure-container-networking#1752, an ACL made through HCN 2 [O]; others [I].
    """
    settings.setdefault("Scope", 0)


SAME = FlatForm()
ACL = FlatForm(to_v2=_acl_to_v2, to_v1=_acl_to_v1)
NAT = FlatForm("NAT", to_v2=_nat_to_v2, to_v1=_nat_to_v1)
OUTBOUND_NAT = FlatForm(renamed=(("VIP", "VirtualIP"), ("ExceptionList", "Exceptions")))
ROUTE = FlatForm("ROUTE")
PROXY = FlatForm("PROXY")
PROVIDER_ADDRESS = FlatForm("PA", also=("VNET",), renamed=(("PA", "ProviderAddress"),))
VLAN = FlatForm(also=("ISOLATION",), renamed=(("VLAN", "IsolationId"),))
VSID = FlatForm(renamed=(("VSID", "IsolationId"),))
PORT_NAME = FlatForm(member="PortFriendlyName", setting="Name")
ENCAP_OVERHEAD = FlatForm(member="EncapOverhead", setting="Overhead")
MTU = FlatForm(member="Mtu", setting="Mtu")
CONSTRAINT = FlatForm(member="InterfaceConstraint")

# Of networks. The last two show in what the switch is.
ADAPTER_NAME = FlatForm(member="NetworkAdapterName", setting="NetworkAdapterName")
MANAGEMENT_IP = FlatForm(member="ManagementIP", setting="ProviderAddress")
ROUTER_MAC = FlatForm(member="DrMacAddress", setting="Address")
SOURCE_MAC = FlatForm(member="SourceMac", setting="SourceMacAddress")
AUTOMATIC_DNS = FlatForm(member="AutomaticDNS", setting="Enable")
LAYER = FlatForm(member="LayeredOn")
EXTENSION = FlatForm(member="Extensions")

IN_LISTS: Mapping[str, FlatForm] = {
    "ACL": ACL,
    "L4Proxy": PROXY,
    "OutBoundNAT": OUTBOUND_NAT,
    "PortMapping": NAT,
    "ProviderAddress": PROVIDER_ADDRESS,
    "SDNRoute": ROUTE,
    "VLAN": VLAN,
    "VSID": VSID,
}
"""Forms of policies that stand in lists, where they differ from HCN 2; by the type of HCN 2."""

ENDPOINT_MEMBERS: Mapping[str, FlatForm] = {
    "EncapOverhead": ENCAP_OVERHEAD,
    "PortName": PORT_NAME,
    "InterfaceParameters": MTU,
    "InterfaceConstraint": CONSTRAINT,
}
"""Policies of endpoints that HNS 1 shows as members."""

NETWORK_MEMBERS: Mapping[str, FlatForm] = {
    "NetAdapterName": ADAPTER_NAME,
    "SourceMacAddress": SOURCE_MAC,
    "DrMacAddress": ROUTER_MAC,
    "ProviderAddress": MANAGEMENT_IP,
    "AutomaticDNS": AUTOMATIC_DNS,
    "InterfaceConstraint": CONSTRAINT,
    "LayerConstraint": LAYER,
    "VSwitchExtension": EXTENSION,
}
"""Policies of networks that HNS 1 shows as members, of the network or of its switch."""
