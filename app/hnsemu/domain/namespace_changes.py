"""Changing and deleting a namespace: endpoints and containers come and go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from hnsemu.domain.attachments import plugged
from hnsemu.domain.endpoint_changes import (
    EndpointChange,
    changed_at,
    decide_joining,
    decide_leaving,
)
from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.domain.namespace_creation import with_compartment
from hnsemu.domain.namespaces import Namespace, ResourceType, with_resource, without_resource
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.domain.source import Source
from hnsemu.errors import HnsError, Hr


@dataclass(frozen=True, slots=True)
class MemberRequest:
    """A resource that comes or goes. kind: Endpoint or Container. id: of it."""

    kind: ResourceType
    adds: bool
    id: str


@dataclass(frozen=True, slots=True)
class Member:
    """An endpoint, and the text of its policies that cannot be plumbed; "" when all can."""

    endpoint: Endpoint
    unplumbable: str = ""


@dataclass(frozen=True, slots=True)
class NamespaceFacts:
    """What a change of a namespace depends on.

    now:              FILETIME.
    members:          for an Endpoint request the endpoint it names, if there is one; for a
                      Container request the endpoints in the namespace, in their order.
    next_compartment: the id that the next compartment gets.
    """

    namespace: Namespace
    now: int
    members: Sequence[Member] = ()
    next_compartment: int = 0


@dataclass(frozen=True, slots=True)
class NamespaceChange:
    """What is written when a namespace changes.

    before, namespace: as it was and as it is from now on.
    endpoints:         those that are plugged in or out with it.
    member:            the endpoint that comes or goes; None for a container.
    refusal:           what the caller is told although some changes stay, None for none.
    """

    before: Namespace
    namespace: Namespace
    request: MemberRequest
    endpoints: tuple[EndpointChange, ...] = ()
    member: Endpoint | None = None
    refusal: HnsError | None = None


@dataclass(frozen=True, slots=True)
class NamespaceDeletion:
    """What is written when a namespace is deleted; its endpoints stay."""

    namespace: Namespace
    endpoints: tuple[EndpointChange, ...]
    notifications: tuple[Notification, ...]


def change_members(
    facts: NamespaceFacts, request: MemberRequest, source: Source
) -> NamespaceChange:
    """Return the namespace with a resource more or less.

    Raises: HCN_E_ENDPOINT_NOT_FOUND; HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION for a remote endpoint;
            HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS when it is in a namespace, this one included;
            HCN_E_DEGRADED_OPERATION; E_ELEMENT_NOT_FOUND to remove what is not in there.
    """
    change = _CHANGES[request.kind, request.adds](facts, request, source)
    if change.refusal is not None:
        return change
    return replace(change, namespace=replace(change.namespace, updated=facts.now))


def namespace_deletion(facts: NamespaceFacts) -> NamespaceDeletion:
    """Return what deleting the namespace does: its endpoints are unplugged.

    Raises: HCN_E_REQUEST_UNSUPPORTED while containers are listed (hcsshim#2155 [O]) and for the
            namespace the host came with [I].
    """
    namespace = facts.namespace
    if namespace.built_in:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"{namespace.id} is the default namespace of the host; it stays",
        )
    if namespace.containers:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"the namespace lists the containers {', '.join(namespace.containers)}; "
            "remove them first",
        )
    return NamespaceDeletion(
        namespace,
        tuple(decide_leaving(member.endpoint, facts.now) for member in facts.members),
        (Notification(HcnNotification.NAMESPACE_DELETE, namespace.id),),
    )


def _add_endpoint(
    facts: NamespaceFacts, request: MemberRequest, _source: Source
) -> NamespaceChange:
    """Put the endpoint into the namespace and plug it in."""
    if not facts.members:
        raise HnsError(
            Hr.HCN_E_ENDPOINT_NOT_FOUND,
            f"Settings.EndpointId: no endpoint has the ID {request.id}; create it first",
        )
    (member,) = facts.members
    endpoint = member.endpoint
    if endpoint.is_remote:
        raise HnsError(
            Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION,
            f"the endpoint {request.id} is remote; only endpoints of this host join namespaces",
        )
    if endpoint.namespace_id:
        raise HnsError(
            Hr.HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS,
            f"the endpoint {request.id} is in the namespace {endpoint.namespace_id}; "
            "remove it there first",
        )
    after = with_resource(facts.namespace, ResourceType.ENDPOINT, endpoint.id)
    joining = decide_joining(endpoint, after, member.unplumbable, facts.now)
    return NamespaceChange(
        facts.namespace, after, request, (joining,), endpoint, refusal=joining.refusal
    )


def _remove_endpoint(
    facts: NamespaceFacts, request: MemberRequest, _source: Source
) -> NamespaceChange:
    """Take the endpoint out of the namespace and unplug it.

    When it is not in there, be it gone or elsewhere, that is E_ELEMENT_NOT_FOUND: clients remove
    twice and know this code (hcsshim internal/hns/namespace.go [C]; the code [I]).
    """
    namespace = facts.namespace
    members = [m.endpoint for m in facts.members if m.endpoint.namespace_id == namespace.id]
    if not members:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"Settings.EndpointId: the endpoint {request.id} is not in the namespace",
        )
    (endpoint,) = members
    after = without_resource(namespace, ResourceType.ENDPOINT, endpoint.id)
    leaving = decide_leaving(endpoint, facts.now)
    return NamespaceChange(namespace, after, request, (leaving,), endpoint)


def _add_container(
    facts: NamespaceFacts, request: MemberRequest, source: Source
) -> NamespaceChange:
    """List the container; the first one brings the compartment, each one shares the endpoints.

    On a real host HCS shares them when a container starts.
    Source: hns-behaviour.md section 7.4 [I].
    """
    opened = with_compartment(facts.namespace, facts.next_compartment, source)
    after = with_resource(opened, ResourceType.CONTAINER, request.id)
    endpoints: list[EndpointChange] = []
    for member in facts.members:
        joining = decide_joining(member.endpoint, after, member.unplumbable, facts.now)
        endpoints.append(joining)
        if joining.refusal is not None:  # the container is not listed; what was plugged stays
            return NamespaceChange(
                facts.namespace, opened, request, tuple(endpoints), refusal=joining.refusal
            )
    return NamespaceChange(facts.namespace, after, request, tuple(endpoints))


def _remove_container(
    facts: NamespaceFacts, request: MemberRequest, _source: Source
) -> NamespaceChange:
    """Take one entry of the container off the list; the compartment stays [I]."""
    namespace = facts.namespace
    if request.id not in namespace.containers:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"Settings.ContainerId: the container {request.id} is not in the namespace",
        )
    after = without_resource(namespace, ResourceType.CONTAINER, request.id)
    containers = tuple(dict.fromkeys(after.containers))
    endpoints = tuple(
        changed_at(
            member.endpoint,
            plugged(member.endpoint, containers, after.compartment_id, facts.now),
            facts.now,
        )
        for member in facts.members
        if member.endpoint.state is not EndpointState.DEGRADED
    )
    return NamespaceChange(namespace, after, request, endpoints)


_Decide = Callable[[NamespaceFacts, MemberRequest, Source], NamespaceChange]
_CHANGES: Mapping[tuple[ResourceType, bool], _Decide] = {
    (ResourceType.ENDPOINT, True): _add_endpoint,
    (ResourceType.ENDPOINT, False): _remove_endpoint,
    (ResourceType.CONTAINER, True): _add_container,
    (ResourceType.CONTAINER, False): _remove_container,
}
