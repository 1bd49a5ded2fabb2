"""Network compartments: the routing tables of the host and of its containers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hnsemu.domain.namespaces import HOST_COMPARTMENT, HOST_COMPARTMENT_GUID, Namespace


@dataclass(frozen=True, slots=True)
class Compartment:
    """A compartment and the namespaces that live in it, in creation order."""

    id: int
    guid: str
    description: str
    namespace_ids: tuple[str, ...] = ()


_HOST = Compartment(HOST_COMPARTMENT, HOST_COMPARTMENT_GUID, "Default Compartment")


def compartments(namespaces: Iterable[Namespace]) -> list[Compartment]:
    """Return the compartments that exist, by id: the host's, and one per namespace in use.

    A namespace without a container has none yet. Source: hns-behaviour.md section 7.5 [O].
    """
    found = {_HOST.id: _HOST}
    for namespace in namespaces:
        number = namespace.compartment_id
        if number:
            known = found.get(number) or _container_compartment(namespace)
            found[number] = replace(known, namespace_ids=(*known.namespace_ids, namespace.id))
    return [found[number] for number in sorted(found)]


def _container_compartment(namespace: Namespace) -> Compartment:
    """Return the compartment of a container's namespace; its description is ours [I]."""
    return Compartment(
        namespace.compartment_id, namespace.compartment_guid, f"Namespace {namespace.id}"
    )
