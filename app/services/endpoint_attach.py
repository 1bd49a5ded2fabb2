"""Endpoints attached and detached: to containers, virtual machines, the host, and namespaces."""

from dataclasses import replace

from app.domain.attachments import (
    Attachment,
    attached,
    check_attachable,
    detached,
    plugged,
    unplugged,
)
from app.domain.endpoints import Endpoint, EndpointState
from app.domain.namespaces import Namespace
from app.domain.policies.plumbing import unplumbable
from app.errors import HnsError, Hr
from app.services.endpoint_records import found, save
from app.storage.engine import Session, writes


@writes
def attach_endpoint(session: Session, endpoint_id: str, to: Attachment) -> Endpoint:
    """Plug the endpoint in; it is degraded when a policy cannot be plumbed.

    Raises: HCN_E_ENDPOINT_NOT_FOUND and what `check_attachable` and `attached` raise.
    """
    endpoint = found(session, endpoint_id)
    check_attachable(endpoint)
    return _plumb(session, endpoint, attached(endpoint, to, session.now))


@writes
def detach_endpoint(session: Session, endpoint_id: str, container_id: str = "") -> Endpoint:
    """Unplug the endpoint, or take one of several containers off it.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, HCN_E_ENDPOINT_NOT_ATTACHED.
    """
    return save(session, detached(found(session, endpoint_id), container_id))


def attach_to_namespace(session: Session, endpoint: Endpoint, namespace: Namespace) -> Endpoint:
    """Plug the endpoint into a namespace, inside another use case; again when containers change.

    Raises: HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION, HCN_E_DEGRADED_OPERATION.
    """
    check_attachable(endpoint)
    joined = replace(
        endpoint, namespace_id=namespace.id, compartment_guid=namespace.compartment_guid
    )
    containers = tuple(dict.fromkeys(namespace.containers))
    return _plumb(
        session, endpoint, plugged(joined, containers, namespace.compartment_id, session.now)
    )


def leave_namespace(session: Session, endpoint: Endpoint) -> Endpoint:
    """Unplug the endpoint from its namespace, inside another use case."""
    left = replace(endpoint, namespace_id="", compartment_guid="")
    return save(session, unplugged(left))


def _plumb(session: Session, before: Endpoint, plugged_in: Endpoint) -> Endpoint:
    """Keep the endpoint plugged in, or degraded with a refusal when a policy cannot be plumbed.

    Raises: HCN_E_NAMESPACE_ATTACH_FAILED. Source: hns-behaviour.md section 6.3 [O].
    """
    broken = unplumbable(before.policies)
    if not broken:
        return save(session, plugged_in)
    save(session, replace(before, state=EndpointState.DEGRADED))
    raise HnsError(
        Hr.HCN_E_NAMESPACE_ATTACH_FAILED,
        f"a policy of endpoint {before.id} holds {broken!r}, which is no address prefix; delete "
        "the endpoint, which is degraded now, and create it with a valid policy",
        keeps=True,
    )
