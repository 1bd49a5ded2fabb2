"""What host the documents of a real one show: its release and its adapters."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hnsemu.domain.hosts import AdapterDefinition, HostDefinition
from hnsemu.domain.releases import NEWEST, RELEASES, Release, Version, with_versions
from hnsemu.dumps.docker import network_of
from hnsemu.dumps.host_addresses import with_addresses
from hnsemu.dumps.reading import Document, Kind
from hnsemu.errors import HnsError

_EXTERNAL = {"l2bridge", "l2tunnel", "transparent", "overlay"}
_VIRTUAL = "vethernet"
_TOO_LARGE = 1 << 48  # a version with more than two bytes before the point
_MOST_ADAPTERS = 64


def definition_of(documents: Sequence[Document]) -> HostDefinition:
    """Return the definition of a host that has the versions and adapters of the documents."""
    release = _release(documents)
    known = RELEASES[release.name]
    own = None if release.hns == known.hns else release.hns
    adapters = tuple(with_addresses(_adapters(documents), documents))
    return HostDefinition(release=known, hns_version=own, adapters=adapters)


def _release(documents: Sequence[Document]) -> Release:
    """Return the release whose HNS version the documents carry, or the nearest one with it."""
    packed = [document.members.get("Version") for document in documents]
    versions = [
        (value >> 32, value & 0xFFFFFFFF)
        for value in packed
        if type(value) is int and 0 < value < _TOO_LARGE
    ]
    if not versions:
        return NEWEST
    wanted: Version = max(versions)
    older = [release for release in RELEASES.values() if release.hns <= wanted]
    nearest = max(older, key=lambda release: release.hns, default=next(iter(RELEASES.values())))
    try:
        return with_versions(nearest, hns=wanted)
    except HnsError:
        return nearest


def _adapters(documents: Sequence[Document]) -> Iterator[AdapterDefinition]:
    """Yield adapters as Get-NetAdapter printed them, then those that networks stand on."""
    names: set[str] = set()
    addresses = {
        str(network.get("NetworkAdapterName", "")): str(network.get("ManagementIP", ""))
        for network in external_networks(documents)
    }
    for document in documents:
        if document.kind is Kind.ADAPTER:
            members = document.members
            name = str(members.get("Name") or members.get("ifAlias") or "")
            is_new = bool(name) and name not in names
            if is_new and not name.lower().startswith(_VIRTUAL) and "," not in name:
                names.add(name)
                wireless = "802.11" in str(members.get("PhysicalMediaType") or "")
                yield AdapterDefinition(
                    name, _mac(members.get("MacAddress")), _with_length(addresses.get(name, "")),
                    wireless=wireless,
                )  # fmt: skip
    for number, network in enumerate(external_networks(documents), 1):
        name = str(network.get("NetworkAdapterName") or adapter_name(number))
        if name not in names and len(names) < _MOST_ADAPTERS:
            names.add(name)
            yield AdapterDefinition(
                name, address=_with_length(str(network.get("ManagementIP", "")))
            )


def external_networks(documents: Sequence[Document]) -> list[Mapping[str, Any]]:
    """Return the networks that stand on adapters, in the words of HNS 1 or HCN."""
    said = [document.members for document in documents if document.kind is Kind.NETWORK]
    said = said or [network_of(document.members) for document in documents
                    if document.kind is Kind.DOCKER_NETWORK and not document.reason]  # fmt: skip
    return [network for network in said if is_external(network)]


def is_external(network: Mapping[str, Any]) -> bool:
    """Tell whether a network stands on an adapter."""
    return str(network.get("Type") or "").lower() in _EXTERNAL


def adapter_name(number: int) -> str:
    """Return the name of an adapter that no document names."""
    return "Ethernet" if number == 1 else f"Ethernet {number}"


def _mac(value: object) -> str:
    digits = str(value or "").replace(":", "-").upper()
    return digits if len(digits) == len("00-15-5D-00-00-00") else ""


def _with_length(address: str) -> str:
    return f"{address}/24" if address.count(".") == len("...") else ""
