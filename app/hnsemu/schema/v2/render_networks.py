"""Networks as HCN documents."""

import json

from hnsemu.domain.extensions import extensions
from hnsemu.domain.facts import Policy
from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import IpSubnet, Network, Subnet
from hnsemu.domain.releases import Release
from hnsemu.schema.base import RawJson, parse
from hnsemu.schema.resources import network_resources
from hnsemu.schema.v2.policies.interface import VSwitchExtensionNetworkPolicySetting
from hnsemu.schema.v2.render_base import base_document
from hnsemu.schema.v2.render_endpoints import dns_document, policy_documents, route_documents

_EXTENSION = "VSwitchExtension"
_SHOWN_IP_SUBNETS = (11, 0)  # Source: hns-behaviour.md section 2.1a [O]


def network_document(network: Network, release: Release) -> dict[str, object]:
    """Return the document of a network, without empty members.

    Type NAT is the zero of its enumeration and left out. Source: section 3.3 [C].
    """
    extra: dict[str, object] = {"Resources": network_resources(network, release)}
    if network.vswitch is not None:
        extra["LayeredOn"] = network.vswitch.layer_id
        extra["SwitchGuid"] = network.vswitch.owner_id
    document = base_document(network, extra)
    if network.mode is not Mode.NAT:
        document["Type"] = network.mode.value
    policies = shown_policies(network, release)
    if policies:
        document["Policies"] = policy_documents(policies)
    document["MacPool"] = {
        "Ranges": [
            {"StartMacAddress": macs.start, "EndMacAddress": macs.end}
            for macs in network.mac_ranges
        ]
    }
    if network.dns:
        document["Dns"] = dns_document(network.dns)
    if network.subnets:
        document["Ipams"] = [
            {
                "Type": network.ipam_type,
                "Subnets": [_subnet(subnet, release) for subnet in network.subnets],
            }
        ]
    if network.flags:
        document["Flags"] = network.flags
    return document


def shown_policies(network: Network, release: Release) -> tuple[Policy, ...]:
    """Return the policies as sent, then those of HNS: provider address, DR MAC, extensions.

    Source: hns-behaviour.md section 4.2: flannel reads the first two from the network [C].
    """
    sent = {policy.type for policy in network.policies}
    added = []
    if network.management_ip and "ProviderAddress" not in sent:
        added.append(_policy("ProviderAddress", ProviderAddress=network.management_ip))
    if network.dr_mac and "DrMacAddress" not in sent:
        added.append(_policy("DrMacAddress", Address=network.dr_mac))
    others = (policy for policy in network.policies if policy.type != _EXTENSION)
    return (*others, *added, *_extension_policies(network, release))


def _extension_policies(network: Network, release: Release) -> list[Policy]:
    """Return a policy for each extension of the switch, as sent where it still says how it is.

    Source: wsl-subnet-utility#2 [O] for ICS on Windows 11; other types and releases [I].
    """
    if network.vswitch is None:
        return []
    sent = {_says(policy): policy for policy in network.policies if policy.type == _EXTENSION}
    shown = []
    for extension in extensions(network.vswitch, network.mode, release, network.flags):
        settings: dict[str, object] = {"ExtensionID": extension.id}
        if extension.is_enabled:
            settings["Enable"] = True
        by_hns = _policy(_EXTENSION, **settings)
        shown.append(sent.get((extension.id, extension.is_enabled), by_hns))
    return shown


def _says(policy: Policy) -> tuple[str, bool]:
    """Return the id and the state in a VSwitchExtension policy."""
    settings = parse(VSwitchExtensionNetworkPolicySetting, RawJson(policy.settings).members())
    return settings.extension_id or "", bool(settings.enable)


def _policy(kind: str, **settings: object) -> Policy:
    return Policy(kind, json.dumps(settings, separators=(",", ":")))


def _subnet(subnet: Subnet, release: Release) -> dict[str, object]:
    document: dict[str, object] = {"ID": subnet.id, "IpAddressPrefix": subnet.prefix}
    if subnet.policies:
        document["Policies"] = policy_documents(subnet.policies)
    if subnet.routes:
        document["Routes"] = route_documents(subnet.routes)
    if release.hns >= _SHOWN_IP_SUBNETS:
        document["IpSubnets"] = [_ip_subnet(pool) for pool in subnet.ip_subnets]
    if subnet.flags:
        document["Flags"] = subnet.flags
    return document


def _ip_subnet(pool: IpSubnet) -> dict[str, object]:
    """Return a pool. Its Flags are shown when they are 0, too: left out they mean 3 [I]."""
    return {"ID": pool.id, "IpAddressPrefix": pool.prefix, "Flags": pool.flags}
