"""Plugging endpoints in: states, shared containers, and what refuses."""

from dataclasses import dataclass, replace
from enum import StrEnum

from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.domain.namespaces import Namespace
from hnsemu.domain.notifications import HcnNotification, Notification
from hnsemu.errors import HnsError, Hr

_HOST_COMPARTMENT = 1


class SystemType(StrEnum):
    """What an endpoint is attached to. Source: hns-behaviour.md section 1.4 [C]."""

    CONTAINER = "Container"
    HOST = "Host"
    VIRTUAL_MACHINE = "VirtualMachine"


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attach or detach request.

    name: container id, or the vNIC's name for a virtual machine; "" for the host.
    compartment: 0 leaves the choice to HNS; 1 is the host's own.
    """

    system_type: SystemType
    name: str = ""
    compartment: int = 0


def check_attachable(endpoint: Endpoint) -> None:
    """Refuse to plug in an endpoint that has no port or is degraded.

    Raises: HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION, HCN_E_DEGRADED_OPERATION.
    """
    if endpoint.is_remote:
        raise HnsError(
            Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION,
            f"endpoint {endpoint.id} is remote and has no port here; attach it on its own host",
        )
    check_not_degraded(endpoint)


def check_not_degraded(endpoint: Endpoint) -> None:
    """Refuse every change to an endpoint that could not be plumbed.

    Raises: HCN_E_DEGRADED_OPERATION. Source: hns-behaviour.md section 6.3 [O].
    """
    if endpoint.state is EndpointState.DEGRADED:
        raise HnsError(
            Hr.HCN_E_DEGRADED_OPERATION,
            f"endpoint {endpoint.id} is degraded since a policy could not be plumbed; "
            "delete it and create it again",
        )


def attached(endpoint: Endpoint, to: Attachment, now: int) -> Endpoint:
    """Return the endpoint plugged in; a second container shares it.

    Raises: HCN_E_ENDPOINT_ALREADY_ATTACHED, HCN_E_INVALID_ENDPOINT without a container id.
    Source: hns-behaviour.md sections 6.3 [O] and 7.4 [D].
    """
    shares = to.system_type is SystemType.CONTAINER
    if shares and not to.name:
        raise HnsError(Hr.HCN_E_INVALID_ENDPOINT, "ContainerId is missing; name the container")
    known = {container.lower() for container in endpoint.shared_containers}
    taken = endpoint.is_attached and (not shares or not known)
    if taken or to.name.lower() in known:
        raise HnsError(
            Hr.HCN_E_ENDPOINT_ALREADY_ATTACHED,
            f"endpoint {endpoint.id} is attached already; detach it first",
        )
    containers = (*endpoint.shared_containers, to.name) if shares else ()
    compartment = to.compartment or (_HOST_COMPARTMENT if to.system_type is SystemType.HOST else 0)
    machine = to.name if to.system_type is SystemType.VIRTUAL_MACHINE else ""
    return plugged(endpoint, containers, compartment, now, machine)


def detached(endpoint: Endpoint, name: str) -> Endpoint:
    """Return the endpoint without the container, unplugged when it was the last one.

    name: container id, "" for whatever it is attached to.
    Raises: HCN_E_ENDPOINT_NOT_ATTACHED.
    """
    left = tuple(
        container for container in endpoint.shared_containers if container.lower() != name.lower()
    )
    if not endpoint.is_attached or (name and left == endpoint.shared_containers):
        raise HnsError(
            Hr.HCN_E_ENDPOINT_NOT_ATTACHED,
            f"endpoint {endpoint.id} is not attached to {name or 'anything'}",
        )
    if name and left:
        state = EndpointState.ATTACHED if len(left) == 1 else EndpointState.ATTACHED_SHARING
        return replace(endpoint, shared_containers=left, state=state)
    return unplugged(endpoint)


def joined(endpoint: Endpoint, namespace: Namespace, now: int) -> Endpoint:
    """Return the endpoint plugged into a namespace; again when its containers change."""
    member = replace(
        endpoint, namespace_id=namespace.id, compartment_guid=namespace.compartment_guid
    )
    containers = tuple(dict.fromkeys(namespace.containers))
    return plugged(member, containers, namespace.compartment_id, now)


def plugged(
    endpoint: Endpoint,
    containers: tuple[str, ...],
    compartment: int,
    now: int,
    machine: str = "",
) -> Endpoint:
    """Return the endpoint connected to its port, used by these containers."""
    port = endpoint.port
    if port is not None:
        port = replace(port, compartment=compartment, connected=True)
    sharing = len({container.lower() for container in containers}) > 1
    return replace(
        endpoint,
        state=EndpointState.ATTACHED_SHARING if sharing else EndpointState.ATTACHED,
        shared_containers=containers,
        virtual_machine=machine or endpoint.virtual_machine,
        started=endpoint.started or now,
        port=port,
    )


def unplugged(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint disconnected from everything it was used by."""
    port = endpoint.port
    if port is not None:
        port = replace(port, compartment=0, connected=False)
    return replace(
        endpoint,
        state=EndpointState.DETACHED,
        shared_containers=(),
        virtual_machine="",
        port=port,
    )


def attachment_notifications(endpoint: Endpoint, *, was_attached: bool) -> tuple[Notification, ...]:
    """Return what watchers of the network hear of an endpoint that was plugged in or out.

    A further container on an endpoint that is in use attaches nothing to the network [I].
    """
    if endpoint.is_attached == was_attached:
        return ()
    kind = (
        HcnNotification.NETWORK_ENDPOINT_ATTACHED
        if endpoint.is_attached
        else HcnNotification.NETWORK_ENDPOINT_DETACHED
    )
    return (Notification(kind, endpoint.id, endpoint.network_id),)
