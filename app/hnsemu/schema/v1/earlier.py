"""HNS before Windows Server 2019 prints fewer members.

Documents are built as later releases print them; this module removes what is newer.
Source: docker/for-win#4449 and #4296 (networks of 7.2), hns.psm1 listings of 5.1 endpoints,
S:endpoint-attached-9.1, S:networks-ws2016era, docker/for-win#2312 and #750 (networks of 1.1) [O].
"""

from hnsemu.domain.network_types import Mode
from hnsemu.domain.networks import Network
from hnsemu.domain.releases import Release
from hnsemu.schema.v1.spelling import Spell

Document = dict[str, object]

_ALLOCATOR_STATE_BEHIND = (9, 1)
_FULL_SINCE = (9, 0)
_ACTIVITIES_SINCE = (2, 0)

_SINCE_9_2 = {"Allocators": {"AdditionalParams", "State"}}
_SINCE_1809 = {
    "": {"AdditionalParams", "EncapOverhead", "Flags", "Health", "IPv6", "NatName"},
    "Subnets": {"ID", "State", "ObjectType"},
    "Allocators": {"State", "PreferredPortFriendlyName", "nonPersistentPort"},
}
_SINCE_1709 = {"ActivityId", "CreateProcessingStartTime", "Resources"}
_NETWORK_OF_2016 = {
    "CurrentEndpointCount", "DNSDomain", "DNSServerList", "DNSSuffix", "ID", "MacPools",
    "ManagementIP", "MaxConcurrentEndpoints", "Name", "NetworkAdapterName", "Policies", "SourceMac",
    "Subnets", "TotalEndpoints", "Type", "Version",
}  # fmt: skip
_ID_ENDINGS = ("ID", "Id", "id", "Guid", "GUID")


def as_printed_by(release: Release, document: Document, spell: Spell) -> Document:
    """Return the document with the members that the release has, inner ids spelled."""
    if release.hns > _ALLOCATOR_STATE_BEHIND:
        return document
    if release.hns >= _FULL_SINCE:
        return _without(document, _SINCE_9_2)
    shown = _without(document, _SINCE_1809)
    if release.hns < _ACTIVITIES_SINCE:
        return {name: value for name, value in shown.items() if name not in _SINCE_1709}
    for name in shown.keys() & {"Layer", "Resources"}:
        shown[name] = _spell_ids(shown[name], spell)
    return shown


def network_as_printed_by(
    release: Release, network: Network, document: Document, spell: Spell
) -> Document:
    """Return the document of a network with the members that the release has.

    Members of 1.1 about the host's adapter (ExternalInterfaceAddress, …Index) are not shown.
    """
    shown = as_printed_by(release, document, spell)
    if release.hns >= _ACTIVITIES_SINCE:
        return shown
    shown = {name: value for name, value in shown.items() if name in _NETWORK_OF_2016}
    if network.mode is Mode.NAT and network.vswitch is not None:
        shown["NATName"] = f"H{spell(network.id)}"
        shown["SwitchGuid"] = spell(network.vswitch.id)
    if network.mode in {Mode.PRIVATE, Mode.INTERNAL}:
        shown["ComputedPolicies"] = [{}]
    return dict(sorted(shown.items()))


def _without(document: Document, later: dict[str, set[str]]) -> Document:
    """Remove the members that `later` names, by the list that holds them; "" is everywhere."""

    def inside(value: object, names: set[str]) -> object:
        if isinstance(value, list):
            return [inside(item, names) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            name: inside(member, names | later.get(name, set()))
            for name, member in value.items()
            if name not in names
        }

    everywhere = later.get("", set())
    return {
        name: inside(member, everywhere | later.get(name, set()))
        for name, member in document.items()
        if name not in everywhere
    }


def _spell_ids(value: object, spell: Spell) -> object:
    if isinstance(value, list):
        return [_spell_ids(item, spell) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: spell(member)
        if isinstance(member, str) and name.endswith(_ID_ENDINGS)
        else _spell_ids(member, spell)
        for name, member in value.items()
    }
