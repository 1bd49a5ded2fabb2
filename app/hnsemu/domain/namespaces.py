"""Namespaces as facts, and the compartments behind them."""

from dataclasses import dataclass, replace
from enum import StrEnum

HOST_COMPARTMENT = 1
"""The compartment of the host itself. Source: hns-behaviour.md section 7.5 [O]."""

HOST_COMPARTMENT_GUID = "b1062982-2b18-4b4f-b3d5-a78ddb9cdd49"
"""The same on every Windows host. Source: calico#8465 [O], Find-NetCompartment [D]."""

STATE_CREATED = 1
"""v1 `State` of a namespace. Source: hns-behaviour.md section 2.5 [O]."""


class NamespaceType(StrEnum):
    """Where a namespace lives. Source: hns-behaviour.md section 7.5 [O]."""

    HOST = "Host"
    HOST_DEFAULT = "HostDefault"
    GUEST = "Guest"
    GUEST_DEFAULT = "GuestDefault"


class ResourceType(StrEnum):
    """What a namespace holds. Source: the published schema, NamespaceResourceType [D]."""

    CONTAINER = "Container"
    ENDPOINT = "Endpoint"


@dataclass(frozen=True, slots=True)
class Namespace:
    """Everything HNS knows of one namespace.

    compartment_id: 0 until a container runs in it; 1 for the host's own.
    resources:      (ResourceType, id) in the order they came; containers may repeat.
    built_in:       whether it came with the host; such a one cannot be deleted.
    """

    key: int
    id: str
    type: NamespaceType
    name: str = ""
    owner: str = ""
    compartment_id: int = 0
    compartment_guid: str = ""
    allocator_id: str = ""
    resources: tuple[tuple[str, str], ...] = ()
    built_in: bool = False
    version: int = 0
    schema_version: tuple[int, int] = (2, 0)
    additional_params: str = "{}"
    activity_id: str = ""
    created: int = 0
    updated: int = 0

    @property
    def is_default(self) -> bool:
        """Tell whether it is a default namespace of host or guest."""
        return self.type in {NamespaceType.HOST_DEFAULT, NamespaceType.GUEST_DEFAULT}

    @property
    def awaits_compartment(self) -> bool:
        """Tell whether its first container brings a compartment into being.

        Only Host namespaces get one of their own: HostDefault has the host's, and compartments of
        guests are inside the utility VM. Source: hcsshim#1048 [O].
        """
        return self.type is NamespaceType.HOST and self.compartment_id == 0

    @property
    def endpoint_ids(self) -> tuple[str, ...]:
        """Return the ids of its endpoints, in the order they came."""
        return self._ids(ResourceType.ENDPOINT)

    @property
    def containers(self) -> tuple[str, ...]:
        """Return the ids of its containers as sent, in the order they came, repeats included."""
        return self._ids(ResourceType.CONTAINER)

    def _ids(self, wanted: ResourceType) -> tuple[str, ...]:
        return tuple(identity for kind, identity in self.resources if kind == wanted)


def with_resource(namespace: Namespace, kind: ResourceType, identity: str) -> Namespace:
    """Return the namespace with one more resource at the end."""
    return replace(namespace, resources=(*namespace.resources, (str(kind), identity)))


def without_resource(namespace: Namespace, kind: ResourceType, identity: str) -> Namespace:
    """Return the namespace without its newest entry of the resource."""
    kept = list(reversed(namespace.resources))
    kept.remove((str(kind), identity))
    return replace(namespace, resources=tuple(reversed(kept)))


def properties(namespace: Namespace) -> dict[str, object]:
    """Return what a query can filter by, under the HNS 1 and the HCN 2 names."""
    return {
        "ID": namespace.id,
        "Name": namespace.name,
        "Owner": namespace.owner,
        "Type": str(namespace.type),
        "IsDefault": namespace.is_default,
        "CompartmentId": namespace.compartment_id,
        "NamespaceId": namespace.compartment_id,
        "CompartmentGuid": namespace.compartment_guid,
        "NamespaceGuid": namespace.compartment_guid,
        "Containers": list(namespace.containers),
        "State": STATE_CREATED,
        "Flags": 0,
        "Version": namespace.version,
    }
