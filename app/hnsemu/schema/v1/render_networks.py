"""Networks as HNS 1 prints them.

Source: hns-behaviour.md sections 2.1 and 2.2 and the captured networks [O].
"""

import orjson

from hnsemu.domain.extensions import extensions
from hnsemu.domain.facts import Policy, VSwitch
from hnsemu.domain.guid import ZERO
from hnsemu.domain.network_types import Mode, SwitchKind, network_type
from hnsemu.domain.networks import DEFAULT_SWITCH_ID, IpSubnet, Network, Subnet
from hnsemu.domain.releases import Release
from hnsemu.schema.enums import NetworkFlags
from hnsemu.schema.flat_policies import NETWORK_MEMBERS, Flat
from hnsemu.schema.resources import health, layer_resources, network_resources
from hnsemu.schema.v1 import policies
from hnsemu.schema.v1.earlier import network_as_printed_by
from hnsemu.schema.v1.spelling import Case, Spell, ordered, spell_ids, without_empty

_ICS = {Mode.ICS, Mode.CONSTRAINED_ICS}
_ZERO_CONSTRAINTS = ((9, 0), (11, 0))
_SWITCH_GUID_SINCE = (15, 0)
_FLAGS_BEHIND = (9, 1)
_EMPTY_POLICIES_SINCE = (9, 0)
_SUBNET_FLAGS_SINCE = (10, 0)
_POOLS_SINCE = (11, 0)

# Notifications that HNS counts for a network behind ICS. Source: section 2.1, WSL#6457 [O].
_NOTIFICATIONS = ("Address", "Interface", "Route")
_NOTIFICATIONS_SINCE_2004 = ("DHCP", "DNS", "DNSCache", "MacAddress", "Neighbor", "Xlat")


def network_v1(
    network: Network, release: Release, case: Case, *, detailed: bool = False
) -> dict[str, object]:
    """Return the network as HNS 1 prints it on this release.

    HNS 1 has no member for routes other than the gateways, DNS options, Owner, SchemaVersion and
    the type of the IPAM.
    detailed: add the layer, as a query with Flags 1 does.
    """
    spell = spell_ids(release, case)
    document: dict[str, object] = {
        "ActivityId": spell(network.activity_id),
        "AdditionalParams": orjson.Fragment(network.additional_params),
        "CurrentEndpointCount": network.current_endpoints,
        "Health": _health(network, release),
        "ID": spell(network.id),
        "IPv6": any(":" in subnet.prefix for subnet in network.subnets),
        "MacPools": _mac_pools(network),
        "MaxConcurrentEndpoints": network.max_endpoints,
        "Name": network.name,
        "Policies": _shown_policies(network),
        "Resources": network_resources(network, release),
        "State": 1,
        "TotalEndpoints": network.total_endpoints,
        "Type": network.type_text,
        "Version": network.version,
    }
    if release.hns > _FLAGS_BEHIND:
        document["Flags"] = network.flags & ~NetworkFlags.IsolateVSwitch
    if network.subnets:
        document["Subnets"] = [
            _subnet(subnet, network, release, spell) for subnet in network.subnets
        ]
    document |= _by_settings(network) | _by_type(network, release, spell)
    if detailed and network.vswitch is not None:
        document["Layer"] = _layer(network, network.vswitch, release, spell)
    return network_as_printed_by(release, network, ordered(document, release), spell)


def _by_settings(network: Network) -> dict[str, object]:
    """Return the members that exist when the caller or the host has set them.

    IsolateSwitch is beside Flags, not in them: WSL's networks have 9 or 265 and true.
    Source: WSL#6410, #6457, #6695 and #4901, S:ics-wsl-15.0 [O].
    """
    sent = {policy.type: policies.members_of(policy) for policy in network.policies}
    return without_empty(
        {
            "DNSServerList": ",".join(network.dns.server_list),
            "DNSSuffix": ",".join(network.dns.search),
            "DNSDomain": network.dns.domain,
            "NetworkAdapterName": sent.get("NetAdapterName", {}).get("NetworkAdapterName"),
            "SourceMac": sent.get("SourceMacAddress", {}).get("SourceMacAddress"),
            "AutomaticDNS": sent.get("AutomaticDNS", {}).get("Enable"),
            "ManagementIP": network.management_ip,
            "DrMacAddress": network.dr_mac,
            "NatName": network.nat.name if network.nat else "",
            "IsolateSwitch": bool(network.flags & NetworkFlags.IsolateVSwitch),
            **_constraint(sent.get("InterfaceConstraint", {})),
        }
    )


def _constraint(settings: dict[str, object]) -> dict[str, object]:
    """Return the member for a constraint: an alias alone is a text, anything else an object."""
    if settings.keys() == {"InterfaceAlias"}:
        return {"ExternalInterfaceConstraint": settings["InterfaceAlias"]}
    return {"InterfaceConstraint": settings}


