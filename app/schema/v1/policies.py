"""Policies in both dialects: flat in HNS 1, a type with settings in HCN 2.

Members that a translation does not know are carried over, so a policy comes back as it was sent.
Source: hns-behaviour.md section 4.3.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.facts import Policy
from app.errors import HnsError, Hr

Flat = dict[str, Any]

# HNS 1 type to HCN 2 type, where the names differ.
_TO_V2 = {
    "NAT": "PortMapping",
    "ROUTE": "SDNRoute",
    "PA": "ProviderAddress",
    "VNET": "ProviderAddress",
    "PROXY": "L4Proxy",
    "ISOLATION": "VLAN",
}
_TO_V1 = {
    "PortMapping": "NAT",
    "SDNRoute": "ROUTE",
    "ProviderAddress": "PA",
    "L4Proxy": "PROXY",
}

# Members that only change their name: HNS 1 name, HCN 2 name, by HCN 2 type.
_RENAMED = {
    "OutBoundNAT": (("VIP", "VirtualIP"), ("ExceptionList", "Exceptions")),
    "ProviderAddress": (("PA", "ProviderAddress"),),
    "VLAN": (("VLAN", "IsolationId"),),
    "VSID": (("VSID", "IsolationId"),),
    "ACL": (("LocalPort", "LocalPorts"), ("RemotePort", "RemotePorts")),
}
_PROTOCOLS = {"tcp": 6, "udp": 17, "icmpv4": 1, "icmpv6": 58, "igmp": 2}
_PROTOCOL_NAMES = {6: "TCP", 17: "UDP"}
_EXTERNAL_PORT_RESERVED = 4


def to_v2(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return a flat policy as an HCN 2 one, `{"Type": …, "Settings": …}`; {} stays {}.

    Raises: HCN_E_INVALID_POLICY_TYPE for a policy that is in HCN 2 form already.
    Source: hns-behaviour.md section 6.3 [O] for the refusal.
    """
    if "Settings" in flat:
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY_TYPE,
            "Policies: this is a policy of HCN 2 in a document of HNS 1; write its settings "
            'beside Type, or add "SchemaVersion": {"Major": 2, "Minor": 0} to the document',
        )
    settings = dict(flat)
    sent = settings.pop("Type", None)
    if sent is None:
        return {}
    if not isinstance(sent, str | int):
        raise HnsError(
            Hr.HCN_E_INVALID_POLICY_TYPE, "Policies: Type must be the name of a policy type"
        )
    kind = _TO_V2.get(str(sent).upper(), sent)
    for old, new in _RENAMED.get(str(kind), ()):
        if old in settings:
            settings[new] = settings.pop(old)
    if kind == "PortMapping":
        _nat_to_v2(settings)
    if kind == "ACL":
        _acl_to_v2(settings)
    return {"Type": kind, "Settings": settings}


def to_v1(policy: Policy) -> Flat:
    """Return a policy in flat form, keys sorted as HNS prints them."""
    settings = json.loads(policy.settings) or {}
    for old, new in _RENAMED.get(policy.type, ()):
        if new in settings:
            settings[old] = settings.pop(new)
    if policy.type == "PortMapping":
        _nat_to_v1(settings)
    if policy.type == "ACL":
        _acl_to_v1(settings)
    settings["Type"] = _TO_V1.get(policy.type, policy.type)
    return dict(sorted(settings.items()))


def all_to_v2(flats: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Return flat policies as HCN 2 ones."""
    return [to_v2(each) for each in flats or ()]


def all_to_v1(policies: Iterable[Policy]) -> list[Flat]:
    """Return policies in flat form."""
    return [to_v1(each) for each in policies]


def _nat_to_v2(settings: Flat) -> None:
    protocol = settings.get("Protocol")
    if isinstance(protocol, str):
        settings["Protocol"] = _PROTOCOLS.get(protocol.lower(), protocol)
    if settings.pop("ExternalPortReserved", False):
        settings["Flags"] = settings.get("Flags", 0) | _EXTERNAL_PORT_RESERVED


def _nat_to_v1(settings: Flat) -> None:
    protocol = settings.get("Protocol")
    if isinstance(protocol, int):
        settings["Protocol"] = _PROTOCOL_NAMES.get(protocol, protocol)
    flags = settings.pop("Flags", 0)
    if isinstance(flags, int) and flags & _EXTERNAL_PORT_RESERVED:
        settings["ExternalPortReserved"] = True
        flags &= ~_EXTERNAL_PORT_RESERVED
    if flags:
        settings["Flags"] = flags


def _acl_to_v2(settings: Flat) -> None:
    """HNS 1 has one protocol as a number, or several as a text."""
    protocol = settings.pop("Protocol", None)
    if protocol is not None and not settings.get("Protocols"):
        settings["Protocols"] = str(protocol)
    for ports in ("LocalPorts", "RemotePorts"):
        if isinstance(settings.get(ports), int):
            settings[ports] = str(settings[ports])


def _acl_to_v1(settings: Flat) -> None:
    protocols = str(settings.get("Protocols", ""))
    if protocols.isdigit():
        del settings["Protocols"]
        settings["Protocol"] = int(protocols)
    for flat, listed in _RENAMED["ACL"]:
        ports = str(settings.pop(flat, ""))
        if ports:
            settings[listed] = ports
