"""Endpoints plugged in and out: to containers, virtual machines, the host, and namespaces."""

from dataclasses import replace

from hnsemu.domain.attachments import (
    Attachment,
    SystemType,
    attached,
    check_attachable,
    detached,
    plugged,
    unplugged,
)
from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.domain.namespaces import Namespace
from hnsemu.domain.policies.plumbing import unplumbable
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.enums import ModifyRequestType
from hnsemu.schema.v2.modify import VmEndpointRequest
from hnsemu.services.endpoints.records import found, replug, save
from hnsemu.storage.transaction import Transaction, writes


@writes
def attach_endpoint(tx: Transaction, endpoint_id: str, to: Attachment) -> Endpoint:
    """Plug the endpoint in; it is degraded when a policy cannot be plumbed.

    Raises: HCN_E_ENDPOINT_NOT_FOUND and what `check_attachable` and `attached` raise.
    """
    endpoint = found(tx, endpoint_id)
    check_attachable(endpoint)
    return _plumb(tx, endpoint, attached(endpoint, to, tx.now))


@writes
def detach_endpoint(tx: Transaction, endpoint_id: str, container_id: str = "") -> Endpoint:
    """Unplug the endpoint, or take one of several containers off it.

    Raises: HCN_E_ENDPOINT_NOT_FOUND, HCN_E_ENDPOINT_NOT_ATTACHED.
    """
    endpoint = found(tx, endpoint_id)
    return replug(tx, endpoint, detached(endpoint, container_id))


def change_port(
    tx: Transaction, endpoint: Endpoint, request: ModifyRequestType, settings: object
) -> Endpoint:
    """Plug a virtual machine in or out, inside another use case; Refresh plumbs anew.

    Raises: HCN_E_REQUEST_UNSUPPORTED, HCN_E_ENDPOINT_NOT_ATTACHED and what the parts raise.
    Source: hns-behaviour.md section 3.5 [D]; Refresh as WSL sends it, clients.md section 20 [C].
    """
    check_attachable(endpoint)
    if request is ModifyRequestType.Refresh:
        return save(tx, endpoint)
    if request is ModifyRequestType.Remove:
        return replug(tx, endpoint, detached(endpoint, ""))
    if request is not ModifyRequestType.Add:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED, f"{request} does not apply to a port; use Add or Remove"
        )
    wanted = parse(VmEndpointRequest, settings)
    machine = wanted.virtual_machine_id or wanted.virtual_nic_name or ""
    plugged_in = attached(endpoint, Attachment(SystemType.VIRTUAL_MACHINE, machine), tx.now)
    if plugged_in.port is not None:
        port = replace(
            plugged_in.port,
            port_id=wanted.port_id or plugged_in.port.port_id,
            friendly_name=wanted.virtual_nic_name or plugged_in.port.friendly_name,
        )
        plugged_in = replace(plugged_in, port=port)
    return _plumb(tx, endpoint, plugged_in)


def attach_to_namespace(tx: Transaction, endpoint: Endpoint, namespace: Namespace) -> Endpoint:
    """Plug the endpoint into a namespace, inside another use case; again when containers change.

    Raises: HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION, HCN_E_DEGRADED_OPERATION.
    """
    check_attachable(endpoint)
    joined = replace(
        endpoint, namespace_id=namespace.id, compartment_guid=namespace.compartment_guid
    )
    containers = tuple(dict.fromkeys(namespace.containers))
    return _plumb(tx, endpoint, plugged(joined, containers, namespace.compartment_id, tx.now))


def leave_namespace(tx: Transaction, endpoint: Endpoint) -> Endpoint:
    """Unplug the endpoint from its namespace, inside another use case."""
    left = replace(endpoint, namespace_id="", compartment_guid="")
    return replug(tx, endpoint, unplugged(left))


def _plumb(tx: Transaction, before: Endpoint, plugged_in: Endpoint) -> Endpoint:
    """Keep the endpoint plugged in, or degraded with a refusal when a policy cannot be plumbed.

    Raises: HCN_E_NAMESPACE_ATTACH_FAILED. Source: hns-behaviour.md section 6.3 [O].
    """
    broken = unplumbable(before.policies)
    if not broken:
        return replug(tx, before, plugged_in)
    replug(tx, before, replace(before, state=EndpointState.DEGRADED))
    raise HnsError(
        Hr.HCN_E_NAMESPACE_ATTACH_FAILED,
        f"a policy of endpoint {before.id} holds {broken!r}, which is no address prefix; delete "
        "the endpoint, which is degraded now, and create it with a valid policy",
        keeps=True,
    )
