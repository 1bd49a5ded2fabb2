"""Creating a namespace, with or without its compartment."""

from dataclasses import dataclass, replace

from hnsemu.domain.identity import IdentityRequest, new_identity
from hnsemu.domain.namespaces import (
    HOST_COMPARTMENT,
    HOST_COMPARTMENT_GUID,
    Namespace,
    NamespaceType,
)
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.domain.releases import Release, supports
from hnsemu.domain.source import Source
from hnsemu.errors import HnsError, Hr


@dataclass(frozen=True, slots=True)
class NamespaceRequest:
    """A namespace as its caller wants it.

    with_compartment: whether the compartment comes now rather than with the first container:
                      CreateWithCompartment of hns.v2.psm1 [C].
    ready_on_create:  the same for pods without a pause container, of containerd and hcsshim; HNS
                      13.4 and 15.2 brought it [C], its effect is inferred [I].
    built_in:         whether it comes with the host; such a one cannot be deleted.
    """

    identity: IdentityRequest
    type: NamespaceType = NamespaceType.HOST
    with_compartment: bool = False
    ready_on_create: bool = False
    built_in: bool = False


@dataclass(frozen=True, slots=True)
class NamespaceSite:
    """The host that a namespace is created on.

    now: FILETIME. next_compartment: the id that the next compartment gets.
    """

    release: Release
    now: int
    id_is_taken: bool = False
    next_compartment: int = 0


@dataclass(frozen=True, slots=True)
class NewNamespace:
    """What is written for a new namespace."""

    namespace: Namespace
    notifications: tuple[Notification, ...]


def new_namespace(request: NamespaceRequest, site: NamespaceSite, source: Source) -> NewNamespace:
    """Return an empty namespace; a HostDefault one is in the compartment of the host.

    Raises: E_OBJECT_ALREADY_EXISTS when the id is taken.
    """
    in_host = request.type is NamespaceType.HOST_DEFAULT
    namespace = Namespace(
        key=0,
        type=request.type,
        compartment_id=HOST_COMPARTMENT if in_host else 0,
        compartment_guid=HOST_COMPARTMENT_GUID if in_host else "",
        allocator_id=source.guid(),
        built_in=request.built_in,
        **new_identity(request.identity, site.release, site.now, source),
    )
    if site.id_is_taken:
        raise HnsError(
            Hr.E_OBJECT_ALREADY_EXISTS, f"ID {namespace.id} is taken; leave it out to get a new one"
        )
    ready = request.ready_on_create and supports(site.release, "NamespaceReadyOnCreate")
    if request.with_compartment or ready:
        namespace = with_compartment(namespace, site.next_compartment, source)
    created = Notification(HcnNotification.NAMESPACE_CREATE, namespace.id)
    return NewNamespace(namespace, (created,))


def with_compartment(namespace: Namespace, number: int, source: Source) -> Namespace:
    """Return the namespace with compartment `number` if it awaits one."""
    if not namespace.awaits_compartment:
        return namespace
    return replace(namespace, compartment_id=number, compartment_guid=source.guid())
