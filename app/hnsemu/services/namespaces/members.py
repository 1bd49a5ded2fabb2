"""What is in a namespace: endpoints and containers come and go, and a compartment appears."""

import dataclasses
from collections.abc import Callable

from hnsemu.domain.attachments import plugged
from hnsemu.domain.endpoint_changes import changed_at
from hnsemu.domain.endpoints import Endpoint, EndpointState
from hnsemu.domain.namespaces import Namespace, ResourceType, with_resource, without_resource
from hnsemu.errors import HnsError, Hr
from hnsemu.schema.base import parse
from hnsemu.schema.v2.modify import (
    ModifyNamespaceSettingRequest,
    NamespaceContainerRequest,
    NamespaceEndpointRequest,
)
from hnsemu.services.endpoint_records import keep
from hnsemu.services.endpoints.attachment import attach_to_namespace, leave_namespace
from hnsemu.storage import endpoints, host_numbers, namespaces
from hnsemu.storage.transaction import Transaction


def change(
    tx: Transaction, namespace: Namespace, asked: ModifyNamespaceSettingRequest
) -> Namespace:
    """Do what the request asks for and return the namespace as it is then.

    Raises: HCN_E_INVALID_JSON for a request that lacks something; HCN_E_REQUEST_UNSUPPORTED for one
            that namespaces do not know; what the functions of `_CHANGES` raise.
    """
    if asked.resource_type is None or asked.request_type is None:
        missing = "ResourceType" if asked.resource_type is None else "RequestType"
        raise HnsError(
            Hr.HCN_E_INVALID_JSON,
            f"{missing} is missing; send ResourceType Endpoint or Container and RequestType Add "
            "or Remove",
        )
    done = _CHANGES.get((str(asked.resource_type), str(asked.request_type)))
    if done is None:
        raise HnsError(
            Hr.HCN_E_REQUEST_UNSUPPORTED,
            f"RequestType {asked.request_type} does not apply to a namespace; use Add or Remove",
        )
    return done(tx, namespace, asked.settings)


def join(tx: Transaction, namespace: Namespace, endpoint: Endpoint) -> Endpoint:
    """Plug an endpoint that is in no namespace into this one; return it as it is then.

    Raises: what `attach_to_namespace` raises.
    """
    changed = with_resource(namespace, ResourceType.ENDPOINT, endpoint.id)
    joined = attach_to_namespace(tx, endpoint, changed)
    namespaces.add_endpoint(tx, namespace.key, endpoint.key)
    return joined


def take_out_endpoints(tx: Transaction, namespace: Namespace) -> None:
    """Take every endpoint out of the namespace."""
    for endpoint in _endpoints(tx, namespace):
        _take_out(tx, namespace, endpoint)


def open_compartment(tx: Transaction, namespace: Namespace) -> Namespace:
    """Give the namespace a compartment if it awaits one; ids count upwards on each host."""
    if not namespace.awaits_compartment:
        return namespace
    number = host_numbers.take_compartment(tx)
    guid = tx.source.guid()
    namespaces.set_compartment(tx, namespace.key, number, guid)
    return dataclasses.replace(namespace, compartment_id=number, compartment_guid=guid)


def _add_endpoint(tx: Transaction, namespace: Namespace, settings: object) -> Namespace:
    """Put the endpoint into the namespace and plug it in.

    Raises: HCN_E_ENDPOINT_NOT_FOUND; HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION for a remote one;
            HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS when it is in a namespace, this one included.
    """
    endpoint_id = _endpoint_id(settings)
    endpoint = endpoints.find(tx, endpoint_id)
    if endpoint is None:
        raise HnsError(
            Hr.HCN_E_ENDPOINT_NOT_FOUND,
            f"Settings.EndpointId: no endpoint has the ID {endpoint_id}; create it first",
        )
    if endpoint.is_remote:
        raise HnsError(
            Hr.HCN_E_INVALID_REMOTE_ENDPOINT_OPERATION,
            f"the endpoint {endpoint_id} is remote; only endpoints of this host join namespaces",
        )
    if endpoint.namespace_id:
        raise HnsError(
            Hr.HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS,
            f"the endpoint {endpoint_id} is in the namespace {endpoint.namespace_id}; "
            "remove it there first",
        )
    join(tx, namespace, endpoint)
    return with_resource(namespace, ResourceType.ENDPOINT, endpoint_id)


