"""What two states of a host differ in, object by object, in the words of HNS.

Left out is what only the emulator sees, where pools and counters stand, and what has happened:
notifications, events, and how often a rule matched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hnsemu.domain.state.shapes import Json

_NOUNS = {
    "adapters": "adapter",
    "switches": "switch",
    "networks": "network",
    "endpoints": "endpoint",
    "namespaces": "namespace",
    "policy_lists": "policy list",
    "guest_network_services": "guest network service",
    "port_reservations": "port reservation",
    "nat_rules": "published port",
    "accelnet_macs": "accelnet MAC",
}
_NOUNS_OF_DOCKER = {
    "networks": "Docker network",
    "images": "Docker image",
    "containers": "Docker container",
    "volumes": "Docker volume",
}
_UNSEEN = {
    "updated", "mac_cursor", "mac_seed", "cursor", "seed", "addresses", "macs", "counters",
    "next_compartment", "next_nat_mapping", "number", "mapping_id", "nat_block", "total_endpoints",
    "max_endpoints", "current_endpoints",
}  # fmt: skip
_PUBLISHED = ("protocol", "vip", "external_port", "ipv6")


@dataclass(frozen=True, slots=True)
class MemberChange:
    """A member with another value. before, after: None where it is not said."""

    member: str
    before: Json
    after: Json


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """An object that was added, removed or changed. name: "" without one."""

    change: str
    noun: str
    id: str
    name: str
    members: tuple[MemberChange, ...] = ()

    @property
    def text(self) -> str:
        """Return the change as a sentence."""
        called = " ".join(filter(None, (self.noun, self.name, f"({self.id})" if self.id else "")))
        if not self.members:
            return f"The {called} was {self.change}."
        members = ", ".join(member.member for member in self.members)
        return f"The {called} was {self.change}: {members}."


def differences(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[ObjectChange]:
    """Return what differs from one state document to another, in the order of the documents."""
    found: list[ObjectChange] = []
    found += _changed("host", "", "", before.get("host", {}), after.get("host", {}))
    for name, noun in _NOUNS.items():
        found += _between(noun, before.get(name, ()), after.get(name, ()))
    of_docker = before.get("docker", {}), after.get("docker", {})
    for name, noun in _NOUNS_OF_DOCKER.items():
        found += _between(noun, *(section.get(name, ()) for section in of_docker))
    return found


def _between(
    noun: str, before: Sequence[Mapping[str, Json]], after: Sequence[Mapping[str, Json]]
) -> Iterator[ObjectChange]:
    old = {_identity(item): item for item in before}
    new = {_identity(item): item for item in after}
    for identity, item in old.items():
        if identity not in new:
            yield ObjectChange("removed", noun, item.get("id", ""), _name(item))
        else:
            other = new[identity]
            yield from _changed(noun, other.get("id", ""), _name(other), item, other)
    for identity, item in new.items():
        if identity not in old:
            yield ObjectChange("added", noun, item.get("id", ""), _name(item))


def _changed(
    noun: str, object_id: str, name: str, before: Mapping[str, Json], after: Mapping[str, Json]
) -> Iterator[ObjectChange]:
    members = tuple(
        MemberChange(member, _seen(before.get(member)), _seen(after.get(member)))
        for member in sorted(before.keys() | after.keys())
        if member not in _UNSEEN and _seen(before.get(member)) != _seen(after.get(member))
    )
    if members:
        yield ObjectChange("changed", noun, object_id, name, members)


def _seen(value: Json) -> Json:
    """Return a value without what only the emulator sees; what is empty then is not said."""
    if isinstance(value, dict):
        kept = {name: _seen(part) for name, part in value.items() if name not in _UNSEEN}
        return {name: part for name, part in kept.items() if part is not None} or None
    if isinstance(value, list):
        return [_seen(part) for part in value]
    return value


def _identity(item: Mapping[str, Json]) -> tuple[str, ...]:
    if "id" in item:
        return (item["id"],)
    if "external_port" in item:
        return tuple(str(item.get(member, "")) for member in _PUBLISHED)
    return (_name(item),)


def _name(item: Mapping[str, Json]) -> str:
    """Return the name of an object, or what stands for it."""
    if "external_port" in item:
        return f"{item['external_port']} of protocol {item.get('protocol', 0)}"
    return str(item.get("name") or item.get("friendly_name") or item.get("mac") or "")