def _by_type(network: Network, release: Release, spell: Spell) -> dict[str, object]:
    """Return the members that follow from the type, the switch and the release.

    Source: flannel#1238 for the constraint of zeros, on an overlay made through HCN 2 [O];
    S:networks-overlay-9.2 has none on one made through HNS 1.
    """
    switch = network.vswitch
    members: dict[str, object] = {}
    if switch is not None:
        members["LayeredOn"] = spell(switch.layer_id)
        members["Extensions"] = _extensions(network, switch, release, spell)
        external = switch.kind is SwitchKind.EXTERNAL
        if (external or network.mode in _ICS) and release.hns >= _SWITCH_GUID_SINCE:
            members["SwitchGuid"] = spell(switch.owner_id)
        if network.id == DEFAULT_SWITCH_ID and release.hns >= _POOLS_SINCE:
            members |= {"SwitchGuid": spell(switch.owner_id), "SwitchName": switch.name}
    if network.mode is Mode.OVERLAY:
        members["DNSServerCompartment"] = network.dns_compartment
        first, end = _ZERO_CONSTRAINTS
        is_constrained = any(policy.type == "InterfaceConstraint" for policy in network.policies)
        if network.from_hcn and first <= release.hns < end and not is_constrained:
            members["InterfaceConstraint"] = {"InterfaceGuid": ZERO}
    if network.mode in _ICS and network.host_vnic is not None:
        members["GatewayMac"] = network.host_vnic.mac
    return members


def _extensions(
    network: Network, switch: VSwitch, release: Release, spell: Spell
) -> list[dict[str, object]]:
    return [
        {"Id": spell(extension.id), "IsEnabled": extension.is_enabled, "Name": extension.name}
        for extension in extensions(switch, network.mode, release, network.flags)
    ]


def _mac_pools(network: Network) -> list[dict[str, str]]:
    return [
        {"EndMacAddress": macs.end, "StartMacAddress": macs.start} for macs in network.mac_ranges
    ]


def _shown_policies(network: Network) -> list[Flat]:
    """Return the policies of the list. VLANs are here; in HCN 2 the subnets have them.

    Source: hns-behaviour.md section 4.3 [C], S:nat-13.3 [O].
    """
    flat = policies.all_to_v1(
        policy for policy in network.policies if policy.type not in NETWORK_MEMBERS
    )
    vlan = _shared_vlan(network)
    if network.isolation:
        flat.insert(0, {"Type": "VLAN", "VLAN": network.isolation})
    elif vlan is not None:
        flat.insert(0, policies.to_v1(vlan))
    return flat


def _shared_vlan(network: Network) -> Policy | None:
    """Return the VLAN policy that every subnet has, None when they differ."""
    vlans = {
        tuple(policy for policy in subnet.policies if policy.type == "VLAN")
        for subnet in network.subnets
    }
    (of_all,) = vlans if len(vlans) == 1 else ((),)
    return of_all[0] if len(of_all) == 1 else None


def _health(network: Network, release: Release) -> dict[str, object]:
    """Return Health; networks behind ICS count notifications. Source: section 2.1 [O]."""
    if network.nat is None or network.nat.engine != "ICS":
        return health(network.updated)
    later = _NOTIFICATIONS_SINCE_2004 if release.hns >= _POOLS_SINCE else ()
    counters = {
        f"{kind}Notification{what}": 0
        for kind in (*_NOTIFICATIONS, *later)
        for what in ("MissedCount", "SequenceNumber")
    }
    return health(network.updated, **counters)


def _subnet(subnet: Subnet, network: Network, release: Release, spell: Spell) -> dict[str, object]:
    """Return a subnet.

    Before 11.0 those of l2bridge and overlay networks have an ObjectType, those of NAT have none.
    Source: hns-behaviour.md section 2.1a, pjh/SDN (L2Bridge on 9.2), S:networks-overlay-9.2 [O].
    """
    shared = _shared_vlan(network)
    own = [policy for policy in subnet.policies if network.isolation or policy != shared]
    document: dict[str, object] = {
        "AdditionalParams": {},
        "AddressPrefix": subnet.prefix,
        "Health": health(network.updated),
        "ID": spell(subnet.id),
        "State": 0,
    }
    if own or release.hns >= _EMPTY_POLICIES_SINCE:
        document["Policies"] = policies.all_to_v1(own)
    if subnet.gateway:
        document["GatewayAddress"] = subnet.gateway
    if release.hns >= _SUBNET_FLAGS_SINCE:
        document["Flags"] = subnet.flags
    if release.hns >= _POOLS_SINCE:
        document["IpSubnets"] = [_ip_subnet(pool, network, spell) for pool in subnet.ip_subnets]
    if release.hns >= _POOLS_SINCE or network_type(network.mode).vfp:
        document["ObjectType"] = 5
    return dict(sorted(document.items()))


def _ip_subnet(pool: IpSubnet, network: Network, spell: Spell) -> dict[str, object]:
    return {
        "AdditionalParams": {},
        "Flags": pool.flags,
        "Health": health(network.updated),
        "ID": spell(pool.id),
        "IpAddressPrefix": pool.prefix,
        "ObjectType": 6,
        "Policies": [],
        "State": 0,
    }


def _layer(network: Network, switch: VSwitch, release: Release, spell: Spell) -> dict[str, object]:
    """Return the layer that the detailed view adds: the switch, as a network of its own.

    Source: WSL#6457 for its head, #6427 for its end, #7127, #6913 and #6769 for its resources [O];
    Health, ID, Name, NetworkAdapterName, Policies and State between them [I].
    """
    layer: dict[str, object] = {
        "ActivityId": spell(switch.parent_id),
        "AdditionalParams": {},
        "Extensions": _extensions(network, switch, release, spell),
        "Health": health(network.created),
        "ID": spell(switch.layer_id),
        "Name": switch.name,
        "Policies": [],
        "Resources": layer_resources(network, switch, release),
        "State": 1,
        "SupportsIpv6": False,
        "Type": "Layered",
        "Version": network.version,
    }
    if switch.adapters:
        layer["NetworkAdapterName"] = ",".join(switch.adapters)
    return ordered(layer, release)
