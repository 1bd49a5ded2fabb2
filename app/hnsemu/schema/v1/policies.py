"""Policies in both dialects: flat in HNS 1, a type with settings in HCN 2.

Members that a translation does not know are carried over, so a policy comes back as it was sent.
Two spellings of one thing become one: VNET comes back as PA; a single port of an ACL as a list; a
list of one protocol as that protocol.
Source: hns-behaviour.md section 4.3.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from hnsemu.domain.facts import Policy
from hnsemu.domain.guid import ZERO
from hnsemu.errors import HnsError, Hr

Flat = dict[str, Any]

# HNS 1 type in capitals to HCN 2 type, where the names differ; the case of a type does not matter.
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

# Members that only change their name, by HCN 2 type in capitals: HNS 1 name, HCN 2 name.
_RENAMED = {
    "OUTBOUNDNAT": (("VIP", "VirtualIP"), ("ExceptionList", "Exceptions")),
    "PROVIDERADDRESS": (("PA", "ProviderAddress"),),
    "VLAN": (("VLAN", "IsolationId"),),
    "VSID": (("VSID", "IsolationId"),),
}
# What an Isolation policy of an endpoint says and a VLAN policy does not.
_OF_ISOLATION = {"VSID", "InDefaultIsolation"}
_PROTOCOLS = {"tcp": 6, "udp": 17, "icmpv4": 1, "icmpv6": 58, "igmp": 2}
_PROTOCOL_NAMES = {6: "TCP", 17: "UDP"}
_EXTERNAL_PORT_RESERVED = 4
_NOTHING = (None, "", 0, False, ZERO)
_ONE_PROTOCOL = re.compile(r"[0-9]{1,3}")


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
    named = str(kind).upper()
    for old, new in _RENAMED.get(named, ()):
        if old in settings:
            settings[new] = settings.pop(old)
    if named == "PORTMAPPING":
        _nat_to_v2(settings)
    if named == "ACL":
        _acl_to_v2(settings)
    return {"Type": kind, "Settings": settings}


def to_v1(policy: Policy) -> Flat:
    """Return a policy in flat form, keys sorted as HNS prints them."""
    settings = members_of(policy)
    kind = _TO_V1.get(policy.type, policy.type)
    if policy.type == "VLAN" and settings.keys() & _OF_ISOLATION:
        kind = "Isolation"
    for old, new in _RENAMED.get(policy.type.upper(), ()):
        if new in settings:
            settings[old] = settings.pop(new)
    if policy.type == "PortMapping":
        _nat_to_v1(settings)
    if policy.type == "ACL":
        _acl_to_v1(settings)
    return dict(sorted({**settings, "Type": kind}.items()))


def all_to_v2(flats: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Return flat policies as HCN 2 ones."""
    return [to_v2(each) for each in flats or ()]


def all_to_v1(policies: Iterable[Policy]) -> list[Flat]:
    """Return policies in flat form."""
    return [to_v1(each) for each in policies]


def of_members(members: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the HCN 2 policies that members of an HNS 1 object stand for.

    members: settings by policy type; those that say nothing (no value, zero, the zero GUID, as HNS
    itself prints where there is nothing) make no policy.
    """
    return [
        {"Type": kind, "Settings": dict(settings)}
        for kind, settings in members.items()
        if any(value not in _NOTHING for value in settings.values())
    ]


def members_of(policy: Policy) -> Flat:
    """Return the settings of a policy; types without any may have been sent with null."""
    settings = json.loads(policy.settings)
    return settings if isinstance(settings, dict) else {}


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
    """HNS 1 has one protocol or port as a number, 0 for every port, or several as a text."""
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
    protocols = str(settings.get("Protocols", ""))
    if _ONE_PROTOCOL.fullmatch(protocols):
        del settings["Protocols"]
        settings["Protocol"] = int(protocols)