def _remove_endpoint(tx: Transaction, namespace: Namespace, settings: object) -> Namespace:
    """Take the endpoint out of the namespace and unplug it.

    Raises: E_ELEMENT_NOT_FOUND when it is not in there, be it gone or elsewhere: clients remove
            twice and know this code (hcsshim internal/hns/namespace.go [C]; the code [I]).
    """
    endpoint_id = _endpoint_id(settings)
    endpoint = endpoints.find(tx, endpoint_id)
    if endpoint is None or endpoint.namespace_id != namespace.id:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"Settings.EndpointId: the endpoint {endpoint_id} is not in the namespace",
        )
    _take_out(tx, namespace, endpoint)
    return without_resource(namespace, ResourceType.ENDPOINT, endpoint_id)


def _add_container(tx: Transaction, namespace: Namespace, settings: object) -> Namespace:
    """List the container; the first one brings the compartment, each one shares the endpoints.

    On a real host HCS shares them when a container starts.
    Source: hns-behaviour.md section 7.4 [I].
    """
    container_id = _container_id(settings)
    changed = open_compartment(tx, with_resource(namespace, ResourceType.CONTAINER, container_id))
    for endpoint in _endpoints(tx, namespace):
        attach_to_namespace(tx, endpoint, changed)
    namespaces.add_container(tx, namespace.key, container_id)
    return changed


def _remove_container(tx: Transaction, namespace: Namespace, settings: object) -> Namespace:
    """Take one entry of the container off the list; the compartment stays.

    Raises: E_ELEMENT_NOT_FOUND when it is not listed [I].
    """
    container_id = _container_id(settings)
    if container_id not in namespace.containers:
        raise HnsError(
            Hr.E_ELEMENT_NOT_FOUND,
            f"Settings.ContainerId: the container {container_id} is not in the namespace",
        )
    changed = without_resource(namespace, ResourceType.CONTAINER, container_id)
    containers = tuple(dict.fromkeys(changed.containers))
    for endpoint in _endpoints(tx, namespace):
        if endpoint.state is not EndpointState.DEGRADED:
            after = plugged(endpoint, containers, changed.compartment_id, tx.now)
            keep(tx, changed_at(endpoint, after, tx.now))
    namespaces.remove_container(tx, namespace.key, container_id)
    return changed


# (ResourceType, RequestType) to what it does.
_CHANGES: dict[tuple[str, str], Callable[[Transaction, Namespace, object], Namespace]] = {
    ("Endpoint", "Add"): _add_endpoint,
    ("Endpoint", "Remove"): _remove_endpoint,
    ("Container", "Add"): _add_container,
    ("Container", "Remove"): _remove_container,
}


def _take_out(tx: Transaction, namespace: Namespace, endpoint: Endpoint) -> None:
    namespaces.remove_endpoint(tx, namespace.key, endpoint.key)
    leave_namespace(tx, endpoint)


def _endpoints(tx: Transaction, namespace: Namespace) -> list[Endpoint]:
    each = (endpoints.find(tx, endpoint_id) for endpoint_id in namespace.endpoint_ids)
    return [endpoint for endpoint in each if endpoint is not None]


def _endpoint_id(settings: object) -> str:
    endpoint_id = parse(NamespaceEndpointRequest, settings).endpoint_id
    if endpoint_id is None:
        raise HnsError(
            Hr.HCN_E_INVALID_JSON, "Settings.EndpointId is missing; give the ID of an endpoint"
        )
    return endpoint_id


def _container_id(settings: object) -> str:
    container_id = parse(NamespaceContainerRequest, settings).container_id
    if not container_id:
        raise HnsError(
            Hr.HCN_E_INVALID_JSON, "Settings.ContainerId is missing; give the ID of a container"
        )
    return container_id
