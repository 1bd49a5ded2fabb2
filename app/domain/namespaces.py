"""Namespaces as facts, and the compartments behind them."""

from dataclasses import dataclass
from enum import StrEnum


class NamespaceType(StrEnum):
    """Where a namespace lives. Source: hns-behaviour.md section 7.5 [O]."""

    HOST = "Host"
    HOST_DEFAULT = "HostDefault"
    GUEST = "Guest"
    GUEST_DEFAULT = "GuestDefault"


@dataclass(frozen=True, slots=True)
class Namespace:
    """Everything HNS knows of one namespace.

    compartment_id: 0 until a container runs in it; 1 for the host's own.
    resources:      ("Endpoint" | "Container", id) in the order they came.
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
